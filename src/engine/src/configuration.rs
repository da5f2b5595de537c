//! Provider configurations: which one an object uses, by its block or by the calls around it, and how it is configured.

use std::sync::Arc;

use mesh_config::{ProviderAddress, ProviderBlock, Resource, Schemas as _, without_key};
use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::decode;
use mesh_lang::eval::Referent;
use mesh_lang::syntax::Expr;
use mesh_plan::Vertex;
use mesh_provider::{ConfigureRequest, Failure};
use mesh_value::{InstanceKey, ModulePath, Type, Value};

use crate::plan::from_provider;
use crate::run::{Configured, Run, Standing};
use crate::scope::Repeated;
use crate::stored;
use crate::world::Instances;

impl Run<'_> {
    /// The address of the configuration that an object in a module instance uses, with its key where `for_each` makes
    /// several; what the key reads is recorded as `reader`'s. Where the key can't be used, the address has none.
    pub fn configuration_of(
        &self,
        reader: &Vertex,
        module: &ModulePath,
        resource: &Resource,
        repeated: Repeated,
    ) -> (Arc<str>, Standing) {
        let used = self.inputs.tree.provider_use(module, &resource.provider.config);
        let block: Arc<str> = used.address.to_string().into();
        if let Some(key) = &resource.provider.key {
            return self.keyed(block, reader, module, repeated, key);
        }
        let Some((key, caller)) = used.key else { return (block, Standing::Fine) };
        // The key stands in a call on the way to this module instance, and may read the call's own key.
        let (before, after) = module.steps().split_at(caller.steps().len());
        let caller =
            before.iter().fold(ModulePath::root(), |path, step| path.child(step.name.clone(), step.key.clone()));
        let repeated = after.first().map_or(Repeated::No, |step| {
            let instances = self.call_instances(&caller, &step.name);
            self.progress.borrow_mut().wait_for(reader, &Vertex::Calls(caller.clone(), step.name.clone()));
            Repeated::of(&instances, &step.key)
        });
        self.keyed(block, reader, &caller, repeated, key)
    }

    fn keyed(
        &self,
        block: Arc<str>,
        reader: &Vertex,
        module: &ModulePath,
        repeated: Repeated,
        expr: &Expr,
    ) -> (Arc<str>, Standing) {
        let (value, standing) = self.evaluate(reader, module, repeated, expr);
        let configurations = self.progress.borrow().configurations.get(&block).cloned();
        let configurations = configurations.unwrap_or(Instances::Failed);
        match (standing, &configurations) {
            (Standing::Failed, _) | (_, Instances::Failed) => return (block, Standing::Failed),
            (_, Instances::Deferred) | (Standing::Deferred, _) => return (block, Standing::Deferred),
            _ if !value.is_known() => return (block, Standing::Deferred),
            _ => {}
        }
        match self.key(&value, &block, &configurations, expr.span) {
            Ok(key) => (format!("{block}{key}").into(), standing),
            Err(diagnostic) => {
                self.report(*diagnostic);
                (block, Standing::Failed)
            }
        }
    }

    fn key(&self, value: &Value, block: &str, known: &Instances, span: Span) -> Result<InstanceKey, Box<Diagnostic>> {
        let wrong = |detail: String| {
            let error = Diagnostic::error("invalid-provider-reference", "Invalid provider reference", detail);
            Box::new(error.at(span))
        };
        if !value.deep_marks().is_empty() {
            return Err(wrong(format!(
                "The key of `{block}` is a sensitive or ephemeral value, and keys are shown and stored."
            )));
        }
        let text = mesh_value::convert(value, &Type::String);
        let text = text.ok().as_ref().and_then(Value::as_str).map(Arc::<str>::from);
        let Some(text) = text else {
            return Err(wrong(format!("The key of `{block}` must be a string; this is {}.", value.describe())));
        };
        let key = InstanceKey::Key(text.clone());
        if known.contains(&key) {
            return Ok(key);
        }
        let keys: Vec<String> = known.keys().iter().map(|key| format!("`{block}{key}`")).collect();
        let listed = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
        Err(wrong(format!("`{block}` has no configuration for the key {text:?}; there is {listed}.")))
    }

    /// Evaluates the arguments of a provider configuration and configures the provider with them.
    pub async fn configure(
        &self,
        name: &Arc<str>,
        address: &ProviderAddress,
        block: Option<&ProviderBlock>,
        repeated: Repeated,
    ) -> Configured {
        let inputs = self.inputs;
        let local = &address.config.name;
        let Some(provider) = inputs.providers.get(local) else {
            let detail =
                format!("Objects in the state belong to provider `{local}`, which this build of mesh does not have.");
            self.report(match inputs.providers.command_for(local) {
                Some(command) => Diagnostic::error("provider-left-out", "Provider left out of this build", detail)
                    .hint(format!("Build mesh with it, where its sources are: `{command}`.")),
                None => Diagnostic::error("unknown-provider", "Unknown provider", detail)
                    .hint("Use the build of mesh that made them."),
            });
            return Configured::Failed;
        };
        let schema = inputs.providers.schema(local).and_then(|schema| schema.provider.clone());
        let config = match (&schema, block) {
            (Some(schema), Some(block)) => {
                let vertex = Vertex::Provider(name.clone());
                let decoded = self.in_scope(&vertex, &address.module, repeated, None, |scope, diagnostics| {
                    let skip = &ProviderBlock::META_ARGUMENTS;
                    let decoded = decode::body(&block.body, &schema.block, scope, skip, diagnostics);
                    (decoded.value, decoded.reads)
                });
                match decoded {
                    Some((value, Standing::Fine | Standing::LeftOut)) if value.is_wholly_known() => {
                        let (_, marks) = stored::marked(schema, value.clone()).unmark_deep();
                        let value = value.without_marks_deep();
                        self.progress.borrow_mut().secrets.note(&value, &marks);
                        value
                    }
                    Some((_, Standing::Failed)) | None => return Configured::Failed,
                    Some(_) => return Configured::Unknown,
                }
            }
            (Some(schema), None) => stored::empty(&schema.block),
            (None, _) => Value::object::<Arc<str>>([]),
        };
        match provider.configure(ConfigureRequest { config, base_dir: inputs.base_dir.clone() }).await {
            Ok(configured) => Configured::Ready(configured),
            Err(Failure(problems)) => {
                for problem in problems {
                    let problem = self.progress.borrow().secrets.hide(problem);
                    let span = block.map(|block| decode::span_of(&block.body, &problem.path).unwrap_or(block.span));
                    self.report(from_provider(problem, &format!("provider.{name}"), span));
                }
                Configured::Failed
            }
        }
    }

    /// Configures once more, while a plan is applied, the providers whose blocks ask whether one is.
    pub async fn configure_to_apply(&self) {
        let names: Vec<Arc<str>> = self.progress.borrow().configured.keys().cloned().collect();
        for name in names {
            let address = ProviderAddress::parse(&name);
            let block = address.block(self.inputs.tree);
            let asks = |block: &&ProviderBlock| block.references.iter().any(|r| r.referent == Referent::Applying);
            let Some(block) = block.filter(asks) else { continue };
            if !matches!(self.configured(&name), Configured::Ready(_)) {
                continue;
            }
            let instances = self.progress.borrow().configurations.get(without_key(&name)).cloned();
            let instances = instances.unwrap_or(Instances::Single);
            let key = instances.keys().into_iter().find(|key| format!("{address}{key}") == name.as_ref());
            let repeated = key.map_or(Repeated::No, |key| Repeated::of(&instances, &key));
            let configured = self.configure(&name, &address, Some(block), repeated).await;
            self.progress.borrow_mut().configured.insert(name, configured);
        }
    }
}
