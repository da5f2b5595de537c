//! `mesh docs provider NAME --json`: a provider's schema in the form of `terraform providers schema -json`, for editors
//! and generators.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::ProviderSchema;
use mesh_value::{AttributeMode, AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, Schema};
use serde_json::{Map, Value as Json, json};

/// The schema of a provider; of one type where one is named.
pub(super) fn json(name: &str, schema: &ProviderSchema, only: Option<&str>) -> Json {
    let types = |types: &BTreeMap<Arc<str>, Arc<Schema>>| -> Map<String, Json> {
        let chosen = types.iter().filter(|(ty, _)| only.is_none_or(|only| only == ty.as_ref()));
        chosen.map(|(ty, schema)| (ty.to_string(), versioned(schema))).collect()
    };
    let mut offered = Map::new();
    if let (Some(provider), None) = (&schema.provider, only) {
        offered.insert("provider".to_owned(), versioned(provider));
    }
    offered.insert("resource_schemas".to_owned(), types(&schema.resources).into());
    offered.insert("data_source_schemas".to_owned(), types(&schema.data_sources).into());
    json!({ "format_version": "1.0", "provider_schemas": { name: offered } })
}

fn versioned(schema: &Schema) -> Json {
    json!({ "version": schema.version, "block": block(&schema.block) })
}

fn block(schema: &BlockSchema) -> Json {
    let mut out = Map::new();
    described(&mut out, &schema.description, schema.deprecated.is_some());
    let attributes: Map<_, _> = schema.attributes.iter().map(|own| (own.name.to_string(), attribute(own))).collect();
    let blocks: Map<_, _> = schema.blocks.iter().map(|own| (own.name.to_string(), nested(own))).collect();
    if !attributes.is_empty() {
        out.insert("attributes".to_owned(), attributes.into());
    }
    if !blocks.is_empty() {
        out.insert("block_types".to_owned(), blocks.into());
    }
    out.into()
}

fn attribute(schema: &AttributeSchema) -> Json {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!(schema.ty));
    described(&mut out, &schema.description, schema.deprecated.is_some());
    let flags = [
        ("required", schema.mode == AttributeMode::Required),
        ("optional", matches!(schema.mode, AttributeMode::Optional | AttributeMode::OptionalComputed)),
        ("computed", schema.mode.is_computed()),
        ("sensitive", schema.sensitive),
        ("write_only", schema.write_only),
    ];
    out.extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name.to_owned(), true.into())));
    out.into()
}

fn nested(schema: &NestedBlockSchema) -> Json {
    let nesting = match schema.nesting {
        Nesting::Single => "single",
        Nesting::Group => "group",
        Nesting::List => "list",
        Nesting::Set => "set",
        Nesting::Map => "map",
    };
    let mut out = json!({ "nesting_mode": nesting, "block": block(&schema.block) });
    if let Json::Object(out) = &mut out {
        if schema.min > 0 {
            out.insert("min_items".to_owned(), schema.min.into());
        }
        out.extend(schema.max.map(|max| ("max_items".to_owned(), max.into())));
    }
    out
}

fn described(out: &mut Map<String, Json>, description: &str, deprecated: bool) {
    if !description.is_empty() {
        out.insert("description".to_owned(), description.into());
        out.insert("description_kind".to_owned(), "markdown".into());
    }
    if deprecated {
        out.insert("deprecated".to_owned(), true.into());
    }
}
