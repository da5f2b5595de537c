//! What reports say of a bill beside estimates and limits.

use mesh_cost::actual::{ActualProduct, Comparison, Judged, Standing, Sum};
use mesh_provider::cost::Decimal;

use mesh_cost::money;

/// The cells of a product: what was spent, what that becomes, what was estimated, what is allowed.
pub(crate) fn actual_cells(product: &ActualProduct) -> [String; 4] {
    let ActualProduct { expected, actual, projected, .. } = product;
    [
        money::amount(actual.amount),
        projected.map_or_else(String::new, |projected| money::amount(projected.amount)),
        expected.estimated.as_ref().map_or_else(|| "-".to_owned(), money::interval),
        expected.limit.map_or_else(|| "-".to_owned(), money::amount),
    ]
}

/// How a product stands to what was expected: `over by 1.00, over the limit by 0.50`; of a month that goes on also what it
/// comes to.
pub(crate) fn actual_status(product: &ActualProduct) -> String {
    let now = judged(&product.actual);
    let then = product.projected.as_ref().map(judged).filter(|then| *then != now);
    then.map_or_else(|| now.clone(), |then| format!("{now}; projected {then}"))
}

fn judged(judged: &Judged) -> String {
    let estimate = match judged.standing {
        Standing::NotEstimated => Some("not estimated".to_owned()),
        Standing::Within => None,
        Standing::Over(by) => Some(format!("over by {}", money::amount(by))),
        Standing::Under(by) => Some(format!("under by {}", money::amount(by))),
    };
    let limit = judged.over_limit.map(|by| format!("over the limit by {}", money::amount(by)));
    let parts: Vec<String> = estimate.into_iter().chain(limit).collect();
    if parts.is_empty() { "within".to_owned() } else { parts.join(", ") }
}

/// What is not compared and what was charged: `tax 8.12, credits -10.00`.
pub(crate) fn apart(sum: &Sum) -> String {
    let apart = sum.effective.iter().filter(|(kind, amount)| !kind.is_compared() && !amount.is_zero());
    apart.map(|(kind, amount)| format!("{} {}", kind.name(), money::amount(*amount))).collect::<Vec<_>>().join(", ")
}

/// What the bill has of services without the tag: `awskms 1.00`.
pub(crate) fn by_service(product: &ActualProduct) -> Vec<String> {
    let spent = product.services.iter().filter(|(_, amount)| !amount.is_zero());
    spent.map(|(service, amount)| format!("{service} {}", money::amount(*amount))).collect()
}

/// What all that is compared comes to by the end of a month that goes on.
pub(crate) fn projected_total(comparison: &Comparison) -> Option<Decimal> {
    let is_partial = comparison.untagged.projected.is_some();
    is_partial.then(|| comparison.total.projected(comparison.days, comparison.month.days()))
}
