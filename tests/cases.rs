//! Plays every script under `tests/cases` with the real binary; each is a test of its own. `BLESS=1` writes the
//! transcripts anew; adding a case is adding a directory.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut trials = Vec::new();
    for entry in std::fs::read_dir(cases).unwrap() {
        let case = entry.unwrap().path();
        if case.join("script.txt").is_file() {
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            let play = move || mesh_tests::check(env!("CARGO_BIN_EXE_mesh"), &case).map_err(Into::into);
            trials.push(Trial::test(name, play));
        }
    }
    trials.sort_by(|left, right| left.name().cmp(right.name()));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
