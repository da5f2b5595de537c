//! Holds the emulators' harness to what tests rely on: each serves, forgets, and is gone when its test is.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mesh_tests::emulator::{Boto, Emulator, Fault, Faults, Kind};
use serde_json::json;

fn answers(endpoint: &str) -> bool {
    TcpStream::connect(endpoint.trim_start_matches("http://")).is_ok()
}

#[test]
fn each_serves_and_forgets() {
    for kind in [Kind::Moto, Kind::Ministack, Kind::MinistackWithAuth] {
        let emulator = kind.shared().lease();
        let boto = emulator.boto();
        boto.must("s3.create_bucket(Bucket='landing')\nmine = 'landing'");
        let names = "[bucket['Name'] for bucket in s3.list_buckets()['Buckets']]";
        assert_eq!(boto.must(names), json!(["landing"]), "{kind}");
        boto.must("s3.put_object(Bucket=mine, Key='a', Body=b'text')");
        assert_eq!(boto.must("s3.get_object(Bucket=mine, Key='a')['Body']"), json!("text"), "{kind}");
        let error = boto.run("iam.get_role(RoleName='nobody')").unwrap_err();
        assert!(error.contains("NoSuchEntity"), "{kind}: {error}");
        emulator.reset();
        assert_eq!(boto.must(names), json!([]), "{kind}");
        assert!(boto.run("mine").unwrap_err().contains("NameError"), "{kind}");
    }
}

#[test]
fn one_that_is_dropped_is_gone() {
    let emulator = Emulator::start(Kind::Ministack);
    let endpoint = emulator.endpoint().to_owned();
    assert!(answers(&endpoint));
    drop(emulator);
    assert!(!answers(&endpoint));
}

#[test]
fn one_whose_test_is_killed_is_gone() {
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "waits_to_be_killed", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(test.stdout.take().unwrap()).lines();
    let endpoint = lines.find_map(|line| Some(line.ok()?.strip_prefix("endpoint ")?.to_owned())).unwrap();
    assert!(answers(&endpoint));
    test.kill().unwrap();
    test.wait().unwrap();
    let killed = Instant::now();
    while answers(&endpoint) {
        assert!(killed.elapsed() < Duration::from_secs(30), "it still answers");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What `one_whose_test_is_killed_is_gone` kills.
#[test]
#[ignore = "waits until it is killed"]
fn waits_to_be_killed() {
    let emulator = Emulator::start(Kind::Moto);
    println!("\nendpoint {}", emulator.endpoint());
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_proxy_spoils_what_it_is_told_to() {
    let emulator = Emulator::moto().lease();
    let faults = Faults::before(&emulator);
    let boto = Boto::start(faults.endpoint());
    let roles = "len(iam.list_roles()['Roles'])";
    let create = "iam.create_role(RoleName='%', AssumeRolePolicyDocument='{}')".to_owned();
    for (fault, name) in
        [(Fault::SlowDown, "slow"), (Fault::Throttled, "throttled"), (Fault::Late, "late"), (Fault::Dropped, "dropped")]
    {
        faults.set("CreateRole", fault, 1);
        boto.must(&create.replace('%', name));
        let met: Vec<_> = faults.calls().into_iter().map(|(_, fault)| fault).collect();
        let expected = if fault == Fault::Late { 1 } else { 2 };
        assert_eq!(met.len(), expected, "{fault:?}: boto3 tries again: {met:?}");
        assert_eq!(met[0].as_deref(), Some(fault.name()));
    }
    assert_eq!(boto.must(roles), json!(4));
    faults.set("CreateRole", Fault::Html, 1);
    let error = boto.run(&create.replace('%', "html")).unwrap_err();
    assert!(error.contains("<!doctype html>"), "{error}");
    faults.set("CreateRole", Fault::ReplyLost, 1);
    let error = boto.run(&create.replace('%', "lost")).unwrap_err();
    assert!(error.contains("EntityAlreadyExists"), "the second attempt finds what the first made: {error}");
}
