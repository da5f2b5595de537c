//! Objects by module, as states and planned values have them.

use std::collections::BTreeMap;

use mesh_value::{InstanceAddress, Marks, ModulePath, Value};
use serde_json::{Map, Value as Json, json};

use super::{identity, value};

/// One object.
pub(super) struct Object<'a> {
    pub(super) address: &'a InstanceAddress,
    pub(super) deposed: Option<&'a str>,
    pub(super) provider: &'a str,
    pub(super) value: &'a Value,
    /// What it was or will be: what is sensitive there is taken out here too.
    pub(super) other: Option<&'a Value>,
    pub(super) tainted: bool,
}

impl<'a> Object<'a> {
    pub(super) const fn new(
        address: &'a InstanceAddress,
        provider: &'a str,
        value: &'a Value,
        other: &'a Value,
    ) -> Self {
        Self { address, deposed: None, provider, value, other: Some(other), tainted: false }
    }

    fn to_json(&self) -> Json {
        let mut entry = identity(self.address);
        entry.remove("module_address");
        entry.insert("provider_name".into(), self.provider.into());
        entry.insert("values".into(), value::plain(self.value, self.other));
        entry.insert("sensitive_values".into(), value::sensitive(self.value, self.other));
        if let Some(deposed) = self.deposed {
            entry.insert("deposed_key".into(), deposed.into());
        }
        if self.tainted {
            entry.insert("tainted".into(), true.into());
        }
        Json::Object(entry)
    }
}

/// `{outputs, root_module: {resources, child_modules}}`; modules nest as they call each other.
pub(super) fn values<'a>(objects: Vec<Object<'_>>, outputs: impl Iterator<Item = (&'a str, &'a Value, bool)>) -> Json {
    let mut modules: BTreeMap<ModulePath, Vec<Json>> = BTreeMap::from([(ModulePath::root(), Vec::new())]);
    for object in objects {
        let module = &object.address.block.module;
        if !modules.contains_key(module) {
            // A module without objects of its own still holds the ones below.
            let mut missing = Some(module.clone());
            while let Some(path) = missing.filter(|path| !modules.contains_key(path)) {
                missing = path.parent();
                modules.insert(path, Vec::new());
            }
        }
        modules.entry(module.clone()).or_default().push(object.to_json());
    }
    // Paths sort after their prefixes, so taken from the end every module is complete when its caller takes it in.
    let mut children: BTreeMap<ModulePath, Vec<Json>> = BTreeMap::new();
    let mut root = Json::Object(Map::new());
    while let Some((path, resources)) = modules.pop_last() {
        let mut module = Map::new();
        if !path.is_root() {
            module.insert("address".into(), path.to_string().into());
        }
        if !resources.is_empty() {
            module.insert("resources".into(), resources.into());
        }
        if let Some(mut inner) = children.remove(&path) {
            inner.reverse();
            module.insert("child_modules".into(), inner.into());
        }
        match path.parent() {
            Some(parent) => children.entry(parent).or_default().push(Json::Object(module)),
            None => root = Json::Object(module),
        }
    }
    let outputs: Map<String, Json> = outputs
        .map(|(name, value, is_sensitive)| {
            let marked = if is_sensitive { value.clone().with_marks(Marks::SENSITIVE) } else { value.clone() };
            (name.to_owned(), output(&marked, is_sensitive))
        })
        .collect();
    json!({"outputs": outputs, "root_module": root})
}

/// `{sensitive, type, value}`
pub(super) fn output(value: &Value, is_sensitive: bool) -> Json {
    json!({"sensitive": is_sensitive, "type": value::type_json(&value.ty()), "value": value::plain(value, None)})
}
