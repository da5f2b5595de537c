//! Holds the folder of list prices to the standard book: no file is left out of it, and no source is listed that no price names.

#![expect(clippy::unwrap_used, reason = "a file that can't be read fails its test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mesh_cost::standard;
use mesh_provider::cost::PriceKey;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("prices/aws")
}

fn rows(file: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(file).unwrap().into_records().collect::<Result<_, _>>().unwrap()
}

fn prices() -> Vec<csv::StringRecord> {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.file_name().unwrap() != "sources.csv").flat_map(|file| rows(&file)).collect()
}

#[test]
fn every_price_is_in_the_standard_book() {
    for row in prices() {
        let key = PriceKey::new(&row[0], &row[1]);
        assert!(standard().price(&key).is_some(), "{} of {} is not in the book", &row[0], &row[1]);
    }
}

#[test]
fn every_source_states_a_price() {
    let named: BTreeSet<String> =
        prices().iter().flat_map(|row| row[6].split(';').map(str::to_owned).collect::<Vec<_>>()).collect();
    for source in rows(&folder().join("sources.csv")) {
        assert!(named.contains(&source[0]), "no price names the source `{}`", &source[0]);
    }
}
