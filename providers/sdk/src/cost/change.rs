//! Changes a value at a dotted path, for the ways in which an object could cost less.

use std::convert::Infallible;

use mesh_value::{AttributePath, PathStep, Value};

/// An object with another value at a dotted path, `core_instance_group.instance_count`; the first of a list of blocks is
/// meant. The same object where there is no such attribute.
#[must_use]
pub fn with(object: &Value, path: &str, new: &Value) -> Value {
    let mut put = |at: &AttributePath, value: Value| {
        let value = if leads_to(at, path) { new.clone() } else { value };
        Ok::<_, Infallible>(value)
    };
    match object.transform(&mut put) {
        Ok(changed) => changed,
    }
}

/// Whether a path of a value is a dotted one.
fn leads_to(at: &AttributePath, path: &str) -> bool {
    let mut names = path.split('.').peekable();
    for step in at.steps() {
        match step {
            PathStep::Attr(name) | PathStep::Key(name) => {
                if names.next() != Some(name) {
                    return false;
                }
            }
            // The element of a list of blocks is meant only where more follows, and then the first.
            PathStep::Index(index) => {
                if *index > 0 || names.peek().is_none() {
                    return false;
                }
            }
        }
    }
    names.peek().is_none() && !matches!(at.steps().last(), None | Some(PathStep::Index(_)))
}

#[cfg(test)]
mod tests {
    use mesh_value::{from_plain_json, to_plain_json};
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_meant_changes() {
        let object =
            json!({ "size": 1, "group": { "size": 2 }, "blocks": [{ "size": 3 }, { "size": 4 }], "sizes": [5] });
        let value = from_plain_json(&object).unwrap();
        let changed = |path: &str| to_plain_json(&with(&value, path, &Value::number(9))).unwrap();
        let at = |pointer: &str| {
            let mut expected = object.clone();
            *expected.pointer_mut(pointer).unwrap() = json!(9);
            expected
        };
        assert_eq!(changed("size"), at("/size"));
        assert_eq!(changed("group.size"), at("/group/size"));
        assert_eq!(changed("blocks.size"), at("/blocks/0/size"));
        assert_eq!(changed("sizes"), at("/sizes"));
        assert_eq!(changed("nothing.size"), object);
    }
}
