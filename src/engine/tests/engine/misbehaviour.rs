//! Providers that break their contract: it is said, and nothing is lost.

use mesh_diagnostics::Diagnostics;
use mesh_state::Status;

use crate::bench::{Bench, Run, normal};
use crate::provider::Quirk;

const TWO: &str = r#"
resource "test_thing" "a" { name = "a" }
resource "test_thing" "b" { name = "b" }
"#;

fn details(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.detail.as_str()).collect::<Vec<_>>().join("\n")
}

/// What planning says where it is refused.
async fn refusal(quirk: Quirk, text: &str) -> String {
    let mut bench = Bench::new();
    bench.done(&bench.config(TWO)).await;
    bench.quirk = quirk;
    match bench.plan(&bench.config(text), &normal()).await {
        Ok(_) => panic!("{quirk:?} went unseen"),
        Err(diagnostics) => details(&diagnostics),
    }
}

#[tokio::test]
async fn an_answer_for_fewer_objects_than_asked_is_refused() {
    let said = refusal(Quirk::ReadsTooFew, TWO).await;
    assert_eq!(
        said,
        "Asked for 2 objects of type `test_thing`, the provider answered with 1: nobody can say which is which. This is a bug in the provider."
    );
}

#[tokio::test]
async fn a_plan_of_the_wrong_type_is_refused() {
    let said =
        refusal(Quirk::PlansWrongType, "resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"new\"\n}").await;
    assert_eq!(
        said,
        "The provider's answer does not fit its own schema: `rev` is number instead of string. This is a bug in the provider."
    );
}

#[tokio::test]
async fn what_is_kept_must_be_what_the_object_has() {
    let text = "resource \"test_thing\" \"a\" {\n name = \"a\"\n value = \"new\"\n}";
    let said = refusal(Quirk::KeepsOtherwise, text).await;
    assert_eq!(
        said,
        "The provider planned another value for `value` than the configuration gives. This is a bug in the provider."
    );
}

#[tokio::test]
async fn a_data_source_that_returns_nothing_is_not_passed_over() {
    let said = refusal(Quirk::ReadsNoData, "data \"test_lookup\" \"a\" { name = \"a\" }").await;
    assert!(said.contains("the data source returned nothing, and no error"), "{said}");
}

/// Creates one object with a provider that answers wrongly.
async fn made(quirk: Quirk) -> (Bench, String) {
    let mut bench = Bench::new();
    bench.quirk = quirk;
    let config = bench.config("resource \"test_thing\" \"a\" { name = \"a\" }");
    let (_, applied) = bench.fails(&config, &normal()).await;
    let said = details(&applied.diagnostics);
    bench.quirk = Quirk::None;
    (bench, said)
}

#[tokio::test]
async fn what_was_made_is_kept_although_the_answer_does_not_fit() {
    for (quirk, why) in [
        (Quirk::LeavesUnknown, "`rev` is still not known"),
        (Quirk::MakesWrongType, "`rev` is number instead of string"),
    ] {
        let (bench, said) = made(quirk).await;
        assert_eq!(
            said,
            format!("The object that it made does not fit its schema: {why}. This is a bug in the provider.")
        );
        let (prior, intents) = bench.stored().await;
        let statuses: Vec<Status> = prior.all().map(|object| object.record.status).collect();
        assert_eq!((statuses.as_slice(), intents.len()), ([Status::Tainted].as_slice(), 0));
        // It is replaced, and nothing stays behind.
        bench.done(&bench.config("resource \"test_thing\" \"a\" { name = \"a\" }")).await;
        assert_eq!(bench.platform.objects().len(), 1);
    }
}

#[tokio::test]
async fn success_without_an_object_is_reported() {
    let (_, said) = made(Quirk::MakesNothing).await;
    assert_eq!(said, "It reported success and returned no object. This is a bug in the provider.");
}

#[tokio::test]
async fn a_deletion_that_leaves_the_object_is_reported_and_the_object_kept() {
    let mut bench = Bench::new();
    bench.done(&bench.config(TWO)).await;
    bench.quirk = Quirk::DeletesNothing;
    let (_, applied) = bench.fails(&bench.config("resource \"test_thing\" \"a\" { name = \"a\" }"), &normal()).await;
    assert_eq!(
        details(&applied.diagnostics),
        "The provider reported that it is deleted, and that it still exists. This is a bug in the provider."
    );
    assert_eq!(bench.stored().await.0.all().count(), 2);
}

#[tokio::test]
async fn a_state_that_takes_no_more_writes_is_told_and_found_out_later() {
    let bench = Bench::new();
    let config = bench.config(TWO);
    // The history's entry, the two intents, then the first outcome.
    bench.store.kill_at(Some((3, crate::killing::Moment::Refused)));
    let (_, applied) = bench.fails(&config, &normal()).await;
    assert!(details(&applied.diagnostics).contains("the next run will find out how far"), "{applied:#?}");
    assert_eq!(bench.stored().await.1.len(), 1);
    assert!(matches!(bench.run(&config, &normal()).await, Run::Ended(applied) if applied.is_complete()));
    assert_eq!(bench.platform.objects().len(), 2);
}
