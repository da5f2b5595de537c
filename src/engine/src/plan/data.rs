//! Plans one data source: read now where its configuration is known and nothing that it reads changes, else during apply.

use std::sync::Arc;

use mesh_config::Resource;
use mesh_plan::{Action, Change, DeferReason, PlanMode, Reason, Vertex};
use mesh_provider::ReadDataRequest;
use mesh_value::{InstanceAddress, Type, Value};

use super::instance::mark;
use super::{Draft, Planner};
use crate::proposed::proposed;
use crate::run::{Configured, Standing, worse};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{Instances, Known};

/// A data source as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSnapshot {
    /// Its configuration, with its marks.
    pub config: Value,
    /// What was read, with its marks.
    pub value: Value,
}

impl Planner<'_> {
    /// Reads or plans one instance of a data source.
    pub(super) async fn data(&self, resource: &Resource, address: &InstanceAddress, instances: &Instances) {
        let reader = Vertex::Instance(address.clone());
        let repeated = Repeated::of(instances, &address.key);
        let (name, found) = self.run.configuration_of(&reader, &address.block.module, resource, repeated.clone());
        let waits = worse(found, self.run.record_waits(resource, address, &name));
        let provider = match self.run.configured(&name) {
            _ if found == Standing::Deferred => return self.put_data_off(address, DeferReason::ProviderUnknown),
            Configured::Ready(provider) if waits == Standing::Fine => provider,
            Configured::Ready(_) | Configured::Unknown if waits == Standing::LeftOut => {
                return self.leave_undecided(address, Standing::LeftOut);
            }
            Configured::Unknown => return self.put_data_off(address, DeferReason::ProviderUnknown),
            Configured::Ready(_) if waits == Standing::Deferred => {
                return self.put_data_off(address, DeferReason::DependencyDeferred);
            }
            _ => return self.leave_undecided(address, Standing::Failed),
        };
        let inputs = self.run.inputs;
        let schema = inputs.providers.schema(&resource.provider.config.name);
        let Some(schema) = schema.and_then(|schema| schema.data_sources.get(&resource.ty)).cloned() else {
            return self.leave_undecided(address, Standing::Failed);
        };
        let config = match self.run.configure_object(resource, &schema, address, instances) {
            Ok(config) => config,
            Err(Standing::Deferred) => return self.put_data_off(address, DeferReason::DependencyDeferred),
            Err(standing) => return self.leave_undecided(address, standing),
        };
        let mut failed = !self.preconditions_hold(resource, address, repeated.clone());
        if let Some(provider) = inputs.providers.get(&resource.provider.config.name) {
            failed |= self.run.pass_on(provider.validate_data(&resource.ty, &config.value), resource, address);
        }
        if failed {
            return self.leave_undecided(address, Standing::Failed);
        }
        let config_value = proposed(&schema.block, None, &config.value);
        let reason = if config.value.is_wholly_known() {
            self.waits_for_change(&Vertex::Instance(address.clone())).then_some(Reason::DependencyPending)
        } else {
            Some(Reason::ConfigurationUnknown)
        };
        if let Some(reason) = reason {
            if self.options.mode == PlanMode::Normal {
                self.add(read_later(name, address, reason, mark(&config.marks, config_value)));
            } else {
                self.run.progress.borrow_mut().world.set_object(address, Known::Value(Value::unknown(Type::Any)));
            }
            return;
        }
        let saved = self.options.snapshot.as_ref().and_then(|snapshot| snapshot.data.get(address));
        let value = match saved {
            Some(saved) if saved.config.same(&config.value) => saved.value.clone(),
            _ => {
                let request = ReadDataRequest { ty: resource.ty.clone(), config: config.value.clone() };
                let response = provider.read_data(request).await;
                let failed = self.run.pass_on(response.diagnostics, resource, address);
                let value = response.value.filter(|_| !failed);
                match value.map(|value| stored::checked(&schema, value)) {
                    Some(Ok(value)) => value,
                    None if failed => return self.leave_undecided(address, Standing::Failed),
                    None => return self.misfit(resource, address, "the data source returned nothing, and no error"),
                    Some(Err(why)) => return self.misfit(resource, address, &why),
                }
            }
        };
        let value = mark(&config.marks, stored::marked(&schema, value));
        let config = config.value.with_marks_at(&config.marks);
        let snapshot = DataSnapshot { config: stored::marked(&schema, config), value: value.clone() };
        self.draft.borrow_mut().snapshot.data.insert(address.clone(), snapshot);
        self.postconditions_hold(resource, address, repeated, &value);
        self.run.progress.borrow_mut().world.set_object(address, Known::Value(value));
    }

    fn put_data_off(&self, address: &InstanceAddress, reason: DeferReason) {
        self.defer(&address.block, reason, &Vertex::Instance(address.clone()));
        self.leave_undecided(address, Standing::Deferred);
    }

    /// Whether something that a data source or check reads, directly or through other values, has a planned change. Then it is
    /// read after that change, even if its own configuration is known already: what it looks at is not there yet, or is
    /// about to be another.
    pub(super) fn waits_for_change(&self, reader: &Vertex) -> bool {
        let (progress, mut draft) = (self.run.progress.borrow(), self.draft.borrow_mut());
        let Some(own) = progress.reads.find(reader) else { return false };
        let Draft { changes, index, reads_change, .. } = &mut *draft;
        // The way to where the search is, each with the number of its next read. All on it read what is found.
        let mut way: Vec<(u32, usize)> = vec![(own, 0)];
        while let Some((number, next)) = way.last_mut() {
            let Some(link) = progress.reads.links(*number).get(*next) else {
                way.pop();
                continue;
            };
            *next += 1;
            let found = match (reads_change.get(&link.to), progress.reads.vertex(link.to)) {
                (Some(known), _) => *known,
                (None, Some(Vertex::Instance(on))) => {
                    let change = index.get(on).and_then(|place| changes.get(*place));
                    change.is_some_and(|change| change.action != Action::NoOp)
                }
                (None, _) => {
                    reads_change.insert(link.to, false);
                    way.push((link.to, 0));
                    false
                }
            };
            if found {
                reads_change.extend(way.into_iter().skip(1).map(|(number, _)| (number, true)));
                return true;
            }
        }
        false
    }
}

fn read_later(provider: Arc<str>, address: &InstanceAddress, reason: Reason, after: Value) -> Change {
    Change {
        address: address.clone(),
        deposed: None,
        provider,
        action: Action::Read,
        reason: Some(reason),
        before: Value::null(Type::Any),
        after,
        requires_replace: Vec::new(),
        losses: Vec::new(),
        product: None,
        previous: None,
        importing: None,
    }
}
