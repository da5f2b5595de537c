//! The provider over the platform in memory: `test_thing`, and the data source `test_lookup`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mesh_provider::cost::{
    Charges, CostRequest, Costs, Interval, PriceKey, Quantity, Saving, ToPrimitive, UsageParameter,
};
use mesh_provider::{
    ApplyRequest, ApplyResponse, ConfigureRequest, ConfiguredProvider, Failure, Imported, LocateRequest, Located,
    PlanRequest, PlanResponse, Provider, ProviderDiagnostic, ProviderSchema, ReadDataRequest, ReadDataResponse,
    ReadRequest, ReadResult,
};
use mesh_value::{
    AttributeMode, AttributePath, AttributeSchema, BlockSchema, Refinements, Schema, Type, Value, differing_paths,
};

use crate::platform::{Fault, Object, Platform};

/// How the provider breaks its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quirk {
    /// It doesn't.
    #[default]
    None,
    /// One result less than asked for.
    ReadsTooFew,
    /// A number where the schema has a text.
    PlansWrongType,
    /// A value that is not known, after apply.
    LeavesUnknown,
    /// A number where the schema has a text, after apply.
    MakesWrongType,
    /// Success, and no object.
    MakesNothing,
    /// Success, and the object is still there.
    DeletesNothing,
    /// Neither a value nor an error.
    ReadsNoData,
    /// An error that shows every text it was given.
    Blabs,
    /// None: `value` means the same in upper and lower case.
    IgnoresCase,
    /// It says that it keeps `value`, and plans another one.
    KeepsOtherwise,
    /// None: a thing whose `value` is `doubles` doubles what the things cost that it reads.
    Doubles,
}

/// The provider.
pub struct TestProvider {
    platform: Arc<Platform>,
    schema: Arc<ProviderSchema>,
    quirk: Quirk,
}

fn attribute(name: &str, ty: Type, mode: AttributeMode) -> AttributeSchema {
    AttributeSchema {
        name: name.into(),
        ty,
        mode,
        sensitive: name == "secret" || name == "password",
        write_only: false,
        requires_replace: name == "base",
        default: None,
        description: String::new(),
        deprecated: None,
    }
}

fn schema(version: u64, attributes: Vec<AttributeSchema>) -> Arc<Schema> {
    Arc::new(Schema { version, block: BlockSchema { attributes, ..BlockSchema::default() } })
}

impl TestProvider {
    /// A provider whose resource type has a schema version.
    pub fn new(platform: Arc<Platform>, quirk: Quirk, version: u64) -> Self {
        use AttributeMode::{Computed, Optional, Required};
        let thing = schema(
            version,
            vec![
                attribute("base", Type::String, Optional),
                attribute("id", Type::String, Computed),
                attribute("name", Type::String, Required),
                attribute("password", Type::String, Computed),
                attribute("rev", Type::String, Computed),
                attribute("secret", Type::String, Optional),
                attribute("size", Type::Number, Optional),
                attribute("uses", Type::list(Type::String), Optional),
                attribute("value", Type::String, Optional),
            ],
        );
        let lookup = schema(
            0,
            vec![
                attribute("name", Type::String, Required),
                attribute("password", Type::String, Computed),
                attribute("thing", Type::String, Computed),
            ],
        );
        let schema = ProviderSchema {
            provider: Some(schema(0, Vec::new())),
            resources: BTreeMap::from([("test_thing".into(), thing)]),
            data_sources: BTreeMap::from([("test_lookup".into(), lookup)]),
        };
        Self { platform, schema: Arc::new(schema), quirk }
    }
}

#[async_trait]
impl Provider for TestProvider {
    fn name(&self) -> &str {
        "test"
    }

    fn schema(&self) -> Arc<ProviderSchema> {
        self.schema.clone()
    }

    fn cost_related(&self, _: &str) -> &'static [&'static str] {
        if self.quirk == Quirk::Doubles { &["test_thing"] } else { &[] }
    }

    fn usage(&self, _: &str) -> &'static [UsageParameter] {
        &[
            UsageParameter { name: "requests", unit: "request", description: "How often it is asked." },
            UsageParameter { name: "storage_gb", unit: "GB", description: "How much is in it." },
        ]
    }

    fn validate_resource(&self, _: &str, _: &Value) -> Vec<ProviderDiagnostic> {
        Vec::new()
    }

    fn validate_data(&self, _: &str, _: &Value) -> Vec<ProviderDiagnostic> {
        Vec::new()
    }

    /// Every version renames `value`: version n writes `v<n>:` before it. Applied twice, that shows.
    fn upgrade_state(&self, ty: &str, version: u64, stored: &serde_json::Value) -> Result<Value, Failure> {
        let schema = &self.schema.resources[ty];
        let mut stored = stored.clone();
        for now in version + 1..=schema.version {
            let text = format!("v{now}:{}", stored["value"].as_str().unwrap_or_default());
            stored["value"] = text.into();
        }
        mesh_value::from_json(&stored, &schema.block.implied_type())
            .map_err(|error| Failure::new("Unreadable", error.to_string()))
    }

    async fn configure(&self, _: ConfigureRequest) -> Result<Arc<dyn ConfiguredProvider>, Failure> {
        Ok(Arc::new(Configured { platform: self.platform.clone(), quirk: self.quirk }))
    }
}

struct Configured {
    platform: Arc<Platform>,
    quirk: Quirk,
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn with(value: &Value, changes: &[(&str, Value)]) -> Value {
    let entries = value.as_entries().unwrap_or_default().iter().map(|(name, value)| {
        let changed = changes.iter().find(|(changed, _)| *changed == name.as_ref());
        (name.clone(), changed.map_or(value, |(_, changed)| changed).clone())
    });
    Value::object(entries.collect::<Vec<_>>())
}

fn failed(new: Option<Value>, what: &str) -> ApplyResponse {
    let diagnostics = vec![ProviderDiagnostic::error("Fault", what)];
    ApplyResponse { new, private: Vec::new(), diagnostics, unsure: false }
}

impl Configured {
    /// What the caller is told that there is now.
    fn told(&self, value: Value) -> Option<Value> {
        match self.quirk {
            Quirk::LeavesUnknown => Some(with(&value, &[("rev", Value::unknown(Type::String))])),
            Quirk::MakesWrongType => Some(with(&value, &[("rev", Value::number(7))])),
            Quirk::MakesNothing => None,
            _ => Some(value),
        }
    }

    fn did(&self, value: Value, id: String) -> ApplyResponse {
        ApplyResponse { new: self.told(value), private: id.into_bytes(), diagnostics: Vec::new(), unsure: false }
    }

    async fn create(&self, planned: Value, token: String) -> ApplyResponse {
        let name = text(&planned, "name").to_owned();
        let fault = self.platform.begin("create", &name).await;
        if matches!(fault, Some(Fault::Before | Fault::LostRequest)) {
            self.platform.end("create", &name, fault).await;
            return ApplyResponse { unsure: fault == Some(Fault::LostRequest), ..failed(None, "refused, or no reply") };
        }
        let (id, complete) = (self.platform.next_id(), fault != Some(Fault::Partial));
        let value = with(
            &planned,
            &[
                ("id", Value::string(id.clone())),
                ("rev", Value::string(self.platform.next_revision())),
                ("password", Value::string(format!("hidden-{name}"))),
            ],
        );
        self.platform.put(&id, Object { value: value.clone(), token, complete });
        self.platform.end("create", &name, fault).await;
        match fault {
            Some(Fault::LostReply) => ApplyResponse { unsure: true, ..failed(None, "no reply") },
            Some(_) => failed(Some(value), "it is there, perhaps not whole"),
            None => self.did(value, id),
        }
    }

    async fn update(&self, prior: Value, planned: Value) -> ApplyResponse {
        let name = text(&planned, "name").to_owned();
        let fault = self.platform.begin("update", &name).await;
        let id = text(&prior, "id").to_owned();
        let Some(mut object) = self.platform.object(&id) else {
            self.platform.end("update", &name, Some(Fault::Before)).await;
            return failed(None, "there is no such object");
        };
        if matches!(fault, Some(Fault::Before | Fault::LostRequest)) {
            self.platform.end("update", &name, fault).await;
            return failed(Some(prior), "refused");
        }
        object.value = match fault {
            // Half of a change: the value is new, what it uses is old.
            Some(Fault::Partial) => with(&object.value, &[("value", planned.get("value").unwrap().clone())]),
            _ => with(&planned, &[("rev", Value::string(self.platform.next_revision()))]),
        };
        let value = object.value.clone();
        self.platform.put(&id, object);
        self.platform.end("update", &name, fault).await;
        match fault {
            Some(Fault::LostReply) => failed(Some(prior), "no reply"),
            Some(_) => failed(Some(value), "changed, perhaps not wholly"),
            None => self.did(value, id),
        }
    }

    async fn delete(&self, prior: Value) -> ApplyResponse {
        let (name, id) = (text(&prior, "name").to_owned(), text(&prior, "id").to_owned());
        let fault = self.platform.begin("delete", &name).await;
        if matches!(fault, Some(Fault::Before | Fault::LostRequest | Fault::Partial)) {
            self.platform.end("delete", &name, fault).await;
            return failed(Some(prior), "refused");
        }
        if self.quirk != Quirk::DeletesNothing {
            self.platform.delete(&id);
        }
        self.platform.end("delete", &name, fault).await;
        match fault {
            Some(_) => failed(Some(prior), "no reply"),
            None => {
                let new = (self.quirk == Quirk::DeletesNothing).then_some(prior);
                ApplyResponse { new, private: Vec::new(), diagnostics: Vec::new(), unsure: false }
            }
        }
    }
}

#[async_trait]
impl ConfiguredProvider for Configured {
    async fn read(&self, request: ReadRequest) -> Vec<ReadResult> {
        self.platform.note(format!("read {} {}", request.items.len(), request.ty));
        let results = request.items.into_iter().map(|item| ReadResult {
            new: self.platform.object(text(&item.current, "id")).map(|object| object.value),
            private: item.private,
            diagnostics: Vec::new(),
        });
        let mut results: Vec<ReadResult> = results.collect();
        if self.quirk == Quirk::ReadsTooFew {
            results.pop();
        }
        results
    }

    async fn plan(&self, request: PlanRequest) -> PlanResponse {
        let PlanRequest { prior, proposed, private, .. } = request;
        let mut planned = proposed;
        let (mut requires_replace, mut kept) = (Vec::new(), Vec::new());
        let existing = prior.as_ref().map(|prior| text(prior, "value").to_owned());
        match (self.quirk, existing) {
            (Quirk::IgnoresCase, Some(value)) if value.eq_ignore_ascii_case(text(&planned, "value")) => {
                planned = with(&planned, &[("value", Value::string(value))]);
                kept.push(AttributePath::attr("value"));
            }
            (Quirk::KeepsOtherwise, Some(_)) => {
                planned = with(&planned, &[("value", Value::string("something else"))]);
                kept.push(AttributePath::attr("value"));
            }
            _ => {}
        }
        if let Some(prior) = &prior {
            if !planned.same(prior) {
                let open = Value::unknown_with(Type::String, Refinements::default());
                planned = with(&planned, &[("rev", open)]);
            }
            let differing = differing_paths(prior, &planned);
            let base = AttributePath::attr("base");
            requires_replace.extend(differing.iter().any(|path| base.is_prefix_of(path)).then_some(base));
        }
        if self.quirk == Quirk::PlansWrongType {
            planned = with(&planned, &[("rev", Value::number(7))]);
        }
        let mut diagnostics = Vec::new();
        if self.quirk == Quirk::Blabs {
            let said = format!("{} {}", text(&planned, "secret"), prior.as_ref().map_or("", |p| text(p, "password")));
            diagnostics.push(ProviderDiagnostic::error("Refused", said));
        }
        PlanResponse { planned, requires_replace, kept, losses: Vec::new(), private, deferred: None, diagnostics }
    }

    async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        match (request.prior, request.planned) {
            (None, Some(planned)) => {
                request.progress.report(format!("making {}", text(&planned, "name")));
                request.progress.report(format!("with {}", text(&planned, "secret")));
                self.create(planned, request.token).await
            }
            (Some(prior), Some(planned)) => self.update(prior, planned).await,
            (Some(prior), None) => self.delete(prior).await,
            (None, None) => failed(None, "nothing was asked for"),
        }
    }

    async fn locate(&self, request: LocateRequest) -> Result<Located, Failure> {
        let objects = self.platform.objects();
        let found = objects.into_values().find(|object| object.token == request.token);
        Ok(match found {
            None => Located::Absent,
            Some(object) if object.complete => Located::Complete(object.value, Vec::new()),
            Some(object) => Located::Partial(object.value, Vec::new()),
        })
    }

    async fn import(&self, ty: &str, id: &str) -> Result<Vec<Imported>, Failure> {
        let found =
            self.platform.object(id).ok_or_else(|| Failure::new("Nothing to import", "There is no such thing."));
        Ok(vec![Imported { ty: ty.into(), value: found?.value, private: Vec::new() }])
    }

    async fn read_data(&self, request: ReadDataRequest) -> ReadDataResponse {
        if self.quirk == Quirk::ReadsNoData {
            return ReadDataResponse { value: None, diagnostics: Vec::new() };
        }
        let name = text(&request.config, "name");
        let found = self.platform.named(name);
        let thing = found.as_ref().map_or(Value::null(Type::String), |(id, _)| Value::string(id.clone()));
        let password = Value::string(format!("found-{name}"));
        let value = Value::object([("name", Value::string(name)), ("password", password), ("thing", thing)]);
        ReadDataResponse { value: Some(value), diagnostics: Vec::new() }
    }

    /// Each of `size` costs something, and each declared request; a thing without either is free.
    fn cost(&self, request: CostRequest<'_>) -> Costs {
        let mut size = request.number("size");
        for value in request.related("test_thing").filter_map(|other| other.get("value")) {
            if !value.is_known() {
                let once_or_twice = Interval::new(1.into(), 1.into(), Some(2.into()));
                let factor = Quantity::late(once_or_twice, "`value` is known after apply");
                size = size.map(|size| size.times(&factor));
            } else if value.as_str() == Some("doubles") {
                size = size.map(|size| size.scaled(2));
            }
        }
        let mut charges = Charges::default();
        let mut add = |name: &'static str, quantity: Option<Quantity>| {
            let price = PriceKey::new("test/things/thing", "here");
            quantity.into_iter().for_each(|quantity| charges.add(name, price.clone(), "unit", quantity));
        };
        add("size", size);
        add("requests", request.declared("requests"));
        if charges.components.is_empty() { Costs::Free } else { charges.into() }
    }

    /// It can be half as large, or a tenth of that.
    fn savings(&self, request: CostRequest<'_>) -> Vec<Saving> {
        let size = request.number("size").and_then(|size| size.interval.low.to_u64()).unwrap_or_default();
        let smaller = [size / 2, size / 20].into_iter().filter(|size| *size > 0);
        let saving = |size: u64| Saving {
            change: format!("`size = {size}`"),
            caveat: None,
            value: with(request.value, &[("size", Value::number(size))]),
        };
        smaller.map(saving).collect()
    }
}
