//! Addresses: how configuration, state and messages name an object.

use std::fmt;
use std::sync::Arc;

use crate::parse::Quoted;

/// Which instance of a block with `count` or `for_each`. Ordered as people count: `[2]` before `[10]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// The block has neither.
    None,
    /// `[3]`, from `count`.
    Index(u64),
    /// `["key"]`, from `for_each`.
    Key(Arc<str>),
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Index(index) => write!(out, "[{index}]"),
            Self::Key(key) => write!(out, "[{}]", Quoted(key)),
        }
    }
}

/// One module call on the way from the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    /// The call's name.
    pub name: Arc<str>,
    /// Which instance of it; `None` in static paths too.
    pub key: InstanceKey,
}

/// The way from the root module to a module instance; empty for the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModulePath(Arc<[ModuleStep]>);

impl ModulePath {
    /// The root module.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The module called `name` in this one.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>, key: InstanceKey) -> Self {
        Self(self.0.iter().cloned().chain([ModuleStep { name: name.into(), key }]).collect())
    }

    /// The steps from the root.
    #[must_use]
    pub fn steps(&self) -> &[ModuleStep] {
        &self.0
    }

    /// Whether it is the root module.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The calling module; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, rest)| Self(rest.into()))
    }

    /// Whether `other` is this module or inside it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The same way without instance keys.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        Self(self.0.iter().map(|step| ModuleStep { name: step.name.clone(), key: InstanceKey::None }).collect())
    }
}

impl From<Vec<ModuleStep>> for ModulePath {
    fn from(steps: Vec<ModuleStep>) -> Self {
        Self(steps.into())
    }
}

/// `module.a["k"].module.b`; nothing for the root.
impl fmt::Display for ModulePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(out, "{dot}module.{}{}", step.name, step.key)?;
        }
        Ok(())
    }
}

/// What kind of resource a block declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `resource`: mesh creates, changes and deletes it.
    Managed,
    /// `data`: mesh reads it.
    Data,
}

/// A resource or data block in a module instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockAddress {
    /// The module instance, or a static module path without keys.
    pub module: ModulePath,
    /// Resource or data.
    pub mode: Mode,
    /// Such as `local_bucket`.
    pub ty: Arc<str>,
    /// The block's name.
    pub name: Arc<str>,
}

/// `module.a.local_bucket.x`, `data.local_file.y`
impl fmt::Display for BlockAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(out, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            out.write_str("data.")?;
        }
        write!(out, "{}.{}", self.ty, self.name)
    }
}

/// One instance of a resource or data block. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceAddress {
    /// The block it comes from.
    pub block: Arc<BlockAddress>,
    /// Which of its instances.
    pub key: InstanceKey,
}

impl fmt::Display for InstanceAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.block, self.key)
    }
}
