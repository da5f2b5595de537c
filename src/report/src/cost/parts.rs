//! The parts of what an object costs: how much of what, at which price, and what is to be said of that.

use mesh_cost::{Cost, Line, PriceUsed, PricedComponent, money};

use crate::text::listed;

/// More bearers of a shared object are counted, not named.
const MOST_BEARERS: usize = 6;

/// Objects that will be and cost something, each with its cost.
pub(crate) fn costing(lines: &[Line]) -> impl Iterator<Item = (&Line, &Cost)> {
    lines.iter().filter_map(|line| Some((line, line.after.as_ref().filter(|cost| !cost.is_free())?)))
}

/// What an object costs together: `12.25 .. 12.25 .. open, 8.61 a run`.
pub(crate) fn together(cost: &Cost) -> String {
    if is_unpriced(cost) {
        return "no price is known".to_owned();
    }
    let run = cost.per_run.as_ref().map(|run| format!(", {} a run", money::interval(run))).unwrap_or_default();
    format!("{}{run}", money::interval(&cost.amount.interval))
}

/// Whether nothing of it has a price.
fn is_unpriced(cost: &Cost) -> bool {
    !cost.is_free() && cost.components.iter().all(|part| part.priced.is_none())
}

/// The cells of a part: name, quantity, unit, price of the first unit, amount of a month.
pub(crate) fn cells(part: &PricedComponent) -> [String; 5] {
    let PricedComponent { component, priced } = part;
    let (price, amount) = match priced {
        Some((amount, used)) => (money::price(used.first), money::interval(amount)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    let quantity = money::quantity(&component.quantity.interval);
    [component.name.to_string(), quantity, component.unit.to_string(), price, amount]
}

/// How much of a part at which price: `730 instance-hour at 0.192`.
pub(crate) fn quantity(part: &PricedComponent) -> String {
    let [_, quantity, unit, price, _] = cells(part);
    if part.priced.is_some() { format!("{quantity} {unit} at {price}") } else { format!("{quantity} {unit}") }
}

/// What is to be said of a part: what makes it wide, and where its price comes from unless that is a fresh list price of
/// several sources.
pub(crate) fn notes(part: &PricedComponent) -> Vec<String> {
    let reasons = part.component.quantity.because.iter().map(ToString::to_string);
    let key = &part.component.price;
    let of_price = match &part.priced {
        None => vec![format!("no price is known of {} in {}", key.key, key.region)],
        Some((amount, used)) => {
            let flat = part.component.quantity.interval.expected.saturating_mul(used.first);
            let tiers = used.tiered && flat.saturating_sub(amount.expected).abs() >= money::CENT;
            let tiers = tiers.then(|| "priced in tiers: this is what the first unit costs".to_owned());
            tiers.into_iter().chain(of_price(used)).collect()
        }
    };
    reasons.chain(of_price).collect()
}

fn of_price(used: &PriceUsed) -> Vec<String> {
    let date = used.date.filter(|_| used.is_old).map(|date| format!("a price of {date}, older than 180 days"));
    let own = used.overridden.as_ref().map(|name| match used.date {
        Some(_) => format!("the list price, changed by `price_override` {name}"),
        None => format!("the price of `price_override` {name}"),
    });
    let single = (used.sources == 1).then(|| "a price of which only one source is known".to_owned());
    [own, date, single].into_iter().flatten().collect()
}

/// What is to be said of an object beside its parts: who bears what it costs, and why nobody knows how many there will be.
pub(crate) fn remarks(line: &Line) -> Vec<String> {
    let own = |(product, _): &(Option<_>, _)| *product == line.product;
    let is_shared = line.bearers.len() > 1 || !line.bearers.iter().all(own);
    let bearers: Vec<String> = line
        .bearers
        .iter()
        .map(|(product, share)| {
            let percent = money::percent(*share, 1.into()).unwrap_or_default();
            format!("{percent} by {}", product.as_deref().unwrap_or("no data product"))
        })
        .collect();
    let shared = is_shared.then(|| format!("borne {}", listed(&bearers, MOST_BEARERS)));
    let count = line.count.as_ref().map(|count| format!("how many: {}", money::quantity(&count.interval)));
    count.into_iter().chain(shared).collect()
}

/// Whether an object costs something else after than before.
pub(crate) fn differs(line: &Line) -> bool {
    let side = |cost: &Option<Cost>| cost.clone().filter(|cost| !cost.is_free());
    side(&line.before) != side(&line.after)
}

/// What an object costs before and after, and the difference of what is expected; `-` where there is no such object.
pub(crate) fn sides(line: &Line) -> [String; 3] {
    let expected = |cost: &Option<Cost>| cost.as_ref().map(|cost| cost.amount.interval.expected).unwrap_or_default();
    let amount = |cost: &Option<Cost>| cost.as_ref().map_or_else(|| "-".to_owned(), together);
    let is_unpriced = |cost: &Option<Cost>| cost.as_ref().is_some_and(is_unpriced);
    let difference = if is_unpriced(&line.before) || is_unpriced(&line.after) {
        "-".to_owned()
    } else {
        money::difference(expected(&line.before), expected(&line.after))
    };
    [amount(&line.before), amount(&line.after), difference]
}

/// What makes the difference, part by part: `storage: 500 -> 1,000 GB-month`.
pub(crate) fn changes(line: &Line) -> Vec<String> {
    let components = |cost: &Option<Cost>| cost.as_ref().map(|cost| cost.components.clone()).unwrap_or_default();
    let (before, mut after) = (components(&line.before), components(&line.after));
    let mut changes = Vec::new();
    for part in &before {
        let same = after.iter().position(|other| other.component.name == part.component.name);
        match same.map(|place| after.remove(place)) {
            Some(other) if other == *part => {}
            Some(other) => changes.push(change(part, &other)),
            None if line.after.is_some() => changes.push(format!("{}: {} -> none", part.component.name, taken(part))),
            None => {}
        }
    }
    if line.before.is_some() {
        changes.extend(after.iter().map(|part| format!("{}: none -> {}", part.component.name, taken(part))));
    }
    changes
}

/// `1,460 instance-hour`
fn taken(part: &PricedComponent) -> String {
    format!("{} {}", money::quantity(&part.component.quantity.interval), part.component.unit)
}

fn change(before: &PricedComponent, after: &PricedComponent) -> String {
    let (was, is) = (&before.component, &after.component);
    let mut said = Vec::new();
    if was.unit != is.unit {
        said.push(format!("{} -> {}", taken(before), taken(after)));
    } else if was.quantity.interval != is.quantity.interval {
        said.push(format!("{} -> {}", money::quantity(&was.quantity.interval), taken(after)));
    }
    if was.price != is.price {
        said.push(format!("{} in {} -> {} in {}", was.price.key, was.price.region, is.price.key, is.price.region));
    }
    let price = |part: &PricedComponent| {
        part.priced.as_ref().map_or_else(|| "no price".to_owned(), |(_, used)| money::price(used.first))
    };
    if price(before) != price(after) {
        said.push(format!("{} -> {} per {}", price(before), price(after), is.unit));
    }
    if said.is_empty() {
        said.push("priced otherwise".to_owned());
    }
    format!("{}: {}", was.name, said.join(", "))
}
