//! Amazon Web Services: storage, compute clusters, identities, catalog and cost guards, on the official SDK.

mod account;
mod athena;
mod budgets;
pub mod calls;
mod check;
mod cloudwatch;
mod config;
#[cfg(test)]
mod costed;
mod credentials;
mod document;
mod ecr;
mod emr;
mod emrserverless;
mod failure;
mod glue;
mod growth;
mod iam;
mod kms;
mod lakeformation;
mod limit;
mod logs;
mod many;
mod names;
mod once;
mod platform;
#[cfg(test)]
mod replay;
mod s3;
mod scheduler;
mod schedules;
mod sfn;
mod sns;
mod tags;
mod unknown;
mod waiting;

use mesh_provider::{NativeProvider, NativeProviderBuilder};

pub use platform::Aws;

/// Adds the types of one service.
type Register = fn(NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws>;

const SERVICES: &[Register] = &[
    account::register,
    athena::register,
    budgets::register,
    cloudwatch::register,
    ecr::register,
    emr::register,
    emrserverless::register,
    glue::register,
    iam::register,
    kms::register,
    lakeformation::register,
    logs::register,
    s3::register,
    scheduler::register,
    sfn::register,
    sns::register,
];

/// The provider `aws`.
#[must_use]
pub fn provider() -> NativeProvider<Aws> {
    SERVICES.iter().fold(NativeProvider::builder("aws"), |provider, register| register(provider)).build()
}
