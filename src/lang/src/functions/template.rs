//! `templatefile` and `templatestring`: texts with values in them, from outside of the configuration.

use std::sync::Arc;

use mesh_diagnostics::{FileId, SourceMap};
use mesh_value::{Type, Value, convert};

use super::collection::entries;
use super::file::read_text;
use super::function::{Answer, Function, Parameter, Refusal, Shape, outer, whole};
use super::text::text;
use crate::eval::{Environment, Evaluator, LookupError, Scope, Target};
use crate::syntax::parse_template;

const VARS: Parameter = outer("vars", Shape::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::template(
        "templatefile",
        "The text of a template file with the given variables.",
        &[whole("path", Shape::String), VARS],
        |evaluator, arguments| {
            let template = read_text(evaluator.environment(), arguments)?;
            render(evaluator, text(arguments, 0)?, &template, arguments)
        },
    ),
    Function::template(
        "templatestring",
        "The text of a template, which is itself a value, with the given variables.",
        &[whole("template", Shape::String), VARS],
        |evaluator, arguments| render(evaluator, "template", text(arguments, 0)?, arguments),
    ),
];

/// What a template can refer to: nothing but its variables.
struct Outside<'a>(&'a dyn Environment);

impl Scope for Outside<'_> {
    fn lookup(&self, _: &Target) -> Result<Value, LookupError> {
        Err(LookupError::NotHere("a template sees only the variables that are given to it.".to_owned()))
    }

    fn environment(&self) -> &dyn Environment {
        self.0
    }
}

fn render(evaluator: &mut Evaluator<'_>, name: &str, template: &str, arguments: &[Value]) -> Answer {
    let vars: Vec<(Arc<str>, Value)> = entries(arguments, 1)?.to_vec();
    let mut sources = SourceMap::default();
    let file = sources.add(name, template);
    let (expr, mut diagnostics) = parse_template(template, file);
    let mut value = Value::string("");
    if !diagnostics.has_errors() {
        let outside = Outside(evaluator.environment());
        let mut inner = Evaluator::of_template(&outside, vars);
        value = inner.eval(&expr);
        diagnostics = inner.into_diagnostics();
    }
    let Some(error) = diagnostics.into_iter().next() else {
        return convert(&value, &Type::String)
            .map_err(|error| Refusal::of(0, format!("the template gives no text: {error}")));
    };
    let place = error.subject.map(|span| place(&sources, file, span.start)).unwrap_or_default();
    let refusal = Refusal::of(0, format!("{place}{}", error.detail.trim_end_matches('.')));
    Err(match error.hints.into_iter().next() {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    })
}

/// `a.tpl, line 3: `
fn place(sources: &SourceMap, file: FileId, offset: u32) -> String {
    sources
        .get(file)
        .map(|source| format!("{}, line {}: ", source.path.display(), source.position(offset).line))
        .unwrap_or_default()
}
