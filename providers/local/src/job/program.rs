//! What a job runs: its arguments checked, its paths resolved.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mesh_provider::{Failure, Stop, blocking};
use mesh_value::AttributePath;

use super::command::CommandRun;
use super::files::Files;
use super::load::Load;
use super::model::{Job, LoadBlock, LoadColumn};
use super::outcome::{Broken, Limit, Output};
use super::sql::SqlRun;
use crate::provider::Local;
use crate::table::column_type::ColumnType;
use crate::warehouse::connection::{Access, with_warehouse};

/// What to run, checked and with its paths resolved.
pub enum Run {
    Command(CommandRun),
    Sql(PathBuf, SqlRun),
}

impl Run {
    /// Resolves what a job says.
    ///
    /// # Errors
    /// Where a path leads out of the base directory, or there is nothing to run.
    pub fn of(local: &Local, job: &Job) -> Result<Self, Failure> {
        if let Some(command) = &job.command {
            let working_dir = match &job.working_dir {
                Some(dir) => local.resolve("working_dir", dir)?,
                None => local.base_dir().to_path_buf(),
            };
            let env = job.env.clone().unwrap_or_default();
            return Ok(Self::Command(CommandRun { command: command.clone(), env, working_dir }));
        }
        let warehouse = job.warehouse.as_deref().ok_or_else(|| {
            let detail = "The job has neither a `command` nor a `warehouse` to run `sql` on. Give one of them.";
            Failure::new("Nothing to run", detail)
        })?;
        let loads = job.load.iter().map(|load| load.resolved(local)).collect::<Result<_, _>>()?;
        let run = SqlRun { loads, script: job.sql.clone(), result: job.result_sql.clone() };
        Ok(Self::Sql(local.resolve("warehouse", warehouse)?, run))
    }

    /// Runs to the end. The outer error is one of the platform, the inner one of the program.
    pub async fn run(
        self,
        files: Files,
        timeout: (Duration, Arc<str>),
        stop: Stop,
    ) -> Result<Result<Output, Broken>, Failure> {
        let limit = move || {
            let (length, timeout) = timeout;
            Limit { deadline: Instant::now().checked_add(length), timeout, stop }
        };
        match self {
            Self::Command(run) => {
                blocking(move || {
                    let log = files.start_log()?;
                    Ok(run.run(&files, log, &limit()))
                })
                .await
            }
            Self::Sql(warehouse, run) => {
                let mut log = files.start_log()?;
                with_warehouse(warehouse, Access::Write, move |connection| Ok(run.run(connection, &mut log, &limit())))
                    .await
            }
        }
    }
}

impl LoadBlock {
    fn resolved(&self, local: &Local) -> Result<Load, Failure> {
        let wrong = |detail: String| Failure::new("Invalid load", detail).at(&AttributePath::attr("load"));
        let column = |column: &LoadColumn| {
            let ty = ColumnType::from_name(&column.ty).ok_or_else(|| wrong(column_type(&column.ty)))?;
            Ok::<_, Failure>((column.name.clone(), ty))
        };
        Ok(Load {
            table: self.table.clone(),
            source: local.resolve("load", &self.source)?,
            header: self.header.unwrap_or(true),
            delimiter: delimiter(self.delimiter.as_deref().unwrap_or(",")).map_err(wrong)?,
            null: self.null.clone().unwrap_or_default(),
            replace: self.mode.as_deref() != Some("append"),
            columns: self.columns.iter().flatten().map(column).collect::<Result<_, _>>()?,
        })
    }
}

/// The byte of a delimiter.
pub fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err(format!("`delimiter` is one ASCII character such as \",\" or \"\\t\"; it is {text:?}.")),
    }
}

/// What is said of a column type that there isn't.
pub fn column_type(name: &str) -> String {
    format!("There is no column type `{name}`. There are: {}.", ColumnType::names())
}
