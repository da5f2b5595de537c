//! What reports say about a change in words, the same in every form.

use mesh_plan::{Action, Change, CheckStatus, DeferReason, Plan, PlanMode, Reason, Summary, Vertex};
use mesh_value::{InstanceKey, Mode};

use crate::text::{counted, grouped};

/// `local_bucket.landing must be replaced`, with a deposed object's key.
pub(crate) fn sentence(change: &Change) -> String {
    let address = &change.address;
    if let (Action::NoOp, Some(previous)) = (change.action, &change.previous) {
        return format!("{previous} has moved to {address}");
    }
    let deposed = change.deposed.as_ref().map(|key| format!(" (deposed object {key})")).unwrap_or_default();
    format!("{address}{deposed} {}", predicate(change))
}

fn predicate(change: &Change) -> &'static str {
    match (change.action, &change.reason) {
        (Action::NoOp, _) if change.importing.is_some() => "will be imported",
        (Action::NoOp, _) => "does not change",
        (Action::Create, _) => "will be created",
        (Action::Read, _) => "will be read during apply",
        (Action::Update, _) => "will be updated in place",
        (Action::Replace(_), Some(Reason::Tainted)) => "is tainted, so must be replaced",
        (Action::Replace(_), Some(Reason::Requested)) => "will be replaced, as requested",
        (Action::Replace(_), Some(Reason::Triggered { .. })) => "will be replaced",
        (Action::Replace(_), _) => "must be replaced",
        (Action::Delete, _) => "will be destroyed",
        (Action::Forget, _) => "will no longer be managed by mesh, but stays as it is",
    }
}

/// What stands after the address in a sentence that begins with it.
pub(crate) fn rest(change: &Change) -> String {
    match (change.action, &change.previous) {
        (Action::NoOp, Some(previous)) => format!(" has moved here from {previous}"),
        _ => sentence(change).strip_prefix(&change.address.to_string()).unwrap_or_default().to_owned(),
    }
}

/// What the second lines of a heading say: `(because ...)`, `(moved from ...)`.
pub(crate) fn remarks(change: &Change) -> Vec<String> {
    let moved = change.previous.as_ref().filter(|_| change.action != Action::NoOp);
    let moved = moved.map(|previous| format!("(moved from {previous})"));
    let imported = change.importing.as_ref().filter(|_| change.action != Action::NoOp).map(|id| match id.as_str() {
        Some(id) if !change.importing.as_ref().is_some_and(|id| id.marks().is_sensitive()) => {
            format!("(imported from {id:?})")
        }
        _ => "(imported)".to_owned(),
    });
    let destroys = change.importing.is_some() && change.action.destroys();
    let warning = destroys.then(|| "Warning: this destroys the imported object".to_owned());
    because(change).into_iter().chain(moved).chain(imported).chain(warning).collect()
}

/// Why, where the values don't say it: `(because ...)`.
fn because(change: &Change) -> Option<String> {
    let address = &change.address;
    if change.action == Action::Forget {
        return Some("(because its `removed` block says `destroy = false`)".to_owned());
    }
    let text = match change.reason.as_ref()? {
        Reason::Tainted => "(because its creation did not finish)".to_owned(),
        Reason::Requested | Reason::CannotUpdate | Reason::Destroying => return None,
        Reason::Triggered { by } => format!("(because {by} changes, which `replace_triggered_by` names)"),
        Reason::NotInConfiguration => match &change.previous {
            Some(previous) => format!("(because {previous} was moved to {address}, which is not in the configuration)"),
            None => format!("(because {} is not in the configuration)", address.block),
        },
        Reason::NoSuchInstance => match &address.key {
            InstanceKey::None => format!("(because {} now has `count` or `for_each`)", address.block),
            InstanceKey::Index(_) => format!("(because `count` gives no instance {} any more)", address.key),
            InstanceKey::Key(_) => format!("(because `for_each` has no key {} any more)", address.key),
        },
        Reason::Disabled { module: None } => "(because its `enabled` is false)".to_owned(),
        Reason::Disabled { module: Some(module) } => format!("(because `enabled` of {module} is false)"),
        Reason::NoModule { module } => format!("(because {module} is not called any more)"),
        Reason::Deposed => "(an earlier replacement left it behind)".to_owned(),
        Reason::ConfigurationUnknown => "(because its configuration is known after apply)".to_owned(),
        Reason::DependencyPending => "(because it depends on something that changes)".to_owned(),
    };
    Some(text)
}

/// `resource "local_bucket" "landing"`
pub(crate) fn block_header(change: &mesh_value::InstanceAddress) -> String {
    let keyword = match change.block.mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
    };
    format!("{keyword} \"{}\" \"{}\"", change.block.ty, change.block.name)
}

/// Why a block waits: `how many instances it has is known after apply`.
pub(crate) const fn deferred(reason: DeferReason) -> &'static str {
    match reason {
        DeferReason::InstancesUnknown => "which instances it has is known after apply",
        DeferReason::DependencyDeferred => "it reads what is itself decided during apply",
        DeferReason::ProviderUnknown => "its provider's configuration is known after apply",
        DeferReason::ImportUnknown => "the id that it is imported by is known after apply",
        DeferReason::ConfigurationUnknown => "its provider can't plan it before more is known",
    }
}

/// The `check` blocks that fail or are not decided yet: whether it fails, its address, and what is said of it.
pub(crate) fn open_checks(plan: &Plan) -> Vec<(bool, String, String)> {
    let blocks = plan.checks.iter().filter(|check| matches!(check.of, Vertex::Check(..)));
    blocks
        .filter_map(|check| match check.status {
            CheckStatus::Holds => None,
            CheckStatus::Undecided => Some((false, check.of.to_string(), "known after apply".to_owned())),
            CheckStatus::Fails => Some((true, check.of.to_string(), check.problems.join(" "))),
        })
        .collect()
}

/// `3 to add, 1 to change, 0 to destroy`
pub(crate) fn counts(summary: &Summary) -> String {
    let Summary { create, update, delete, forget, import, .. } = summary;
    let mut text =
        format!("{} to add, {} to change, {} to destroy", grouped(*create), grouped(*update), grouped(*delete));
    if *import > 0 {
        text = format!("{} to import, {text}", grouped(*import));
    }
    if *forget > 0 {
        text.push_str(&format!(", {} to forget", grouped(*forget)));
    }
    text
}

/// The line that ends a plan with changes.
pub(crate) fn closing(plan: &Plan) -> String {
    let mut text = format!("Plan: {}.", counts(&plan.summary()));
    let deferred = plan.deferred.len();
    if deferred > 0 {
        let verb = if deferred == 1 { "is" } else { "are" };
        text.push_str(&format!(" {} {verb} decided during apply.", counted(deferred, "block")));
    }
    text
}

/// What is said where there is nothing to do: a headline and an explanation.
pub(crate) const fn no_changes(mode: PlanMode, has_drift: bool) -> (&'static str, &'static str) {
    match (mode, has_drift) {
        (PlanMode::Normal, false) => (
            "No changes. Your infrastructure matches the configuration.",
            "mesh compared what is there with the configuration and found no differences, so there is nothing to do.",
        ),
        (PlanMode::Normal, true) => (
            "No changes. Your infrastructure still matches the configuration.",
            "What was changed outside of mesh does not contradict the configuration. `mesh apply --refresh-only` takes \
             it over into the state.",
        ),
        (PlanMode::Destroy, _) => ("No changes. There is nothing to destroy.", "The state has no objects."),
        (PlanMode::RefreshOnly, _) => (
            "No changes. Your infrastructure still matches the state.",
            "mesh compared what is there with the state and found no differences.",
        ),
    }
}
