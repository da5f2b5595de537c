//! How one object is planned from its schema alone, and the draft in which a resource type adds what the schema can't say.

use std::sync::{Arc, LazyLock};

use mesh_value::{AttributePath, BlockSchema, Nesting, PathStep, Value};

use crate::timeouts::differ_alone;
use crate::{Attribute, DataLoss, Deferred, PlanRequest, PlanResponse, Private, ProviderDiagnostic};

static NULL: LazyLock<Value> = LazyLock::new(|| Value::null(mesh_value::Type::Any));

/// A plan for one object before it is final. It starts as what is proposed: the configuration, with prior computed
/// values (or, of a new object, values known after apply) where nothing is configured.
#[derive(Debug)]
pub struct Draft<'a> {
    schema: &'a BlockSchema,
    prior: Option<Value>,
    config: Value,
    proposed: Value,
    /// Attributes that differ from `proposed`.
    decided: Vec<(Arc<str>, Value)>,
    requires_replace: Vec<AttributePath>,
    kept: Vec<AttributePath>,
    losses: Vec<DataLoss>,
    deferred: Option<Deferred>,
    diagnostics: Vec<ProviderDiagnostic>,
    /// The provider's own bytes.
    pub private: Private,
}

impl<'a> Draft<'a> {
    /// What is proposed, without the values that are never stored.
    pub(crate) fn new(schema: &'a BlockSchema, request: PlanRequest) -> Self {
        let PlanRequest { ty: _, prior, config, proposed, private } = request;
        let mut draft = Self {
            schema,
            prior,
            config,
            proposed,
            decided: Vec::new(),
            requires_replace: Vec::new(),
            kept: Vec::new(),
            losses: Vec::new(),
            deferred: None,
            diagnostics: Vec::new(),
            private,
        };
        for attribute in schema.attributes.iter().filter(|attribute| attribute.write_only) {
            draft.put(&attribute.name, Value::null(attribute.ty.without_optional()));
        }
        draft
    }

    /// Whether there is no object yet.
    #[must_use]
    pub const fn is_create(&self) -> bool {
        self.prior.is_none()
    }

    /// What is written for an attribute; null where nothing is.
    #[must_use]
    pub fn config(&self, name: &str) -> &Value {
        self.config.get(name).unwrap_or(&NULL)
    }

    /// What an attribute is now; `None` where there is no object yet.
    #[must_use]
    pub fn prior(&self, name: &str) -> Option<&Value> {
        self.prior.as_ref().map(|prior| prior.get(name).unwrap_or(&NULL))
    }

    /// What an attribute is planned to be.
    #[must_use]
    pub fn planned(&self, name: &str) -> &Value {
        let decided = self.decided.iter().find(|(decided, _)| decided.as_ref() == name).map(|(_, value)| value);
        decided.or_else(|| self.proposed.get(name)).unwrap_or(&NULL)
    }

    /// What an attribute is now, decoded; `None` where it is null, does not decode, or there is no object yet.
    #[must_use]
    pub fn prior_as<T: Attribute>(&self, name: &str) -> Option<T> {
        self.prior(name).and_then(decoded)
    }

    /// What an attribute is planned to be, decoded; `None` where it is null, known after apply, or does not decode.
    #[must_use]
    pub fn planned_as<T: Attribute>(&self, name: &str) -> Option<T> {
        decoded(self.planned(name))
    }

    /// Whether an attribute is planned to change, or may: also so for every attribute of a new object.
    #[must_use]
    pub fn changes(&self, name: &str) -> bool {
        self.prior(name).is_none_or(|prior| !prior.same(self.planned(name)))
    }

    /// Plans a value for an attribute that is computed and not configured.
    pub fn set<T: Attribute>(&mut self, name: &str, value: &T) {
        self.set_value(name, value.encode());
    }

    /// Plans that an attribute that is computed and not configured is known after apply.
    pub fn set_unknown(&mut self, name: &str) {
        if let Some(attribute) = self.schema.attribute(name) {
            self.set_value(name, Value::unknown(attribute.ty.without_optional()));
        }
    }

    /// Plans a value of the attribute's type for an attribute that is computed and not configured.
    pub fn set_value(&mut self, name: &str, value: Value) {
        let Some(attribute) = self.schema.attribute(name) else {
            return self.bug(name, "there is no such attribute");
        };
        if !attribute.mode.is_computed() || !self.config(name).is_null() {
            return self.bug(name, "it is not the provider's to set");
        }
        let name = attribute.name.clone();
        self.put(&name, value);
    }

    /// Plans what an attribute or nested block is now, because what is written for it means the same: a policy in
    /// another order, a name where the platform answers an address. Does nothing where there is no object yet, and
    /// where what is written is not known yet.
    pub fn keep(&mut self, name: &str) {
        let write_only = self.schema.attribute(name).is_some_and(|attribute| attribute.write_only);
        let declared =
            self.proposed.as_entries().and_then(|entries| entries.iter().find(|(own, _)| own.as_ref() == name));
        let Some((name, _)) = declared.filter(|_| !write_only) else {
            return self.bug(name, "there is no such attribute to keep");
        };
        let name = name.clone();
        let prior = self.prior.as_ref().and_then(|prior| prior.get(&name)).cloned();
        let Some(prior) = prior.filter(|_| self.planned(&name).is_wholly_known()) else { return };
        if !prior.same(self.planned(&name)) {
            self.kept.push(AttributePath::attr(name.clone()));
            self.put(&name, prior);
        }
    }

    /// Says that the change of an attribute can't be made in place.
    pub fn replace(&mut self, path: AttributePath) {
        if !self.requires_replace.contains(&path) {
            self.requires_replace.push(path);
        }
    }

    /// Says that the change of an attribute destroys data. `what` is a sentence: "Column `note` and its values are
    /// dropped."
    pub fn lose(&mut self, path: AttributePath, what: impl Into<String>) {
        self.losses.push(DataLoss { path, what: what.into() });
    }

    /// Says that the object can't be planned yet.
    pub const fn defer(&mut self, why: Deferred) {
        self.deferred = Some(why);
    }

    /// Reports a problem or a warning.
    pub fn report(&mut self, diagnostic: ProviderDiagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn put(&mut self, name: &Arc<str>, value: Value) {
        self.decided.retain(|(decided, _)| decided != name);
        self.decided.push((name.clone(), value));
    }

    fn bug(&mut self, name: &str, why: &str) {
        let detail = format!("The provider planned a value for `{name}`, but {why}. This is a bug in mesh.");
        self.diagnostics.push(ProviderDiagnostic::error("Plan can't be made", detail));
    }

    /// The planned object so far.
    fn object(&self) -> Value {
        if self.decided.is_empty() {
            return self.proposed.clone();
        }
        let Some(entries) = self.proposed.as_entries() else { return self.proposed.clone() };
        Value::object(entries.iter().map(|(name, value)| {
            let decided = self.decided.iter().find(|(decided, _)| decided == name).map(|(_, value)| value);
            (name.clone(), decided.unwrap_or(value).clone())
        }))
    }

    /// Closes the draft: an object that does not change is exactly as before, but for its `timeouts`; one that does leaves `on_change`
    /// attributes for after apply unless they were decided; changes of what needs a new object are named.
    pub(crate) fn finish(mut self, on_change: &[&str]) -> PlanResponse {
        let mut planned = self.object();
        if let Some(prior) = self.prior.clone() {
            if planned.same(&prior) {
                planned = prior;
            } else if !differ_alone(self.schema, &prior, &planned) {
                if self.postpone(on_change) {
                    planned = self.object();
                }
                let mut paths = Vec::new();
                replaced(self.schema, &prior, &planned, &AttributePath::default(), &mut paths);
                for path in paths {
                    self.replace(path);
                }
            }
        }
        PlanResponse {
            planned,
            requires_replace: self.requires_replace,
            kept: self.kept,
            losses: self.losses,
            private: self.private,
            deferred: self.deferred,
            diagnostics: self.diagnostics,
        }
    }

    fn postpone(&mut self, on_change: &[&str]) -> bool {
        let mut any = false;
        for attribute in &self.schema.attributes {
            let name = attribute.name.as_ref();
            let open = on_change.contains(&name)
                && self.config(name).is_null()
                && !self.decided.iter().any(|(decided, _)| decided.as_ref() == name);
            if open {
                self.put(&attribute.name, Value::unknown(attribute.ty.without_optional()));
                any = true;
            }
        }
        any
    }
}

fn decoded<T: Attribute>(value: &Value) -> Option<T> {
    if value.is_null() || !value.is_wholly_known() { None } else { T::decode(value).ok() }
}

/// Finds the attributes that need a new object and differ, or may differ once known.
fn replaced(schema: &BlockSchema, prior: &Value, planned: &Value, at: &AttributePath, found: &mut Vec<AttributePath>) {
    for attribute in schema.attributes.iter().filter(|attribute| attribute.requires_replace) {
        let (before, after) = (prior.get(&attribute.name), planned.get(&attribute.name));
        if before.zip(after).is_some_and(|(before, after)| !before.same(after)) {
            found.push(at.join(PathStep::Attr(attribute.name.clone())));
        }
    }
    for nested in schema.blocks.iter().filter(|nested| any_replaces(&nested.block)) {
        let path = at.join(PathStep::Attr(nested.name.clone()));
        let (Some(before), Some(after)) = (prior.get(&nested.name), planned.get(&nested.name)) else { continue };
        if before.same(after) {
            continue;
        }
        let known = before.is_known() && after.is_known();
        match nested.nesting {
            Nesting::Single | Nesting::Group if known && before.is_null() == after.is_null() => {
                replaced(&nested.block, before, after, &path, found);
            }
            Nesting::List | Nesting::Map => match pairs(before, after).filter(|_| known) {
                Some(pairs) => {
                    for (step, before, after) in pairs {
                        replaced(&nested.block, before, after, &path.join(step), found);
                    }
                }
                None => found.push(path),
            },
            Nesting::Single | Nesting::Group | Nesting::Set => found.push(path),
        }
    }
}

/// The elements of two lists of one length, or of two maps of the same keys, side by side.
fn pairs<'v>(before: &'v Value, after: &'v Value) -> Option<Vec<(PathStep, &'v Value, &'v Value)>> {
    if let (Some(before), Some(after)) = (before.as_slice(), after.as_slice()) {
        let pairs = before.iter().zip(after).enumerate();
        return (before.len() == after.len())
            .then(|| pairs.map(|(index, (before, after))| (PathStep::Index(index), before, after)).collect());
    }
    let (before, after) = (before.as_entries()?, after.as_entries()?);
    let same_keys = before.len() == after.len() && before.iter().zip(after).all(|(left, right)| left.0 == right.0);
    let pairs = before.iter().zip(after);
    same_keys.then(|| pairs.map(|((key, left), (_, right))| (PathStep::Key(key.clone()), left, right)).collect())
}

fn any_replaces(schema: &BlockSchema) -> bool {
    schema.attributes.iter().any(|attribute| attribute.requires_replace)
        || schema.blocks.iter().any(|nested| any_replaces(&nested.block))
}
