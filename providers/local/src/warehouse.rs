//! `local_warehouse`: a SQLite database file, the relational storage of a machine without any service.

pub mod catalog;
pub mod connection;
pub mod file;
pub mod object;

use std::path::Path;

use mesh_provider::{Block, ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType};
use mesh_value::{AttributePath, Value};

use crate::paths;
use crate::provider::Local;
use connection::{Access, in_turn, with_existing, with_warehouse};
use file::{Journal, Settings};

/// A SQLite database file for tables and views.
///
/// Creating it makes the directories above it where they are missing, and refuses a file that already exists; to take a
/// database over, import it under its path. A table `_mesh_catalog` in it tells which creation made the file and what is
/// in it: it is how a creation that was interrupted is found again.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Where the file is. A relative path starts at the provider's `base_dir` and stays inside it.
    #[mesh(replace)]
    pub path: String,
    /// Whether deleting the warehouse deletes tables that hold rows too. Without it, such a warehouse is not deleted.
    #[mesh(default = false)]
    pub force_destroy: bool,
    /// `wal`: readers go on while a job writes; needs a local file system, and readers who may write beside the file.
    /// `delete`: readers wait while a job commits; works on network file systems and for readers who may only read.
    #[mesh(default = "wal")]
    pub journal_mode: String,
    /// The most bytes that the file may take, for everything that mesh runs on it; no limit where it is left out.
    pub quota_bytes: Option<u64>,
    /// The file's absolute path.
    pub id: Computed<String>,
    /// The file as a `sqlite://` URL.
    pub location: Computed<String>,
}

/// The resource type `local_warehouse`.
pub(crate) struct WarehouseType;

impl Warehouse {
    fn settings(&self) -> Result<Settings, Failure> {
        match Journal::from_name(&self.journal_mode) {
            Some(journal) => Ok(Settings { journal, quota: self.quota_bytes }),
            None => Err(Failure(vec![unknown_journal(&self.journal_mode)])),
        }
    }

    /// The warehouse as the file system has it.
    fn seen(self, path: &Path, settings: Settings) -> Self {
        Self {
            journal_mode: settings.journal.name().to_owned(),
            quota_bytes: settings.quota,
            id: Computed::Known(id(path)),
            location: Computed::Known(location(path)),
            ..self
        }
    }
}

/// The id of the warehouse at a path.
#[must_use]
pub fn id(path: &Path) -> String {
    path.display().to_string()
}

/// The URL of the warehouse at a path; its tables and views add `#name`.
#[must_use]
pub fn location(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

impl ResourceType for WarehouseType {
    const NAME: &'static str = "local_warehouse";
    type Model = Warehouse;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let journal = config.get("journal_mode").and_then(Value::as_str);
        journal.filter(|name| Journal::from_name(name).is_none()).map(unknown_journal).into_iter().collect()
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        let Some(path) = draft.planned_as::<String>("path") else { return };
        match local.resolve("path", &path) {
            Ok(path) if draft.changes("path") => {
                draft.set("id", &id(&path));
                draft.set("location", &location(&path));
                if let Some(before) = draft.prior_as::<String>("path") {
                    plan_replacement(local, draft, &before).await;
                }
            }
            Ok(_) => {}
            Err(failure) => failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
        }
    }

    async fn create(
        local: &Local,
        planned: Warehouse,
        operation: &Operation,
    ) -> Result<Warehouse, ChangeError<Warehouse>> {
        let path = local.resolve("path", &planned.path)?;
        let settings = planned.settings()?;
        let token = operation.token.clone();
        let created = in_turn(path, move |path| {
            file::create(path, settings, &token)?;
            Ok(planned.seen(path, settings))
        });
        Ok(created.await?)
    }

    async fn read(local: &Local, current: Vec<Warehouse>) -> Vec<Result<Option<Warehouse>, Failure>> {
        mesh_provider::one_by_one(current, |warehouse| async move {
            let path = local.resolve("path", &warehouse.path)?;
            let settings = with_existing(path.clone(), Access::Read, |connection| file::settings(connection)).await?;
            Ok(settings.map(|settings| warehouse.seen(&path, settings)))
        })
        .await
    }

    async fn update(
        local: &Local,
        _prior: Warehouse,
        planned: Warehouse,
        _operation: &Operation,
    ) -> Result<Warehouse, ChangeError<Warehouse>> {
        let path = local.resolve("path", &planned.path)?;
        let settings = planned.settings()?;
        with_warehouse(path.clone(), Access::Write, move |connection| file::change_settings(connection, settings))
            .await?;
        Ok(planned.seen(&path, settings))
    }

    async fn delete(local: &Local, prior: Warehouse, _operation: &Operation) -> Result<(), Failure> {
        let path = local.resolve("path", &prior.path)?;
        let base_dir = local.base_dir().to_path_buf();
        in_turn(path, move |path| {
            file::delete(path, prior.force_destroy)?;
            paths::remove_empty_parents(path, &base_dir);
            Ok(())
        })
        .await
    }

    async fn locate(local: &Local, planned: Warehouse, token: &str) -> Result<Found<Warehouse>, Failure> {
        let path = local.resolve("path", &planned.path)?;
        let token = token.to_owned();
        in_turn(path, move |path| {
            if path.exists() && file::is_made_by(path, &token)? {
                let settings = file::settings(&connection::open(path, Access::Read)?)?;
                return Ok(Found::Complete(planned.seen(path, settings)));
            }
            file::abandon(path, &token)?;
            Ok(Found::Absent)
        })
        .await
    }

    async fn import(local: &Local, id: &str) -> Result<Warehouse, Failure> {
        let path = local.resolve("path", id)?;
        let settings = with_existing(path.clone(), Access::Read, |connection| file::settings(connection)).await?;
        let Some(settings) = settings else {
            let detail = format!("There is no file {}. A warehouse's import id is its path.", path.display());
            return Err(Failure::new("Nothing to import", detail));
        };
        let warehouse = Warehouse {
            path: id.to_owned(),
            force_destroy: false,
            journal_mode: String::new(),
            quota_bytes: None,
            id: Computed::Unknown,
            location: Computed::Unknown,
        };
        Ok(warehouse.seen(&path, settings))
    }
}

/// Says what the replacement of a warehouse by one elsewhere would lose.
async fn plan_replacement(local: &Local, draft: &mut Draft<'_>, before: &str) {
    let Ok(path) = local.resolve("path", before) else { return };
    match with_existing(path, Access::Read, |connection| file::filled_tables(connection)).await {
        Ok(filled) => {
            for table in filled.unwrap_or_default() {
                draft.lose(AttributePath::attr("path"), format!("Table `{table}` is deleted with its rows."));
            }
        }
        Err(failure) => failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
    }
}

fn unknown_journal(name: &str) -> ProviderDiagnostic {
    let detail = format!("`journal_mode` is \"wal\" or \"delete\"; it is {name:?}.");
    ProviderDiagnostic::error("Invalid journal mode", detail).at(AttributePath::attr("journal_mode"))
}

#[cfg(test)]
mod tests;
