//! What the expressions of one module instance can read.

use std::sync::Arc;

use mesh_config::ModuleTree;
use mesh_diagnostics::Diagnostic;
use mesh_lang::eval::{Environment, LookupError, Scope, Target};
use mesh_value::{InstanceKey, Marks, Mode, ModulePath, Refinements, Type, Value};

use crate::world::{BlockState, Instances, Known, ModuleState, World};

/// What every expression of a run shares.
#[derive(Clone)]
pub struct Surroundings {
    /// Files, time and randomness for functions.
    pub environment: Arc<dyn Environment>,
    /// `mesh.workspace`
    pub workspace: Arc<str>,
}

/// Which instance of a repeated block an expression stands in.
#[derive(Clone, Debug, Default)]
pub enum Repeated {
    /// The block is not repeated.
    #[default]
    No,
    /// `count.index`
    Index(u64),
    /// `each.key` and `each.value`
    Each(Arc<str>, Value),
    /// Any instance of a block whose instances are decided during apply.
    Any,
}

impl Repeated {
    /// The instance of a key.
    pub fn of(instances: &Instances, key: &InstanceKey) -> Self {
        match (instances, key) {
            (Instances::Deferred, _) => Self::Any,
            (_, InstanceKey::Index(index)) => Self::Index(*index),
            (Instances::ForEach(values), InstanceKey::Key(key)) => {
                values.get(key).map_or(Self::No, |value| Self::Each(key.clone(), value.clone()))
            }
            _ => Self::No,
        }
    }
}

/// The scope of a module instance.
pub struct ModuleScope<'a> {
    world: &'a World,
    tree: &'a ModuleTree,
    path: &'a ModulePath,
    state: &'a ModuleState,
    surroundings: &'a Surroundings,
    repeated: Repeated,
    itself: Option<Value>,
}

impl<'a> ModuleScope<'a> {
    /// The scope of the module instance at `path`; `None` where there is no such instance.
    pub fn new(
        world: &'a World,
        root: &'a ModuleTree,
        path: &'a ModulePath,
        surroundings: &'a Surroundings,
    ) -> Option<Self> {
        let (tree, state) = (root.find(path)?, world.module(path)?);
        Some(Self { world, tree, path, state, surroundings, repeated: Repeated::No, itself: None })
    }

    /// Inside an instance of a repeated block.
    pub fn repeated(mut self, repeated: Repeated) -> Self {
        self.repeated = repeated;
        self
    }

    /// Where `self` is an object.
    pub fn itself(mut self, object: Value) -> Self {
        self.itself = Some(object);
        self
    }

    fn block(&self, mode: Mode, ty: &Arc<str>, name: &Arc<str>) -> Result<&BlockState, LookupError> {
        let key = (mode, ty.clone(), name.clone());
        self.state.blocks.get(&key).ok_or_else(|| {
            if self.tree.module.resources.contains_key(&key) {
                LookupError::Failed
            } else {
                let known = self.tree.module.resources.keys();
                LookupError::Undeclared(known.map(|(_, ty, name)| format!("{ty}.{name}")).collect())
            }
        })
    }

    fn output(&self, call: &Arc<str>, key: &InstanceKey, output: &Arc<str>) -> Result<Value, LookupError> {
        match self.call(call)? {
            Instances::Deferred => return Known::Deferred.value().ok_or(LookupError::Failed),
            Instances::Failed => return Err(LookupError::Failed),
            Instances::Disabled => return Err(LookupError::Other(disabled(call, output))),
            instances if !instances.contains(key) => return Err(LookupError::NoInstance(instances.keys())),
            _ => {}
        }
        let path = self.path.child(call.clone(), key.clone());
        let module = self.world.module(&path).ok_or(LookupError::Failed)?;
        let known = module.outputs.get(output).ok_or_else(|| {
            let child = self.tree.children.get(call);
            let known = child.into_iter().flat_map(|child| child.module.outputs.keys());
            let names: Vec<String> = known.map(|name| format!("module.{call}.{name}")).collect();
            let declared = names.iter().any(|name| name.ends_with(&format!(".{output}")));
            if declared { LookupError::Failed } else { LookupError::Undeclared(names) }
        })?;
        known.value().ok_or(LookupError::Failed)
    }

    fn call(&self, call: &Arc<str>) -> Result<&Instances, LookupError> {
        self.state.calls.get(call).ok_or_else(|| {
            if self.tree.module.calls.contains_key(call) {
                LookupError::Failed
            } else {
                LookupError::Undeclared(self.tree.module.calls.keys().map(|name| format!("module.{name}")).collect())
            }
        })
    }

    /// All outputs of a module instance as an object.
    fn outputs(&self, call: &Arc<str>, key: &InstanceKey) -> Result<Value, LookupError> {
        let names = self.tree.children.get(call).into_iter().flat_map(|child| child.module.outputs.keys());
        let outputs: Result<Vec<(Arc<str>, Value)>, LookupError> =
            names.map(|name| Ok((name.clone(), self.output(call, key, name)?))).collect();
        Ok(Value::object(outputs?))
    }

    fn whole_module(&self, call: &Arc<str>) -> Result<Value, LookupError> {
        match self.call(call)? {
            Instances::Single => self.outputs(call, &InstanceKey::None),
            Instances::Disabled => Ok(Value::null(Type::Any)),
            Instances::Count(count) => {
                let all: Result<Vec<Value>, LookupError> =
                    (0..*count).map(|index| self.outputs(call, &InstanceKey::Index(index))).collect();
                Ok(Value::tuple(all?))
            }
            Instances::ForEach(values) => {
                let all: Result<Vec<(Arc<str>, Value)>, LookupError> = values
                    .keys()
                    .map(|key| Ok((key.clone(), self.outputs(call, &InstanceKey::Key(key.clone()))?)))
                    .collect();
                Ok(Value::object(all?))
            }
            Instances::Deferred => Known::Deferred.value().ok_or(LookupError::Failed),
            Instances::Failed => Err(LookupError::Failed),
        }
    }

    fn directory(&self, which: &str) -> Value {
        let shown = |dir: &std::path::Path| {
            if dir.as_os_str().is_empty() { ".".to_owned() } else { dir.display().to_string() }
        };
        match which {
            "module" => Value::string(shown(&self.tree.module.dir)),
            "root" => Value::string("."),
            _ => Value::string(self.surroundings.environment.base_dir().display().to_string()),
        }
    }
}

impl Scope for ModuleScope<'_> {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        let named = |known: Option<&Known>, declared: bool, all: Vec<String>| match known {
            Some(known) => known.value().ok_or(LookupError::Failed),
            None if declared => Err(LookupError::Failed),
            None => Err(LookupError::Undeclared(all)),
        };
        let module = &self.tree.module;
        match target {
            Target::Variable(name) => named(
                self.state.variables.get(name),
                module.variables.contains_key(name),
                module.variables.keys().map(|name| format!("var.{name}")).collect(),
            ),
            Target::Local(name) => named(
                self.state.locals.get(name),
                module.locals.contains_key(name),
                module.locals.keys().map(|name| format!("local.{name}")).collect(),
            ),
            Target::Product(name) => named(
                self.state.products.get(name),
                module.product.as_ref().is_some_and(|product| product.name == *name),
                module.product.iter().map(|product| format!("data_product.{}", product.name)).collect(),
            ),
            Target::Instance { mode, ty, name, key } => {
                let block = self.block(*mode, ty, name)?;
                match &block.instances {
                    Instances::Deferred => Known::Deferred.value().ok_or(LookupError::Failed),
                    Instances::Failed => Err(LookupError::Failed),
                    instances if !instances.contains(key) => Err(LookupError::NoInstance(instances.keys())),
                    _ => block.object(key).and_then(Known::value).ok_or(LookupError::Failed),
                }
            }
            Target::Block { mode, ty, name } => self.block(*mode, ty, name)?.whole().ok_or(LookupError::Failed),
            Target::ModuleOutput { call, key, output } => self.output(call, key, output),
            Target::Module { call, key: Some(key) } => self.outputs(call, key),
            Target::Module { call, key: None } => self.whole_module(call),
            Target::Each(which) => match &self.repeated {
                Repeated::Each(_, value) if which.as_ref() == "value" => Ok(value.clone()),
                Repeated::Each(key, _) => Ok(Value::string(key.clone())),
                Repeated::Any if which.as_ref() == "value" => Ok(Value::unknown(Type::Any)),
                Repeated::Any => Ok(Value::unknown_with(Type::String, Refinements::not_null())),
                Repeated::No | Repeated::Index(_) => Err(not_here("each", "for_each")),
            },
            Target::CountIndex => match self.repeated {
                Repeated::Index(index) => Ok(Value::number(index)),
                Repeated::Any => Ok(Value::unknown_with(Type::Number, Refinements::number(Some(0.into()), None))),
                Repeated::No | Repeated::Each(..) => Err(not_here("count.index", "count")),
            },
            Target::Path(which) => Ok(self.directory(which)),
            Target::Workspace => Ok(Value::string(self.surroundings.workspace.clone())),
            Target::Applying => {
                let applying = self.surroundings.environment.is_applying();
                Ok(Value::bool(applying).with_marks(Marks::EPHEMERAL))
            }
            Target::Itself => self
                .itself
                .clone()
                .ok_or_else(|| LookupError::NotHere("`self` is an object only in its own `postcondition`.".to_owned())),
        }
    }

    fn environment(&self) -> &dyn Environment {
        self.surroundings.environment.as_ref()
    }
}

/// What is told of an output of a module that `enabled` leaves out.
fn disabled(call: &str, output: &str) -> Box<Diagnostic> {
    let detail = format!("`module.{call}` is null, because its `enabled` is false, so it has no output `{output}`.");
    let hint = format!("Ask first: `module.{call} == null ? ... : module.{call}.{output}`.");
    Box::new(Diagnostic::error("null-value", "Operation on null", detail).hint(hint))
}

fn not_here(what: &str, argument: &str) -> LookupError {
    LookupError::NotHere(format!("`{what}` has a value only in a block with `{argument}`."))
}
