//! The one virtual environment of Python that holds the emulators, made when it is first needed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What is installed, with versions.
const REQUIREMENTS: &str = include_str!("../../emulators.txt");

/// A directory that holds the environment instead of `target/emulators`, so that several checkouts can share one.
const ELSEWHERE: &str = "MESH_EMULATORS";

/// The environment's Python. Makes the environment where there is none for these requirements; test binaries that need
/// it at the same time wait for the first.
///
/// # Panics
/// Where there is no Python or the packages can't be installed; the text says what to do.
#[must_use]
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let base = std::env::var_os(ELSEWHERE).map_or_else(|| target().join("emulators"), PathBuf::from);
        fs::create_dir_all(&base).unwrap_or_else(|error| panic!("{}: {error}", base.display()));
        let lock = base.join("lock");
        let lock = File::create(&lock).unwrap_or_else(|error| panic!("{}: {error}", lock.display()));
        lock.lock().unwrap_or_else(|error| panic!("{} can't be locked: {error}", base.display()));
        made(&base).join("bin/python")
    })
}

/// The directory of the environment for today's requirements. The marker beside it says that it is complete.
fn made(base: &Path) -> PathBuf {
    let digest = fingerprint(REQUIREMENTS);
    let (environment, marker) = (base.join(&digest), base.join(format!("{digest}.complete")));
    if marker.exists() && environment.join("bin/python").exists() {
        return environment;
    }
    // What an interrupted installation left.
    let _ = fs::remove_dir_all(&environment);
    run(
        Command::new("python3").args(["-m", "venv"]).arg(&environment),
        "The tests against AWS's emulators need Python 3.11 or later with its module `venv`.\n\
         Install it (Debian and Ubuntu: `apt-get install python3-venv`), or leave these tests out.",
    );
    let requirements = base.join(format!("{digest}.txt"));
    fs::write(&requirements, REQUIREMENTS).unwrap_or_else(|error| panic!("{}: {error}", requirements.display()));
    run(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements),
        "The packages of tests/emulators.txt can't be installed. They come from PyPI or from the index that pip is \
         set up with (PIP_INDEX_URL).",
    );
    File::create(&marker).unwrap_or_else(|error| panic!("{}: {error}", marker.display()));
    environment
}

/// Runs a command to its end, or panics with what to do about its failure and with what it said.
fn run(command: &mut Command, advice: &str) {
    match command.stdin(Stdio::null()).output() {
        Err(error) => panic!("{advice}\n\n{command:?}: {error}"),
        Ok(output) if !output.status.success() => {
            let said = [output.stdout, output.stderr].concat();
            panic!("{advice}\n\n{command:?} ended with {}:\n{}", output.status, String::from_utf8_lossy(&said))
        }
        Ok(_) => {}
    }
}

/// The directory that cargo builds in: the one above this binary that is tagged as a cache.
fn target() -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let tagged = binary.ancestors().find(|directory| directory.join("CACHEDIR.TAG").exists());
    tagged.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), Path::to_owned)
}

/// FNV-1a, 64 bits, as hexadecimal digits: tells versions of a small text apart.
fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
