//! Why a bill can't be added up.

use std::fmt;
use std::io;

use super::columns::BillForm;
use crate::input::InputError;

/// How many problems of lines are told.
pub(super) const MOST: usize = 10;

/// Why a bill can't be added up: what is wrong, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// Its bytes are no text.
    #[error(transparent)]
    Input(#[from] InputError),
    /// Its header is that of no bill.
    #[error(
        "its columns are those of no bill: {}. A bill is a Cost and Usage Report of AWS, with `lineItem/UnblendedCost` or \
         `line_item_unblended_cost`, or FOCUS, with `BilledCost`, as CSV",
        shown(columns)
    )]
    NotABill {
        /// Its first columns.
        columns: Vec<String>,
    },
    /// It lacks a column.
    #[error("it has no column `{column}`, which every {form} has: add it to the export")]
    MissingColumn {
        /// Its form.
        form: BillForm,
        /// The column.
        column: &'static str,
    },
    /// It has a header and nothing else.
    #[error("it has a header and no lines: the export was empty, or of a time without charges")]
    NoLines,
    /// Lines of it can't be read.
    #[error("{} can't be read: {}", counted(*count), joined(problems))]
    Lines {
        /// The first of them.
        problems: Vec<BillProblem>,
        /// How many there are.
        count: u64,
    },
    /// It ends where a line or its compression goes on.
    #[error("it can't be read to its end, after line {line}: {why}")]
    Broken {
        /// The last line.
        line: u64,
        /// What the reader found.
        why: io::Error,
    },
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillProblem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column's name, where it is one column's.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for BillProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(out, ", column `{column}`")?;
        }
        write!(out, ": {}", self.what)
    }
}

fn shown(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    if columns.is_empty() { "it has none".to_owned() } else { columns.join(", ") }
}

fn counted(count: u64) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

fn joined(problems: &[BillProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
