//! What the expressions of a module read while nothing is known.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use mesh_diagnostics::Diagnostics;
use mesh_lang::eval::{Environment, LookupError, Scope, Target, evaluate};
use mesh_value::{InstanceKey, Marks, Type, Value};

use super::{is_repeated, object_type};
use crate::module::{ModuleTree, Repetition};
use crate::schemas::Schemas;

/// The scope of a module of which no instance exists yet.
pub struct UnknownScope<'a> {
    tree: &'a ModuleTree,
    schemas: &'a dyn Schemas,
    environment: &'a dyn Environment,
    /// Values of local values, and `None` while one is being evaluated: what leads back to it is a circle.
    locals: RefCell<HashMap<Arc<str>, Option<Value>>>,
    /// What `self` is.
    pub itself: Option<Value>,
}

impl<'a> UnknownScope<'a> {
    /// The scope of a module.
    pub fn new(tree: &'a ModuleTree, schemas: &'a dyn Schemas, environment: &'a dyn Environment) -> Self {
        Self { tree, schemas, environment, locals: RefCell::default(), itself: None }
    }

    /// A local value. What is wrong with its expression is reported where it is declared.
    fn local(&self, name: &Arc<str>) -> Result<Value, LookupError> {
        if let Some(known) = self.locals.borrow().get(name) {
            return known.clone().ok_or(LookupError::Failed);
        }
        let local = self.tree.module.locals.get(name).ok_or(LookupError::Failed)?;
        self.locals.borrow_mut().insert(name.clone(), None);
        let mut found = Diagnostics::default();
        let value = evaluate(&local.expr, self, &mut found).value;
        let value = if found.has_errors() { Value::unknown(Type::Any) } else { value };
        self.locals.borrow_mut().insert(name.clone(), Some(value.clone()));
        Ok(value)
    }

    fn directory(&self, which: &str) -> Value {
        let shown = |dir: &std::path::Path| {
            if dir.as_os_str().is_empty() { ".".to_owned() } else { dir.display().to_string() }
        };
        match which {
            "module" => Value::string(shown(&self.tree.module.dir)),
            "root" => Value::string("."),
            _ => Value::string(self.environment.base_dir().display().to_string()),
        }
    }
}

impl Scope for UnknownScope<'_> {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        let module = &self.tree.module;
        let anything = || Ok(Value::unknown(Type::Any));
        // What is not declared is reported by the check of references.
        match target {
            Target::Variable(name) => {
                let variable = module.variables.get(name).ok_or(LookupError::Failed)?;
                let ephemeral = if variable.ephemeral { Marks::EPHEMERAL } else { Marks::NONE };
                Ok(Value::unknown(variable.ty.ty.without_optional()).with_marks(ephemeral))
            }
            Target::Local(name) => self.local(name),
            Target::Block { mode, ty, name } => {
                let resource = module.resources.get(&(*mode, ty.clone(), name.clone())).ok_or(LookupError::Failed)?;
                if is_repeated(&resource.repetition) {
                    return anything();
                }
                Ok(Value::unknown(object_type(self.schemas, resource, *mode)))
            }
            Target::Instance { mode, ty, name, key } => {
                let resource = module.resources.get(&(*mode, ty.clone(), name.clone())).ok_or(LookupError::Failed)?;
                has_form(&resource.repetition, key)?;
                Ok(Value::unknown(object_type(self.schemas, resource, *mode)))
            }
            Target::ModuleOutput { call, key, output } => {
                module.calls.get(call).map_or(Ok(()), |call| has_form(&call.repetition, key))?;
                let output = self.tree.children.get(call).and_then(|child| child.module.outputs.get(output));
                let is_ephemeral = output.is_some_and(|output| output.ephemeral);
                let ephemeral = if is_ephemeral { Marks::EPHEMERAL } else { Marks::NONE };
                Ok(Value::unknown(Type::Any).with_marks(ephemeral))
            }
            Target::Module { call, key: Some(key) } => {
                module.calls.get(call).map_or(Ok(()), |call| has_form(&call.repetition, key))?;
                anything()
            }
            Target::Module { key: None, .. } | Target::Product(_) => anything(),
            Target::Each(part) if part.as_ref() == "key" => Ok(Value::unknown(Type::String)),
            Target::Each(_) => anything(),
            Target::CountIndex => Ok(Value::unknown(Type::Number)),
            Target::Path(which) => Ok(self.directory(which)),
            Target::Workspace => Ok(Value::string("default")),
            Target::Applying => Ok(Value::unknown(Type::Bool).with_marks(Marks::EPHEMERAL)),
            Target::Itself => self.itself.clone().ok_or(LookupError::Failed),
        }
    }

    fn environment(&self) -> &dyn Environment {
        self.environment
    }
}

/// Refuses a key of a block that has no instances, and the lack of one where it has. Which keys there are is not known:
/// one stands for all.
fn has_form(repetition: &Repetition, key: &InstanceKey) -> Result<(), LookupError> {
    let one = match repetition {
        Repetition::Once | Repetition::Enabled(_) => InstanceKey::None,
        Repetition::Count(_) => InstanceKey::Index(0),
        Repetition::ForEach(_) => InstanceKey::Key("KEY".into()),
    };
    let is_keyed = |key: &InstanceKey| *key != InstanceKey::None;
    if is_keyed(&one) == is_keyed(key) { Ok(()) } else { Err(LookupError::NoInstance(vec![one])) }
}
