//! `moved`, `removed` and `import` blocks: what they say of the objects that a state has, or shall have.

use std::fmt;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_lang::eval::StaticReference;
use mesh_lang::syntax::Expr;
use mesh_value::{InstanceAddress, InstanceKey, ModulePath};

use crate::provider::ProviderRef;

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

/// An `import` block: objects that exist are taken over into the state.
#[derive(Clone, Debug)]
pub struct Import {
    /// The address that they get.
    pub to: ImportTarget,
    /// What their provider knows them by.
    pub id: Expr,
    /// One import for each element; `each` means something in `to` and `id`.
    pub for_each: Option<Expr>,
    /// `provider`, else the type's prefix; where the target has a block, that says it.
    pub provider: ProviderRef,
    /// What `id`, `for_each` and the keys of `to` refer to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// The address of an import, whose keys may be known only when they are evaluated.
#[derive(Clone, Debug)]
pub struct ImportTarget {
    /// The module calls from the root, with the expression between their brackets.
    pub modules: Vec<(Arc<str>, Option<Expr>)>,
    /// The resource type.
    pub ty: Arc<str>,
    /// The block's name.
    pub name: Arc<str>,
    /// The expression between the brackets.
    pub key: Option<Expr>,
    /// The whole address.
    pub span: Span,
}

impl ImportTarget {
    /// The module that the target's block stands in, without instance keys.
    #[must_use]
    pub fn module(&self) -> ModulePath {
        self.modules.iter().fold(ModulePath::root(), |path, (name, _)| path.child(name.clone(), InstanceKey::None))
    }
}

/// As one writes it, but for what stands in brackets.
impl fmt::Display for ImportTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brackets = |key: &Option<Expr>| if key.is_some() { "[...]" } else { "" };
        for (call, key) in &self.modules {
            write!(out, "module.{call}{}.", brackets(key))?;
        }
        write!(out, "{}.{}{}", self.ty, self.name, brackets(&self.key))
    }
}
