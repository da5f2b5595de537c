//! A month of a bill beside estimates and limits: `mesh cost actual`.

use mesh_cost::actual::{BillForm, Comparison};
use mesh_cost::money;
use mesh_diagnostics::render::{Style, escape};

use super::paint::Page;
use super::table::Table;
use crate::cost;
use crate::text::{counted, listed};

/// So many services are named that untagged cost is of.
const MOST_SERVICES: usize = 5;

/// Every product with what it really cost, then what belongs to none, and what stands apart.
#[must_use]
pub fn actual(comparison: &Comparison, form: BillForm, has_effective: bool, style: Style) -> String {
    let mut page = Page::new(style);
    let Comparison { month, currency, products, unknown, untagged, total, .. } = comparison;
    let projected = cost::projected_total(comparison);
    let shown = |cells: [String; 6]| {
        let cells = cells.into_iter().enumerate();
        cells.filter(|(at, _)| projected.is_some() || *at != 2).map(|(_, cell)| escape::line(&cell)).collect::<Vec<_>>()
    };
    let title = format!("Actual cost of {month} in {currency}");
    let heading = [&*title, "actual", "projected", "estimated", "limit", "status"].map(str::to_owned);
    let right = if projected.is_some() { vec![1, 2, 4] } else { vec![1, 3] };
    let mut table = Table::of_amounts(shown(heading), right, true);
    for product in products {
        let [actual, then, estimated, limit] = cost::actual_cells(product);
        table.row(shown([product.id.to_string(), actual, then, estimated, limit, cost::actual_status(product)]));
    }
    for product in unknown {
        let [actual, then, ..] = cost::actual_cells(product);
        let status = "no product of this mesh".to_owned();
        table.row(shown([product.id.to_string(), actual, then, String::new(), String::new(), status]));
    }
    let [actual, then, ..] = cost::actual_cells(untagged);
    let lines = if comparison.untagged_lines == 0 {
        String::new()
    } else {
        counted(usize::try_from(comparison.untagged_lines).unwrap_or(usize::MAX), "line")
    };
    table.row(shown(["untagged".to_owned(), actual, then, String::new(), String::new(), lines]));
    let all = [money::amount(total.compared()), projected.map_or_else(String::new, money::amount)];
    let [actual, then] = all;
    table.row(shown(["all together".to_owned(), actual, then, String::new(), String::new(), String::new()]));
    table.write(&mut page);

    let services = cost::by_service(untagged);
    if !services.is_empty() {
        page.gap();
        page.prose(&escape::line(&format!("Untagged: {}.", listed(&services, MOST_SERVICES))));
    }
    page.gap();
    if projected.is_some() {
        let (days, of) = (comparison.days, month.days());
        page.prose(&format!("The bill has {days} of {of} days. The projection is what use comes to if it goes on so."));
    }
    let apart = cost::apart(total);
    if !apart.is_empty() {
        page.prose(&format!("Not compared: {apart}."));
    }
    let spread = if has_effective { "prepaid capacity is spread over its use" } else { "amounts are as charged" };
    page.prose(&format!("Billed: {} {currency} ({form}; {spread}).", money::amount(total.billed)));
    page.finish()
}
