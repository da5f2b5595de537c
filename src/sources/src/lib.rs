//! Modules from elsewhere: finds, fetches, verifies, caches and locks them.
//!
//! [`resolve`] finds out what a configuration needs and fetches it into a [`Cache`]; [`install`] puts it into the project;
//! [`write_lock`] writes down what was chosen. Loading a configuration then asks [`Installed`] where each call leads, and
//! that touches no network.

mod address;
mod archive;
mod cache;
mod fetch;
mod git;
mod http;
mod install;
mod installed;
mod library;
mod lock;
mod manifest;
mod problem;
mod query;
mod redact;
mod resolve;
mod unpack;
mod wanted;

pub use cache::Cache;
pub use fetch::Fetcher;
pub use install::{install, write_lock};
pub use installed::Installed;
pub use lock::{LOCK_FILE, Lock, Locked};
pub use manifest::PackageHash;
pub use problem::Problem;
pub use redact::redact;
pub use resolve::{Mode, Resolved, resolve};
pub use unpack::Limits;
pub use wanted::Key;
