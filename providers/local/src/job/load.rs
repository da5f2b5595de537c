//! Loads a CSV file into a table, each field converted to the type of its column.

use std::fs::File;
use std::path::PathBuf;

use csv::{ReaderBuilder, StringRecord};
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Statement, params_from_iter};

use super::outcome::Limit;
use crate::table::column::{Column, Shape};
use crate::table::column_type::ColumnType;
use crate::table::inspect;
use crate::warehouse::connection::{identifier, message};

/// How many rows are loaded between two looks at the time.
const ROWS: u64 = 1_000;

/// One file to load.
#[derive(Clone, Debug)]
pub struct Load {
    /// The table.
    pub table: String,
    /// The file.
    pub source: PathBuf,
    /// Whether its first row names the columns; else the fields are the table's columns in order.
    pub header: bool,
    /// The byte between two fields.
    pub delimiter: u8,
    /// The text that stands for NULL.
    pub null: String,
    /// Whether the rows that the table has are removed first.
    pub replace: bool,
    /// The columns to create the table with where it is missing.
    pub columns: Vec<(String, ColumnType)>,
}

impl Load {
    /// Loads the file and returns how many rows it had.
    ///
    /// # Errors
    /// Where the file can't be read, names a column that the table lacks, or holds a value that is not of its column's
    /// type; as sentences that name the line.
    pub fn run(&self, connection: &Connection, limit: &Limit) -> Result<u64, String> {
        let at = self.source.display();
        let file = File::open(&self.source).map_err(|error| format!("Can't open {at}: {error}."))?;
        let mut reader = ReaderBuilder::new().has_headers(self.header).delimiter(self.delimiter).from_reader(file);
        let shape = self.shape(connection)?;
        let columns = if self.header {
            self.named(&shape, reader.headers().map_err(|error| self.unreadable(&error))?)?
        } else {
            shape.columns.iter().collect()
        };
        let table = identifier(&self.table);
        let sql_failed = |error: rusqlite::Error| format!("Loading {at} into `{}`: {}.", self.table, message(&error));
        if self.replace {
            connection.execute(&format!("DELETE FROM {table}"), []).map_err(sql_failed)?;
        }
        let names: Vec<String> = columns.iter().map(|column| identifier(&column.name)).collect();
        let places = vec!["?"; names.len()].join(", ");
        let insert = format!("INSERT INTO {table} ({}) VALUES ({places})", names.join(", "));
        let mut insert = connection.prepare(&insert).map_err(sql_failed)?;
        let mut fields = columns
            .iter()
            .map(|column| Field::of(connection, column))
            .collect::<Result<Vec<_>, _>>()
            .map_err(sql_failed)?;

        let mut rows = 0;
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| self.unreadable(&error))? {
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != fields.len() {
                return Err(format!("Line {line} of {at} has {} fields, not {}.", record.len(), fields.len()));
            }
            let mut cells = Vec::with_capacity(fields.len());
            for (field, text) in fields.iter_mut().zip(&record) {
                let cell = if text == self.null { Ok(Cell::Null) } else { field.cell(text) };
                cells.push(cell.map_err(|takes| {
                    format!(
                        "Line {line} of {at}: `{text}` is not a value of column `{}`, which takes {takes}.",
                        field.name
                    )
                })?);
            }
            insert
                .execute(params_from_iter(cells))
                .map_err(|error| format!("Line {line} of {at}: {}.", message(&error)))?;
            rows += 1;
            if rows % ROWS == 0
                && let Some(why) = limit.reached()
            {
                return Err(why);
            }
        }
        Ok(rows)
    }

    /// The table's columns; a missing table is made where its columns are given.
    fn shape(&self, connection: &Connection) -> Result<Shape, String> {
        let look = || inspect::shape(connection, &self.table).map_err(|failure| format!("{failure}."));
        if let Some(shape) = look()? {
            return Ok(shape);
        }
        if self.columns.is_empty() {
            return Err(format!(
                "There is no table `{}` to load {} into. Declare it with a `local_table` resource and refer to its \
                 name, or give `columns` to create it here.",
                self.table,
                self.source.display()
            ));
        }
        let column = |(name, ty): &(String, ColumnType)| Column {
            name: name.clone(),
            ty: ty.clone(),
            nullable: true,
            default: None,
        };
        let shape = Shape { columns: self.columns.iter().map(column).collect(), primary_key: Vec::new() };
        connection
            .execute(&shape.create_sql(&self.table), [])
            .map_err(|error| format!("Creating table `{}`: {}.", self.table, message(&error)))?;
        Ok(shape)
    }

    /// The columns that the header names, in its order.
    fn named<'s>(&self, shape: &'s Shape, header: &StringRecord) -> Result<Vec<&'s Column>, String> {
        let known = || shape.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let mut found: Vec<&Column> = Vec::new();
        for name in header {
            // Spreadsheets put a byte order mark before the first name.
            let name = name.trim_start_matches('\u{feff}').trim();
            let column = shape.column(name).ok_or_else(|| {
                format!(
                    "The header of {} names a column `{name}`, which table `{}` does not have. It has: {}. Where the \
                     file has no header, set `header = false`.",
                    self.source.display(),
                    self.table,
                    known()
                )
            })?;
            if found.iter().any(|earlier| earlier.has_name(name)) {
                return Err(format!("The header of {} names `{name}` twice.", self.source.display()));
            }
            found.push(column);
        }
        Ok(found)
    }

    fn unreadable(&self, error: &csv::Error) -> String {
        let at = self.source.display();
        match error.kind() {
            csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
                let line = pos.as_ref().map_or(0, csv::Position::line);
                format!("Line {line} of {at} has {len} fields, the lines before it {expected_len}.")
            }
            csv::ErrorKind::Utf8 { pos, .. } => {
                let line = pos.as_ref().map_or(0, csv::Position::line);
                format!("Line {line} of {at} is not UTF-8 text. Convert the file, for instance with `iconv -t UTF-8`.")
            }
            _ => format!("Can't read {at}: {error}."),
        }
    }
}

/// A column as the target of text.
struct Field<'c> {
    name: &'c str,
    ty: &'c ColumnType,
    /// Asks SQLite whether a text is a value of the type, where only SQLite knows.
    check: Option<Statement<'c>>,
}

impl<'c> Field<'c> {
    fn of(connection: &'c Connection, column: &'c Column) -> rusqlite::Result<Self> {
        let check = column.ty.check("?1").filter(|_| column.ty.is_checked_text());
        let check = check.map(|condition| connection.prepare(&format!("SELECT {condition}"))).transpose()?;
        Ok(Self { name: &column.name, ty: &column.ty, check })
    }

    /// The text as a value of the column; the error says what the column takes.
    fn cell(&mut self, text: &str) -> Result<Cell, String> {
        let cell = match self.ty {
            ColumnType::String | ColumnType::Other(_) => Some(Cell::Text(text.to_owned())),
            ColumnType::Integer => text.trim().parse().ok().map(Cell::Integer),
            ColumnType::Number | ColumnType::Decimal(_) => self.ty.number(text.trim()).map(Cell::Real),
            ColumnType::Boolean => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "t" | "1" | "yes" => Some(Cell::Integer(1)),
                "false" | "f" | "0" | "no" => Some(Cell::Integer(0)),
                _ => None,
            },
            ColumnType::Binary => hex::decode(text).ok().map(Cell::Blob),
            ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Uuid
            | ColumnType::Json
            | ColumnType::Array(_) => {
                let holds = match &mut self.check {
                    Some(check) => check.query_row([text], |row| row.get(0)).unwrap_or(false),
                    None => true,
                };
                holds.then(|| Cell::Text(text.to_owned()))
            }
        };
        cell.ok_or_else(|| self.ty.takes())
    }
}
