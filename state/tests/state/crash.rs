//! Processes killed at any instant: whatever they were told is durable is there afterwards, and no batch in part.
//!
//! The process that is killed is this test program itself, started again for one of the ignored tests below.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mesh_state::{Batch, EmbeddedStore, Outcome, State, StateStore, StoreError, SystemClock};

use crate::common::{PATIENCE, TestIds, holder, instance, intent, key};

const DIRECTORY: &str = "MESH_TEST_STATE";
const KILLS: u64 = 25;
const TASKS: u64 = 8;

fn start(test: &str, directory: &Path, program: &[&str]) -> Child {
    let this = std::env::current_exe().unwrap();
    let mut words = program.iter().map(std::ffi::OsStr::new).chain([this.as_os_str()]);
    Command::new(words.next().unwrap())
        .args(words)
        .args([&format!("crash::{test}"), "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The numbers that the child printed as durable, the last line perhaps cut short.
fn acknowledged(child: &mut Child) -> Vec<u64> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.filter_map(|line| line.strip_prefix("durable ")?.strip_suffix('.')?.parse().ok()).collect()
}

fn acknowledge(id: u64) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\ndurable {id}.\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn in_child() -> Option<std::path::PathBuf> {
    std::env::var_os(DIRECTORY).map(Into::into)
}

async fn all_of(tasks: Vec<tokio::task::JoinHandle<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

async fn open(directory: &Path) -> State {
    let ids = Arc::new(TestIds::default());
    State::open_embedded(directory, &holder("l"), PATIENCE, Some(key()), Arc::new(SystemClock), ids).await.unwrap()
}

/// Instants that are spread over the first moments of a child, the same in each run.
fn instant(round: u64) -> Duration {
    Duration::from_millis(20 + round * 7919 % 130)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test below, which kills it"]
async fn journal_until_killed() {
    let Some(directory) = in_child() else { return };
    let state = Arc::new(open(&directory).await);
    let next =
        state.load_all().await.unwrap().instances.len() as u64 + state.open_intents().await.unwrap().len() as u64;
    let next = Arc::new(AtomicU64::new(next * 1000));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (state, next) = (Arc::clone(&state), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let id = next.fetch_add(1, Ordering::SeqCst);
                    state.begin(&intent(id)).await.unwrap();
                    acknowledge(id * 2);
                    state.finish(&intent(id), &Outcome::Exists(Box::new(instance(id)))).await.unwrap();
                    acknowledge(id * 2 + 1);
                }
            })
        })
        .collect();
    // Each runs until this process is killed.
    all_of(tasks).await;
}

#[tokio::test]
async fn a_killed_process_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for round in 0..KILLS {
        let mut child = start("journal_until_killed", directory.path(), &[]);
        std::thread::sleep(instant(round));
        child.kill().unwrap();
        child.wait().unwrap();
        all.extend(acknowledged(&mut child));

        let state = open(directory.path()).await;
        let instances = state.load_all().await.unwrap().instances;
        let stored: std::collections::HashSet<_> = instances.into_iter().map(|found| found.address).collect();
        let intents = state.open_intents().await.unwrap();
        let open: std::collections::HashSet<_> = intents.into_iter().map(|found| found.address).collect();
        for number in &all {
            let address = instance(number / 2).address;
            let finished = stored.contains(&address);
            assert!(finished || open.contains(&address), "the intent of {address} is lost after kill {round}");
            assert!(number % 2 == 0 || finished, "the outcome of {address} is lost after kill {round}");
        }
        // The outcome and the end of the intent are one.
        assert!(stored.is_disjoint(&open));
    }
    assert!(all.len() as u64 > KILLS, "only {} writes were acknowledged", all.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test below, which kills it"]
async fn batches_until_killed() {
    let Some(directory) = in_child() else { return };
    let store = Arc::new(EmbeddedStore::open(&directory, &holder("l"), PATIENCE).await.unwrap());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut version = 0;
                loop {
                    version += 1;
                    let record = format!("{version}:{}", "x".repeat(version as usize % 900));
                    let batch = (0..10).fold(Batch::new(), |batch, key| batch.put(format!("{task}/{key}"), &*record));
                    store.commit(batch).await.unwrap();
                    acknowledge(version * TASKS + task);
                }
            })
        })
        .collect();
    // Each runs until this process is killed.
    all_of(tasks).await;
}

#[tokio::test]
async fn a_batch_is_there_whole_or_not_at_all() {
    for round in 0..KILLS {
        let directory = tempfile::tempdir().unwrap();
        let mut child = start("batches_until_killed", directory.path(), &[]);
        std::thread::sleep(instant(round));
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = acknowledged(&mut child);

        let store = EmbeddedStore::open(directory.path(), &holder("l"), PATIENCE).await.unwrap();
        for task in 0..TASKS {
            let records = store.scan(&format!("{task}/")).await.unwrap();
            let versions: Vec<u64> = records
                .iter()
                .map(|(_, bytes)| String::from_utf8_lossy(bytes).split(':').next().unwrap().parse().unwrap())
                .collect();
            assert!(versions.is_empty() || versions.len() == 10, "{versions:?} after kill {round}");
            assert!(versions.windows(2).all(|pair| pair[0] == pair[1]), "{versions:?} after kill {round}");
            let last = acknowledged.iter().filter(|number| *number % TASKS == task).map(|number| number / TASKS).max();
            assert!(versions.first().copied() >= last, "{versions:?}, but {last:?} was durable");
        }
    }
}

#[tokio::test]
#[ignore = "a part of the tests below"]
async fn commit_three_times() {
    let Some(directory) = in_child() else { return };
    let store = EmbeddedStore::open(&directory, &holder("l"), PATIENCE).await.unwrap();
    for id in 0..3 {
        store.commit(Batch::new().put("a", id.to_string())).await.unwrap();
        acknowledge(id);
    }
}

/// Where the system lets one watch system calls: each commit is followed by `fdatasync` before it is acknowledged.
#[test]
fn a_commit_reaches_the_medium_before_it_is_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let trace = directory.path().join("trace");
    let strace = ["strace", "-f", "-y", "-e", "trace=fdatasync,write", "-o", trace.to_str().unwrap()];
    let tries = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !tries.is_ok_and(|output| output.status.success()) {
        return;
    }
    let mut child = start("commit_three_times", &directory.path().join("mesh"), &strace);
    assert_eq!(acknowledged(&mut child), [0, 1, 2]);
    child.wait().unwrap();
    let calls = std::fs::read_to_string(&trace).unwrap();
    let relevant = calls.lines().filter_map(|line| {
        let synced = line.contains("fdatasync(") && line.contains("/state/db>");
        if synced { Some("sync") } else { line.contains("\\ndurable ").then_some("acknowledge") }
    });
    let expected = ["sync", "acknowledge", "sync", "acknowledge", "sync", "acknowledge"];
    assert_eq!(relevant.collect::<Vec<_>>(), expected, "{calls}");
}

#[test]
fn another_process_is_told_who_has_the_state() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut child = start("journal_until_killed", directory.path(), &[]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("durable")));
    let ours = holder("ours");
    let refused = runtime.block_on(EmbeddedStore::open(directory.path(), &ours, Duration::ZERO)).map(drop);
    let held = matches!(&refused, Err(StoreError::InUse { holder: Some(info), .. }) if info.pid == child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(held, "{refused:?}");
    // The killed process left its note behind, which keeps nobody out.
    assert!(directory.path().join("state.lock.json").exists());
    runtime.block_on(EmbeddedStore::open(directory.path(), &ours, PATIENCE)).unwrap();
}
