//! The READMEs of the module library say what the modules declare. `BLESS=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "a library that cannot be read fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn readmes_say_what_modules_declare() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../modules");
    let option = if std::env::var_os("BLESS").is_some() { "--out" } else { "--check" };
    for module in modules(&library) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mesh"));
        command.args(["docs", "module"]).arg(&module).arg(option).arg(module.join("README.md"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The directories below one that declare variables.
fn modules(dir: &Path) -> Vec<PathBuf> {
    let below = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let found = below.flat_map(|dir| if dir.join("variables.mesh.hcl").exists() { vec![dir] } else { modules(&dir) });
    found.collect()
}
