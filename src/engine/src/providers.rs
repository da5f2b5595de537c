//! The providers of this build, and the schemas that configuration is held against.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_config::{CostKind, NoSchema, Schemas};
use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::Body;
use mesh_provider::{Provider, ProviderSchema};
use mesh_value::{AttributePath, BlockSchema, Mode, Schema, Value};

use crate::cost::declared;

/// A provider, and what it offers.
type Registered = (Arc<dyn Provider>, Arc<ProviderSchema>);

/// Providers by local name.
#[derive(Clone)]
pub struct Providers {
    providers: BTreeMap<Arc<str>, Registered>,
    /// The command that builds mesh with it, for each provider that this build lacks.
    left_out: BTreeMap<Arc<str>, String>,
    product: Arc<BlockSchema>,
    cost: BTreeMap<CostKind, Arc<BlockSchema>>,
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
        let providers = providers.into_iter().map(with_schema).collect();
        Self { providers, left_out: BTreeMap::new(), product, cost: declared::schemas() }
    }

    /// Names a provider that a build may have and this one lacks, with the command that builds mesh with it.
    #[must_use]
    pub fn without(mut self, name: &str, command: String) -> Self {
        self.left_out.insert(name.into(), command);
        self
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

    /// Each provider that a build may have and this one lacks, with the command that builds mesh with it.
    pub fn left_out(&self) -> impl Iterator<Item = (&str, &str)> {
        self.left_out.iter().map(|(name, command)| (name.as_ref(), command.as_str()))
    }

    fn known(&self, name: &str) -> Result<&ProviderSchema, NoSchema> {
        let found = self.providers.get(name).map(|(_, schema)| schema.as_ref());
        let all = || self.providers.keys().chain(self.left_out.keys());
        found.ok_or_else(|| NoSchema::Provider(all().map(ToString::to_string).collect()))
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

    fn command_for(&self, provider: &str) -> Option<&str> {
        self.left_out.get(provider).map(String::as_str)
    }

    fn product(&self) -> Arc<BlockSchema> {
        self.product.clone()
    }

    fn product_body(&self, body: &Body, diagnostics: &mut Diagnostics) -> Body {
        mesh_product::normalize(body, diagnostics)
    }

    fn cost(&self, kind: CostKind) -> Arc<BlockSchema> {
        self.cost.get(&kind).cloned().unwrap_or_default()
    }

    fn cost_problems(&self, kind: CostKind, label: &Arc<str>, value: &Value) -> Vec<(AttributePath, Diagnostic)> {
        declared::problems(kind, label, value)
    }

    fn usage(&self, provider: &str, ty: &str) -> Vec<(&'static str, &'static str)> {
        let parameters = self.get(provider).map_or(&[][..], |provider| provider.usage(ty));
        parameters.iter().map(|parameter| (parameter.name, parameter.unit)).collect()
    }

    fn usage_problems(&self, value: &Value) -> Vec<(AttributePath, Diagnostic)> {
        declared::usage_problems(value)
    }
}
