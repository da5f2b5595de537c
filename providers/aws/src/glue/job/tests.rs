//! Holds what jobs cost by hand-computed cases and by Infracost's public examples, the arithmetic in a comment beside each.

use mesh_cost::Book;
use mesh_provider::cost::Costs;
use serde_json::{Value as Json, json};

use super::cost::cost;
use super::savings::savings;
use crate::costed::{Costed, book, month, month_expected, parts, reasons};

const REGION: &str = "us-east-1";

fn prices() -> Book {
    let prices = [
        ("aws/glue/etl", "DPU-hour", "0.44"),
        ("aws/glue/etl-flex", "DPU-hour", "0.29"),
        ("aws/glue/python-shell", "DPU-hour", "0.44"),
        ("aws/glue/streaming", "DPU-hour", "0.44"),
    ];
    book(REGION, &prices)
}

fn job(more: Json) -> Costed {
    let mut job =
        json!({ "name": "orders", "command": { "name": "glueetl" }, "max_retries": 0, "glue_version": "5.0" });
    let Json::Object(more) = more else { panic!("an object") };
    job.as_object_mut().unwrap().extend(more);
    Costed::new("aws_glue_job", job)
}

fn costs(case: &Costed) -> Costs {
    cost(REGION, case.request())
}

#[test]
fn runs_cost_their_units_for_their_minutes() {
    let g2x = || job(json!({ "worker_type": "G.2X", "number_of_workers": 10 }));
    // 30 runs x 20 min / 60 x 10 x 2 DPU x 0.44 = 88
    let used = costs(&g2x().used(json!({ "runs": 30, "minutes_per_run": 20 })));
    assert_eq!(month(&used, &prices()), "88");
    // A quarter of a minute is charged as a whole: 600 x 1 / 60 x 20 x 0.44 = 88
    assert_eq!(month(&costs(&g2x().used(json!({ "runs": 600, "minutes_per_run": 0.25 }))), &prices()), "88");
    // In FLEX: 30 x 20 / 60 x 20 x 0.29 = 58
    let flex = job(json!({ "worker_type": "G.2X", "number_of_workers": 10, "execution_class": "FLEX" }));
    assert_eq!(month(&costs(&flex.used(json!({ "runs": 30, "minutes_per_run": 20 }))), &prices()), "58");
    // Glue 6 has prices of its own, which must not be taken for the older ones.
    let newer = job(json!({ "worker_type": "G.2X", "number_of_workers": 10, "glue_version": "6.0" }));
    let keys = costs(&newer.used(json!({ "runs": 30, "minutes_per_run": 20 })));
    assert_eq!(keys.components()[0].price.key.as_ref(), "aws/glue/etl-6");
}

#[test]
fn infracost_s_examples_have_the_same_quantities() {
    // 60 hours of 20, 10, 10, 10 DPU: 528 and three times 264
    for (size, units, month_of_60) in [
        (json!({ "worker_type": "G.2X", "number_of_workers": 10 }), 20, "528"),
        (json!({ "worker_type": "G.1X", "number_of_workers": 10 }), 10, "264"),
        (json!({ "number_of_workers": 10 }), 10, "264"),
        (json!({ "max_capacity": 10 }), 10, "264"),
    ] {
        let costs = costs(&job(size).used(json!({ "hours": 60 })));
        assert_eq!(parts(&costs), [format!("runs: {} DPU-hour of aws/glue/etl", 60 * units)]);
        assert_eq!(month(&costs, &prices()), month_of_60);
    }
    // A Python shell of 1/16: an hour is 0.0625 x 0.44 = 0.0275
    let shell = job(json!({ "command": { "name": "pythonshell" }, "max_capacity": 0.0625 }));
    let shell = costs(&shell.used(json!({ "hours": 1 })));
    assert_eq!(parts(&shell), ["runs: 0.0625 DPU-hour of aws/glue/python-shell"]);
}

#[test]
fn a_timeout_bounds_what_nobody_declares() {
    // 30 runs x 1 .. 120 min / 60 x 10 DPU x 0.44 = 2.20 .. 264
    let bounded = job(json!({ "worker_type": "G.1X", "number_of_workers": 10, "timeout": 120 }));
    let costs = costs(&bounded.used(json!({ "runs": 30 })));
    assert_eq!(month(&costs, &prices()), "2.2 .. 2.2 .. 264");
    assert_eq!(reasons(&costs), ["`minutes_per_run` is not declared in a `usage` block: at most `timeout`"]);
}

#[test]
fn a_job_runs_all_the_time_at_most() {
    // 2 at once x 730 h x 10 DPU x 0.44 = 6424
    let unsaid = job(json!({ "max_capacity": 10, "execution_property": { "max_concurrent_runs": 2 } }));
    assert_eq!(month(&costs(&unsaid), &prices()), "0 .. 0 .. 6424");
    // 730 h x 2 x 0.44 = 642.40
    let stream = job(json!({ "command": { "name": "gluestreaming" }, "worker_type": "G.1X", "number_of_workers": 2 }));
    assert_eq!(month(&costs(&stream), &prices()), "0 .. 642.4 .. 642.4");
}

#[test]
fn scaling_widens_the_workers() {
    let scaled = || {
        let arguments = json!({ "--enable-auto-scaling": "true" });
        job(json!({ "worker_type": "G.1X", "number_of_workers": 9, "default_arguments": arguments }))
    };
    // 100 h x (1 .. 5 .. 9) x 0.44
    assert_eq!(month(&costs(&scaled().used(json!({ "hours": 100 }))), &prices()), "44 .. 220 .. 396");
    let said = scaled().used(json!({ "hours": 100, "average_workers": 3 }));
    assert_eq!(month(&costs(&said), &prices()), "44 .. 132 .. 396");
}

#[test]
fn schedules_of_triggers_say_how_often_it_runs() {
    let trigger = |kind: &str, schedule: Json, enabled: bool| {
        let actions = json!([{ "job_name": "other" }, { "job_name": "orders" }]);
        json!({ "type": kind, "schedule": schedule, "enabled": enabled, "actions": actions })
    };
    let hourly = || trigger("SCHEDULED", json!("cron(0 * * * ? *)"), true);
    let started = |job: Costed| job.used(json!({ "minutes_per_run": 6 }));
    let job = |retries: i64| job(json!({ "max_capacity": 10, "max_retries": retries }));
    // 730 runs x 6 min / 60 x 10 DPU x 0.44 = 321.20
    let once = started(job(0).beside("aws_glue_trigger", hourly()));
    assert_eq!(month(&costs(&once), &prices()), "321.2");
    // Each may be tried again.
    let again = started(job(1).beside("aws_glue_trigger", hourly()));
    assert_eq!(month(&costs(&again), &prices()), "321.2 .. 321.2 .. 642.4");
    let off = started(job(0).beside("aws_glue_trigger", trigger("SCHEDULED", json!("cron(0 * * * ? *)"), false)));
    assert_eq!(month(&costs(&off), &prices()), "0");
    // Nobody knows how often the other one is: 730 h at most
    let by_event = trigger("EVENT", Json::Null, true);
    let both = started(job(0).beside("aws_glue_trigger", hourly()).beside("aws_glue_trigger", by_event));
    assert_eq!(month(&costs(&both), &prices()), "321.2 .. 321.2 .. 3212");
}

#[test]
fn every_way_to_save_costs_less() {
    let large = json!({ "worker_type": "G.2X", "number_of_workers": 10, "execution_class": null, "timeout": 600,
        "default_arguments": null });
    let case = || job(large.clone()).used(json!({ "hours": 60, "average_workers": 4 }));
    let before = month_expected(&costs(&case()), &prices());
    let found = savings(&case().request());
    let changes: Vec<_> = found.iter().map(|saving| saving.change.as_str()).collect();
    assert_eq!(
        changes,
        [
            "execution_class = \"FLEX\" (now \"STANDARD\")",
            "default_arguments = { \"--enable-auto-scaling\" = \"true\" }",
            "worker_type = \"G.1X\" (now \"G.2X\")",
            "number_of_workers = 5 (now 10)",
            "timeout = 300 (now 600)",
        ]
    );
    for saving in found.into_iter().take(4) {
        let after = month_expected(&costs(&case().with_value(saving.value)), &prices());
        assert!(after < before, "{}: {after}", saving.change);
    }
    let shell = job(json!({ "command": { "name": "pythonshell" }, "max_capacity": 1 }));
    assert_eq!(savings(&shell.request())[0].change, "max_capacity = 0.0625 (now 1)");
}
