//! What must hold in a descriptor beyond the types of its parts.

use std::collections::{BTreeSet, HashMap};

use mesh_diagnostics::{Diagnostic, nearest};
use mesh_value::{AttributePath, PathStep};

use crate::{Descriptor, Late, OutputPort};

/// A problem and the attribute that it is about, from the block's body: the caller knows its span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Such as `.output[0].schema.column[2].type`.
    pub path: AttributePath,
    /// Without a place.
    pub diagnostic: Diagnostic,
}

/// Adds every rule that the descriptor breaks.
pub(crate) fn check(descriptor: &Descriptor, problems: &mut Vec<Problem>) {
    let root = AttributePath::default();
    check_name(&root.join(attr("domain")), "The domain", &descriptor.domain, problems);
    if let Late::Known(owner) = &descriptor.owner
        && owner.trim().is_empty()
    {
        let detail = "Every data product has an owner: the team that answers for it. This one's is empty.";
        push(
            problems,
            root.join(attr("owner")),
            Diagnostic::error("no-owner", "Data product without an owner", detail),
        );
    }
    let outputs = root.join(attr("output"));
    let names = descriptor.outputs.iter().map(|port| port.name.as_str());
    check_unique(&outputs, "port", names, problems);
    for (index, port) in descriptor.outputs.iter().enumerate() {
        check_port(&outputs.join(PathStep::Index(index)), port, problems);
    }
    let inputs = root.join(attr("input"));
    check_unique(&inputs, "input", descriptor.inputs.iter().map(|input| input.name.as_str()), problems);
    for (index, input) in descriptor.inputs.iter().enumerate() {
        let path = inputs.join(PathStep::Index(index));
        check_name(&path.join(attr("name")), "An input's name", &input.name, problems);
        if let Late::Known(port) = &input.port
            && !is_port_address(port)
        {
            let detail = format!("`{port}` is no port's id. An id is `domain.product/port@version`.");
            push(
                problems,
                path.join(attr("port")),
                Diagnostic::error("invalid-port", "Invalid port", detail)
                    .hint("Write it such as `sales.orders/raw@1.0.0`, or refer to `data_product.other.ports.name`."),
            );
        }
    }
}

/// The inputs that read a port which is not among the known ones, given as `domain.product/port@version`.
#[must_use]
pub fn check_inputs(descriptor: &Descriptor, known: &BTreeSet<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, input) in descriptor.inputs.iter().enumerate() {
        let Late::Known(port) = &input.port else { continue };
        if !is_port_address(port) || known.contains(port) {
            continue;
        }
        let path = AttributePath::attr("input").join(PathStep::Index(index)).join(attr("port"));
        let unversioned = port.split('@').next().unwrap_or(port);
        let other_version = known.iter().rev().find(|address| address.split('@').next() == Some(unversioned));
        let diagnostic = match other_version {
            Some(offered) => Diagnostic::error(
                "unknown-port",
                "Unknown port",
                format!("No data product offers `{port}`; what there is of this port is `{offered}`."),
            ),
            None => {
                let detail = format!("No data product offers `{port}`.");
                let diagnostic = Diagnostic::error("unknown-port", "Unknown port", detail);
                match nearest(port, known.iter().map(String::as_str)) {
                    Some(meant) => diagnostic.hint(format!("Did you mean `{meant}`?")),
                    None => diagnostic.hint("`mesh product list` shows the products that there are."),
                }
            }
        };
        problems.push(Problem { path, diagnostic });
    }
    problems
}

fn check_port(path: &AttributePath, port: &OutputPort, problems: &mut Vec<Problem>) {
    check_name(&path.join(attr("name")), "A port's name", &port.name, problems);
    let schema = path.join(attr("schema"));
    let columns = schema.join(attr("column"));
    check_unique(&columns, "column", port.columns.iter().map(|column| column.name.as_str()), problems);
    let mut seen = BTreeSet::new();
    for (index, name) in port.primary_key.iter().enumerate() {
        let place = schema.join(attr("primary_key")).join(PathStep::Index(index));
        if !seen.insert(name) {
            let detail = format!("The primary key names column `{name}` twice.");
            push(problems, place, Diagnostic::error("duplicate-key-column", "Column given twice", detail));
            continue;
        }
        match port.columns.iter().position(|column| column.name == *name) {
            None => {
                let detail =
                    format!("The primary key names column `{name}`, which port `{}` does not have.", port.name);
                let diagnostic = Diagnostic::error("unknown-key-column", "Unknown column in the primary key", detail);
                push(problems, place, diagnostic.suggest(name, port.columns.iter().map(|column| column.name.as_str())));
            }
            Some(column) if port.columns.get(column).is_some_and(|column| !column.required) => {
                let detail = format!(
                    "Column `{name}` is part of the primary key of port `{}`, so every row must have a value in it.",
                    port.name
                );
                push(
                    problems,
                    place,
                    Diagnostic::error("optional-key-column", "Optional column in the primary key", detail)
                        .hint(format!("Add `required = true` to column `{name}`.")),
                );
            }
            Some(_) => {}
        }
    }
}

/// Names stand in ids and addresses, between dots, slashes and at signs.
fn check_name(path: &AttributePath, what: &str, name: &str, problems: &mut Vec<Problem>) {
    if !is_name(name) {
        let detail = format!(
            "{what} is `{name}`. It stands in ids such as `domain.product/port@1.0.0`, so it takes letters, digits, `_` \
             and `-`, and starts with a letter."
        );
        push(problems, path.clone(), Diagnostic::error("invalid-name", "Invalid name", detail));
    }
}

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
}

fn is_port_address(text: &str) -> bool {
    let parts = || {
        let (product, rest) = text.split_once('/')?;
        let (domain, name) = product.split_once('.')?;
        let (port, version) = rest.split_once('@')?;
        Some([domain, name, port].into_iter().all(is_name) && semver::Version::parse(version).is_ok())
    };
    parts().unwrap_or(false)
}

fn check_unique<'a>(
    path: &AttributePath,
    what: &'static str,
    names: impl Iterator<Item = &'a str>,
    problems: &mut Vec<Problem>,
) {
    let mut seen = HashMap::new();
    for (index, name) in names.enumerate() {
        if let Some(first) = seen.insert(name, index) {
            let detail = format!("The {} {what} is named `{name}` too. Each has a name of its own.", nth(first));
            let place = path.join(PathStep::Index(index)).join(attr("name"));
            push(problems, place, Diagnostic::error("duplicate-name", "Name given twice", detail));
        }
    }
}

fn nth(index: usize) -> String {
    let number = index + 1;
    let suffix = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

fn attr(name: &'static str) -> PathStep {
    PathStep::Attr(name.into())
}

fn push(problems: &mut Vec<Problem>, path: AttributePath, diagnostic: Diagnostic) {
    problems.push(Problem { path, diagnostic });
}
