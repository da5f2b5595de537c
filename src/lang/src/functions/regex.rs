//! Functions that search texts by regular expressions, in RE2 syntax.

use std::borrow::Cow;

use mesh_value::{Type, Value};
use regex::{Captures, Regex};

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
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
    .typed(result_type),
    Function::pure(
        "regexall",
        "All matches of a pattern, each as regex gives it.",
        &[PATTERN, STRING],
        Shape::Any,
        all,
    )
    .typed(|arguments| Type::list(result_type(arguments))),
    Function::pure(
        "replace",
        "A text with a part replaced everywhere; a part in slashes, \"/…/\", is a pattern.",
        &[STRING, whole("substring", Shape::String), whole("replacement", Shape::String)],
        Shape::String,
        replace,
    ),
];

/// What a pattern's groups make of a match.
enum Groups {
    None,
    Numbered,
    Named,
}

fn compile(arguments: &[Value]) -> Result<(Regex, Groups), Refusal> {
    let pattern = text(arguments, 0)?;
    let regex = compiled(pattern).map_err(|detail| Refusal::of(0, detail))?;
    let named = regex.capture_names().flatten().count();
    let groups = match regex.captures_len() - 1 {
        0 => Groups::None,
        _ if named == 0 => Groups::Numbered,
        count if named == count => Groups::Named,
        _ => return Err(Refusal::of(0, "either all groups have names or none")),
    };
    Ok((regex, groups))
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    // Ranges of Unicode classes aside, \d, \w, \s and \b mean ASCII in RE2.
    let pattern = ascii_classes(pattern);
    Regex::new(&pattern).map_err(|error| {
        let error = error.to_string();
        let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        format!("{pattern:?} is no regular expression: {reason}")
    })
}

/// The pattern with the classes that RE2 limits to ASCII limited so.
fn ascii_classes(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains('\\') {
        return Cow::Borrowed(pattern);
    }
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter != '\\' {
            continue;
        }
        let Some(class) = letters.next() else { break };
        match class {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' => {
                out.pop();
                out.push_str(match class {
                    'd' => "[0-9]",
                    'D' => "[^0-9]",
                    'w' => "[0-9A-Za-z_]",
                    'W' => "[^0-9A-Za-z_]",
                    's' => "[\\t\\n\\f\\r ]",
                    'S' => "[^\\t\\n\\f\\r ]",
                    _ => "(?-u:\\b)",
                });
            }
            _ => out.push(class),
        }
    }
    Cow::Owned(out)
}

fn result_type(arguments: &[Value]) -> Type {
    let Ok((regex, groups)) = compile(arguments) else { return Type::Any };
    match groups {
        Groups::None => Type::String,
        Groups::Numbered => Type::tuple((1..regex.captures_len()).map(|_| Type::String)),
        Groups::Named => Type::object(regex.capture_names().flatten().map(|name| (name, Type::String))),
    }
}

fn matched(regex: &Regex, groups: &Groups, found: &Captures<'_>) -> Value {
    let group = |group: Option<regex::Match<'_>>| match group {
        Some(group) => Value::string(group.as_str()),
        None => Value::null(Type::String),
    };
    match groups {
        Groups::None => group(found.get(0)),
        Groups::Numbered => Value::tuple(found.iter().skip(1).map(group)),
        Groups::Named => Value::object(regex.capture_names().flatten().map(|name| (name, group(found.name(name))))),
    }
}

fn first(arguments: &[Value]) -> Answer {
    let (regex, groups) = compile(arguments)?;
    match regex.captures(text(arguments, 1)?) {
        Some(found) => Ok(matched(&regex, &groups, &found)),
        None => {
            let refusal = Refusal::of(1, "the pattern matches nothing in it");
            Err(refusal.hint("Where that is possible, write try(regex(…), null) or length(regexall(…)) > 0."))
        }
    }
}

fn all(arguments: &[Value]) -> Answer {
    let (regex, groups) = compile(arguments)?;
    let found = regex.captures_iter(text(arguments, 1)?).map(|found| matched(&regex, &groups, &found));
    Ok(Value::list(result_type(arguments), found.collect()))
}

fn replace(arguments: &[Value]) -> Answer {
    let (whole, part, replacement) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
    if let Some(pattern) = part.strip_prefix('/').and_then(|part| part.strip_suffix('/'))
        && part.len() > 1
    {
        let regex = compiled(pattern).map_err(|detail| Refusal::of(1, detail))?;
        return Ok(Value::string(regex.replace_all(whole, replacement).into_owned()));
    }
    Ok(Value::string(whole.replace(part, replacement)))
}
