//! Plays the script of every example under `tests/examples` that needs this machine alone, with a copy of the example and of
//! the module library. Those on a cloud have tests of their own.
//! `BLESS=1` writes the transcripts anew.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use mesh_tests::{Sandbox, play};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut trials = Vec::new();
    for entry in std::fs::read_dir(root.join("examples")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if name.starts_with("aws-") {
            continue;
        }
        let (root, script) = (root.clone(), root.join("tests/examples").join(&name));
        let example = name.clone();
        trials.push(Trial::test(name, move || {
            let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
            sandbox.copy(&root.join("modules"), "modules");
            sandbox.copy(&root.join("examples").join(&example), &format!("examples/{example}"));
            // What a developer's own runs left beside the example is not part of it.
            for made in ["data", ".mesh"] {
                let _ = std::fs::remove_dir_all(sandbox.path().join("examples").join(&example).join(made));
            }
            play(&sandbox, &script).map_err(Into::into)
        }));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
