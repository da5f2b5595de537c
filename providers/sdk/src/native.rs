//! A provider made of typed resource types and data sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mesh_value::{Schema, Value, from_json};

use crate::cost::{CostRequest, Costs, Saving, UsageParameter};
use crate::erased::{self, AnyDataSource, AnyResource, DataSource, Resource};
use crate::{
    ApplyRequest, ApplyResponse, Block, ConfigureRequest, ConfiguredProvider, DataSourceType, Failure, Imported,
    LocateRequest, Located, MoveRequest, Permissions, PlanRequest, PlanResponse, Platform, Provider,
    ProviderDiagnostic, ProviderSchema, ReadDataRequest, ReadDataResponse, ReadRequest, ReadResult, ResourceType,
};

/// A provider in process, made of types that share a platform.
pub struct NativeProvider<P> {
    name: &'static str,
    schema: Arc<ProviderSchema>,
    types: Arc<Types<P>>,
}

struct Types<P> {
    provider: &'static str,
    resources: BTreeMap<Arc<str>, Arc<dyn AnyResource<P>>>,
    data_sources: BTreeMap<Arc<str>, Arc<dyn AnyDataSource<P>>>,
    /// Whether nobody is paid for anything that it makes.
    is_free: bool,
}

/// Collects the types of a provider.
pub struct NativeProviderBuilder<P> {
    schema: ProviderSchema,
    types: Types<P>,
}

impl<P: Platform> NativeProvider<P> {
    /// A provider under the local name that configuration uses; add its types, then build.
    #[must_use]
    pub fn builder(name: &'static str) -> NativeProviderBuilder<P> {
        let provider = Schema { version: 0, block: <P::Config as Block>::schema() };
        NativeProviderBuilder {
            schema: ProviderSchema { provider: Some(Arc::new(provider)), ..ProviderSchema::default() },
            types: Types { provider: name, resources: BTreeMap::new(), data_sources: BTreeMap::new(), is_free: false },
        }
    }
}

impl<P: Platform> NativeProviderBuilder<P> {
    /// Adds a resource type.
    #[must_use]
    pub fn resource<R: ResourceType<Platform = P>>(mut self) -> Self {
        let resource: Arc<dyn AnyResource<P>> = Arc::new(Resource::<R>::new());
        self.schema.resources.insert(R::NAME.into(), resource.schema());
        self.types.resources.insert(R::NAME.into(), resource);
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSourceType<Platform = P>>(mut self) -> Self {
        let source: Arc<dyn AnyDataSource<P>> = Arc::new(DataSource::<D>::new());
        self.schema.data_sources.insert(D::NAME.into(), source.schema());
        self.types.data_sources.insert(D::NAME.into(), source);
        self
    }

    /// Says that nobody is paid for anything that the provider makes: its types need say nothing of cost.
    #[must_use]
    pub fn free(mut self) -> Self {
        self.types.is_free = true;
        self
    }

    /// The provider.
    #[must_use]
    pub fn build(self) -> NativeProvider<P> {
        NativeProvider { name: self.types.provider, schema: Arc::new(self.schema), types: Arc::new(self.types) }
    }
}

impl<P> Types<P> {
    fn resource(&self, ty: &str) -> Result<&dyn AnyResource<P>, Failure> {
        let found = self.resources.get(ty).map(AsRef::as_ref);
        found.ok_or_else(|| self.missing("resource type", ty, self.resources.keys()))
    }

    fn data_source(&self, ty: &str) -> Result<&dyn AnyDataSource<P>, Failure> {
        let found = self.data_sources.get(ty).map(AsRef::as_ref);
        found.ok_or_else(|| self.missing("data source", ty, self.data_sources.keys()))
    }

    fn missing<'n>(&self, what: &str, ty: &str, names: impl Iterator<Item = &'n Arc<str>>) -> Failure {
        let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
        let offered = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let detail = format!("The provider `{}` has no {what} `{ty}`. It has {offered}.", self.provider);
        Failure::new(format!("No such {what}"), detail)
    }
}

#[async_trait]
impl<P: Platform> Provider for NativeProvider<P> {
    fn name(&self) -> &str {
        self.name
    }

    fn schema(&self) -> Arc<ProviderSchema> {
        self.schema.clone()
    }

    fn validate_resource(&self, ty: &str, config: &Value) -> Vec<ProviderDiagnostic> {
        self.types.resource(ty).map_or_else(|failure| failure.0, |resource| resource.validate(config))
    }

    fn validate_data(&self, ty: &str, config: &Value) -> Vec<ProviderDiagnostic> {
        self.types.data_source(ty).map_or_else(|failure| failure.0, |source| source.validate(config))
    }

    fn upgrade_state(&self, ty: &str, version: u64, stored: &serde_json::Value) -> Result<Value, Failure> {
        let resource = self.types.resource(ty)?;
        let schema = resource.schema();
        if version > schema.version {
            let detail = format!(
                "The state of this {ty} was written by a newer version of mesh: its form has version {version}, and \
                 this mesh knows {} at most. Use a newer mesh.",
                schema.version
            );
            return Err(Failure::new("State is newer than this mesh", detail));
        }
        let stored = resource.upgrade(version, stored.clone())?;
        from_json(&stored, &schema.block.implied_type()).map_err(|error| {
            let detail = format!("The stored {ty} can't be understood: {error}. The state may be damaged.");
            Failure::new("State can't be understood", detail)
        })
    }

    fn move_state(&self, request: &MoveRequest) -> Result<Value, Failure> {
        self.types.resource(&request.to)?.move_from(request)
    }

    fn permissions(&self, ty: &str, data: bool) -> Permissions {
        let found = if data {
            self.types.data_source(ty).map(|source| source.permissions())
        } else {
            self.types.resource(ty).map(|resource| resource.permissions())
        };
        found.unwrap_or(Permissions::NONE)
    }

    fn usage(&self, ty: &str) -> &'static [UsageParameter] {
        self.types.resource(ty).map_or(&[], |resource| resource.usage())
    }

    fn costs_of_type(&self, ty: &str) -> Costs {
        if self.types.is_free {
            return Costs::Free;
        }
        self.types.resource(ty).map_or(Costs::NotModelled, |resource| resource.costs_of_type())
    }

    fn cost_related(&self, ty: &str) -> &'static [&'static str] {
        self.types.resource(ty).map_or(&[], |resource| resource.cost_related())
    }

    async fn configure(&self, request: ConfigureRequest) -> Result<Arc<dyn ConfiguredProvider>, Failure> {
        let config = erased::configuration::<P>(&request.config)?;
        let platform = P::configure(config, &request.base_dir).await?;
        Ok(Arc::new(Configured { platform, types: self.types.clone() }))
    }
}

struct Configured<P> {
    platform: P,
    types: Arc<Types<P>>,
}

#[async_trait]
impl<P: Platform> ConfiguredProvider for Configured<P> {
    async fn read(&self, request: ReadRequest) -> Vec<ReadResult> {
        match self.types.resource(&request.ty) {
            Ok(resource) => resource.read(&self.platform, request.items).await,
            Err(failure) => {
                let result = |item: crate::ReadItem| ReadResult {
                    new: Some(item.current),
                    private: item.private,
                    diagnostics: failure.0.clone(),
                };
                request.items.into_iter().map(result).collect()
            }
        }
    }

    async fn plan(&self, request: PlanRequest) -> PlanResponse {
        match self.types.resource(&request.ty) {
            Ok(resource) => resource.plan(&self.platform, request).await,
            Err(failure) => PlanResponse {
                planned: request.proposed,
                requires_replace: Vec::new(),
                kept: Vec::new(),
                losses: Vec::new(),
                private: request.private,
                deferred: None,
                diagnostics: failure.0,
            },
        }
    }

    async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        match self.types.resource(&request.ty) {
            Ok(resource) => resource.apply(&self.platform, request).await,
            Err(failure) => {
                ApplyResponse { new: request.prior, private: request.private, diagnostics: failure.0, unsure: false }
            }
        }
    }

    async fn locate(&self, request: LocateRequest) -> Result<Located, Failure> {
        self.types.resource(&request.ty)?.locate(&self.platform, request).await
    }

    async fn import(&self, ty: &str, id: &str) -> Result<Vec<Imported>, Failure> {
        Ok(vec![self.types.resource(ty)?.import(&self.platform, id).await?])
    }

    async fn read_data(&self, request: ReadDataRequest) -> ReadDataResponse {
        match self.types.data_source(&request.ty) {
            Ok(source) => source.read(&self.platform, &request.config).await,
            Err(failure) => ReadDataResponse { value: None, diagnostics: failure.0 },
        }
    }

    fn cost(&self, request: CostRequest<'_>) -> Costs {
        if self.types.is_free {
            return Costs::Free;
        }
        self.types.resource(request.ty).map_or(Costs::NotModelled, |resource| resource.cost(&self.platform, request))
    }

    fn savings(&self, request: CostRequest<'_>) -> Vec<Saving> {
        self.types
            .resource(request.ty)
            .map_or_else(|_| Vec::new(), |resource| resource.savings(&self.platform, request))
    }
}
