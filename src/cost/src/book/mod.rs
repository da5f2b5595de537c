//! The price book: list prices by key and region, each with its unit, tiers, date and sources.

mod read;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use mesh_provider::cost::{Decimal, PriceKey};

pub use read::BookError;

/// The region of a price that is the same everywhere.
const EVERYWHERE: &str = "*";

/// After so many days a price is marked as old: vendors change theirs a few times a year.
const DAYS_FRESH: i64 = 180;

/// List prices in US dollars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// By key, then by region.
    prices: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Price>>,
}

/// What one thing costs in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// What one of it is, such as `instance-hour`.
    pub unit: Arc<str>,
    /// What one unit costs, by how many there are in a month. Never empty; the first tier starts at 0.
    pub tiers: Vec<Tier>,
    /// The day for which the sources state it.
    pub date: Date,
    /// Ids of the sources that state it.
    pub sources: Vec<Arc<str>>,
}

/// From so many units a month on, one unit costs so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The quantity at which the tier starts.
    pub from: Decimal,
    /// US dollars a unit.
    pub usd: Decimal,
}

/// The book that comes with this build: public list prices.
#[must_use]
pub fn standard() -> &'static Book {
    static STANDARD: LazyLock<Book> = LazyLock::new(|| {
        let mut book = Book::default();
        for (name, text) in FILES {
            // A test holds that each can be read.
            if let Ok(read) = Book::read(name, text.as_bytes()) {
                book.add(read);
            }
        }
        book
    });
    &STANDARD
}

/// Name and text of each file of the standard book.
const FILES: &[(&str, &str)] = &[
    ("aws/athena.csv", include_str!("../../prices/aws/athena.csv")),
    ("aws/budgets.csv", include_str!("../../prices/aws/budgets.csv")),
    ("aws/cloudwatch.csv", include_str!("../../prices/aws/cloudwatch.csv")),
    ("aws/ebs.csv", include_str!("../../prices/aws/ebs.csv")),
    ("aws/ec2.csv", include_str!("../../prices/aws/ec2.csv")),
    ("aws/ecr.csv", include_str!("../../prices/aws/ecr.csv")),
    ("aws/emr-serverless.csv", include_str!("../../prices/aws/emr-serverless.csv")),
    ("aws/emr.csv", include_str!("../../prices/aws/emr.csv")),
    ("aws/glue.csv", include_str!("../../prices/aws/glue.csv")),
    ("aws/kms.csv", include_str!("../../prices/aws/kms.csv")),
    ("aws/s3.csv", include_str!("../../prices/aws/s3.csv")),
    ("aws/scheduler.csv", include_str!("../../prices/aws/scheduler.csv")),
    ("aws/sns.csv", include_str!("../../prices/aws/sns.csv")),
    ("aws/states.csv", include_str!("../../prices/aws/states.csv")),
    ("aws/transfer.csv", include_str!("../../prices/aws/transfer.csv")),
];

impl Book {
    /// Adds the prices of another book, which replace those of the same key and region.
    pub fn add(&mut self, other: Self) {
        for (key, regions) in other.prices {
            self.prices.entry(key).or_default().extend(regions);
        }
    }

    /// The price of a thing in a region: its own, else the one that holds everywhere.
    #[must_use]
    pub fn price(&self, price: &PriceKey) -> Option<&Price> {
        let regions = self.prices.get(&price.key)?;
        regions.get(&price.region).or_else(|| regions.get(EVERYWHERE))
    }

    /// All prices, sorted by key and region.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>, &Price)> {
        self.prices.iter().flat_map(|(key, regions)| regions.iter().map(move |(region, price)| (key, region, price)))
    }

    /// Sets a price.
    pub(crate) fn insert(&mut self, key: Arc<str>, region: Arc<str>, price: Price) {
        self.prices.entry(key).or_default().insert(region, price);
    }
}

impl Price {
    /// What a monthly quantity costs, tier by tier.
    #[must_use]
    pub fn of(&self, quantity: Decimal) -> Decimal {
        let mut amount = Decimal::ZERO;
        for (place, tier) in self.tiers.iter().enumerate() {
            if quantity <= tier.from {
                break;
            }
            let end = self.tiers.get(place + 1).map_or(quantity, |next| next.from.min(quantity));
            amount = amount.saturating_add(end.saturating_sub(tier.from).saturating_mul(tier.usd));
        }
        amount
    }

    /// What the first unit costs.
    #[must_use]
    pub fn first(&self) -> Decimal {
        self.tiers.first().map(|tier| tier.usd).unwrap_or_default()
    }

    /// Whether it is older than 180 days on a day.
    #[must_use]
    pub fn is_old(&self, today: Date) -> bool {
        self.date.until((jiff::Unit::Day, today)).is_ok_and(|age| i64::from(age.get_days()) > DAYS_FRESH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_book_can_be_read() {
        for (name, text) in FILES {
            Book::read(name, text.as_bytes()).unwrap();
        }
    }

    #[test]
    fn the_standard_book_is_sorted_and_each_of_its_sources_listed() {
        let sources = include_str!("../../prices/aws/sources.csv");
        let listed: Vec<&str> = sources.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert!(listed.is_sorted_by(|before, after| before < after), "sources.csv is not sorted by id");
        for (name, text) in FILES {
            let mut rows: Vec<_> = Vec::new();
            for line in text.lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                let [key, region, _, from, _, _, ids] = cells[..] else { panic!("{name}: {line}") };
                rows.push((key, region, from.parse::<Decimal>().unwrap()));
                for id in ids.split(';') {
                    assert!(listed.contains(&id), "{name}: `{id}` is not in sources.csv");
                }
            }
            assert!(rows.is_sorted_by(|before, after| before < after), "{name} is not sorted by key, region and from");
        }
    }

    #[test]
    fn each_tier_prices_its_part_of_the_quantity() {
        let text = "key,region,unit,from,usd,date,sources\n\
                    v/s/t,r,GB,0,0.10,2026-01-31,a\n\
                    v/s/t,r,GB,100,0.05,2026-01-31,a\n";
        let book = Book::read("t.csv", text.as_bytes()).unwrap();
        let price = book.price(&PriceKey::new("v/s/t", "r")).unwrap();
        // 100 x 0.10 + 50 x 0.05 = 12.50
        assert_eq!(price.of(150.into()).to_string(), "12.50");
        assert_eq!(price.of(40.into()).to_string(), "4.00");
        assert_eq!(price.of(0.into()), Decimal::ZERO);
        assert!(!price.is_old(jiff::civil::date(2026, 7, 30)));
        assert!(price.is_old(jiff::civil::date(2026, 7, 31)));
        assert_eq!(book.price(&PriceKey::new("v/s/t", "elsewhere")), None);
    }
}
