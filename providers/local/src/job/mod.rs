//! `local_job`: a SQL script or a command that runs to its end when it is created and when its triggers change.

mod check;
mod command;
mod files;
mod load;
mod model;
mod outcome;
mod program;
mod resource;
mod sql;

#[cfg(test)]
mod tests;

pub(crate) use resource::JobType;
