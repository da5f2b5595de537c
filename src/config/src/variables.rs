//! Values for the root module's variables: where they were given, and which one counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use mesh_lang::constant::evaluate_constant;
use mesh_lang::syntax::{self, Body, Shape};
use mesh_value::{Type, Value};

use crate::block::wrong_type;
use crate::module::{Module, Variable};

/// Where a value was given; a later variant wins over an earlier one, and later of the same over earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `MESH_VAR_name`, or `TF_VAR_name`.
    Environment(String),
    /// `mesh.auto.vars`, `terraform.tfvars` and the like, found beside the configuration.
    AutoFile(PathBuf),
    /// `-var-file` or `-var`, in the order given.
    CommandLine(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(out, "environment variable {name}"),
            Self::AutoFile(path) => write!(out, "{}", path.display()),
            Self::CommandLine(option) => out.write_str(option),
        }
    }
}

/// A value as it was given.
#[derive(Clone, Debug)]
pub enum InputValue {
    /// Text: taken as it is where the variable is a string, else as an expression.
    Text(String),
    /// A value from a file, with its place.
    Parsed(Value, Option<Span>),
}

/// All values given for a run; what is added later wins.
#[derive(Clone, Debug, Default)]
pub struct InputValues {
    given: BTreeMap<Arc<str>, (InputValue, Origin)>,
}

impl InputValues {
    /// Adds a value given as text.
    pub fn text(&mut self, name: &str, text: String, origin: Origin) {
        self.given.insert(name.into(), (InputValue::Text(text), origin));
    }

    /// Adds a value that already is one.
    pub fn value(&mut self, name: &str, value: Value, origin: Origin) {
        self.given.insert(name.into(), (InputValue::Parsed(value, None), origin));
    }

    /// Adds every `name = value` of a file in HCL.
    pub fn file(
        &mut self,
        path: PathBuf,
        text: &str,
        origin: &Origin,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let id = sources.add(path, text);
        let (body, problems) = syntax::parse(text, id);
        diagnostics.extend(problems);
        self.body(&body, origin, diagnostics);
    }

    /// Adds every member of a file that holds a JSON object. Its texts are taken as they are.
    pub fn json_file(
        &mut self,
        path: PathBuf,
        text: &str,
        origin: &Origin,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let id = sources.add(path, text);
        let (body, problems) = syntax::parse_json(text, id, &Shape::CONSTANTS);
        diagnostics.extend(problems);
        self.body(&body, origin, diagnostics);
    }

    fn body(&mut self, body: &Body, origin: &Origin, diagnostics: &mut Diagnostics) {
        for block in &body.blocks {
            diagnostics.push(
                Diagnostic::error(
                    "block-in-variables-file",
                    "Block in a variables file",
                    "A variables file holds only `name = value`.",
                )
                .at(block.header)
                .hint("A `variable` block declares a variable; it belongs into a configuration file."),
            );
        }
        for attribute in &body.attributes {
            let value = evaluate_constant(&attribute.expr, diagnostics);
            let given = InputValue::Parsed(value, Some(attribute.expr.span));
            self.given.insert(attribute.name.text.clone(), (given, origin.clone()));
        }
    }

    /// Leaves the values that are missing open: they are not known, and nothing is reported. For what only looks.
    pub fn leave_missing_open(&mut self, root: &Module) {
        for variable in root.variables.values() {
            if variable.default.is_none() && !self.given.contains_key(&variable.name) {
                let origin = Origin::Environment(String::new());
                self.value(&variable.name, Value::unknown(variable.ty.ty.without_optional()), origin);
            }
        }
    }

    /// The value of every variable of the root module. Missing and unfit values are reported; such a variable is left
    /// out. A value for a variable that is not declared is an error from the command line, a warning from a file and
    /// nothing from the environment.
    pub fn resolve(
        &self,
        root: &Module,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<Arc<str>, Value> {
        self.report_undeclared(root, diagnostics);
        let mut values = BTreeMap::new();
        for variable in root.variables.values() {
            let value = match (self.given.get(&variable.name), &variable.default) {
                (Some((given, origin)), _) => fit(variable, given, origin, sources, diagnostics),
                (None, Some(default)) => Some(default.clone()),
                (None, None) => {
                    diagnostics.push(missing(variable));
                    None
                }
            };
            if let Some(value) = value {
                values.insert(variable.name.clone(), value);
            }
        }
        values
    }

    /// The ephemeral variables of the root module that are given a value. A plan that is saved keeps their names.
    pub fn given_ephemeral(&self, root: &Module) -> BTreeSet<Arc<str>> {
        let given =
            root.variables.values().filter(|variable| variable.ephemeral && self.given.contains_key(&variable.name));
        given.map(|variable| variable.name.clone()).collect()
    }

    /// The values with which a saved plan is applied: those that it was made with, and again those of the ephemeral
    /// variables in `ephemeral`, which no plan holds. Another value for one that the plan has is an error.
    pub fn resolve_again(
        &self,
        root: &Module,
        planned: &BTreeMap<Arc<str>, Value>,
        ephemeral: &BTreeSet<Arc<str>>,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<Arc<str>, Value> {
        self.report_undeclared(root, diagnostics);
        let mut values = planned.clone();
        for variable in root.variables.values() {
            let name = &variable.name;
            let given = self.given.get(name);
            let is_asked = given.is_some_and(|(_, origin)| matches!(origin, Origin::CommandLine(_)));
            match given {
                Some((given, origin)) if ephemeral.contains(name) => {
                    values
                        .extend(fit(variable, given, origin, sources, diagnostics).map(|value| (name.clone(), value)));
                }
                None if ephemeral.contains(name) => diagnostics.push(missing_again(variable)),
                Some((_, origin)) if variable.ephemeral && is_asked => {
                    let detail = format!("{origin} gives a value for `{name}`, which had none when the plan was made.");
                    diagnostics.push(planned_otherwise(variable, detail));
                }
                _ if variable.ephemeral => values.extend(variable.default.clone().map(|value| (name.clone(), value))),
                Some((given, origin)) if is_asked => {
                    let now = fit(variable, given, origin, sources, diagnostics);
                    let before = planned.get(name).map(Value::without_marks_deep);
                    if now.is_some_and(|now| before.is_none_or(|before| !before.same(&now))) {
                        let detail = format!("{origin} gives `{name}` another value than the plan was made with.");
                        diagnostics.push(planned_otherwise(variable, detail));
                    }
                }
                _ => {}
            }
        }
        values
    }

    fn report_undeclared(&self, root: &Module, diagnostics: &mut Diagnostics) {
        for (name, (value, origin)) in &self.given {
            if root.variables.contains_key(name) {
                continue;
            }
            let detail = format!("{origin} gives a value for `{name}`, which the root module doesn't declare.");
            let diagnostic = match origin {
                Origin::Environment(_) => continue,
                Origin::AutoFile(_) => {
                    Diagnostic::warning("undeclared-variable", "Value for an undeclared variable", detail)
                }
                Origin::CommandLine(_) => {
                    Diagnostic::error("undeclared-variable", "Value for an undeclared variable", detail)
                }
            };
            let diagnostic = match value {
                InputValue::Parsed(_, Some(span)) => diagnostic.at(*span),
                _ => diagnostic,
            };
            diagnostics.push(diagnostic.suggest(name, root.variables.keys().map(AsRef::as_ref)));
        }
    }
}

fn missing(variable: &Variable) -> Diagnostic {
    let name = &variable.name;
    Diagnostic::error(
        "missing-variable",
        "No value for a required variable",
        format!("The root module's variable `{name}` has no default, and no value was given."),
    )
    .at(variable.span)
    .hint(format!("Give one with `-var {name}=...`, in `mesh.auto.vars`, or in the environment as MESH_VAR_{name}."))
}

fn missing_again(variable: &Variable) -> Diagnostic {
    let name = &variable.name;
    let detail = format!(
        "Variable `{name}` is ephemeral, so the plan does not hold the value that it was made with, and none is given now."
    );
    Diagnostic::error("missing-variable", "No value for an ephemeral variable", detail)
        .at(variable.span)
        .hint(format!("Give it again: `--var {name}=...`, or MESH_VAR_{name} in the environment."))
}

fn planned_otherwise(variable: &Variable, detail: String) -> Diagnostic {
    Diagnostic::error("variable-of-plan", "Variable of a saved plan", detail)
        .at(variable.span)
        .hint("A saved plan is applied with the values that it was made with: make a new one.")
}

/// The value that is given, as the variable's type has it. What is wrong with a sensitive one is told without showing it.
fn fit(
    variable: &Variable,
    given: &InputValue,
    origin: &Origin,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    if !variable.sensitive && !variable.ephemeral {
        return fit_openly(variable, given, origin, sources, diagnostics);
    }
    let mut found = Diagnostics::default();
    let value = fit_openly(variable, given, origin, &mut SourceMap::default(), &mut found);
    if found.has_errors() {
        let mark = if variable.sensitive { "sensitive" } else { "ephemeral" };
        let why = format!("it does not fit the variable's type, and is not shown because the variable is {mark}");
        diagnostics.push(unfit(variable, origin, &why, None));
    }
    value
}

fn fit_openly(
    variable: &Variable,
    given: &InputValue,
    origin: &Origin,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let (value, span) = match given {
        InputValue::Parsed(value, span) => (value.clone(), *span),
        InputValue::Text(text) if takes_text_as_it_is(&variable.ty.ty) => (Value::string(text.as_str()), None),
        InputValue::Text(text) => {
            let id =
                sources.add(PathBuf::from(format!("<value for var.{} from {origin}>", variable.name)), text.as_str());
            let (expr, problems) = syntax::parse_expression(text, id);
            let failed = problems.has_errors();
            diagnostics.extend(problems);
            if failed {
                return None;
            }
            (evaluate_constant(&expr, diagnostics), Some(expr.span))
        }
    };
    if value.is_null() && !variable.nullable {
        return variable.default.clone().or_else(|| {
            diagnostics.push(unfit(variable, origin, "null is not allowed (`nullable = false`)", span));
            None
        });
    }
    match variable.ty.convert(&value) {
        Ok(value) => Some(value),
        Err(error) => {
            diagnostics.push(unfit(variable, origin, &error.to_string(), span));
            None
        }
    }
}

fn takes_text_as_it_is(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Number | Type::Bool | Type::Any)
}

fn unfit(variable: &Variable, origin: &Origin, why: &str, span: Option<Span>) -> Diagnostic {
    let name = format!("var.{}", variable.name);
    wrong_type(&name, why, span.unwrap_or(variable.span))
        .hint(format!("The value comes from {origin}; the variable's type is {}.", variable.ty.ty))
}
