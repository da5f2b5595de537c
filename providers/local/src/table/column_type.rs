//! The types of columns, which are those of contracts, and the SQLite form that holds each.

use std::fmt;

use rusqlite::Connection;

use crate::warehouse::connection::{identifier, literal};

/// The most digits that SQLite keeps of a number with digits after the point.
const MOST_DIGITS: u8 = 15;
/// Arrays nest no deeper than this.
const DEEPEST: usize = 16;

/// A column's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    String,
    /// A whole number of 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Number,
    /// A number of so many digits in all and after the point; of up to 15 without them.
    Decimal(Option<(u8, u8)>),
    /// `1` or `0`.
    Boolean,
    /// `2026-03-01`
    Date,
    /// `12:30:00`
    Time,
    /// `2026-03-01T12:30:00Z`, in any ISO 8601 form with date and time of day.
    Timestamp,
    /// `6f1f2b0c-7d4e-4c8a-9b1e-0a2d3c4e5f60`
    Uuid,
    /// JSON text.
    Json,
    /// Bytes as they are.
    Binary,
    /// JSON text of an array.
    Array(Box<Self>),
    /// A type that mesh doesn't declare itself: it was made by something else.
    Other(String),
}

/// The types without parameters, with the type that SQLite is told. The first word is what drivers convert by; a second
/// one gives the storage its affinity.
const PLAIN: [(&str, &str, ColumnType); 11] = [
    ("string", "TEXT", ColumnType::String),
    ("integer", "INTEGER", ColumnType::Integer),
    ("number", "REAL", ColumnType::Number),
    ("decimal", "DECIMAL", ColumnType::Decimal(None)),
    ("boolean", "BOOLEAN INTEGER", ColumnType::Boolean),
    ("date", "DATE TEXT", ColumnType::Date),
    ("time", "TIME TEXT", ColumnType::Time),
    ("timestamp", "TIMESTAMP TEXT", ColumnType::Timestamp),
    ("uuid", "UUID TEXT", ColumnType::Uuid),
    ("json", "JSON TEXT", ColumnType::Json),
    ("binary", "BLOB", ColumnType::Binary),
];

impl ColumnType {
    /// What configuration may name, in words.
    #[must_use]
    pub fn names() -> String {
        let plain: Vec<_> = PLAIN.iter().map(|(name, _, _)| *name).collect();
        format!("{}, decimal(DIGITS,AFTER_THE_POINT) of up to {MOST_DIGITS} digits, array(TYPE)", plain.join(", "))
    }

    /// The type of a name in configuration.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        parametrised(name, 0)
    }

    /// The type of a column that SQLite describes with `declared`.
    #[must_use]
    pub fn from_declared(declared: &str) -> Self {
        let plain =
            PLAIN.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(declared)).map(|(_, _, ty)| ty.clone());
        let with_parameters = || Self::from_name(&declared.to_ascii_lowercase()).filter(|_| declared.contains('('));
        plain.or_else(with_parameters).unwrap_or_else(|| Self::Other(declared.to_owned()))
    }

    /// The type that SQLite is told.
    #[must_use]
    pub fn declared(&self) -> String {
        match (self, PLAIN.iter().find(|(_, _, ty)| ty == self)) {
            (_, Some((_, declared, _))) => (*declared).to_owned(),
            (Self::Other(declared), None) => declared.clone(),
            // In quotes, since SQLite takes only numbers between the parentheses of a type. Array texts start with a
            // bracket, so that no affinity that the name happens to give can change them.
            (Self::Array(_), None) => identifier(&self.to_string().to_ascii_uppercase()),
            (_, None) => self.to_string().to_ascii_uppercase(),
        }
    }

    /// The condition that holds for every value of this type and for NULL; `value` is a SQL expression.
    #[must_use]
    pub fn check(&self, value: &str) -> Option<String> {
        let or_null = |condition: String| format!("{value} IS NULL OR ({condition})");
        Some(match self {
            Self::String => format!("typeof({value}) IN ('text', 'null')"),
            Self::Integer => format!("typeof({value}) IN ('integer', 'null')"),
            Self::Number => format!("typeof({value}) IN ('real', 'null')"),
            Self::Decimal(None) => format!("typeof({value}) IN ('integer', 'real', 'null')"),
            Self::Decimal(Some((digits, scale))) => or_null(format!(
                "typeof({value}) IN ('integer', 'real') AND {value} = round({value}, {scale}) \
                 AND abs({value}) < 1e{}",
                digits.saturating_sub(*scale)
            )),
            Self::Boolean => format!("{value} IN (0, 1)"),
            // SQLite turns a date that doesn't exist, such as February 30th, into another one.
            Self::Date => format!("{value} IS date({value})"),
            Self::Time => or_null(format!(
                "{value} GLOB '[0-2][0-9]:[0-5][0-9]*' AND {value} < '24' AND time({value}) IS NOT NULL"
            )),
            Self::Timestamp => or_null(format!(
                "{value} GLOB '????-??-??[T ]??:??*' AND datetime({value}) IS NOT NULL \
                 AND substr({value}, 1, 10) IS date(substr({value}, 1, 10))"
            )),
            Self::Uuid => or_null(format!(
                "{value} GLOB '????????-????-????-????-????????????' \
                 AND replace({value}, '-', '') NOT GLOB '*[^0-9a-fA-F]*' AND length(replace({value}, '-', '')) = 32"
            )),
            Self::Json => format!("json_valid({value})"),
            Self::Binary => format!("typeof({value}) IN ('blob', 'null')"),
            Self::Array(_) => {
                format!("CASE WHEN json_valid({value}) THEN json_type({value}) = 'array' ELSE {value} IS NULL END")
            }
            Self::Other(_) => return None,
        })
    }

    /// Whether a text is stored as it is and only SQLite can say whether it is a value of the type: by [`Self::check`].
    #[must_use]
    pub const fn is_checked_text(&self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Timestamp | Self::Uuid | Self::Json | Self::Array(_))
    }

    /// The number that a text means, for types with digits after the point; `None` where it is none or does not fit.
    #[must_use]
    pub fn number(&self, text: &str) -> Option<f64> {
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
        let Self::Decimal(Some((digits, scale))) = self else { return Some(number) };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
        let (whole, fraction) = text.trim_start_matches(['+', '-']).split_once('.').unwrap_or((text, ""));
        let whole = whole.trim_start_matches(['+', '-', '0']).len();
        let fits = whole <= usize::from(digits.saturating_sub(*scale))
            && fraction.trim_end_matches('0').len() <= usize::from(*scale);
        (plain && fits).then_some(number)
    }

    /// What a text must be to mean a value of this type, in the plural: "dates such as `2026-03-01`".
    #[must_use]
    pub fn takes(&self) -> String {
        match self {
            Self::String | Self::Other(_) => "texts".to_owned(),
            Self::Integer => "whole numbers of 64 bits such as `42`".to_owned(),
            Self::Number | Self::Decimal(None) => "numbers such as `1.5`".to_owned(),
            Self::Decimal(Some((digits, scale))) => format!(
                "numbers with up to {} digits before the point and {scale} after it",
                digits.saturating_sub(*scale)
            ),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Date => "dates such as `2026-03-01`".to_owned(),
            Self::Time => "times of day such as `12:30:00`".to_owned(),
            Self::Timestamp => "times such as `2026-03-01T12:30:00Z`".to_owned(),
            Self::Uuid => "identifiers such as `6f1f2b0c-7d4e-4c8a-9b1e-0a2d3c4e5f60`".to_owned(),
            Self::Json => "JSON text such as `{}`".to_owned(),
            Self::Binary => "pairs of hexadecimal digits such as `00ff`".to_owned(),
            Self::Array(_) => "JSON arrays such as `[]`".to_owned(),
        }
    }

    /// A default as SQL. The text is one that a person writes for a value of the type: `0`, `true`, `2026-03-01`.
    ///
    /// # Errors
    /// A sentence that says what the type takes, where the text is not a value of it.
    pub fn default_sql(&self, text: &str) -> Result<String, String> {
        let sql = match self {
            Self::String | Self::Other(_) => Some(literal(text)),
            Self::Integer => text.parse::<i64>().ok().map(|number| number.to_string()),
            Self::Number | Self::Decimal(_) => self.number(text).map(|number| format!("{number:?}")),
            Self::Boolean => match text {
                "true" => Some("1".to_owned()),
                "false" => Some("0".to_owned()),
                _ => None,
            },
            Self::Binary => hex::decode(text).ok().map(|_| format!("X'{}'", text.to_ascii_uppercase())),
            Self::Date | Self::Time | Self::Timestamp | Self::Uuid | Self::Json | Self::Array(_) => {
                self.holds(text).then(|| literal(text))
            }
        };
        sql.ok_or_else(|| format!("`{text}` is no default for a column of type {self}, which takes {}.", self.takes()))
    }

    /// A default as a person writes it, from SQL.
    #[must_use]
    pub fn default_text(&self, sql: &str) -> String {
        let quoted = |sql: &str| Some(sql.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"));
        match (self, sql) {
            (Self::Boolean, "1") => "true".to_owned(),
            (Self::Boolean, "0") => "false".to_owned(),
            (Self::Binary, _) => sql
                .strip_prefix("X'")
                .and_then(|rest| rest.strip_suffix('\''))
                .map_or_else(|| sql.to_owned(), str::to_ascii_lowercase),
            _ => quoted(sql).unwrap_or_else(|| sql.to_owned()),
        }
    }

    /// Whether SQLite says that the text is a value of this type.
    fn holds(&self, text: &str) -> bool {
        let Some(condition) = self.check(&literal(text)) else { return true };
        let asked = Connection::open_in_memory().and_then(|connection| {
            connection.query_row(&format!("SELECT {condition}"), [], |row| row.get::<_, bool>(0))
        });
        asked.unwrap_or_default()
    }
}

/// The name in configuration; for other types what SQLite was told.
impl fmt::Display for ColumnType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, PLAIN.iter().find(|(_, _, ty)| ty == self)) {
            (_, Some((name, _, _))) => out.write_str(name),
            (Self::Decimal(Some((digits, scale))), None) => write!(out, "decimal({digits},{scale})"),
            (Self::Array(element), None) => write!(out, "array({element})"),
            (Self::Other(declared), None) => out.write_str(declared),
            (_, None) => Ok(()),
        }
    }
}

fn parametrised(name: &str, depth: usize) -> Option<ColumnType> {
    if let Some((_, _, ty)) = PLAIN.iter().find(|(known, _, _)| *known == name) {
        return Some(ty.clone());
    }
    let (outer, inner) = name.strip_suffix(')')?.split_once('(')?;
    match outer {
        "decimal" => {
            let (digits, scale) = inner.split_once(',').unwrap_or((inner, "0"));
            let (digits, scale) = (digits.trim().parse().ok()?, scale.trim().parse().ok()?);
            ((1..=MOST_DIGITS).contains(&digits) && scale <= digits)
                .then_some(ColumnType::Decimal(Some((digits, scale))))
        }
        "array" if depth < DEEPEST => Some(ColumnType::Array(Box::new(parametrised(inner, depth + 1)?))),
        _ => None,
    }
}
