//! Types of columns, as contracts name them: independent of any platform.

use std::fmt;
use std::str::FromStr;

use mesh_diagnostics::nearest;
use serde::{Deserialize, Serialize};

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ColumnType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number of up to 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Number,
    /// An exact number: all digits, and those after the point. Without them, as many as the platform has.
    Decimal(Option<(u8, u8)>),
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time in UTC.
    Timestamp,
    /// A universally unique identifier.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes.
    Binary,
    /// A list of values of a type.
    Array(Box<ColumnType>),
}

/// A text that names no type, with the one that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownColumnType {
    /// What was written.
    pub text: String,
    /// What was probably meant.
    pub meant: Option<&'static str>,
}

impl fmt::Display for UnknownColumnType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.trim_start().starts_with("decimal") {
            return write!(
                out,
                "`{}` is no column type; `decimal(DIGITS,SCALE)` has 1 to {MOST_DIGITS} digits, and of these SCALE after \
                 the point",
                self.text
            );
        }
        write!(out, "`{}` is no column type; there are {KNOWN}", self.text)
    }
}

impl std::error::Error for UnknownColumnType {}

const KNOWN: &str = "`string`, `boolean`, `integer`, `number`, `decimal(10,2)`, `date`, `time`, `timestamp`, `uuid`, \
                     `json`, `binary` and `array(TYPE)`";

/// Types without parameters.
const PLAIN: [(&str, ColumnType); 11] = [
    ("string", ColumnType::String),
    ("boolean", ColumnType::Boolean),
    ("integer", ColumnType::Integer),
    ("number", ColumnType::Number),
    ("decimal", ColumnType::Decimal(None)),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("timestamp", ColumnType::Timestamp),
    ("uuid", ColumnType::Uuid),
    ("json", ColumnType::Json),
    ("binary", ColumnType::Binary),
];

/// What platforms call them.
const OTHER_NAMES: [(&[&str], &str); 9] = [
    (&["text", "varchar", "char", "str", "nvarchar"], "string"),
    (&["bool"], "boolean"),
    (&["int", "bigint", "smallint", "int32", "int64", "long"], "integer"),
    (&["float", "double", "real", "float64", "double precision"], "number"),
    (&["numeric", "money"], "decimal"),
    (&["datetime", "timestamptz", "timestamp_tz"], "timestamp"),
    (&["jsonb", "object", "struct", "map"], "json"),
    (&["blob", "bytes", "bytea", "varbinary"], "binary"),
    (&["list"], "array(string)"),
];

/// The most digits of a decimal number: what warehouses commonly hold.
const MOST_DIGITS: u8 = 38;

impl FromStr for ColumnType {
    type Err = UnknownColumnType;

    fn from_str(text: &str) -> Result<Self, UnknownColumnType> {
        read(text.trim(), 0).ok_or_else(|| {
            let lower = text.trim().to_lowercase();
            let name = lower.split('(').next().unwrap_or_default().trim();
            let other = OTHER_NAMES.iter().find(|(names, _)| names.contains(&name)).map(|(_, meant)| *meant);
            let meant = other
                .or_else(|| PLAIN.iter().map(|(plain, _)| *plain).find(|plain| *plain == lower))
                .or_else(|| nearest(name, PLAIN.iter().map(|(plain, _)| *plain)));
            UnknownColumnType { text: text.to_owned(), meant }
        })
    }
}

/// Types nest no deeper than this.
const DEEPEST: usize = 16;

fn read(text: &str, depth: usize) -> Option<ColumnType> {
    if let Some((_, plain)) = PLAIN.iter().find(|(name, _)| *name == text) {
        return Some(plain.clone());
    }
    let (name, inner) = text.strip_suffix(')')?.split_once('(')?;
    match name.trim_end() {
        "decimal" => {
            let (digits, scale) = inner.split_once(',').unwrap_or((inner, "0"));
            let (digits, scale) = (digits.trim().parse::<u8>().ok()?, scale.trim().parse::<u8>().ok()?);
            ((1..=MOST_DIGITS).contains(&digits) && scale <= digits)
                .then_some(ColumnType::Decimal(Some((digits, scale))))
        }
        "array" if depth < DEEPEST => Some(ColumnType::Array(Box::new(read(inner.trim(), depth + 1)?))),
        _ => None,
    }
}

/// As one writes it: `decimal(10,2)`, `array(string)`.
impl fmt::Display for ColumnType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal(Some((digits, scale))) => write!(out, "decimal({digits},{scale})"),
            Self::Array(element) => write!(out, "array({element})"),
            plain => out.write_str(PLAIN.iter().find(|(_, ty)| ty == plain).map_or("decimal", |(name, _)| *name)),
        }
    }
}

impl TryFrom<String> for ColumnType {
    type Error = UnknownColumnType;

    fn try_from(text: String) -> Result<Self, UnknownColumnType> {
        text.parse()
    }
}

impl From<ColumnType> for String {
    fn from(ty: ColumnType) -> Self {
        ty.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnType;

    #[test]
    fn types_read_as_they_print() {
        for text in ["string", "decimal", "decimal(10,2)", "array(array(uuid))", "timestamp"] {
            assert_eq!(text.parse::<ColumnType>().unwrap().to_string(), text);
        }
        assert_eq!("decimal( 5 )".parse::<ColumnType>().unwrap().to_string(), "decimal(5,0)");
    }

    #[test]
    fn other_names_lead_to_the_types() {
        let cases = [
            ("varchar(20)", Some("string")),
            ("TIMESTAMP", Some("timestamp")),
            ("bigint", Some("integer")),
            ("intger", Some("integer")),
            ("decimal(2,10)", None),
            ("Numeric(10,2)", Some("decimal")),
            ("geometry", None),
            ("", None),
        ];
        for (text, meant) in cases {
            assert_eq!(text.parse::<ColumnType>().unwrap_err().meant, meant, "{text}");
        }
    }
}
