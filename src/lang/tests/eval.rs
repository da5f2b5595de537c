//! Fixtures of evaluation: each expression with the value, the reads and the diagnostics that it must give.
//!
//! A fixture is a text of cases. A case is a line with an expression, and indented lines after it: `=` the value, `<`
//! the reads, `!` a diagnostic, `:` what one of the expression's references held. `BLESS=1` rewrites those lines.

#[path = "eval/show.rs"]
mod show;
#[path = "eval/world.rs"]
mod world;

use std::fs;
use std::path::Path;

use mesh_diagnostics::{Diagnostics, Severity, SourceMap};
use mesh_lang::eval::{Environment, LookupError, Scope, Target, evaluate};
use mesh_lang::syntax::parse_expression;
use mesh_value::Value;

use show::show;
use world::{World, written};

#[test]
fn expressions_give_their_values_reads_and_diagnostics() {
    let world = World::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap();
        let actual = rewritten(&expected, &world);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &actual).unwrap();
        } else if actual != expected {
            let differs = |(left, right): (&str, &str)| (left != right).then(|| format!("-{left}\n+{right}\n"));
            let difference: String = expected.lines().zip(actual.lines()).filter_map(differs).take(20).collect();
            wrong.push(format!("{}\n{difference}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fixture with the outcome of each case as it is.
fn rewritten(fixture: &str, world: &World) -> String {
    let mut out = String::new();
    for line in fixture.lines() {
        if line.starts_with(' ') {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        if !line.is_empty() && !line.starts_with('#') {
            out.push_str(&outcome(line, world));
        }
    }
    out
}

fn outcome(source: &str, world: &World) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("case", source);
    let (expr, mut diagnostics) = parse_expression(source, file);
    let evaluation = evaluate(&expr, world, &mut diagnostics);
    let mut out = format!("  = {}\n", show(&evaluation.value));
    if !evaluation.reads.is_empty() {
        let reads: Vec<_> = evaluation
            .reads
            .iter()
            .map(|read| {
                let path = read.path.to_string();
                let space = if path.is_empty() { "" } else { " " };
                format!("{}{space}{path}", written(&read.target).0)
            })
            .collect();
        out.push_str(&format!("  < {}\n", reads.join(", ")));
    }
    out.push_str(&listed(&diagnostics, &sources));
    out
}

fn listed(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        assert_eq!(diagnostic.severity, Severity::Error);
        let at = diagnostic.subject.map(|span| sources.text(span)).unwrap_or_default();
        out.push_str(&format!("  ! {} `{at}` {}: {}\n", diagnostic.code, diagnostic.summary, diagnostic.detail));
        for hint in &diagnostic.hints {
            out.push_str(&format!("    {hint}\n"));
        }
        for (name, held) in &diagnostic.values {
            out.push_str(&format!("  : {name} {held}\n"));
        }
    }
    out
}

/// Counts what is looked up.
struct Counting<'a>(&'a World, std::cell::RefCell<Vec<String>>);

impl Scope for Counting<'_> {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        self.1.borrow_mut().push(written(target).0);
        self.0.lookup(target)
    }

    fn environment(&self) -> &dyn Environment {
        self.0.environment()
    }
}

#[test]
fn an_index_into_a_block_looks_up_one_instance_and_never_the_block() {
    let world = World::new();
    let lookups = |source: &str| {
        let scope = Counting(&world, std::cell::RefCell::default());
        let (expr, _) = parse_expression(source, mesh_diagnostics::FileId(0));
        let mut diagnostics = Diagnostics::default();
        evaluate(&expr, &scope, &mut diagnostics);
        assert!(diagnostics.is_empty());
        scope.1.into_inner()
    };
    assert_eq!(lookups("bucket.counted[count.index].id"), ["count.index", "bucket.counted[1]"]);
    assert_eq!(lookups("bucket.keyed[each.key].tags.owner"), ["each.key", "bucket.keyed[\"a\"]"]);
    assert_eq!(lookups("module.shop[each.key].id"), ["each.key", "module.shop[\"a\"].id"]);
    assert_eq!(lookups("true ? var.name : \"\""), ["var.name"]);
}
