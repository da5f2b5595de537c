//! The READMEs of the module library say what the modules declare. `BLESS=1` writes them anew.

use std::path::Path;
use std::process::Command;

#[test]
fn readmes_say_what_modules_declare() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../modules");
    let modules = std::fs::read_dir(library).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let option = if std::env::var_os("BLESS").is_some() { "--out" } else { "--check" };
    for module in modules {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mesh"));
        command.args(["docs", "module"]).arg(&module).arg(option).arg(module.join("README.md"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
