//! A configured provider driven step by step, for tests of what a contract case does not reach.

use std::path::Path;
use std::sync::Arc;

use mesh_value::{Schema, Value, to_plain_json};
use serde_json::Value as Json;

use super::lifecycle::no_errors;
use super::values::{configuration, proposed};
use crate::cost::{CostRequest, Costs, Interval, Quantity, Related, Saving, Usage};
use crate::{
    ApplyRequest, ConfigureRequest, ConfiguredProvider, LocateRequest, Located, PlanRequest, PlanResponse, Private,
    Progress, Provider, ReadDataRequest, ReadItem, ReadRequest, ReadResult, Stop,
};

/// A configured provider that takes configurations as JSON and answers errors as text, `Summary: detail.`.
pub struct Session<'a> {
    provider: &'a dyn Provider,
    configured: Arc<dyn ConfiguredProvider>,
}

impl<'a> Session<'a> {
    /// Configures the provider.
    ///
    /// # Errors
    /// Where it refuses.
    pub async fn new(provider: &'a dyn Provider, base_dir: &Path, config: &Json) -> Result<Self, String> {
        let block = provider.schema().provider.as_ref().map(|schema| schema.block.clone()).unwrap_or_default();
        let request = ConfigureRequest { config: configuration(&block, config)?, base_dir: base_dir.to_path_buf() };
        let configured = provider.configure(request).await.map_err(|failure| failure.to_string())?;
        Ok(Self { provider, configured })
    }

    /// Validates and plans a new object.
    ///
    /// # Errors
    /// Errors of validation and of planning.
    pub async fn plan(&self, ty: &str, config: &Json) -> Result<Value, String> {
        Ok(self.plan_from(ty, None, config).await?.planned)
    }

    async fn plan_from(&self, ty: &str, prior: Option<Value>, config: &Json) -> Result<PlanResponse, String> {
        let schema = self.schema(ty)?;
        let config = configuration(&schema.block, config)?;
        no_errors(&self.provider.validate_resource(ty, &config))?;
        let proposed = proposed(&schema.block, &config, prior.as_ref());
        let request = PlanRequest { ty: ty.into(), prior, config, proposed, private: Private::default() };
        let plan = self.configured.plan(request).await;
        no_errors(&plan.diagnostics)?;
        Ok(plan)
    }

    /// Creates what was planned.
    ///
    /// # Errors
    /// Where the creation fails.
    pub async fn apply(&self, ty: &str, planned: Value, token: &str) -> Result<Value, String> {
        self.change(ty, None, Some(planned), token).await?.ok_or_else(|| "nothing exists after apply".to_owned())
    }

    /// Plans another configuration of an object.
    ///
    /// # Errors
    /// Errors of validation and of planning, and a change that needs a new object.
    pub async fn plan_change(&self, ty: &str, prior: Value, config: &Json) -> Result<Value, String> {
        let plan = self.plan_from(ty, Some(prior), config).await?;
        if plan.requires_replace.is_empty() { Ok(plan.planned) } else { Err("a new object would be made".to_owned()) }
    }

    /// Plans another configuration of an object and makes the change in it.
    ///
    /// # Errors
    /// Errors of validation and of planning, a change that needs a new object, and where the update fails.
    pub async fn update(&self, ty: &str, prior: Value, config: &Json) -> Result<Value, String> {
        let planned = self.plan_change(ty, prior.clone(), config).await?;
        let new = self.change(ty, Some(prior), Some(planned), "").await?;
        new.ok_or_else(|| "nothing exists after the update".to_owned())
    }

    /// Reads an object anew; `None` where it is gone.
    ///
    /// # Errors
    /// Where reading fails.
    pub async fn read(&self, ty: &str, object: Value) -> Result<Option<Value>, String> {
        self.read_all(ty, vec![object]).await?.pop().ok_or_else(|| "nothing was read".to_owned())
    }

    /// Reads objects anew, all at once; `None` for each that is gone.
    ///
    /// # Errors
    /// Where reading one of them fails.
    pub async fn read_all(&self, ty: &str, objects: Vec<Value>) -> Result<Vec<Option<Value>>, String> {
        let item = |current| ReadItem { current, private: Private::default() };
        let items = objects.into_iter().map(item).collect();
        let results = self.configured.read(ReadRequest { ty: ty.into(), items }).await;
        let read = |result: ReadResult| no_errors(&result.diagnostics).map(|()| result.new);
        results.into_iter().map(read).collect()
    }

    /// Imports an object.
    ///
    /// # Errors
    /// Where the import fails, or brings not exactly one object.
    pub async fn import(&self, ty: &str, id: &str) -> Result<Value, String> {
        let mut imported = self.configured.import(ty, id).await.map_err(|failure| failure.to_string())?;
        match (imported.pop(), imported.is_empty()) {
            (Some(only), true) => Ok(only.value),
            _ => Err("not exactly one object was imported".to_owned()),
        }
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// Where the deletion fails.
    pub async fn delete(&self, ty: &str, object: Value) -> Result<(), String> {
        self.change(ty, Some(object), None, "").await.map(|_| ())
    }

    /// Looks for what an interrupted creation left.
    ///
    /// # Errors
    /// Where planning or looking fails.
    pub async fn locate(&self, ty: &str, config: &Json, token: &str) -> Result<Located, String> {
        let planned = self.plan(ty, config).await?;
        let request = LocateRequest { ty: ty.into(), planned, token: token.to_owned() };
        self.configured.locate(request).await.map_err(|failure| failure.to_string())
    }

    /// Validates and reads a data source.
    ///
    /// # Errors
    /// Errors of validation and of reading.
    pub async fn read_data(&self, ty: &str, config: &Json) -> Result<Value, String> {
        let schema = self.provider.schema().data_sources.get(ty).cloned().ok_or("no such data source")?;
        let config = configuration(&schema.block, config)?;
        no_errors(&self.provider.validate_data(ty, &config))?;
        let config = proposed(&schema.block, &config, None);
        let read = self.configured.read_data(ReadDataRequest { ty: ty.into(), config }).await;
        no_errors(&read.diagnostics)?;
        read.value.ok_or_else(|| "nothing was read".to_owned())
    }

    /// What an object costs, where `usage` blocks declare these numbers and these objects are related to it.
    #[must_use]
    pub fn cost(&self, ty: &str, value: &Value, usage: &[(&str, Interval)], related: &[Related]) -> Costs {
        let usage = declared(usage);
        self.configured.cost(CostRequest { ty, value, usage: &usage, related })
    }

    /// What would make an object cheaper, where `usage` blocks declare these numbers.
    #[must_use]
    pub fn savings(&self, ty: &str, value: &Value, usage: &[(&str, Interval)]) -> Vec<Saving> {
        let usage = declared(usage);
        self.configured.savings(CostRequest { ty, value, usage: &usage, related: &[] })
    }

    fn schema(&self, ty: &str) -> Result<Arc<Schema>, String> {
        self.provider.schema().resources.get(ty).cloned().ok_or_else(|| "no such type".to_owned())
    }

    async fn change(
        &self,
        ty: &str,
        prior: Option<Value>,
        planned: Option<Value>,
        token: &str,
    ) -> Result<Option<Value>, String> {
        let request = ApplyRequest {
            ty: ty.into(),
            prior,
            config: planned.clone().unwrap_or_else(|| Value::null(mesh_value::Type::Any)),
            planned,
            private: Private::default(),
            token: token.to_owned(),
            stop: Stop::default(),
            progress: Progress::default(),
        };
        let response = self.configured.apply(request).await;
        no_errors(&response.diagnostics)?;
        Ok(response.new)
    }
}

/// What `usage` blocks declare.
fn declared(usage: &[(&str, Interval)]) -> Usage {
    let quantity = |interval: Interval| Quantity::wide(interval, "it is declared as a range");
    Usage(usage.iter().map(|(name, interval)| ((*name).into(), quantity(*interval))).collect())
}

/// An attribute of an object as JSON; null where it is not known.
#[must_use]
pub fn attribute(object: &Value, name: &str) -> Json {
    object.get(name).and_then(|value| to_plain_json(value).ok()).unwrap_or_default()
}
