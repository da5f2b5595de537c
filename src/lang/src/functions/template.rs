//! `templatefile` and `templatestring`: texts with values in them, from outside of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::{FileId, SourceMap, Span, nearest};
use mesh_value::{Marks, Type, Value, convert};
use unicode_ident::{is_xid_continue, is_xid_start};

use super::collection::entries;
use super::file::read_text;
use super::function::{Answer, Function, Parameter, Refusal, Shape, outer, whole};
use super::text::text;
use crate::eval::{Environment, Evaluator, LookupError, Scope, Target, Visit, walk};
use crate::syntax::{Expr, Step, parse_template};

/// How deep templates may call templates.
const MOST_DEPTH: usize = 32;

const VARS: Parameter = outer("vars", Shape::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::template(
        "templatefile",
        "The text of a template file with the given variables. A template that is one interpolation and nothing else \
         gives its value as it is.",
        &[whole("path", Shape::String), VARS],
        Shape::Any,
        |evaluator, arguments| {
            let template = read_text(evaluator.environment(), arguments)?;
            let value = render(evaluator, text(arguments, 0)?, &template, arguments)?;
            if value.is_null() { Err(Refusal::of(0, "the template gives null")) } else { Ok(value) }
        },
    )
    .example(
        r#"templatefile("files/list.tpl", { zones = ["eu", "us"], owner = "ann" })"#,
        r#""zone eu\nzone us\nby ann\n""#,
    ),
    Function::template(
        "templatestring",
        "The text of a template with the given variables. The template is a reference to a value from elsewhere, such \
         as an attribute of a data source; one that is written in place needs no function.",
        &[whole("template", Shape::String), VARS],
        Shape::String,
        |evaluator, arguments| {
            let value = render(evaluator, "the template", text(arguments, 0)?, arguments)?;
            if value.is_null() {
                return Err(Refusal::of(0, "the template gives null, not a text"));
            }
            convert(&value, &Type::String)
                .map_err(|error| Refusal::of(0, format!("the template gives no text: {error}")))
        },
    )
    .example(r#"templatestring(local.greeting, { name = "ann" })"#, r#""Hello, ann""#)
    .of_reference(),
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
    if evaluator.template_depth() == MOST_DEPTH {
        return Err(format!("templates call each other more than {MOST_DEPTH} levels deep").into());
    }
    let vars: Vec<(Arc<str>, Value)> = entries(arguments, 1)?.to_vec();
    if let Some((name, _)) = vars.iter().find(|(name, _)| !is_name(name)) {
        let refusal = Refusal::of(1, format!("{name:?} can't be the name of a variable"));
        return Err(refusal.hint("A name starts with a letter and goes on with letters, digits, _ and -."));
    }
    let marks = vars.iter().fold(Marks::NONE, |marks, (_, value)| marks | value.deep_marks());
    let mut sources = SourceMap::default();
    let file = sources.add(name, template);
    let (expr, mut diagnostics) = parse_template(template, file);
    let mut value = Value::string("");
    if !diagnostics.has_errors() {
        all_are_given(&expr, &vars, &sources, file)?;
        let outside = Outside(evaluator.environment());
        let mut inner = Evaluator::of_template(&outside, vars, evaluator.template_depth() + 1);
        value = inner.eval(&expr);
        diagnostics = inner.into_diagnostics();
    }
    let Some(error) = diagnostics.into_iter().next() else { return Ok(value.with_marks(marks)) };
    let place = error.subject.map(|span| place(&sources, file, span.start)).unwrap_or_default();
    let refusal = Refusal::of(0, format!("{place}{}", error.detail.trim_end_matches('.')));
    Err(match error.hints.into_iter().next() {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(is_xid_start) && name.chars().all(|letter| letter == '-' || is_xid_continue(letter))
}

/// The variables that a template uses, whatever their values, and where first.
#[derive(Default)]
struct Used(BTreeMap<Arc<str>, Span>);

impl Visit for Used {
    fn reference(&mut self, root: &Arc<str>, root_span: Span, _: &[Step], _: Span) {
        self.0.entry(root.clone()).or_insert(root_span);
    }
}

fn all_are_given(
    template: &Expr,
    vars: &[(Arc<str>, Value)],
    sources: &SourceMap,
    file: FileId,
) -> Result<(), Refusal> {
    let mut used = Used::default();
    walk(template, &mut Vec::new(), &mut used);
    used.0.retain(|name, _| !vars.iter().any(|(given, _)| given == name));
    let missing: Vec<_> =
        used.0.iter().map(|(name, span)| format!("{name:?} ({})", position(sources, file, span.start))).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::of(1, format!("it lacks what the template uses: {}", missing.join(", ")));
    let given = || vars.iter().map(|(given, _)| given.as_ref());
    if let Some(meant) = used.0.keys().find_map(|name| nearest(name, given())) {
        return Err(refusal.hint(format!("Did you mean `{meant}`?")));
    }
    Err(refusal.hint("A template sees only the variables that are given to it; $${ stands for ${ itself."))
}

/// `a.tpl, line 3: `
fn place(sources: &SourceMap, file: FileId, offset: u32) -> String {
    format!("{}: ", position(sources, file, offset))
}

/// `a.tpl, line 3`
fn position(sources: &SourceMap, file: FileId, offset: u32) -> String {
    sources
        .get(file)
        .map(|source| format!("{}, line {}", source.path.display(), source.position(offset).line))
        .unwrap_or_default()
}
