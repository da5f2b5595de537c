//! One object on its way from create to delete, driven as the engine drives it, with what must hold at each step.

use std::sync::Arc;

use mesh_diagnostics::Severity;
use mesh_value::{Schema, Value};
use serde_json::Value as Json;

use super::values::{configuration, differences, proposed, shown};
use super::{Expect, SeenBy};
use crate::{
    ApplyRequest, ConfiguredProvider, LocateRequest, Located, PlanRequest, PlanResponse, Private, Progress, Provider,
    ProviderDiagnostic, ReadItem, ReadRequest, Stop,
};

type Step<T = ()> = Result<T, String>;

/// An object, or where there is none, how one would be made.
pub(super) struct Lifecycle<'a> {
    provider: &'a dyn Provider,
    configured: &'a dyn ConfiguredProvider,
    schema: &'a Schema,
    ty: Arc<str>,
    config: Value,
    state: Option<Value>,
    /// As it was before it was deleted.
    last: Option<Value>,
    private: Private,
    creations: u32,
    state_only: bool,
}

/// What a create was asked for, and the token that it left.
pub(super) struct Created {
    planned: Value,
    token: String,
}

impl<'a> Lifecycle<'a> {
    pub(super) fn new(
        provider: &'a dyn Provider,
        configured: &'a dyn ConfiguredProvider,
        schema: &'a Schema,
        ty: &str,
        state_only: bool,
    ) -> Self {
        let config = Value::null(schema.block.implied_type());
        let (private, ty) = (Private::new(), ty.into());
        Self { provider, configured, schema, ty, config, state: None, last: None, private, creations: 0, state_only }
    }

    /// Plans and creates; nothing is found before.
    pub(super) async fn create(&mut self, config: &Json) -> Step<Created> {
        self.config = configuration(&self.schema.block, config)?;
        no_errors(&self.provider.validate_resource(&self.ty, &self.config))?;
        self.creations += 1;
        let token = format!("{:032x}", self.creations);
        let plan = self.plan(None).await?;
        match self.locate(&plan.planned, &token).await? {
            Located::Absent => {}
            Located::Complete(..) | Located::Partial(..) => return Err("found before it was created".to_owned()),
        }
        self.apply(None, Some(plan.planned.clone()), plan.private.clone(), &token).await?;
        self.matches_read().await?;
        Ok(Created { planned: plan.planned, token })
    }

    /// What was just created is found by its token, wholly and as it is.
    pub(super) async fn is_found(&self, created: &Created) -> Step {
        match self.locate(&created.planned, &created.token).await? {
            Located::Complete(found, _) => {
                let differing = self.state.as_ref().map(|state| differences(state, &found)).unwrap_or_default();
                if differing.is_empty() { Ok(()) } else { Err(format!("found otherwise: {}", differing.join("; "))) }
            }
            Located::Absent if self.state_only => Ok(()),
            Located::Absent => Err("not found by its token after it was created".to_owned()),
            Located::Partial(..) => Err("found only half made, though it was created wholly".to_owned()),
        }
    }

    /// Plans with the configuration that was applied: exactly what is.
    pub(super) async fn nothing_to_do(&mut self) -> Step {
        let state = self.state.clone().ok_or("there is no object")?;
        let plan = self.plan(Some(&state)).await?;
        if !plan.requires_replace.is_empty() {
            return Err(replaced_for(&plan));
        }
        if !plan.planned.same(&state) {
            return Err(format!("would change: {}", changed(&state, &plan.planned)));
        }
        Ok(())
    }

    /// Changes the configuration and applies it in the way expected.
    pub(super) async fn change(&mut self, config: &Json, expect: Expect) -> Step {
        let state = self.state.clone().ok_or("there is no object")?;
        let before = self.config.clone();
        self.config = configuration(&self.schema.block, config)?;
        no_errors(&self.provider.validate_resource(&self.ty, &self.config))?;
        if expect == Expect::Nothing {
            return self.nothing_to_do().await;
        }
        let plan = self.plan(Some(&state)).await?;
        if plan.planned.same(&state) && plan.requires_replace.is_empty() {
            return Err("nothing would change".to_owned());
        }
        let replaces = !plan.requires_replace.is_empty();
        match expect {
            Expect::InPlace if replaces => Err(replaced_for(&plan)),
            Expect::Replace if !replaces => Err("would change in place".to_owned()),
            Expect::InPlace | Expect::Nothing => {
                self.apply(Some(state), Some(plan.planned), plan.private, "").await?;
                self.matches_read().await
            }
            Expect::Replace => {
                let after = std::mem::replace(&mut self.config, before);
                self.last = Some(state.clone());
                self.apply(Some(state), None, plan.private, "").await?;
                self.config = after;
                let created = self.create(config).await?;
                self.is_found(&created).await
            }
        }
    }

    /// Reads what happened outside, and applies the same configuration against it.
    pub(super) async fn mend(&mut self, seen_by: SeenBy) -> Step {
        if seen_by == SeenBy::Nobody {
            return self.matches_read().await;
        }
        let state = self.state.clone().ok_or("there is no object")?;
        let read = self.read(&state).await?;
        if seen_by == SeenBy::Reading && read.as_ref().is_some_and(|read| read.same(&state)) {
            return Err("reading did not show it".to_owned());
        }
        let plan = self.plan(read.as_ref()).await?;
        if read.as_ref().is_some_and(|read| read.same(&plan.planned)) {
            return Err("the plan would leave it so".to_owned());
        }
        self.creations += 1;
        let token = format!("{:032x}", self.creations);
        if plan.requires_replace.is_empty() {
            self.apply(read, Some(plan.planned), plan.private, &token).await?;
        } else {
            self.apply(read, None, plan.private, &token).await?;
            let plan = self.plan(None).await?;
            self.apply(None, Some(plan.planned), plan.private, &token).await?;
        }
        self.matches_read().await
    }

    /// Imports it: what comes out is what the state says, but for what the platform does not know.
    pub(super) async fn import(&mut self, id: &str, but: &[String]) -> Step {
        let state = self.state.clone().ok_or("there is no object")?;
        let imported = self.configured.import(&self.ty, id).await.map_err(|failure| failure.to_string())?;
        let [imported] = imported.as_slice() else { return Err(format!("{} objects were imported", imported.len())) };
        let known = state.as_entries().unwrap_or_default().iter();
        let known = Value::object(known.filter(|(name, _)| !but.contains(&name.to_string())).cloned());
        let differing = differences(&known, &imported.value);
        if differing.is_empty() { Ok(()) } else { Err(format!("imported otherwise: {}", differing.join("; "))) }
    }

    /// Deletes it, or tries again what was already deleted.
    pub(super) async fn delete(&mut self) -> Step {
        let prior = self.state.clone().or_else(|| self.last.clone()).ok_or("there never was an object")?;
        self.last = Some(prior.clone());
        self.apply(Some(prior), None, self.private.clone(), "").await
    }

    /// Reads what was deleted: there is nothing.
    pub(super) async fn is_gone(&mut self) -> Step {
        let last = self.last.clone().ok_or("there never was an object")?;
        match self.read(&last).await? {
            None => Ok(()),
            Some(_) => Err("it is still there".to_owned()),
        }
    }

    /// Reads what was deleted and can't go: it is there, and not as it was.
    pub(super) async fn is_idle(&mut self) -> Step {
        let last = self.last.clone().ok_or("there never was an object")?;
        match self.read(&last).await? {
            Some(idle) if !idle.same(&last) => Ok(()),
            Some(_) => Err("it is as it was".to_owned()),
            None => Err("it reads as gone, though it can't go".to_owned()),
        }
    }

    async fn plan(&self, prior: Option<&Value>) -> Step<PlanResponse> {
        let proposed = proposed(&self.schema.block, &self.config, prior);
        let request = PlanRequest {
            ty: self.ty.clone(),
            prior: prior.cloned(),
            config: self.config.clone(),
            proposed: proposed.clone(),
            private: self.private.clone(),
        };
        let plan = self.configured.plan(request).await;
        no_errors(&plan.diagnostics)?;
        let stored = plan.with_kept(&proposed, prior);
        let stored = stored.as_entries().unwrap_or_default().iter().filter(|(name, _)| {
            let written = self.config.get(name).is_some_and(|written| !written.is_null());
            let write_only = self.schema.block.attribute(name).is_some_and(|attribute| attribute.write_only);
            written && !write_only
        });
        let differing = differences(&Value::object(stored.cloned()), &plan.planned);
        if differing.is_empty() { Ok(plan) } else { Err(format!("planned otherwise: {}", differing.join("; "))) }
    }

    async fn apply(&mut self, prior: Option<Value>, planned: Option<Value>, private: Private, token: &str) -> Step {
        let config = planned.as_ref().map_or_else(|| Value::null(self.config.ty()), |_| self.config.clone());
        let request = ApplyRequest {
            ty: self.ty.clone(),
            prior,
            planned: planned.clone(),
            config,
            private,
            token: token.to_owned(),
            stop: Stop::default(),
            progress: Progress::default(),
        };
        let response = self.configured.apply(request).await;
        no_errors(&response.diagnostics)?;
        match (&planned, &response.new) {
            (Some(planned), Some(new)) => {
                if !new.is_wholly_known() {
                    return Err("something is still not known after apply".to_owned());
                }
                let differing = differences(planned, new);
                if !differing.is_empty() {
                    return Err(format!("applied otherwise than planned: {}", differing.join("; ")));
                }
            }
            (None, None) => {}
            (Some(_), None) => return Err("nothing exists after apply".to_owned()),
            (None, Some(_)) => return Err("something exists after a deletion".to_owned()),
        }
        (self.state, self.private) = (response.new, response.private);
        Ok(())
    }

    async fn read(&self, current: &Value) -> Step<Option<Value>> {
        let items = vec![ReadItem { current: current.clone(), private: self.private.clone() }];
        let mut results = self.configured.read(ReadRequest { ty: self.ty.clone(), items }).await;
        let result = results.pop().ok_or("nothing was read")?;
        no_errors(&result.diagnostics)?;
        Ok(result.new)
    }

    async fn matches_read(&self) -> Step {
        let state = self.state.as_ref().ok_or("there is no object")?;
        match self.read(state).await? {
            Some(read) if read.same(state) => Ok(()),
            Some(read) => Err(format!("read otherwise than applied: {}", changed(state, &read))),
            None => Err("read as gone right after apply".to_owned()),
        }
    }

    async fn locate(&self, planned: &Value, token: &str) -> Step<Located> {
        let request = LocateRequest { ty: self.ty.clone(), planned: planned.clone(), token: token.to_owned() };
        self.configured.locate(request).await.map_err(|failure| failure.to_string())
    }
}

/// The errors among the diagnostics, as text.
pub(super) fn no_errors(diagnostics: &[ProviderDiagnostic]) -> Step {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let errors: Vec<_> = errors.map(|error| format!("{}: {}", error.summary, error.detail)).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}

fn replaced_for(plan: &PlanResponse) -> String {
    let paths: Vec<_> = plan.requires_replace.iter().map(|path| format!("`{path}`")).collect();
    format!("would be replaced for {}", paths.join(", "))
}

/// What differs, also where one side is known only after apply.
fn changed(before: &Value, after: &Value) -> String {
    let differing = differences(before, after);
    if !differing.is_empty() {
        return differing.join("; ");
    }
    let open = after.as_entries().unwrap_or_default().iter().filter(|(_, value)| !value.is_wholly_known());
    open.map(|(name, value)| format!("{name}: {}", shown(value))).collect::<Vec<_>>().join("; ")
}
