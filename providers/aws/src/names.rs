//! Names of things: the written one or one that is made, and what is said of those that are taken or not there.

use mesh_provider::{Computed, Failure};

/// The name of an object: the one written, or one that only the create with this token makes.
pub(crate) fn chosen(written: &Computed<String>, prefix: Option<&str>, token: &str) -> String {
    written.known().cloned().unwrap_or_else(|| {
        let unique = token.get(..20).unwrap_or(token);
        format!("{}{unique}", prefix.unwrap_or("mesh-"))
    })
}

/// Somebody else has the name. `id` is what an object is imported by: "its name".
pub(crate) fn taken(what: &str, name: &str, id: &str) -> Failure {
    let detail = format!(
        "There is a {what} `{name}` already, which this configuration did not make. Choose another name, or take it over \
         with an `import` block: its import id is {id}."
    );
    Failure::new("Exists already", detail)
}

/// It was made, and is gone before it was finished.
pub(crate) fn vanished(what: &str, name: &str) -> Failure {
    let detail = format!("The {what} `{name}` was made a moment ago and is not there any more. Run it again.");
    Failure::new("Vanished while it was made", detail)
}

/// There is nothing under an import id.
pub(crate) fn nothing_to_import(what: &str, id: &str, form: &str) -> Failure {
    let detail = format!("There is no {what} `{id}` in this account and region. The import id of a {what} is {form}.");
    Failure::new("Nothing to import", detail)
}
