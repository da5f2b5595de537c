//! Reads the offer files under `tests/offers` and compares what is taken with the text beside each. `BLESS=1` writes
//! it anew; adding a case is adding a file.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::fmt::Write;
use std::path::Path;

use mesh_cost::offers::{OfferMap, read};

/// What a file says, as the expected text has it.
fn told(bytes: &[u8]) -> String {
    let offer = match read(bytes, &OfferMap::embedded()) {
        Ok(offer) => offer,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut told = format!(
        "{} {} of {}: {} of {} products\n\n",
        offer.code, offer.version, offer.date, offer.matched, offer.products
    );
    told.push_str(&offer.book.to_csv());
    writeln!(told, "\ndoubts").unwrap();
    for doubt in &offer.doubts {
        writeln!(told, "{doubt}").unwrap();
    }
    writeln!(told, "\nnothing for\n{}", offer.missing.join("\n")).unwrap();
    told
}

#[test]
fn every_offer_file_says_what_stands_beside_it() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offers");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let expected = file.with_extension("txt");
        let told = told(&std::fs::read(&file).unwrap());
        if bless {
            std::fs::write(expected, told).unwrap();
        } else if std::fs::read_to_string(expected).unwrap() != told {
            wrong.push(format!("{}:\n{told}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_was_cut_off_says_so_wherever_it_ends() {
    let whole = include_bytes!("offers/s3.json");
    for end in (1..whole.len() - 3).step_by(97) {
        let error = read(&whole[..end], &OfferMap::embedded()).unwrap_err().to_string();
        assert!(error.starts_with("it ends in the middle"), "{end}: {error}");
    }
}

#[test]
fn a_packed_file_is_read_as_the_plain_one() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, include_bytes!("offers/sns.json")).unwrap();
    assert_eq!(told(&packer.finish().unwrap()), told(include_bytes!("offers/sns.json")));
}
