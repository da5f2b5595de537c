//! `local_cluster`: worker processes on this machine that outlive the run of `mesh` that started them.

mod model;
mod place;
mod resource;
mod run_dir;
mod workers;

#[cfg(test)]
mod tests;

pub(crate) use resource::ClusterType;
