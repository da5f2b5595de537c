//! The two stages of a provider: what it knows without configuration, and what it does with one.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mesh_value::{Schema, Value};

use crate::cost::{CostRequest, Costs, Saving, UsageParameter};
use crate::{
    ApplyRequest, ApplyResponse, ConfigureRequest, Failure, Imported, LocateRequest, Located, MoveRequest, Permissions,
    PlanRequest, PlanResponse, ProviderDiagnostic, ReadDataRequest, ReadDataResponse, ReadRequest, ReadResult,
};

/// Everything a provider offers, by type name.
#[derive(Clone, Debug, Default)]
pub struct ProviderSchema {
    /// The provider block.
    pub provider: Option<Arc<Schema>>,
    /// Resource types.
    pub resources: BTreeMap<Arc<str>, Arc<Schema>>,
    /// Data sources.
    pub data_sources: BTreeMap<Arc<str>, Arc<Schema>>,
}

/// A provider before configuration: schemas, static validation, and the way to a configured one.
///
/// The two stages are two traits so that nothing can be planned or applied on a provider that was never configured.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The local name that configuration uses, such as `local`.
    fn name(&self) -> &str;

    /// What it offers. Called often: build it once.
    fn schema(&self) -> Arc<ProviderSchema>;

    /// Checks a resource's configuration as far as its known values allow. Values may be unknown. No I/O.
    fn validate_resource(&self, ty: &str, config: &Value) -> Vec<ProviderDiagnostic>;

    /// Checks a data source's configuration as far as its known values allow. No I/O.
    fn validate_data(&self, ty: &str, config: &Value) -> Vec<ProviderDiagnostic>;

    /// Brings state that was written under a lower schema version to the current one. `stored` is the stored JSON.
    ///
    /// # Errors
    /// Where the stored form can't be understood.
    fn upgrade_state(&self, ty: &str, version: u64, stored: &serde_json::Value) -> Result<Value, Failure>;

    /// Takes over the state of an object of another type, which may be another provider's. No I/O.
    ///
    /// # Errors
    /// Where the type can't become the other one, or the stored form can't be understood.
    fn move_state(&self, request: &MoveRequest) -> Result<Value, Failure> {
        Err(Failure::no_move(&request.from, &request.to))
    }

    /// What the platform must allow for the operations of a resource type or, with `data`, to read a data source.
    fn permissions(&self, ty: &str, data: bool) -> Permissions {
        let _ = (ty, data);
        Permissions::NONE
    }

    /// What only use decides of the cost of a resource type's objects: what its `usage` blocks may declare.
    fn usage(&self, ty: &str) -> &'static [UsageParameter] {
        let _ = ty;
        &[]
    }

    /// What each object of a resource type costs, where that is the same for all, whatever the provider's configuration.
    fn costs_of_type(&self, ty: &str) -> Costs {
        let _ = ty;
        Costs::NotModelled
    }

    /// The types of objects that have a say in what an object of a type costs: see [`CostRequest::related`].
    fn cost_related(&self, ty: &str) -> &'static [&'static str] {
        let _ = ty;
        &[]
    }

    /// Checks the provider block and readies what the operations need.
    ///
    /// # Errors
    /// Where the configuration is refused or the platform can't be reached.
    async fn configure(&self, request: ConfigureRequest) -> Result<Arc<dyn ConfiguredProvider>, Failure>;
}

/// A provider that knows its platform. All values of a resource have its schema's implied type.
#[async_trait]
pub trait ConfiguredProvider: Send + Sync {
    /// Reads objects of one type from the platform, as many as asked at once; results are in the order asked.
    async fn read(&self, request: ReadRequest) -> Vec<ReadResult>;

    /// Works out the planned state of one object. Never writes.
    ///
    /// `planned` in the response must agree with every known configured value.
    async fn plan(&self, request: PlanRequest) -> PlanResponse;

    /// Creates (`prior` is `None`), updates, or deletes (`planned` is `None`) one object.
    ///
    /// The response says what exists afterwards, also after a failure half way.
    async fn apply(&self, request: ApplyRequest) -> ApplyResponse;

    /// Finds the object that an interrupted create may have left behind.
    ///
    /// # Errors
    /// Where the platform can't be asked; then nothing is known and the intent stays open.
    async fn locate(&self, request: LocateRequest) -> Result<Located, Failure>;

    /// Reads existing objects under an id that people know them by.
    ///
    /// # Errors
    /// Where there is no such object or the id is not of the type's form.
    async fn import(&self, ty: &str, id: &str) -> Result<Vec<Imported>, Failure>;

    /// Reads a data source.
    async fn read_data(&self, request: ReadDataRequest) -> ReadDataResponse;

    /// What an object costs, as quantities of priced things. No I/O.
    fn cost(&self, request: CostRequest<'_>) -> Costs {
        let _ = request;
        Costs::NotModelled
    }

    /// Changes of an object that would make it cheaper, each alone, the least painful first. No I/O.
    fn savings(&self, request: CostRequest<'_>) -> Vec<Saving> {
        let _ = request;
        Vec::new()
    }
}
