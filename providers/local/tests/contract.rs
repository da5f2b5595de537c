//! Buckets and objects keep the contract that every resource type keeps.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use mesh_provider::contract::{Case, Expect, run};
use mesh_provider_local::provider;
use serde_json::json;

#[tokio::test]
async fn buckets() {
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("elsewhere/landing");
    let (opened, removed) = (path.clone(), path.clone());
    let case = Case::new("local_bucket", json!({ "path": "data/landing" }))
        .update(json!({ "force_destroy": true }), Expect::InPlace)
        .update(json!({ "mode": "750" }), Expect::InPlace)
        .update(json!({ "path": "elsewhere/landing" }), Expect::Replace)
        .update(json!({ "force_destroy": null }), Expect::InPlace)
        .update(json!({ "quota_bytes": 1000 }), Expect::InPlace)
        .update(json!({ "quota_bytes": null }), Expect::InPlace)
        .drift("open to all", move || {
            fs::set_permissions(&opened, fs::Permissions::from_mode(0o777)).unwrap();
        })
        .drift("removed", move || fs::remove_dir_all(&removed).unwrap())
        .update(json!({ "mode": "0700" }), Expect::InPlace)
        .import("elsewhere/landing", &[]);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0, "something was left behind");
}

#[tokio::test]
async fn objects() {
    let base = tempfile::tempdir().unwrap();
    let bucket = base.path().join("landing");
    fs::create_dir(&bucket).unwrap();
    fs::write(bucket.join(".mesh-bucket"), "").unwrap();
    fs::write(base.path().join("orders.csv"), "id\n1\n").unwrap();
    let file = bucket.join("2026/orders.csv");
    let (edited, broken, removed) = (file.clone(), file.clone(), file);
    let source = base.path().join("orders.csv");
    let config = json!({ "bucket": "landing", "key": "readme.txt", "content": "Grüße" });
    let case = Case::new("local_object", config)
        .update(json!({ "content": "" }), Expect::InPlace)
        .update(json!({ "content_type": "text/x-note" }), Expect::InPlace)
        .update(json!({ "key": "2026/orders.csv", "content_type": "text/csv" }), Expect::Replace)
        .import("landing/2026/orders.csv", &[])
        .drift("edited", move || fs::write(&edited, "other").unwrap())
        .drift("made binary", move || fs::write(&broken, [0xff, 0xfe]).unwrap())
        .drift("removed", move || fs::remove_file(&removed).unwrap())
        .update(json!({ "content": null, "source": "orders.csv" }), Expect::InPlace)
        .input_changes("its source changed", move || fs::write(&source, "id\n2\n").unwrap())
        .import("landing/2026/orders.csv", &["content", "source"]);
    let report = run(&provider(), base.path(), json!({}), case).await;
    assert!(report.holds(), "{report}");
    assert_eq!(fs::read_dir(&bucket).unwrap().count(), 1, "something was left behind");
}
