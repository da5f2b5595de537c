//! Puts every resource type through the provider contract on each emulator that knows its service, prints what was
//! checked of which, and keeps `docs/aws-coverage.md`: which API calls ran where.
//!
//! `cargo test -p mesh-provider-aws --test contract aws_s3` runs some; `BLESS=1` writes the page's rows anew, those of the
//! types that ran wholly.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a suite that says what it found")]

mod calls;
mod coverage;
mod table;

mod bucket_settings;
mod compute;
mod glue_catalog;
mod glue_work;
mod governance;
mod iam;
mod kms;
mod orchestration;
mod storage;
mod watch;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};
use mesh_provider::Provider as _;
use mesh_provider::contract::Report;
use mesh_tests::emulator::{EMULATORS, Emulator, Kind, Scenario};

/// What came of each scenario on each emulator.
type Reports = Arc<Mutex<Vec<(Kind, Report)>>>;

/// The scenarios of each service or two.
const SERVICES: &[fn() -> Vec<Scenario>] = &[
    compute::scenarios,
    glue_catalog::scenarios,
    glue_work::scenarios,
    governance::scenarios,
    iam::scenarios,
    orchestration::scenarios,
    bucket_settings::scenarios,
    kms::scenarios,
    storage::scenarios,
    watch::scenarios,
];

/// All scenarios.
fn scenarios() -> Vec<Arc<Scenario>> {
    SERVICES.iter().flat_map(|scenarios| scenarios()).map(Arc::new).collect()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    calls::begin();
    let (scenarios, reports) = (scenarios(), Reports::default());
    let mut trials = vec![Trial::test("every_type_has_a_scenario", {
        let scenarios = scenarios.clone();
        move || every_type_has_a_scenario(&scenarios)
    })];
    for scenario in &scenarios {
        for on in EMULATORS.into_iter().filter(|&on| scenario.runs_on(on)) {
            let (scenario, reports) = (scenario.clone(), reports.clone());
            trials.push(Trial::test(scenario.name(on), move || run(&scenario, on, &reports)));
        }
    }
    let lists = arguments.list;
    let conclusion = libtest_mimic::run(&arguments, trials);
    if lists {
        return conclusion.exit_code();
    }
    let reports = reports.lock().unwrap();
    println!("{}", table::of(&reports, &scenarios));
    let kept = coverage::keep(&whole(&scenarios, &reports), &scenarios);
    if let Err(difference) = &kept {
        println!("{difference}");
    }
    if kept.is_ok() { conclusion.exit_code() } else { ExitCode::FAILURE }
}

fn run(scenario: &Scenario, on: Kind, reports: &Reports) -> Result<(), Failed> {
    let watch = |emulator: &Emulator| calls::attribute(emulator, scenario.ty);
    let (report, log) = scenario.run(on, &mesh_provider_aws::provider(), watch);
    reports.lock().unwrap().push((on, report.clone()));
    if report.holds() { Ok(()) } else { Err(format!("{report}\n--- the end of the emulator's log\n{log}").into()) }
}

/// The types all whose scenarios ran and held, wherever they can run.
fn whole(scenarios: &[Arc<Scenario>], reports: &[(Kind, Report)]) -> BTreeSet<&'static str> {
    let types: BTreeSet<_> = scenarios.iter().map(|scenario| scenario.ty).collect();
    let complete = |ty: &&'static str| {
        EMULATORS.into_iter().all(|on| {
            let due = scenarios.iter().filter(|scenario| scenario.ty == *ty && scenario.runs_on(on)).count();
            let ran = reports.iter().filter(|(kind, report)| *kind == on && report.ty() == *ty && report.holds());
            ran.count() == due
        })
    };
    types.into_iter().filter(complete).collect()
}

fn every_type_has_a_scenario(scenarios: &[Arc<Scenario>]) -> Result<(), Failed> {
    let schema = mesh_provider_aws::provider().schema();
    let covered = |ty: &str| scenarios.iter().any(|scenario| scenario.ty == ty);
    let missing: Vec<_> = schema.resources.keys().filter(|ty| !covered(ty)).map(ToString::to_string).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no scenario for {}", missing.join(", ")).into()) }
}
