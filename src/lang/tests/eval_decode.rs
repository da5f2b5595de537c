//! Fixtures of decoding: the body of a block, with what the static check reports, the value that it makes, what was
//! read, and where in the source some paths lead. `BLESS=1` rewrites what is expected.

#[path = "eval/show.rs"]
mod show;
#[path = "eval/world.rs"]
mod world;

use std::fs;
use std::path::Path;

use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_lang::decode;
use mesh_lang::syntax::{Rest, Shape, Strings, parse, parse_json};
use mesh_value::{
    AttributeMode, AttributePath, AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, PathStep, Type, Value,
};

use show::show;
use world::{World, written};

#[test]
fn bodies_give_their_values_reads_and_diagnostics() {
    let world = World::new();
    let mut sources: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval_decode"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl" || extension == "json"))
        .collect();
    sources.sort();
    for path in sources {
        let actual = outcome(&path, &fs::read_to_string(&path).unwrap(), &world);
        let expected = path.with_extension(match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => "json.expected",
            _ => "expected",
        });
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &actual).unwrap();
        }
        assert_eq!(actual, fs::read_to_string(&expected).unwrap_or_default(), "{}", path.display());
    }
}

/// What nobody but the schema knows, but for the meta-arguments.
static BODY: Shape = Shape { blocks: &[], arguments: &[("count", Strings::Template)], rest: Rest::BySchema };

fn outcome(path: &Path, source: &str, world: &World) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("case", source);
    let is_json = path.extension().is_some_and(|extension| extension == "json");
    let (body, mut diagnostics) = if is_json { parse_json(source, file, &BODY) } else { parse(source, file) };
    let schema = schema();
    let skip = ["count", "lifecycle"];
    decode::check(&body, &schema, &skip, &mut diagnostics);
    let mut out = format!("check\n{}", listed(&diagnostics, &sources));
    let mut diagnostics = Diagnostics::default();
    let decoded = decode::body(&body, &schema, world, &skip, &mut diagnostics);
    out.push_str(&format!("decode\n{}", listed(&diagnostics, &sources)));
    for (name, value) in decoded.value.as_entries().unwrap_or_default() {
        out.push_str(&format!("  {name} = {}\n", show(value)));
    }
    let ty = decoded.value.ty();
    let implied = schema.implied_type();
    let differs = |name: &str| ty.attribute(name).map(|a| &a.ty) != implied.attribute(name).map(|a| &a.ty);
    for attribute in schema.attributes.iter().filter(|attribute| !attribute.ty.has_any()) {
        assert!(!differs(&attribute.name), "{} has the type {ty}", attribute.name);
    }
    for read in &decoded.reads {
        out.push_str(&format!("  < {}{}\n", written(&read.target).0, read.path));
    }
    out.push_str("places\n");
    for path in paths(&decoded.value) {
        if let Some(span) = decode::span_of(&body, &path) {
            let text = sources.text(span).lines().next().unwrap_or_default();
            out.push_str(&format!("  {path} `{text}`\n"));
        }
    }
    out
}

/// The paths of everything that is not null.
fn paths(value: &Value) -> Vec<AttributePath> {
    let mut paths = Vec::new();
    value.walk(&mut |path, value| {
        let is_leaf = path.steps().last().is_none_or(|step| !matches!(step, PathStep::Key(_)));
        if !path.is_empty() && !value.is_null() && is_leaf {
            paths.push(path.clone());
        }
        true
    });
    paths
}

fn listed(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let at = diagnostic.subject.map(|span| sources.text(span)).unwrap_or_default();
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        out.push_str(&format!("  {severity} {} `{at}` {}\n", diagnostic.code, diagnostic.detail));
        diagnostic.hints.iter().for_each(|hint| out.push_str(&format!("    {hint}\n")));
        diagnostic.values.iter().for_each(|(name, held)| out.push_str(&format!("    : {name} {held}\n")));
    }
    out
}

fn schema() -> BlockSchema {
    let rule = block(
        vec![attribute("action", Type::String, AttributeMode::Required), optional("ports", Type::list(Type::Number))],
        vec![nested("match", Nesting::List, block(vec![optional("prefix", Type::String)], Vec::new()))],
    );
    let size = block(vec![optional("cpu", Type::Number), optional("memory", Type::Number)], Vec::new());
    let column = block(vec![attribute("type", Type::String, AttributeMode::Required)], Vec::new());
    let mut old = optional("old", Type::String);
    old.deprecated = Some("Use \"name\" instead.".into());
    block(
        vec![
            optional("any", Type::Any),
            attribute("arn", Type::String, AttributeMode::Computed),
            optional("columns", Type::list(Type::object([("name", Type::String), ("width", Type::Number)]))),
            optional("enabled", Type::Bool),
            attribute("name", Type::String, AttributeMode::Required),
            old,
            optional("tags", Type::map(Type::String)),
            attribute("zone", Type::String, AttributeMode::OptionalComputed),
        ],
        vec![
            nested("column", Nesting::Map, column),
            NestedBlockSchema { max: Some(2), ..nested("rule", Nesting::List, rule.clone()) },
            nested("size", Nesting::Single, size.clone()),
            nested("source", Nesting::Set, block(vec![optional("path", Type::String)], Vec::new())),
            nested("timeouts", Nesting::Group, size),
        ],
    )
}

fn block(attributes: Vec<AttributeSchema>, blocks: Vec<NestedBlockSchema>) -> BlockSchema {
    BlockSchema { attributes, blocks, ..BlockSchema::default() }
}

fn nested(name: &str, nesting: Nesting, block: BlockSchema) -> NestedBlockSchema {
    NestedBlockSchema { name: name.into(), nesting, block, min: 0, max: None }
}

fn optional(name: &str, ty: Type) -> AttributeSchema {
    attribute(name, ty, AttributeMode::Optional)
}

fn attribute(name: &str, ty: Type, mode: AttributeMode) -> AttributeSchema {
    AttributeSchema {
        name: name.into(),
        ty,
        mode,
        sensitive: false,
        write_only: false,
        requires_replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}
