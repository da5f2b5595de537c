//! The providers of this build, and the schemas that configuration is held against.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_config::{NoSchema, Schemas};
use mesh_diagnostics::Diagnostics;
use mesh_lang::syntax::Body;
use mesh_provider::{Provider, ProviderSchema};
use mesh_value::{BlockSchema, Mode, Schema};

/// A provider, and what it offers.
type Registered = (Arc<dyn Provider>, Arc<ProviderSchema>);

/// Providers by local name.
#[derive(Clone)]
pub struct Providers {
    providers: BTreeMap<Arc<str>, Registered>,
    product: Arc<BlockSchema>,
}

impl Providers {
    /// All providers that configuration may use.
    #[must_use]
    pub fn new(providers: impl IntoIterator<Item = Arc<dyn Provider>>) -> Self {
        let with_schema = |provider: Arc<dyn Provider>| {
            let schema = provider.schema();
            (Arc::from(provider.name()), (provider, schema))
        };
        let product = Arc::new(mesh_product::schema());
        Self { providers: providers.into_iter().map(with_schema).collect(), product }
    }

    /// The provider of a local name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.providers.get(name).map(|(provider, _)| provider)
    }

    /// What a provider offers.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<&Arc<ProviderSchema>> {
        self.providers.get(name).map(|(_, schema)| schema)
    }

    /// Local name and schema of every provider.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ProviderSchema)> {
        self.providers.iter().map(|(name, (_, schema))| (name.as_ref(), schema.as_ref()))
    }

    fn known(&self, name: &str) -> Result<&ProviderSchema, NoSchema> {
        let found = self.providers.get(name).map(|(_, schema)| schema.as_ref());
        found.ok_or_else(|| NoSchema::Provider(self.providers.keys().map(ToString::to_string).collect()))
    }
}

impl Schemas for Providers {
    fn resource(&self, provider: &str, mode: Mode, ty: &str) -> Result<Arc<Schema>, NoSchema> {
        let schema = self.known(provider)?;
        let types = match mode {
            Mode::Managed => &schema.resources,
            Mode::Data => &schema.data_sources,
        };
        types.get(ty).cloned().ok_or_else(|| NoSchema::Type(types.keys().map(ToString::to_string).collect()))
    }

    fn provider(&self, provider: &str) -> Result<Option<Arc<Schema>>, NoSchema> {
        Ok(self.known(provider)?.provider.clone())
    }

    fn product(&self) -> Arc<BlockSchema> {
        self.product.clone()
    }

    fn product_body(&self, body: &Body, diagnostics: &mut Diagnostics) -> Body {
        mesh_product::normalize(body, diagnostics)
    }
}
