//! Jobs, clusters and grants keep the contract that every resource type keeps.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use mesh_provider::contract::{Case, Expect, run};
use mesh_provider_local::provider;
use serde_json::{Value, json};

/// Names what is left in a directory.
fn left(dir: &Path) -> io::Result<Vec<String>> {
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let mut names = fs::read_dir(dir)?.map(name).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

#[tokio::test]
async fn clusters() {
    let base = tempfile::tempdir().unwrap();
    let record = base.path().join(".mesh/clusters/spark-2/worker-1.json");
    let lost = base.path().join(".mesh");
    let config = json!({ "name": "spark", "command": ["sleep", "1000"], "workers": 1, "ready_after": "20ms" });
    let case = Case::new("local_cluster", config)
        .update(json!({ "workers": 3 }), Expect::InPlace)
        .update(json!({ "workers": 2 }), Expect::InPlace)
        .update(json!({ "command": ["sleep", "2000"], "env": { "PORT": "700{index}" } }), Expect::InPlace)
        .update(json!({ "stop_timeout": "5s" }), Expect::InPlace)
        .update(json!({ "name": "spark-2" }), Expect::Replace)
        .drift("a worker was killed", move || {
            let record: Value = serde_json::from_slice(&fs::read(&record).unwrap()).unwrap();
            let pid = record["identity"]["pid"].to_string();
            assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
            while fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
                std::thread::yield_now();
            }
        })
        .drift("its records were removed", move || fs::remove_dir_all(&lost).unwrap())
        .import("spark-2", &["stop_timeout", "ready_after"])
        .import(".mesh/clusters/spark-2", &["stop_timeout", "ready_after"]);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(left(base.path()).unwrap(), [""; 0]);
}

#[tokio::test]
async fn jobs_that_run_a_command() {
    let base = tempfile::tempdir().unwrap();
    let config = json!({ "command": ["sh", "-c", "echo run >> runs; echo rows=1 > $MESH_OUTPUT"] });
    let case = Case::new("local_job", config)
        .state_only()
        .update(json!({ "triggers": { "day": "monday" } }), Expect::InPlace)
        .update(json!({ "timeout": "5m" }), Expect::InPlace)
        .update(json!({ "env": { "MODE": "full" } }), Expect::InPlace)
        .update(json!({ "log_dir": "logs" }), Expect::Replace);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(left(base.path()).unwrap(), ["runs"]);
    let runs = fs::read_to_string(base.path().join("runs")).unwrap().lines().count();
    assert_eq!(runs, 5, "created, two updates that call for a run, replaced, created again");
}

#[tokio::test]
async fn jobs_that_run_sql() {
    let base = tempfile::tempdir().unwrap();
    rusqlite::Connection::open(base.path().join("orders.db")).unwrap().execute_batch("CREATE TABLE a (id)").unwrap();
    fs::write(base.path().join("a.csv"), "id\n1\n2\n").unwrap();
    let config = json!({
        "warehouse": "orders.db",
        "load": [{ "table": "a", "source": "a.csv" }],
        "result_sql": "SELECT count(*) AS rows FROM a",
    });
    let case = Case::new("local_job", config)
        .state_only()
        .update(json!({ "sql": "DELETE FROM a WHERE id = '1'" }), Expect::InPlace)
        .update(json!({ "load": [{ "table": "a", "source": "a.csv", "mode": "append" }] }), Expect::InPlace);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(left(base.path()).unwrap(), ["a.csv", "orders.db"]);
}

#[tokio::test]
async fn grants() {
    let base = tempfile::tempdir().unwrap();
    let landing = base.path().join("landing");
    for dir in ["landing/raw", "other"] {
        fs::create_dir_all(base.path().join(dir)).unwrap();
    }
    fs::write(landing.join("raw/a.csv"), "id\n").unwrap();
    if let Err(error) = xattr::get(&landing, "system.posix_acl_access") {
        eprintln!("skipped: {} has no access control lists: {error}", landing.display());
        return;
    }
    let (file, dir) = (landing.join("raw/a.csv"), landing.clone());
    let case = Case::new("local_grant", json!({ "path": "other", "group": "daemon", "permissions": "read" }))
        .update(json!({ "path": "landing" }), Expect::Replace)
        .update(json!({ "permissions": "read_write" }), Expect::InPlace)
        .update(json!({ "recursive": false }), Expect::InPlace)
        .update(json!({ "recursive": null }), Expect::InPlace)
        .drift("a file lost the entry", move || xattr::remove(&file, "system.posix_acl_access").unwrap())
        .drift("the directory lost the entry", move || {
            xattr::remove(&dir, "system.posix_acl_access").unwrap();
            // Without a list the mode alone counts, whose group part was the list's mask.
            fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        })
        .import("group:daemon:landing", &[])
        .update(json!({ "group": null, "user": "nobody" }), Expect::Replace);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    for path in ["landing", "landing/raw", "landing/raw/a.csv", "other"] {
        let path = base.path().join(path);
        let names: Vec<_> = xattr::list(&path).unwrap().collect();
        assert!(names.iter().all(|name| !name.to_string_lossy().contains("posix_acl")), "{names:?}");
    }
}
