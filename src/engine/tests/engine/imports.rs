//! Imported objects: taken over once, made by nobody, and lost by no kill.

use mesh_engine::{PlanOptions, Silent, reopen, save};
use mesh_value::Value;

use crate::bench::{Bench, Run, changes, destroy, normal};
use crate::killing::Moment;

/// A platform on which `a` and `b` exist that no state knows, and their ids.
async fn strangers() -> (Bench, [String; 2]) {
    let bench = Bench::new();
    bench
        .done(&bench.config(
            "resource \"test_thing\" \"a\" { name = \"a\" }\nresource \"test_thing\" \"b\" {\n name = \"b\"\n value = \"old\"\n}",
        ))
        .await;
    let forget = ["a", "b"]
        .map(|name| format!("removed {{\n from = test_thing.{name}\n lifecycle {{\n destroy = false\n }}\n}}"));
    bench.done(&bench.config(&forget.join("\n"))).await;
    let ids = ["a", "b"].map(|name| bench.platform.named(name).unwrap().0);
    (bench, ids)
}

fn importing([a, b]: &[String; 2]) -> String {
    format!(
        "resource \"test_thing\" \"a\" {{ name = \"a\" }}\n\
         resource \"test_thing\" \"b\" {{\n name = \"b\"\n value = \"new\"\n uses = [test_thing.a.id]\n}}\n\
         import {{\n to = test_thing.a\n id = \"{a}\"\n}}\nimport {{\n to = test_thing.b\n id = \"{b}\"\n}}"
    )
}

#[tokio::test]
async fn an_import_that_is_killed_at_any_commit_loses_and_makes_nothing() {
    let mut commits = 0;
    for moment in [Moment::Before, Moment::After, Moment::Refused] {
        for commit in 0.. {
            let (bench, ids) = strangers().await;
            let config = bench.config(&importing(&ids));
            bench.store.kill_at(Some((commit, moment)));
            let run = bench.run(&config, &normal()).await;
            bench.store.kill_at(None);
            let is_through = matches!(&run, Run::Ended(applied) if applied.is_complete());
            bench.done(&config).await;
            let (prior, intents) = bench.stored().await;
            assert_eq!((prior.objects.len(), prior.deposed.len(), intents.len()), (2, 0, 0), "{moment:?} {commit}");
            let objects = bench.platform.objects();
            assert!(
                objects.len() == 2 && ids.iter().all(|id| objects.contains_key(id)),
                "{moment:?} {commit}: {objects:#?}"
            );
            assert_eq!(objects[&ids[1]].value.get("value"), Some(&Value::string("new")));
            bench.done_with(&config, &destroy()).await;
            assert!(bench.platform.objects().is_empty() && bench.platform.take_dangling().is_empty());
            commits = commits.max(commit);
            if is_through {
                break;
            }
        }
    }
    assert!(commits >= 4, "only {commits} commits were tried");
}

#[tokio::test]
async fn an_import_waits_for_an_id_that_is_known_after_apply() {
    let (bench, [a, _]) = strangers().await;
    let config = bench.config(&format!(
        "resource \"test_thing\" \"first\" {{\n name = \"first\"\n}}\n\
         resource \"test_thing\" \"a\" {{ name = \"a\" }}\n\
         import {{\n to = test_thing.a\n id = length(test_thing.first.rev) > 0 ? \"{a}\" : \"none\"\n}}"
    ));
    let planned = bench.plan(&config, &normal()).await.unwrap();
    let is_decided = planned.plan.deferred.is_empty();
    bench.carry_out(&config, planned).await;
    if !is_decided {
        bench.done(&config).await;
    }
    assert_eq!(bench.platform.objects().len(), 3, "something was made beside what was there");
}

#[tokio::test]
async fn an_import_of_what_has_no_place_is_refused_and_deletes_nothing() {
    let (bench, [a, _]) = strangers().await;
    let text = |count: u8| {
        format!(
            "resource \"test_thing\" \"a\" {{\n count = {count}\n name = \"a\"\n}}\nimport {{\n to = test_thing.a[0]\n id = \"{a}\"\n}}"
        )
    };
    assert!(matches!(bench.run(&bench.config(&text(0)), &normal()).await, Run::Refused(_)));
    assert_eq!(bench.platform.objects().len(), 2);
    bench.done(&bench.config(&text(1))).await;
    // What was imported goes as any other object does.
    bench.done(&bench.config("locals { nothing = 1 }")).await;
    assert_eq!(bench.platform.objects().len(), 1);
}

#[tokio::test]
async fn a_saved_import_is_applied_once() {
    let (bench, ids) = strangers().await;
    let config = bench.config(&importing(&ids));
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["update test_thing.b"]);
    let plan = save(&planned, &config.inputs(8), &normal(), &config.files, None, (0, 0));
    for is_first in [true, false] {
        let (prior, intents) = bench.stored().await;
        let reopened = reopen(&plan, &config.inputs(8), prior, &intents, None, &Silent).await;
        assert_eq!(reopened.is_ok(), is_first);
        if let Ok(planned) = reopened {
            assert!(matches!(bench.carry_out(&config, planned).await, Run::Ended(applied) if applied.is_complete()));
        }
    }
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert!(!planned.plan.has_changes());
}

#[tokio::test]
async fn what_is_not_targeted_is_not_imported() {
    let (bench, ids) = strangers().await;
    let config = bench.config(&importing(&ids));
    let options = PlanOptions { targets: vec!["test_thing.a".into()], ..normal() };
    bench.done_with(&config, &options).await;
    let (prior, _) = bench.stored().await;
    assert_eq!(prior.objects.len(), 1);
}
