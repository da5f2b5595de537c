//! Reads AWS's bulk price list, so that a platform team refreshes its price book from files alone.
//!
//! An offer file lists what one service sells, in all regions or in one, as JSON or as CSV: products with attributes,
//! and terms with prices. Tables in `offers/` say which of its products our price keys mean ([`OfferMap`]); the rest
//! is passed over. The file of EC2 has some gigabytes, so nothing of it is kept but the prices that a key means.

mod collect;
mod csv;
mod error;
mod json;
mod map;
mod merge;

use std::io::{BufRead, Read};

pub use collect::Doubt;
pub use error::OfferError;
pub use map::OfferMap;
pub use merge::{Change, Listed, Merged, merge};

use jiff::civil::Date;

use crate::book::Book;
use crate::input;

/// The newest form of offer files that this reader knows.
const FORMAT: &str = "v1.0";

/// What an offer file says of the prices that we have keys for.
#[derive(Debug)]
pub struct Offer {
    /// AWS's code of the service, such as `AmazonEC2`.
    pub code: String,
    /// The version of the offer, such as `20261101000000`.
    pub version: String,
    /// The day of its publication.
    pub date: Date,
    /// The prices; their source is the offer's code and version.
    pub book: Book,
    /// How many products the file has.
    pub products: u64,
    /// How many of them a key means.
    pub matched: u64,
    /// The keys of this offer that none of its products has.
    pub missing: Vec<String>,
    /// Prices that were left out, or chosen among several.
    pub doubts: Vec<Doubt>,
}

/// Reads an offer file: JSON or CSV, plain or gzip.
///
/// # Errors
/// Where it isn't an offer file, is cut off, is of a newer form, or lists a service that no price key is of.
pub fn read(input: impl Read, map: &OfferMap) -> Result<Offer, OfferError> {
    let mut text = input::text(input)?;
    let is_json = loop {
        let start = text.fill_buf()?;
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(byte) => break *byte == b'{',
            None if start.is_empty() => return Err(input::InputError::Empty.into()),
            None => {
                let blank = start.len();
                text.consume(blank);
            }
        }
    };
    if is_json { json::read(text, map) } else { csv::read(text, map) }
}
