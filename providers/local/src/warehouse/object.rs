//! What tables and views have in common: a place in a warehouse, with an id and a location that follow from it.

use std::path::PathBuf;

use mesh_provider::{Draft, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};
use rusqlite::Connection;

use super::catalog::{self, Kind};
use super::connection::failure;
use super::location;
use crate::provider::Local;

/// Where a table or view is.
pub struct Place {
    /// The warehouse's file.
    pub warehouse: PathBuf,
    /// The name inside.
    pub name: String,
}

impl Place {
    /// The place that the arguments `warehouse` and `name` mean.
    ///
    /// # Errors
    /// A path that leads nowhere.
    pub fn of(local: &Local, warehouse: &str, name: &str) -> Result<Self, Failure> {
        Ok(Self { warehouse: local.resolve("warehouse", warehouse)?, name: name.to_owned() })
    }

    /// The place of an import id `WAREHOUSE#NAME`; also the warehouse as it is written there.
    ///
    /// # Errors
    /// An id of another form.
    pub fn of_id<'a>(local: &Local, id: &'a str) -> Result<(Self, &'a str), Failure> {
        match id.rsplit_once('#') {
            Some((warehouse, name)) if !warehouse.is_empty() && !name.is_empty() => {
                Ok((Self::of(local, warehouse, name)?, warehouse))
            }
            _ => Err(Failure::new(
                "Invalid import id",
                format!("The id of a table or view is WAREHOUSE#NAME, such as data/orders.db#orders; it is `{id}`."),
            )),
        }
    }

    /// The id of a table or view there.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}#{}", self.warehouse.display(), self.name)
    }

    /// The URL of a table or view there.
    #[must_use]
    pub fn location(&self) -> String {
        format!("{}#{}", location(&self.warehouse), self.name)
    }

    /// Plans `id` and `location` of a table or view, which follow from where it is.
    pub fn plan(local: &Local, draft: &mut Draft<'_>) {
        if !draft.changes("warehouse") && !draft.changes("name") {
            return;
        }
        let (warehouse, name) = (draft.planned_as::<String>("warehouse"), draft.planned_as::<String>("name"));
        let Some((warehouse, name)) = warehouse.zip(name) else {
            draft.set_unknown("id");
            draft.set_unknown("location");
            return;
        };
        match Self::of(local, &warehouse, &name) {
            Ok(place) => {
                draft.set("id", &place.id());
                draft.set("location", &place.location());
            }
            Err(failure) => failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
        }
    }
}

/// The problem with the argument `name` of a table or view, if it is known and nothing may have that name.
#[must_use]
pub fn reserved_name(what: &str, config: &Value) -> Option<ProviderDiagnostic> {
    let name = config.get("name").and_then(Value::as_str)?;
    let starts_with = |prefix: &str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    let detail = if name.is_empty() {
        format!("A {what}'s name must not be empty.")
    } else if starts_with("sqlite_") || starts_with("_mesh_") {
        format!("`{name}` is kept for SQLite and mesh: names must not start with `sqlite_` or `_mesh_`.")
    } else {
        return None;
    };
    Some(ProviderDiagnostic::error(format!("Invalid {what} name"), detail).at(AttributePath::attr("name")))
}

/// The token of the creation that made a table or view; `None` where something else made it.
///
/// # Errors
/// Where SQLite fails.
pub fn creation(connection: &Connection, kind: Kind, name: &str) -> Result<Option<String>, Failure> {
    catalog::note(connection, kind, name).map_err(|error| failure(&error, &format!("Looking up `{name}`")))
}
