//! Reading the fixed blocks of the language: takes known arguments and blocks out of a body, reports the rest.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::constant::evaluate_constant;
use mesh_lang::eval::{self, StaticReference};
use mesh_lang::syntax::{Attribute, Block, Body, Expr};
use mesh_value::{Type, Value};

use crate::module::CheckRule;

/// A body whose arguments and blocks are taken one by one; [`Reader::finish`] reports what nobody took.
pub struct Reader<'a> {
    body: &'a Body,
    what: &'static str,
    known_arguments: Vec<&'static str>,
    known_blocks: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Reads `body`, which messages call `what`: "a `variable` block".
    pub fn new(body: &'a Body, what: &'static str) -> Self {
        Self { body, what, known_arguments: Vec::new(), known_blocks: Vec::new() }
    }

    /// The argument of a name.
    pub fn argument(&mut self, name: &'static str) -> Option<&'a Attribute> {
        self.known_arguments.push(name);
        self.body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == name)
    }

    /// The nested blocks of a type.
    pub fn blocks(&mut self, kind: &'static str) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.known_blocks.push(kind);
        self.body.blocks.iter().filter(move |block| block.kind.text.as_ref() == kind)
    }

    /// The only nested block of a type; a second one is reported.
    pub fn single(&mut self, kind: &'static str, diagnostics: &mut Diagnostics) -> Option<&'a Block> {
        let what = self.what;
        let mut found = self.blocks(kind);
        let first = found.next();
        for more in found {
            diagnostics.push(
                Diagnostic::error("duplicate-block", "Block given twice", format!("{what} takes one `{kind}` block."))
                    .at(more.header),
            );
        }
        first
    }

    /// A literal string argument.
    pub fn text(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
        let attribute = self.argument(name)?;
        let value = constant(&attribute.expr, Some(&Type::String), name, diagnostics)?;
        value.as_str().map(Arc::from)
    }

    /// A literal bool argument.
    pub fn flag(&mut self, name: &'static str, diagnostics: &mut Diagnostics) -> Option<bool> {
        let attribute = self.argument(name)?;
        constant(&attribute.expr, Some(&Type::Bool), name, diagnostics)?.as_bool()
    }

    /// Reports every argument and block that was not asked for.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for attribute in &self.body.attributes {
            if !self.known_arguments.contains(&attribute.name.text.as_ref()) {
                let name = &attribute.name.text;
                let mut diagnostic = Diagnostic::error(
                    "unknown-argument",
                    "Unknown argument",
                    format!("{} has no argument `{name}`.", self.what),
                )
                .at(attribute.name.span);
                diagnostic = if self.known_blocks.contains(&name.as_ref()) {
                    diagnostic.hint(format!("`{name}` is a block: write `{name} {{ ... }}` without `=`."))
                } else {
                    diagnostic.suggest(name, self.known_arguments.iter().copied())
                };
                diagnostics.push(diagnostic);
            }
        }
        for block in &self.body.blocks {
            if !self.known_blocks.contains(&block.kind.text.as_ref()) {
                let kind = &block.kind.text;
                let mut diagnostic = Diagnostic::error(
                    "unknown-block",
                    "Unknown block",
                    format!("{} has no block `{kind}`.", self.what),
                )
                .at(block.kind.span);
                diagnostic = if self.known_arguments.contains(&kind.as_ref()) {
                    diagnostic.hint(format!("`{kind}` is an argument: write `{kind} = ...`."))
                } else {
                    diagnostic.suggest(kind, self.known_blocks.iter().copied())
                };
                diagnostics.push(diagnostic);
            }
        }
    }
}

/// The value of an expression that may not refer to anything.
pub fn constant(expr: &Expr, ty: Option<&Type>, what: &str, diagnostics: &mut Diagnostics) -> Option<Value> {
    let mut found = Diagnostics::default();
    let value = evaluate_constant(expr, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    if failed {
        return None;
    }
    let Some(ty) = ty else { return Some(value) };
    match mesh_value::convert(&value, ty) {
        Ok(value) if value.is_null() => None,
        Ok(value) => Some(value),
        Err(error) => {
            diagnostics.push(wrong_type(what, &error.to_string(), expr.span));
            None
        }
    }
}

/// What an expression refers to; what is wrong with it whatever its values is reported.
pub fn references(expr: &Expr, diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    eval::check(expr, diagnostics);
    eval::references(expr)
}

/// What the expressions in a nested block refer to, but for the iterators of `dynamic` blocks.
pub fn block_references(block: &Block, diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    let alone = Body { attributes: Vec::new(), blocks: vec![block.clone()], span: block.span };
    body_references(&alone, diagnostics)
}

/// What all expressions of a body refer to, but for the iterators of `dynamic` blocks.
pub fn body_references(body: &Body, diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    eval::check_body(body, diagnostics);
    eval::body_references(body)
}

/// What the expressions of checks refer to.
pub fn rule_references(rules: &[CheckRule], diagnostics: &mut Diagnostics) -> Vec<StaticReference> {
    let expressions = rules.iter().flat_map(|rule| [&rule.condition, &rule.error_message]);
    expressions.flat_map(|expr| references(expr, diagnostics)).collect()
}

/// The diagnostic for a value that an argument does not take.
pub fn wrong_type(what: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-type", "Wrong type", format!("`{what}` can't be this value: {why}.")).at(span)
}
