//! All statements of a configuration about what moved, in the order in which they are followed.

use std::sync::Arc;

use mesh_config::{Endpoint, ModuleTree, Moved};
use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_graph::{Cycle, Graph};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, ModulePath};

use super::pattern::{Key, Pattern};

/// One `moved` block, in all instances of the module that it stands in.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it moves.
    pub from: Pattern,
    /// What that becomes.
    pub to: Pattern,
    /// How many module calls lead to the module that it stands in.
    depth: usize,
    /// `from` and `to` from the root, for people.
    pub shown: [String; 2],
    /// Where it and its `from` stand.
    pub spans: [Span; 2],
}

impl Statement {
    fn new(module: &ModulePath, moved: &Moved) -> Self {
        let Moved { from, to, span, from_span } = moved;
        let is_whole = [from, to].iter().all(|endpoint| *endpoint.key() == InstanceKey::None);
        let absolute = |endpoint: &Endpoint| {
            if module.is_root() { endpoint.to_string() } else { format!("{module}.{endpoint}") }
        };
        Self {
            from: Pattern::new(module, from, is_whole),
            to: Pattern::new(module, to, is_whole),
            depth: module.steps().len(),
            shown: [absolute(from), absolute(to)],
            spans: [*span, *from_span],
        }
    }

    /// Where it moves an address; `None` where it does not speak of it.
    pub fn moved(&self, address: &InstanceAddress) -> Option<InstanceAddress> {
        if !self.from.matches(address) {
            return None;
        }
        let steps = address.block.module.steps();
        let last = self.from.modules.len().checked_sub(1).and_then(|last| steps.get(last));
        let mut module = ModulePath::root();
        for (place, (name, key)) in self.to.modules.iter().enumerate() {
            let key = match key {
                Key::Exact(key) => key.clone(),
                Key::Any if place < self.depth => steps.get(place)?.key.clone(),
                Key::Any => last?.key.clone(),
            };
            module = module.child(name.clone(), key);
        }
        let block = match &self.to.block {
            // The rest of the way, inside of the module.
            None => {
                let rest = &steps[self.from.modules.len()..];
                let module = rest.iter().fold(module, |path, step| path.child(step.name.clone(), step.key.clone()));
                return Some(InstanceAddress {
                    block: Arc::new(BlockAddress { module, ..BlockAddress::clone(&address.block) }),
                    key: address.key.clone(),
                });
            }
            Some(block) => block,
        };
        let key = match &block.key {
            Key::Any => address.key.clone(),
            Key::Exact(key) => key.clone(),
        };
        let (mode, ty, name) = (block.mode, block.ty.clone(), block.name.clone());
        Some(InstanceAddress { block: Arc::new(BlockAddress { module, mode, ty, name }), key })
    }

    /// Whether the other one is followed before this one: because this one goes on from where the other one leads, or
    /// because the other one speaks of a part of what this one moves.
    fn comes_after(&self, other: &Self) -> bool {
        self.from.meets(&other.to)
            || self.from.is_inside(&other.to)
            || self.to.is_inside(&other.to)
            || other.from.is_inside(&self.from)
            || other.to.is_inside(&self.from)
    }
}

/// The statements of all modules, each after those that it goes on from.
///
/// # Errors
/// Statements that contradict each other, and circles.
pub fn statements(root: &ModuleTree) -> Result<Vec<Statement>, Diagnostics> {
    let mut all: Vec<Statement> = Vec::new();
    for tree in root.walk() {
        for moved in &tree.module.moved {
            let statement = Statement::new(&tree.path, moved);
            // A module that is called from several places says the same in each; two blocks may say it too.
            if !all.iter().any(|other| other.from == statement.from && other.to == statement.to) {
                all.push(statement);
            }
        }
    }
    let mut diagnostics = Diagnostics::default();
    contradictions(&all, &mut diagnostics);
    let mut graph: Graph<usize> = Graph::default();
    for (number, statement) in all.iter().enumerate() {
        graph.add(number);
        for (other, earlier) in all.iter().enumerate() {
            if other != number && statement.comes_after(earlier) {
                graph.depend(number, other, Some(statement.spans[1]));
            }
        }
    }
    match graph.order() {
        Ok(order) => {
            let in_order: Vec<Statement> = order.into_iter().map(|number| all[number].clone()).collect();
            diagnostics.into_result().map(|_| in_order)
        }
        Err(cycles) => {
            cycles.iter().for_each(|cycle| diagnostics.push(circle(&all, cycle)));
            Err(diagnostics)
        }
    }
}

/// Two statements of one source or of one destination.
fn contradictions(all: &[Statement], diagnostics: &mut Diagnostics) {
    for (number, statement) in all.iter().enumerate() {
        for earlier in &all[..number] {
            let [from, to] = &statement.shown;
            let [other_from, other_to] = &earlier.shown;
            let (detail, hint) = if statement.from == earlier.from {
                (
                    format!(
                        "This says that {from} has moved to {to}, and another block that it has moved to {other_to}."
                    ),
                    "An object has one address: keep the block that is true.",
                )
            } else if statement.to == earlier.to {
                (
                    format!("This says that {to} was {from} before, and another block that it was {other_from}."),
                    "An object has one past: for several steps, let one block lead to where the next one starts.",
                )
            } else {
                continue;
            };
            diagnostics.push(
                Diagnostic::error("ambiguous-move", "Contradicting `moved` blocks", detail)
                    .at(statement.spans[0])
                    .elsewhere("The other one is here", earlier.spans[0])
                    .hint(hint),
            );
        }
    }
}

fn circle(all: &[Statement], Cycle(members): &Cycle<usize>) -> Diagnostic {
    let steps = members.iter().filter_map(|(number, _)| all.get(*number));
    let steps: Vec<String> =
        steps.map(|statement| format!("{} to {}", statement.shown[0], statement.shown[1])).collect();
    let detail =
        format!("These blocks lead back to where they start, so nothing has a last address: {}.", steps.join(", "));
    let mut diagnostic = Diagnostic::error("move-cycle", "Moves in a circle", detail)
        .hint("Keep only the moves that end at an address which is still declared.");
    for (place, statement) in members.iter().filter_map(|(number, _)| all.get(*number)).enumerate() {
        let span = statement.spans[0];
        diagnostic = if place == 0 { diagnostic.at(span) } else { diagnostic.elsewhere("and this one", span) };
    }
    diagnostic
}
