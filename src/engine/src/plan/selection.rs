//! What a plan covers: everything, or what `--target` and `--exclude` leave.

use std::collections::HashSet;
use std::str::FromStr;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_graph::Graph;
use mesh_plan::PlanMode;
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, ModulePath};

use super::PlanOptions;
use crate::blocks::Node;
use crate::prior::Prior;

/// An address as given on the command line: an object, a block with all its objects, or a module.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Chosen {
    Object(InstanceAddress),
    Module(ModulePath),
}

impl Chosen {
    fn parse(text: &str) -> Option<Self> {
        InstanceAddress::from_str(text).map(Self::Object).or_else(|_| ModulePath::from_str(text).map(Self::Module)).ok()
    }

    /// Whether it means the object; without a key, it means every object of its block.
    fn means(&self, address: &InstanceAddress) -> bool {
        match self {
            Self::Module(module) => within(module, &address.block.module),
            Self::Object(object) => {
                let is_same_block = object.block.mode == address.block.mode
                    && object.block.ty == address.block.ty
                    && object.block.name == address.block.name
                    && within(&object.block.module, &address.block.module)
                    && object.block.module.steps().len() == address.block.module.steps().len();
                is_same_block && (object.key == InstanceKey::None || object.key == address.key)
            }
        }
    }

    /// Whether it means a block, or objects of it.
    fn means_block(&self, block: &BlockAddress) -> bool {
        match self {
            Self::Module(module) => module.without_keys().contains(&block.module),
            Self::Object(object) => {
                object.block.mode == block.mode
                    && object.block.ty == block.ty
                    && object.block.name == block.name
                    && object.block.module.without_keys() == block.module
            }
        }
    }
}

/// Whether `path` is `module` or inside it; a step of `module` without a key means every instance.
fn within(module: &ModulePath, path: &ModulePath) -> bool {
    module.steps().len() <= path.steps().len()
        && module.steps().iter().zip(path.steps()).all(|(wanted, step)| {
            wanted.name == step.name && (wanted.key == InstanceKey::None || wanted.key == step.key)
        })
}

/// What a plan covers.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    targets: Vec<Chosen>,
    excludes: Vec<Chosen>,
    replace: Vec<Chosen>,
    /// The nodes that are visited; all where `None`.
    visited: Option<HashSet<Node>>,
    /// What is visited for no other reason than that limits hold whatever is chosen.
    for_cost: HashSet<Node>,
    /// Blocks that are covered with all their objects, because a target needs them or, to destroy, because they need
    /// a target.
    needed: HashSet<BlockAddress>,
    /// Blocks that are left out with all their objects.
    left_out: HashSet<BlockAddress>,
}

impl Selection {
    /// Works out what the options cover; `guards` are the nodes that `prevent_destroy` reads. Addresses that mean nothing
    /// are reported.
    pub fn new(
        graph: &Graph<Node>,
        guards: Vec<Node>,
        prior: &Prior,
        options: &PlanOptions,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut parse = |option: &str, texts: &[String]| -> Vec<Chosen> {
            texts.iter().filter_map(|text| chosen(option, text, graph, prior, diagnostics)).collect()
        };
        let targets = parse("--target", &options.targets);
        let excludes = parse("--exclude", &options.excludes);
        let replace = parse("--replace", &options.replace);
        let mut selection = Self { targets, excludes, replace, ..Self::default() };
        let destroys = options.mode == PlanMode::Destroy;
        let meant = |chosen: &[Chosen]| -> Vec<Node> {
            graph.nodes().filter(|node| chosen.iter().any(|chosen| means_node(chosen, node))).cloned().collect()
        };
        let speaking_of_cost =
            || graph.nodes().filter(|node| matches!(node, Node::Mesh | Node::Domain(_) | Node::Usage(..))).cloned();
        let products = || graph.nodes().filter(|node| matches!(node, Node::Product(..))).cloned();
        let providers = || graph.nodes().filter(|node| matches!(node, Node::Provider(_))).cloned();
        if !selection.targets.is_empty() {
            let direct: HashSet<Node> = meant(&selection.targets).into_iter().collect();
            let reached = if destroys {
                graph.with_dependents(direct.iter().cloned())
            } else {
                graph.with_dependencies(direct.iter().cloned())
            };
            // A targeted block that another one of the reached needs is covered with all its objects.
            let is_needed = |node: &&Node| {
                !direct.contains(*node) || (!destroys && graph.dependents(node).any(|other| reached.contains(other)))
            };
            selection.needed = blocks(reached.iter().filter(is_needed));
            selection.visited = Some(graph.with_dependencies(reached.iter().cloned().chain(providers())));
        }
        if !selection.excludes.is_empty() {
            let whole = meant(&selection.excludes).into_iter().filter(|node| !selection.excludes_only_objects(node));
            // What is kept needs all that it reads; what is not made can't be read.
            let left_out = if destroys { graph.with_dependencies(whole) } else { graph.with_dependents(whole) };
            selection.left_out = blocks(left_out.iter());
            let visited = graph.nodes().filter(|node| !left_out.contains(*node) || matches!(node, Node::Provider(_)));
            selection.visited = Some(visited.cloned().collect());
        }
        if let Some(visited) = &mut selection.visited {
            // Limits hold whatever is chosen, and count what is left as it is for whom it belongs to.
            let mut for_cost = graph.with_dependencies(speaking_of_cost().chain(products()));
            for_cost.retain(|node| !visited.contains(node));
            visited.extend(for_cost.iter().cloned());
            selection.for_cost = for_cost;
        }
        if destroys {
            // Deleting needs the providers' configurations, and what says which objects may not be deleted.
            selection.visited = Some(graph.with_dependencies(providers().chain(guards).chain(speaking_of_cost())));
        }
        selection
    }

    /// Whether only some objects of a node are excluded.
    fn excludes_only_objects(&self, node: &Node) -> bool {
        let Node::Resource(block) = node else { return false };
        let mut meant = self.excludes.iter().filter(|chosen| chosen.means_block(block));
        meant.all(|chosen| matches!(chosen, Chosen::Object(object) if object.key != InstanceKey::None))
    }

    /// Whether a node is visited.
    #[must_use]
    pub fn visits(&self, node: &Node) -> bool {
        self.visited.as_ref().is_none_or(|visited| visited.contains(node))
    }

    /// Whether a node is visited for no other reason than that limits hold whatever is chosen.
    #[must_use]
    pub fn only_counts(&self, node: &Node) -> bool {
        self.for_cost.contains(node)
    }

    /// Whether everything is covered.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        self.targets.is_empty() && self.excludes.is_empty()
    }

    /// Whether an object is planned.
    #[must_use]
    pub fn covers(&self, address: &InstanceAddress) -> bool {
        if self.is_everything() {
            return true;
        }
        let block = BlockAddress { module: address.block.module.without_keys(), ..BlockAddress::clone(&address.block) };
        if self.left_out.contains(&block) || self.excludes.iter().any(|chosen| chosen.means(address)) {
            return false;
        }
        self.targets.is_empty()
            || self.needed.contains(&block)
            || self.targets.iter().any(|chosen| chosen.means(address))
    }

    /// Whether an object shall be made anew.
    #[must_use]
    pub fn replaces(&self, address: &InstanceAddress) -> bool {
        self.replace.iter().any(|chosen| chosen.means(address))
    }
}

fn blocks<'a>(nodes: impl Iterator<Item = &'a Node>) -> HashSet<BlockAddress> {
    nodes
        .filter_map(|node| if let Node::Resource(block) = node { Some(BlockAddress::clone(block)) } else { None })
        .collect()
}

fn means_node(chosen: &Chosen, node: &Node) -> bool {
    match (chosen, node) {
        (_, Node::Resource(block)) => chosen.means_block(block),
        (Chosen::Module(module), Node::Product(path, _) | Node::Output(path, _)) => {
            module.without_keys().contains(path)
        }
        _ => false,
    }
}

fn chosen(
    option: &str,
    text: &str,
    graph: &Graph<Node>,
    prior: &Prior,
    diagnostics: &mut Diagnostics,
) -> Option<Chosen> {
    let Some(chosen) = Chosen::parse(text) else {
        let detail = format!("`{option} {text}` is not the address of an object, a block or a module.");
        let error = Diagnostic::error("invalid-address", "Invalid address", detail);
        diagnostics.push(
            error.hint("Write it like `local_bucket.landing`, `local_object.day[\"mon\"]` or `module.warehouse`."),
        );
        return None;
    };
    let is_declared = graph.nodes().any(|node| means_node(&chosen, node));
    if !is_declared && !prior.all().any(|object| chosen.means(&object.address)) {
        let detail = format!("`{option} {text}` names nothing in the configuration or in the state.");
        let known: Vec<String> =
            graph.nodes().filter(|n| matches!(n, Node::Resource(_))).map(ToString::to_string).collect();
        let error = Diagnostic::error("unknown-address", "Unknown address", detail);
        diagnostics.push(error.suggest(text, known.iter().map(String::as_str)));
    }
    Some(chosen)
}
