//! Changes of objects, outputs and data products.

use mesh_plan::{Action, Change, Drift, OutputChange, ProductChange, Reason, ReplaceOrder};
use mesh_product::Descriptor;
use mesh_value::{InstanceKey, Marks, Type, Value};
use serde_json::{Map, Value as Json, json};

use super::{identity, value};

pub(super) fn resource(change: &Change) -> Json {
    let mut entry = identity(&change.address);
    if let Some(previous) = &change.previous {
        entry.insert("previous_address".into(), previous.to_string().into());
    }
    entry.insert("provider_name".into(), change.provider.as_ref().into());
    if let Some(deposed) = &change.deposed {
        entry.insert("deposed".into(), deposed.as_ref().into());
    }
    let mut body = sides(change.action, &change.before, &change.after);
    if !change.requires_replace.is_empty() {
        body.insert("replace_paths".into(), change.requires_replace.iter().map(value::path).collect());
    }
    if let Some(id) = &change.importing {
        body.insert("importing".into(), json!({ "id": value::plain(id, None) }));
    }
    entry.insert("change".into(), Json::Object(body));
    if let Some(reason) = reason(change) {
        entry.insert("action_reason".into(), reason.into());
    }
    Json::Object(entry)
}

pub(super) fn drift(drift: &Drift) -> Json {
    let action = if drift.after.is_null() { Action::Delete } else { Action::Update };
    let mut entry = identity(&drift.address);
    entry.insert("change".into(), Json::Object(sides(action, &drift.before, &drift.after)));
    Json::Object(entry)
}

pub(super) fn output(output: &OutputChange) -> (String, Json) {
    let action = match (&output.before, &output.after) {
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Delete,
        (before, after) if before == after => Action::NoOp,
        _ => Action::Update,
    };
    let marked = |value: &Option<Value>| {
        let value = value.clone().unwrap_or_else(|| Value::null(Type::Any));
        if output.sensitive { value.with_marks(Marks::SENSITIVE) } else { value }
    };
    (output.name.as_ref().to_owned(), Json::Object(sides(action, &marked(&output.before), &marked(&output.after))))
}

pub(super) fn product(product: &ProductChange) -> Json {
    let name = product.address.rsplit('.').next().unwrap_or_default();
    let descriptor = |value: &Value| {
        let descriptor = Descriptor::from_value(name, value).ok()?;
        serde_json::to_value(descriptor).ok()
    };
    json!({
        "id": product.id,
        "address": product.address,
        "actions": actions(product.action),
        "before": descriptor(&product.before),
        "after": descriptor(&product.after),
    })
}

fn sides(action: Action, before: &Value, after: &Value) -> Map<String, Json> {
    Map::from_iter([
        ("actions".into(), actions(action)),
        ("before".into(), value::plain(before, Some(after))),
        ("after".into(), value::plain(after, Some(before))),
        ("after_unknown".into(), value::unknown(after)),
        ("before_sensitive".into(), value::sensitive(before, Some(after))),
        ("after_sensitive".into(), value::sensitive(after, Some(before))),
    ])
}

fn actions(action: Action) -> Json {
    match action {
        Action::NoOp => json!(["no-op"]),
        Action::Create => json!(["create"]),
        Action::Read => json!(["read"]),
        Action::Update => json!(["update"]),
        Action::Replace(ReplaceOrder::DestroyBeforeCreate) => json!(["delete", "create"]),
        Action::Replace(ReplaceOrder::CreateBeforeDestroy) => json!(["create", "delete"]),
        Action::Delete => json!(["delete"]),
        Action::Forget => json!(["forget"]),
    }
}

/// The field's words; `None` where it has none because the action says enough.
fn reason(change: &Change) -> Option<&'static str> {
    Some(match change.reason.as_ref()? {
        Reason::Tainted => "replace_because_tainted",
        Reason::Requested => "replace_by_request",
        Reason::CannotUpdate => "replace_because_cannot_update",
        Reason::Triggered { .. } => "replace_by_triggers",
        Reason::NotInConfiguration if change.previous.is_some() => "delete_because_no_move_target",
        Reason::NotInConfiguration => "delete_because_no_resource_config",
        Reason::NoSuchInstance => match change.address.key {
            InstanceKey::None => "delete_because_wrong_repetition",
            InstanceKey::Index(_) => "delete_because_count_index",
            InstanceKey::Key(_) => "delete_because_each_key",
        },
        Reason::Disabled { .. } => "delete_because_no_instance",
        Reason::NoModule { .. } => "delete_because_no_module",
        Reason::ConfigurationUnknown => "read_because_config_unknown",
        Reason::DependencyPending => "read_because_dependency_pending",
        Reason::Destroying | Reason::Deposed => return None,
    })
}
