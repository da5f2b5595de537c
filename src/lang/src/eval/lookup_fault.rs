//! What to tell where a reference has no value.

use mesh_diagnostics::{Diagnostic, Span};
use mesh_value::{InstanceKey, Mode};

use super::evaluator::{Fault, fault};
use super::referent::probable_root;
use super::scope::{LookupError, Target};
use mesh_diagnostics::nearest;

/// Keys listed in a message at most.
const MOST_KEYS: usize = 8;

/// The diagnostic for a lookup that failed.
pub(super) fn lookup_fault(error: LookupError, target: &Target, span: Span) -> Fault {
    match error {
        LookupError::Undeclared(candidates) => undeclared(target, &candidates, span),
        LookupError::NoInstance(keys) => Box::new(no_instance(target, &keys).at(span)),
        LookupError::NotHere(explanation) => {
            let detail = format!("{} can't be used here: {explanation}", written(target));
            Box::new(fault("reference-not-here", "Reference not possible here", detail).at(span))
        }
        LookupError::Other(mut diagnostic) => {
            diagnostic.subject.get_or_insert(span);
            diagnostic
        }
        LookupError::Failed => {
            let detail = format!("{} has no value because of another error.", written(target));
            Box::new(fault("unknown-reference", "Reference without a value", detail).at(span))
        }
    }
}

/// What stands for a target in messages: as one writes it.
pub(super) fn written(target: &Target) -> String {
    match target {
        Target::Variable(name) => format!("var.{name}"),
        Target::Local(name) => format!("local.{name}"),
        Target::Instance { mode, ty, name, key } => format!("{}{ty}.{name}{key}", prefix(*mode)),
        Target::Block { mode, ty, name } => format!("{}{ty}.{name}", prefix(*mode)),
        Target::ModuleOutput { call, key, output } => format!("module.{call}{key}.{output}"),
        Target::Module { call, key } => {
            format!("module.{call}{}", key.as_ref().map(InstanceKey::to_string).unwrap_or_default())
        }
        Target::Product(name) => format!("data_product.{name}"),
        Target::Each(name) => format!("each.{name}"),
        Target::CountIndex => "count.index".to_owned(),
        Target::Path(name) => format!("path.{name}"),
        Target::Workspace => "mesh.workspace".to_owned(),
        Target::Applying => "mesh.applying".to_owned(),
        Target::Itself => "self".to_owned(),
    }
}

const fn prefix(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "",
        Mode::Data => "data.",
    }
}

fn undeclared(target: &Target, candidates: &[String], span: Span) -> Fault {
    let name = written(target);
    let detail = match target {
        Target::Variable(_) => format!("{name} is not declared: this module has no such input variable."),
        Target::Local(_) => format!("{name} is not declared: this module has no such local value."),
        Target::Module { call, .. } => format!("module.{call} is not declared: this module has no such module call."),
        Target::ModuleOutput { call, output, .. } if is_declared(&format!("module.{call}"), candidates) => {
            format!("The module that is called as module.{call} has no output {output:?}.")
        }
        Target::ModuleOutput { call, .. } => {
            format!("module.{call} is not declared: this module has no such module call.")
        }
        Target::Instance { mode: Mode::Data, .. } | Target::Block { mode: Mode::Data, .. } => {
            format!("{} is not declared: this module has no such data source.", without_key(target))
        }
        Target::Instance { .. } | Target::Block { .. } => {
            format!("{} is not declared: this module has no such resource.", without_key(target))
        }
        Target::Product(_) => format!("{name} is not declared: this module has no such data product."),
        Target::Each(_)
        | Target::CountIndex
        | Target::Path(_)
        | Target::Workspace
        | Target::Applying
        | Target::Itself => {
            format!("{name} has no value here.")
        }
    };
    let error = fault("unknown-reference", "Reference to something undeclared", detail).at(span);
    let error = match meant(&without_key(target), candidates) {
        Some(meant) => error.hint(format!("Did you mean `{meant}`?")),
        None => with_way_out(error, target, candidates),
    };
    Box::new(error)
}

/// Whether something is among the candidates, itself or by what it holds.
fn is_declared(name: &str, candidates: &[String]) -> bool {
    candidates
        .iter()
        .filter_map(|candidate| candidate.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The candidate that was probably meant: first among those that differ in the last name alone, so that what they have
/// in common doesn't make all of them look alike.
fn meant(name: &str, candidates: &[String]) -> Option<String> {
    let (before, last) = name.rsplit_once('.')?;
    let siblings =
        candidates.iter().filter_map(|candidate| candidate.rsplit_once('.')).filter(|(start, _)| *start == before);
    if let Some(sibling) = nearest(last, siblings.map(|(_, last)| last)) {
        return Some(format!("{before}.{sibling}"));
    }
    let others = candidates.iter().filter_map(|candidate| candidate.rsplit_once('.')).filter(|(_, end)| *end == last);
    nearest(before, others.map(|(start, _)| start)).map(|start| format!("{start}.{last}"))
}

fn with_way_out(error: Diagnostic, target: &Target, candidates: &[String]) -> Diagnostic {
    match target {
        Target::Variable(name) => error.hint(format!("Declare it with: variable {name:?} {{}}")),
        Target::Instance { mode: Mode::Managed, ty, name, .. } | Target::Block { mode: Mode::Managed, ty, name } => {
            let data = format!("data.{ty}.{name}");
            match probable_root(ty) {
                Some(root) => error.hint(format!("Did you mean `{root}.{name}`?")),
                None if candidates.contains(&data) => error.hint(format!("Did you mean `{data}`?")),
                None => error,
            }
        }
        _ => error,
    }
}

fn without_key(target: &Target) -> String {
    let written = written(target);
    match target {
        Target::Instance { key, .. } => written.strip_suffix(&key.to_string()).unwrap_or(&written).to_owned(),
        _ => written,
    }
}

fn no_instance(target: &Target, keys: &[InstanceKey]) -> Diagnostic {
    let (whole, key) = match target {
        Target::Instance { key, .. } => (without_key(target), key.clone()),
        Target::ModuleOutput { call, key, .. } => (format!("module.{call}"), key.clone()),
        Target::Module { call, key } => (format!("module.{call}"), key.clone().unwrap_or(InstanceKey::None)),
        _ => (written(target), InstanceKey::None),
    };
    let summary = "No such instance";
    let code = "no-such-instance";
    if key == InstanceKey::None {
        let way = if matches!(keys.first(), Some(InstanceKey::Key(_))) { "for_each" } else { "count" };
        let detail = format!("{whole} has {way}, so that it is not one object: the instance must be chosen.");
        let one = keys.first().unwrap_or(&InstanceKey::Index(0));
        let all = if way == "count" { format!("{whole}[*]") } else { format!("values({whole})[*]") };
        let error = Diagnostic::error(code, summary, detail);
        return error.hint(format!("Write {whole}{one} for one of them, or {all} for all."));
    }
    let there_is = match keys {
        [] => "it has no instances".to_owned(),
        [InstanceKey::None] => "it has neither count nor for_each".to_owned(),
        [InstanceKey::Index(_), ..] => match keys.len() {
            1 => "its count is 1, so the only valid index is 0".to_owned(),
            count => format!("its count is {count}, so valid indexes are 0 to {}", count - 1),
        },
        _ => {
            let listed: Vec<_> = keys.iter().take(MOST_KEYS).map(key_text).collect();
            let more = if keys.len() > MOST_KEYS { ", …" } else { "" };
            format!("its for_each has the keys {}{more}", listed.join(", "))
        }
    };
    let error = Diagnostic::error(code, summary, format!("{whole} has no instance {}: {there_is}.", key_text(&key)));
    if keys == [InstanceKey::None] {
        return error.hint(format!("Drop the key: write {whole}."));
    }
    if let InstanceKey::Key(wanted) = &key {
        let names =
            keys.iter().filter_map(|key| if let InstanceKey::Key(key) = key { Some(key.as_ref()) } else { None });
        if let Some(meant) = nearest(wanted, names) {
            return error.hint(format!("Did you mean `{whole}[{meant:?}]`?"));
        }
    }
    error
}

fn key_text(key: &InstanceKey) -> String {
    key.to_string().trim_matches(['[', ']']).to_owned()
}
