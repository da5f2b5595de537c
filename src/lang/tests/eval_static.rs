//! What is known of expressions without evaluating them: references, what is wrong in any case, and types.

#[path = "eval/show.rs"]
mod show;

use mesh_diagnostics::{Diagnostics, FileId, SourceMap};
use mesh_lang::eval::{body_references, check, check_body, references, type_constraint};
use mesh_lang::syntax::{parse, parse_expression};
use mesh_value::{Defaults, Type, Value};

fn found(source: &str) -> Vec<String> {
    let (expr, diagnostics) = parse_expression(source, FileId(0));
    assert_eq!(diagnostics, Diagnostics::default());
    references(&expr).into_iter().map(|found| format!("{} {}", found.referent, found.path)).collect()
}

#[test]
fn references_are_found_wherever_they_stand() {
    assert_eq!(found("var.a"), ["var.a "]);
    assert_eq!(found("bucket.x[count.index].tags[\"a\"][0]"), ["bucket.x .tags[\"a\"][0]", "count.index "]);
    assert_eq!(found("bucket.x[*].id"), ["bucket.x .id"]);
    assert_eq!(found("bucket.x.0.id"), ["bucket.x .id"]);
    assert_eq!(found("data.file.x.content"), ["data.file.x .content"]);
    assert_eq!(found("module.m[var.k].out.x"), ["module.m.out .x", "var.k "]);
    assert_eq!(found("module.m"), ["module.m "]);
    assert_eq!(found("\"${var.a}%{ if var.b }${local.c}%{ endif }\""), ["var.a ", "var.b ", "local.c "]);
    assert_eq!(found("{ (var.k) = each.value.x }"), ["var.k ", "each.value .x"]);
    assert_eq!(found("f(self.id, path.module, mesh.workspace)"), ["self .id", "path.module ", "mesh.workspace "]);
    assert_eq!(found("1 + var.a * var.b - var.c"), ["var.a ", "var.b ", "var.c "]);
}

#[test]
fn names_that_an_expression_binds_are_not_references() {
    assert_eq!(found("[for x in var.xs : x.id if x.ok]"), ["var.xs "]);
    assert_eq!(found("{ for k, v in x.y : k => v }"), ["x.y "]);
    assert_eq!(found("[for x in x.y : [for y in x : y.z]]"), ["x.y "]);
    assert_eq!(found("\"%{ for x in var.xs }${x.a}%{ endfor }\""), ["var.xs "]);
}

#[test]
fn iterators_of_dynamic_blocks_are_not_references() {
    let source = r#"
        a = var.a
        dynamic "rule" {
          for_each = rule.x.list
          labels   = [rule.key]
          content {
            b = rule.value
            dynamic "inner" {
              for_each = rule.value.inner
              iterator = it
              content {
                c = [it.value, inner.value]
              }
            }
          }
        }
        block {
          d = local.d
        }
    "#;
    let (body, _) = parse(source, FileId(0));
    let found: Vec<_> = body_references(&body).into_iter().map(|found| found.referent.to_string()).collect();
    assert_eq!(found, ["var.a", "rule.x", "inner.value", "local.d"]);
}

#[test]
fn what_is_wrong_in_any_case_is_told_without_values() {
    let mut sources = SourceMap::default();
    let source = "a = [nope, var, each.x, nop(1), upper(), [for v in var.a : v]]\nb {\n  c = substr(var.x, 1)\n}\n";
    let (body, _) = parse(source, sources.add("case", source));
    let mut diagnostics = Diagnostics::default();
    check_body(&body, &mut diagnostics);
    let told: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| format!("{} `{}`", diagnostic.code, sources.text(diagnostic.subject.unwrap())))
        .collect();
    assert_eq!(
        told,
        [
            "invalid-reference `nope`",
            "invalid-reference `var`",
            "invalid-reference `x`",
            "unknown-function `nop`",
            "wrong-argument-count `upper`",
            "wrong-argument-count `substr`",
        ]
    );
    let mut diagnostics = Diagnostics::default();
    check(&parse_expression("max(var.xs...)", FileId(0)).0, &mut diagnostics);
    assert!(diagnostics.is_empty());
}

#[test]
fn a_chain_of_operators_of_any_length_is_evaluated() {
    let source = vec!["1"; 400].join(" + ");
    let (expr, mut diagnostics) = parse_expression(&source, FileId(0));
    assert_eq!(mesh_lang::constant::evaluate_constant(&expr, &mut diagnostics), Value::number(400));
}

fn ty(source: &str) -> Result<String, Vec<String>> {
    let constraint = type_constraint(&parse_expression(source, FileId(0)).0);
    constraint.map(|constraint| constraint.ty.to_string()).map_err(|diagnostics| {
        diagnostics.iter().map(|diagnostic| format!("{} {}", diagnostic.detail, diagnostic.hints.join(" "))).collect()
    })
}

#[test]
fn types_are_read_as_written() {
    for source in [
        "string",
        "any",
        "list(string)",
        "map(set(number))",
        "tuple([string, bool])",
        "object({a = number, b = optional(list(string))})",
        "object({})",
    ] {
        assert_eq!(ty(source).unwrap(), source);
    }
    assert_eq!(ty("\"string\"").unwrap(), "string");
    assert_eq!(ty("\"list\"").unwrap(), "list(any)");
    assert_eq!(ty("map").unwrap(), "map(any)");
    assert_eq!(ty("(bool)").unwrap(), "bool");
}

#[test]
fn wrong_types_are_told_all_at_once() {
    let told = |source: &str| ty(source).unwrap_err().join("\n");
    assert_eq!(told("strng"), "\"strng\" is no type. Did you mean `string`?");
    assert_eq!(told("int"), "\"int\" is no type. Did you mean `number`?");
    assert_eq!(
        told("set"),
        "set needs the type of its elements. Write set(string) or another element type; set(any) leaves it open."
    );
    assert_eq!(told("list(string, number)"), "list takes one argument, the type of its elements; here are 2. ");
    assert_eq!(told("string(1)"), "string takes no arguments. Write string alone.");
    assert_eq!(told("optional(string)"), "optional(…) is only for the attributes of an object type. ");
    assert_eq!(told("\"number\""), "A type is not written in quotes. Write it without quotes: number");
    assert_eq!(
        told("object({ a = nope, b = optional(number, \"x\"), c = optional(string, var.x) })"),
        "\"nope\" is no type. Types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…]).\n\
         The default does not fit the attribute's type: a number is required, this is string \"x\". \n\
         var.x can't be used here: only constant values can stand here, without references. "
    );
    assert!(told("1").starts_with("This is no type."));
}

#[test]
fn defaults_of_optional_attributes_fill_values() {
    let source = "list(object({ name = string, port = optional(number, 443), tls = optional(object({ on = optional(bool, true) }), {}) }))";
    let constraint = type_constraint(&parse_expression(source, FileId(0)).0).unwrap();
    assert_ne!(constraint.defaults, Defaults::None);
    let value = constraint.convert(&Value::tuple([Value::object([("name", Value::string("a"))])])).unwrap();
    assert_eq!(show::show(&value), "list[{name = \"a\", port = 443, tls = {on = true}}]");
    assert!(constraint.convert(&Value::tuple([Value::null(Type::Any)])).is_ok());
}

#[test]
fn what_the_parser_takes_evaluation_takes_too() {
    let deep = [
        format!("{}1{}", "(".repeat(150), ")".repeat(150)),
        format!("{}1{}", "[".repeat(150), "]".repeat(150)),
        format!("{}1", "true ? 1 : ".repeat(150)),
        format!("{}\"x\"{}", "upper(".repeat(150), ")".repeat(150)),
    ];
    for source in deep {
        let (expr, mut diagnostics) = parse_expression(&source, FileId(0));
        mesh_lang::constant::evaluate_constant(&expr, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
    }
}

#[test]
fn every_function_is_documented() {
    let all = mesh_lang::functions::all();
    assert!(all.len() > 100);
    for function in all {
        assert!(function.doc.ends_with('.'), "{function}");
        assert!(function.optional <= function.parameters.len());
        assert_eq!(mesh_lang::functions::find(&format!("core::{}", function.name)).unwrap().name, function.name);
    }
}
