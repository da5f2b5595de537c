//! What `moved` blocks make of a state: the same objects under the addresses that the configuration has for them.

mod addresses;
mod declared;
mod pattern;
mod removed;
mod statement;

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;
use std::sync::Arc;

use mesh_config::ModuleTree;
use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_provider::Failure;
use mesh_state::{Edit, InstanceRecord, Intent, ProductRecord};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath};

use crate::Providers;
use crate::prior::{Prior, PriorObject};
use crate::secrets::Secrets;
use crate::stored;
use addresses::Addresses;
pub(crate) use declared::hold_declared;
pub(crate) use removed::Removals;
use statement::{Statement, statements};

/// What exists, under the addresses that the configuration has for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moves {
    /// What the state has.
    pub prior: Prior,
    /// The open intents.
    pub intents: Vec<Intent>,
    /// What writing all this to the state takes: one commit, so that no object is ever without its address.
    pub edits: Vec<Edit>,
    /// The statements that were followed.
    pub statements: Vec<Statement>,
    /// What could not move because its new address is taken.
    pub blocked: Vec<(InstanceAddress, InstanceAddress)>,
}

/// Follows the `moved` blocks of a configuration, and gives the object of a block that gained or lost its `count` the
/// address that it has now. Nothing is written.
///
/// # Errors
/// Statements that contradict each other, circles, and objects whose new type can't take them over.
pub(crate) fn carry_out(
    root: &ModuleTree,
    providers: &Providers,
    prior: Prior,
    intents: &[Intent],
) -> Result<Moves, Diagnostics> {
    let statements = statements(root)?;
    let mut addresses = Addresses::new(prior.all().map(|object| object.address.clone()));
    addresses.extend(intents.iter().filter_map(|intent| InstanceAddress::from_str(&intent.address).ok()));
    addresses.extend(prior.products.values().filter_map(|(address, _)| product_address(address)));
    let mut moves = Moves { prior, intents: intents.to_vec(), ..Moves::default() };
    for statement in &statements {
        moves.blocked.extend(addresses.follow(statement));
    }
    addresses.follow_repetition(root);
    let moved = addresses.moved();
    moves.statements = statements;
    if !moved.is_empty() {
        moves.rename(root, providers, &moved)?;
    }
    Ok(moves)
}

/// Reports what moved and is not covered by the plan: the state would say that it is where nothing was planned for it.
pub(crate) fn hold_covered(prior: &Prior, covers: impl Fn(&InstanceAddress) -> bool, diagnostics: &mut Diagnostics) {
    let left_out = prior.sorted().into_iter().filter(|object| object.previous.is_some() && !covers(&object.address));
    let mut left_out: Vec<String> = left_out.map(|object| object.address.to_string()).collect();
    left_out.dedup();
    if left_out.is_empty() {
        return;
    }
    let detail = format!("Some objects have moved, and the plan leaves them out: {}.", left_out.join(", "));
    let targets: Vec<String> = left_out.iter().map(|address| format!("--target '{address}'")).collect();
    diagnostics.push(
        Diagnostic::error("move-not-covered", "Moved objects left out", detail)
            .hint(format!("Plan everything, do not exclude them, or cover them too: {}.", targets.join(" "))),
    );
}

/// A data product in the way that objects are addressed: it moves with its module.
fn product_address(address: &str) -> Option<InstanceAddress> {
    let (module, name) = match address.rsplit_once(".data_product.") {
        Some((module, name)) => (ModulePath::from_str(module).ok()?, name),
        None => (ModulePath::root(), address.strip_prefix("data_product.")?),
    };
    let block = BlockAddress { module, mode: Mode::Data, ty: "data_product".into(), name: name.into() };
    Some(InstanceAddress { block: Arc::new(block), key: InstanceKey::None })
}

impl Moves {
    /// The problem of objects that could not move, as a warning.
    pub fn warning(&self) -> Option<Diagnostic> {
        let (_, first) = self.blocked.first()?;
        let pairs: Vec<String> = self.blocked.iter().map(|(from, to)| format!("{from} to {to}")).collect();
        let detail = format!(
            "Some objects could not move, because there already is an object where they would go: {}. They are treated as if they had not moved.",
            pairs.join(", ")
        );
        let hint = format!("If {first} shall be the object that moves, first remove the one that has its address.");
        Some(Diagnostic::warning("move-blocked", "Objects that could not move", detail).hint(hint))
    }

    fn rename(
        &mut self,
        root: &ModuleTree,
        providers: &Providers,
        moved: &HashMap<InstanceAddress, InstanceAddress>,
    ) -> Result<(), Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let names = Names::new(moved, &self.prior);
        let (mut gone, mut put) = (Vec::new(), Vec::new());
        let prior = std::mem::take(&mut self.prior);
        let Prior { objects, deposed, outputs, products, outside } = prior;
        (self.prior.outputs, self.prior.outside) = (outputs, outside);
        for mut object in objects.into_values().chain(deposed) {
            let reads_changed = names.renew(&mut object.record.reads);
            if let Some(to) = moved.get(&object.address) {
                gone.push(Edit::DeleteInstance {
                    address: object.record.address.clone(),
                    deposed: object.record.deposed.clone(),
                });
                let from = std::mem::replace(&mut object.address, to.clone());
                object.record.address = to.to_string();
                let is_other_type = from.block.ty != to.block.ty;
                object.previous = Some(from);
                if is_other_type {
                    match self.convert(root, providers, &object) {
                        Ok(record) => object.record = record,
                        Err(problem) => diagnostics.push(*problem),
                    }
                }
            }
            if reads_changed || object.previous.is_some() {
                put.push(Edit::PutInstance(Box::new(object.record.clone())));
            }
            self.prior.put(object);
        }
        for intent in &mut self.intents {
            let reads_changed = names.renew(&mut intent.reads);
            let to = InstanceAddress::from_str(&intent.address).ok().and_then(|address| moved.get(&address));
            if let Some(to) = to {
                intent.address = to.to_string();
            }
            if reads_changed || to.is_some() {
                put.push(Edit::PutIntent(Box::new(intent.clone())));
            }
        }
        for (id, (address, descriptor)) in products {
            let to = product_address(&address).and_then(|address| moved.get(&address));
            let address = match to {
                Some(to) => {
                    let address = text_of_product(to);
                    let (id, descriptor) = (id.to_string(), descriptor.clone());
                    put.push(Edit::PutProduct(ProductRecord { id, address: address.clone(), descriptor }));
                    Arc::from(address)
                }
                None => address,
            };
            self.prior.products.insert(id, (address, descriptor));
        }
        // One object may go where another one leaves: what is written wins over what is removed.
        gone.append(&mut put);
        self.edits = gone;
        diagnostics.into_result().map(|_| ())
    }

    /// The record of an object that becomes one of another type, as the provider of that type has it.
    fn convert(
        &self,
        root: &ModuleTree,
        providers: &Providers,
        object: &PriorObject,
    ) -> Result<InstanceRecord, Box<Diagnostic>> {
        let (to, record) = (&object.address, &object.record);
        let from = object.previous.as_ref().unwrap_or(to);
        let problem = |why: String| {
            let detail = format!("{from} can't become {to}: {why}");
            let error = Diagnostic::error("move-unsupported", "Move to another type not supported", detail).about(to);
            let spans = self.statements.iter().find(|statement| statement.to.matches(to)).map(|found| found.spans[0]);
            let error = spans.map_or(error.clone(), |span| error.at(span));
            Box::new(error.hint(
                "Take the `moved` block out; to keep what is there, use `removed` for the old address and `import` for the new one.",
            ))
        };
        if self.intents.iter().any(|intent| [from.to_string(), to.to_string()].contains(&intent.address)) {
            return Err(problem(
                "an interrupted operation on it is still to be settled. Plan and apply once without the `moved` block."
                    .to_owned(),
            ));
        }
        let tree = root.find(&to.block.module);
        let key = (to.block.mode, to.block.ty.clone(), to.block.name.clone());
        let declared = tree.and_then(|tree| tree.module.resources.get(&key));
        let Some(resource) = declared else {
            return Err(problem("it is not declared, so that nobody says which provider it has.".to_owned()));
        };
        let local = &resource.provider.config.name;
        let schema = providers.schema(local).and_then(|schema| schema.resources.get(&to.block.ty));
        let (Some(provider), Some(schema)) = (providers.get(local), schema) else {
            return Err(problem(format!("provider `{local}` of this build has no type `{}`.", to.block.ty)));
        };
        let stored = mesh_value::to_plain_json(&record.value).map_err(|error| problem(error.to_string()))?;
        let request = mesh_provider::MoveRequest {
            from: from.block.ty.clone(),
            from_version: record.schema_version,
            to: to.block.ty.clone(),
            stored,
        };
        let (plain, marks) = record.value.unmark_deep();
        let mut secrets = Secrets::default();
        secrets.note(&plain, &marks);
        let hidden = |failure: Failure| Failure(failure.0.into_iter().map(|problem| secrets.hide(problem)).collect());
        let value = provider.move_state(&request).map_err(|failure| problem(hidden(failure).to_string()))?;
        let value = stored::checked(schema, value).map_err(problem)?;
        Ok(InstanceRecord {
            provider: root.provider_use(&to.block.module, &resource.provider.config).address.to_string(),
            schema_version: schema.version,
            value: stored::marked(schema, stored::with_marks_of(&record.value, value)),
            private: Vec::new(),
            ..record.clone()
        })
    }
}

fn text_of_product(address: &InstanceAddress) -> String {
    let BlockAddress { module, name, .. } = address.block.as_ref();
    if module.is_root() { format!("data_product.{name}") } else { format!("{module}.data_product.{name}") }
}

/// How what moved is called in what other objects say that they read.
struct Names {
    renamed: HashMap<String, BTreeSet<String>>,
}

impl Names {
    fn new(moved: &HashMap<InstanceAddress, InstanceAddress>, prior: &Prior) -> Self {
        let mut renamed: HashMap<String, BTreeSet<String>> = HashMap::new();
        let mut blocks: BTreeSet<&Arc<BlockAddress>> = BTreeSet::new();
        for (from, to) in moved {
            renamed.entry(from.to_string()).or_default().insert(to.to_string());
            if from.key != InstanceKey::None {
                // Some read the block as a whole.
                blocks.insert(&from.block);
                let whole = if from.key == to.key { to.block.to_string() } else { to.to_string() };
                renamed.entry(from.block.to_string()).or_default().insert(whole);
            }
        }
        for object in prior.all() {
            if blocks.contains(&object.address.block) && !moved.contains_key(&object.address) {
                let block = object.address.block.to_string();
                renamed.entry(block.clone()).or_default().insert(block);
            }
        }
        Self { renamed }
    }

    /// Puts the new names in; whether there were any.
    fn renew(&self, reads: &mut Vec<String>) -> bool {
        if !reads.iter().any(|read| self.renamed.contains_key(read)) {
            return false;
        }
        let renewed: BTreeSet<String> = reads
            .drain(..)
            .flat_map(|read| self.renamed.get(&read).cloned().unwrap_or_else(|| BTreeSet::from([read])))
            .collect();
        reads.extend(renewed);
        true
    }
}
