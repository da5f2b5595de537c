//! The quick mode works from one end to the other, and prints the whole table. No time is asserted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The `mesh` binary beside the benchmarks' own. `cargo test --workspace` has built it for its own tests; else it is built
/// here, once: this is no test of what it does.
fn mesh() -> PathBuf {
    let own = Path::new(env!("CARGO_BIN_EXE_mesh-benches"));
    let (folder, target) = (own.parent().unwrap(), own.ancestors().nth(2).unwrap());
    let mesh = folder.join("mesh");
    if !mesh.is_file() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "-p", "mesh", "--target-dir"]).arg(target);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    }
    mesh
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn quick_mode_prints_the_whole_table() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mesh-benches"));
    let output = command.args(["--quick", "--no-terraform", "--mesh"]).arg(mesh()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("mesh "), "{text}");
    assert!(lines[0].contains(", without Terraform, "), "{text}");
    assert_eq!(lines[1], "");
    let head = ["case", "mesh", "memory", "Terraform", "memory", "faster", "less memory", "target", "reached"];
    assert_eq!(cells(lines[2]), head);
    assert!(lines[3].chars().all(|letter| "|- ".contains(letter)), "{text}");
    let cases: Vec<&str> = lines[4..].iter().map(|line| cells(line)[0]).collect();
    let expected = [
        "plan 100 blocks in chains of 10",
        "plan 2 x 50 instances, b[i] reads a[i]",
        "apply 40 blocks in chains of 10",
        "plan without changes, 40 in state",
        "growth from 2 x 5 to 2 x 50 instances",
        "plan 10 x 5 nested module calls",
        "1,000 x 60 object attributes through 4 modules",
        "growth from 2 to 4 such modules",
        "validate 100 blocks in one file",
        "fmt --check 100 blocks in one file",
        "validate examples/orders",
        "size of the binary",
    ];
    assert_eq!(cases, expected);
    for line in &lines[4..] {
        let cells = cells(line);
        assert_eq!(cells.len(), 9, "{line}");
        assert_eq!(cells[8], "-", "a quick run holds no target: {line}");
        assert_eq!(line.chars().count(), lines[2].chars().count(), "the columns are aligned: {line}");
    }
}
