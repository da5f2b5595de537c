//! Moved objects: none is lost or made twice, wherever the process is killed.

use std::collections::BTreeSet;

use mesh_engine::{PlanOptions, Prior};

use crate::bench::{Bench, Run, destroy, in_order, normal};
use crate::killing::Moment;
use crate::platform::Fault;

const OLD: &str = r#"
resource "test_thing" "a" {
  count = 2
  name  = "a${count.index}"
}
resource "test_thing" "b" {
  name = "b"
  uses = test_thing.a[*].id
}
"#;

const NEW: &str = r#"
resource "test_thing" "x" {
  for_each = toset(["0", "1"])
  name     = "a${each.key}"
  value    = "changed"
}
resource "test_thing" "y" {
  name = "b"
  uses = [for thing in test_thing.x : thing.id]
}
moved {
  from = test_thing.a[0]
  to   = test_thing.x["0"]
}
moved {
  from = test_thing.a[1]
  to   = test_thing.x["1"]
}
moved {
  from = test_thing.b
  to   = test_thing.y
}
"#;

fn addresses(prior: &Prior) -> Vec<String> {
    prior.sorted().into_iter().map(|object| object.address.to_string()).collect()
}

fn ids(bench: &Bench) -> BTreeSet<String> {
    bench.platform.objects().into_keys().collect()
}

#[tokio::test]
async fn a_move_that_is_killed_at_any_commit_loses_nothing() {
    let mut commits = 0;
    for moment in [Moment::Before, Moment::After, Moment::Refused] {
        for commit in 0.. {
            let bench = Bench::new();
            bench.done(&bench.config(OLD)).await;
            let before = ids(&bench);
            let config = bench.config(NEW);
            bench.store.kill_at(Some((commit, moment)));
            let run = bench.run(&config, &normal()).await;
            bench.store.kill_at(None);
            let is_through = matches!(&run, Run::Ended(applied) if applied.is_complete());
            // The next run finishes it, whatever came of this one.
            bench.done(&config).await;
            let (prior, intents) = bench.stored().await;
            assert_eq!(addresses(&prior), ["test_thing.x[\"0\"]", "test_thing.x[\"1\"]", "test_thing.y"]);
            assert!(intents.is_empty(), "{moment:?} {commit}: {intents:#?}");
            assert_eq!(ids(&bench), before, "{moment:?} {commit}: objects were made anew");
            let log = bench.done_with(&config, &destroy()).await;
            in_order(&log, &["delete b done", "delete a0"]);
            assert!(bench.platform.take_dangling().is_empty());
            commits = commits.max(commit);
            if is_through {
                break;
            }
        }
    }
    assert!(commits >= 6, "only {commits} commits were tried");
}

#[tokio::test]
async fn an_interrupted_operation_is_found_under_the_new_address() {
    let old = "resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"one\"\n}";
    let moved = "moved {\n from = test_thing.a\n to = test_thing.b\n}";
    for (call, fault) in
        [("create a", Fault::KilledAfter), ("update a", Fault::KilledAfter), ("create a", Fault::Partial)]
    {
        let bench = Bench::new();
        if call == "update a" {
            bench.done(&bench.config(&old.replace("one", "zero"))).await;
        }
        bench.platform.fail_at(call, fault);
        bench.run(&bench.config(old), &normal()).await;
        let config = bench.config(&format!("{}\n{moved}", old.replace("\"a\" {", "\"b\" {")));
        bench.done(&config).await;
        let (prior, intents) = bench.stored().await;
        assert_eq!((addresses(&prior), intents.len()), (vec!["test_thing.b".to_owned()], 0), "{call} {fault:?}");
        assert_eq!(bench.platform.objects().len(), 1, "{call} {fault:?}");
    }
}

#[tokio::test]
async fn an_old_object_that_a_replacement_left_behind_moves_too() {
    let text = |name: &str, base: &str| {
        format!(
            "resource \"test_thing\" \"{name}\" {{\n name = \"a\"\n base = \"{base}\"\n lifecycle {{ create_before_destroy = true }}\n}}"
        )
    };
    let bench = Bench::new();
    bench.done(&bench.config(&text("a", "one"))).await;
    bench.platform.fail_at("delete a", Fault::Before);
    bench.fails(&bench.config(&text("a", "two")), &normal()).await;
    let moved = format!("{}\nmoved {{\n from = test_thing.a\n to = test_thing.b\n}}", text("b", "two"));
    bench.done(&bench.config(&moved)).await;
    let (prior, _) = bench.stored().await;
    assert_eq!(addresses(&prior), ["test_thing.b"]);
    assert_eq!(bench.platform.objects().len(), 1);
}

#[tokio::test]
async fn what_moves_is_written_even_where_its_block_is_decided_later() {
    let bench = Bench::new();
    bench.done(&bench.config("resource \"test_thing\" \"a\" {\n count = 1\n name = \"a\"\n}")).await;
    let config = bench.config(
        "resource \"test_thing\" \"first\" { name = \"first\" }\n\
         resource \"test_thing\" \"b\" {\n count = length(test_thing.first.id) > 0 ? 1 : 0\n name = \"a\"\n}\n\
         moved {\n from = test_thing.a\n to = test_thing.b\n}",
    );
    let before = bench.platform.named("a").map(|(id, _)| id);
    bench.done(&config).await;
    let (prior, _) = bench.stored().await;
    assert_eq!(addresses(&prior), ["test_thing.b[0]", "test_thing.first"]);
    bench.done(&config).await;
    assert_eq!(bench.platform.named("a").map(|(id, _)| id), before);
}

#[tokio::test]
async fn what_is_no_longer_managed_stays_and_its_reads_go() {
    let bench = Bench::new();
    bench.done(&bench.config(OLD)).await;
    let config = bench.config("removed {\n from = test_thing.a\n lifecycle {\n destroy = false\n }\n}");
    bench.done(&config).await;
    let (prior, _) = bench.stored().await;
    assert!(addresses(&prior).is_empty());
    assert!(bench.platform.objects().len() == 2 && bench.platform.named("b").is_none());
    let planned = bench.plan(&config, &PlanOptions { refresh: false, ..normal() }).await.unwrap();
    assert!(!planned.plan.has_changes());
}
