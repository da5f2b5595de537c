//! What applications cost: the workers that stand ready for as long as the application is started, and what jobs use
//! beyond them.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, UsageParameter, at, number,
};
use mesh_value::Value;

use super::parts::amount;

/// The GB of each worker's disk that cost nothing.
const FREE_DISK: u32 = 20;

/// What a worker of Spark is where nobody wrote it, in processors and GB of memory.
const USUAL_WORKER: (u32, u32) = (4, 16);

/// After so many minutes without a job an application stops where nobody wrote when.
const USUAL_IDLE_MINUTES: u32 = 15;

/// What only use decides of an application.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter {
        name: "vcpu_hours",
        unit: "vCPU-hour",
        description: "Processors that jobs use beyond the workers of `initial_capacity`, in hours a month of one vCPU.",
    },
    UsageParameter {
        name: "memory_gb_hours",
        unit: "GB-hour",
        description: "Memory that jobs use beyond the workers of `initial_capacity`, in hours a month of one GB.",
    },
    UsageParameter {
        name: "storage_gb_hours",
        unit: "GB-hour",
        description: "Disk that jobs use beyond the 20 GB that are free for each worker, in hours a month of one GB.",
    },
    UsageParameter {
        name: "hours",
        unit: "hour",
        description: "Hours a month that the application is started, so that the workers of `initial_capacity` cost.",
    },
    UsageParameter {
        name: "busy_hours",
        unit: "hour",
        description: "Hours a month that jobs run in the application, where it stops by itself when there is none.",
    },
    UsageParameter {
        name: "runs",
        unit: "run",
        description: "How often a month it starts for jobs. After each it waits as long as `auto_stop_configuration` says.",
    },
];

/// What an application costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges { runs: request.declared("runs"), ..Charges::default() };
    let processors = if request.text("architecture") == Some("ARM64") { "arm" } else { "x86" };
    let key = |what: &str| match what {
        "storage" => PriceKey::new("aws/emr-serverless/storage", region),
        what => PriceKey::new(format!("aws/emr-serverless/{what}/{processors}"), region),
    };
    let ready = Ready::of(&request);
    let hours = hours(&request);
    for (part, what, unit, each) in [
        ("ready workers, processors", "vcpu", "vCPU-hour", &ready.processors),
        ("ready workers, memory", "memory", "GB-hour", &ready.memory),
        ("ready workers, disks", "storage", "GB-hour", &ready.disk),
    ] {
        if !each.interval.is_zero() {
            charges.add(part, key(what), unit, each.times(&hours));
        }
    }
    let most = |name: &str, ready: Option<&Quantity>| {
        let most = request.at("maximum_capacity").and_then(|most| amount(at(most, name)?.as_str()?))?;
        let ready = ready.map(|ready| ready.interval.low).unwrap_or_default();
        Some((most - ready).max(Decimal::ZERO).saturating_mul(HOURS_A_MONTH))
    };
    for (part, what, unit, parameter, most) in [
        ("jobs, processors", "vcpu", "vCPU-hour", "vcpu_hours", most("cpu", Some(&ready.processors))),
        ("jobs, memory", "memory", "GB-hour", "memory_gb_hours", most("memory", Some(&ready.memory))),
        ("jobs, disks", "storage", "GB-hour", "storage_gb_hours", most("disk", None)),
    ] {
        let used = request.used(parameter);
        charges.add(part, key(what), unit, most.map_or_else(|| used.clone(), |most| used.at_most(most)));
    }
    charges.into()
}

/// What the workers that stand ready are together.
struct Ready {
    processors: Quantity,
    memory: Quantity,
    disk: Quantity,
}

impl Ready {
    fn of(request: &CostRequest<'_>) -> Self {
        let mut ready =
            Self { processors: Quantity::default(), memory: Quantity::default(), disk: Quantity::default() };
        for config in request.blocks("initial_capacity").iter().filter_map(|block| at(block, "initial_capacity_config"))
        {
            let count = number(config, "worker_count").unwrap_or_default();
            let worker = at(config, "worker_configuration");
            let each = |name: &str, usual: u32| match worker.map(|worker| at(worker, name)) {
                Some(Some(written)) => size(written, name),
                Some(None) | None => Quantity::exactly(usual),
            };
            let (processors, memory) = USUAL_WORKER;
            let paid_disk = each("disk", FREE_DISK).map(|disk| disk - Decimal::from(FREE_DISK));
            ready.processors = ready.processors.plus(&count.times(&each("cpu", processors)));
            ready.memory = ready.memory.plus(&count.times(&each("memory", memory)));
            ready.disk = ready.disk.plus(&count.times(&paid_disk));
        }
        ready
    }
}

/// What a text such as `16 GB` says.
fn size(written: &Value, name: &str) -> Quantity {
    match written.as_str().and_then(amount) {
        Some(amount) => Quantity::exactly(amount),
        None => Quantity::late(Interval::OPEN, format!("`{name}` of a worker is known after apply")),
    }
}

/// The hours of a month that an application is started.
fn hours(request: &CostRequest<'_>) -> Quantity {
    if let Some(declared) = request.declared("hours") {
        return declared.at_most(HOURS_A_MONTH);
    }
    if request.at("auto_stop_configuration.enabled").and_then(Value::as_bool) == Some(false) {
        return Quantity::exactly(HOURS_A_MONTH);
    }
    let Some(busy) = request.declared("busy_hours") else {
        let interval = Interval::new(Decimal::ZERO, HOURS_A_MONTH, Some(HOURS_A_MONTH));
        let because = "the application stops when it has no job, and `busy_hours` is not declared in a `usage` block";
        return Quantity::wide(interval, because);
    };
    let idle = request.number("auto_stop_configuration.idle_timeout_minutes");
    let idle = idle.unwrap_or_else(|| Quantity::exactly(USUAL_IDLE_MINUTES));
    let runs = request.declared("runs").unwrap_or_else(|| {
        let once = Interval::new(Decimal::ONE, Decimal::ONE, None);
        Quantity::wide(
            once,
            "`runs` is not declared in a `usage` block: after each the application waits before it stops",
        )
    });
    let idle_hours = runs.times(&idle).map(|minutes| minutes / Decimal::from(60));
    busy.plus(&idle_hours).at_most(HOURS_A_MONTH)
}

#[cfg(test)]
mod tests {
    use mesh_cost::Book;
    use serde_json::{Value as Json, json};

    use super::super::savings::savings;
    use super::*;
    use crate::costed::{Costed, book, month, month_expected, parts, reasons};

    const REGION: &str = "us-east-1";

    fn prices() -> Book {
        let prices = [
            ("aws/emr-serverless/vcpu/x86", "vCPU-hour", "0.052624"),
            ("aws/emr-serverless/memory/x86", "GB-hour", "0.0057785"),
            ("aws/emr-serverless/vcpu/arm", "vCPU-hour", "0.042094"),
            ("aws/emr-serverless/memory/arm", "GB-hour", "0.004628"),
            ("aws/emr-serverless/storage", "GB-hour", "0.000111"),
        ];
        book(REGION, &prices)
    }

    /// One driver of 2 vCPU and 4 GB, and ten executors of 4 vCPU, 16 GB and 50 GB of disk.
    fn application(more: Json) -> Costed {
        let kind = |name: &str, count: i64, worker: Json| {
            let config = json!({ "worker_count": count, "worker_configuration": worker });
            json!({ "initial_capacity_type": name, "initial_capacity_config": config })
        };
        let mut object = json!({
            "type": "spark",
            "architecture": "X86_64",
            "auto_stop_configuration": { "enabled": true, "idle_timeout_minutes": 15 },
            "maximum_capacity": null,
            "initial_capacity": [
                kind("Driver", 1, json!({ "cpu": "2 vCPU", "memory": "4 GB", "disk": null })),
                kind("Executor", 10, json!({ "cpu": "4vCPU", "memory": "16 GB", "disk": "50 GB" })),
            ],
        });
        let Json::Object(more) = more else { panic!("an object") };
        object.as_object_mut().unwrap().extend(more);
        Costed::new("aws_emrserverless_application", object)
    }

    fn no_jobs(hours: Json) -> Json {
        let mut used = json!({ "vcpu_hours": 0, "memory_gb_hours": 0, "storage_gb_hours": 0 });
        let Json::Object(hours) = hours else { panic!("an object") };
        used.as_object_mut().unwrap().extend(hours);
        used
    }

    #[test]
    fn ready_workers_cost_while_the_application_is_started() {
        // 42 vCPU, 164 GB, 10 x (50 - 20) GB of disk
        // 50 + 40 starts x 0.25 = 60 h: 60 x (42 x 0.052624 + 164 x 0.0057785 + 300 x 0.000111)
        // = 60 x (2.210208 + 0.947674 + 0.0333) = 191.47
        let used = application(json!({})).used(no_jobs(json!({ "busy_hours": 50, "runs": 40 })));
        assert_eq!(month(&cost(REGION, used.request()), &prices()), "191.47");
        // 730 x 3.191182
        let never = json!({ "auto_stop_configuration": { "enabled": false, "idle_timeout_minutes": 15 } });
        let never = application(never).used(no_jobs(json!({})));
        assert_eq!(month(&cost(REGION, never.request()), &prices()), "2329.56");
        let unsaid = application(json!({})).used(no_jobs(json!({})));
        assert_eq!(month(&cost(REGION, unsaid.request()), &prices()), "0 .. 2329.56 .. 2329.56");
    }

    #[test]
    fn jobs_cost_what_they_use_in_their_kind_of_processor() {
        // 1000 x 0.042094 + 4000 x 0.004628 + 500 x 0.000111 = 42.094 + 18.512 + 0.0555
        let jobs = json!({ "vcpu_hours": 1000, "memory_gb_hours": 4000, "storage_gb_hours": 500 });
        let arm = application(json!({ "architecture": "ARM64", "initial_capacity": [] })).used(jobs);
        let costs = cost(REGION, arm.request());
        assert_eq!(month(&costs, &prices()), "60.66");
        assert_eq!(costs.components().len(), 3);
    }

    #[test]
    fn the_maximum_bounds_what_nobody_declares() {
        let most = json!({ "cpu": "100 vCPU", "memory": "400 GB", "disk": "2000 GB" });
        let bounded = application(json!({ "maximum_capacity": most })).used(json!({ "hours": 0 }));
        let costs = cost(REGION, bounded.request());
        // 730 x (100 - 42), 730 x (400 - 164), 730 x 2000
        assert_eq!(
            parts(&costs)[3..],
            [
                "jobs, processors: 0 .. 0 .. 42340 vCPU-hour of aws/emr-serverless/vcpu/x86",
                "jobs, memory: 0 .. 0 .. 172280 GB-hour of aws/emr-serverless/memory/x86",
                "jobs, disks: 0 .. 0 .. 1460000 GB-hour of aws/emr-serverless/storage",
            ]
        );
        assert!(reasons(&costs).contains(&"`vcpu_hours` is not declared in a `usage` block".to_owned()));
    }

    #[test]
    fn every_way_to_save_costs_less() {
        let never = json!({ "enabled": false, "idle_timeout_minutes": 15 });
        let most = json!({ "cpu": "100 vCPU", "memory": "400 GB", "disk": null });
        let more = json!({ "auto_stop_configuration": never, "maximum_capacity": most });
        let case = || application(more.clone()).used(no_jobs(json!({ "busy_hours": 50, "runs": 40 })));
        let before = month_expected(&cost(REGION, case().request()), &prices());
        let found = savings(&case().request());
        let changes: Vec<_> = found.iter().map(|saving| saving.change.as_str()).collect();
        assert_eq!(
            changes,
            [
                "auto_stop_configuration.enabled = true (now false)",
                "architecture = \"ARM64\" (now \"X86_64\")",
                "worker_count = 5 (now 10) in `initial_capacity` of `Executor`",
                "maximum_capacity.cpu = \"50 vCPU\" (now \"100 vCPU\"), memory = \"200 GB\" (now \"400 GB\")",
            ]
        );
        for saving in found.into_iter().take(3) {
            let after = month_expected(&cost(REGION, case().with_value(saving.value).request()), &prices());
            assert!(after < before, "{}: {after}", saving.change);
        }
    }
}
