//! `variable`, `locals` and `output` blocks.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::eval;
use mesh_lang::syntax::{Block, Expr};
use mesh_value::TypeConstraint;

use super::repetition::depends_on;
use crate::block::{Reader, constant, references, rule_references, wrong_type};
use crate::module::{CheckRule, Local, Output, Variable};

/// Names that a module call's own arguments take.
const RESERVED_VARIABLES: [&str; 8] =
    ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

pub fn variable(block: &Block, diagnostics: &mut Diagnostics) -> Variable {
    let name = block.labels[0].text.clone();
    if RESERVED_VARIABLES.contains(&name.as_ref()) {
        diagnostics.push(
            Diagnostic::error(
                "reserved-name",
                "Reserved name",
                format!("`{name}` is an argument of every `module` block, so a variable can't have this name."),
            )
            .at(block.labels[0].span),
        );
    }
    let mut reader = Reader::new(&block.body, "A `variable` block");
    let ty = reader.argument("type").map_or_else(TypeConstraint::any, |attribute| {
        eval::type_constraint(&attribute.expr).unwrap_or_else(|problems| {
            diagnostics.extend(problems);
            TypeConstraint::any()
        })
    });
    let [written_type, written_default] =
        ["type", "default"].map(|name| reader.argument(name).map(|attribute| attribute.expr.span));
    let nullable = reader.flag("nullable", diagnostics).unwrap_or(true);
    let default = reader.argument("default").and_then(|attribute| {
        let value = constant(&attribute.expr, None, "default", diagnostics)?;
        if value.is_null() && !nullable {
            let why = "the variable is declared with `nullable = false`";
            diagnostics.push(wrong_type("default", why, attribute.expr.span));
            return None;
        }
        match ty.convert(&value) {
            Ok(value) => Some(value),
            Err(error) => {
                diagnostics.push(
                    wrong_type("default", &error.to_string(), attribute.expr.span)
                        .hint(format!("The variable's type is {}.", ty.ty)),
                );
                None
            }
        }
    });
    let description = reader.text("description", diagnostics);
    let sensitive = reader.flag("sensitive", diagnostics).unwrap_or(false);
    let ephemeral = reader.flag("ephemeral", diagnostics).unwrap_or(false);
    let validations = rules(&mut reader, "validation", diagnostics);
    reader.finish(diagnostics);
    let references = rule_references(&validations, diagnostics);
    Variable {
        name,
        ty,
        written_type,
        default,
        written_default,
        description,
        sensitive,
        ephemeral,
        nullable,
        validations,
        references,
        span: block.header,
    }
}

pub fn locals(block: &Block, diagnostics: &mut Diagnostics) -> Vec<Local> {
    for nested in &block.body.blocks {
        diagnostics.push(
            Diagnostic::error("unknown-block", "Unknown block", "A `locals` block takes only `name = value`.")
                .at(nested.header),
        );
    }
    let locals = block.body.attributes.iter();
    locals
        .map(|attribute| Local {
            name: attribute.name.text.clone(),
            references: references(&attribute.expr, diagnostics),
            expr: attribute.expr.clone(),
            span: attribute.name.span,
        })
        .collect()
}

pub fn output(block: &Block, diagnostics: &mut Diagnostics) -> Option<Output> {
    let mut reader = Reader::new(&block.body, "An `output` block");
    let value = reader.argument("value");
    let description = reader.text("description", diagnostics);
    let sensitive = reader.flag("sensitive", diagnostics).unwrap_or(false);
    let ephemeral = reader.flag("ephemeral", diagnostics).unwrap_or(false);
    let depends_on = depends_on(&mut reader, diagnostics);
    let preconditions = rules(&mut reader, "precondition", diagnostics);
    reader.finish(diagnostics);
    let Some(value) = value else {
        diagnostics.push(missing_argument("value", "An `output` block").at(block.header));
        return None;
    };
    let name: Arc<str> = block.labels[0].text.clone();
    let expr = value.expr.clone();
    let mut references = references(&expr, diagnostics);
    references.extend(rule_references(&preconditions, diagnostics));
    references.extend(depends_on.iter().cloned());
    Some(Output {
        name,
        expr,
        description,
        sensitive,
        ephemeral,
        depends_on,
        preconditions,
        references,
        span: block.header,
    })
}

/// `condition` and `error_message` blocks of one kind.
pub fn rules(reader: &mut Reader<'_>, kind: &'static str, diagnostics: &mut Diagnostics) -> Vec<CheckRule> {
    let mut rules = Vec::new();
    for block in reader.blocks(kind) {
        let mut rule = Reader::new(&block.body, "A check");
        let condition = rule.argument("condition");
        let error_message = rule.argument("error_message");
        rule.finish(diagnostics);
        match (condition, error_message) {
            (Some(condition), Some(message)) => {
                refers_to_something(&condition.expr, kind, diagnostics);
                rules.push(CheckRule {
                    condition: condition.expr.clone(),
                    error_message: message.expr.clone(),
                    span: block.header,
                });
            }
            (condition, message) => {
                for (name, _) in
                    [("condition", condition), ("error_message", message)].iter().filter(|(_, a)| a.is_none())
                {
                    diagnostics.push(missing_argument(name, "A check").at(block.header));
                }
            }
        }
    }
    rules
}

/// Reports a condition that comes out the same whatever there is.
fn refers_to_something(condition: &Expr, kind: &str, diagnostics: &mut Diagnostics) {
    let mut wrong = Diagnostics::default();
    eval::check(condition, &mut wrong);
    if wrong.is_empty() && eval::references(condition).is_empty() {
        let detail = format!("This {kind} refers to nothing, so it always comes out the same and checks nothing.");
        diagnostics.push(
            Diagnostic::error("invalid-condition", "Invalid condition", detail)
                .at(condition.span)
                .hint("Refer to what is checked: a variable, `self`, another object."),
        );
    }
}

/// The diagnostic for a required argument that is not there.
pub fn missing_argument(name: &str, what: &str) -> Diagnostic {
    Diagnostic::error("missing-argument", "Missing argument", format!("{what} needs the argument `{name}`."))
}
