//! Configures a provider, once for each entry of its `for_each`, and has it read all of its objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use mesh_config::{ProviderAddress, ProviderBlock, Repetition, provider_type, without_key};
use mesh_diagnostics::{Diagnostic, Severity};
use mesh_plan::Vertex;
use mesh_provider::ProviderDiagnostic;
use mesh_value::InstanceKey;

use super::Planner;
use crate::expand::expand;
use crate::run::{Configured, Standing};
use crate::scope::Repeated;
use crate::world::Instances;

/// Objects of a missing configuration that are named in its error at most.
const MOST_NAMED: usize = 5;

impl Planner<'_> {
    /// Configures a provider block, or the default where there is no block, and refreshes what it keeps.
    pub(super) async fn provider(&self, name: &Arc<str>) {
        let address = ProviderAddress::parse(name);
        let block = address.block(self.run.inputs.tree);
        let Some(for_each) = block.and_then(|block| block.for_each.clone()) else {
            let is_default = address.module.is_root() && address.config.alias.is_none();
            if block.is_some() || is_default {
                self.one(name, &address, block, Repeated::No).await;
            }
            return self.miss(name);
        };
        let vertex = Vertex::Provider(name.clone());
        let instances = expand(&self.run, &vertex, &address.module, &Repetition::ForEach(for_each));
        {
            let mut progress = self.run.progress.borrow_mut();
            match &instances {
                Instances::Deferred => progress.settle(&vertex, Standing::Deferred),
                Instances::Failed => progress.settle(&vertex, Standing::Failed),
                _ => {}
            }
            progress.configurations.insert(name.clone(), instances.clone());
        }
        let one = |key: InstanceKey| {
            let repeated = Repeated::of(&instances, &key);
            let configuration: Arc<str> = format!("{name}{key}").into();
            self.run.progress.borrow_mut().wait_for(&Vertex::Provider(configuration.clone()), &vertex);
            let address = &address;
            async move { self.one(&configuration, address, block, repeated).await }
        };
        join_all(instances.keys().into_iter().map(one)).await;
        match instances {
            // Which configurations there are is not known: the objects of all wait.
            Instances::Deferred => self.each_stored(name, Configured::Unknown),
            Instances::Failed => self.each_stored(name, Configured::Failed),
            _ => self.miss(name),
        }
    }

    /// Notes that configurations which objects in the state name are not declared. That is no error yet: an object's
    /// block may name another one now.
    fn miss(&self, block: &Arc<str>) {
        self.each_stored(block, Configured::Missing);
        for intent in self.intents.iter().filter(|intent| without_key(&intent.provider) == block.as_ref()) {
            if matches!(self.run.configured(&Arc::from(intent.provider.as_str())), Configured::Missing) {
                self.report_unsettled(
                    intent,
                    &format!("its provider configuration `{}` is not declared", intent.provider),
                );
            }
        }
    }

    /// Gives all configurations of a block that are known from the state alone a standing.
    fn each_stored(&self, block: &Arc<str>, configured: Configured) {
        let prior = self.prior.borrow();
        let named = prior.all().map(|object| object.record.provider.as_str());
        let named = named.chain(self.intents.iter().map(|intent| intent.provider.as_str()));
        let mut progress = self.run.progress.borrow_mut();
        for name in named.filter(|name| without_key(name) == block.as_ref()) {
            progress.configured.entry(name.into()).or_insert_with(|| configured.clone());
        }
    }

    /// Configures one configuration and refreshes what it keeps.
    async fn one(&self, name: &Arc<str>, address: &ProviderAddress, block: Option<&ProviderBlock>, repeated: Repeated) {
        let configured = self.run.configure(name, address, block, repeated).await;
        self.run.progress.borrow_mut().configured.insert(name.clone(), configured.clone());
        let vertex = Vertex::Provider(name.clone());
        match configured {
            Configured::Ready(provider) => {
                self.settle_intents(name, provider.as_ref()).await;
                self.refresh(name, provider.as_ref()).await;
            }
            Configured::Unknown => self.run.progress.borrow_mut().settle(&vertex, Standing::Deferred),
            Configured::Missing | Configured::Failed => {
                self.run.progress.borrow_mut().settle(&vertex, Standing::Failed);
            }
        }
    }

    /// Reports the configurations that objects need to be deleted and that are not declared, each with its objects.
    pub(super) fn report_missing(&self, missing: &BTreeMap<Arc<str>, Vec<String>>) {
        for (name, objects) in missing {
            let mut named = objects.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
            if objects.len() > MOST_NAMED {
                named.push_str(&format!(" and {} more", objects.len() - MOST_NAMED));
            }
            let detail = format!(
                "Provider configuration `{name}` is not declared any more, and the plan would delete what it made: {named}."
            );
            let error = Diagnostic::error("provider-removed", "Provider configuration is still needed", detail);
            self.run.report(
                error.hint(self.way_out(name)).hint(
                    "To keep the objects where they are, and only forget them, write a `removed` block for each.",
                ),
            );
        }
    }

    /// What to do where a configuration is missing.
    fn way_out(&self, name: &str) -> String {
        let block = without_key(name);
        let ProviderAddress { module, config } = ProviderAddress::parse(name);
        let local = provider_type(name);
        if block != name && self.run.progress.borrow().configurations.contains_key(block) {
            let key = name.get(block.len()..).unwrap_or_default().trim_matches(['[', ']']);
            return format!(
                "Put the key {key} back into the `for_each` of the provider, take it out of the blocks that use it, and \
                 apply; then it can go there, too."
            );
        }
        if !module.is_root() {
            return format!(
                "Put the call of {module} back, take the resources out of the module, and apply; then the call can go. \
                 Or configure the provider in the root module and pass it on."
            );
        }
        let alias = config.alias.map(|alias| format!(" with `alias = \"{alias}\"`")).unwrap_or_default();
        let for_each = if block == name { "" } else { " and its `for_each`" };
        format!("Put the block `provider \"{local}\"`{alias}{for_each} back and apply; then it can go.")
    }
}

/// A provider's problem as a diagnostic.
pub(crate) fn from_provider(
    problem: ProviderDiagnostic,
    address: &str,
    span: Option<mesh_diagnostics::Span>,
) -> Diagnostic {
    let about = if problem.path.is_empty() {
        String::new()
    } else {
        format!(" ({})", problem.path.to_string().trim_start_matches('.'))
    };
    let detail = format!("{}{about}: {}", problem.summary, problem.detail);
    let diagnostic = match problem.severity {
        Severity::Error => Diagnostic::error("provider-error", "The provider refused", detail),
        Severity::Warning => Diagnostic::warning("provider-warning", "The provider warns", detail),
    };
    let diagnostic = diagnostic.about(address);
    match span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}
