//! Functions that search texts by regular expressions, in RE2 syntax.

use mesh_value::{Type, Value};
use regex::Captures;

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::re2::{Pattern, expand};
use super::text::text;

const PATTERN: Parameter = whole("pattern", Shape::String);
const STRING: Parameter = whole("string", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "regex",
        "The first match of a pattern: its text, or a tuple or object of its groups.",
        &[PATTERN, STRING],
        Shape::Any,
        first,
    )
    .example(r#"regex("([a-z]+)-([0-9]+)", "orders-42")"#, r#"["orders", "42"]"#)
    .typed(result_type),
    Function::pure(
        "regexall",
        "All matches of a pattern, each as regex gives it.",
        &[PATTERN, STRING],
        Shape::List(&Shape::Any),
        all,
    )
    .example(r#"regexall("[0-9]+", "1 of 42")"#, r#"["1", "42"]"#)
    .typed(|arguments| Type::list(result_type(arguments))),
    Function::pure(
        "replace",
        "A text with a part replaced everywhere; a part in slashes, \"/…/\", is a pattern.",
        &[whole("str", Shape::String), whole("substr", Shape::String), whole("replace", Shape::String)],
        Shape::String,
        replace,
    )
    .example(r#"replace("orders-42", "/-([0-9]+)/", "_v$1")"#, r#""orders_v42""#),
];

/// What a pattern's groups make of a match.
enum Groups {
    None,
    Numbered,
    Named,
}

fn compile(arguments: &[Value]) -> Result<(Pattern, Groups), Refusal> {
    let pattern = Pattern::new(text(arguments, 0)?).map_err(|detail| Refusal::of(0, detail))?;
    let named = pattern.names.iter().flatten().count();
    let groups = match pattern.names.len() {
        0 => Groups::None,
        _ if named == 0 => Groups::Numbered,
        count if named == count => Groups::Named,
        _ => return Err(Refusal::of(0, "either all groups have names or none")),
    };
    Ok((pattern, groups))
}

fn result_type(arguments: &[Value]) -> Type {
    let Ok((pattern, groups)) = compile(arguments) else { return Type::Any };
    match groups {
        Groups::None => Type::String,
        Groups::Numbered => Type::tuple(pattern.names.iter().map(|_| Type::String)),
        Groups::Named => Type::object(pattern.names.into_iter().flatten().map(|name| (name, Type::String))),
    }
}

fn matched(pattern: &Pattern, groups: &Groups, found: &Captures<'_>) -> Value {
    let group = |group: Option<regex::Match<'_>>| match group {
        Some(group) => Value::string(group.as_str()),
        None => Value::null(Type::String),
    };
    match groups {
        Groups::None => group(found.get(0)),
        Groups::Numbered => Value::tuple(found.iter().skip(1).map(group)),
        // Of groups with one name the last counts.
        Groups::Named => {
            Value::object(pattern.names.iter().flatten().map(String::as_str).zip(found.iter().skip(1).map(group)))
        }
    }
}

fn first(arguments: &[Value]) -> Answer {
    let (pattern, groups) = compile(arguments)?;
    match pattern.regex.captures(text(arguments, 1)?) {
        Some(found) => Ok(matched(&pattern, &groups, &found)),
        None => {
            let refusal = Refusal::of(1, "the pattern matches nothing in it");
            Err(refusal.hint("Where that is possible, write try(regex(…), null) or length(regexall(…)) > 0."))
        }
    }
}

fn all(arguments: &[Value]) -> Answer {
    let (pattern, groups) = compile(arguments)?;
    let found = pattern.regex.captures_iter(text(arguments, 1)?).map(|found| matched(&pattern, &groups, &found));
    Ok(Value::list(result_type(arguments), found.collect()))
}

fn replace(arguments: &[Value]) -> Answer {
    let (whole, part, replacement) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    if let Some(pattern) = part.strip_prefix('/').and_then(|part| part.strip_suffix('/'))
        && part.len() > 1
    {
        let pattern = Pattern::new(pattern).map_err(|detail| Refusal::of(1, detail))?;
        let mut out = String::new();
        let mut end = 0;
        for found in pattern.regex.captures_iter(whole) {
            let Some(all) = found.get(0) else { continue };
            out.push_str(whole.get(end..all.start()).unwrap_or_default());
            expand(&pattern, &found, replacement, &mut out);
            end = all.end();
        }
        out.push_str(whole.get(end..).unwrap_or_default());
        return Ok(Value::string(out));
    }
    Ok(Value::string(whole.replace(part, replacement)))
}
