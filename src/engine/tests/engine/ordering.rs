//! In which order things happen on the platform.

use mesh_engine::PlanOptions;

use crate::bench::{Bench, at, changes, destroy, in_order, normal};
use crate::platform::Fault;

const CHAIN: &str = r#"
resource "test_thing" "a" { name = "a" }
resource "test_thing" "b" {
  name = "b"
  uses = [test_thing.a.id]
}
resource "test_thing" "c" {
  name = "c"
  uses = [test_thing.b.id]
}
"#;

#[tokio::test]
async fn creation_follows_reads_and_deletion_goes_back() {
    let bench = Bench::new();
    let config = bench.config(CHAIN);
    let log = bench.done(&config).await;
    in_order(&log, &["create a done", "create b", "create b done", "create c"]);
    let log = bench.done_with(&config, &destroy()).await;
    in_order(&log, &["delete c done", "delete b", "delete b done", "delete a"]);
    assert!(bench.platform.objects().is_empty());
    let (prior, _) = bench.stored().await;
    assert!(prior.all().next().is_none());
}

#[tokio::test]
async fn an_orphan_goes_after_whoever_read_it() {
    let bench = Bench::new();
    bench.done(&bench.config(CHAIN)).await;
    let log = bench.done(&bench.config(r#"resource "test_thing" "a" { name = "a" }"#)).await;
    in_order(&log, &["delete c done", "delete b"]);
    assert_eq!(bench.platform.objects().len(), 1);
}

/// `before` and `after` share the names; `replaced` is the literal that forces `a` to be made anew.
fn replacing(a: &str, b: &str, base: &str) -> String {
    format!(
        r#"
resource "test_thing" "a" {{
  name = "a"
  base = "{base}"
  {a}
}}
resource "test_thing" "b" {{
  name = "b"
  {b}
}}
"#
    )
}

const FIRST: &str = "lifecycle { create_before_destroy = true }";

#[tokio::test]
async fn a_replacement_deletes_first_and_its_reader_is_changed_last() {
    let bench = Bench::new();
    bench.done(&bench.config(&replacing("", "uses = [test_thing.a.id]", "one"))).await;
    let log = bench.done(&bench.config(&replacing("", "uses = [test_thing.a.id]", "two"))).await;
    in_order(&log, &["delete a done", "create a", "create a done", "update b"]);
}

#[tokio::test]
async fn a_new_object_first_means_that_its_reader_leaves_the_old_one_in_time() {
    let bench = Bench::new();
    bench.done(&bench.config(&replacing(FIRST, "uses = [test_thing.a.id]", "one"))).await;
    let log = bench.done(&bench.config(&replacing(FIRST, "uses = [test_thing.a.id]", "two"))).await;
    in_order(&log, &["create a done", "update b", "update b done", "delete a"]);
    assert!(bench.platform.take_dangling().is_empty());
}

#[tokio::test]
async fn a_chain_of_new_first_replacements_deletes_the_readers_first() {
    let bench = Bench::new();
    let b = format!("base = test_thing.a.id\n{FIRST}");
    bench.done(&bench.config(&replacing("", &b, "one"))).await;
    let config = bench.config(&replacing("", &b, "two"));
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["replace (new first) test_thing.a", "replace (new first) test_thing.b"]);
    let log = bench.done(&config).await;
    in_order(&log, &["create a done", "create b", "create b done", "delete b", "delete b done", "delete a"]);
    assert!(bench.platform.take_dangling().is_empty());
}

#[tokio::test]
async fn a_chain_of_old_first_replacements_unwinds_and_winds_up() {
    let bench = Bench::new();
    bench.done(&bench.config(&replacing("", "base = test_thing.a.id", "one"))).await;
    let log = bench.done(&bench.config(&replacing("", "base = test_thing.a.id", "two"))).await;
    in_order(&log, &["delete b done", "delete a", "delete a done", "create a", "create a done", "create b"]);
    assert!(bench.platform.take_dangling().is_empty());
}

#[tokio::test]
async fn a_failure_stops_only_what_depends_on_it() {
    let text = format!("{CHAIN}\nresource \"test_thing\" \"d\" {{ name = \"d\" }}");
    let bench = Bench::new();
    let config = bench.config(&text);
    bench.platform.fail_at("create a", Fault::Before);
    let (mut log, applied) = bench.fails(&config, &normal()).await;
    log.sort();
    assert_eq!(log, ["create a", "create a done failed", "create d", "create d done"]);
    let skipped: Vec<_> = applied.results.iter().filter_map(|result| result.why.clone()).collect();
    assert_eq!(skipped, ["test_thing.a failed", "test_thing.a failed"]);
    bench.done(&config).await;
    assert!(bench.platform.named("c").is_some());
}

fn counted(count: usize) -> String {
    format!(
        r#"
resource "test_thing" "a" {{
  count = {count}
  name  = "a${{count.index}}"
}}
resource "test_thing" "b" {{
  count = {count}
  name  = "b${{count.index}}"
  uses  = [test_thing.a[count.index].id]
}}
"#
    )
}

#[tokio::test]
async fn an_instance_waits_for_exactly_the_instances_that_it_reads() {
    let bench = Bench::new();
    bench.platform.slow("a4", 200);
    let log = bench.done(&bench.config(&counted(6))).await;
    assert!(at(&log, "create b3 done") < at(&log, "create a4 done"), "{log:#?}");
    in_order(&log, &["create a4", "create b3", "create b5 done", "create a4 done", "create b4"]);
}

#[tokio::test]
async fn no_more_calls_run_than_allowed() {
    for limit in [1, 3, 100] {
        let bench = Bench { parallelism: limit, ..Bench::new() };
        let config = bench.config(&counted(10));
        bench.done(&config).await;
        bench.done_with(&config, &destroy()).await;
        assert_eq!(bench.platform.most_running(), limit.min(10));
    }
}

#[tokio::test]
async fn whoever_read_an_object_when_it_was_made_is_deleted_before_it_also_after_a_failed_change() {
    let bench = Bench::new();
    let text = |uses: &str, x: &str| {
        format!("{x}\nresource \"test_thing\" \"y\" {{\n name = \"y\"\n uses = [{uses}]\n value = \"{uses}\"\n}}")
    };
    let x = "resource \"test_thing\" \"x\" { name = \"x\" }";
    bench.done(&bench.config(&text("test_thing.x.id", x).replace("value = \"test_thing.x.id\"", ""))).await;
    // `y` shall leave `x`, and fails half way: it still uses it.
    bench.platform.fail_at("update y", Fault::Partial);
    let without = bench.config(&text("", ""));
    bench.fails(&without, &normal()).await;
    assert!(bench.platform.named("x").is_some());
    bench.platform.slow("y", 50);
    let log = bench.done(&without).await;
    in_order(&log, &["update y done", "delete x"]);
    assert!(bench.platform.take_dangling().is_empty());
}

#[tokio::test]
async fn deposed_and_current_objects_that_read_each_other_are_deleted_all_the_same() {
    let bench = Bench::new();
    let pair = |x: &str, y: &str| {
        format!(
            "resource \"test_thing\" \"x\" {{\n name = \"x\"\n {x}\n {FIRST}\n}}\n\
             resource \"test_thing\" \"y\" {{\n name = \"y\"\n {y}\n}}"
        )
    };
    bench.done(&bench.config(&pair("base = test_thing.y.id", ""))).await;
    // Turned round: `x` is made anew without `y`, and `y` reads the new `x`. Deleting the old `x` fails.
    let turned = bench.config(&pair("base = \"none\"", "uses = [test_thing.x.id]"));
    bench.platform.fail_at("delete x", Fault::Before);
    bench.fails(&turned, &normal()).await;
    let (prior, _) = bench.stored().await;
    assert_eq!(prior.all().count(), 3);
    bench.done_with(&turned, &destroy()).await;
    assert!(bench.platform.objects().is_empty());
}

#[tokio::test]
async fn what_depends_on_a_module_waits_for_all_of_it() {
    let bench = Bench::new();
    let root = r#"
module "m" { source = "./m" }
resource "test_thing" "z" {
  name       = "z"
  depends_on = [module.m]
}
"#;
    let inner = "resource \"test_thing\" \"a\" {\n count = 3\n name = \"m${count.index}\"\n}";
    let config = bench.module([("main.mesh.hcl", root), ("m/main.mesh.hcl", inner)]);
    bench.platform.slow("m1", 30);
    let log = bench.done(&config).await;
    in_order(&log, &["create m1 done", "create z"]);
    let log = bench.done_with(&config, &destroy()).await;
    in_order(&log, &["delete z done", "delete m0"]);
}

#[tokio::test]
async fn a_trigger_replaces_whoever_names_it() {
    let bench = Bench::new();
    let text = |value: &str| {
        format!(
            "resource \"test_thing\" \"a\" {{\n count = 2\n name = \"a${{count.index}}\"\n value = \"${{count.index == 0 ? \"{value}\" : \"\"}}\"\n}}\n\
             resource \"test_thing\" \"b\" {{\n count = 2\n name = \"b${{count.index}}\"\n \
             lifecycle {{ replace_triggered_by = [test_thing.a[count.index].value] }}\n}}"
        )
    };
    bench.done(&bench.config(&text("one"))).await;
    let planned = bench.plan(&bench.config(&text("two")), &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["update test_thing.a[0]", "replace (old first) test_thing.b[0]"]);
}

#[tokio::test]
async fn a_target_leaves_the_rest_alone() {
    let bench = Bench::new();
    let config = bench.config(&counted(3));
    let options = PlanOptions { targets: vec!["test_thing.b[1]".into()], ..normal() };
    bench.done_with(&config, &options).await;
    let names: Vec<String> = bench.platform.objects().values().map(crate::platform::Object::name).collect();
    assert!(names.contains(&"b1".to_owned()) && !names.contains(&"b0".to_owned()), "{names:?}");
}
