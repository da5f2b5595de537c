//! Random configurations, random edits, random faults and kills: nothing is ever lost, and it always ends well.

mod generate;

use std::collections::BTreeSet;

use mesh_engine::{PlanOptions, Prior};
use mesh_plan::Action;
use mesh_state::{Intent, IntentAction};
use mesh_value::Value;

use self::generate::{Random, Shape};
use crate::bench::{Bench, Config, Run, destroy, normal};
use crate::killing::Moment;
use crate::platform::{Fault, Object};

/// Runs per test, each with its own seed. `MESH_SEED` runs one, `MESH_SEEDS` so many.
fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("MESH_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MESH_SEEDS").unwrap_or(400),
    }
}

const FAULTS: [Fault; 7] = [
    Fault::Before,
    Fault::After,
    Fault::Partial,
    Fault::LostReply,
    Fault::LostRequest,
    Fault::KilledBefore,
    Fault::KilledAfter,
];

/// Chooses what goes wrong in the next run.
fn trouble(bench: &Bench, random: &mut Random) {
    bench.store.kill_at(None);
    bench.platform.fail([]);
    match random.below(4) {
        0 => {}
        1 => {
            let moments = [Moment::Before, Moment::After, Moment::Refused];
            bench.store.kill_at(Some((random.below(20), *random.of(&moments))));
        }
        _ => {
            let faults: Vec<_> = (0..1 + random.below(3)).map(|_| (random.below(8), *random.of(&FAULTS))).collect();
            bench.platform.fail(faults);
        }
    }
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Every object that exists is in the state, or in the journal; and no two records are about one object.
fn hold_nothing_lost(bench: &Bench, prior: &Prior, intents: &[Intent], story: &str) {
    let mut recorded = BTreeSet::new();
    for object in prior.all() {
        let id = text(&object.record.value.without_marks_deep(), "id");
        assert!(recorded.insert(id.clone()), "two records of {id}\n{story}");
    }
    let creating = |object: &Object| {
        intents.iter().any(|intent| intent.action == IntentAction::Create && intent.token == object.token)
    };
    for (id, object) in bench.platform.objects() {
        assert!(recorded.contains(&id) || creating(&object), "{id}, {}, is lost\n{story}", object.name());
    }
}

async fn quiet(bench: &Bench, config: &Config, options: &PlanOptions, story: &str) -> bool {
    let planned = bench.plan(config, options).await.unwrap_or_else(|problems| panic!("{problems:#?}\n{story}"));
    let idle = planned.plan.changes.iter().all(|change| change.action == Action::NoOp);
    idle && planned.plan.deferred.is_empty()
}

/// Applies until nothing changes any more.
async fn settle(bench: &Bench, config: &Config, options: &PlanOptions, most: usize, story: &str) {
    bench.store.kill_at(None);
    bench.platform.fail([]);
    for _ in 0..most {
        match bench.run(config, options).await {
            Run::Ended(applied) => assert!(applied.is_complete(), "{:#?}\n{story}", applied.diagnostics),
            other => panic!("{other:#?}\n{story}"),
        }
        if quiet(bench, config, options, story).await {
            return;
        }
    }
    let planned = bench.plan(config, options).await.map(|planned| crate::bench::changes(&planned));
    panic!("still not settled: {planned:#?}\n{story}");
}

async fn one(seed: u64) {
    let mut random = Random::new(seed);
    let bench = Bench { parallelism: 1 + random.below(6), ..Bench::new() };
    let mut shape = Shape::random(&mut random);
    let mut story = format!("MESH_SEED={seed}\n");
    for round in 0..2 + random.below(4) {
        let source = shape.to_string();
        let config = bench.config(&source);
        trouble(&bench, &mut random);
        let options = if round > 0 && random.below(8) == 0 { destroy() } else { normal() };
        let run = bench.run(&config, &options).await;
        let ended = match &run {
            Run::Ended(applied) => format!("{:#?}", applied.diagnostics.iter().map(|d| &d.detail).collect::<Vec<_>>()),
            Run::Killed => "killed".to_owned(),
            Run::Broken(error) => error.to_string(),
            Run::Refused(problems) => panic!("{problems:#?}\n{story}\n{source}"),
        };
        let log = bench.platform.take_log().join("\n  ");
        story.push_str(&format!("---\n{source}\n{:?}\n  {log}\n{ended}\n", options.mode));
        let (prior, intents) = bench.stored().await;
        hold_nothing_lost(&bench, &prior, &intents, &story);
        if random.below(4) == 0 {
            disturb(&bench, &mut random, &mut story);
        }
        shape.edit(&mut random);
    }
    let config = bench.config(&shape.to_string());
    story.push_str(&format!("--- at last\n{shape}\n"));
    settle(&bench, &config, &normal(), 3, &story).await;
    let names: BTreeSet<String> = bench.platform.objects().values().map(Object::name).collect();
    let (prior, intents) = bench.stored().await;
    assert_eq!(names.len(), bench.platform.objects().len(), "something exists twice\n{story}");
    assert_eq!(prior.all().count(), names.len(), "state and platform differ\n{story}");
    assert!(intents.is_empty(), "open at the end\n{story}");
    bench.platform.take_dangling();
    settle(&bench, &config, &destroy(), 1, &story).await;
    assert!(bench.platform.objects().is_empty(), "left behind\n{story}");
    assert!(bench.stored().await.0.all().next().is_none(), "left in the state\n{story}");
    assert_eq!(bench.platform.take_dangling(), Vec::<String>::new(), "{story}");
}

/// Someone changes or removes an object behind mesh's back.
fn disturb(bench: &Bench, random: &mut Random, story: &mut String) {
    let objects: Vec<String> = bench.platform.objects().values().map(Object::name).collect();
    if objects.is_empty() {
        return;
    }
    let name = random.of(&objects).clone();
    if random.below(2) == 0 {
        bench.platform.remove(&name);
        story.push_str(&format!("someone removed {name}\n"));
    } else {
        bench.platform.drift(
            &name,
            |attribute, value| {
                if attribute == "value" { Value::string("drifted") } else { value.clone() }
            },
        );
        story.push_str(&format!("someone changed {name}\n"));
    }
}

#[tokio::test]
async fn whatever_goes_wrong_nothing_is_lost_and_it_ends_well() {
    for seed in seeds() {
        one(seed).await;
    }
}
