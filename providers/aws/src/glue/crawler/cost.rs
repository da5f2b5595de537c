//! What a crawler costs: its data processing units for as long as its runs take.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, UsageParameter,
};

use crate::glue::starts;

/// A run is charged for so many minutes at least.
const LEAST_MINUTES: Decimal = Decimal::TEN;

/// What only use decides of a crawler.
pub(super) const USAGE: &[UsageParameter] = &[
    starts::RUNS,
    UsageParameter {
        name: "minutes_per_run",
        unit: "minute",
        description: "How long a run takes on average. Ten minutes are charged at least.",
    },
    UsageParameter {
        name: "hours",
        unit: "hour",
        description: "Hours a month that all runs take together, instead of `runs` and `minutes_per_run`.",
    },
    UsageParameter {
        name: "dpus",
        unit: "DPU",
        description: "How many data processing units Glue gives to a run; a crawler can't choose.",
    },
];

/// What a crawler costs. It never runs twice at once.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let runs = runs(&request);
    let hours = request.declared("hours").unwrap_or_else(|| {
        let runs = runs.clone().unwrap_or_else(|| request.used("runs"));
        runs.times(&minutes(&request)).map(starts::hours)
    });
    let units = request.used("dpus").times(&hours.at_most(HOURS_A_MONTH));
    let mut charges = Charges { runs, ..Charges::default() };
    charges.add("runs", PriceKey::new("aws/glue/crawler", region), "DPU-hour", units);
    charges.into()
}

/// How often a month it runs, if anybody says so: `usage`, its schedule, or triggers.
fn runs(request: &CostRequest<'_>) -> Option<Quantity> {
    let scheduled = || request.at("schedule").and_then(starts::by_schedule);
    let declared = request.declared("runs").or_else(scheduled);
    declared.or_else(|| starts::by_triggers(request, "crawler_name"))
}

fn minutes(request: &CostRequest<'_>) -> Quantity {
    match request.declared("minutes_per_run") {
        Some(declared) => declared.map(|minutes| minutes.max(LEAST_MINUTES)),
        None => {
            let because = "`minutes_per_run` is not declared in a `usage` block: ten are charged at least";
            Quantity::wide(Interval::new(LEAST_MINUTES, LEAST_MINUTES, None), because)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::cost;
    use crate::costed::{Costed, book, month, parts, reasons};

    const REGION: &str = "eu-central-1";

    fn crawler(schedule: Json) -> Costed {
        Costed::new("aws_glue_crawler", json!({ "name": "orders", "schedule": schedule }))
    }

    #[test]
    fn a_run_costs_ten_minutes_at_least() {
        let book = book(REGION, &[("aws/glue/crawler", "DPU-hour", "0.44")]);
        // 30 runs x 10 min / 60 x 2 DPU x 0.44 = 4.40
        let case = crawler(Json::Null).used(json!({ "runs": 30, "minutes_per_run": 4, "dpus": 2 }));
        assert_eq!(month(&cost(REGION, case.request()), &book), "4.4");
        // Infracost's public example of 60 hours: 60 x 0.44 = 26.40
        let case = crawler(Json::Null).used(json!({ "hours": 60, "dpus": 1 }));
        assert_eq!(month(&cost(REGION, case.request()), &book), "26.4");
    }

    #[test]
    fn a_schedule_says_how_often() {
        // 365 / 12 runs x 12 min / 60 x 2 DPU = 12.1667
        let case = crawler(json!("cron(15 12 * * ? *)")).used(json!({ "minutes_per_run": 12, "dpus": 2 }));
        assert_eq!(parts(&cost(REGION, case.request())), ["runs: 12.1667 DPU-hour of aws/glue/crawler"]);
        let over = crawler(json!("cron(15 12 * * ? *)")).used(json!({ "minutes_per_run": 12, "dpus": 2, "runs": 5 }));
        assert_eq!(parts(&cost(REGION, over.request())), ["runs: 2 DPU-hour of aws/glue/crawler"]);
        let trigger = json!({
            "type": "SCHEDULED", "enabled": true, "schedule": "cron(0 6 1 * ? *)",
            "actions": [{ "crawler_name": "orders" }],
        });
        let triggered = crawler(Json::Null).beside("aws_glue_trigger", trigger);
        let triggered = triggered.used(json!({ "minutes_per_run": 30, "dpus": 2 }));
        assert_eq!(parts(&cost(REGION, triggered.request())), ["runs: 1 DPU-hour of aws/glue/crawler"]);
    }

    #[test]
    fn what_nobody_declares_is_open() {
        let costs = cost(REGION, crawler(Json::Null).request());
        assert_eq!(parts(&costs), ["runs: 0 .. 0 .. open DPU-hour of aws/glue/crawler"]);
        assert_eq!(reasons(&costs).len(), 3);
    }
}
