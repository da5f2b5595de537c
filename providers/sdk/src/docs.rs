//! A provider's reference page, written from its schema alone, so that the page can't disagree with the provider.

use std::fmt::Write as _;

use mesh_value::{AttributeMode, AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, to_plain_json};

use crate::ProviderSchema;
use crate::cost::UsageParameter;

/// The reference page of the provider `name` in Markdown: its block, its resource types, its data sources.
#[must_use]
pub fn markdown(name: &str, schema: &ProviderSchema) -> String {
    let mut page = format!("# Provider `{name}`\n");
    if let Some(provider) = &schema.provider {
        content(&mut page, "provider", &provider.block);
    }
    for (ty, resource) in &schema.resources {
        line(&mut page, format_args!("\n## Resource `{ty}`"));
        content(&mut page, "resource", &resource.block);
    }
    for (ty, source) in &schema.data_sources {
        line(&mut page, format_args!("\n## Data source `{ty}`"));
        content(&mut page, "data source", &source.block);
    }
    page
}

/// The part of the reference page about one type, be it a resource type, a data source or both, with what `usage` blocks
/// may declare for it; `None` where the provider has neither.
#[must_use]
pub fn markdown_of_type(ty: &str, schema: &ProviderSchema, usage: &[UsageParameter]) -> Option<String> {
    let found = [("Resource", "resource", &schema.resources), ("Data source", "data source", &schema.data_sources)]
        .map(|(title, what, types)| types.get(ty).map(|schema| (title, what, schema)));
    let mut page = String::new();
    for (title, what, schema) in found.into_iter().flatten() {
        let gap = if page.is_empty() { "" } else { "\n" };
        line(&mut page, format_args!("{gap}# {title} `{ty}`"));
        content(&mut page, what, &schema.block);
        if what == "resource" {
            declarable(&mut page, ty, usage);
        }
    }
    (!page.is_empty()).then_some(page)
}

/// What only use decides of what objects of a type cost.
fn declarable(page: &mut String, ty: &str, usage: &[UsageParameter]) {
    if usage.is_empty() {
        return;
    }
    line(page, format_args!("\nWhat only use decides of its cost, for `usage \"{ty}\"` blocks:\n"));
    page.push_str("| usage | unit | meaning |\n|---|---|---|\n");
    for UsageParameter { name, unit, description } in usage {
        line(page, format_args!("| `{name}` | {unit} | {description} |"));
    }
}

fn content(page: &mut String, what: &str, block: &BlockSchema) {
    if let Some(why) = &block.deprecated {
        line(page, format_args!("\n**Deprecated.** {why}"));
    }
    if !block.description.is_empty() {
        line(page, format_args!("\n{}", block.description));
    }
    let arguments: Vec<_> = block.attributes.iter().filter(|attribute| attribute.mode.is_configurable()).collect();
    if !arguments.is_empty() {
        page.push_str("\n| argument | type | | meaning |\n|---|---|---|---|\n");
        for attribute in arguments {
            let (name, ty, notes) = (&attribute.name, &attribute.ty, notes(attribute));
            line(page, format_args!("| `{name}` | `{ty}` | {notes} | {} |", meaning(attribute)));
        }
    }
    let computed: Vec<_> = block.attributes.iter().filter(|own| own.mode == AttributeMode::Computed).collect();
    if !computed.is_empty() {
        page.push_str("\n| computed attribute | type | meaning |\n|---|---|---|\n");
        for attribute in computed {
            let (name, ty) = (&attribute.name, &attribute.ty);
            line(page, format_args!("| `{name}` | `{ty}` | {} |", meaning(attribute)));
        }
    }
    for nested in &block.blocks {
        line(page, format_args!("\nBlock `{}` of the {what}, {}:", nested.name, occurrence(nested)));
        content(page, &format!("block `{}`", nested.name), &nested.block);
    }
}

/// Whether it must be written and what a change of it brings.
fn notes(attribute: &AttributeSchema) -> String {
    let mut notes = match (&attribute.mode, &attribute.default) {
        (AttributeMode::Required, _) => vec!["required".to_owned()],
        (_, Some(default)) => {
            let text = to_plain_json(default).map_or_else(|_| default.describe(), |json| json.to_string());
            vec![format!("default `{text}`")]
        }
        (AttributeMode::OptionalComputed, None) => vec!["optional, else computed".to_owned()],
        (_, None) => vec!["optional".to_owned()],
    };
    let flags = [
        (attribute.requires_replace, "a change needs a new object"),
        (attribute.sensitive, "sensitive"),
        (attribute.write_only, "never stored"),
    ];
    notes.extend(flags.iter().filter(|(set, _)| *set).map(|(_, note)| (*note).to_owned()));
    notes.join("; ")
}

/// What it means, fit for a cell of a table.
fn meaning(attribute: &AttributeSchema) -> String {
    let deprecated = attribute.deprecated.as_ref().map(|why| format!("**Deprecated.** {why} "));
    let text = deprecated.unwrap_or_default() + &attribute.description;
    text.replace('|', "\\|").replace("\n\n", "<br>").replace('\n', " ")
}

fn occurrence(nested: &NestedBlockSchema) -> String {
    let labelled = if nested.nesting == Nesting::Map { ", each under a label of its own" } else { "" };
    let times = match (nested.min, nested.max) {
        (0, None) => "any number of times".to_owned(),
        (0, Some(1)) => "at most once".to_owned(),
        (0, Some(max)) => format!("at most {max} times"),
        (1, Some(1)) => "exactly once".to_owned(),
        (1, None) => "at least once".to_owned(),
        (min, None) => format!("at least {min} times"),
        (min, Some(max)) => format!("{min} to {max} times"),
    };
    times + labelled
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(page, "{text}");
}
