//! Reads offer files and bills in which bytes were changed: what comes out is an answer or an error, never a panic, and
//! a price book that is written can be read.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::path::Path;

use mesh_cost::Book;
use mesh_cost::actual::{Month, compare};
use mesh_cost::offers::OfferMap;

/// How often each file is changed.
const ROUNDS: u64 = 200;

/// The next of a row of numbers that look like chance and are the same in each run.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 16).unwrap()
}

fn mutated(folder: &str, read: impl Fn(&[u8])) {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for _ in 0..ROUNDS {
            let mut bytes = bytes.clone();
            if bytes.is_empty() {
                continue;
            }
            for _ in 0..=next(&mut state) % 4 {
                let at = next(&mut state) % bytes.len();
                let value = b"9-,\"{}:e.\n\x00\xff"[next(&mut state) % 12];
                match next(&mut state) % 3 {
                    0 => bytes[at] = value,
                    1 => bytes.insert(at, value),
                    _ => _ = bytes.splice(at..at, std::iter::repeat_n(b'9', 40)),
                }
            }
            read(&bytes);
        }
    }
}

#[test]
fn offers_with_changed_bytes_are_answered() {
    let map = OfferMap::embedded();
    mutated("offers", |bytes| {
        if let Ok(offer) = mesh_cost::offers::read(bytes, &map) {
            let book = mesh_cost::offers::merge(&offer.book, offer.book.clone()).book;
            assert_eq!(Book::read("book.csv", book.to_csv().as_bytes()).unwrap(), book);
        }
    });
}

#[test]
fn bills_with_changed_bytes_are_answered() {
    mutated("bills", |bytes| {
        let Ok(bill) = mesh_cost::actual::read(bytes, "product") else { return };
        let months: Vec<Month> = bill.months.keys().copied().collect();
        for month in months {
            compare(&bill, month, &std::collections::BTreeMap::new()).unwrap();
        }
    });
}
