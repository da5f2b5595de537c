//! Holds `mesh console` against `terraform console` on thousands of expressions.
//!
//! The expressions stand in `tests/differential/*.txt`, by topic, each with what Terraform 1.11 gave: so they are held
//! everywhere. Where `terraform` is on PATH, it is asked again, and random expressions are added:
//! `MESH_DIFFERENTIAL_COUNT` of them (2,000 unless given) from the seed `MESH_DIFFERENTIAL_SEED`. `BLESS=1` records anew
//! what Terraform gives.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]
#![expect(clippy::print_stdout, reason = "how many were held is what this test says")]

#[path = "differential/generate.rs"]
mod generate;
#[path = "differential/random.rs"]
mod random;
#[path = "differential/side.rs"]
mod side;
#[path = "differential/topic.rs"]
mod topic;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Arguments, Failed, Trial};

use side::{Case, Outcome, Side};

/// Random expressions in one configuration.
const BATCH: usize = 250;
/// Disagreements shown at most.
const SHOWN: usize = 20;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let terraform = Side::terraform();
    let (recorded, random) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut trials: Vec<Trial> = topics()
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let (terraform, recorded) = (terraform.clone(), recorded.clone());
            Trial::test(name, move || topic(&path, terraform.as_ref(), &recorded))
        })
        .collect();
    if let Some(terraform) = terraform.clone() {
        let count = number("MESH_DIFFERENTIAL_COUNT").unwrap_or(2_000);
        let seed = number("MESH_DIFFERENTIAL_SEED").unwrap_or(1);
        let expressions = generate::expressions(seed as u64, count);
        trials.extend(expressions.chunks(BATCH).enumerate().map(|(index, batch)| {
            let (batch, terraform, random) = (batch.to_vec(), terraform.clone(), random.clone());
            Trial::test(format!("random_{seed}_{index}"), move || random_batch(&batch, &terraform, &random))
        }));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    let (recorded, random) = (recorded.load(Ordering::Relaxed), random.load(Ordering::Relaxed));
    let against = terraform.map_or_else(|| "what Terraform gave".to_owned(), |side| side.version());
    println!("{recorded} recorded and {random} random expressions held against {against}");
    conclusion.exit_code()
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

fn topics() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/differential");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    paths
}

/// Holds mesh, and Terraform where it is there, against what a topic's file says.
fn topic(path: &Path, terraform: Option<&Side>, held: &AtomicUsize) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut entries = topic::read(&text);
    let cases: Vec<Case> = entries.iter().map(|entry| entry.case.clone()).collect();
    held.fetch_add(cases.len(), Ordering::Relaxed);
    let mut problems = Vec::new();
    if let Some(terraform) = terraform {
        let given = terraform.outcomes(&cases);
        if std::env::var_os("BLESS").is_some() {
            for (entry, outcome) in entries.iter_mut().zip(&given) {
                entry.recorded = Some(outcome.clone());
            }
            std::fs::write(path, topic::written(&text, &entries)).unwrap();
        }
        for (entry, outcome) in entries.iter().zip(&given) {
            if entry.recorded.as_ref() != Some(outcome) {
                problems.push(difference(&entry.case, "recorded", entry.recorded.as_ref(), "Terraform", outcome));
            }
        }
    }
    for (entry, outcome) in entries.iter().zip(&Side::mesh().outcomes(&cases)) {
        let expected = entry.departure.as_ref().or(entry.recorded.as_ref());
        if expected != Some(outcome) {
            problems.push(difference(&entry.case, "Terraform", expected, "mesh", outcome));
        }
    }
    told(&problems, cases.len())
}

fn random_batch(batch: &[Case], terraform: &Side, held: &AtomicUsize) -> Result<(), Failed> {
    let (theirs, ours) = (terraform.outcomes(batch), Side::mesh().outcomes(batch));
    held.fetch_add(batch.len(), Ordering::Relaxed);
    let differ = batch.iter().zip(theirs.iter().zip(&ours)).filter(|(case, (theirs, ours))| !agree(case, theirs, ours));
    let problems: Vec<String> =
        differ.map(|(case, (theirs, ours))| difference(case, "Terraform", Some(theirs), "mesh", ours)).collect();
    told(&problems, batch.len())
}

/// Whether both say the same. Of what is known after apply, one may say more than the other, or find a fault earlier.
/// Terraform's negative zero is zero here.
fn agree(case: &Case, theirs: &Outcome, ours: &Outcome) -> bool {
    let is_open = |outcome: &Outcome| match outcome {
        Outcome::Fails => true,
        Outcome::Value(text) => text.contains("(known after apply)") || text.contains("(sensitive value)"),
    };
    let is_zero_signed = |text: &str| text.contains("-0") || text.contains("Inf");
    match (theirs, ours) {
        _ if theirs == ours => true,
        _ if case.text().contains("var.later") => is_open(theirs) || is_open(ours),
        (Outcome::Value(theirs), Outcome::Value(_)) => is_zero_signed(theirs),
        _ => false,
    }
}

fn told(problems: &[String], of: usize) -> Result<(), Failed> {
    if problems.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = problems.iter().take(SHOWN).map(String::as_str).collect();
    Err(format!("{} of {of} differ\n{}", problems.len(), shown.join("\n")).into())
}

fn difference(case: &Case, left: &str, expected: Option<&Outcome>, right: &str, actual: &Outcome) -> String {
    let expected = expected.map_or_else(|| "nothing\n".to_owned(), Outcome::to_string);
    format!("{}\n  {left}:\n{expected}  {right}:\n{actual}", case.text())
}
