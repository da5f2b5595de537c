//! The functions of the language, in one table that serves evaluation, documentation and completion.

mod calendar;
mod charset;
mod collection;
mod compression;
mod conversion;
mod csv;
mod encoding;
mod fallible;
mod file;
mod float_math;
mod float_text;
mod format;
mod function;
mod glob;
mod hash;
mod hcl;
mod invoke;
mod letters;
mod net;
mod numeric;
mod price;
mod re2;
mod regex;
mod rsa_key;
mod secret;
mod sequence;
mod set;
mod template;
mod text;
mod time;
mod yaml;
mod yaml_decode;
mod yaml_encode;

use std::collections::HashMap;
use std::sync::LazyLock;

use mesh_diagnostics::{Diagnostic, nearest};

pub(crate) use function::{Argument, Run};
pub use function::{Function, Parameter, Shape};
pub(crate) use invoke::invoke;

use crate::eval::{Fault, fault};
use crate::syntax::{Call, ExprKind, Ident};

const TABLES: [&[Function]; 21] = [
    charset::FUNCTIONS,
    collection::FUNCTIONS,
    compression::FUNCTIONS,
    conversion::FUNCTIONS,
    encoding::FUNCTIONS,
    fallible::FUNCTIONS,
    file::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    hcl::FUNCTIONS,
    net::FUNCTIONS,
    numeric::FUNCTIONS,
    price::FUNCTIONS,
    regex::FUNCTIONS,
    secret::FUNCTIONS,
    sequence::FUNCTIONS,
    set::FUNCTIONS,
    template::FUNCTIONS,
    text::FUNCTIONS,
    time::FUNCTIONS,
    yaml::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Function>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter()).map(|function| (function.name, function)).collect());

/// All functions, sorted by name.
#[must_use]
pub fn all() -> Vec<&'static Function> {
    let mut all: Vec<_> = BY_NAME.values().copied().collect();
    all.sort_unstable_by_key(|function| function.name);
    all
}

/// The function of a name, with or without `core::` before it.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(name.strip_prefix("core::").unwrap_or(name)).copied()
}

/// The function that a call names, if it can take so many arguments.
///
/// # Errors
/// Where there is none, or the number of arguments is wrong.
pub(crate) fn check_call(call: &Call) -> Result<&'static Function, Fault> {
    let Some(function) = find(&call.name.text) else { return Err(no_function(&call.name)) };
    if let Some(written) = call.args.first().filter(|_| function.needs_reference)
        && !matches!(&written.kind, ExprKind::Variable(_))
        && !matches!(&written.kind, ExprKind::Traversal { root, .. } if matches!(root.kind, ExprKind::Variable(_)))
    {
        let detail = format!("The first argument of {function} must be a reference to a value from elsewhere.");
        let error = fault("invalid-argument", "Invalid function argument", detail);
        return Err(Box::new(error.at(written.span).hint("A template that is written in place needs no function.")));
    }
    let count = call.args.len();
    if !call.expand_last {
        check_count(function, count, &call.name)?;
    } else if function.variadic.is_none() && count > function.parameters.len() {
        // `...` may stand for no argument at all, but the others are there.
        check_count(function, count - 1, &call.name)?;
    }
    Ok(function)
}

/// Whether a function takes so many arguments.
///
/// # Errors
/// Where it doesn't, with its signature.
pub(crate) fn check_count(function: &Function, count: usize, name: &Ident) -> Result<(), Fault> {
    let most = function.parameters.len();
    let fewest = most - function.optional;
    if count >= fewest && (count <= most || function.variadic.is_some()) {
        return Ok(());
    }
    let arguments = if most == 1 { "argument" } else { "arguments" };
    let takes = match (most, function.variadic.is_some()) {
        (0, false) => "no arguments".to_owned(),
        (_, false) if fewest < most => format!("{fewest} to {most} arguments"),
        (_, false) => format!("{most} {arguments}"),
        (_, true) => format!("{most} {arguments} or more"),
    };
    let given = match count {
        0 => "none is given".to_owned(),
        1 => "1 is given".to_owned(),
        _ => format!("{count} are given"),
    };
    let mut detail = format!("{} takes {takes}, {given}: {function}.", function.name);
    if let Some(missing) = function.parameters.get(..fewest).and_then(|needed| needed.get(count)) {
        detail.push_str(&format!(" The argument {:?} is missing.", missing.name));
    }
    Err(Box::new(Diagnostic::error("wrong-argument-count", "Wrong number of arguments", detail).at(name.span)))
}

fn no_function(name: &Ident) -> Fault {
    let error = fault("unknown-function", "Unknown function", format!("There is no function {:?}.", name.text));
    let bare = name.text.rsplit("::").next().unwrap_or_default();
    let meant = nearest(bare, BY_NAME.keys().copied());
    Box::new(match meant {
        Some(meant) => error.at(name.span).hint(format!("Did you mean `{meant}`?")),
        None => error.at(name.span),
    })
}
