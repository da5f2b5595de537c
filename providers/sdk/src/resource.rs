//! What one writes for a resource type or data source of a native provider.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use mesh_value::Value;

use crate::cost::{CostRequest, Costs, Saving, UsageParameter};
use crate::search::SEARCH_PAUSES;
use crate::{Block, Draft, Failure, Operation, Permissions, ProviderDiagnostic};

/// What the resource types of a provider share: clients, directories, limits. Made from the provider block.
pub trait Platform: Sized + Send + Sync + 'static {
    /// The provider block.
    type Config: Block + Send;

    /// Checks the provider block and readies what the operations need. Relative paths start at `base_dir`.
    ///
    /// # Errors
    /// Where the configuration is refused or the platform can't be reached.
    fn configure(config: Self::Config, base_dir: &Path) -> impl Future<Output = Result<Self, Failure>> + Send;
}

/// A resource type. Every operation is a function of the platform and of whole models; none keeps anything in memory.
pub trait ResourceType: Send + Sync + 'static {
    /// Its name, such as `local_bucket`.
    const NAME: &'static str;
    /// The version of its stored form. Raise it with every change of the model that old state doesn't fit.
    const VERSION: u64 = 0;
    /// How long a create, update or delete may take, where [`Self::time_limit`] doesn't say otherwise.
    const TIME_LIMIT: Duration = Duration::from_secs(20 * 60);
    /// The pauses between looks for an object whose create ended unsure, with [`ChangeError::unsure`].
    const SEARCH_PAUSES: &'static [Duration] = &SEARCH_PAUSES;
    /// What the platform must allow for each operation.
    const PERMISSIONS: Permissions = Permissions::NONE;
    /// What only use decides of what its objects cost: what `usage` blocks may declare.
    const USAGE: &'static [UsageParameter] = &[];
    /// The types of objects that have a say in what its objects cost, where one reads the other:
    /// [`CostRequest::related`].
    const COST_RELATED: &'static [&'static str] = &[];
    /// What each of its objects costs, where that is the same for all: [`Costs::Free`] where they cost nothing.
    const COSTS: Costs = Costs::NotModelled;
    /// The struct that is its schema.
    type Model: Block + Clone + Send;
    /// What its operations work with.
    type Platform: Platform;

    /// Finds what the schema can't say is wrong in a configuration. Values may be unknown. No I/O.
    #[must_use]
    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Adds to a plan what the schema can't say: computed values that are already decidable, changes that need a new
    /// object, data that would be lost. May read the platform, never writes.
    fn plan(platform: &Self::Platform, draft: &mut Draft<'_>) -> impl Future<Output = ()> + Send {
        let _ = (platform, draft);
        async {}
    }

    /// What an object costs, as quantities of priced things. Values may be unknown. No I/O.
    #[must_use]
    fn cost(platform: &Self::Platform, request: CostRequest<'_>) -> Costs {
        let _ = (platform, request);
        Self::COSTS
    }

    /// Changes of an object that would make it cheaper, each alone, the least painful first. No I/O.
    #[must_use]
    fn savings(platform: &Self::Platform, request: CostRequest<'_>) -> Vec<Saving> {
        let _ = (platform, request);
        Vec::new()
    }

    /// How long an operation may take: a type whose model has [`Timeouts`](crate::Timeouts) asks them. The model is what
    /// is planned or, for a deletion, what exists.
    #[must_use]
    fn time_limit(model: &Self::Model, change: ChangeKind) -> Duration {
        let _ = (model, change);
        Self::TIME_LIMIT
    }

    /// Creates the object. Configured values are known, computed ones are as planned.
    ///
    /// # Errors
    /// Where it could not be done wholly; the error says what exists nevertheless.
    fn create(
        platform: &Self::Platform,
        planned: Self::Model,
        operation: &Operation,
    ) -> impl Future<Output = Result<Self::Model, ChangeError<Self::Model>>> + Send;

    /// Reads objects, each as the platform has it or `None` where it is gone, in the order asked.
    ///
    /// Where the platform can list, do so; else see [`one_by_one`].
    fn read(
        platform: &Self::Platform,
        current: Vec<Self::Model>,
    ) -> impl Future<Output = Vec<Result<Option<Self::Model>, Failure>>> + Send;

    /// Changes the object in place. Types all of whose arguments need a new object leave it out.
    ///
    /// # Errors
    /// Where it could not be done wholly; the error says what the object is now, if it is not as before.
    fn update(
        platform: &Self::Platform,
        prior: Self::Model,
        planned: Self::Model,
        operation: &Operation,
    ) -> impl Future<Output = Result<Self::Model, ChangeError<Self::Model>>> + Send {
        let _ = (platform, prior, planned, operation);
        async {
            let detail = format!("`{}` has nothing that changes in place. This is a bug in mesh.", Self::NAME);
            Err(Failure::new("Update not supported", detail).into())
        }
    }

    /// Deletes the object. One that is already gone is a success.
    ///
    /// # Errors
    /// Where it still exists.
    fn delete(
        platform: &Self::Platform,
        prior: Self::Model,
        operation: &Operation,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Finds the object that an interrupted create with this token may have left behind.
    ///
    /// # Errors
    /// Where the platform can't be asked.
    fn locate(
        platform: &Self::Platform,
        planned: Self::Model,
        token: &str,
    ) -> impl Future<Output = Result<Found<Self::Model>, Failure>> + Send;

    /// Reads an existing object under the id that people know it by.
    ///
    /// # Errors
    /// Where there is none, or the id is not of the type's form.
    fn import(platform: &Self::Platform, id: &str) -> impl Future<Output = Result<Self::Model, Failure>> + Send;

    /// Takes over an object of another type, in that type's stored form; `None` where an object of that type can't become
    /// one of this.
    ///
    /// # Errors
    /// Where the stored form can't be understood.
    fn move_from(ty: &str, version: u64, stored: &serde_json::Value) -> Result<Option<Self::Model>, Failure> {
        let _ = (ty, version, stored);
        Ok(None)
    }

    /// Brings a stored form of a lower version to this one.
    ///
    /// # Errors
    /// Where the stored form can't be understood.
    fn upgrade(version: u64, stored: serde_json::Value) -> Result<serde_json::Value, Failure> {
        let _ = version;
        Ok(stored)
    }
}

/// A data source.
pub trait DataSourceType: Send + Sync + 'static {
    /// Its name, such as `local_file`.
    const NAME: &'static str;
    /// How long a read may take.
    const TIME_LIMIT: Duration = Duration::from_secs(20 * 60);
    /// What the platform must allow to read it; the other operations' lists stay empty.
    const PERMISSIONS: Permissions = Permissions::NONE;
    /// The struct that is its schema.
    type Model: Block + Send;
    /// What it reads from.
    type Platform: Platform;

    /// Finds what the schema can't say is wrong in a configuration. Values may be unknown. No I/O.
    #[must_use]
    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Fills in what it computes.
    ///
    /// # Errors
    /// Where it can't be read.
    fn read(
        platform: &Self::Platform,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Failure>> + Send;
}

/// What an operation does to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It makes it.
    Create,
    /// It changes it in place.
    Update,
    /// It removes it.
    Delete,
}

/// A create or update that was not done wholly.
#[derive(Clone, Debug)]
pub struct ChangeError<M> {
    /// What went wrong.
    pub failure: Failure,
    /// The object as it is now. `None`: after a create there is none, after an update it is as before.
    pub partial: Option<Box<M>>,
    /// Of a create without `partial`: whether something was created is not known.
    pub unsure: bool,
}

impl<M> ChangeError<M> {
    /// It went wrong and left this behind.
    #[must_use]
    pub fn leaving(failure: Failure, partial: M) -> Self {
        Self { failure, partial: Some(Box::new(partial)), unsure: false }
    }

    /// A create was asked for and its reply is lost: it may have been done. The type's `locate` is asked for the object
    /// a few times; where it does not show, the next run looks again.
    #[must_use]
    pub const fn unsure(failure: Failure) -> Self {
        Self { failure, partial: None, unsure: true }
    }
}

impl<M> From<Failure> for ChangeError<M> {
    fn from(failure: Failure) -> Self {
        Self { failure, partial: None, unsure: false }
    }
}

/// What became of an interrupted create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<M> {
    /// Nothing was created.
    Absent,
    /// The object exists and is complete.
    Complete(M),
    /// The object exists, perhaps half made.
    Partial(M),
}

/// Reads objects one after the other, for platforms that can't list.
pub async fn one_by_one<M, F>(current: Vec<M>, mut read: impl FnMut(M) -> F + Send) -> Vec<Result<Option<M>, Failure>>
where
    M: Send,
    F: Future<Output = Result<Option<M>, Failure>> + Send,
{
    let mut results = Vec::with_capacity(current.len());
    for model in current {
        results.push(read(model).await);
    }
    results
}
