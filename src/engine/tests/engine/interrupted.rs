//! Runs that were killed, partly failed, or follow a newer schema: what the next one makes of it.

use mesh_state::Status;
use mesh_value::Value;

use crate::bench::{Bench, Run, changes, destroy, in_order, normal};
use crate::platform::Fault;

const PAIR: &str = r#"
resource "test_thing" "a" { name = "a" }
resource "test_thing" "b" {
  name = "b"
  uses = [test_thing.a.id]
}
"#;

#[tokio::test]
async fn what_a_killed_creation_left_is_deleted_before_what_it_reads() {
    let bench = Bench::new();
    let config = bench.config(PAIR);
    bench.platform.fail_at("create b", Fault::KilledAfter);
    assert!(matches!(bench.run(&config, &normal()).await, Run::Killed));
    let log = bench.done_with(&config, &destroy()).await;
    in_order(&log, &["delete b done", "delete a"]);
    assert!(bench.platform.objects().is_empty());
}

#[tokio::test]
async fn what_a_killed_change_came_to_read_is_deleted_after_it() {
    let bench = Bench::new();
    bench.done(&bench.config(&PAIR.replace("[test_thing.a.id]", "[]"))).await;
    let config = bench.config(PAIR);
    bench.platform.fail_at("update b", Fault::KilledAfter);
    assert!(matches!(bench.run(&config, &normal()).await, Run::Killed));
    let log = bench.done_with(&config, &destroy()).await;
    in_order(&log, &["delete b done", "delete a"]);
}

#[tokio::test]
async fn what_was_set_aside_for_a_replacement_that_never_was_stays_as_it_is() {
    for fault in [Fault::Before, Fault::KilledBefore] {
        let bench = Bench::new();
        let text = |base: &str| {
            format!(
                "resource \"test_thing\" \"a\" {{\n name = \"a\"\n base = \"{base}\"\n lifecycle {{ create_before_destroy = true }}\n}}"
            )
        };
        bench.done(&bench.config(&text("one"))).await;
        bench.platform.fail_at("create a", fault);
        bench.run(&bench.config(&text("two")), &normal()).await;
        // Back to the old configuration: there is nothing to do.
        let back = bench.config(&text("one"));
        let planned = bench.plan(&back, &normal()).await.unwrap();
        assert_eq!(changes(&planned), Vec::<String>::new());
        bench.carry_out(&back, planned).await;
        let (prior, intents) = bench.stored().await;
        assert!(prior.deposed.is_empty() && intents.is_empty() && prior.objects.len() == 1);
    }
}

#[tokio::test]
async fn a_half_made_object_is_replaced() {
    for fault in [Fault::Partial, Fault::KilledAfter] {
        let bench = Bench::new();
        let config = bench.config(PAIR);
        bench.platform.fail_at("create a", fault);
        bench.run(&config, &normal()).await;
        let planned = bench.plan(&config, &normal()).await.unwrap();
        let expected = match fault {
            Fault::Partial => vec!["replace (old first) test_thing.a", "create test_thing.b"],
            _ => vec!["create test_thing.b"],
        };
        assert_eq!(changes(&planned), expected);
        bench.done(&config).await;
        assert_eq!(bench.platform.objects().len(), 2);
        let (prior, _) = bench.stored().await;
        assert!(prior.all().all(|object| object.record.status == Status::Ready));
    }
}

#[tokio::test]
async fn what_is_read_under_a_newer_schema_is_stored_as_such() {
    let mut bench = Bench::new();
    let text = "resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"x\"\n}";
    bench.done(&bench.config(text)).await;
    // The upgrade writes `v1:x`; the platform has `drifted`.
    bench.version = 1;
    bench.platform.drift("a", |name, value| if name == "value" { Value::string("drifted") } else { value.clone() });
    let config = bench.config(&text.replace("\"x\"", "\"drifted\""));
    bench.done(&config).await;
    let (prior, _) = bench.stored().await;
    let record = prior.all().next().map(|object| object.record.clone()).unwrap();
    assert_eq!((record.schema_version, record.value.get("value")), (1, Some(&Value::string("drifted"))));
    let planned = bench.plan(&config, &mesh_engine::PlanOptions { refresh: false, ..normal() }).await.unwrap();
    assert_eq!(changes(&planned), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_failed_deletion_leaves_under_a_newer_schema_is_stored_as_such() {
    let mut bench = Bench::new();
    bench.done(&bench.config("resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"x\"\n}")).await;
    bench.version = 1;
    let config = bench.config("locals { nothing = 1 }");
    bench.platform.fail_at("delete a", Fault::Before);
    bench.fails(&config, &mesh_engine::PlanOptions { refresh: false, ..normal() }).await;
    let (prior, _) = bench.stored().await;
    let record = prior.all().next().map(|object| object.record.clone()).unwrap();
    assert_eq!((record.schema_version, record.value.get("value")), (1, Some(&Value::string("v1:x"))));
}

#[tokio::test]
async fn what_the_configuration_no_longer_reads_is_forgotten_without_a_change() {
    let bench = Bench::new();
    let text = |waits: &str| {
        format!(
            "resource \"test_thing\" \"a\" {{ name = \"a\" }}\nresource \"test_thing\" \"b\" {{\n name = \"b\"\n {waits}\n}}"
        )
    };
    bench.done(&bench.config(&text("depends_on = [test_thing.a]"))).await;
    // A drift at the same time: neither overwrites the other.
    bench.platform.drift("b", |name, value| if name == "rev" { Value::string("rev-x") } else { value.clone() });
    bench.done(&bench.config(&text(""))).await;
    let (prior, _) = bench.stored().await;
    let record = prior.all().find(|object| object.address.to_string() == "test_thing.b").unwrap().record.clone();
    assert_eq!((record.reads.len(), record.value.get("rev")), (0, Some(&Value::string("rev-x"))));
    assert_eq!(record.private, b"obj-2");
}
