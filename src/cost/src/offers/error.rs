//! Why a file's prices can't be read.

use std::io;

use crate::input::InputError;

/// Why an offer file's prices can't be read: what is wrong, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// Its bytes are no text.
    #[error(transparent)]
    Input(#[from] InputError),
    /// It ends in the middle.
    #[error("it ends in the middle, at line {line}, column {column}: its download was cut off, so fetch it again")]
    Truncated {
        /// The last line.
        line: usize,
        /// Its last column.
        column: usize,
    },
    /// It isn't JSON or CSV, or its parts are not where an offer file has them.
    #[error("{why}, at line {line}, column {column}")]
    Malformed {
        /// What is wrong.
        why: String,
        /// Where.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// It is something else.
    #[error(
        "it has no {missing}, so it is not an offer file of AWS's bulk price list: fetch \
         `/offers/v1.0/aws/SERVICE/current/REGION/index.json` of that service"
    )]
    NotAnOffer {
        /// What every offer file has.
        missing: &'static str,
    },
    /// It is an index of the price list.
    #[error("it is an index of the price list, which has no prices: fetch the file that its `currentVersionUrl` names")]
    Index,
    /// Its form is newer than this reader.
    #[error("its form is `{found}`, and this mesh reads `v1.0`: take a newer mesh, or fetch the file in the form v1.0")]
    Newer {
        /// What it says.
        found: String,
    },
    /// No price key is of this service.
    #[error("no price key is of the service `{code}`: keys are of {known}")]
    Unmapped {
        /// The service.
        code: String,
        /// Those that have keys.
        known: String,
    },
}

impl From<io::Error> for OfferError {
    fn from(error: io::Error) -> Self {
        Self::Input(InputError::Read(error))
    }
}

impl From<serde_json::Error> for OfferError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Io => io::Error::from(error).into(),
            serde_json::error::Category::Eof => Self::Truncated { line, column },
            serde_json::error::Category::Syntax | serde_json::error::Category::Data => {
                let text = error.to_string();
                let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why).to_owned();
                Self::Malformed { why, line, column }
            }
        }
    }
}

impl From<::csv::Error> for OfferError {
    fn from(error: ::csv::Error) -> Self {
        let line = error.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or_default());
        match error.into_kind() {
            ::csv::ErrorKind::Io(error) => error.into(),
            ::csv::ErrorKind::Utf8 { err, .. } => {
                Self::Malformed { why: "the text is not UTF-8".to_owned(), line, column: err.field() + 1 }
            }
            ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Self::Malformed {
                why: format!("the line has {len} fields where the header names {expected_len}"),
                line,
                column: usize::try_from(len).unwrap_or_default(),
            },
            other => Self::Malformed { why: format!("{other:?}"), line, column: 1 },
        }
    }
}
