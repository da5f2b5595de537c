//! Who read what: the record of all reads of a plan, from which order, reasons and staleness follow.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, ModulePath};
use serde::{Deserialize, Serialize};

/// Anything that reads or is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Vertex {
    /// `var.name` of a module instance.
    Variable(ModulePath, Arc<str>),
    /// `local.name` of a module instance.
    Local(ModulePath, Arc<str>),
    /// `output.name` of a module instance.
    Output(ModulePath, Arc<str>),
    /// What `count` or `for_each` of a block decides.
    Instances(Arc<BlockAddress>),
    /// What `count` or `for_each` of a module call decides.
    Calls(ModulePath, Arc<str>),
    /// One object.
    Instance(InstanceAddress),
    /// All objects of a block.
    Block(Arc<BlockAddress>),
    /// All objects of a module instance and of those inside.
    Module(ModulePath),
    /// A provider configuration of the root module.
    Provider(Arc<str>),
    /// An `import` block, by what it imports to.
    Import(Arc<str>),
    /// A data product.
    Product(ModulePath, Arc<str>),
    /// A `check` block of a module instance.
    Check(ModulePath, Arc<str>),
    /// What the `mesh` blocks say of money.
    Mesh,
    /// A `domain` block.
    Domain(Arc<str>),
    /// A `usage` block of a module instance, by what it speaks of.
    Usage(ModulePath, Arc<str>),
}

/// As people write it: `module.a.var.zones`, `local_bucket.b[3]`, `provider.local`.
impl fmt::Display for Vertex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut inside = |module: &ModulePath, kind: &str, name: &str| {
            if module.is_root() { write!(out, "{kind}.{name}") } else { write!(out, "{module}.{kind}.{name}") }
        };
        match self {
            Self::Variable(module, name) => inside(module, "var", name),
            Self::Local(module, name) => inside(module, "local", name),
            Self::Output(module, name) => inside(module, "output", name),
            Self::Product(module, name) => inside(module, "data_product", name),
            Self::Check(module, name) => inside(module, "check", name),
            Self::Mesh => out.write_str("mesh"),
            Self::Domain(name) => write!(out, "domain.{name}"),
            Self::Usage(module, label) => inside(module, "usage", &format!("{label:?}")),
            Self::Calls(module, name) => inside(module, "module", name),
            Self::Instances(block) | Self::Block(block) => write!(out, "{block}"),
            Self::Instance(address) => write!(out, "{address}"),
            Self::Module(module) => write!(out, "{module}"),
            Self::Provider(name) => write!(out, "provider.{name}"),
            Self::Import(to) => write!(out, "import of {to}"),
        }
    }
}

/// One read: the number of what was read, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The vertex's number in its graph.
    pub to: u32,
    /// The part that was read; empty for the whole.
    pub path: AttributePath,
}

/// All reads of a plan. Vertices have numbers; adding and finding take constant time, the whole is linear in reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct ReadGraph {
    vertices: Vec<Vertex>,
    links: Vec<Vec<Link>>,
    /// Every read looks up two vertices, whose addresses are long keys: hence a faster hash than the standard one.
    index: HashMap<Vertex, u32, RandomState>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Stored(Vec<(Vertex, Vec<Link>)>);

impl From<Stored> for ReadGraph {
    fn from(stored: Stored) -> Self {
        let (vertices, links): (Vec<_>, Vec<_>) = stored.0.into_iter().unzip();
        let index = vertices.iter().cloned().zip(0..).collect();
        Self { vertices, links, index }
    }
}

impl From<ReadGraph> for Stored {
    fn from(graph: ReadGraph) -> Self {
        Self(graph.vertices.into_iter().zip(graph.links).collect())
    }
}

impl ReadGraph {
    /// The number of a vertex, which is added where it is new.
    pub fn number(&mut self, vertex: &Vertex) -> u32 {
        if let Some(number) = self.index.get(vertex) {
            return *number;
        }
        let number = u32::try_from(self.vertices.len()).unwrap_or(u32::MAX);
        self.vertices.push(vertex.clone());
        self.links.push(Vec::new());
        self.index.insert(vertex.clone(), number);
        number
    }

    /// Records that `reader` read a part of `read`.
    pub fn record(&mut self, reader: u32, read: &Vertex, path: AttributePath) {
        let to = self.number(read);
        if let Some(links) = self.links.get_mut(reader as usize) {
            links.push(Link { to, path });
        }
    }

    /// Records that `reader` read the whole of something that it surely has not read before: no search for a repetition.
    pub fn record_new(&mut self, reader: u32, read: &Vertex) {
        let to = self.number(read);
        if let Some(links) = self.links.get_mut(reader as usize) {
            links.push(Link { to, path: AttributePath::default() });
        }
    }

    /// The number of a vertex that is there.
    #[must_use]
    pub fn find(&self, vertex: &Vertex) -> Option<u32> {
        self.index.get(vertex).copied()
    }

    /// The vertex of a number.
    #[must_use]
    pub fn vertex(&self, number: u32) -> Option<&Vertex> {
        self.vertices.get(number as usize)
    }

    /// What a vertex read.
    #[must_use]
    pub fn links(&self, number: u32) -> &[Link] {
        self.links.get(number as usize).map_or(&[], Vec::as_slice)
    }

    /// All vertices with what they read.
    pub fn iter(&self) -> impl Iterator<Item = (&Vertex, &[Link])> {
        self.vertices.iter().zip(self.links.iter().map(Vec::as_slice))
    }
}
