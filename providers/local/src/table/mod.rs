//! `local_table`: a table whose columns hold their types, changed without losing a row unless that was allowed.

pub mod alter;
pub mod change;
pub mod column;
pub mod column_type;
pub mod inspect;
mod plan;
mod validate;

use std::collections::BTreeMap;
use std::path::PathBuf;

use mesh_provider::{Block, ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType};
use mesh_value::{AttributePath, Value};
use rusqlite::Connection;

use crate::provider::Local;
use crate::warehouse::catalog::Kind;
use crate::warehouse::connection::{Access, with_existing, with_warehouse};
use crate::warehouse::object::{Place, creation};
use column::{Column, Shape};
use column_type::ColumnType;

/// A table in a warehouse, whose columns take only values of their types.
///
/// Changes are made in place wherever every stored row keeps each of its values: new columns that are nullable or have a
/// default, columns that become nullable, other types, defaults and keys that all stored values already fit, another
/// order, another name. Any other change makes the table anew. Where it holds rows then, the plan says what is lost, and
/// is refused without `allow_data_loss`.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The warehouse that it is in: the `id` or `path` of a `local_warehouse`.
    #[mesh(replace)]
    pub warehouse: String,
    /// Its name in the warehouse.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<TableColumn>,
    /// The names of the columns that tell rows apart. They are not nullable.
    pub primary_key: Option<Vec<String>>,
    /// Whether rows may be lost where a change or a deletion needs it.
    #[mesh(default = false)]
    pub allow_data_loss: bool,
    /// What tells this table from an earlier one of the same name: use it to trigger what fills the table. Null where
    /// something else made the table.
    pub creation: Computed<String>,
    /// The warehouse's id and the table's name, joined by `#`.
    pub id: Computed<String>,
    /// The table as a `sqlite://` URL.
    pub location: Computed<String>,
}

/// A column of a table.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name. SQLite doesn't tell upper from lower case.
    pub name: String,
    /// A type that columns of contracts have: `string`, `integer`, `number`, `decimal`, `decimal(10,2)` of up to 15
    /// digits, `boolean`, `date`, `time`, `timestamp`, `uuid`, `json`, `binary` or `array(TYPE)`.
    pub r#type: String,
    /// Whether NULL may stand in it. Where it is left out: yes, except in the primary key.
    pub nullable: Option<bool>,
    /// What it means.
    pub description: Option<String>,
    /// What stands in it where an insertion names no value, as a person writes it: `0`, `true`, `2026-03-01`; binary as
    /// hexadecimal digits.
    pub default: Option<String>,
}

/// The resource type `local_table`.
pub(crate) struct TableType;

impl TableColumn {
    /// The column that is meant, in a table with this primary key.
    ///
    /// # Errors
    /// Why its default is none, as a sentence.
    fn meant(&self, primary_key: &[String]) -> Result<Column, String> {
        let ty = ColumnType::from_name(&self.r#type).unwrap_or_else(|| ColumnType::Other(self.r#type.clone()));
        let in_key = primary_key.iter().any(|name| name.eq_ignore_ascii_case(&self.name));
        Ok(Column {
            name: self.name.clone(),
            nullable: self.nullable.unwrap_or(!in_key),
            default: self.default.as_deref().map(|text| ty.default_sql(text)).transpose()?,
            ty,
        })
    }
}

impl Table {
    /// The shape that is meant.
    ///
    /// # Errors
    /// A default that its column doesn't take.
    fn shape(&self) -> Result<Shape, Failure> {
        let primary_key = self.primary_key.clone().unwrap_or_default();
        let columns = self.columns.iter().map(|column| column.meant(&primary_key)).collect::<Result<Vec<_>, _>>();
        match columns {
            Ok(columns) => Ok(Shape { columns, primary_key }),
            Err(why) => Err(Failure::new("Invalid default", why).at(&AttributePath::attr("columns"))),
        }
    }

    /// The table as the warehouse has it; what says the same as before stays as it was written.
    fn seen(self, place: &Place, stored: Stored) -> Self {
        let Stored { shape, creation } = stored;
        let key_before = self.primary_key.clone().unwrap_or_default();
        let columns = shape.columns.iter().map(|column| {
            let before = self.columns.iter().find(|before| column.has_name(&before.name));
            match before {
                Some(before) if before.meant(&key_before).as_ref() == Ok(column) => before.clone(),
                _ => TableColumn {
                    name: column.name.clone(),
                    r#type: column.ty.to_string(),
                    nullable: Some(column.nullable),
                    description: before.and_then(|before| before.description.clone()),
                    default: column.default.as_ref().map(|sql| column.ty.default_text(sql)),
                },
            }
        });
        let columns = columns.collect();
        let same_key = Shape { columns: Vec::new(), primary_key: key_before }.has_key_of(&shape);
        Self {
            columns,
            primary_key: if same_key { self.primary_key } else { Some(shape.primary_key) },
            creation: Computed::from(creation),
            id: Computed::Known(place.id()),
            location: Computed::Known(place.location()),
            ..self
        }
    }

    fn place(&self, local: &Local) -> Result<Place, Failure> {
        Place::of(local, &self.warehouse, &self.name)
    }

    async fn found(self, local: &Local) -> Result<Option<Self>, Failure> {
        let place = self.place(local)?;
        let stored = stored(place.warehouse.clone(), vec![place.name.clone()]).await?.pop().flatten();
        Ok(stored.map(|stored| self.seen(&place, stored)))
    }
}

impl ResourceType for TableType {
    const NAME: &'static str = "local_table";
    type Model = Table;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        validate::problems(config)
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        Place::plan(local, draft);
        plan::plan(local, draft).await;
    }

    async fn create(local: &Local, planned: Table, operation: &Operation) -> Result<Table, ChangeError<Table>> {
        let (place, shape) = (planned.place(local)?, planned.shape()?);
        let (name, token) = (place.name.clone(), operation.token.clone());
        let made = with_warehouse(place.warehouse.clone(), Access::Write, move |connection| {
            alter::create(connection, &name, &shape, &token)?;
            Ok(Stored { shape, creation: Some(token) })
        });
        Ok(planned.seen(&place, made.await?))
    }

    /// Looks into each warehouse once, for all of its tables.
    async fn read(local: &Local, current: Vec<Table>) -> Vec<Result<Option<Table>, Failure>> {
        let places: Vec<_> = current.iter().map(|table| table.place(local)).collect();
        let mut asked: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
        for place in places.iter().flatten() {
            asked.entry(place.warehouse.clone()).or_default().push(place.name.clone());
        }
        let mut found = BTreeMap::new();
        for (warehouse, names) in asked {
            let tables = stored(warehouse.clone(), names).await.map(Vec::into_iter);
            found.insert(warehouse, tables);
        }
        let answer = |(table, place): (Table, Result<Place, Failure>)| {
            let place = place?;
            match found.get_mut(&place.warehouse) {
                Some(Ok(tables)) => Ok(tables.next().flatten().map(|stored| table.seen(&place, stored))),
                Some(Err(failure)) => Err(failure.clone()),
                None => Ok(None),
            }
        };
        current.into_iter().zip(places).map(answer).collect()
    }

    async fn update(
        local: &Local,
        prior: Table,
        planned: Table,
        _operation: &Operation,
    ) -> Result<Table, ChangeError<Table>> {
        let (place, shape) = (planned.place(local)?, planned.shape()?);
        let (name, creation) = (place.name.clone(), prior.creation.into_known());
        let changed = with_warehouse(place.warehouse.clone(), Access::Write, move |connection| {
            alter::change(connection, &prior.name, &name, &shape)?;
            Ok(Stored { shape, creation })
        });
        Ok(planned.seen(&place, changed.await?))
    }

    async fn delete(local: &Local, prior: Table, operation: &Operation) -> Result<(), Failure> {
        let place = prior.place(local)?;
        // A replacement deletes the table as it was before: what its plan allowed is in the bytes that came with it.
        let allowed = prior.allow_data_loss || operation.private() == plan::LOSS_ALLOWED;
        with_existing(place.warehouse, Access::Write, move |connection| {
            alter::remove(connection, &place.name, allowed)
        })
        .await?;
        Ok(())
    }

    async fn locate(local: &Local, planned: Table, token: &str) -> Result<Found<Table>, Failure> {
        let place = planned.place(local)?;
        let token = token.to_owned();
        let ours = with_existing(place.warehouse, Access::Read, move |connection| {
            Ok(creation(connection, Kind::Table, &place.name)? == Some(token))
        });
        if ours.await? != Some(true) {
            return Ok(Found::Absent);
        }
        Ok(planned.found(local).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(local: &Local, id: &str) -> Result<Table, Failure> {
        let (place, warehouse) = Place::of_id(local, id)?;
        let table = Table {
            warehouse: warehouse.to_owned(),
            name: place.name,
            columns: Vec::new(),
            primary_key: None,
            allow_data_loss: false,
            creation: Computed::Unknown,
            id: Computed::Unknown,
            location: Computed::Unknown,
        };
        table.found(local).await?.ok_or_else(|| {
            let detail = format!("There is no table `{id}`. A table's import id is WAREHOUSE#NAME.");
            Failure::new("Nothing to import", detail)
        })
    }
}

/// A table as the warehouse has it.
#[derive(Clone, Debug)]
struct Stored {
    shape: Shape,
    /// The token of the creation that made it.
    creation: Option<String>,
}

/// Tables of one warehouse, in the order asked; `None` for those that are not there.
async fn stored(warehouse: PathBuf, names: Vec<String>) -> Result<Vec<Option<Stored>>, Failure> {
    let asked = names.len();
    let look = |connection: &Connection, name: &String| {
        let Some(shape) = inspect::shape(connection, name)? else { return Ok(None) };
        Ok(Some(Stored { shape, creation: creation(connection, Kind::Table, name)? }))
    };
    let tables = with_existing(warehouse, Access::Read, move |connection| {
        names.iter().map(|name| look(connection, name)).collect()
    });
    Ok(tables.await?.unwrap_or_else(|| vec![None; asked]))
}

#[cfg(test)]
mod tests;
