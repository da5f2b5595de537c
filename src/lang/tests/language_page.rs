//! What `docs/language.md` says of expressions is so, and the configuration in the documents is laid out as `mesh fmt` does.

#[path = "eval/world.rs"]
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use mesh_diagnostics::{Diagnostics, FileId};
use mesh_lang::eval::evaluate;
use mesh_lang::format::format;
use mesh_lang::syntax::parse_expression;
use mesh_value::{Value, convert};

use world::World;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

#[test]
fn every_expression_of_the_table_gives_its_value() {
    let page = fs::read_to_string(docs().join("language.md")).unwrap();
    let (_, table) = page.split_once("| expression | value |\n|---|---|\n").expect("the page has the table");
    let world = World::new();
    let mut wrong = Vec::new();
    let rows: Vec<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 20, "{} rows", rows.len());
    for row in rows {
        let (source, said) = row.trim_matches(['|', ' ']).split_once("` | `").expect("a row has two cells in code");
        let (actual, expected) = (value(source.trim_matches('`'), &world), value(said.trim_matches('`'), &world));
        if !convert(&expected, &actual.ty()).is_ok_and(|expected| expected.same(&actual)) {
            wrong.push(format!("{source}\n  said   {said}\n  gives  {actual:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn value(source: &str, world: &World) -> Value {
    let (expr, mut diagnostics) = parse_expression(source, FileId(0));
    let value = evaluate(&expr, world, &mut diagnostics).value;
    assert_eq!(diagnostics, Diagnostics::default(), "{source}");
    value
}

#[test]
fn configuration_in_the_documents_is_formatted() {
    let mut wrong = Vec::new();
    let mut blocks = 0;
    for entry in fs::read_dir(docs()).unwrap() {
        let path = entry.unwrap().path();
        // The page of functions shows expressions, not files.
        if path.extension().is_none_or(|ending| ending != "md") || path.ends_with("functions.md") {
            continue;
        }
        let page = fs::read_to_string(&path).unwrap();
        for source in configurations(&page) {
            blocks += 1;
            match format(&source, FileId(0)) {
                Ok(formatted) if formatted == source => {}
                Ok(formatted) => wrong.push(format!("{}:\n{formatted}", path.display())),
                Err(diagnostics) => wrong.push(format!("{}:\n{source}\n{diagnostics:?}", path.display())),
            }
        }
    }
    assert!(blocks > 10, "{blocks} blocks");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The blocks of code in HCL, without the indentation that they have inside of a list.
fn configurations(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(indentation) = line.strip_suffix("```hcl").filter(|before| before.trim().is_empty()) else { continue };
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        found.push(inside.map(|line| format!("{}\n", line.strip_prefix(indentation).unwrap_or(line))).collect());
    }
    found
}
