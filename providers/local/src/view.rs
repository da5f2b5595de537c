//! `local_view`: a named query in a warehouse.

pub mod sql;

use mesh_provider::{Block, ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType};
use mesh_value::{AttributePath, Value};

use crate::provider::Local;
use crate::warehouse::catalog::Kind;
use crate::warehouse::connection::{Access, with_existing, with_warehouse};
use crate::warehouse::object::{Place, creation, reserved_name};
use sql::ViewText;

/// A named query in a warehouse.
///
/// A change of its name or query replaces it in one transaction, so that readers never miss it. The query must work
/// when it is created: refer to the tables that it reads, so that they are made before it.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The warehouse that it is in: the `id` or `path` of a `local_warehouse`.
    #[mesh(replace)]
    pub warehouse: String,
    /// Its name in the warehouse.
    pub name: String,
    /// The query: one SELECT statement in SQLite's SQL. Layout makes no difference.
    pub sql: String,
    /// The names of the columns that the query yields; empty where it doesn't work at present.
    #[mesh(computed_on_change)]
    pub columns: Computed<Vec<String>>,
    /// The warehouse's id and the view's name, joined by `#`.
    pub id: Computed<String>,
    /// The view as a `sqlite://` URL.
    pub location: Computed<String>,
}

/// The resource type `local_view`.
pub(crate) struct ViewType;

impl View {
    /// The view as the warehouse has it; the query as it was written where the two say the same.
    fn seen(self, local: &Local, text: ViewText) -> Result<Self, Failure> {
        let place = Place::of(local, &self.warehouse, &self.name)?;
        let sql = if sql::normalised(&self.sql) == sql::normalised(&text.sql) { self.sql } else { text.sql };
        Ok(Self {
            sql,
            columns: Computed::Known(text.columns),
            id: Computed::Known(place.id()),
            location: Computed::Known(place.location()),
            ..self
        })
    }

    async fn found(self, local: &Local) -> Result<Option<Self>, Failure> {
        let place = Place::of(local, &self.warehouse, &self.name)?;
        let text = with_existing(place.warehouse, Access::Read, move |connection| sql::read(connection, &place.name));
        text.await?.flatten().map(|text| self.seen(local, text)).transpose()
    }
}

impl ResourceType for ViewType {
    const NAME: &'static str = "local_view";
    type Model = View;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        reserved_name("view", config).into_iter().collect()
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        Place::plan(local, draft);
    }

    async fn create(local: &Local, planned: View, operation: &Operation) -> Result<View, ChangeError<View>> {
        let place = Place::of(local, &planned.warehouse, &planned.name)?;
        let (query, token) = (planned.sql.clone(), operation.token.clone());
        let text = with_warehouse(place.warehouse, Access::Write, move |connection| {
            sql::create(connection, &place.name, &query, &token)?;
            sql::read(connection, &place.name)
        });
        written(local, planned, text.await?)
    }

    async fn read(local: &Local, current: Vec<View>) -> Vec<Result<Option<View>, Failure>> {
        mesh_provider::one_by_one(current, |view| view.found(local)).await
    }

    async fn update(
        local: &Local,
        prior: View,
        planned: View,
        _operation: &Operation,
    ) -> Result<View, ChangeError<View>> {
        let place = Place::of(local, &planned.warehouse, &planned.name)?;
        let query = planned.sql.clone();
        let text = with_warehouse(place.warehouse, Access::Write, move |connection| {
            sql::change(connection, &prior.name, &place.name, &query)?;
            sql::read(connection, &place.name)
        });
        written(local, planned, text.await?)
    }

    async fn delete(local: &Local, prior: View, _operation: &Operation) -> Result<(), Failure> {
        let place = Place::of(local, &prior.warehouse, &prior.name)?;
        with_existing(place.warehouse, Access::Write, move |connection| sql::remove(connection, &place.name)).await?;
        Ok(())
    }

    async fn locate(local: &Local, planned: View, token: &str) -> Result<Found<View>, Failure> {
        let place = Place::of(local, &planned.warehouse, &planned.name)?;
        let token = token.to_owned();
        let ours = with_existing(place.warehouse, Access::Read, move |connection| {
            Ok(creation(connection, Kind::View, &place.name)? == Some(token))
        });
        if ours.await? != Some(true) {
            return Ok(Found::Absent);
        }
        Ok(planned.found(local).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(local: &Local, id: &str) -> Result<View, Failure> {
        let (place, warehouse) = Place::of_id(local, id)?;
        let view = View {
            warehouse: warehouse.to_owned(),
            name: place.name,
            sql: String::new(),
            columns: Computed::Unknown,
            id: Computed::Unknown,
            location: Computed::Unknown,
        };
        view.found(local).await?.ok_or_else(|| {
            Failure::new("Nothing to import", format!("There is no view `{id}`. A view's import id is WAREHOUSE#NAME."))
        })
    }
}

fn written(local: &Local, planned: View, text: Option<ViewText>) -> Result<View, ChangeError<View>> {
    match text {
        Some(text) => Ok(planned.seen(local, text)?),
        None => Err(Failure::new(
            "View not found",
            format!("View `{}` was removed as soon as it was made. Apply again.", planned.name),
        )
        .at(&AttributePath::attr("name"))
        .into()),
    }
}

#[cfg(test)]
mod tests;
