//! `local_grant`: what an OS user or group may do with a path, as an entry of its POSIX access control list.

mod acl;
mod model;
mod mount;
mod principal;
mod reach;
mod resource;
mod tree;

#[cfg(test)]
mod tests;

pub(crate) use resource::GrantType;
