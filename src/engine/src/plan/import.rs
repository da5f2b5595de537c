//! `import` blocks: objects that exist are read under their id, and count from then on as if the state had them.

use std::collections::HashMap;
use std::sync::Arc;

use mesh_config::{Import, Repetition, Resource};
use mesh_diagnostics::{Diagnostic, Severity, Span};
use mesh_lang::syntax::Expr;
use mesh_plan::Vertex;
use mesh_provider::{ConfiguredProvider, Failure, Imported, Private, ReadItem, ReadRequest};
use mesh_state::{InstanceRecord, Status};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Kind, Mode, ModulePath, Schema, Type, Value, convert};

use super::{Planner, Undeclared, from_provider};
use crate::expand::expand;
use crate::prior::PriorObject;
use crate::run::{Configured, Standing};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{Instances, Known, block_key};

/// One object to import.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The text that its provider knows it by, with its marks; not known where it will be known after apply.
    pub id: Value,
    /// Where the id stands, and the address.
    pub span: Span,
    to: Span,
}

/// The vertex of an import: what it reads is read before its objects are planned.
fn vertex(import: &Import) -> Vertex {
    Vertex::Import(import.to.to_string().into())
}

impl Planner<'_> {
    /// Works out what one `import` block asks for: the objects that the state does not have yet.
    pub(super) async fn import(&self, number: usize) {
        let Some(import) = self.run.inputs.tree.module.imports.get(number) else { return };
        if self.options.mode != mesh_plan::PlanMode::Normal {
            return;
        }
        let wanted = self.wanted(import);
        if self.target_of(import).is_none() {
            for (address, wanted) in wanted {
                match &import.to.key {
                    None if self.options.generate && import.for_each.is_none() && import.to.modules.is_empty() => {
                        self.read_undeclared(import, address, wanted).await;
                    }
                    _ => self.run.report(missing(import, self.options.generate)),
                }
            }
            return;
        }
        self.draft.borrow_mut().imports.extend(wanted);
    }

    /// Reads an object for which a block is to be written.
    async fn read_undeclared(&self, import: &Import, address: InstanceAddress, wanted: Wanted) {
        if !wanted.id.is_known() {
            return self.run.report(missing(import, true));
        }
        let used = self.run.inputs.tree.provider_use(&ModulePath::root(), &import.provider);
        let name: Arc<str> = used.address.to_string().into();
        let Configured::Ready(provider) = self.run.configured(&name) else { return };
        let schemas = self.run.inputs.providers.schema(&import.provider.name);
        let Some(schema) = schemas.and_then(|schemas| schemas.resources.get(&import.to.ty)).cloned() else {
            return self.run.report(missing(import, true));
        };
        match read_import(provider.as_ref(), &schema, &import.to.ty, &wanted.id).await {
            Ok((value, _)) => {
                let id = wanted.id.as_str().filter(|_| !wanted.id.marks().is_sensitive()).map(ToOwned::to_owned);
                let provider = import.provider.alias.is_some().then(|| import.provider.to_string());
                self.draft.borrow_mut().undeclared.push(Undeclared { address, provider, id, value, schema });
            }
            Err(failure) => self.report_failure(failure, &address, wanted.span),
        }
    }

    fn report_failure(&self, Failure(problems): Failure, address: &InstanceAddress, span: Span) {
        for problem in problems {
            let problem = self.run.progress.borrow().secrets.hide(problem);
            self.run.report(from_provider(problem, &address.to_string(), Some(span)));
        }
    }

    fn target_of(&self, import: &Import) -> Option<&Resource> {
        let tree = self.run.inputs.tree.find(&import.to.module())?;
        tree.module.resources.get(&(Mode::Managed, import.to.ty.clone(), import.to.name.clone()))
    }

    /// What a block asks for and the state does not have. What is wrong with it is reported, what is not known is noted.
    fn wanted(&self, import: &Import) -> HashMap<InstanceAddress, Wanted> {
        let vertex = vertex(import);
        let instances = match &import.for_each {
            None => Instances::Single,
            Some(expr) => expand(&self.run, &vertex, &ModulePath::root(), &Repetition::ForEach(expr.clone())),
        };
        match &instances {
            Instances::Deferred => self.put_imports_off(import),
            Instances::Failed => self.run.progress.borrow_mut().settle(&vertex, Standing::Failed),
            _ => {}
        }
        let mut all: HashMap<InstanceAddress, Wanted> = HashMap::new();
        for key in instances.keys() {
            let repeated = Repeated::of(&instances, &key);
            let Some(address) = self.import_address(import, &vertex, &repeated) else { continue };
            if self.prior.borrow().objects.contains_key(&address) || !self.selection.covers(&address) {
                continue;
            }
            let (span, to) = (import.id.span, import.to.span);
            let Some(id) = self.import_id(&import.id, &vertex, repeated) else { continue };
            let earlier = all.get(&address).map(|wanted| wanted.to);
            let earlier = earlier.or_else(|| self.draft.borrow().imports.get(&address).map(|wanted| wanted.to));
            if let Some(first) = earlier {
                let detail = format!("{address} is imported twice: an address is that of one object.");
                let error = Diagnostic::error("duplicate-import", "Imported twice", detail).at(to);
                self.run.report(error.elsewhere("It is imported here too", first).about(&address));
                continue;
            }
            all.insert(address, Wanted { id, span, to });
        }
        all
    }

    /// The address with its keys evaluated; `None` where that is not possible, or not possible yet.
    fn import_address(&self, import: &Import, vertex: &Vertex, repeated: &Repeated) -> Option<InstanceAddress> {
        let key = |key: &Option<Expr>| match key {
            None => Some(InstanceKey::None),
            Some(expr) => self.import_key(import, vertex, repeated.clone(), expr),
        };
        let mut module = ModulePath::root();
        for (call, index) in &import.to.modules {
            module = module.child(call.clone(), key(index)?);
        }
        let key = key(&import.to.key)?;
        let block =
            BlockAddress { module, mode: Mode::Managed, ty: import.to.ty.clone(), name: import.to.name.clone() };
        Some(InstanceAddress { block: Arc::new(block), key })
    }

    fn import_key(&self, import: &Import, vertex: &Vertex, repeated: Repeated, expr: &Expr) -> Option<InstanceKey> {
        let (value, standing) = self.run.evaluate(vertex, &ModulePath::root(), repeated, expr);
        match standing {
            Standing::Fine if value.is_known() => {}
            Standing::Failed => return None,
            _ => {
                self.put_imports_off(import);
                return None;
            }
        }
        let key = match value.kind() {
            _ if value.marks().is_sensitive() => None,
            Kind::String(text) => Some(InstanceKey::Key(text.clone())),
            Kind::Number(index) => index.to_u64().map(InstanceKey::Index),
            _ => None,
        };
        if key.is_none() {
            let detail =
                format!("A key is a whole number from 0 or a text that may be shown; this is {}.", value.describe());
            self.run.report(Diagnostic::error("invalid-import", "Invalid `import` block", detail).at(expr.span));
        }
        key
    }

    /// The id; one that is not known where it can't be known yet, `None` where it is wrong.
    fn import_id(&self, expr: &Expr, vertex: &Vertex, repeated: Repeated) -> Option<Value> {
        let (value, standing) = self.run.evaluate(vertex, &ModulePath::root(), repeated, expr);
        match standing {
            Standing::Fine if value.is_known() => {}
            Standing::Failed => return None,
            _ => return Some(Value::unknown(Type::String)),
        }
        let (plain, _) = value.unmark_deep();
        let problem = match convert(&plain, &Type::String) {
            Ok(text) if text.as_str().is_some_and(|text| !text.is_empty()) => {
                let id = text.with_marks(value.marks());
                let (plain, marks) = id.unmark_deep();
                self.run.progress.borrow_mut().secrets.note(&plain, &marks);
                return Some(id);
            }
            Ok(text) if text.is_null() => "this is null".to_owned(),
            Ok(_) => "this is an empty text".to_owned(),
            Err(error) => error.to_string(),
        };
        let detail = format!("An id is a text that the provider knows the object by: {problem}.");
        self.run.report(Diagnostic::error("invalid-import", "Invalid `import` block", detail).at(expr.span));
        None
    }

    /// Notes that the block is decided during apply: who could say which of its objects exist?
    fn put_imports_off(&self, import: &Import) {
        let block = (import.to.module(), import.to.ty.clone(), import.to.name.clone());
        self.draft.borrow_mut().imports_open.insert(block);
    }

    /// The import of an object, where it is not known yet what it is imported by.
    pub(super) fn awaited_import(&self, address: &InstanceAddress) -> Option<Vertex> {
        let draft = self.draft.borrow();
        let block = &address.block;
        let is_open = draft.imports.get(address).is_some_and(|wanted| !wanted.id.is_known())
            || draft.imports_open.contains(&(block.module.without_keys(), block.ty.clone(), block.name.clone()));
        if is_open { self.imports_of(block).next().map(vertex) } else { None }
    }

    /// The imports to a block.
    fn imports_of<'b>(&self, block: &'b BlockAddress) -> impl Iterator<Item = &Import> + use<'_, 'b> {
        let imports = self.run.inputs.tree.module.imports.iter();
        imports.filter(|import| {
            (&import.to.ty, &import.to.name) == (&block.ty, &block.name)
                && import.to.module() == block.module.without_keys()
        })
    }

    /// Records that an object waits for what its import reads.
    pub(super) fn record_import(&self, address: &InstanceAddress) {
        for import in self.imports_of(&address.block) {
            self.run.progress.borrow_mut().wait_for(&Vertex::Instance(address.clone()), &vertex(import));
        }
    }

    /// Reads an object that is to be imported, which counts from then on as if the state had it; whether nothing stands
    /// in the way.
    pub(super) async fn take_over(
        &self,
        provider: &dyn ConfiguredProvider,
        schema: &Schema,
        configuration: &Arc<str>,
        address: &InstanceAddress,
    ) -> bool {
        let wanted = self.draft.borrow().imports.get(address).cloned();
        let Some(wanted) = wanted else { return true };
        match read_import(provider, schema, &address.block.ty, &wanted.id).await {
            Ok((value, private)) => {
                let record = InstanceRecord {
                    address: address.to_string(),
                    deposed: None,
                    provider: configuration.to_string(),
                    schema_version: schema.version,
                    value,
                    private,
                    status: Status::Ready,
                    reads: Vec::new(),
                    product: None,
                };
                let (address, imported) = (address.clone(), Some(wanted.id));
                self.prior.borrow_mut().put(PriorObject { address, deposed: None, record, previous: None, imported });
                true
            }
            Err(failure) => {
                self.report_failure(failure, address, wanted.span);
                false
            }
        }
    }

    /// Says of each change which id its object is imported by. What was not planned, because its block is decided later,
    /// is imported then; what has no place in the configuration is an error.
    pub(super) fn add_imports(&self) {
        let mut wanted: Vec<InstanceAddress> = self.draft.borrow().imports.keys().cloned().collect();
        wanted.sort();
        for address in wanted {
            let imported = self.prior.borrow().find(&address, None).and_then(|object| object.imported.clone());
            let place = self.draft.borrow().index.get(&address).copied();
            if let Some(place) = place {
                if let Some(change) = self.draft.borrow_mut().changes.get_mut(place) {
                    change.importing = imported;
                }
                continue;
            }
            if imported.is_some() {
                // It has no record yet: nothing is written or deleted of it.
                self.prior.borrow_mut().take(&address, None);
            }
            if !self.is_open(&address) {
                self.report_no_target(&address);
            }
        }
    }

    /// Whether it is still open what becomes of an object, or an error stands in the way that was reported.
    fn is_open(&self, address: &InstanceAddress) -> bool {
        let progress = self.run.progress.borrow();
        if progress.standing(&Vertex::Instance(address.clone())) != Standing::Fine {
            return true;
        }
        let mut module = Some(address.block.module.clone());
        while let Some(path) = module {
            if let Some((parent, call)) = crate::blocks::calling(&path)
                && progress.standing(&Vertex::Calls(parent, call)) != Standing::Fine
            {
                return true;
            }
            module = path.parent();
        }
        let object = progress.world.block(&address.block).and_then(|block| block.object(&address.key));
        matches!(object, Some(Known::Deferred | Known::Failed))
    }

    fn report_no_target(&self, address: &InstanceAddress) {
        let Some(import) = self.imports_of(&address.block).next() else { return };
        let tree = self.run.inputs.tree.find(&address.block.module);
        if tree.is_none_or(|tree| !tree.module.resources.contains_key(&block_key(&address.block))) {
            return self.run.report(missing(import, false));
        }
        let detail = format!("The configuration has a block for {address}, and no instance of this key.");
        self.run.report(
            Diagnostic::error("import-target-missing", "Nothing declared for an import", detail)
                .at(import.to.span)
                .about(address)
                .hint("Give its `count` or `for_each` this instance, or import to one that it has."),
        );
    }
}

/// Asks for the object, and reads it once more as every other one is read.
async fn read_import(
    provider: &dyn ConfiguredProvider,
    schema: &Schema,
    ty: &Arc<str>,
    id: &Value,
) -> Result<(Value, Private), Failure> {
    let id = id.without_marks_deep();
    let found = provider.import(ty, id.as_str().unwrap_or_default()).await?;
    let Some(Imported { value, private, .. }) = found.into_iter().find(|imported| imported.ty == *ty) else {
        let detail = "The provider answered with no object of this type. This is a bug in the provider.";
        return Err(Failure::new("Nothing was imported", detail));
    };
    let items = vec![ReadItem { current: value, private }];
    let Some(read) = provider.read(ReadRequest { ty: ty.clone(), items }).await.into_iter().next() else {
        let detail = "The provider returned no answer. This is a bug in the provider.";
        return Err(Failure::new("Nothing was read", detail));
    };
    let errors: Vec<_> = read.diagnostics.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    let value = read.new.ok_or_else(|| Failure::new("Nothing to import", "No object of this id exists."))?;
    let value = stored::checked(schema, value).map_err(|why| stored::misfit("imported", &why))?;
    Ok((stored::marked(schema, value), read.private))
}

/// The diagnostic for an import whose target has no block.
fn missing(import: &Import, generates: bool) -> Diagnostic {
    let detail = format!("{} is not declared: the configuration says what the imported object shall be.", import.to);
    let error = Diagnostic::error("import-target-missing", "Nothing declared for an import", detail).at(import.to.span);
    error.hint(if generates {
        "Write its block: one can be written for you only in the root module, without `count` and `for_each`, for an `id` that is known."
    } else {
        "Write its block, or let `mesh plan --generate-config FILE` write it."
    })
}
