//! Puts what an offer file says into a price book that is there already, and says what that changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::book::{Book, Price};

/// A price book with an offer's prices in it.
#[derive(Debug, Default)]
pub struct Merged {
    /// All prices.
    pub book: Book,
    /// Prices that were not in the book.
    pub added: Vec<Listed>,
    /// Prices that differ.
    pub changed: Vec<Change>,
    /// How many are as they were, of another day or source.
    pub confirmed: usize,
    /// How many of the book's prices the offer says nothing of.
    pub left: usize,
    /// How many of those that it replaced were of a newer day.
    pub newer: usize,
}

/// A price, what of and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: Arc<str>,
    /// Its region.
    pub region: Arc<str>,
    /// The price.
    pub price: Price,
}

/// A price that is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it was.
    pub before: Price,
    /// What it is.
    pub after: Listed,
}

/// Replaces the prices of a book by those of an offer where both have the same key and region, and keeps the others.
#[must_use]
pub fn merge(book: &Book, offered: Book) -> Merged {
    let mut before: BTreeMap<(&str, &str), &Price> =
        book.iter().map(|(key, region, price)| ((&**key, &**region), price)).collect();
    let mut merged = Merged { book: book.clone(), ..Merged::default() };
    for (key, region, price) in offered.iter() {
        let listed = || Listed { key: key.clone(), region: region.clone(), price: price.clone() };
        let before = before.remove(&(&**key, &**region));
        merged.newer += usize::from(before.is_some_and(|before| before.date > price.date));
        match before {
            None => merged.added.push(listed()),
            Some(before) if asks_the_same(before, price) => merged.confirmed += 1,
            Some(before) => merged.changed.push(Change { before: before.clone(), after: listed() }),
        }
    }
    merged.left = before.len();
    merged.book.add(offered);
    merged
}

/// Whether two prices are the same, whatever their day and source.
fn asks_the_same(left: &Price, right: &Price) -> bool {
    left.unit == right.unit && left.tiers == right.tiers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_key_and_region_are_replaced_and_others_kept() {
        let header = "key,region,unit,from,usd,date,sources\n";
        let book = format!(
            "{header}v/s/a,r,GB,0,1.0,2026-01-01,x\nv/s/b,r,GB,0,1,2026-01-01,x\nv/s/b,r,GB,10,0.9,2026-01-01,x\n\
             v/s/c,r,GB,0,1,2026-01-01,x\n"
        );
        let offered =
            format!("{header}v/s/a,r,GB,0,1,2026-11-01,y\nv/s/b,r,GB,0,2,2026-11-01,y\nv/s/b,s,GB,0,2,2026-11-01,y\n");
        let read = |text: &str| Book::read("t.csv", text.as_bytes()).unwrap();
        let merged = merge(&read(&book), read(&offered));
        let expected = format!(
            "{header}v/s/a,r,GB,0,1,2026-11-01,y\nv/s/b,r,GB,0,2,2026-11-01,y\nv/s/b,s,GB,0,2,2026-11-01,y\n\
             v/s/c,r,GB,0,1,2026-01-01,x\n"
        );
        assert_eq!(merged.book.to_csv(), expected);
        assert_eq!((merged.added.len(), merged.changed.len(), merged.confirmed, merged.left), (1, 1, 1, 1));
        assert_eq!((merged.newer, merge(&read(&offered), read(&book)).newer), (0, 2));
        assert_eq!(merged.changed[0].before.tiers.len(), 2);
    }
}
