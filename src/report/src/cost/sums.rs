//! Sums of an estimate: by product with those of domains and of everything, and by whatever else is asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_cost::{Amount, By, Estimate, Group, money, roll_up};

use crate::text::counted;

/// A sum with its name.
pub(crate) struct Row {
    /// What it is the sum of.
    pub(crate) name: Name,
    /// Before and after.
    pub(crate) group: Group,
}

/// What a sum is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// A product, domain, service or value of a tag, by its own name.
    Own(Arc<str>),
    /// A domain, among products.
    Domain(Arc<str>),
    /// What belongs to none of them.
    None(&'static str),
    /// Everything.
    All,
}

/// The sums by product, each domain's after its products where it has several, what is of no product, and everything.
fn by_product(estimate: &Estimate) -> Vec<Row> {
    let mut products = roll_up(estimate, &By::Product);
    let domains = roll_up(estimate, &By::Domain);
    let rest = products.remove(&None);
    let mut rows = Vec::new();
    let mut of_domain: BTreeMap<&str, Vec<(Arc<str>, Group)>> = BTreeMap::new();
    let named: Vec<(Arc<str>, Group)> =
        products.into_iter().filter_map(|(product, group)| Some((product?, group))).collect();
    for (product, group) in &named {
        let domain = product.split_once('.').map_or(&**product, |(domain, _)| domain);
        of_domain.entry(domain).or_default().push((product.clone(), group.clone()));
    }
    let is_only = of_domain.len() == 1 && rest.is_none();
    for (domain, products) in of_domain {
        let several = products.len() > 1 && !is_only;
        rows.extend(products.into_iter().map(|(product, group)| Row { name: Name::Own(product), group }));
        if let Some((Some(name), group)) = domains.get_key_value(&Some(domain.into())).filter(|_| several) {
            rows.push(Row { name: Name::Domain(name.clone()), group: group.clone() });
        }
    }
    finished(rows, rest, "of no data product", estimate)
}

/// The sums by what is asked for, what belongs to none, and everything.
pub(crate) fn subtotals(estimate: &Estimate, by: &By) -> Vec<Row> {
    let none = match by {
        By::Product => return by_product(estimate),
        By::Domain => "of no domain",
        By::Service => "of no known service",
        By::Tag(_) => "without the tag",
    };
    let mut groups = roll_up(estimate, by);
    let rest = groups.remove(&None);
    let rows = groups.into_iter().filter_map(|(name, group)| Some(Row { name: Name::Own(name?), group })).collect();
    finished(rows, rest, none, estimate)
}

fn finished(mut rows: Vec<Row>, rest: Option<Group>, none: &'static str, estimate: &Estimate) -> Vec<Row> {
    rows.extend(rest.map(|group| Row { name: Name::None(none), group }));
    if rows.len() > 1 {
        rows.push(Row { name: Name::All, group: estimate.total() });
    }
    rows
}

/// What sums are by, as the head of their column says it.
pub(crate) fn of(by: &By) -> String {
    match by {
        By::Product => "data product".to_owned(),
        By::Domain => "domain".to_owned(),
        By::Service => "service".to_owned(),
        By::Tag(key) => format!("tag {key}"),
    }
}

/// Whether some sum is not one number.
pub(crate) fn is_wide(rows: &[Row]) -> bool {
    rows.iter().any(|row| !money::range(&row.group.after.interval).is_empty())
}

impl Row {
    /// Before, after, difference, and the range of what is after.
    pub(crate) fn amounts(&self) -> [String; 4] {
        let Group { before, after, .. } = &self.group;
        let (was, is) = (before.interval.expected, after.interval.expected);
        let difference = match (is_unpriced(before), is_unpriced(after)) {
            (false, false) => money::difference(was, is),
            _ => "-".to_owned(),
        };
        [amount(before), amount(after), difference, money::range(&after.interval)]
    }
}

/// What is expected, or that nothing of it has a price: that is not nothing.
fn amount(amount: &Amount) -> String {
    if is_unpriced(amount) { "unpriced".to_owned() } else { money::amount(amount.interval.expected) }
}

fn is_unpriced(amount: &Amount) -> bool {
    amount.unpriced > 0 && amount.interval.is_zero()
}

/// `+175.20 USD a month`
pub(crate) fn difference(estimate: &Estimate) -> String {
    let Group { before, after, .. } = estimate.total();
    let difference = money::difference(before.interval.expected, after.interval.expected);
    format!("{difference} {} a month", estimate.currency)
}

/// `Cost a month: 350.40 USD (0.00 .. open), 175.20 more than now.`
pub(crate) fn closing(estimate: &Estimate) -> String {
    compared("Cost a month", "now", estimate)
}

/// `Cost a month by PLAN_B: 350.40 USD (0.00 .. open), 175.20 more than by PLAN_A.`
pub(crate) fn against(names: [&str; 2], between: &Estimate) -> String {
    compared(&format!("Cost a month by {}", names[1]), &format!("by {}", names[0]), between)
}

fn compared(subject: &str, than: &str, estimate: &Estimate) -> String {
    let Group { before, after, .. } = estimate.total();
    let (was, is) = (before.interval.expected, after.interval.expected);
    let range = money::range(&after.interval);
    let range = if range.is_empty() { range } else { format!(" ({range})") };
    let difference = is.saturating_sub(was);
    let difference = if difference.is_zero() {
        format!("as {than}")
    } else {
        let word = if difference.is_sign_negative() { "less" } else { "more" };
        format!("{} {word} than {than}", money::amount(difference.abs()))
    };
    let missing = match after.unpriced {
        0 => String::new(),
        1 => ", without 1 part that has no price".to_owned(),
        unpriced => format!(", without {} that have no price", counted(unpriced, "part")),
    };
    format!("{subject}: {} {}{range}, {difference}{missing}.", money::amount(is), estimate.currency)
}
