//! How fast the provider `aws` is against an emulator whose answers come late: a refresh of thousands of objects, and an
//! apply beside the critical path of its plan.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use mesh_tests::emulator::{Emulator, Kind};
use serde_json::Value;

use crate::latency::Late;
use crate::program::Program;

/// What the way to AWS and back adds to each answer.
const LATENCY: Duration = Duration::from_millis(100);

/// How many objects Terraform reads at a time.
const IN_PARALLEL: u32 = 10;

/// The part of the time of one call each that a refresh may take.
const SHARE: u32 = 5;

/// How much longer than its critical path an apply may take.
const OVER_PATH: f64 = 1.15;

/// Buckets with settings, each with a call of its own to read it, and roles.
const OBJECTS: &str = r#"
resource "aws_s3_bucket" "b" {
  count  = COUNT
  bucket = "mesh-bench-${count.index}"
}

resource "aws_s3_bucket_versioning" "b" {
  count  = COUNT
  bucket = aws_s3_bucket.b[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  count  = COUNT
  bucket = aws_s3_bucket.b[count.index].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "b" {
  count                   = COUNT
  bucket                  = aws_s3_bucket.b[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_role" "r" {
  count = COUNT
  name  = "mesh-bench-${count.index}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "glue.amazonaws.com" } }]
  })
}
"#;

/// Chains: each setting waits for the one before it.
const CHAINS: &str = r#"
resource "aws_s3_bucket" "c" {
  count  = COUNT
  bucket = "mesh-chain-${count.index}"
}

resource "aws_s3_bucket_versioning" "c" {
  count  = COUNT
  bucket = aws_s3_bucket.c[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "c" {
  count  = COUNT
  bucket = aws_s3_bucket_versioning.c[count.index].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "c" {
  count                   = COUNT
  bucket                  = aws_s3_bucket_server_side_encryption_configuration.c[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_object" "c" {
  count   = COUNT
  bucket  = aws_s3_bucket_public_access_block.c[count.index].id
  key     = "orders.csv"
  content = "id,total\n1,20\n"
}
"#;

/// Measures, and says for each figure whether its target is reached. In a quick run little is measured and no target held.
///
/// # Errors
/// The program does not do what it is measured for.
pub fn run(mesh: &Program, scratch: &Path, runs: u16, quick: bool) -> anyhow::Result<(String, bool)> {
    // The faster of the two: it answers some 3,000 calls a second on one core, moto some 500.
    let emulator = Emulator::start(Kind::Ministack);
    let late = Late::before(emulator.endpoint(), LATENCY)?;
    let (mut text, mut reached) = (String::new(), true);
    let (line, holds) = refresh(mesh, scratch, &emulator, &late, if quick { 5 } else { 1000 }, runs)?;
    let _ = writeln!(text, "{line}{}", verdict(quick, holds));
    reached &= holds;
    let (line, holds) = apply(mesh, scratch, &late, if quick { 2 } else { 8 })?;
    let _ = writeln!(text, "{line}{}", verdict(quick, holds));
    Ok((text, quick || reached && holds))
}

const fn verdict(quick: bool, holds: bool) -> &'static str {
    match (quick, holds) {
        (true, _) => "",
        (false, true) => ": reached",
        (false, false) => ": NOT reached",
    }
}

fn refresh(
    mesh: &Program,
    scratch: &Path,
    emulator: &Emulator,
    late: &Late,
    count: u32,
    runs: u16,
) -> anyhow::Result<(String, bool)> {
    let dir = scratch.join("aws-refresh");
    // Made without the latency, which is not what is measured here.
    write(&dir, emulator.endpoint(), OBJECTS, count)?;
    timed(mesh, &dir, &["apply", "--auto-approve"])?;
    let (direct, _) = timed(mesh, &dir, &["plan", "--detailed-exitcode"])?;
    write(&dir, &late.endpoint, OBJECTS, count)?;
    let mut times = Vec::new();
    late.answers();
    for _ in 0..runs {
        times.push(timed(mesh, &dir, &["plan", "--detailed-exitcode"])?.0);
    }
    let calls = late.answers() / u64::from(runs);
    times.sort();
    let time = times.get(times.len() / 2).copied().unwrap_or_default();
    let objects = count * 5;
    let one_each = LATENCY * objects / IN_PARALLEL;
    let target = one_each / SHARE;
    let line = format!(
        "refresh of {count} buckets with versioning, encryption and public access block, and {count} roles, {LATENCY:?} a \
         call: {:.2} s in {calls} calls ({:.2} s without the latency); one call each for {objects} objects, {IN_PARALLEL} in \
         parallel: {:.1} s; target: under {:.1} s",
        time.as_secs_f64(),
        direct.as_secs_f64(),
        one_each.as_secs_f64(),
        target.as_secs_f64(),
    );
    Ok((line, time < target))
}

fn apply(mesh: &Program, scratch: &Path, late: &Late, count: u32) -> anyhow::Result<(String, bool)> {
    let dir = scratch.join("aws-apply");
    write(&dir, &late.endpoint, CHAINS, count)?;
    let (time, out) = timed(mesh, &dir, &["apply", "--auto-approve", "--json"])?;
    let mut applied = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let applied = applied.rfind(|event| event.get("type").and_then(Value::as_str) == Some("applied"));
    let applied = applied.context("apply did not say what it did")?;
    // A chain's objects have the same index and follow each other.
    let mut chains: BTreeMap<String, f64> = BTreeMap::new();
    for result in applied.get("results").and_then(Value::as_array).into_iter().flatten() {
        let address = result.get("address").and_then(Value::as_str).unwrap_or_default();
        let index = address.rsplit('[').next().unwrap_or_default().to_owned();
        *chains.entry(index).or_default() += result.get("seconds").and_then(Value::as_f64).unwrap_or_default();
    }
    ensure!(chains.len() == count as usize, "{} chains were applied instead of {count}", chains.len());
    let path = chains.values().copied().fold(0.0, f64::max);
    let line = format!(
        "apply of {count} chains of 5 objects, {LATENCY:?} a call: {:.2} s; critical path of the plan: {path:.2} s; target: \
         within {OVER_PATH}x, it is {:.2}x",
        time.as_secs_f64(),
        time.as_secs_f64() / path,
    );
    Ok((line, time.as_secs_f64() <= path * OVER_PATH))
}

fn write(dir: &Path, endpoint: &str, objects: &str, count: u32) -> anyhow::Result<()> {
    fs::create_dir_all(dir)?;
    let provider = format!(
        "provider \"aws\" {{\n  region = \"us-east-1\"\n  access_key = \"test\"\n  secret_key = \"test\"\n  endpoint_url = \
         \"{endpoint}\"\n  s3_use_path_style = true\n}}\n"
    );
    let text = format!("{provider}{}", objects.replace("COUNT", &count.to_string()));
    fs::write(file(dir), text).with_context(|| format!("{} can't be written", file(dir).display()))
}

fn file(dir: &Path) -> PathBuf {
    dir.join("main.mesh.hcl")
}

/// Runs a command that has to succeed: how long it took, and what it printed.
fn timed(mesh: &Program, dir: &Path, arguments: &[&str]) -> anyhow::Result<(Duration, String)> {
    let mut command = mesh.command(dir, arguments);
    command.stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output().with_context(|| format!("{command:?} can't be started"))?;
    let time = start.elapsed();
    if !output.status.success() {
        bail!("{command:?} ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok((time, String::from_utf8_lossy(&output.stdout).into_owned()))
}
