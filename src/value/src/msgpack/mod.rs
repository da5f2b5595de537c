//! Values as MessagePack: compact, and with all that JSON can't say.
//!
//! [`encode_msgpack`] writes the form that Terraform's plugin protocol speaks; both ends know the type. What is not
//! yet known is extension 0, or 12 with its refinements; where the type says `any` there is a pair of the type in
//! JSON and the value; numbers that no 64-bit integer or float holds are decimal text. That form has no marks.
//! [`encode_whole`] keeps a value whole, with its type and marks; `serde` stores values so.

mod decode;
mod encode;
mod whole;

pub use decode::decode_msgpack;
pub use encode::encode_msgpack;
pub use whole::{decode_whole, encode_whole};

use crate::{AttributePath, ConversionError, JsonError};

/// Extension type of what is not yet known and has no refinements.
const UNKNOWN: i8 = 0;
/// Extension type of what is not yet known with a map of refinements.
const REFINED: i8 = 12;

/// Keys of the refinements.
mod refinement {
    pub(super) const IS_NULL: u8 = 1;
    pub(super) const STRING_PREFIX: u8 = 2;
    pub(super) const NUMBER_MIN: u8 = 3;
    pub(super) const NUMBER_MAX: u8 = 4;
    pub(super) const LENGTH_MIN: u8 = 5;
    pub(super) const LENGTH_MAX: u8 = 6;
}

/// Why a value can't be read from or written as MessagePack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MsgpackError {
    /// The bytes end within a value.
    #[error("the encoded value is cut off")]
    CutOff,
    /// Bytes follow the value.
    #[error("{0} bytes follow the encoded value")]
    Trailing(usize),
    /// The bytes are no valid encoding.
    #[error("{}: {problem}", if path.is_empty() { "the encoded value is damaged".to_owned() } else { format!("the encoded value is damaged at {path}") })]
    Damaged {
        /// Where in the value.
        path: AttributePath,
        /// What is wrong there.
        problem: String,
    },
    /// It nests deeper than is supported.
    #[error("the value nests too deep: up to {} levels are stored", crate::json::MAX_DEPTH)]
    TooDeep,
    /// An embedded type can't be read.
    #[error(transparent)]
    Type(#[from] JsonError),
    /// The value is not of the type.
    #[error(transparent)]
    Mismatch(#[from] ConversionError),
    /// A text or collection of more than 4 GiB or 4 G elements.
    #[error("the value is too large to be encoded")]
    TooLarge,
}
