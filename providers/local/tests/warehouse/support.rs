//! Drives the provider as the engine does: configuration in, planned and applied objects out.

use std::path::Path;
use std::sync::Arc;

use mesh_provider::{
    ApplyRequest, ApplyResponse, ConfigureRequest, ConfiguredProvider, PlanRequest, PlanResponse, Private, Progress,
    Provider, ProviderDiagnostic, ProviderSchema, ReadItem, ReadRequest, ReadResult, Stop,
};
use mesh_value::{AttributeMode, Type, Value, convert};

/// The local provider, configured with a base directory.
pub struct Platform {
    provider: Box<dyn Provider>,
    configured: Arc<dyn ConfiguredProvider>,
    schema: Arc<ProviderSchema>,
}

/// An object as state keeps it.
#[derive(Clone, Debug)]
pub struct Object {
    pub value: Value,
    pub private: Private,
}

impl Platform {
    pub async fn at(base_dir: &Path) -> Self {
        let provider = Box::new(mesh_provider_local::provider());
        let schema = provider.schema();
        let config = Value::object([("base_dir", Value::null(Type::String))]);
        let request = ConfigureRequest { config, base_dir: base_dir.to_path_buf() };
        let configured = provider.configure(request).await.unwrap();
        Self { provider, configured, schema }
    }

    /// The configuration as a value of the schema's type, with null where nothing is written.
    pub fn config(&self, ty: &str, written: &[(&str, Value)]) -> Value {
        let block = &self.schema.resources[ty].block;
        for (name, _) in written {
            assert!(block.attribute(name).is_some(), "{ty} has no attribute {name}");
        }
        Value::object(block.attributes.iter().map(|attribute| {
            let value = written.iter().find(|(name, _)| *name == attribute.name.as_ref()).map(|(_, value)| value);
            let value =
                value.map_or_else(|| Value::null(attribute.ty.clone()), |value| convert(value, &attribute.ty).unwrap());
            (attribute.name.clone(), value)
        }))
    }

    pub fn validate(&self, ty: &str, config: &Value) -> Vec<ProviderDiagnostic> {
        self.provider.validate_resource(ty, config)
    }

    pub async fn plan(&self, ty: &str, prior: Option<&Object>, config: &Value) -> PlanResponse {
        let block = &self.schema.resources[ty].block;
        let proposed = Value::object(block.attributes.iter().map(|attribute| {
            let name = attribute.name.as_ref();
            let configured = config.get(name).filter(|value| !value.is_null()).or(attribute.default.as_ref()).cloned();
            let value = configured.unwrap_or_else(|| match (attribute.mode, prior) {
                (AttributeMode::Computed | AttributeMode::OptionalComputed, Some(prior)) => {
                    prior.value.get(name).unwrap().clone()
                }
                (AttributeMode::Computed | AttributeMode::OptionalComputed, None) => {
                    Value::unknown(attribute.ty.clone())
                }
                _ => Value::null(attribute.ty.clone()),
            });
            (attribute.name.clone(), value)
        }));
        let request = PlanRequest {
            ty: ty.into(),
            prior: prior.map(|prior| prior.value.clone()),
            config: config.clone(),
            proposed,
            private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
        };
        self.configured.plan(request).await
    }

    pub async fn apply(
        &self,
        ty: &str,
        prior: Option<&Object>,
        planned: Option<&Value>,
        private: Private,
        token: &str,
    ) -> ApplyResponse {
        let request = ApplyRequest {
            ty: ty.into(),
            prior: prior.map(|prior| prior.value.clone()),
            planned: planned.cloned(),
            config: planned.cloned().unwrap_or_else(|| Value::null(Type::Any)),
            private,
            token: token.to_owned(),
            progress: Progress::default(),
            stop: Stop::default(),
        };
        self.configured.apply(request).await
    }

    /// Plans and applies a creation that must succeed.
    pub async fn create(&self, ty: &str, written: &[(&str, Value)], token: &str) -> Object {
        let config = self.config(ty, written);
        assert_eq!(self.validate(ty, &config), []);
        let plan = self.plan(ty, None, &config).await;
        assert_eq!(plan.diagnostics, []);
        let response = self.apply(ty, None, Some(&plan.planned), plan.private, token).await;
        assert_eq!(response.diagnostics, []);
        Object { value: response.new.unwrap(), private: response.private }
    }

    pub async fn read(&self, ty: &str, objects: &[Object]) -> Vec<ReadResult> {
        let items = objects.iter().cloned().map(|Object { value, private }| ReadItem { current: value, private });
        self.configured.read(ReadRequest { ty: ty.into(), items: items.collect() }).await
    }

    pub fn configured(&self) -> &dyn ConfiguredProvider {
        self.configured.as_ref()
    }
}
