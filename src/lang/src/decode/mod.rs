//! Decoding: a block of configuration and a schema give a value of the schema's type, each error at its place.

mod blocks;
mod check;
mod dynamic;
mod spans;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::{BlockSchema, Type, Value, convert};

pub use check::check;
pub use spans::span_of;

use crate::eval::{Read, Scope, evaluate_with};
use crate::syntax::{Body, Expr};

/// What decoding a block answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// A value of the schema's implied type. Where an error was reported, a value that is not known stands instead.
    pub value: Value,
    /// Everything that was read for it, sorted and without repetition.
    pub reads: Vec<Read>,
}

/// Evaluates a block into a value of its schema's type. Arguments that are left out are null: defaults are the
/// engine's affair. Names in `skip` are meta-arguments and meta-blocks, which are not the schema's. What [`check`]
/// reports is not reported again.
pub fn body(
    body: &Body,
    schema: &BlockSchema,
    scope: &dyn Scope,
    skip: &[&str],
    diagnostics: &mut Diagnostics,
) -> Decoded {
    let mut decoder =
        Decoder { scope, names: Vec::new(), reads: BTreeSet::new(), reported: HashSet::new(), diagnostics };
    let value = decoder.content(body, schema, skip);
    Decoded { value, reads: decoder.reads.into_iter().collect() }
}

/// One decoding under way.
struct Decoder<'a> {
    scope: &'a dyn Scope,
    /// The iterators of the `dynamic` blocks around, innermost last.
    names: Vec<(Arc<str>, Value)>,
    reads: BTreeSet<Read>,
    /// What was reported: an error in a `dynamic` block's content is told once, not for each element.
    reported: HashSet<(&'static str, Option<Span>)>,
    diagnostics: &'a mut Diagnostics,
}

impl Decoder<'_> {
    /// The object that a block's content makes.
    fn content(&mut self, body: &Body, schema: &BlockSchema, skip: &[&str]) -> Value {
        let content = &*body.by_schema(schema, skip);
        let mut fields: Vec<(Arc<str>, Value)> = Vec::with_capacity(schema.attributes.len() + schema.blocks.len());
        for attribute in &schema.attributes {
            let is_skipped = skip.contains(&attribute.name.as_ref());
            let written = content.attributes.iter().find(|written| written.name.text == attribute.name);
            let value = match written {
                Some(written) if !is_skipped && attribute.mode.is_configurable() => {
                    self.attribute(&written.expr, &attribute.name, &attribute.ty)
                }
                _ => Value::null(attribute.ty.without_optional()),
            };
            fields.push((attribute.name.clone(), value));
        }
        for nested in &schema.blocks {
            let written = if skip.contains(&nested.name.as_ref()) { &[] } else { &content.blocks[..] };
            fields.push((nested.name.clone(), self.nested(written, nested, content.span)));
        }
        Value::object(fields)
    }

    /// The value of an argument in its type.
    fn attribute(&mut self, expr: &Expr, name: &str, ty: &Type) -> Value {
        let value = self.eval(expr);
        convert(&value, ty).unwrap_or_else(|error| {
            let at = spans::inside(expr, error.path.steps());
            let detail = format!("The value of the argument {name:?} does not fit: {error}.");
            let diagnostic = Diagnostic::error("invalid-argument-value", "Invalid value for an argument", detail);
            let shown = crate::eval::evaluated(expr, self.scope, &self.names);
            self.report(Diagnostic { values: shown, ..diagnostic.at(at).within(expr.span) });
            Value::unknown(ty.without_optional())
        })
    }

    fn eval(&mut self, expr: &Expr) -> Value {
        let mut diagnostics = Diagnostics::default();
        let evaluation = evaluate_with(expr, self.scope, &self.names, &mut diagnostics);
        diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
        self.reads.extend(evaluation.reads);
        evaluation.value
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported.insert((diagnostic.code, diagnostic.subject)) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn error(&mut self, code: &'static str, summary: &'static str, detail: String, span: Span) {
        self.report(Diagnostic::error(code, summary, detail).at(span));
    }
}
