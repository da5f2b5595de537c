//! References: from the steps that are written to the one thing that is read, and the path into it.

use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::{AttributePath, InstanceKey, Kind, Mode, PathStep, Value};

use super::evaluator::{Evaluator, Fault, Outcome, fault, unknown};
use super::lookup_fault::lookup_fault;
use super::referent::{self, Referent, is_legacy_index};
use super::scope::{LookupError, Target};
use super::step;
use crate::syntax::Step;

/// The path that steps take through what was looked up, as far as it is known.
pub(super) struct Trail {
    path: AttributePath,
    is_open: bool,
}

impl Trail {
    /// From a value that was looked up.
    fn from_lookup() -> Self {
        Self { path: AttributePath::default(), is_open: true }
    }

    /// For a value that was not looked up.
    pub(super) fn none() -> Self {
        Self { path: AttributePath::default(), is_open: false }
    }

    /// Goes on by a step; where that is not known, the path ends here.
    fn push(&mut self, step: Option<PathStep>) {
        match step {
            Some(step) if self.is_open => self.path.push(step),
            _ => self.is_open = false,
        }
    }

    /// Ends the path here.
    pub(super) fn end(&mut self) {
        self.is_open = false;
    }
}

impl Evaluator<'_> {
    /// The value of a root name and the steps after it.
    pub(super) fn traversal(&mut self, root: &str, root_span: Span, steps: &[Step]) -> Outcome {
        if let Some(value) = self.name(root) {
            let value = value.clone();
            return self.steps(value, steps, &mut Trail::none());
        }
        if let Some(fault) = self.unbound(root, root_span) {
            return Err(fault);
        }
        let (referent, rest) = referent::resolve(root, root_span, steps)?;
        let named = steps.get(..steps.len() - rest.len()).unwrap_or_default();
        let span = named.last().map_or(root_span, |step| root_span.to(step_span(step)));
        match referent {
            Referent::Variable(name) => self.read(Target::Variable(name), rest, span),
            Referent::Local(name) => self.read(Target::Local(name), rest, span),
            Referent::Product(name) => self.read(Target::Product(name), rest, span),
            Referent::Each(name) => self.read(Target::Each(name), rest, span),
            Referent::Count => self.read(Target::CountIndex, rest, span),
            Referent::Path(name) => self.read(Target::Path(name), rest, span),
            Referent::Workspace => self.read(Target::Workspace, rest, span),
            Referent::Applying => self.read(Target::Applying, rest, span),
            Referent::Itself => self.read(Target::Itself, rest, span),
            Referent::Resource { mode, ty, name } => self.resource(mode, &ty, &name, rest, span),
            Referent::Module { call, .. } => self.module(&call, rest, span),
        }
    }

    /// Follows steps from a value. Where one of them can't be, the error has its place.
    pub(super) fn steps(&mut self, mut value: Value, steps: &[Step], trail: &mut Trail) -> Outcome {
        for step in steps {
            value = match step {
                Step::Attr(name) if is_legacy_index(&name.text) => {
                    self.index(&value, &legacy_key(&name.text), name.span, trail)?
                }
                Step::Attr(name) => {
                    let inner = step::attribute(&value, name)?;
                    trail.push(Some(PathStep::Attr(name.text.clone())));
                    inner
                }
                Step::Index(key, span) => {
                    let key = self.eval(key);
                    self.index(&value, &key, *span, trail)?
                }
                Step::Splat { steps, span, .. } => self.splat(&value, steps, *span, trail)?,
            };
        }
        Ok(value)
    }

    fn index(&mut self, value: &Value, key: &Value, span: Span, trail: &mut Trail) -> Outcome {
        let inner = step::index(value, key, span)?;
        trail.push(step::path_step(value, key));
        Ok(inner)
    }

    /// Looks a target up and follows the steps.
    fn read(&mut self, target: Target, steps: &[Step], span: Span) -> Outcome {
        match self.lookup(&target) {
            Ok(value) => self.follow(target, value, steps),
            Err(error) => self.not_found(error, target, span),
        }
    }

    /// What failed or isn't there was read nevertheless: the result depends on it. Of an instance that isn't there,
    /// that means which ones there are.
    fn not_found(&mut self, error: LookupError, target: Target, span: Span) -> Outcome {
        let read = match (&error, &target) {
            (LookupError::Failed, _) => Some(target.clone()),
            (LookupError::NoInstance(_), Target::Instance { mode, ty, name, .. }) => {
                Some(Target::Block { mode: *mode, ty: ty.clone(), name: name.clone() })
            }
            (LookupError::NoInstance(_), Target::Module { call, .. } | Target::ModuleOutput { call, .. }) => {
                Some(Target::Module { call: call.clone(), key: None })
            }
            _ => None,
        };
        if let Some(read) = read {
            self.record(read, AttributePath::default());
        }
        match error {
            LookupError::Failed => Ok(unknown()),
            error => Err(lookup_fault(error, &target, span)),
        }
    }

    fn follow(&mut self, target: Target, value: Value, steps: &[Step]) -> Outcome {
        let mut trail = Trail::from_lookup();
        let result = self.steps(value, steps, &mut trail);
        self.record(target, trail.path);
        result
    }

    /// Follows an index into a whole block or module, then the steps.
    fn follow_index(&mut self, target: Target, index: &Index<'_>, span: Span) -> Outcome {
        let value = match self.lookup(&target) {
            Ok(value) => value,
            Err(error) => return self.not_found(error, target, span),
        };
        let mut trail = Trail::from_lookup();
        let result = match self.index(&value, &index.key, index.span, &mut trail) {
            Ok(value) => self.steps(value, index.rest, &mut trail),
            // Of a key, it is asked for the whole only where there are no instances: it may name an attribute.
            Err(_) if instance_key(&index.key).is_some() && !index.key.marks().is_hidden() => {
                Err(key_of_single(&target, &index.key, span.to(index.span)))
            }
            Err(fault) => Err(fault),
        };
        self.record(target, trail.path);
        result
    }

    fn resource(&mut self, mode: Mode, ty: &Arc<str>, name: &Arc<str>, rest: &[Step], span: Span) -> Outcome {
        let block = Target::Block { mode, ty: ty.clone(), name: name.clone() };
        let instance = |key| Target::Instance { mode, ty: ty.clone(), name: name.clone(), key };
        let Some(index) = self.written_index(rest) else {
            let of_one = matches!(rest.first(), Some(Step::Attr(_)));
            return match of_one.then(|| self.lookup(&instance(InstanceKey::None))) {
                Some(Ok(value)) => self.follow(block, value, rest),
                Some(Err(LookupError::NoInstance(keys))) if !keys.is_empty() => {
                    self.not_found(LookupError::NoInstance(keys), instance(InstanceKey::None), span)
                }
                _ => self.read(block, rest, span),
            };
        };
        match self.instance(&index, instance) {
            Ok(Some((target, value))) => {
                let result = self.follow(target, value, index.rest)?;
                Ok(result.with_marks(index.key.marks()))
            }
            Ok(None) => self.follow_index(block, &index, span),
            Err((target, error)) => self.no_such_key(error, target, &index, span.to(index.span)),
        }
    }

    fn module(&mut self, call: &Arc<str>, rest: &[Step], span: Span) -> Outcome {
        let whole = Target::Module { call: call.clone(), key: None };
        let of = |key: InstanceKey, output: &Arc<str>| Target::ModuleOutput {
            call: call.clone(),
            key,
            output: output.clone(),
        };
        let Some(index) = self.written_index(rest) else {
            return match rest.split_first() {
                Some((Step::Attr(output), rest)) => {
                    self.read(of(InstanceKey::None, &output.text), rest, span.to(output.span))
                }
                _ => self.read(whole, rest, span),
            };
        };
        let (found, rest, span) = match index.rest.split_first() {
            Some((Step::Attr(output), after)) if !is_legacy_index(&output.text) => {
                (self.instance(&index, |key| of(key, &output.text)), after, span.to(output.span))
            }
            _ => {
                let one = |key| Target::Module { call: call.clone(), key: Some(key) };
                (self.instance(&index, one), index.rest, span.to(index.span))
            }
        };
        match found {
            Ok(Some((target, value))) => {
                let result = self.follow(target, value, rest)?;
                Ok(result.with_marks(index.key.marks()))
            }
            // A call without count and for_each: the index names an output.
            Ok(None) => match index.key.kind() {
                Kind::String(output) => self.read(of(InstanceKey::None, output), index.rest, span),
                _ => self.follow_index(whole, &index, span),
            },
            Err((target, error)) => self.no_such_key(error, target, &index, span),
        }
    }

    /// As [`Self::not_found`], without showing a key that is sensitive.
    fn no_such_key(&mut self, error: LookupError, target: Target, index: &Index<'_>, span: Span) -> Outcome {
        let found = self.not_found(error, target, span);
        if !index.key.marks().is_hidden() {
            return found;
        }
        found.map_err(|_| {
            let detail = "There is no instance under this key, which is sensitive.";
            Box::new(fault("no-such-instance", "No such instance", detail).at(index.span))
        })
    }

    /// The one instance that a written key means; `None` where only the whole can be indexed: the key is not known
    /// yet or is no key, or the block has neither `count` nor `for_each`.
    fn instance(
        &self,
        index: &Index<'_>,
        target: impl Fn(InstanceKey) -> Target,
    ) -> Result<Option<(Target, Value)>, (Target, LookupError)> {
        let Some(key) = instance_key(&index.key) else { return Ok(None) };
        let written = target(key.clone());
        match self.lookup(&written) {
            Ok(value) => Ok(Some((written, value))),
            Err(LookupError::NoInstance(keys)) => {
                // An attribute may be written as an index. A number can't be one.
                if keys == [InstanceKey::None] && matches!(key, InstanceKey::Key(_)) {
                    return Ok(None);
                }
                let Some(other) = other_form(&key).filter(|other| keys.contains(other)) else {
                    return Err((written, LookupError::NoInstance(keys)));
                };
                let other = target(other);
                match self.lookup(&other) {
                    Ok(value) => Ok(Some((other, value))),
                    Err(error) => Err((other, error)),
                }
            }
            Err(error) => Err((written, error)),
        }
    }

    /// The index right after a block's or call's name, evaluated.
    fn written_index<'s>(&mut self, rest: &'s [Step]) -> Option<Index<'s>> {
        match rest.split_first()? {
            (Step::Index(key, span), rest) => Some(Index { key: self.eval(key), span: *span, rest }),
            (Step::Attr(name), rest) if is_legacy_index(&name.text) => {
                Some(Index { key: legacy_key(&name.text), span: name.span, rest })
            }
            _ => None,
        }
    }
}

/// An evaluated index and the steps after it.
struct Index<'s> {
    key: Value,
    span: Span,
    rest: &'s [Step],
}

/// The fault of a key after a block or call that has neither `count` nor `for_each`.
fn key_of_single(whole: &Target, key: &Value, span: Span) -> Fault {
    let key = instance_key(key);
    let target = match (whole.clone(), key) {
        (Target::Block { mode, ty, name }, Some(key)) => Target::Instance { mode, ty, name, key },
        (Target::Module { call, .. }, key) => Target::Module { call, key },
        (whole, _) => whole,
    };
    lookup_fault(LookupError::NoInstance(vec![InstanceKey::None]), &target, span)
}

fn instance_key(key: &Value) -> Option<InstanceKey> {
    match key.kind() {
        Kind::Number(index) => index.to_u64().map(InstanceKey::Index),
        Kind::String(key) => Some(InstanceKey::Key(key.clone())),
        _ => None,
    }
}

/// An index converts as in all collections: `["0"]` finds instance 0, `[0]` finds the instance "0".
fn other_form(key: &InstanceKey) -> Option<InstanceKey> {
    match key {
        InstanceKey::Index(index) => Some(InstanceKey::Key(index.to_string().into())),
        InstanceKey::Key(key) => key.parse().ok().map(InstanceKey::Index),
        InstanceKey::None => None,
    }
}

fn legacy_key(digits: &str) -> Value {
    digits.parse::<mesh_value::Number>().map_or_else(|_| unknown(), Value::number)
}

/// Where a step stands.
pub(super) fn step_span(step: &Step) -> Span {
    match step {
        Step::Attr(name) => name.span,
        Step::Index(_, span) => *span,
        Step::Splat { steps, span, .. } => steps.last().map_or(*span, |last| span.to(step_span(last))),
    }
}
