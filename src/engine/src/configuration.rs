//! Which provider configuration an object uses: the one that its block names, or that the calls around it pass.

use std::sync::Arc;

use mesh_config::Resource;
use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::syntax::Expr;
use mesh_plan::Vertex;
use mesh_value::{InstanceKey, ModulePath, Type, Value};

use crate::run::{Run, Standing};
use crate::scope::Repeated;
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
            return Err(wrong(format!("The key of `{block}` is a sensitive value, and keys are shown and stored.")));
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
}
