//! Makes one object: creates it, changes it in place, or reads a data source, and records the outcome.

use mesh_config::Resource;
use mesh_diagnostics::Diagnostic;
use mesh_plan::{Action, Change, ReplaceOrder};
use mesh_provider::{ApplyRequest, ConfiguredProvider, PlanResponse, Private, Progress, ReadDataRequest};
use mesh_state::{InstanceRecord, Intent, IntentAction, Outcome, Status};
use mesh_value::{AttributePath, Mode, Schema, Value, differing_paths};

use super::Applier;
use crate::checks::Condition;
use crate::events::Phase;
use crate::object::ObjectConfig;
use crate::plan::{mark, objects_read, without_ignored};
use crate::run::Configured;
use crate::scope::Repeated;
use crate::stored;
use crate::world::{Instances, Known, block_key};

/// What a user is told about a creation whose outcome nobody knows.
const UNSURE: &str = "Whether it was created is not known. The next plan or apply looks for it first: if it is there, it \
                      comes into the state, and if not, it is created then.";

/// A change with everything that carrying it out needs.
struct Making<'a> {
    change: &'a Change,
    resource: &'a Resource,
    schema: std::sync::Arc<Schema>,
    repeated: Repeated,
    config: ObjectConfig,
}

impl Applier<'_> {
    /// Carries out the making half of a change; whether it succeeded.
    pub(super) async fn make(&self, change: &Change) -> bool {
        let Some((making, provider)) = self.prepare(change) else { return false };
        let (before, marks) = change.before.unmark_deep();
        self.run.progress.borrow_mut().secrets.note(&before, &marks);
        match change.action {
            Action::Read => self.read_data(&making, provider.as_ref()).await,
            _ => self.make_object(&making, provider.as_ref()).await,
        }
    }

    /// Evaluates the configuration with what is known now, and holds the preconditions.
    fn prepare<'a>(&'a self, change: &'a Change) -> Option<(Making<'a>, std::sync::Arc<dyn ConfiguredProvider>)> {
        let (run, address) = (&self.run, &change.address);
        let tree = run.inputs.tree.find(&address.block.module)?;
        let resource = tree.module.resources.get(&block_key(&address.block))?;
        let schemas = run.inputs.providers.schema(&resource.provider.config.name)?;
        let types = if resource.mode == Mode::Managed { &schemas.resources } else { &schemas.data_sources };
        let schema = types.get(&resource.ty)?.clone();
        let Configured::Ready(provider) = run.configured(&change.provider) else { return None };
        let instances = run.progress.borrow().world.block(&address.block).map(|state| state.instances.clone());
        let instances = instances.unwrap_or(Instances::Single);
        let repeated = Repeated::of(&instances, &address.key);
        let vertex = Self::vertex(address);
        for rule in &resource.lifecycle.preconditions {
            let module = &address.block.module;
            if run.hold(Condition::precondition(rule), &vertex, module, repeated.clone(), None).fails() {
                return None;
            }
        }
        let mut config = run.configure_object(resource, &schema, address, &instances).ok()?;
        if !change.before.is_null() {
            config.value = without_ignored(resource, config.value, &change.before.without_marks_deep());
        }
        if !config.value.is_wholly_known() {
            let detail = "Part of its configuration is still not known, although everything that it reads is done.";
            self.run.report(
                Diagnostic::error("not-known-in-time", "Configuration not known in time", detail)
                    .at(resource.span)
                    .about(address)
                    .hint("This is a bug in mesh, or in a provider that left a value open."),
            );
            return None;
        }
        Some((Making { change, resource, schema, repeated, config }, provider))
    }

    async fn read_data(&self, making: &Making<'_>, provider: &dyn ConfiguredProvider) -> bool {
        let Making { change, resource, schema, config, .. } = making;
        let request = ReadDataRequest { ty: resource.ty.clone(), config: config.value.clone() };
        let response = provider.read_data(request).await;
        let failed = self.run.pass_on(response.diagnostics, resource, &change.address);
        if failed {
            return false;
        }
        let value = response.value.ok_or_else(|| "there is none".to_owned());
        let value = match value.and_then(|value| stored::checked(schema, value)) {
            Ok(value) => mark(&config.marks, stored::marked(schema, value)),
            Err(why) => {
                self.contradicts(making, &format!("What the data source returned does not fit its schema: {why}."));
                return false;
            }
        };
        self.publish(making, value)
    }

    async fn make_object(&self, making: &Making<'_>, provider: &dyn ConfiguredProvider) -> bool {
        let Making { change, resource, schema, config, .. } = making;
        let prior = self.prior_of(change);
        let planned =
            self.run.plan_object(provider, resource, schema, &change.address, &config.value, prior.clone()).await;
        if planned.failed || !self.fits(making, &planned.response, prior.as_ref().map(|(value, _)| value)) {
            return false;
        }
        let PlanResponse { planned, private, .. } = planned.response;
        if !self.admits(change, resource.span, &planned) {
            return false;
        }
        let intent = self.intent(making, prior.is_some(), &planned);
        if let Err(error) = self.state.begin(&intent).await {
            self.report_state(&error, &change.address.to_string(), "nothing was done to it");
            return false;
        }
        let request = ApplyRequest {
            ty: resource.ty.clone(),
            prior: prior.map(|(value, _)| value),
            planned: Some(planned),
            config: config.value.clone(),
            private,
            token: intent.token.clone(),
            stop: self.stop.clone(),
            progress: Progress::default(),
        };
        let response = self.call(provider, change, Phase::Make, request).await;
        let is_unsure = response.unsure && response.new.is_none() && intent.action == IntentAction::Create;
        let hint = is_unsure.then_some(UNSURE);
        let mut failed = self.run.pass_on_with(hint, response.diagnostics, resource, &change.address);
        if is_unsure {
            // The intent stays open: the next run looks for what it may have made.
            return false;
        }
        let new = response.new.map(|value| {
            let value = stored::checked(schema, value.clone()).unwrap_or_else(|why| {
                self.contradicts(making, &format!("The object that it made does not fit its schema: {why}."));
                failed = true;
                stored::salvaged(schema, &value)
            });
            mark(&config.marks, stored::marked(schema, value))
        });
        let outcome = match &new {
            Some(value) => Outcome::Exists(Box::new(self.record(making, value.clone(), response.private, failed))),
            None if change.action == Action::Update && !failed => Outcome::Gone,
            None => Outcome::Unchanged,
        };
        if let Err(error) = self.state.finish(&intent, &outcome).await {
            self.report_state(
                &error,
                &change.address.to_string(),
                "it was changed, and the next run will find out how far",
            );
            return false;
        }
        if new.is_none() {
            // What was set aside for it is the current object again.
            self.deposed.borrow_mut().remove(&change.address);
        }
        match new {
            Some(value) if !failed => self.publish(making, value),
            Some(_) => false,
            None => {
                if !failed {
                    self.contradicts(making, "It reported success and returned no object.");
                }
                false
            }
        }
    }

    /// Reports that a provider does not keep to what it says.
    fn contradicts(&self, making: &Making<'_>, how: &str) {
        let detail = format!("{how} This is a bug in the provider.");
        self.run.report(
            Diagnostic::error("provider-inconsistent", "The provider contradicts itself", detail)
                .at(making.resource.span)
                .about(&making.change.address),
        );
    }

    /// What an update starts from; `None` for a creation.
    fn prior_of(&self, change: &Change) -> Option<(Value, Private)> {
        if change.action != Action::Update {
            return None;
        }
        let private = self.private.get(&change.address).cloned();
        let recorded = || self.prior.objects.get(&change.address).map(|object| object.record.private.clone());
        Some((change.before.without_marks_deep(), private.or_else(recorded).unwrap_or_default()))
    }

    /// Whether what would be done now is what the approved plan says: every value that it knew is the same, and an
    /// update has not become a replacement.
    fn fits(&self, making: &Making<'_>, response: &PlanResponse, prior: Option<&Value>) -> bool {
        let approved = making.change.after.without_marks_deep();
        let outdated = |what: String| {
            self.run.report(
                Diagnostic::error("plan-outdated", "The plan no longer fits", what)
                    .at(making.resource.span)
                    .about(&making.change.address)
                    .hint("Plan again: what was done so far is recorded."),
            );
            false
        };
        if let Some(path) = contradiction(&approved, &response.planned) {
            return outdated(format!(
                "`{}` was approved as one value and would now be another, because something that it reads turned out differently.",
                path.to_string().trim_start_matches('.')
            ));
        }
        if let Some(prior) = prior {
            let differing = differing_paths(prior, &response.planned);
            let forces = |path: &&AttributePath| differing.iter().any(|d| path.is_prefix_of(d) || d.is_prefix_of(path));
            if let Some(path) = response.requires_replace.iter().find(forces) {
                return outdated(format!(
                    "It was approved to be changed in place, and `{}` now forces a replacement.",
                    path.to_string().trim_start_matches('.')
                ));
            }
        }
        true
    }

    fn intent(&self, making: &Making<'_>, updates: bool, planned: &Value) -> Intent {
        let Making { change, schema, config, .. } = making;
        let sets_aside = change.action == Action::Replace(ReplaceOrder::CreateBeforeDestroy);
        let deposed = sets_aside.then(|| {
            let key: std::sync::Arc<str> = self.token(change, "deposed")[..8].into();
            self.deposed.borrow_mut().insert(change.address.clone(), key.clone());
            key.to_string()
        });
        Intent {
            id: self.token(change, "make"),
            address: change.address.to_string(),
            deposed: None,
            action: if updates { IntentAction::Update } else { IntentAction::Create },
            provider: change.provider.to_string(),
            token: self.token(change, "create"),
            planned: Some(mark(&config.marks, stored::marked(schema, planned.clone()))),
            prior: updates.then(|| change.before.clone()),
            deposes: deposed,
            reads: objects_read(&self.plan.reads, &change.address),
            started_at: self.state.now(),
            apply: self.number,
        }
    }

    /// 32 hexadecimal digits, the same for the same change of the same apply and purpose, different for any other.
    pub(super) fn token(&self, change: &Change, purpose: &str) -> String {
        let deposed = change.deposed.as_deref().unwrap_or_default();
        let text = format!("{}\0{}\0{}\0{deposed}\0{purpose}", self.digest, self.number, change.address);
        blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
    }

    fn record(&self, making: &Making<'_>, value: Value, private: Private, failed: bool) -> InstanceRecord {
        let change = making.change;
        let updates = change.action == Action::Update;
        let mut reads = objects_read(&self.plan.reads, &change.address);
        if let Some(object) = self.prior.objects.get(&change.address).filter(|_| failed && updates) {
            // It may still be what it was, and need what it read then.
            reads.extend(object.record.reads.iter().cloned());
            reads.sort();
            reads.dedup();
        }
        InstanceRecord {
            address: change.address.to_string(),
            deposed: None,
            provider: change.provider.to_string(),
            schema_version: making.schema.version,
            value,
            private,
            status: if failed && !updates { Status::Tainted } else { Status::Ready },
            reads,
            product: change.product.as_deref().map(ToOwned::to_owned),
        }
    }

    /// Makes a new object readable and holds its postconditions.
    fn publish(&self, making: &Making<'_>, value: Value) -> bool {
        let address = &making.change.address;
        self.run.progress.borrow_mut().world.set_object(address, Known::Value(value.clone()));
        let vertex = Self::vertex(address);
        let holds = making.resource.lifecycle.postconditions.iter().all(|rule| {
            let (module, repeated) = (&address.block.module, making.repeated.clone());
            !self.run.hold(Condition::postcondition(rule), &vertex, module, repeated, Some(value.clone())).fails()
        });
        if !holds {
            self.unmet.borrow_mut().insert(address.clone());
        }
        holds
    }

    pub(super) fn report_state(&self, error: &mesh_state::StateError, address: &str, consequence: &str) {
        let detail = format!("The state could not be written: {error}. For {address}, {consequence}.");
        self.run.report(Diagnostic::error("state-write-failed", "State not written", detail).about(address));
    }
}

/// The first place where a value that was approved as known is now another.
fn contradiction(approved: &Value, now: &Value) -> Option<AttributePath> {
    if approved.is_wholly_known() {
        return differing_paths(approved, now).into_iter().next();
    }
    differing_paths(approved, now).into_iter().find(|path| {
        // A place that was open may have become anything.
        let mut place = path.clone();
        loop {
            if approved.at_path(&place).is_some_and(|value| !value.is_known()) {
                return false;
            }
            // A set with an open element has no stable places inside.
            if approved
                .at_path(&place)
                .is_some_and(|v| matches!(v.kind(), mesh_value::Kind::Set(_)) && !v.is_wholly_known())
            {
                return false;
            }
            if place.pop().is_none() {
                return true;
            }
        }
    })
}
