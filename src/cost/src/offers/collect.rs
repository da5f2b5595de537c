//! Gathers the prices that keys mean while an offer file streams by, and settles what it says twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use mesh_provider::cost::Decimal;

use super::error::OfferError;
use super::map::{Attributes, MapRow, OfferMap};
use super::{FORMAT, Offer};
use crate::book::{Book, Price, Tier};

/// A price that was left out, or chosen among several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Several products are one key's, with different prices: the highest is taken.
    Several {
        /// The price key.
        key: String,
        /// How many regions have several.
        regions: usize,
    },
    /// AWS counts in a unit that isn't known to be ours: the price is left out.
    Unit {
        /// The price key.
        key: String,
        /// Our unit.
        ours: String,
        /// AWS's.
        theirs: String,
    },
    /// A price isn't in USD: it is left out.
    Currency {
        /// The price key.
        key: String,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Several { key, regions } => {
                let regions = if *regions == 1 { "1 region".to_owned() } else { format!("{regions} regions") };
                write!(out, "{key} has products of different prices in {regions}: the highest is taken")
            }
            Self::Unit { key, ours, theirs } => {
                write!(out, "{key} is left out: AWS prices it by `{theirs}`, which is not known to be `{ours}`")
            }
            Self::Currency { key } => write!(out, "{key} is left out where AWS prices it in another currency than USD"),
        }
    }
}

/// A price as the file has it: for a range of the monthly quantity.
#[derive(Debug)]
pub(super) struct Dimension {
    pub unit: String,
    /// Where the range begins.
    pub from: Decimal,
    /// `None` where it is in another currency.
    pub usd: Option<Decimal>,
}

/// What stands at the head of an offer file.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub format: Option<String>,
    pub code: Option<String>,
    pub version: Option<String>,
    pub published: Option<String>,
}

/// What was gathered so far.
#[derive(Debug)]
pub(super) struct Collector<'m> {
    map: &'m OfferMap,
    rows: Vec<&'m MapRow>,
    /// By product: the rows that take it, and the keys and regions that they make of it.
    wanted: HashMap<String, Vec<Meant>>,
    prices: HashMap<String, Vec<Dimension>>,
    products: u64,
}

#[derive(Debug)]
struct Meant {
    row: usize,
    key: String,
    region: String,
}

/// The tiers of one product in our unit.
#[derive(Debug)]
struct Candidate {
    unit: Arc<str>,
    tiers: Vec<Tier>,
}

impl<'m> Collector<'m> {
    /// Begins with an offer.
    ///
    /// # Errors
    /// Where its form is newer, or no key is of it.
    pub(super) fn of(head: &Head, map: &'m OfferMap) -> Result<Self, OfferError> {
        let format = head.format.as_deref().ok_or(OfferError::NotAnOffer { missing: "`formatVersion`" })?;
        if format != FORMAT {
            return Err(OfferError::Newer { found: format.to_owned() });
        }
        let code = head.code.as_deref().ok_or(OfferError::NotAnOffer { missing: "`offerCode` before its products" })?;
        let rows = map.of_offer(code);
        if rows.is_empty() {
            let known = map.offers().into_iter().collect::<Vec<_>>().join(", ");
            return Err(OfferError::Unmapped { code: code.to_owned(), known });
        }
        Ok(Self { map, rows, wanted: HashMap::new(), prices: HashMap::new(), products: 0 })
    }

    /// Takes a product in.
    pub(super) fn product(&mut self, sku: &str, family: &str, attributes: &Attributes) {
        self.products += 1;
        let taking = self.rows.iter().enumerate().filter(|(_, row)| row.takes(family, attributes));
        let meant: Vec<Meant> = taking
            .filter_map(|(at, row)| {
                let region = self.map.region(attributes)?;
                Some(Meant { row: at, key: row.key_of(attributes)?, region })
            })
            .collect();
        if !meant.is_empty() {
            self.wanted.insert(sku.to_owned(), meant);
        }
    }

    /// Whether a product's prices are asked for.
    pub(super) fn wants(&self, sku: &str) -> bool {
        self.wanted.contains_key(sku)
    }

    /// Takes one of a product's prices in.
    pub(super) fn price(&mut self, sku: &str, dimension: Dimension) {
        self.prices.entry(sku.to_owned()).or_default().push(dimension);
    }

    /// The prices by key and region, once the file is read.
    ///
    /// # Errors
    /// Where the file said neither its version nor its day.
    pub(super) fn finish(self, head: Head) -> Result<Offer, OfferError> {
        let code = head.code.unwrap_or_default();
        let version = head.version.ok_or(OfferError::NotAnOffer { missing: "`version`" })?;
        let published = head.published.ok_or(OfferError::NotAnOffer { missing: "`publicationDate`" })?;
        // A time such as `2026-11-01T12:00:00Z`.
        let date: Option<Date> = published.get(..10).and_then(|day| day.parse().ok());
        let date = date.ok_or(OfferError::NotAnOffer { missing: "day in its `publicationDate`" })?;
        let source: Arc<str> = format!("{code}-{version}").into();
        let mut candidates: BTreeMap<(&str, &str), Vec<Candidate>> = BTreeMap::new();
        let mut doubts = BTreeSet::new();
        for (sku, meant) in &self.wanted {
            let Some(dimensions) = self.prices.get(sku) else { continue };
            for meant in meant {
                match self.candidate(meant, dimensions) {
                    Ok(candidate) => candidates.entry((&meant.key, &meant.region)).or_default().push(candidate),
                    Err(doubt) => _ = doubts.insert(doubt),
                }
            }
        }
        let mut book = Book::default();
        let mut several: BTreeMap<&str, usize> = BTreeMap::new();
        for ((key, region), mut candidates) in candidates {
            candidates.sort_by(|left, right| left.prices().cmp(right.prices()));
            let Some(Candidate { unit, tiers }) = candidates.pop() else { continue };
            if candidates.iter().any(|other| other.tiers != tiers) {
                *several.entry(key).or_default() += 1;
            }
            book.insert(key.into(), region.into(), Price { unit, tiers, date, sources: vec![source.clone()] });
        }
        doubts.extend(several.into_iter().map(|(key, regions)| Doubt::Several { key: key.to_owned(), regions }));
        let doubts = doubts.into_iter().collect();
        let found = |row: usize| self.wanted.values().flatten().any(|meant| meant.row == row);
        let mut missing: Vec<String> =
            self.rows.iter().enumerate().filter(|(at, _)| !found(*at)).map(|(_, row)| row.key.clone()).collect();
        let keys_found: Vec<&String> =
            self.rows.iter().enumerate().filter(|(at, _)| found(*at)).map(|(_, row)| &row.key).collect();
        missing.retain(|key| !keys_found.contains(&key));
        missing.dedup();
        let matched = u64::try_from(self.wanted.len()).unwrap_or(u64::MAX);
        Ok(Offer { code, version, date, book, products: self.products, matched, missing, doubts })
    }

    /// A product's tiers in our unit, without what is free for each account: tiers of no price that lead to paid ones.
    fn candidate(&self, meant: &Meant, dimensions: &[Dimension]) -> Result<Candidate, Doubt> {
        let key = || meant.key.clone();
        let unit = &self.rows[meant.row].unit;
        let mut tiers = Vec::with_capacity(dimensions.len());
        for Dimension { unit: theirs, from, usd } in dimensions {
            let usd = usd.ok_or_else(|| Doubt::Currency { key: key() })?;
            let tier = self.map.factor(unit, theirs).and_then(|factor| {
                let from = if from.is_zero() { *from } else { from.checked_div(factor)? };
                Some(Tier { from: from.normalize(), usd: usd.checked_mul(factor)?.normalize() })
            });
            let unknown = || Doubt::Unit { key: key(), ours: unit.clone(), theirs: theirs.clone() };
            tiers.push(tier.ok_or_else(unknown)?);
        }
        tiers.sort_by_key(|tier| tier.from);
        let free = tiers.iter().take_while(|tier| tier.usd.is_zero()).count();
        if free < tiers.len() {
            tiers.drain(..free);
        } else {
            tiers.truncate(1);
        }
        if let Some(first) = tiers.first_mut() {
            first.from = Decimal::ZERO;
        }
        tiers.dedup_by_key(|tier| tier.from);
        Ok(Candidate { unit: unit.as_str().into(), tiers })
    }
}

impl Candidate {
    /// What one candidate is higher than another by.
    fn prices(&self) -> impl Iterator<Item = (Decimal, Decimal)> {
        self.tiers.iter().map(|tier| (tier.usd, tier.from))
    }
}
