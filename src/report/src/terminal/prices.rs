//! A price book, and what an offer file changed in it: `mesh prices show` and `mesh prices update`.

use jiff::civil::Date;
use mesh_cost::Price;
use mesh_cost::offers::{Listed, Merged, Offer};
use mesh_diagnostics::render::Style;

use super::paint::Page;
use crate::line::{Line, Marker};
use crate::prices::{marks, tiers};
use crate::text::{counted, grouped, width};

/// Prices key by key, each with its regions: what one unit costs by tier, of which day, from how many sources.
#[must_use]
pub fn price_list(prices: &[Listed], today: Date, style: Style) -> String {
    let mut page = Page::new(style);
    let columns = Columns::of(prices.iter());
    let mut last: Option<&Listed> = None;
    for listed in prices {
        if last.is_none_or(|last| last.key != listed.key || last.price.unit != listed.price.unit) {
            page.gap();
            page.title(&format!("{} (USD a {})", listed.key, listed.price.unit));
        }
        let mut tiers = tiers(&listed.price).into_iter();
        let first = tiers.next().unwrap_or_default();
        let (date, marks) = (listed.price.date, marks(&listed.price, today));
        page.raw(&format!("  {}{date}  {marks}", columns.cells(&listed.region, &first)));
        for tier in tiers {
            page.raw(&format!("  {}", columns.cells("", &tier)));
        }
        last = Some(listed);
    }
    page.finish()
}

/// What an offer's prices changed in a book.
#[must_use]
pub fn price_update(offer: &Offer, merged: &Merged, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&format!("{} {} of {}", offer.code, offer.version, offer.date));
    page.prose(&format!(
        "{} of {} have a price key.",
        grouped(usize::try_from(offer.matched).unwrap_or(usize::MAX)),
        counted(usize::try_from(offer.products).unwrap_or(usize::MAX), "product"),
    ));
    section(&mut page, "Added", merged.added.len());
    for of_key in merged.added.chunk_by(|left, right| left.key == right.key) {
        page.line(&Line::new(Marker::Create, 0).plain(added(of_key)));
    }
    section(&mut page, "Changed", merged.changed.len());
    for change in &merged.changed {
        let listed = &change.after;
        let what = format!("{} in {}, USD a {}", listed.key, listed.region, listed.price.unit);
        let days = format!(" ({} -> {})", change.before.date, listed.price.date);
        page.line(&Line::new(Marker::Update, 0).plain(what).faint(days));
        differences(&change.before, &listed.price).iter().for_each(|line| page.raw(&format!("      {line}")));
    }
    section(&mut page, "In doubt", offer.doubts.len());
    for doubt in &offer.doubts {
        page.prose(&format!("  {doubt}."));
    }
    section(&mut page, "Keys without a product in this file", offer.missing.len());
    if !offer.missing.is_empty() {
        page.prose(&format!("  {}", offer.missing.join(", ")));
    }
    if merged.newer > 0 {
        page.gap();
        page.prose(&format!(
            "The book had {} of a newer day: the file is older than the book.",
            counted(merged.newer, "price")
        ));
    }
    page.gap();
    page.title(&format!(
        "Prices: {} added, {} changed, {} confirmed, {} left as they were.",
        grouped(merged.added.len()),
        grouped(merged.changed.len()),
        grouped(merged.confirmed),
        grouped(merged.left),
    ));
    page.finish()
}

fn section(page: &mut Page, title: &str, count: usize) {
    if count > 0 {
        page.gap();
        page.title(&format!("{title} ({})", grouped(count)));
    }
}

/// The prices of one key: with its tiers where it is one, else how many regions there are and from where to where it goes.
fn added(of_key: &[Listed]) -> String {
    let [first, .., _] = of_key else {
        let line = |listed: &Listed| {
            let Listed { key, region, price } = listed;
            format!("{key} in {region}: {} USD a {}", tiers(price).join(", "), price.unit)
        };
        return of_key.iter().map(line).collect();
    };
    let prices = || of_key.iter().map(|listed| listed.price.first().normalize());
    let (low, high) = (prices().min().unwrap_or_default(), prices().max().unwrap_or_default());
    let range = if low == high { low.to_string() } else { format!("{low} .. {high}") };
    format!("{} in {} regions: {range} USD a {}", first.key, grouped(of_key.len()), first.price.unit)
}

/// Each tier that differs as `0.023 -> 0.024`; all tiers of both where they start elsewhere or count otherwise.
fn differences(before: &Price, after: &Price) -> Vec<String> {
    let starts = |price: &Price| price.tiers.iter().map(|tier| tier.from).collect::<Vec<_>>();
    if before.unit != after.unit {
        return vec![format!("{} USD a {} -> {}", tiers(before).join(", "), before.unit, tiers(after).join(", "))];
    }
    if starts(before) != starts(after) {
        return vec![format!("{} -> {}", tiers(before).join(", "), tiers(after).join(", "))];
    }
    let pairs = before.tiers.iter().zip(&after.tiers).zip(tiers(after));
    let changed = pairs.filter(|((before, after), _)| before.usd != after.usd);
    changed.map(|((before, _), after)| format!("{} -> {after}", before.usd.normalize())).collect()
}

/// How wide regions and prices are.
struct Columns {
    region: usize,
    price: usize,
}

impl Columns {
    fn of<'a>(prices: impl Iterator<Item = &'a Listed>) -> Self {
        let mut columns = Self { region: 0, price: 0 };
        for listed in prices {
            columns.region = columns.region.max(width(&listed.region));
            columns.price = tiers(&listed.price).iter().map(|tier| width(tier)).fold(columns.price, usize::max);
        }
        columns
    }

    fn cells(&self, region: &str, price: &str) -> String {
        format!("{region:0$}  {price:1$}  ", self.region, self.price)
    }
}
