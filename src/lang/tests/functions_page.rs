//! `docs/functions.md` is the table that evaluation uses, and its examples give what it says. `BLESS=1` rewrites it.

#[path = "eval/world.rs"]
mod world;

use std::fs;
use std::path::Path;

use mesh_diagnostics::{Diagnostics, FileId};
use mesh_lang::eval::evaluate;
use mesh_lang::functions;
use mesh_lang::syntax::parse_expression;
use mesh_value::{Value, convert};

use world::World;

const BEGIN: &str = "<!-- functions: written by src/lang/tests/functions_page.rs -->\n";

#[test]
fn the_page_lists_the_functions_that_there_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/functions.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, _) = page.split_once(BEGIN).expect("the page has the marker");
    let actual = format!("{before}{BEGIN}{}", sections());
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, actual).unwrap();
    } else {
        assert!(actual == page, "docs/functions.md is behind the table of functions; BLESS=1 rewrites it");
    }
}

fn sections() -> String {
    let all = functions::all();
    let links: Vec<_> =
        all.iter().map(|function| format!("[`{}`](#{})", function.name, function.name.replace(':', ""))).collect();
    let mut page = format!("\n{}\n", links.join(" · "));
    for function in all {
        let (call, result) = function.example;
        let ty = function.returns.ty();
        page.push_str(&format!("\n## {}\n\n`{function}` gives `{ty}`\n\n{}\n\n", function.name, function.doc));
        page.push_str(&format!("```hcl\n{call}\n# {result}\n```\n"));
    }
    page
}

#[test]
fn every_example_gives_its_result() {
    let world = World::new();
    let mut wrong = Vec::new();
    for function in functions::all() {
        let (call, result) = function.example;
        if !function.is_repeatable {
            assert!(call.starts_with(function.name));
            continue;
        }
        let (actual, expected) = (value(call, &world), value(result, &world));
        let same = convert(&expected, &actual.ty()).is_ok_and(|expected| expected.same(&actual));
        if !same || !call.contains(&format!("{}(", function.name)) {
            wrong.push(format!("{call}\n  said   {result}\n  gives  {actual:?}"));
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
