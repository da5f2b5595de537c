//! Plans one managed object: from its configuration and what exists to an action and a planned state.

use std::sync::Arc;

use mesh_config::Resource;
use mesh_diagnostics::Diagnostic;
use mesh_plan::{Action, Change, DeferReason, Reason, ReplaceOrder, Vertex};
use mesh_provider::{ConfiguredProvider, PlanResponse, Private};
use mesh_value::{InstanceAddress, InstanceKey, Mode, Schema, Type, Value, differing_paths};

use super::Planner;
use super::lifecycle::without_ignored;
use crate::object::ObjectConfig;
use crate::run::{Configured, Standing, worse};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{Instances, Known};

/// What an object comes from and goes to, before an action is chosen.
struct Considered<'a> {
    resource: &'a Resource,
    schema: Arc<Schema>,
    address: &'a InstanceAddress,
    /// The address of the provider configuration, with its key.
    provider: Arc<str>,
    config: ObjectConfig,
    existing: Option<(Value, Private)>,
}

impl Planner<'_> {
    /// Plans one instance of a managed resource.
    pub(super) async fn instance(&self, resource: &Resource, address: &InstanceAddress, instances: &Instances) {
        if self.options.mode != mesh_plan::PlanMode::Normal {
            return self.keep_existing(address);
        }
        if !self.selection.covers(address) {
            return self.leave_out(address);
        }
        self.record_import(address);
        let reader = Vertex::Instance(address.clone());
        let repeated = Repeated::of(instances, &address.key);
        let (name, found) = self.run.configuration_of(&reader, &address.block.module, resource, repeated.clone());
        let waits = worse(found, self.run.record_waits(resource, address, &name));
        let provider = match self.run.configured(&name) {
            _ if found == Standing::Deferred => return self.put_off(address, DeferReason::ProviderUnknown),
            Configured::Ready(provider) if waits == Standing::Fine => provider,
            Configured::Failed | Configured::Missing => return self.leave_undecided(address, Standing::Failed),
            _ if waits == Standing::LeftOut => return self.leave_out(address),
            Configured::Unknown => return self.put_off(address, DeferReason::ProviderUnknown),
            Configured::Ready(_) if waits == Standing::Failed => {
                return self.leave_undecided(address, Standing::Failed);
            }
            Configured::Ready(_) => return self.put_off(address, DeferReason::DependencyDeferred),
        };
        if let Some(reader) = self.awaited_import(address).filter(|_| self.existing(address).is_none()) {
            self.defer(&address.block, DeferReason::ImportUnknown, &reader);
            return self.leave_undecided(address, Standing::Deferred);
        }
        let Some(schema) = self.schema(resource) else { return self.leave_undecided(address, Standing::Failed) };
        if !self.take_over(provider.as_ref(), &schema, &name, address).await {
            return self.leave_undecided(address, Standing::Failed);
        }
        let config = match self.run.configure_object(resource, &schema, address, instances) {
            Ok(config) => config,
            Err(Standing::Deferred) => return self.put_off(address, DeferReason::DependencyDeferred),
            Err(Standing::LeftOut) => return self.leave_out(address),
            Err(_) => return self.leave_undecided(address, Standing::Failed),
        };
        let mut failed = !self.preconditions_hold(resource, address, repeated.clone());
        failed |= self.is_refused(resource, address, &config.value);
        if failed {
            return self.leave_undecided(address, Standing::Failed);
        }
        self.read_elsewhere(address, &name, provider.as_ref()).await;
        let existing = self.existing(address);
        let considered = Considered { resource, schema, address, provider: name, config, existing };
        if let Some(change) = self.decide(provider.as_ref(), considered, repeated.clone()).await {
            self.postconditions_hold(resource, address, repeated, &change.after);
            self.add(change);
        }
    }

    /// Leaves an object as it is, and with it all that reads it: what is not made can't be read.
    fn leave_out(&self, address: &InstanceAddress) {
        self.keep_existing(address);
        let mut progress = self.run.progress.borrow_mut();
        progress.settle(&Vertex::Instance(address.clone()), Standing::LeftOut);
        if address.key != InstanceKey::None {
            progress.settle(&Vertex::Block(address.block.clone()), Standing::LeftOut);
        }
    }

    /// Makes an object readable that is not planned in this run.
    fn keep_existing(&self, address: &InstanceAddress) {
        let value = self.existing(address).map_or_else(|| Value::unknown(Type::Any), |(value, _)| value);
        self.run.progress.borrow_mut().world.set_object(address, Known::Value(value));
    }

    fn put_off(&self, address: &InstanceAddress, reason: DeferReason) {
        self.defer(&address.block, reason, &Vertex::Instance(address.clone()));
        self.leave_undecided(address, Standing::Deferred);
    }

    pub(super) fn schema(&self, resource: &Resource) -> Option<Arc<Schema>> {
        let schema = self.run.inputs.providers.schema(&resource.provider.config.name)?;
        let types = if resource.mode == Mode::Managed { &schema.resources } else { &schema.data_sources };
        types.get(&resource.ty).cloned()
    }

    /// Whether the provider refuses the configuration as it stands.
    fn is_refused(&self, resource: &Resource, address: &InstanceAddress, config: &Value) -> bool {
        let Some(provider) = self.run.inputs.providers.get(&resource.provider.config.name) else { return true };
        self.run.pass_on(provider.validate_resource(&resource.ty, config), resource, address)
    }

    /// Chooses the action. `None` where an error or a deferral stands in the way, which is noted.
    async fn decide(
        &self,
        provider: &dyn ConfiguredProvider,
        mut considered: Considered<'_>,
        repeated: Repeated,
    ) -> Option<Change> {
        let (resource, address) = (considered.resource, considered.address);
        let Some((prior, _)) = considered.existing.clone() else {
            let response = self.ask(provider, &considered, None).await?;
            return Some(self.change(&considered, Action::Create, None, response));
        };
        let unmarked = prior.without_marks_deep();
        considered.config.value = without_ignored(resource, considered.config.value, &unmarked);
        let replacement = self.wanted_replacement(resource, address, repeated);
        let existing = considered.existing.as_ref().map(|(_, private)| (unmarked.clone(), private.clone()));
        let updated = self.ask(provider, &considered, existing).await?;
        let must_replace: Vec<_> = replacing_paths(&updated, &unmarked);
        if must_replace.is_empty() && replacement.is_none() {
            let action = if updated.planned.same(&unmarked) { Action::NoOp } else { Action::Update };
            return Some(self.change(&considered, action, None, updated));
        }
        let losses = updated.losses;
        let mut created = self.ask(provider, &considered, None).await?;
        created.losses = if created.losses.is_empty() { losses } else { created.losses };
        created.requires_replace = must_replace;
        let order = if resource.lifecycle.create_before_destroy {
            ReplaceOrder::CreateBeforeDestroy
        } else {
            ReplaceOrder::DestroyBeforeCreate
        };
        let reason = replacement.unwrap_or(Reason::CannotUpdate);
        Some(self.change(&considered, Action::Replace(order), Some(reason), created))
    }

    /// The provider's plan, held against the configuration.
    async fn ask(
        &self,
        provider: &dyn ConfiguredProvider,
        considered: &Considered<'_>,
        prior: Option<(Value, Private)>,
    ) -> Option<PlanResponse> {
        let Considered { resource, schema, address, config, .. } = considered;
        let existing = prior.as_ref().map(|(value, _)| value.clone());
        let mut planned = self.run.plan_object(provider, resource, schema, address, &config.value, prior).await;
        if planned.failed {
            self.leave_undecided(address, Standing::Failed);
            return None;
        }
        if planned.response.deferred.is_some() {
            self.put_off(address, DeferReason::ConfigurationUnknown);
            return None;
        }
        match stored::shaped(schema, planned.response.planned) {
            Ok(value) => planned.response.planned = value,
            Err(why) => {
                self.misfit(resource, address, &why);
                return None;
            }
        }
        if let Some(name) = disobeyed(schema, &config.value, existing.as_ref(), &planned.response) {
            let detail = format!(
                "The provider planned another value for `{name}` than the configuration gives. This is a bug in the provider."
            );
            self.run.report(
                Diagnostic::error("provider-inconsistent", "The provider contradicts the configuration", detail)
                    .at(resource.span)
                    .about(address),
            );
            self.leave_undecided(address, Standing::Failed);
            return None;
        }
        Some(planned.response)
    }

    /// Reports an answer that does not fit the provider's own schema.
    pub(super) fn misfit(&self, resource: &Resource, address: &InstanceAddress, why: &str) {
        let detail =
            format!("The provider's answer does not fit its own schema: {why}. This is a bug in the provider.");
        self.run.report(
            Diagnostic::error("provider-inconsistent", "The provider contradicts its schema", detail)
                .at(resource.span)
                .about(address),
        );
        self.leave_undecided(address, Standing::Failed);
    }

    fn change(
        &self,
        considered: &Considered<'_>,
        action: Action,
        reason: Option<Reason>,
        response: PlanResponse,
    ) -> Change {
        let Considered { schema, address, config, existing, .. } = considered;
        let after = stored::marked(schema, response.planned);
        let after = if config.marks.is_empty() { after } else { mark(&config.marks, after) };
        let before = existing.as_ref().map_or_else(|| Value::null(Type::Any), |(value, _)| value.clone());
        let after = secret_until_known(&before, after);
        if action != Action::NoOp {
            self.draft.borrow_mut().private.insert((*address).clone(), response.private);
        }
        Change {
            address: (*address).clone(),
            deposed: None,
            provider: considered.provider.clone(),
            action,
            reason,
            before,
            after,
            requires_replace: response.requires_replace,
            losses: response.losses,
            product: None,
            previous: None,
            importing: None,
        }
    }

    /// Adds a change and makes its planned state readable.
    pub(super) fn add(&self, change: Change) {
        let mut progress = self.run.progress.borrow_mut();
        progress.world.set_object(&change.address, Known::Value(change.after.clone()));
        let mut draft = self.draft.borrow_mut();
        let place = draft.changes.len();
        draft.index.insert(change.address.clone(), place);
        draft.changes.push(change);
    }
}

/// Puts the marks of a configuration on the planned state, and on whatever repeats a marked attribute.
pub(crate) fn mark(marks: &[(mesh_value::AttributePath, mesh_value::Marks)], planned: Value) -> Value {
    let marked = planned.with_marks_at(marks);
    let unmarked = marked.without_marks_deep();
    stored::with_marks_of(&marked, unmarked)
}

/// The planned state, in which what was secret and becomes known after apply stays so until then.
fn secret_until_known(before: &Value, after: Value) -> Value {
    if !before.deep_marks().is_sensitive() {
        return after;
    }
    let was_secret = |name: &str| before.get(name).is_some_and(|value| value.deep_marks().is_sensitive());
    let open = after
        .as_entries()
        .unwrap_or_default()
        .iter()
        .filter(|(name, value)| !value.is_wholly_known() && was_secret(name));
    let paths: Vec<_> =
        open.map(|(name, _)| (mesh_value::AttributePath::attr(name.clone()), mesh_value::Marks::SENSITIVE)).collect();
    after.with_marks_at(&paths)
}

/// The attributes that force a replacement: those that the provider names and that really differ.
fn replacing_paths(response: &PlanResponse, prior: &Value) -> Vec<mesh_value::AttributePath> {
    if response.requires_replace.is_empty() {
        return Vec::new();
    }
    let differing = differing_paths(prior, &response.planned);
    let differs =
        |path: &mesh_value::AttributePath| differing.iter().any(|d| path.is_prefix_of(d) || d.is_prefix_of(path));
    response.requires_replace.iter().filter(|path| differs(path)).cloned().collect()
}

/// The first configured attribute whose known value, or whose prior value where that is kept, the planned state does not
/// have.
fn disobeyed(schema: &Schema, config: &Value, prior: Option<&Value>, response: &PlanResponse) -> Option<Arc<str>> {
    let expected = response.with_kept(config, prior);
    schema.block.attributes.iter().find_map(|attribute| {
        let (configured, expected) = (config.get(&attribute.name)?, expected.get(&attribute.name)?);
        let is_given = !configured.is_null() && configured.is_wholly_known() && !attribute.write_only;
        let obeyed = !is_given || response.planned.get(&attribute.name).is_some_and(|value| value.same(expected));
        (!obeyed).then(|| attribute.name.clone())
    })
}
