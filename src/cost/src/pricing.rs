//! Turns quantities into amounts: the price book, own prices over it, and the currency.

use std::sync::Arc;

use jiff::civil::Date;
use mesh_provider::cost::{Component, Decimal, Interval, PriceKey};
use serde::{Deserialize, Serialize};

use crate::basis::Rules;
use crate::book::Book;

/// A price of one's own: a discount or a contract. Of all that match, the most specific one holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceOverride {
    /// Its name, from the block's label.
    pub name: Arc<str>,
    /// Only what products of this domain use.
    pub domain: Option<Arc<str>>,
    /// Only this service, such as `s3`.
    pub service: Option<Arc<str>>,
    /// Only this price key, or those that start so where it ends with `*`.
    pub key: Option<Arc<str>>,
    /// Only this region.
    pub region: Option<Arc<str>>,
    /// What it does to the price.
    pub change: PriceChange,
}

/// What an override does to a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceChange {
    /// So many percent on top of the list price; a discount is negative.
    Percent(Decimal),
    /// One unit costs so many US dollars, in all tiers.
    Usd(Decimal),
}

/// What a currency is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRate {
    /// An ISO 4217 code.
    pub currency: Arc<str>,
    /// One of it is so many US dollars.
    pub usd: Decimal,
    /// The day of the rate.
    pub date: Date,
}

/// The price that a component was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceUsed {
    /// What the first unit costs, in the estimate's currency.
    pub first: Decimal,
    /// Whether further units cost something else.
    pub tiered: bool,
    /// The day for which the sources state the list price; `None` where it is wholly one's own.
    pub date: Option<Date>,
    /// Whether it is older than 180 days.
    pub is_old: bool,
    /// How many sources state it.
    pub sources: usize,
    /// The override that holds.
    pub overridden: Option<Arc<str>>,
}

/// Where prices come from, and the day to which their age is counted.
#[derive(Clone, Copy, Debug)]
pub struct Prices<'a> {
    /// The list prices.
    pub book: &'a Book,
    /// The day.
    pub today: Date,
}

impl<'a> Prices<'a> {
    /// These prices under rules.
    #[must_use]
    pub fn under(self, rules: &'a Rules) -> Pricing<'a> {
        Pricing::new(self.book, rules, self.today)
    }
}

/// All prices as they hold on a day, in one currency.
#[derive(Clone, Copy, Debug)]
pub struct Pricing<'a> {
    book: &'a Book,
    rules: &'a Rules,
    today: Date,
    /// One US dollar is so much of the currency.
    per_usd: Decimal,
}

impl<'a> Pricing<'a> {
    /// Prices of a book under rules, on a day that their age is counted to.
    #[must_use]
    pub fn new(book: &'a Book, rules: &'a Rules, today: Date) -> Self {
        let usd = rules.currency.as_deref().and_then(|currency| usd_of(rules, currency));
        let per_usd = usd.and_then(|usd| Decimal::ONE.checked_div(usd)).unwrap_or(Decimal::ONE);
        Self { book, rules, today, per_usd }
    }

    /// The ISO 4217 code of the currency that amounts are in.
    #[must_use]
    pub fn currency(&self) -> &'a str {
        self.rules.currency.as_deref().unwrap_or("USD")
    }

    /// An amount of some currency in this one; `None` where no rate is declared for it.
    #[must_use]
    pub fn convert(&self, amount: Decimal, currency: &str) -> Option<Decimal> {
        if currency == self.currency() {
            return Some(amount);
        }
        Some(amount.saturating_mul(usd_of(self.rules, currency)?).saturating_mul(self.per_usd))
    }

    /// What a component costs, as used by a product, and the price that was taken; `None` where it has none. Of one that
    /// may be something else as well, everything that it may be must have a price, and the first one's is told.
    #[must_use]
    pub fn price(&self, component: &Component, product: Option<&str>) -> Option<(Interval, PriceUsed)> {
        let Component { price, unit, quantity, instead, .. } = component;
        let (amount, used) = self.of(price, unit, quantity.interval, product)?;
        if instead.is_empty() {
            return Some((amount, used));
        }
        let others = instead.iter().map(|other| Some(self.of(&other.price, unit, other.quantity.interval, product)?.0));
        let choices: Vec<Interval> = std::iter::once(Some(amount)).chain(others).collect::<Option<_>>()?;
        Some((Interval::one_of(&choices), used))
    }

    /// What a quantity of one thing costs.
    fn of(
        &self,
        key: &PriceKey,
        unit: &str,
        quantity: Interval,
        product: Option<&str>,
    ) -> Option<(Interval, PriceUsed)> {
        let list = self.book.price(key).filter(|price| &*price.unit == unit);
        let own = self.rules.overrides.iter().filter(|own| own.matches(key, product));
        let own = own.max_by_key(|own| own.rank());
        let (amount, first, tiered, sourced) = match (own.map(|own| own.change), list) {
            (Some(PriceChange::Usd(usd)), _) => (quantity.times(&Interval::exactly(usd)), usd, false, None),
            (Some(PriceChange::Percent(percent)), Some(list)) => {
                let factor = (Decimal::ONE + percent / Decimal::ONE_HUNDRED).max(Decimal::ZERO);
                let amount = quantity.map(|quantity| list.of(quantity)).times(&Interval::exactly(factor));
                (amount, list.first().saturating_mul(factor), list.tiers.len() > 1, Some(list))
            }
            (None, Some(list)) => {
                (quantity.map(|quantity| list.of(quantity)), list.first(), list.tiers.len() > 1, Some(list))
            }
            (_, None) => return None,
        };
        let used = PriceUsed {
            first: first.saturating_mul(self.per_usd),
            tiered,
            date: sourced.map(|list| list.date),
            is_old: sourced.is_some_and(|list| list.is_old(self.today)),
            sources: sourced.map_or(0, |list| list.sources.len()),
            overridden: own.map(|own| own.name.clone()),
        };
        Some((amount.times(&Interval::exactly(self.per_usd)), used))
    }
}

/// What one of a currency is in US dollars.
fn usd_of(rules: &Rules, currency: &str) -> Option<Decimal> {
    if currency == "USD" {
        return Some(Decimal::ONE);
    }
    rules.rates.iter().find(|rate| *rate.currency == *currency).map(|rate| rate.usd)
}

impl PriceOverride {
    fn matches(&self, price: &PriceKey, product: Option<&str>) -> bool {
        let domain = product.and_then(crate::budget::domain_of);
        let key = |key: &Arc<str>| match key.strip_suffix('*') {
            Some(start) => price.key.starts_with(start),
            None => *key == price.key,
        };
        self.key.as_ref().is_none_or(key)
            && self.service.as_deref().is_none_or(|service| service == price.service())
            && self.region.as_deref().is_none_or(|region| region == &*price.region)
            && self.domain.as_deref().is_none_or(|own| domain == Some(own))
    }

    /// More specific ones rank higher: a longer key, then a service, a region, a domain. The name decides between equals.
    fn rank(&self) -> (bool, usize, bool, bool, bool, &str) {
        let whole = self.key.as_ref().is_some_and(|key| !key.ends_with('*'));
        let length = self.key.as_ref().map_or(0, |key| key.len());
        (whole, length, self.service.is_some(), self.region.is_some(), self.domain.is_some(), &self.name)
    }
}

#[cfg(test)]
mod tests {
    use mesh_provider::cost::{Charges, Costs, Quantity};

    use super::*;

    #[test]
    fn a_part_that_may_be_something_else_costs_between_the_cheapest_and_the_dearest() {
        let text = "key,region,unit,from,usd,date,sources\n\
                    v/s/small,r,hour,0,0.20,2026-01-31,a\n\
                    v/s/large,r,hour,0,0.90,2026-01-31,a\n";
        let book = Book::read("t.csv", text.as_bytes()).unwrap();
        let rules = Rules::default();
        let pricing = Pricing::new(&book, &rules, jiff::civil::date(2026, 2, 1));
        let amount = |choices: &[(&str, i64)]| {
            let choices = choices.iter().map(|(key, hours)| (PriceKey::new(*key, "r"), Quantity::exactly(*hours)));
            let mut charges = Charges::default();
            charges.add_one_of("machines", "hour", choices.collect(), "one of them");
            let costs = Costs::from(charges);
            pricing.price(&costs.components()[0], None).map(|(amount, _)| amount.to_string())
        };
        // 40 x 0.20 = 8 or 10 x 0.90 = 9
        assert_eq!(amount(&[("v/s/small", 40), ("v/s/large", 10)]).as_deref(), Some("8 .. 8.5 .. 9"));
        assert_eq!(amount(&[("v/s/small", 40)]).as_deref(), Some("8"));
        // Of what has no price, no bound is known.
        assert_eq!(amount(&[("v/s/small", 40), ("v/s/huge", 1)]), None);
    }
}
