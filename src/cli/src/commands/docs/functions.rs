//! `mesh docs functions` and `mesh docs function NAME`: the table of functions as text and as JSON.

use mesh_diagnostics::Diagnostic;
use mesh_diagnostics::render::wrap::wrap;
use mesh_lang::functions::{self, Function, Parameter};
use serde_json::{Map, Value as Json, json};

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Where meanings begin in the list.
const COLUMN: usize = 36;

/// Prints every function in a line or two; with `--json` in the form of `terraform metadata functions -json`.
pub(super) fn list(terminal: &Terminal) {
    let all = functions::all();
    if terminal.json {
        let signatures: Map<_, _> =
            all.iter().map(|function| (function.name.to_owned(), signature(function))).collect();
        terminal.print_json(&json!({ "format_version": "1.0", "function_signatures": signatures }));
        return;
    }
    let width = terminal.style().width;
    let mut lines = Vec::new();
    for function in all {
        let signature = function.to_string();
        let mut meaning = wrap(function.doc, width.saturating_sub(COLUMN).max(COLUMN)).into_iter();
        // A long signature stands alone.
        let first = if signature.len() + 1 < COLUMN { meaning.next() } else { None };
        lines.push(format!("{signature:COLUMN$}{}", first.unwrap_or_default()).trim_end().to_owned());
        lines.extend(meaning.map(|line| format!("{:COLUMN$}{line}", "")));
    }
    terminal.print(&lines.join("\n"));
}

/// Prints one function with its parameters.
///
/// # Errors
/// Where there is none of that name.
pub(super) fn describe(name: &str, terminal: &Terminal) -> Result<(), Failure> {
    let Some(function) = functions::find(name) else {
        let error =
            Diagnostic::error("unknown-function", "Unknown function", format!("There is no function {name:?}."));
        let names: Vec<_> = functions::all().iter().map(|function| function.name).collect();
        return Err(error.suggest(name, names).into());
    };
    if terminal.json {
        terminal.print_json(&signature(function));
        return Ok(());
    }
    let mut lines = vec![function.to_string(), String::new()];
    lines.extend(wrap(function.doc, terminal.style().width));
    lines.push(String::new());
    let parameters: Vec<_> = parameters(function).collect();
    let width = parameters.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
    lines.extend(parameters.iter().map(|(label, parameter)| {
        let null = if parameter.nullable { " or null" } else { "" };
        format!("  {label:width$}  {}{null}", parameter.shape.ty())
    }));
    if !parameters.is_empty() {
        lines.push(String::new());
    }
    let (call, result) = function.example;
    lines.push(format!("Result: {}", function.returns.ty()));
    lines.extend([String::new(), "Example:".to_owned(), format!("  > {call}"), format!("  {result}")]);
    if !function.is_repeatable {
        lines.extend([String::new(), "Each call may answer something else.".to_owned()]);
    }
    terminal.print(&lines.join("\n"));
    Ok(())
}

/// The parameters, each with its name as a signature has it: `key`, `[default]`, `maps...`.
fn parameters(function: &Function) -> impl Iterator<Item = (String, &Parameter)> {
    let required = function.parameters.len() - function.optional;
    let label = move |(index, parameter): (usize, &'static Parameter)| {
        let name = if index < required { parameter.name.to_owned() } else { format!("[{}]", parameter.name) };
        (name, parameter)
    };
    let fixed = function.fixed().iter().enumerate().map(label);
    fixed.chain(function.variadic.iter().map(|parameter| (format!("{}...", parameter.name), parameter)))
}

fn signature(function: &Function) -> Json {
    let mut signature = Map::new();
    signature.insert("description".to_owned(), function.doc.into());
    signature.insert("return_type".to_owned(), json!(function.returns.ty()));
    // A parameter that may be left out has no other form there.
    let (required, optional) = function.fixed().split_at(function.fixed().len() - function.optional);
    if !required.is_empty() {
        signature.insert("parameters".to_owned(), required.iter().map(parameter_json).collect());
    }
    if let Some(variadic) = function.variadic.as_ref().or(optional.first()) {
        signature.insert("variadic_parameter".to_owned(), parameter_json(variadic));
    }
    signature.into()
}

fn parameter_json(parameter: &Parameter) -> Json {
    let mut json = Map::new();
    json.insert("name".to_owned(), parameter.name.into());
    json.insert("type".to_owned(), json!(parameter.shape.ty()));
    if parameter.nullable {
        json.insert("is_nullable".to_owned(), true.into());
    }
    json.into()
}
