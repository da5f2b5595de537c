//! Sources that nest or chain without end: refused with one clear error, on the stack of an ordinary thread.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should fail")]

use mesh_diagnostics::{Diagnostics, FileId};
use mesh_lang::syntax::{Body, MAX_DEPTH, MAX_HEIGHT, parse, parse_expression, parse_template, tokens};

/// What Rust gives a spawned thread by default.
const STACK: usize = 2 * 1024 * 1024;
const MANY: usize = 100_000;

fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

/// Parses, and does with the tree what recurses: copies, compares, prints and drops it.
fn exercise(source: &str) -> (Body, Diagnostics) {
    let (body, diagnostics) = parse(source, FileId(0));
    let copy = body.clone();
    assert!(copy == body);
    assert!(!format!("{copy:?}").is_empty());
    drop(copy);
    assert!(!tokens(source, FileId(0)).is_empty());
    (body, diagnostics)
}

fn codes(diagnostics: &Diagnostics) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn endless_nesting_is_one_error() {
    let sources = [
        format!("a = {}", "(".repeat(MANY)),
        format!("a = {}", "[".repeat(MANY)),
        format!("a = {}", "{".repeat(MANY)),
        format!("a = {}", "{a=".repeat(MANY)),
        format!("a = {}", "f(".repeat(MANY)),
        format!("a = {}", "[for x in ".repeat(MANY)),
        format!("a = {}1{}", "(".repeat(MANY), ")".repeat(MANY)),
        format!("a = {}1{}", "[".repeat(MANY), "]".repeat(MANY)),
        format!("a = {}1", "-".repeat(MANY)),
        format!("a = {}1", "!".repeat(MANY)),
        format!("a = {}1", "-(".repeat(MANY)),
        format!("a = {}1", "x?".repeat(MANY)),
        format!("a = {}1", "x?y:".repeat(MANY)),
        format!("a = 1{}", " + 1".repeat(MANY)),
        format!("a = 1{}", " && 1 || 1".repeat(MANY)),
        format!("a = x{}", "[*]".repeat(MANY)),
        format!("a = {}", "x[".repeat(MANY)),
        format!("a = {}", "\"${".repeat(MANY)),
        format!("a = {}1{}", "\"${".repeat(MANY), "}\"".repeat(MANY)),
        format!("a = \"{}\"", "%{if x}".repeat(MANY)),
        format!("a = \"{}{}\"", "%{for x in y}".repeat(MANY), "%{endfor}".repeat(MANY)),
        format!("a = \"%{{if x}}{}%{{endif}}\"", "%{elseif x}".repeat(400)),
        "a {\n".repeat(MANY),
        format!("{}{}", "a {\n".repeat(MANY), "}\n".repeat(MANY)),
    ];
    for source in sources {
        on_small_stack(move || {
            let (_, diagnostics) = exercise(&source);
            let found = codes(&diagnostics);
            let deep = found.iter().filter(|code| **code == "nesting-too-deep").count();
            assert_eq!(deep, 1, "{:.40}: {found:.5?}", source);
            let other = found.iter().filter(|code| !matches!(**code, "nesting-too-deep" | "else-if")).count();
            assert_eq!(other, 0, "{:.40}: {found:.5?}", source);
        });
    }
}

#[test]
fn what_follows_a_too_deep_value_is_read() {
    on_small_stack(|| {
        let source = format!("a = {}1{}\nb = 'x'\n", "(".repeat(MANY), ")".repeat(MANY));
        let (body, diagnostics) = exercise(&source);
        assert_eq!(codes(&diagnostics), ["nesting-too-deep", "single-quotes"]);
        assert_eq!(body.attributes.len(), 2);
    });
}

#[test]
fn depth_up_to_the_limit_is_fine() {
    let depth = MAX_DEPTH - 1;
    let sources = [
        format!("a = {}1{}", "(".repeat(depth), ")".repeat(depth)),
        format!("a = {}1{}", "[".repeat(depth), "]".repeat(depth)),
        format!("a = {}1{}", "{a=".repeat(depth), "}".repeat(depth)),
        format!("a = {}1{}", "f(".repeat(depth), ")".repeat(depth)),
        format!("a = {}1{}", "-x[".repeat(depth), "]".repeat(depth)),
        format!("a = {}1{}", "1+[for x in ".repeat(depth), ":x]".repeat(depth)),
        format!("a = {}1{}", "\"${".repeat(depth), "}\"".repeat(depth)),
        format!("a = {}1", "x?y:".repeat(depth)),
        format!("a = {}1{}", "x?".repeat(depth), ":y".repeat(depth)),
        format!("a = x{}", "[*]".repeat(depth)),
        format!("{}{}", "a {\n".repeat(MAX_DEPTH), "}\n".repeat(MAX_DEPTH)),
        format!("a = 1{}", " + 1".repeat(MAX_HEIGHT - 1)),
        format!("a = 1{}", " || 1 && x == 2".repeat(MAX_HEIGHT - 3)),
        format!("a = {}1", "!".repeat(MAX_HEIGHT - 1)),
    ];
    for source in sources {
        on_small_stack(move || {
            let (_, diagnostics) = exercise(&source);
            assert!(diagnostics.is_empty(), "{:.40}: {:.5?}", source, codes(&diagnostics));
        });
    }
}

#[test]
fn flat_things_may_be_long() {
    on_small_stack(|| {
        for source in [
            format!("a = x{}", ".y".repeat(MANY)),
            format!("a = x{}", "[0]".repeat(MANY)),
            format!("a = [{}]", "1,".repeat(MANY)),
            format!("a = \"{}\"", "${x}".repeat(MANY)),
            format!("a = <<EOT\n{}EOT\n", "line\n".repeat(MANY)),
            format!("a = <<-EOT\n{}${{x}}\nEOT\n", "line\n".repeat(MANY)),
            (0..MANY).map(|n| format!("a{n} = 1\n")).collect(),
            (0..MANY / 10).map(|n| format!("a \"b{n}\" {{\n}}\n")).collect(),
        ] {
            let (_, diagnostics) = exercise(&source);
            assert!(diagnostics.is_empty(), "{:.40}: {:.5?}", source, codes(&diagnostics));
        }
    });
}

/// What may come again and again in a file that is broken or no HCL at all.
const FRAGMENTS: &[&str] = &[
    "\n",
    "a",
    "a ",
    "a\n",
    "\"",
    "\"\n",
    "\"a\n",
    "a\"\n",
    "${",
    "\"${",
    "\"${a\n",
    "%{",
    "}",
    "a {\n",
    "a {",
    "}\n",
    "[",
    "[\n",
    "(",
    "{",
    "{\n",
    "{a=",
    "{a=\n",
    "f(",
    "<<EOT\n",
    "<<EOT\nx\n",
    "a = <<EOT\n${x\nEOT\n",
    "a = [\n",
    "a = {\n",
    "a = (1,\n",
    "a = \"${x\n",
    "a = \"x ${ \"\n",
    "/*",
    "/* */",
    "#",
    "'",
    "'a",
    "“",
    "$",
    "\\",
    "\\\n",
    "=",
    "a =",
    "a=1,",
    "a = b c\n",
    "[1 2\n",
    "{a b\n",
    "f(1 2\n",
    "? ",
    "a ? b : ",
    "-",
    "a.",
    "a.0",
    "a[",
    "a[*]",
    ".*",
    "a::",
    "%{ if x }",
    "%{ else }",
    "%{ endif }",
    "a \"b\" ",
    "a \"b\" {\n",
    "  a {\n}\n}\n",
    "a = 1 }\n",
    "x = {\n a = [\n",
    "\r",
    "\u{feff}",
    "é",
    "1.",
    "1.2.3",
    "for ",
    "[for ",
    "{for a in ",
    "...",
    "a...,",
    "a = f(b,\n\n\n\n",
    "\"\\",
    "$${",
    "x = \"\n",
    "x = \" a b c d e f g h i j k l m n o p q r s t u v w x y z\n",
];

#[test]
fn no_repetition_overflows_the_stack() {
    for before in ["", "a = ", "a {\n  b = [", "a = {\n", "a = \"", "a = <<EOT\n"] {
        on_small_stack(move || {
            for fragment in FRAGMENTS {
                let source = format!("{before}{}", fragment.repeat(20_000 / fragment.len()));
                let (_, diagnostics) = exercise(&source);
                assert!(diagnostics.len() <= 501);
                drop((parse_expression(&source, FileId(0)), parse_template(&source, FileId(0))));
            }
        });
    }
}

#[test]
fn a_file_of_errors_lists_the_first() {
    on_small_stack(|| {
        let (_, diagnostics) = exercise(&"a = 'x'\n;\n".repeat(MANY));
        assert_eq!(diagnostics.len(), 501);
        assert_eq!(codes(&diagnostics).last(), Some(&"too-many-problems"));
    });
}

#[test]
fn expressions_and_templates_hold_the_limits_too() {
    on_small_stack(|| {
        let (_, diagnostics) = parse_expression(&"(".repeat(MANY), FileId(0));
        assert_eq!(codes(&diagnostics), ["nesting-too-deep"]);
        let (_, diagnostics) = parse_template(&"${\"".repeat(MANY), FileId(0));
        assert_eq!(codes(&diagnostics), ["nesting-too-deep"]);
        let (_, diagnostics) = parse_template(&"%{if x}".repeat(MANY), FileId(0));
        assert_eq!(codes(&diagnostics), ["nesting-too-deep"]);
    });
}
