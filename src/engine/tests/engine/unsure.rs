//! Replies that are lost: nobody knows whether it was done, and the next run finds out.

use mesh_state::{IntentAction, Status};

use crate::bench::{Bench, changes, normal};
use crate::platform::Fault;

const CHAIN: &str = r#"
resource "test_thing" "a" { name = "a" }
resource "test_thing" "b" {
  name = "b"
  uses = [test_thing.a.id]
}
resource "test_thing" "c" { name = "c" }
"#;

/// A creation of `a` that nobody knows the outcome of.
async fn unsure(fault: Fault) -> Bench {
    let bench = Bench::new();
    bench.platform.fail_at("create a", fault);
    let (log, applied) = bench.fails(&bench.config(CHAIN), &normal()).await;
    assert!(!log.iter().any(|call| call == "create b"), "{log:#?}");
    let hints: Vec<_> = applied.diagnostics.iter().flat_map(|problem| &problem.hints).collect();
    assert!(hints[0].starts_with("Whether it was created is not known."), "{hints:?}");
    let (prior, intents) = bench.stored().await;
    let recorded: Vec<_> = prior.all().map(|object| object.address.to_string()).collect();
    assert_eq!(recorded, ["test_thing.c"]);
    let open: Vec<_> = intents.iter().map(|intent| (intent.address.as_str(), intent.action)).collect();
    assert_eq!(open, [("test_thing.a", IntentAction::Create)]);
    bench
}

#[tokio::test]
async fn what_was_created_without_a_reply_is_found_by_the_next_run() {
    let bench = unsure(Fault::LostReply).await;
    let config = bench.config(CHAIN);
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["create test_thing.b"]);
    let log = bench.done(&config).await;
    assert!(!log.iter().any(|call| call == "create a"), "{log:#?}");
    let (prior, intents) = bench.stored().await;
    assert_eq!((bench.platform.objects().len(), prior.all().count(), intents.len()), (3, 3, 0));
    assert!(prior.all().all(|object| object.record.status == Status::Ready));
}

#[tokio::test]
async fn what_was_not_created_is_created_by_the_next_run() {
    let bench = unsure(Fault::LostRequest).await;
    let config = bench.config(CHAIN);
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["create test_thing.a", "create test_thing.b"]);
    bench.done(&config).await;
    let (prior, intents) = bench.stored().await;
    assert_eq!((bench.platform.objects().len(), prior.all().count(), intents.len()), (3, 3, 0));
}

#[tokio::test]
async fn a_replacement_that_may_be_there_leaves_the_old_object_until_it_is_known() {
    for fault in [Fault::LostReply, Fault::LostRequest] {
        let bench = Bench::new();
        let text = |base: &str| {
            let rest = "lifecycle { create_before_destroy = true }";
            bench.config(&format!("resource \"test_thing\" \"a\" {{\n name = \"a\"\n base = \"{base}\"\n {rest}\n}}"))
        };
        bench.done(&text("one")).await;
        bench.platform.fail_at("create a", fault);
        let (log, _) = bench.fails(&text("two"), &normal()).await;
        assert!(!log.iter().any(|call| call == "delete a"), "{log:#?}");
        bench.done(&text("two")).await;
        let (prior, intents) = bench.stored().await;
        assert_eq!((prior.all().count(), intents.len(), bench.platform.objects().len()), (1, 0, 1));
    }
}

#[tokio::test]
async fn a_change_or_deletion_without_a_reply_is_seen_by_the_next_refresh() {
    for fault in [Fault::LostReply, Fault::LostRequest] {
        let bench = Bench::new();
        bench.done(&bench.config(CHAIN)).await;
        let changed = bench.config("resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"new\"\n}");
        for call in ["update a", "delete b"] {
            bench.platform.fail_at(call, fault);
        }
        bench.fails(&changed, &normal()).await;
        assert_eq!(bench.stored().await.1.len(), 0);
        let log = bench.done(&changed).await;
        let again = log.iter().filter(|call| ["update a", "delete b"].contains(&call.as_str())).count();
        assert_eq!(again, if fault == Fault::LostReply { 0 } else { 2 }, "{log:#?}");
        assert_eq!((bench.platform.objects().len(), bench.stored().await.0.all().count()), (1, 1));
    }
}
