//! `moved` and `removed` blocks: what they say of the objects that a state has.

use std::fmt;

use mesh_diagnostics::Span;
use mesh_value::{InstanceAddress, InstanceKey, ModulePath};

/// What a `moved` or `removed` block names, relative to the module that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// A module call, or one instance of it.
    Module(ModulePath),
    /// A block, or one object of it.
    Object(InstanceAddress),
}

impl Endpoint {
    /// The key that its address ends with.
    #[must_use]
    pub fn key(&self) -> &InstanceKey {
        match self {
            Self::Module(path) => path.steps().last().map_or(&InstanceKey::None, |step| &step.key),
            Self::Object(address) => &address.key,
        }
    }

    /// The module calls on the way to it: all for a block, all but its own for a module.
    #[must_use]
    pub fn way(&self) -> ModulePath {
        match self {
            Self::Module(path) => path.parent().unwrap_or_default(),
            Self::Object(address) => address.block.module.clone(),
        }
    }
}

/// As one writes it.
impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(path) => write!(out, "{path}"),
            Self::Object(address) => write!(out, "{address}"),
        }
    }
}

/// A `moved` block: objects of one address are those of another from now on.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Where they were.
    pub from: Endpoint,
    /// Where they are.
    pub to: Endpoint,
    /// Where `from` stands.
    pub from_span: Span,
    /// The block's header.
    pub span: Span,
}

/// A `removed` block: what becomes of objects whose block was taken out.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Which objects; without any instance key.
    pub from: Endpoint,
    /// Whether they are destroyed; else they stay, and leave the state.
    pub destroy: bool,
    /// The block's header.
    pub span: Span,
}
