//! Settles the interrupted operations of one provider before its objects are read. The state itself is written when
//! a plan is applied; until then the outcome counts in memory.

use std::str::FromStr;
use std::sync::Arc;

use mesh_config::provider_type;
use mesh_diagnostics::Diagnostic;
use mesh_provider::{ConfiguredProvider, Failure};
use mesh_state::{InstanceRecord, Intent, Outcome};
use mesh_value::InstanceAddress;

use super::{Planner, from_provider};
use crate::apply::settle;
use crate::events::Event;
use crate::prior::PriorObject;
use crate::stored;

impl Planner<'_> {
    /// Finds out what became of each open intent of a provider configuration.
    pub(super) async fn settle_intents(&self, name: &Arc<str>, provider: &dyn ConfiguredProvider) {
        for intent in self.intents.iter().filter(|intent| intent.provider == **name) {
            let address = match InstanceAddress::from_str(&intent.address) {
                Ok(address) => address,
                Err(error) => {
                    self.report_unsettled(intent, &format!("its address can't be read: {error}"));
                    continue;
                }
            };
            let local = provider_type(name);
            let schemas = self.run.inputs.providers.schema(&local);
            let Some(schema) = schemas.and_then(|schemas| schemas.resources.get(&address.block.ty)).cloned() else {
                let why = format!("provider `{local}` of this build has no type `{}`", address.block.ty);
                self.report_unsettled(intent, &why);
                continue;
            };
            let object = self.prior.borrow().find(&address, intent.deposed.as_deref()).cloned();
            let stored = object.map(|object| {
                let value = stored::current(self.run.inputs.providers, &object)?;
                let record = InstanceRecord { value, schema_version: schema.version, ..object.record };
                Ok::<_, Box<Diagnostic>>(record)
            });
            let stored = match stored.transpose() {
                Ok(stored) => stored,
                Err(problem) => {
                    self.run.report(*problem);
                    continue;
                }
            };
            match settle(provider, &schema, intent, &address, stored).await {
                Ok(settlement) => {
                    let finding = settlement.finding;
                    self.observer.event(Event::Settled { address: intent.address.clone(), finding });
                    self.count(intent, &address, &settlement.outcome);
                    self.draft.borrow_mut().settled.push((intent.clone(), settlement.outcome));
                }
                Err(Failure(problems)) => {
                    for problem in problems {
                        let problem = self.run.progress.borrow().secrets.hide(problem);
                        self.run.report(from_provider(problem, &intent.address, None));
                    }
                }
            }
        }
    }

    pub(super) fn report_unsettled(&self, intent: &Intent, why: &str) {
        let detail =
            format!("What became of an interrupted operation on {} can't be found out: {why}.", intent.address);
        self.run.report(
            Diagnostic::error("unsettled-operation", "Interrupted operation can't be settled", detail)
                .about(&intent.address)
                .hint("Use the version of mesh that began it."),
        );
    }

    /// Lets an outcome count for the rest of the plan.
    fn count(&self, intent: &Intent, address: &InstanceAddress, outcome: &Outcome) {
        let mut prior = self.prior.borrow_mut();
        match outcome {
            // The replacement was never made: what was set aside for it is the current object again.
            Outcome::Unchanged => {
                if let Some(mut object) = intent.deposes.as_deref().and_then(|key| prior.take(address, Some(key))) {
                    object.deposed = None;
                    object.record.deposed = None;
                    prior.put(object);
                }
            }
            Outcome::Gone => {
                prior.take(address, intent.deposed.as_deref());
            }
            Outcome::Exists(record) => {
                let deposed = intent.deposed.as_deref().map(Arc::from);
                let previous =
                    prior.find(address, intent.deposed.as_deref()).and_then(|object| object.previous.clone());
                prior.put(PriorObject {
                    address: address.clone(),
                    deposed,
                    record: record.as_ref().clone(),
                    previous,
                    imported: None,
                });
            }
        }
    }
}
