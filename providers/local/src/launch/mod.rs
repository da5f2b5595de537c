//! Starting, recognising and stopping operating system processes, shared by jobs and clusters.
//!
//! `mesh` is no daemon: it starts a process, leaves, and comes back in another run. So three things must hold:
//! - a process is known by more than its number ([`Identity`]): numbers are used again, and all of them after a boot;
//! - no process runs that nobody recorded ([`Held`]): it is started behind a gate that opens only after the record
//!   is on disk, and that closes for good when `mesh` dies before;
//! - a stopped process is gone with all that it started ([`stop`]): gently first, then firmly.

mod gate;
mod identity;
mod stop;

pub use gate::{Held, Program};
pub use identity::Identity;
pub use stop::{Target, carriers, mark, stop};
