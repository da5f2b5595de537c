//! Deletes one object and records that it is gone.

use mesh_config::provider_type;
use mesh_diagnostics::{Diagnostic, Severity};
use mesh_plan::{Action, Change, ReplaceOrder};
use mesh_provider::{ApplyRequest, Progress};
use mesh_state::{InstanceRecord, Intent, IntentAction, Outcome};
use mesh_value::{Type, Value};

use super::Applier;
use crate::events::Phase;
use crate::plan::from_provider;
use crate::run::Configured;
use crate::stored;

impl Applier<'_> {
    /// Carries out the destroying half of a change; whether it succeeded.
    pub(super) async fn destroy(&self, change: &Change) -> bool {
        let address = change.address.to_string();
        let deposed = match change.action {
            Action::Replace(ReplaceOrder::CreateBeforeDestroy) => self.deposed.borrow().get(&change.address).cloned(),
            _ => change.deposed.clone(),
        };
        let configured = self.run.progress.borrow().configured.get(&change.provider).cloned();
        let Some(Configured::Ready(provider)) = configured else {
            let problem = mesh_provider::ProviderDiagnostic::error(
                "Provider not configured",
                "The object can't be deleted, because its provider's configuration is known only after apply.",
            );
            self.run.report(from_provider(problem, &address, None));
            return false;
        };
        let Some(record) = self.prior.find(&change.address, change.deposed.as_deref()).map(|o| o.record.clone()) else {
            let detail = "The plan deletes it, and the state has no record of it. This is a bug in mesh.";
            self.run.report(Diagnostic::error("no-record", "No record to delete", detail).about(&address));
            return false;
        };
        let (prior, marks) = change.before.unmark_deep();
        self.run.progress.borrow_mut().secrets.note(&prior, &marks);
        let intent = Intent {
            id: self.token(change, "destroy"),
            address: address.clone(),
            deposed: deposed.as_deref().map(ToOwned::to_owned),
            action: IntentAction::Delete,
            provider: change.provider.to_string(),
            token: self.token(change, "delete"),
            planned: None,
            prior: Some(change.before.clone()),
            deposes: None,
            reads: Vec::new(),
            started_at: self.state.now(),
            apply: self.number,
        };
        if let Err(error) = self.state.begin(&intent).await {
            self.report_state(&error, &address, "nothing was done to it");
            return false;
        }
        // What a replacement may destroy is what its plan was allowed to; the object's own state knows nothing of it.
        let planned = self.private.get(&change.address).filter(|_| matches!(change.action, Action::Replace(_)));
        let request = ApplyRequest {
            ty: change.address.block.ty.clone(),
            prior: Some(prior),
            planned: None,
            config: Value::null(Type::Any),
            private: planned.unwrap_or(&record.private).clone(),
            token: intent.token.clone(),
            stop: self.stop.clone(),
            progress: Progress::default(),
        };
        let response = self.call(provider.as_ref(), change, Phase::Destroy, request).await;
        let failed = response.diagnostics.iter().any(|problem| problem.severity == Severity::Error);
        for problem in response.diagnostics {
            let problem = self.run.progress.borrow().secrets.hide(problem);
            self.run.report(from_provider(problem, &address, None));
        }
        let outcome = match response.new {
            Some(value) => {
                let (value, schema_version) = self.left(change, value, &record);
                let deposed = intent.deposed.clone();
                let private = response.private;
                if !failed {
                    let detail = "The provider reported that it is deleted, and that it still exists. This is a bug in the provider.";
                    self.run.report(
                        Diagnostic::error("provider-inconsistent", "The provider contradicts itself", detail)
                            .about(&address),
                    );
                }
                Outcome::Exists(Box::new(InstanceRecord { value, private, deposed, schema_version, ..record }))
            }
            None if failed => Outcome::Unchanged,
            None => Outcome::Gone,
        };
        let gone = outcome == Outcome::Gone;
        if let Err(error) = self.state.finish(&intent, &outcome).await {
            self.report_state(&error, &address, "it may be deleted, and the next run will find out");
            return false;
        }
        gone && !failed
    }

    /// What a failed deletion left, and the version of its schema. What does not fit the schema is not taken over.
    fn left(&self, change: &Change, value: Value, record: &InstanceRecord) -> (Value, u64) {
        let schemas = self.run.inputs.providers.schema(&provider_type(&change.provider));
        let schema = schemas.and_then(|schemas| schemas.resources.get(&change.address.block.ty));
        match schema.and_then(|schema| Some((stored::checked(schema, value).ok()?, schema.version))) {
            Some((value, version)) => (stored::with_marks_of(&change.before, value), version),
            None => (record.value.clone(), record.schema_version),
        }
    }
}
