//! What to write instead of what people are used to from Terraform and its providers, where mesh has no such thing.

use crate::missing_provider::NAMESAKE;

/// Providers of the public registry, each with the way to do here what they are mostly used for.
const PROVIDERS: [(&str, &str); 9] = [
    ("archive", "A `local_job` can run `tar` or `zip`, again whenever its `triggers` change."),
    ("external", "The data source `local_command` runs a program and reads the JSON object that it prints."),
    ("http", "The data source `local_command` can run a program that fetches, and prints a JSON object."),
    (NAMESAKE, "mesh's own `local` is the local platform: files are `local_object` in a `local_bucket`."),
    (
        "null",
        "For a `null_resource`, write `terraform_data`, whose `triggers_replace` is what `triggers` was. To run a \
         program, use a `local_job`.",
    ),
    (
        "random",
        "To make a value once and keep it, write `terraform_data` with `input = uuid()` and `ignore_changes = [input]`. \
         A secret comes in through a variable.",
    ),
    ("template", "For a `template_file`, call the function `templatefile`."),
    (
        "time",
        "To keep the time of a creation, write `terraform_data` with `input = timestamp()` and `ignore_changes = \
         [input]`.",
    ),
    ("tls", "A `local_job` can run `openssl`. A key that must not be stored comes in through an `ephemeral` variable."),
];

/// Resource types and data sources of a provider that mesh has, but not with these.
const TYPES: [(&str, &str); 1] = [(
    "terraform_remote_state",
    "No other state is read. The data source `local_command` can run `mesh -C DIRECTORY output --json`, or a variable \
     brings the value in.",
)];

/// Blocks in `terraform { }`.
const SETTINGS: [(&str, &str); 3] = [
    (
        "backend",
        "The state lives in `.mesh/` beside the configuration, and nothing needs to say so: take the block out.",
    ),
    ("cloud", "Plans and applies run here, and the state lives in `.mesh/`: take the block out."),
    ("provider_meta", "No provider of mesh takes any: take the block out."),
];

/// What to use in place of a provider that this build does not have.
pub fn of_provider(name: &str) -> Option<&'static str> {
    find(&PROVIDERS, name)
}

/// What to use in place of a resource type or data source that its provider does not have here.
pub fn of_type(ty: &str) -> Option<&'static str> {
    find(&TYPES, ty)
}

/// The blocks of `terraform { }` that have no effect here, each with what to do.
pub fn settings() -> impl Iterator<Item = (&'static str, &'static str)> {
    SETTINGS.into_iter()
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, hint)| *hint)
}
