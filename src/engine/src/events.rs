//! What happens during a run, as events: the engine tells, whoever listens decides how to show it.

use std::sync::Arc;
use std::time::Duration;

use mesh_plan::Action;
use mesh_value::InstanceAddress;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The configuration is evaluated.
    Planning {
        /// How many blocks there are.
        blocks: usize,
    },
    /// Objects are read from a platform.
    Refreshing {
        /// The provider configuration.
        provider: String,
        /// How many objects.
        objects: usize,
    },
    /// They were read.
    Refreshed {
        /// The provider configuration.
        provider: String,
        /// How many objects.
        objects: usize,
    },
    /// An interrupted operation of an earlier run was looked into.
    Settled {
        /// The object.
        address: String,
        /// What was found, as a sentence.
        finding: String,
    },
    /// A change of an object starts.
    Started {
        /// The object.
        address: InstanceAddress,
        /// Set for an old object that an earlier replacement left behind.
        deposed: Option<Arc<str>>,
        /// What is done to it.
        action: Action,
        /// Which half of a replacement it is.
        phase: Phase,
    },
    /// A change of an object is under way, and its provider says how far it is.
    Status {
        /// The object.
        address: InstanceAddress,
        /// Set for an old object that an earlier replacement left behind.
        deposed: Option<Arc<str>>,
        /// What is done to it.
        action: Action,
        /// Which half of a replacement it is.
        phase: Phase,
        /// How long it has taken so far.
        so_far: Duration,
        /// What the provider says, a few words.
        status: String,
    },
    /// A change of an object succeeded.
    Finished {
        /// The object.
        address: InstanceAddress,
        /// Set for an old object that an earlier replacement left behind.
        deposed: Option<Arc<str>>,
        /// What was done to it.
        action: Action,
        /// Which half of a replacement it was.
        phase: Phase,
        /// How long it took.
        took: Duration,
    },
    /// A change of an object failed.
    Failed {
        /// The object.
        address: InstanceAddress,
        /// Set for an old object that an earlier replacement left behind.
        deposed: Option<Arc<str>>,
        /// What was tried.
        action: Action,
        /// Which half of a replacement it was.
        phase: Phase,
        /// How long it took.
        took: Duration,
    },
    /// An object was not made or changed, because it would pass a budget. Nothing was begun.
    Refused {
        /// The object.
        address: InstanceAddress,
        /// What was to be done.
        action: Action,
        /// Which half of a replacement it was.
        phase: Phase,
    },
}

/// Which half of a change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The object is created, changed or read.
    Make,
    /// The object, or the one that it replaces, is deleted.
    Destroy,
}

/// Listens to a run.
pub trait Observer: Send + Sync {
    /// Told as it happens; must return soon.
    fn event(&self, event: Event);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: Event) {}
}
