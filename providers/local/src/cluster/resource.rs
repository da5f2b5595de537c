//! The resource type: what can be wrong with a cluster, how it is planned, and which operation does what.

use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType, blocking, duration,
};
use mesh_value::{AttributePath, Value};

use super::model::{Cluster, Member, default_run_dir};
use super::place::Place;
use super::run_dir::RunDir;
use super::workers::WorkerState;
use crate::paths;
use crate::provider::Local;

/// The resource type `local_cluster`.
pub struct ClusterType;

impl ResourceType for ClusterType {
    const NAME: &'static str = "local_cluster";
    type Model = Cluster;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut found = Vec::new();
        let mut wrong = |name: &str, summary: &str, detail: String| {
            found.push(ProviderDiagnostic::error(summary, detail).at(AttributePath::attr(name)));
        };
        let text = |name: &str| config.get(name).and_then(Value::as_str);
        for name in ["stop_timeout", "ready_after"] {
            if let Some(Err(why)) = text(name).map(duration::parse) {
                wrong(name, "Invalid duration", why);
            }
        }
        if let Some(name) = text("name").filter(|name| !is_name(name)) {
            let detail = format!(
                "`{name}` can't name a cluster: use letters, digits, `.`, `_` and `-`, the first a letter or digit, and at \
                 most 64 of them."
            );
            wrong("name", "Invalid cluster name", detail);
        }
        if config.get("command").and_then(Value::as_slice).is_some_and(<[Value]>::is_empty) {
            wrong("command", "Command missing", "`command` needs at least the program to run.".to_owned());
        }
        found
    }

    async fn plan(_local: &Local, draft: &mut Draft<'_>) {
        if !draft.is_create() {
            let healthy =
                |members: Vec<Member>| members.iter().all(|member| member.state == WorkerState::Running.name());
            let restarts = ["command", "env", "working_dir", "workers"].iter().any(|name| draft.changes(name));
            if restarts || !draft.prior_as("members").is_some_and(healthy) {
                draft.set_unknown("members");
            }
        } else if draft.config("run_dir").is_null()
            && let Some(name) = draft.planned_as::<String>("name")
        {
            draft.set("run_dir", &default_run_dir(&name));
        }
        match draft.planned_as::<u32>("workers") {
            Some(workers) => draft.set("workers_running", &workers),
            None => draft.set_unknown("workers_running"),
        }
    }

    async fn create(local: &Local, planned: Cluster, operation: &Operation) -> Result<Cluster, ChangeError<Cluster>> {
        let place = Place::of(local, &planned, &operation.token)?;
        let signal = operation.stop.clone();
        blocking(move || place.create(planned, &signal)).await
    }

    async fn read(local: &Local, current: Vec<Cluster>) -> Vec<Result<Option<Cluster>, Failure>> {
        let places: Vec<_> = current.iter().map(|model| Place::of(local, model, model.token())).collect();
        let asked = current.len();
        let read = blocking(move || {
            let read = |(model, place): (Cluster, Result<Place, Failure>)| place?.read(model);
            Ok::<_, Failure>(current.into_iter().zip(places).map(read).collect())
        });
        read.await.unwrap_or_else(|failure| (0..asked).map(|_| Err(failure.clone())).collect())
    }

    async fn update(
        local: &Local,
        prior: Cluster,
        planned: Cluster,
        operation: &Operation,
    ) -> Result<Cluster, ChangeError<Cluster>> {
        let place = Place::of(local, &planned, prior.token())?;
        let (signal, progress) = (operation.stop.clone(), operation.progress.clone());
        blocking(move || place.update(planned, &signal, progress)).await
    }

    async fn delete(local: &Local, prior: Cluster, _operation: &Operation) -> Result<(), Failure> {
        let place = Place::of(local, &prior, prior.token())?;
        blocking(move || place.delete()).await
    }

    async fn locate(local: &Local, planned: Cluster, token: &str) -> Result<Found<Cluster>, Failure> {
        let place = Place::of(local, &planned, token)?;
        blocking(move || {
            let Some(model) = place.read(planned)? else { return Ok(Found::Absent) };
            let complete = model.workers_running.known() == Some(&model.workers);
            Ok(if complete { Found::Complete(model) } else { Found::Partial(model) })
        })
        .await
    }

    async fn import(local: &Local, id: &str) -> Result<Cluster, Failure> {
        let run_dir = if is_name(id) { default_run_dir(id) } else { id.to_owned() };
        let path = local.resolve("run_dir", &run_dir)?;
        let local = local.clone();
        blocking(move || {
            let dir = RunDir::new(path);
            let record = dir.cluster().map_err(|error| paths::failure("read", dir.path(), &error))?;
            let record = record.ok_or_else(|| {
                let at = dir.path().display();
                let detail = format!("{at} holds no cluster. A cluster's import id is its name or its `run_dir`.");
                Failure::new("Nothing to import", detail)
            })?;
            let program = record.program;
            let model = Cluster {
                name: record.name,
                command: program.command,
                workers: record.workers,
                env: Some(program.env).filter(|env| !env.is_empty()),
                working_dir: (program.working_dir != local.base_dir())
                    .then(|| program.working_dir.display().to_string()),
                stop_timeout: "10s".to_owned(),
                ready_after: "500ms".to_owned(),
                run_dir: run_dir.into(),
                id: Computed::Unknown,
                workers_running: Computed::Unknown,
                members: Computed::Unknown,
            };
            Place::of(&local, &model, &record.token)?.seen(model)
        })
        .await
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}
