//! One planned change: to an object, an output, a data product.

use std::sync::Arc;

use mesh_provider::DataLoss;
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, ModulePath, Value};
use serde::{Deserialize, Serialize};

/// In which order a replacement happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReplaceOrder {
    /// The new object is made first; the old one goes when nothing uses it any more.
    CreateBeforeDestroy,
    /// The old object goes first.
    DestroyBeforeCreate,
}

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing.
    NoOp,
    /// It is made.
    Create,
    /// A data source is read during apply.
    Read,
    /// It is changed in place.
    Update,
    /// It is made anew.
    Replace(ReplaceOrder),
    /// It is deleted.
    Delete,
    /// It stays where it is and leaves the state.
    Forget,
}

impl Action {
    /// Whether an object stops existing through it.
    #[must_use]
    pub const fn destroys(self) -> bool {
        matches!(self, Self::Replace(_) | Self::Delete)
    }

    /// Its name in histories and machine-readable output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoOp => "no-op",
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Replace(_) => "replace",
            Self::Delete => "delete",
            Self::Forget => "forget",
        }
    }

    /// Whether an object starts existing through it.
    #[must_use]
    pub const fn creates(self) -> bool {
        matches!(self, Self::Replace(_) | Self::Create)
    }
}

/// Why an action was chosen where the configuration alone doesn't say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// An earlier creation did not finish.
    Tainted,
    /// `--replace` asked for it.
    Requested,
    /// An attribute changed that can't be changed in place: see `requires_replace`.
    CannotUpdate,
    /// Something named in `replace_triggered_by` changes.
    Triggered {
        /// What changes.
        by: String,
    },
    /// No block of this address is in the configuration.
    NotInConfiguration,
    /// The block has no instance of this key any more.
    NoSuchInstance,
    /// `enabled` is false: the block's own, or that of a module around it.
    Disabled {
        /// The module, where it is one.
        module: Option<ModulePath>,
    },
    /// A module instance around it is not called any more.
    NoModule {
        /// The outermost such.
        module: ModulePath,
    },
    /// The whole configuration is being destroyed.
    Destroying,
    /// An old object that a replacement left behind.
    Deposed,
    /// A data source's configuration is known only during apply.
    ConfigurationUnknown,
    /// A data source depends on something that changes.
    DependencyPending,
}

/// A planned change of one object. The values carry marks: sensitive parts must not be printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Which object.
    pub address: InstanceAddress,
    /// Set for an old object that a replacement left behind: the key that tells it from others.
    pub deposed: Option<Arc<str>>,
    /// The provider configuration's name, such as `local` or `local.archive`.
    pub provider: Arc<str>,
    /// What is done.
    pub action: Action,
    /// Why, where the values don't say it.
    pub reason: Option<Reason>,
    /// The object as it is; null where there is none.
    pub before: Value,
    /// The object as planned, with what is known after apply only; null where there will be none.
    pub after: Value,
    /// The attributes that force a replacement.
    pub requires_replace: Vec<AttributePath>,
    /// Data that the change destroys.
    #[serde(with = "losses")]
    pub losses: Vec<DataLoss>,
    /// The data product that it belongs to, as `domain.name`.
    pub product: Option<Arc<str>>,
    /// The address that the object has had until now, where it moved.
    #[serde(default)]
    pub previous: Option<InstanceAddress>,
    /// The id that the object is imported by.
    #[serde(default)]
    pub importing: Option<Value>,
}

impl Change {
    /// Whether it does anything, be it to the object or only to what the state says of it.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.action != Action::NoOp || self.previous.is_some() || self.importing.is_some()
    }

    /// What is done, in histories and machine-readable output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.action {
            Action::NoOp if self.importing.is_some() => "import",
            Action::NoOp if self.previous.is_some() => "move",
            action => action.word(),
        }
    }
}

/// A change made outside of mesh, found by reading the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Which object.
    pub address: InstanceAddress,
    /// As the state has it.
    pub before: Value,
    /// As the platform has it; null where it is gone.
    pub after: Value,
}

/// A block that is decided during apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeferredBlock {
    /// The block.
    pub block: Arc<BlockAddress>,
    /// Why it can't be decided now.
    pub reason: DeferReason,
    /// What it waits for, as people write it: `length(local_bucket.a[*].id)` reads `local_bucket.a`.
    pub waits_for: Vec<String>,
}

/// Why a block is decided during apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeferReason {
    /// `count` or `for_each`, of the block or of a module around it, is known after apply.
    InstancesUnknown,
    /// It reads a block that is itself decided during apply.
    DependencyDeferred,
    /// The provider's configuration is known after apply.
    ProviderUnknown,
    /// The id that it is imported by is known after apply.
    ImportUnknown,
    /// The provider can't plan it before more is known.
    ConfigurationUnknown,
}

/// A planned change of a root module's output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputChange {
    /// Its name.
    pub name: Arc<str>,
    /// What the state has; `None` where it has none.
    pub before: Option<Value>,
    /// What it will be; `None` where it goes.
    pub after: Option<Value>,
    /// Never printed.
    pub sensitive: bool,
}

/// A planned change of a data product's descriptor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductChange {
    /// `domain.name`, of the product as it will be, or as it was where it goes.
    pub id: Arc<str>,
    /// Where it is declared, such as `module.orders.data_product.orders`.
    pub address: Arc<str>,
    /// What is done to its entry.
    pub action: Action,
    /// The descriptor as the state has it; null where there is none.
    pub before: Value,
    /// The descriptor as it will be; null where it goes.
    pub after: Value,
}

mod losses {
    //! Data losses in a saved plan.

    use mesh_provider::DataLoss;
    use mesh_value::AttributePath;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Stored {
        path: AttributePath,
        what: String,
    }

    pub fn serialize<S: Serializer>(losses: &[DataLoss], serializer: S) -> Result<S::Ok, S::Error> {
        let stored: Vec<Stored> =
            losses.iter().map(|loss| Stored { path: loss.path.clone(), what: loss.what.clone() }).collect();
        stored.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DataLoss>, D::Error> {
        let stored = Vec::<Stored>::deserialize(deserializer)?;
        Ok(stored.into_iter().map(|Stored { path, what }| DataLoss { path, what }).collect())
    }
}
