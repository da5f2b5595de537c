//! Resource types and data sources without their Rust types, so that a provider can hold them in one table.

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use mesh_value::{AttributePath, BlockSchema, PathStep, Schema, Value};

use crate::cost::{CostRequest, Costs, Saving, UsageParameter};
use crate::deadline::{READ_LIMIT, within};
use crate::search::search;
use crate::timeouts::differ_alone;
use crate::{
    ApplyRequest, ApplyResponse, Attribute as _, Block, ChangeError, ChangeKind, DataSourceType, DecodeError, Draft,
    Failure, Found, Imported, LocateRequest, Located, MoveRequest, Operation, Permissions, PlanRequest, PlanResponse,
    Platform, Private, ProviderDiagnostic, ReadDataResponse, ReadItem, ReadResult, ResourceType,
};

/// A resource type of platform `P`.
#[async_trait]
pub(crate) trait AnyResource<P>: Send + Sync {
    fn schema(&self) -> Arc<Schema>;
    fn permissions(&self) -> Permissions;
    fn usage(&self) -> &'static [UsageParameter];
    fn costs_of_type(&self) -> Costs;
    fn cost_related(&self) -> &'static [&'static str];
    fn cost(&self, platform: &P, request: CostRequest<'_>) -> Costs;
    fn savings(&self, platform: &P, request: CostRequest<'_>) -> Vec<Saving>;
    fn validate(&self, config: &Value) -> Vec<ProviderDiagnostic>;
    fn upgrade(&self, version: u64, stored: serde_json::Value) -> Result<serde_json::Value, Failure>;
    fn move_from(&self, request: &MoveRequest) -> Result<Value, Failure>;
    async fn read(&self, platform: &P, items: Vec<ReadItem>) -> Vec<ReadResult>;
    async fn plan(&self, platform: &P, request: PlanRequest) -> PlanResponse;
    async fn apply(&self, platform: &P, request: ApplyRequest) -> ApplyResponse;
    async fn locate(&self, platform: &P, request: LocateRequest) -> Result<Located, Failure>;
    async fn import(&self, platform: &P, id: &str) -> Result<Imported, Failure>;
}

/// A data source of platform `P`.
#[async_trait]
pub(crate) trait AnyDataSource<P>: Send + Sync {
    fn schema(&self) -> Arc<Schema>;
    fn permissions(&self) -> Permissions;
    fn validate(&self, config: &Value) -> Vec<ProviderDiagnostic>;
    async fn read(&self, platform: &P, config: &Value) -> ReadDataResponse;
}

/// A resource type and its schema, which is built once.
pub(crate) struct Resource<R> {
    schema: Arc<Schema>,
    ty: PhantomData<fn() -> R>,
}

impl<R: ResourceType> Resource<R> {
    pub(crate) fn new() -> Self {
        let schema = Schema { version: R::VERSION, block: <R::Model as Block>::schema() };
        Self { schema: Arc::new(schema), ty: PhantomData }
    }

    fn block(&self) -> &BlockSchema {
        &self.schema.block
    }

    fn apply_error(&self, error: ChangeError<R::Model>, prior: Option<Value>, operation: Operation) -> ApplyResponse {
        let (private, mut diagnostics) = operation.into_notes();
        diagnostics.extend(error.failure.0);
        let unsure = error.unsure && prior.is_none();
        let new = match error.partial {
            Some(model) => Some(self.settled(&model, &mut diagnostics)),
            None => prior,
        };
        ApplyResponse { new, private, diagnostics, unsure }
    }

    /// The model as a value that can be stored: wholly known, without what is never stored.
    fn settled(&self, model: &R::Model, diagnostics: &mut Vec<ProviderDiagnostic>) -> Value {
        let value = model.encode();
        let dropped = |name: &str| self.block().attribute(name).is_some_and(|attribute| attribute.write_only);
        let any_dropped = self.block().attributes.iter().any(|attribute| attribute.write_only);
        if value.is_wholly_known() && !any_dropped {
            return value;
        }
        let Some(entries) = value.as_entries() else { return value };
        Value::object(entries.iter().map(|(name, value)| {
            let settled = if !value.is_wholly_known() {
                let detail = format!(
                    "The provider finished without a value for `{name}` of {}. This is a bug in mesh.",
                    R::NAME
                );
                let path = AttributePath::attr(name.clone());
                diagnostics.push(ProviderDiagnostic::error("Value still not known after apply", detail).at(path));
                Value::null(value.ty())
            } else if dropped(name) {
                Value::null(value.ty())
            } else {
                value.clone()
            };
            (name.clone(), settled)
        }))
    }

    /// What is planned, with the values that are never stored taken from the configuration.
    fn with_write_only(&self, planned: &Value, config: &Value) -> Value {
        let dropped = |name: &str| self.block().attribute(name).is_some_and(|attribute| attribute.write_only);
        let any_dropped = self.block().attributes.iter().any(|attribute| attribute.write_only);
        match planned.as_entries().filter(|_| any_dropped) {
            Some(entries) => Value::object(entries.iter().map(|(name, value)| {
                let written = config.get(name).filter(|_| dropped(name)).unwrap_or(value);
                (name.clone(), written.clone())
            })),
            None => planned.clone(),
        }
    }

    async fn change(&self, platform: &R::Platform, request: ApplyRequest) -> Result<ApplyResponse, Failure> {
        let ApplyRequest { ty: _, prior, planned, config, private, token, stop, progress } = request;
        let before = prior.as_ref().map(R::Model::decode).transpose().map_err(invalid)?;
        let state_alone = prior.as_ref().zip(planned.as_ref());
        let state_alone = state_alone.is_some_and(|(prior, planned)| differ_alone(self.block(), prior, planned));
        let after = planned.map(|planned| R::Model::decode(&self.with_write_only(&planned, &config)));
        let after = after.transpose().map_err(invalid)?;
        let limit = match (&before, &after) {
            (None, Some(model)) => R::time_limit(model, ChangeKind::Create),
            (Some(_), Some(model)) => R::time_limit(model, ChangeKind::Update),
            (Some(model), None) => R::time_limit(model, ChangeKind::Delete),
            (None, None) => R::TIME_LIMIT,
        };
        let operation = Operation::new(token, stop, limit, private).telling(progress);
        operation.proceed("starting")?;
        let outcome = match (before, after) {
            (_, Some(after)) if state_alone => Ok(Some(after)),
            (None, Some(after)) => match R::create(platform, after.clone(), &operation).await {
                Err(lost) if lost.unsure => search::<R>(platform, after, &operation, lost).await.map(Some),
                created => created.map(Some),
            },
            (Some(before), Some(after)) => R::update(platform, before, after, &operation).await.map(Some),
            (Some(before), None) => match R::delete(platform, before, &operation).await {
                Ok(()) => Ok(None),
                Err(failure) => Err(failure.into()),
            },
            (None, None) => Ok(None),
        };
        Ok(match outcome {
            Ok(model) => {
                let (private, mut diagnostics) = operation.into_notes();
                let new = model.map(|model| self.settled(&model, &mut diagnostics));
                let private = if new.is_some() { private } else { Private::new() };
                ApplyResponse { new, private, diagnostics, unsure: false }
            }
            Err(error) => self.apply_error(error, prior, operation),
        })
    }
}

#[async_trait]
impl<R: ResourceType> AnyResource<R::Platform> for Resource<R> {
    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn permissions(&self) -> Permissions {
        R::PERMISSIONS
    }

    fn usage(&self) -> &'static [UsageParameter] {
        R::USAGE
    }

    fn costs_of_type(&self) -> Costs {
        R::COSTS
    }

    fn cost_related(&self) -> &'static [&'static str] {
        R::COST_RELATED
    }

    fn cost(&self, platform: &R::Platform, request: CostRequest<'_>) -> Costs {
        R::cost(platform, request)
    }

    fn savings(&self, platform: &R::Platform, request: CostRequest<'_>) -> Vec<Saving> {
        R::savings(platform, request)
    }

    fn validate(&self, config: &Value) -> Vec<ProviderDiagnostic> {
        validate::<R::Model>(config, R::validate)
    }

    fn upgrade(&self, version: u64, stored: serde_json::Value) -> Result<serde_json::Value, Failure> {
        if version < R::VERSION { R::upgrade(version, stored) } else { Ok(stored) }
    }

    fn move_from(&self, request: &MoveRequest) -> Result<Value, Failure> {
        let MoveRequest { from, from_version, to, stored } = request;
        let model = R::move_from(from, *from_version, stored)?.ok_or_else(|| Failure::no_move(from, to))?;
        let mut problems = Vec::new();
        let value = self.settled(&model, &mut problems);
        if problems.is_empty() { Ok(value) } else { Err(Failure(problems)) }
    }

    async fn read(&self, platform: &R::Platform, items: Vec<ReadItem>) -> Vec<ReadResult> {
        let mut models = Vec::with_capacity(items.len());
        let mut results: Vec<ReadResult> = items
            .into_iter()
            .map(|ReadItem { current, private }| {
                let decoded = R::Model::decode(&current);
                let diagnostics = match decoded {
                    Ok(model) => {
                        models.push(model);
                        Vec::new()
                    }
                    Err(error) => invalid(error).0,
                };
                ReadResult { new: Some(current), private, diagnostics }
            })
            .collect();
        let asked = models.len();
        let read = match within(READ_LIMIT, R::read(platform, models)).await {
            Ok(read) if read.len() == asked => read,
            Ok(read) => {
                let got = read.len();
                let detail = format!("Asked for {asked} objects, {} read {got}. This is a bug in mesh.", R::NAME);
                std::iter::repeat_with(|| Err(Failure::new("Provider failed", detail.clone()))).take(asked).collect()
            }
            Err(failure) => std::iter::repeat_with(|| Err(failure.clone())).take(asked).collect(),
        };
        let decoded = results.iter_mut().filter(|result| result.diagnostics.is_empty());
        for (result, read) in decoded.zip(read) {
            match read {
                Ok(model) => result.new = model.map(|model| self.settled(&model, &mut result.diagnostics)),
                Err(failure) => result.diagnostics = failure.0,
            }
        }
        results
    }

    async fn plan(&self, platform: &R::Platform, request: PlanRequest) -> PlanResponse {
        let mut draft = Draft::new(&self.schema.block, request);
        R::plan(platform, &mut draft).await;
        draft.finish(<R::Model as Block>::computed_on_change())
    }

    async fn apply(&self, platform: &R::Platform, request: ApplyRequest) -> ApplyResponse {
        let (prior, private) = (request.prior.clone(), request.private.clone());
        self.change(platform, request).await.unwrap_or_else(|failure| ApplyResponse {
            new: prior,
            private,
            diagnostics: failure.0,
            unsure: false,
        })
    }

    async fn locate(&self, platform: &R::Platform, request: LocateRequest) -> Result<Located, Failure> {
        let planned = R::Model::decode(&request.planned).map_err(invalid)?;
        let found = within(READ_LIMIT, R::locate(platform, planned, &request.token)).await??;
        let mut problems = Vec::new();
        let located = match found {
            Found::Absent => Located::Absent,
            Found::Complete(model) => Located::Complete(self.settled(&model, &mut problems), Private::new()),
            Found::Partial(model) => Located::Partial(self.settled(&model, &mut problems), Private::new()),
        };
        if problems.is_empty() { Ok(located) } else { Err(Failure(problems)) }
    }

    async fn import(&self, platform: &R::Platform, id: &str) -> Result<Imported, Failure> {
        let model = within(READ_LIMIT, R::import(platform, id)).await??;
        let mut problems = Vec::new();
        let value = self.settled(&model, &mut problems);
        if !problems.is_empty() {
            return Err(Failure(problems));
        }
        Ok(Imported { ty: R::NAME.into(), value, private: Private::new() })
    }
}

/// A data source and its schema, which is built once.
pub(crate) struct DataSource<D> {
    schema: Arc<Schema>,
    ty: PhantomData<fn() -> D>,
}

impl<D: DataSourceType> DataSource<D> {
    pub(crate) fn new() -> Self {
        let schema = Schema { version: 0, block: <D::Model as Block>::schema() };
        Self { schema: Arc::new(schema), ty: PhantomData }
    }
}

#[async_trait]
impl<D: DataSourceType> AnyDataSource<D::Platform> for DataSource<D> {
    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn permissions(&self) -> Permissions {
        D::PERMISSIONS
    }

    fn validate(&self, config: &Value) -> Vec<ProviderDiagnostic> {
        validate::<D::Model>(config, D::validate)
    }

    async fn read(&self, platform: &D::Platform, config: &Value) -> ReadDataResponse {
        let outcome = match D::Model::decode(config).map_err(invalid) {
            Ok(model) => within(D::TIME_LIMIT, D::read(platform, model)).await.and_then(|read| read),
            Err(failure) => Err(failure),
        };
        match outcome.map(|model| model.encode()) {
            Ok(value) => ReadDataResponse { value: Some(value), diagnostics: Vec::new() },
            Err(failure) => ReadDataResponse { value: None, diagnostics: failure.0 },
        }
    }
}

/// The provider block, checked and decoded.
pub(crate) fn configuration<P: Platform>(config: &Value) -> Result<P::Config, Failure> {
    P::Config::decode(config).map_err(invalid)
}

/// What does not fit the model, and then, if all fits, what the type itself finds.
pub(crate) fn validate<M: Block>(
    config: &Value,
    further: impl FnOnce(&Value) -> Vec<ProviderDiagnostic>,
) -> Vec<ProviderDiagnostic> {
    let errors: Vec<_> = M::check(config).into_iter().flat_map(|error| invalid(error).0).collect();
    if errors.is_empty() { further(config) } else { errors }
}

fn invalid(error: DecodeError) -> Failure {
    let name = match error.path.steps() {
        [] => "The object".to_owned(),
        [PathStep::Attr(name), rest @ ..] => format!("`{name}{}`", AttributePath::from(rest.to_vec())),
        _ => format!("`{}`", error.path),
    };
    let detail = format!("{name} {}.", error.what);
    Failure::new("Invalid value", detail).at(&error.path)
}
