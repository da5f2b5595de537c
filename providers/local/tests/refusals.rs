//! What buckets, objects and data sources refuse, in the words that a user reads, and what interrupted work leaves.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use common::{Local, value};
use mesh_provider::Located;
use serde_json::json;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_bucket_that_is_not_empty_stays() {
    let local = Local::new().unwrap();
    let bucket = local.create("local_bucket", json!({ "path": "landing" }), TOKEN).await.unwrap();
    fs::write(local.path("landing/b.csv"), "b").unwrap();
    fs::write(local.path("landing/a.csv"), "a").unwrap();
    assert_eq!(
        local.delete("local_bucket", &bucket).await.unwrap_err(),
        "Bucket is not empty: The bucket BASE/landing holds `a.csv` and one more entry. Remove them, or set \
         `force_destroy = true`, apply that, and delete the bucket then."
    );
    assert!(local.path("landing/.mesh-bucket").exists());
    let forced =
        local.create("local_bucket", json!({ "path": "landing", "force_destroy": true }), TOKEN).await.unwrap();
    local.delete("local_bucket", &forced).await.unwrap();
    assert!(!local.path("landing").exists());
}

#[tokio::test]
async fn a_full_bucket_takes_no_more() {
    let local = Local::new().unwrap();
    let bucket = json!({ "path": "landing", "quota_bytes": 10 });
    let bucket = local.create("local_bucket", bucket, TOKEN).await.unwrap();
    let object = |key: &str, content: &str| json!({ "bucket": "landing", "key": key, "content": content });
    let first = local.create("local_object", object("a/first", "123456"), TOKEN).await.unwrap();
    local.create("local_object", object("second", "1234"), TOKEN).await.unwrap();
    assert_eq!(
        local.create("local_object", object("b/third", "1"), TOKEN).await.unwrap_err(),
        "Bucket is full: With it, BASE/landing would take 11 bytes, and its `quota_bytes` is 10. Delete what is not needed \
         any more, or raise the quota."
    );
    assert!(!local.path("landing/b").exists());
    local.delete("local_object", &first).await.unwrap();
    local.create("local_object", object("b/third", "1"), TOKEN).await.unwrap();
    assert_eq!(value(&bucket, "quota_bytes"), json!(10));
    let smaller = json!({ "path": "other", "quota_bytes": 1 });
    fs::create_dir(local.path("other")).unwrap();
    fs::write(local.path("other/large"), "1234").unwrap();
    assert!(local.create("local_bucket", smaller, TOKEN).await.unwrap_err().starts_with("Bucket already exists"));
}

#[tokio::test]
async fn what_exists_already_is_not_taken() {
    let local = Local::new().unwrap();
    fs::create_dir(local.path("taken")).unwrap();
    assert_eq!(
        local.create("local_bucket", json!({ "path": "taken" }), TOKEN).await.unwrap_err(),
        "Bucket already exists: BASE/taken already exists, and this resource did not make it. Choose another path, \
         move it away, or import it under its path."
    );
    fs::write(local.path("taken/x"), "other").unwrap();
    let object = json!({ "bucket": "taken", "key": "x", "content": "mine" });
    assert_eq!(
        local.create("local_object", object, TOKEN).await.unwrap_err(),
        "Object already exists: BASE/taken/x already exists with other content. Choose another key, move it away, or \
         import it as `BUCKET/KEY`."
    );
    assert_eq!(fs::read_to_string(local.path("taken/x")).unwrap(), "other");
    let nowhere = json!({ "bucket": "missing", "key": "x", "content": "" });
    assert_eq!(
        local.create("local_object", nowhere, TOKEN).await.unwrap_err(),
        "Bucket does not exist: There is no bucket BASE/missing. Refer to the bucket's resource, as in `bucket = \
         local_bucket.NAME.path`, so that it is created first."
    );
}

#[tokio::test]
async fn an_interrupted_creation_is_found_or_undone() {
    let local = Local::new().unwrap();
    let config = json!({ "path": "a/landing" });
    // Killed before the bucket was moved to its place.
    let prepared = local.path(&format!("a/.landing.{TOKEN}"));
    fs::create_dir_all(&prepared).unwrap();
    fs::write(prepared.join(".mesh-bucket"), TOKEN).unwrap();
    assert!(matches!(local.locate("local_bucket", config.clone(), TOKEN).await.unwrap(), Located::Absent));
    assert!(!prepared.exists());
    // Killed right after.
    local.create("local_bucket", config.clone(), TOKEN).await.unwrap();
    assert!(matches!(local.locate("local_bucket", config.clone(), TOKEN).await.unwrap(), Located::Complete(..)));
    local.create("local_bucket", config.clone(), TOKEN).await.unwrap();
    // Someone else's.
    let other = "f".repeat(32);
    assert!(matches!(local.locate("local_bucket", config.clone(), &other).await.unwrap(), Located::Absent));
    assert!(local.create("local_bucket", config, &other).await.is_err());
}

#[tokio::test]
async fn a_source_that_changed_since_the_plan_is_not_stored() {
    let local = Local::new().unwrap();
    local.create("local_bucket", json!({ "path": "b" }), TOKEN).await.unwrap();
    fs::write(local.path("in.csv"), "planned").unwrap();
    let planned = local.plan("local_object", json!({ "bucket": "b", "key": "d/x.csv", "source": "in.csv" })).await;
    let planned = planned.unwrap();
    assert_eq!(value(&planned, "size"), json!(7));
    fs::write(local.path("in.csv"), "changed").unwrap();
    assert_eq!(
        local.apply("local_object", planned, TOKEN).await.unwrap_err(),
        "Source changed since the plan: The source file is not the one that was planned: it changed since. Plan again."
    );
    assert!(!local.path("b/d").exists(), "something was left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn neighbours_come_and_go_at_once() {
    let local = std::sync::Arc::new(Local::new().unwrap());
    local.create("local_bucket", json!({ "path": "b" }), TOKEN).await.unwrap();
    let tasks = (0..4).map(|task| {
        let local = local.clone();
        tokio::spawn(async move {
            for round in 0..25 {
                let config = json!({ "bucket": "b", "key": format!("d/e/{task}-{round}"), "content": "x" });
                let object = local.create("local_object", config, TOKEN).await?;
                local.delete("local_object", &object).await?;
            }
            Ok::<_, String>(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert!(!local.path("b/d").exists());
}

#[tokio::test]
async fn bad_arguments_are_named() {
    let local = Local::new().unwrap();
    let keys = ["", "/x", "a//b", "a/../../x", "..", ".mesh-bucket"];
    for key in keys {
        let object = json!({ "bucket": "b", "key": key, "content": "" });
        let refused = local.plan("local_object", object).await.unwrap_err();
        assert!(refused.starts_with("Invalid key: "), "{key}: {refused}");
    }
    let cases = [
        ("local_object", json!({ "bucket": "b", "key": "k" }), "Content is not clear: Give exactly one of"),
        ("local_object", json!({ "bucket": "b", "key": "k", "content": "", "source": "s" }), "Content is not clear"),
        ("local_object", json!({ "bucket": "b", "key": "k", "source": "s" }), "Source can't be read: The source file"),
        ("local_bucket", json!({ "path": "../x" }), "Invalid path: `../x` leads out of BASE"),
        ("local_bucket", json!({ "path": "." }), "Invalid path: A bucket can't be the directory BASE"),
        ("local_bucket", json!({ "path": "/" }), "Invalid path: A bucket can't be the directory BASE"),
        ("local_bucket", json!({ "path": "x", "mode": "9" }), "Invalid permissions: `mode` is three or four octal"),
    ];
    for (ty, config, expected) in cases {
        let refused = local.plan(ty, config.clone()).await.unwrap_err();
        assert!(refused.starts_with(expected), "{config}: {refused}");
    }
}

#[tokio::test]
async fn files_and_programs_are_read() {
    let local = Local::new().unwrap();
    fs::write(local.path("text"), "Grüße\n").unwrap();
    fs::write(local.path("bytes"), [0xff, 0]).unwrap();
    let text = local.read_data("local_file", json!({ "path": "text" })).await.unwrap();
    assert_eq!((value(&text, "content"), value(&text, "size")), (json!("Grüße\n"), json!(8)));
    let bytes = local.read_data("local_file", json!({ "path": "bytes" })).await.unwrap();
    assert_eq!((value(&bytes, "content"), value(&bytes, "content_base64")), (json!(null), json!("/wA=")));
    let missing = local.read_data("local_file", json!({ "path": "none" })).await.unwrap_err();
    assert!(missing.starts_with("File system refused: Could not read the file BASE/none: No such file"), "{missing}");

    let echo = json!({ "command": ["cat"], "input": { "n": [1, 2.5, null], "t": "ü" } });
    let answer = local.read_data("local_command", echo.clone()).await.unwrap();
    assert_eq!(value(&answer, "result"), echo["input"]);
    fs::create_dir(local.path("sub")).unwrap();
    let script = r#"echo "{\"dir\":\"$(basename "$PWD")\",\"x\":\"$X\"}""#;
    let env = json!({ "command": ["sh", "-c", script], "working_dir": "sub", "env": { "X": "y" } });
    let answer = local.read_data("local_command", env).await.unwrap();
    assert_eq!(value(&answer, "result"), json!({ "dir": "sub", "x": "y" }));
    let cases = [
        (
            json!(["sh", "-c", "echo why >&2; exit 3"]),
            "Command failed: The program `sh` ended with exit status: 3. \
          The end of its standard error:\nwhy",
        ),
        (
            json!(["echo", "[1]"]),
            "Command's output can't be understood: The program `echo` must print one JSON \
          object, but printed a ",
        ),
        (json!(["true"]), "Command's output can't be understood: The program `true` must print one JSON object, but"),
        (
            json!(["no-such-program"]),
            "Command can't be started: The program `no-such-program` could not be started \
          in BASE: No such file",
        ),
        (
            json!(["sh", "-c", "sleep 60 & wait"]),
            "Command took too long: The program `sh` was ended after its time \
          limit of 1 second.",
        ),
        (json!([]), "No command"),
    ];
    for (command, expected) in cases {
        let refused = local.read_data("local_command", json!({ "command": command, "timeout": 1 })).await.unwrap_err();
        assert!(refused.starts_with(expected), "{command}: {refused}");
    }
    // What a program leaves running does not hold up the answer.
    let left = json!({ "command": ["sh", "-c", "sleep 1000 & echo '{}'"], "timeout": 60 });
    assert_eq!(value(&local.read_data("local_command", left).await.unwrap(), "result"), json!({}));
}

#[tokio::test]
async fn the_base_directory_must_exist() {
    let local = Local::new().unwrap();
    let missing = local.configure(Some("missing")).await.err().unwrap();
    assert!(missing.starts_with("Base directory can't be used: The directory BASE/missing must exist"), "{missing}");
    fs::write(local.path("file"), "").unwrap();
    let file = local.configure(Some("file")).await.err().unwrap();
    assert_eq!(file, "Base directory can't be used: BASE/file is not a directory.");
}

#[tokio::test]
async fn refused_permissions_name_the_path() {
    let local = Local::new().unwrap();
    fs::create_dir(local.path("closed")).unwrap();
    fs::set_permissions(local.path("closed"), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(Path::new(&local.path("closed/probe")), "").is_ok() {
        return; // The user that runs the tests may do anything.
    }
    let refused = local.create("local_bucket", json!({ "path": "closed/x" }), TOKEN).await.unwrap_err();
    assert!(refused.starts_with("File system refused: Could not create the bucket BASE/closed/x"), "{refused}");
}
