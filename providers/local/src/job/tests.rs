use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mesh_provider::{Computed, Found, ResourceType};
use mesh_value::from_plain_json;
use rusqlite::Connection;
use serde_json::json;

use super::model::{Job, LoadBlock, LoadColumn};
use super::resource::JobType;
use crate::launch::{carriers, mark};
use crate::provider::Local;
use crate::testing::{operation, platform, run, token};

fn job() -> Job {
    Job {
        warehouse: None,
        load: Vec::new(),
        sql: None,
        result_sql: None,
        command: None,
        env: None,
        working_dir: None,
        triggers: None,
        timeout: "1h".to_owned(),
        log_dir: ".mesh/logs".to_owned(),
        id: Computed::Unknown,
        status: Computed::Unknown,
        exit_status: Computed::Unknown,
        log: Computed::Unknown,
        started_at: Computed::Unknown,
        duration_ms: Computed::Unknown,
        output: Computed::Unknown,
        runs: Computed::Unknown,
    }
}

fn shell(script: &str) -> Job {
    Job { command: Some(["sh", "-c", script].map(String::from).to_vec()), ..job() }
}

fn sql(script: &str) -> Job {
    Job { warehouse: Some("orders.db".to_owned()), sql: Some(script.to_owned()), ..job() }
}

fn load(source: &str) -> LoadBlock {
    LoadBlock {
        table: "lines".to_owned(),
        source: source.to_owned(),
        format: None,
        header: None,
        delimiter: None,
        null: None,
        mode: None,
        columns: None,
    }
}

/// A directory with a warehouse that has a typed table `lines`.
struct Fixture {
    dir: tempfile::TempDir,
    local: Local,
    token: String,
}

impl Fixture {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (local, token) = (platform(dir.path()), token(dir.path()));
        let fixture = Self { dir, local, token };
        let connection = Connection::open(fixture.path("orders.db")).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE lines (id INTEGER PRIMARY KEY, price REAL, gift BOOLEAN INTEGER, day DATE TEXT, note TEXT)",
            )
            .unwrap();
        fixture
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    fn create(&self, job: Job) -> Result<Job, (String, Option<Box<Job>>)> {
        run(JobType::create(&self.local, job, &operation(&self.token)))
            .map_err(|error| (error.failure.0[0].detail.clone(), error.partial))
    }

    /// The first column of what a query yields.
    fn query(&self, sql: &str) -> Vec<String> {
        let connection = Connection::open(self.path("orders.db")).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// What marks the processes of a run.
    fn mark(&self) -> String {
        mark(&self.token, &self.path(".mesh/logs"))
    }

    fn files(&self) -> usize {
        fs::read_dir(self.path(".mesh/logs")).map_or(0, Iterator::count)
    }
}

fn output(job: &Job) -> Vec<(&str, Option<&str>)> {
    job.output.known().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect()
}

/// A run as the plan asks for one: what it computes is open.
fn again(job: &Job) -> Job {
    let open = Job { id: job.id.clone(), log: job.log.clone(), ..self::job() };
    Job {
        status: open.status,
        exit_status: open.exit_status,
        started_at: open.started_at,
        duration_ms: open.duration_ms,
        output: open.output,
        runs: open.runs,
        ..job.clone()
    }
}

#[test]
fn arguments_that_do_not_go_together_are_named() {
    let cases = [
        (json!({}), "A job needs a `command`, or a `warehouse`"),
        (json!({ "command": ["true"], "warehouse": "a.db" }), "A job runs either a `command` or SQL on a `warehouse`."),
        (json!({ "command": ["true"], "sql": "SELECT 1" }), "`sql` needs a `warehouse`"),
        (json!({ "command": ["true"], "load": [{ "table": "a", "source": "a.csv" }] }), "`load` needs a `warehouse`"),
        (json!({ "command": [] }), "`command` needs at least the program to run."),
        (json!({ "warehouse": "a.db" }), "A `warehouse` needs `sql`, `result_sql` or a `load` block."),
        (json!({ "warehouse": "a.db", "sql": "SELECT 1", "env": {} }), "`env` belongs to a `command`"),
        (json!({ "command": ["true"], "timeout": "soon" }), "`soon` is no length of time."),
        (json!({ "warehouse": "a.db", "load": [{ "format": "xml" }] }), "There is no format `xml`."),
        (json!({ "warehouse": "a.db", "load": [{ "mode": "merge" }] }), "`mode` is `replace` or `append`"),
        (json!({ "warehouse": "a.db", "load": [{ "delimiter": "||" }] }), "`delimiter` is one ASCII character"),
        (
            json!({ "warehouse": "a.db", "load": [{ "columns": [{ "type": "int" }] }] }),
            "There is no column type `int`.",
        ),
    ];
    for (config, expected) in cases {
        let found = JobType::validate(&from_plain_json(&config).unwrap());
        assert_eq!(found.len(), 1, "{config}: {found:?}");
        assert!(found[0].detail.starts_with(expected), "{config}: {}", found[0].detail);
    }
    for config in [json!({ "command": ["true"], "env": {} }), json!({ "warehouse": "a.db", "result_sql": "SELECT 1" })]
    {
        assert_eq!(JobType::validate(&from_plain_json(&config).unwrap()), []);
    }
}

#[test]
fn sql_loads_runs_and_hands_on() {
    let fixture = Fixture::new();
    fixture.write("lines.csv", "\u{feff}id;day;price;gift\n1;2026-03-01;1.5;true\n2;2026-03-02;2.25;no\n3;-;-;-\n");
    let loaded = LoadBlock { delimiter: Some(";".to_owned()), null: Some("-".to_owned()), ..load("lines.csv") };
    let aggregate = "CREATE TABLE IF NOT EXISTS days (day TEXT, total REAL);
        DELETE FROM days;
        INSERT INTO days SELECT day, sum(price) FROM lines WHERE day IS NOT NULL GROUP BY day;";
    let result = "SELECT count(*) AS n, sum(price) AS total, max(note) AS note, x'00ff' AS bytes FROM lines";
    let done =
        fixture.create(Job { load: vec![loaded], result_sql: Some(result.to_owned()), ..sql(aggregate) }).unwrap();
    assert_eq!(output(&done), [("bytes", Some("00ff")), ("n", Some("3")), ("note", None), ("total", Some("3.75"))]);
    assert_eq!((&done.status, &done.exit_status, &done.runs), (&"succeeded".to_owned().into(), &0.into(), &1.into()));
    assert_eq!(fixture.query("SELECT day || ' ' || total FROM days"), ["2026-03-01 1.5", "2026-03-02 2.25"]);
    assert_eq!(fixture.query("SELECT typeof(price) || typeof(gift) || gift FROM lines WHERE id = 2"), ["realinteger0"]);
    let log = fs::read_to_string(done.log.known().unwrap()).unwrap();
    assert!(log.contains("loaded 3 rows into lines from ") && log.contains("statement 3: 2 rows changed"), "{log}");

    let twice = run(JobType::update(&fixture.local, done.clone(), again(&done), &operation(""))).unwrap();
    assert_eq!(twice.runs, 2.into());
    assert_eq!(fixture.query("SELECT count(*) || '' FROM lines"), ["3"], "loading replaces");
    run(JobType::delete(&fixture.local, twice, &operation(""))).unwrap();
    assert!(!fixture.path(".mesh").exists());
    assert_eq!(fixture.query("SELECT count(*) || '' FROM lines"), ["3"], "deleting undoes nothing");
}

#[test]
fn appending_without_a_header_into_a_table_of_its_own() {
    let fixture = Fixture::new();
    fixture.write("raw.csv", "1,\"a, b\"\n2,\n");
    let column = |name: &str, ty: &str| LoadColumn { name: name.to_owned(), ty: ty.to_owned() };
    let loaded = LoadBlock {
        table: "raw".to_owned(),
        header: Some(false),
        mode: Some("append".to_owned()),
        columns: Some(vec![column("id", "integer"), column("text", "string")]),
        ..load("raw.csv")
    };
    let done = fixture.create(Job { load: vec![loaded], sql: None, ..sql("") }).unwrap();
    assert_eq!(fixture.query("SELECT id || ':' || ifnull(text, 'NULL') FROM raw"), ["1:a, b", "2:NULL"]);
    run(JobType::update(&fixture.local, done.clone(), again(&done), &operation(""))).unwrap();
    assert_eq!(fixture.query("SELECT count(*) || '' FROM raw"), ["4"]);
}

#[test]
fn a_file_that_does_not_fit_names_the_line_and_changes_nothing() {
    let cases = [
        (
            "id,price\n1,1.5\nx,2\n",
            "Line 3 of DIR/bad.csv: `x` is not a value of column `id`, which takes whole numbers",
        ),
        ("id,price\n1,much\n", "Line 2 of DIR/bad.csv: `much` is not a value of column `price`, which takes numbers"),
        ("id,gift\n1,maybe\n", "which takes `true` or `false`"),
        (
            "id,day\n1,2026-02-30\n",
            "Line 2 of DIR/bad.csv: `2026-02-30` is not a value of column `day`, which takes dates",
        ),
        (
            "id,cost\n1,2\n",
            "names a column `cost`, which table `lines` does not have. It has: id, price, gift, day, note.",
        ),
        ("id,ID\n1,2\n", "The header of DIR/bad.csv names `ID` twice."),
        ("id,price\n1\n", "Line 2 of DIR/bad.csv has 1 fields, the lines before it 2."),
        ("id\n1\n1\n", "Line 3 of DIR/bad.csv: UNIQUE constraint failed: lines.id."),
    ];
    for (content, expected) in cases {
        let fixture = Fixture::new();
        fixture.write("good.csv", "id\n7\n");
        fixture.write("bad.csv", content);
        let loads = vec![load("good.csv"), load("bad.csv")];
        let (why, partial) = fixture.create(Job { load: loads, ..sql("SELECT 1") }).unwrap_err();
        let expected = expected.replace("DIR", &fixture.dir.path().display().to_string());
        assert!(why.contains(&expected), "{content}: {why}");
        assert_eq!(partial.unwrap().status, "failed".to_owned().into());
        assert_eq!(fixture.query("SELECT id || '' FROM lines"), [""; 0]);
    }
}

#[test]
fn a_script_that_fails_names_its_statement_and_changes_nothing() {
    let cases = [
        (
            "INSERT INTO lines (id) VALUES (1);\n\nSELEC 1;",
            "Statement 2 of `sql` (line 3) is not valid: near \"SELEC\"",
        ),
        ("INSERT INTO lines (id) VALUES (1); INSERT INTO lines (id) VALUES (1)", "Statement 2 of `sql` failed: UNIQUE"),
        (
            "INSERT INTO lines (id) VALUES (1); COMMIT;",
            "Statement 2 of `sql` is not allowed: a job runs in one transaction",
        ),
        ("INSERT INTO lines (id) VALUES (1); ATTACH 'x.db' AS x;", "Statement 2 of `sql` is not allowed"),
        (
            "INSERT INTO lines (id) VALUES (1); SELECT * FROM nowhere",
            "Statement 2 of `sql` is not valid: no such table",
        ),
    ];
    for (script, expected) in cases {
        let fixture = Fixture::new();
        let (why, partial) = fixture.create(sql(script)).unwrap_err();
        assert!(why.contains(expected), "{script}: {why}");
        let failed = partial.unwrap();
        assert_eq!((failed.exit_status.clone(), failed.runs.clone()), (1.into(), 1.into()));
        assert_eq!(fixture.query("SELECT id || '' FROM lines"), [""; 0]);
        let log = fs::read_to_string(failed.log.known().unwrap()).unwrap();
        assert!(log.contains(expected) && log.ends_with("nothing was changed\n"), "{log}");
    }
}

#[test]
fn sql_that_takes_too_long_is_broken_off() {
    let fixture = Fixture::new();
    let endless =
        "INSERT INTO lines (id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let (why, partial) = fixture.create(Job { timeout: "20ms".to_owned(), ..sql(endless) }).unwrap_err();
    assert!(why.starts_with("It was ended because it took longer than its `timeout` of 20ms."), "{why}");
    assert_eq!(partial.unwrap().exit_status, 124.into());
    assert_eq!(fixture.query("SELECT id || '' FROM lines"), [""; 0]);
}

#[test]
fn without_its_warehouse_nothing_exists() {
    let fixture = Fixture::new();
    let (why, partial) = fixture.create(Job { warehouse: Some("none.db".to_owned()), ..sql("SELECT 1") }).unwrap_err();
    assert!(why.contains("none.db"), "{why}");
    assert_eq!((partial, fixture.path(".mesh").exists()), (None, false));
}

#[test]
fn a_command_hands_on_what_it_writes() {
    let fixture = Fixture::new();
    let script = "echo working; printf '# note\\n\\nrows=12\\nquery=a=b\\n' > \"$MESH_OUTPUT\"; echo \"$MODE\" > mode";
    let env = Some(BTreeMap::from([("MODE".to_owned(), "full".to_owned())]));
    fs::create_dir(fixture.path("work")).unwrap();
    let done = fixture.create(Job { env, working_dir: Some("work".to_owned()), ..shell(script) }).unwrap();
    assert_eq!(output(&done), [("query", Some("a=b")), ("rows", Some("12"))]);
    assert_eq!(fs::read_to_string(fixture.path("work/mode")).unwrap(), "full\n");
    assert_eq!(fs::read_to_string(done.log.known().unwrap()).unwrap(), "working\n");
    assert_eq!(fixture.files(), 2, "only the log and the outcome are kept");
    let kept = run(JobType::update(&fixture.local, done.clone(), done.clone(), &operation(""))).unwrap();
    assert_eq!(kept, done, "without a reason there is no run");
}

#[test]
fn a_command_that_fails_says_how_and_runs_again() {
    let cases = [
        (
            "echo 'disk on fire' >&2; exit 7",
            7,
            "It ended with exit status 7.\nThe end of its log LOG:\n  disk on fire\n",
        ),
        ("kill -9 $$", 137, "It was ended by signal 9.\nIt wrote nothing to its log LOG.\n"),
        ("/no/such/program", 127, "It can't be run: the program was not found"),
        ("echo rows > $MESH_OUTPUT", 1, "Line 1 of what it wrote to $MESH_OUTPUT is not `key=value`."),
    ];
    for (script, exit_status, expected) in cases {
        let fixture = Fixture::new();
        let (why, partial) = fixture.create(shell(script)).unwrap_err();
        let failed = partial.unwrap();
        let expected = expected.replace("LOG", failed.log.known().unwrap());
        assert!(why.starts_with(&expected), "{script}: {why}");
        assert!(why.ends_with("The next apply runs it again."), "{why}");
        assert_eq!((&failed.exit_status, &failed.status), (&exit_status.into(), &"failed".to_owned().into()));
        assert_eq!(fixture.files(), 2);
        let mended = Job { command: shell("true").command, ..again(&failed) };
        let done = run(JobType::update(&fixture.local, *failed, mended, &operation(""))).unwrap();
        assert_eq!((done.runs, done.status), (2.into(), "succeeded".to_owned().into()));
    }
}

#[test]
fn a_command_that_takes_too_long_ends_with_what_it_started() {
    let fixture = Fixture::new();
    let script = "sleep 1000 & setsid sleep 1000 & echo begun; wait";
    let (why, partial) = fixture.create(Job { timeout: "200ms".to_owned(), ..shell(script) }).unwrap_err();
    assert!(why.starts_with("It was ended because it took longer than its `timeout` of 200ms."), "{why}");
    let failed = partial.unwrap();
    assert_eq!(failed.exit_status, 124.into());
    assert_eq!(carriers("MESH_JOB", &fixture.mark()).unwrap(), []);
    assert_eq!(failed.id, fixture.token.clone().into());
}

#[test]
fn asking_mesh_to_stop_ends_a_command() {
    let fixture = Fixture::new();
    let operation = operation(&fixture.token);
    operation.stop.request();
    let error = run(JobType::create(&fixture.local, shell("sleep 1000"), &operation)).unwrap_err();
    assert!(error.failure.to_string().contains("because mesh was asked to stop"), "{}", error.failure);
}

#[test]
fn a_run_that_ended_before_the_state_knew_is_found() {
    let fixture = Fixture::new();
    let locate = |job: Job| run(JobType::locate(&fixture.local, job, &fixture.token)).unwrap();
    assert_eq!(locate(shell("true")), Found::Absent);
    let done = fixture.create(shell("echo rows=1 > $MESH_OUTPUT")).unwrap();
    assert_eq!(locate(shell("echo rows=1 > $MESH_OUTPUT")), Found::Complete(done));
    let (_, partial) = fixture.create(shell("exit 1")).unwrap_err();
    assert_eq!(locate(shell("exit 1")), Found::Partial(*partial.unwrap()));
}

const CRASH_DIR: &str = "JOB_CRASH_DIR";

#[test]
fn a_run_whose_mesh_was_killed_is_ended_before_the_next() {
    let fixture = Fixture::new();
    let mut creator = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "job::tests::runs_until_it_is_killed"])
        .env(CRASH_DIR, fixture.dir.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while !fixture.path("begun").exists() {
        std::thread::yield_now();
    }
    creator.kill().unwrap();
    creator.wait().unwrap();
    assert_eq!(carriers("MESH_JOB", &fixture.mark()).unwrap().len(), 1);
    assert_eq!(run(JobType::locate(&fixture.local, lasting(), &fixture.token)).unwrap(), Found::Absent);
    assert_eq!(carriers("MESH_JOB", &fixture.mark()).unwrap(), []);
}

fn lasting() -> Job {
    shell("echo > begun; exec sleep 1000")
}

#[test]
#[ignore = "run by `a_run_whose_mesh_was_killed_is_ended_before_the_next`, in a process of its own"]
fn runs_until_it_is_killed() {
    let dir = std::path::PathBuf::from(std::env::var_os(CRASH_DIR).unwrap());
    let _ = run(JobType::create(&platform(Path::new(&dir)), lasting(), &operation(&token(&dir))));
}
