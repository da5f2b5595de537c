//! Saved plans: what may happen between saving and applying, and what the file shows.

use mesh_engine::{PlanOptions, Silent, reopen, save};
use mesh_plan::SavedPlan;
use mesh_state::Keyring;
use mesh_value::Value;

use crate::bench::{Bench, Config, Run, changes, normal};

async fn saved(bench: &Bench, config: &Config, options: &PlanOptions) -> SavedPlan {
    let planned = bench.plan(config, options).await.unwrap();
    save(&planned, &config.inputs(8), options, &config.files, None, (0, 0))
}

/// Takes a plan up again and applies it; what stands in the way otherwise.
async fn apply(bench: &Bench, config: &Config, saved: &SavedPlan) -> Result<Vec<String>, String> {
    let (prior, intents) = bench.stored().await;
    let planned = reopen(saved, &config.inputs(8), prior, &intents, None, &Silent).await;
    let planned =
        planned.map_err(|problems| problems.iter().map(|p| p.detail.clone()).collect::<Vec<_>>().join("\n"))?;
    let done = changes(&planned);
    assert!(matches!(bench.carry_out(config, planned).await, Run::Ended(applied) if applied.is_complete()));
    Ok(done)
}

fn two(a: &str, b: &str) -> String {
    format!(
        "resource \"test_thing\" \"a\" {{\n name = \"a\"\n base = \"{a}\"\n}}\n\
         resource \"test_thing\" \"b\" {{\n name = \"b\"\n value = \"{b}\"\n}}"
    )
}

#[tokio::test]
async fn what_concerns_others_does_not_make_it_stale() {
    let bench = Bench::new();
    bench.done(&bench.config(&two("one", "one"))).await;
    let config = bench.config(&two("one", "two"));
    let plan = saved(&bench, &config, &normal()).await;
    bench.done(&bench.config(&two("other", "one"))).await;
    let id = bench.platform.named("a").map(|(id, _)| id);
    assert_eq!(apply(&bench, &config, &plan).await, Ok(vec!["update test_thing.b".to_owned()]));
    assert_eq!(bench.platform.named("a").map(|(id, _)| id), id, "`a` was touched");
}

#[tokio::test]
async fn an_object_made_anew_since_then_is_not_overwritten_by_what_was_read_before() {
    for gone in [true, false] {
        let bench = Bench::new();
        bench.done(&bench.config(&two("one", "one"))).await;
        if gone {
            bench.platform.remove("a");
        } else {
            bench.platform.drift("a", |name, value| if name == "rev" { Value::string("x") } else { value.clone() });
        }
        let config = bench.config(&two("one", "two"));
        let options = PlanOptions { targets: vec!["test_thing.b".into()], ..normal() };
        let wide = saved(&bench, &config, &normal()).await;
        let narrow = saved(&bench, &config, &options).await;
        bench.done(&bench.config(&two("other", "one"))).await;
        for plan in [wide, narrow] {
            let _ = apply(&bench, &config, &plan).await;
            let (prior, _) = bench.stored().await;
            let (id, _) = bench.platform.named("a").unwrap();
            let known = prior.all().filter(|object| object.record.value.get("id") == Some(&Value::string(id.clone())));
            assert_eq!(known.count(), 1, "`a`, {id}, is lost");
        }
    }
}

#[tokio::test]
async fn a_change_that_was_made_since_then_makes_it_stale() {
    let bench = Bench::new();
    bench.done(&bench.config(&two("one", "one"))).await;
    let config = bench.config(&two("one", "two"));
    let plan = saved(&bench, &config, &normal()).await;
    bench.done(&bench.config(&two("one", "three"))).await;
    let refused = apply(&bench, &config, &plan).await.unwrap_err();
    assert!(refused.contains("`test_thing.b.value` was changed"), "{refused}");
}

#[tokio::test]
async fn a_plan_file_shows_no_secret() {
    let keyring = Keyring::new([7; 32]);
    let texts = [
        "variable \"token\" {\n type = string\n sensitive = true\n}",
        "data \"test_lookup\" \"a\" { name = \"a\" }\nvariable \"token\" { type = string }",
    ];
    for text in texts {
        let bench = Bench::new();
        let mut config = bench.config(text);
        config.variables.insert("token".into(), Value::string("hunter22"));
        let file = saved(&bench, &config, &normal()).await.encode(&keyring).unwrap();
        let shown = String::from_utf8_lossy(&file).into_owned();
        let secret = if text.contains("sensitive") { "hunter22" } else { "found-a" };
        assert!(!shown.contains(secret), "{shown}");
        assert!(SavedPlan::decode(&file, &keyring).is_ok());
    }
}
