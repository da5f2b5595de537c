//! The static graph: a node a block of each called module, an edge a reference. Instances play no part in it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use mesh_config::{ModuleTree, PreventDestroy, ProviderAddress, Resource, without_key};
use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_graph::{Cycle, Graph};
use mesh_lang::eval::{Referent, StaticReference};
use mesh_plan::Vertex;
use mesh_value::{BlockAddress, Mode, ModulePath};

/// A block in a module of the tree. Module paths have no instance keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A `variable`.
    Variable(ModulePath, Arc<str>),
    /// An entry of `locals`.
    Local(ModulePath, Arc<str>),
    /// An `output`.
    Output(ModulePath, Arc<str>),
    /// A `resource` or `data` block.
    Resource(Arc<BlockAddress>),
    /// A `module` block: which instances the module has.
    Call(ModulePath, Arc<str>),
    /// A provider configuration, with all that its `for_each` makes: `local.archive`.
    Provider(Arc<str>),
    /// A `data_product`.
    Product(ModulePath, Arc<str>),
    /// A `check`.
    Check(ModulePath, Arc<str>),
    /// What the `mesh` blocks say of money.
    Mesh,
    /// A `domain`.
    Domain(Arc<str>),
    /// A `usage`, by what it speaks of.
    Usage(ModulePath, Arc<str>),
    /// An `import` of the root module, by its place there, and what it imports to.
    Import(usize, Arc<str>),
}

/// As people write the block's address: that of its vertex in the record of reads.
impl fmt::Display for Node {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vertex = match self.clone() {
            Self::Variable(module, name) => Vertex::Variable(module, name),
            Self::Local(module, name) => Vertex::Local(module, name),
            Self::Output(module, name) => Vertex::Output(module, name),
            Self::Resource(block) => Vertex::Block(block),
            Self::Call(module, name) => Vertex::Calls(module, name),
            Self::Provider(name) => Vertex::Provider(name),
            Self::Product(module, name) => Vertex::Product(module, name),
            Self::Check(module, name) => Vertex::Check(module, name),
            Self::Mesh => Vertex::Mesh,
            Self::Domain(name) => Vertex::Domain(name),
            Self::Usage(module, label) => Vertex::Usage(module, label),
            Self::Import(_, to) => Vertex::Import(to),
        };
        vertex.fmt(out)
    }
}

/// Builds the graph of a module tree. `stored_providers` are provider configurations that objects in the state need,
/// whether or not the configuration still names them.
pub fn graph(root: &ModuleTree, stored_providers: &BTreeSet<Arc<str>>) -> Graph<Node> {
    let mut builder = Builder { graph: Graph::default() };
    for name in stored_providers {
        builder.graph.add(Node::Provider(without_key(name).into()));
    }
    for tree in root.walk() {
        builder.providers(tree);
        builder.module(tree, root);
    }
    builder.imports(root);
    builder.cost(root);
    builder.graph
}

/// One error a cycle, with every member and the reference that leads to the next.
pub fn report_cycles(cycles: &[Cycle<Node>], diagnostics: &mut Diagnostics) {
    for Cycle(members) in cycles {
        let names: Vec<String> = members.iter().map(|(node, _)| node.to_string()).collect();
        let mut steps = names.clone();
        steps.push(names[0].clone());
        let mut diagnostic = Diagnostic::error(
            "cycle",
            "Blocks depend on each other in a circle",
            format!("Each of these needs the next one's value first: {}.", steps.join(" -> ")),
        )
        .hint("Take one of these references out, or split a block so that only the part that is needed is read.");
        for (index, (_, reference)) in members.iter().enumerate() {
            diagnostic = match (index, reference) {
                (0, Some(span)) => diagnostic.at(*span),
                (_, Some(span)) => diagnostic.elsewhere("and from there", *span),
                (_, None) => diagnostic,
            };
        }
        diagnostics.push(diagnostic);
    }
}

struct Builder {
    graph: Graph<Node>,
}

impl Builder {
    fn providers(&mut self, tree: &ModuleTree) {
        for provider in &tree.module.providers {
            // An empty block of a called module only asks for a configuration.
            if !tree.path.is_root() && provider.is_empty() {
                continue;
            }
            let address = ProviderAddress { module: tree.path.clone(), config: provider.config.clone() };
            let node = self.add(Node::Provider(address.to_string().into()), calling(&tree.path).as_ref());
            self.references(&node, tree, &provider.references);
        }
    }

    /// Makes a node wait for the provider configuration that a resource uses.
    fn uses(&mut self, node: &Node, root: &ModuleTree, path: &ModulePath, resource: &Resource) {
        let address = root.provider_use(path, &resource.provider.config).address;
        self.graph.depend(node.clone(), Node::Provider(address.to_string().into()), Some(resource.span));
    }

    /// An import waits for what its id reads, and the block that it imports to waits for it.
    fn imports(&mut self, root: &ModuleTree) {
        for (number, import) in root.module.imports.iter().enumerate() {
            let node = Node::Import(number, import.to.to_string().into());
            self.graph.add(node.clone());
            self.references(&node, root, &import.references);
            let (mode, ty, name) = (Mode::Managed, import.to.ty.clone(), import.to.name.clone());
            let block = BlockAddress { module: import.to.module(), mode, ty, name };
            let target = Node::Resource(Arc::new(block));
            if self.graph.contains(&target) {
                self.graph.depend(target, node, Some(import.span));
            } else {
                // A block may be written for it, from what its provider reads.
                let provider = root.provider_use(&ModulePath::root(), &import.provider).address;
                self.graph.depend(node, Node::Provider(provider.to_string().into()), Some(import.span));
            }
        }
    }

    /// What speaks of cost waits for what it reads; nothing waits for it.
    fn cost(&mut self, root: &ModuleTree) {
        if root.module.cost.speaks_of_mesh() {
            self.graph.add(Node::Mesh);
            self.each(&Node::Mesh, root, root.module.cost.mesh_references());
        }
        for domain in root.module.cost.domains.values() {
            let node = self.add(Node::Domain(domain.name.clone()), None);
            self.references(&node, root, &domain.references);
        }
        for tree in root.walk() {
            for usage in tree.module.cost.usage.values() {
                let node = Node::Usage(tree.path.clone(), usage.name.clone());
                let node = self.add(node, calling(&tree.path).as_ref());
                self.references(&node, tree, &usage.references);
            }
        }
    }

    fn module(&mut self, tree: &ModuleTree, root: &ModuleTree) {
        let (module, path) = (&tree.module, &tree.path);
        let calling = calling(path);
        let caller = calling.as_ref().and_then(|(parent, _)| root.find(parent));
        for variable in module.variables.values() {
            let node = self.add(Node::Variable(path.clone(), variable.name.clone()), calling.as_ref());
            let own = Referent::Variable(variable.name.clone());
            let others = variable.references.iter().filter(|reference| reference.referent != own);
            self.each(&node, tree, others);
            if let (Some((_, call)), Some(caller)) = (&calling, caller)
                && let Some(argument) = caller.module.calls.get(call).and_then(|c| c.arguments.get(&variable.name))
            {
                self.references(&node, caller, &argument.references);
            }
        }
        for local in module.locals.values() {
            let node = self.add(Node::Local(path.clone(), local.name.clone()), calling.as_ref());
            self.references(&node, tree, &local.references);
        }
        for output in module.outputs.values() {
            let node = self.add(Node::Output(path.clone(), output.name.clone()), calling.as_ref());
            self.references(&node, tree, &output.references);
        }
        for resource in module.resources.values() {
            let block = BlockAddress {
                module: path.clone(),
                mode: resource.mode,
                ty: resource.ty.clone(),
                name: resource.name.clone(),
            };
            let node = self.add(Node::Resource(Arc::new(block)), calling.as_ref());
            self.uses(&node, root, path, resource);
            self.references(&node, tree, &resource.references);
        }
        for call in module.calls.values() {
            let node = self.add(Node::Call(path.clone(), call.name.clone()), calling.as_ref());
            self.references(&node, tree, &call.references);
        }
        if let Some(product) = &module.product {
            let node = self.add(Node::Product(path.clone(), product.name.clone()), calling.as_ref());
            self.references(&node, tree, &product.references);
        }
        for check in module.checks.values() {
            let node = self.add(Node::Check(path.clone(), check.name.clone()), calling.as_ref());
            if let Some(data) = &check.data {
                self.uses(&node, root, path, data);
            }
            self.references(&node, tree, &check.references);
        }
    }

    /// Adds a node, which waits until the instances of its own module are known.
    fn add(&mut self, node: Node, calling: Option<&(ModulePath, Arc<str>)>) -> Node {
        self.graph.add(node.clone());
        if let Some((parent, call)) = calling {
            self.graph.depend(node.clone(), Node::Call(parent.clone(), call.clone()), None);
        }
        node
    }

    fn references(&mut self, node: &Node, tree: &ModuleTree, references: &[StaticReference]) {
        self.each(node, tree, references.iter());
    }

    fn each<'a>(&mut self, node: &Node, tree: &ModuleTree, references: impl Iterator<Item = &'a StaticReference>) {
        for reference in references {
            for on in targets(tree, &reference.referent) {
                if on != *node || !matches!(reference.referent, Referent::Itself) {
                    self.graph.depend(node.clone(), on, Some(reference.span));
                }
            }
        }
    }
}

/// The nodes that a reference in a module leads to; none where it leads nowhere, which the checks report.
fn targets(tree: &ModuleTree, referent: &Referent) -> Vec<Node> {
    let path = &tree.path;
    match referent {
        Referent::Variable(name) if tree.module.variables.contains_key(name) => {
            vec![Node::Variable(path.clone(), name.clone())]
        }
        Referent::Local(name) if tree.module.locals.contains_key(name) => vec![Node::Local(path.clone(), name.clone())],
        Referent::Resource { mode, ty, name }
            if tree.module.resources.contains_key(&(*mode, ty.clone(), name.clone())) =>
        {
            let block = BlockAddress { module: path.clone(), mode: *mode, ty: ty.clone(), name: name.clone() };
            vec![Node::Resource(Arc::new(block))]
        }
        Referent::Product(name) if tree.module.product.as_ref().is_some_and(|product| product.name == *name) => {
            vec![Node::Product(path.clone(), name.clone())]
        }
        Referent::Module { call, output } => {
            let Some(child) = tree.children.get(call) else { return Vec::new() };
            match output {
                Some(output) if child.module.outputs.contains_key(output) => {
                    vec![Node::Output(child.path.clone(), output.clone())]
                }
                Some(_) => Vec::new(),
                None => whole_module(path, call, child),
            }
        }
        _ => Vec::new(),
    }
}

/// A module as a whole: its instances, its outputs, and every resource in it, for `depends_on`.
fn whole_module(path: &ModulePath, call: &Arc<str>, child: &ModuleTree) -> Vec<Node> {
    let mut nodes = vec![Node::Call(path.clone(), call.clone())];
    nodes.extend(child.module.outputs.keys().map(|output| Node::Output(child.path.clone(), output.clone())));
    for inner in child.walk() {
        nodes.extend(inner.module.resources.values().map(|resource| {
            Node::Resource(Arc::new(BlockAddress {
                module: inner.path.clone(),
                mode: resource.mode,
                ty: resource.ty.clone(),
                name: resource.name.clone(),
            }))
        }));
    }
    nodes
}

/// What decides which objects may not be destroyed: the nodes that every `prevent_destroy` reads.
pub fn guards(root: &ModuleTree) -> Vec<Node> {
    let mut nodes = Vec::new();
    for tree in root.walk() {
        for resource in tree.module.resources.values() {
            if let PreventDestroy::When { references, .. } = &resource.lifecycle.prevent_destroy {
                nodes.extend(references.iter().flat_map(|reference| targets(tree, &reference.referent)));
            }
        }
    }
    nodes
}

/// The module that calls the one at `path`, and the call's name; `None` for the root.
pub fn calling(path: &ModulePath) -> Option<(ModulePath, Arc<str>)> {
    let (last, _) = path.steps().split_last()?;
    Some((path.parent()?, last.name.clone()))
}
