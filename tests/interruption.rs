//! What remains when an apply is stopped, asked to or not: nothing is lost, nothing is made twice, and the next apply
//! goes on.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::process::Child;
use std::time::Duration;

use mesh_tests::{Ended, Sandbox, processes_in};
use rustix::process::{Pid, Signal, kill_process};

const APPLY: &str = "apply --auto-approve";

/// Jobs that run until there is a file `go`, and what comes after them.
const SLOW: &str = r#"
resource "local_job" "slow" {
  command = ["sh", "-c", "touch running; until [ -e go ]; do sleep 0.02; done"]
}

resource "terraform_data" "after" {
  input = local_job.slow.runs
}

resource "terraform_data" "beside" {
  input = "made at once"
}
"#;

/// About 40 objects of all kinds, some of which take their time.
const MANY: &str = r#"
resource "local_bucket" "store" {
  path = "store"
}

resource "local_object" "note" {
  count   = 16
  bucket  = local_bucket.store.path
  key     = "${count.index}.txt"
  content = "note ${count.index}"
}

resource "terraform_data" "value" {
  count = 12
  input = local_object.note[count.index].sha256
}

resource "local_warehouse" "shop" {
  path = "shop.db"
}

resource "local_table" "orders" {
  count       = 4
  warehouse   = local_warehouse.shop.id
  name        = "orders_${count.index}"
  columns     = [{ name = "id", type = "integer" }]
  primary_key = ["id"]

  allow_data_loss = true
}

resource "local_job" "fill" {
  count     = 3
  warehouse = local_warehouse.shop.id
  sql       = "INSERT OR REPLACE INTO ${local_table.orders[count.index].name} VALUES (1)"
}

resource "local_cluster" "workers" {
  name         = "workers"
  command      = ["sleep", "600"]
  workers      = 3
  ready_after  = "20ms"
  stop_timeout = "1s"
}
"#;
const OBJECTS: usize = 1 + 16 + 12 + 1 + 4 + 3 + 1;

fn sandbox(configuration: &str) -> Sandbox {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    sandbox.write("main.mesh.hcl", configuration);
    sandbox
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn wait_for(sandbox: &Sandbox, file: &str) {
    while !sandbox.has(file) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn ctrl_c_ends_programs_and_starts_nothing_new() {
    for stop in [Signal::INT, Signal::TERM] {
        let sandbox = sandbox(SLOW);
        let child = sandbox.start(APPLY);
        wait_for(&sandbox, "running");
        signal(&child, stop);
        let ended = Ended::of(child);
        assert_eq!(ended.code, 1, "{}", ended.err);
        assert!(ended.err.contains("Stopping: nothing new is started"), "{}", ended.err);
        assert!(ended.err.contains("because mesh was asked to stop"), "{}", ended.err);
        assert!(sandbox.addresses().contains(&"terraform_data.beside".to_owned()), "{}", ended.err);
        assert!(!sandbox.addresses().contains(&"terraform_data.after".to_owned()), "{}", ended.err);
        sandbox.write("go", "");
        sandbox.must(APPLY);
        assert_eq!(sandbox.must("plan --detailed-exitcode").code, 0);
    }
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_the_next_apply_settles() {
    let sandbox = sandbox(&SLOW.replace("touch running", "trap '' TERM; touch running"));
    let child = sandbox.start(APPLY);
    wait_for(&sandbox, "running");
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(200));
    signal(&child, Signal::INT);
    let ended = Ended::of(child);
    assert_eq!(ended.code, 130, "{}", ended.err);
    assert!(ended.err.contains("Ending at once."), "{}", ended.err);
    sandbox.write("go", "");
    sandbox.must(APPLY);
    assert_eq!(sandbox.must("plan --detailed-exitcode").code, 0);
    sandbox.must("destroy --auto-approve");
    assert_eq!(processes_in(sandbox.path()), []);
}

#[test]
fn ctrl_c_while_planning_changes_nothing() {
    let sandbox = sandbox(
        r#"
data "local_command" "slow" {
  command = ["sh", "-c", "touch running; until [ -e go ]; do sleep 0.02; done; echo {}"]
}

resource "terraform_data" "a" {
  input = data.local_command.slow.result
}
"#,
    );
    let child = sandbox.start(APPLY);
    wait_for(&sandbox, "running");
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(200));
    sandbox.write("go", "");
    let ended = Ended::of(child);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(ended.err.contains("Nothing was changed."), "{}", ended.err);
    assert!(sandbox.addresses().is_empty());
}

/// Killed at 12 instants that are spread over the whole run, without a chance to say anything.
#[test]
fn killed_at_any_instant_nothing_is_lost_or_made_twice() {
    let whole = {
        let sandbox = sandbox(MANY);
        let began = std::time::Instant::now();
        sandbox.must(APPLY);
        let took = began.elapsed();
        assert_eq!(sandbox.addresses().len(), OBJECTS);
        sandbox.must("destroy --auto-approve");
        took
    };
    for round in 0..12_u32 {
        let sandbox = sandbox(MANY);
        // Killed twice: first while everything is made, then while what was left is.
        for part in [12, 24] {
            let mut child = sandbox.start(APPLY);
            std::thread::sleep(whole * (round + 1) / part);
            let _ = child.kill();
            let _ = child.wait();
        }
        converges(&sandbox, round);
        let mut child = sandbox.start("destroy --auto-approve");
        std::thread::sleep(whole * round / 24);
        let _ = child.kill();
        let _ = child.wait();
        let ended = sandbox.mesh("destroy --auto-approve");
        assert_eq!(ended.code, 0, "round {round}:\n{}", ended.err);
        assert_eq!(processes_in(sandbox.path()), [], "round {round}");
        let mut left: Vec<String> = sandbox.shell("ls").out.lines().map(ToOwned::to_owned).collect();
        left.retain(|name| name != "main.mesh.hcl");
        assert!(left.is_empty(), "round {round} left {left:?}");
    }
}

fn converges(sandbox: &Sandbox, round: u32) {
    let ended = sandbox.mesh(APPLY);
    assert_eq!(ended.code, 0, "round {round}:\n{}", ended.err);
    let plan = sandbox.mesh("plan --detailed-exitcode");
    assert_eq!(plan.code, 0, "round {round} does not come to rest:\n{}\n{}", plan.out, plan.err);
    assert_eq!(sandbox.addresses().len(), OBJECTS, "round {round}");
    let workers = processes_in(sandbox.path());
    assert_eq!(workers.len(), 3, "round {round}: {workers:?}");
    assert_eq!(sandbox.shell("ls store | wc -l").out.trim(), "16", "round {round}");
    let tables = sandbox.shell("sqlite3 shop.db .tables | tr -s ' ' '\\n' | grep -c orders_");
    assert_eq!(tables.out.trim(), "4", "round {round}: {}", tables.err);
}
