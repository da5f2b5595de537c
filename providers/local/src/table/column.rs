//! Columns and the shape of a table, as SQL and back.

use crate::table::column_type::ColumnType;
use crate::warehouse::connection::identifier;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; SQLite doesn't tell upper from lower case.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// Whether NULL may stand in it.
    pub nullable: bool,
    /// The SQL of what stands in it where an insertion names no value.
    pub default: Option<String>,
}

impl Column {
    /// Its definition in `CREATE TABLE` and `ADD COLUMN`.
    #[must_use]
    pub fn definition(&self) -> String {
        let name = identifier(&self.name);
        let mut sql = format!("{name} {}", self.ty.declared());
        if !self.nullable {
            sql.push_str(" NOT NULL");
        }
        if let Some(default) = &self.default {
            sql.push_str(&format!(" DEFAULT {default}"));
        }
        if let Some(condition) = self.ty.check(&name) {
            // The constraint's name is what SQLite says where a value is refused.
            let rule = identifier(&format!("{} is {}", self.name, self.ty));
            sql.push_str(&format!(" CONSTRAINT {rule} CHECK ({condition})"));
        }
        sql
    }

    /// Whether both are the same column to SQLite.
    #[must_use]
    pub fn has_name(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// What a table is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The names of the columns that tell rows apart, in order; empty for none.
    pub primary_key: Vec<String>,
}

impl Shape {
    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.has_name(name))
    }

    /// Whether both have the same key.
    #[must_use]
    pub fn has_key_of(&self, other: &Self) -> bool {
        self.primary_key.len() == other.primary_key.len()
            && self.primary_key.iter().zip(&other.primary_key).all(|(left, right)| left.eq_ignore_ascii_case(right))
    }

    /// The statement that creates a table of this shape.
    #[must_use]
    pub fn create_sql(&self, table: &str) -> String {
        let mut lines: Vec<_> = self.columns.iter().map(Column::definition).collect();
        if !self.primary_key.is_empty() {
            let key: Vec<_> = self.primary_key.iter().map(|name| identifier(name)).collect();
            lines.push(format!("PRIMARY KEY ({})", key.join(", ")));
        }
        format!("CREATE TABLE {} (\n  {}\n)", identifier(table), lines.join(",\n  "))
    }
}
