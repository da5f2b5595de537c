//! Reads a book of prices from CSV: a row a tier.

use std::io::Read;
use std::sync::Arc;

use jiff::civil::Date;
use mesh_provider::cost::Decimal;
use serde::Deserialize;
use thiserror::Error;

use super::{Book, Price, Tier};

/// Why a file is no price book.
#[derive(Debug, Error)]
pub enum BookError {
    /// It is no CSV of the form that is asked for.
    #[error("{file}: {source}. A price book has the columns key, region, unit, from, usd, date and sources")]
    Form {
        /// The file.
        file: String,
        /// What the reader found, with its line.
        source: csv::Error,
    },
    /// A row can't be.
    #[error("{file}, line {line}: {what}")]
    Row {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

impl BookError {
    /// The line that can't be understood, from 1, where it is one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Form { source, .. } => source.position().map(csv::Position::line),
            Self::Row { line, .. } => Some(*line),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    key: String,
    region: String,
    unit: String,
    /// A text, as the next: read as a number it would go through a binary fraction.
    from: String,
    usd: String,
    date: Date,
    sources: String,
}

impl Book {
    /// Reads the CSV of a price book: a header `key,region,unit,from,usd,date,sources`, then a row a tier, those of a price
    /// one after the other and rising. `file` names it in errors.
    ///
    /// # Errors
    /// The first row that can't be understood, or that contradicts the one before.
    pub fn read(file: &str, text: impl Read) -> Result<Self, BookError> {
        let form = |source| BookError::Form { file: file.to_owned(), source };
        let mut book = Self::default();
        let mut open: Option<(Arc<str>, Arc<str>, Price)> = None;
        let mut reader = csv::Reader::from_reader(text);
        let headers = reader.headers().map_err(form)?.clone();
        for record in reader.into_records() {
            let record = record.map_err(form)?;
            let row: Row = record.deserialize(Some(&headers)).map_err(form)?;
            let line = record.position().map_or(0, csv::Position::line);
            let wrong = |what: String| BookError::Row { file: file.to_owned(), line, what };
            let tier = check(&row).map_err(wrong)?;
            match &mut open {
                Some((key, region, price)) if **key == *row.key && **region == *row.region => {
                    price.go_on(&row, tier).map_err(wrong)?;
                }
                _ => {
                    if !tier.from.is_zero() {
                        return Err(wrong(format!("the first tier of `{}` starts at {}, not at 0", row.key, row.from)));
                    }
                    if let Some((key, region, price)) = open.take() {
                        book.insert(key, region, price);
                    }
                    let key: Arc<str> = row.key.as_str().into();
                    let region: Arc<str> = row.region.as_str().into();
                    if book.prices.get(&key).is_some_and(|regions| regions.contains_key(&region)) {
                        return Err(wrong(format!("`{key}` in `{region}` has a price already")));
                    }
                    let sources = row.sources.split(';').filter(|id| !id.is_empty()).map(Into::into).collect();
                    let price = Price { unit: row.unit.into(), tiers: vec![tier], date: row.date, sources };
                    open = Some((key, region, price));
                }
            }
        }
        if let Some((key, region, price)) = open {
            book.insert(key, region, price);
        }
        Ok(book)
    }
}

impl Price {
    /// Adds the next tier.
    fn go_on(&mut self, row: &Row, tier: Tier) -> Result<(), String> {
        if self.tiers.last().is_some_and(|last| last.from >= tier.from) {
            return Err(format!("the tier from {} of `{}` does not rise above the one before", tier.from, row.key));
        }
        if *self.unit != *row.unit {
            return Err(format!(
                "`{}` is priced a `{}` in one tier and a `{}` in another",
                row.key, self.unit, row.unit
            ));
        }
        self.tiers.push(tier);
        Ok(())
    }
}

/// Checks a row; the tier that it states.
fn check(row: &Row) -> Result<Tier, String> {
    let parts: Vec<&str> = row.key.split('/').collect();
    if parts.len() < 3 || parts.iter().any(|part| part.is_empty()) {
        return Err(format!("`{}` is no price key: it is vendor/service/what", row.key));
    }
    for (name, text) in [("region", &row.region), ("unit", &row.unit), ("sources", &row.sources)] {
        if text.is_empty() {
            return Err(format!("`{}` has no {name}", row.key));
        }
    }
    let number = |name: &str, text: &str| match Decimal::from_str_exact(text) {
        Ok(number) if !number.is_sign_negative() => Ok(number),
        _ => Err(format!("`{name}` of `{}` is `{text}`, and takes a number from 0, such as 0.0245", row.key)),
    };
    Ok(Tier { from: number("from", &row.from)?, usd: number("usd", &row.usd)? })
}
