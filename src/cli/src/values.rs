//! Where values for the root module's variables come from: environment, files beside the configuration, options.

use std::path::{Path, PathBuf};

use clap::Args;
use mesh_config::{InputValues, Origin};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};

/// Options that give values to variables.
#[derive(Clone, Debug, Default, Args)]
pub struct ValueArgs {
    /// Give a variable of the root module a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub var: Vec<String>,
    /// Read values from a file in HCL or, where it ends in .json, in JSON; may be repeated.
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_file: Vec<PathBuf>,
}

/// Prefixes of environment variables, the weaker first.
const PREFIXES: [&str; 2] = ["TF_VAR_", "MESH_VAR_"];
/// Files that are read without being named, the weaker first; then every `*.auto.*` file, by name.
const FILES: [&str; 4] = ["terraform.tfvars", "terraform.tfvars.json", "mesh.vars", "mesh.vars.json"];
const AUTO_ENDINGS: [&str; 4] = [".auto.tfvars", ".auto.tfvars.json", ".auto.vars", ".auto.vars.json"];

/// Collects all values, each source stronger than the one before: environment, files, options. `-var` and `-var-file`
/// count in the order in which they stand on the command line, files before single values.
pub fn collect(dir: &Path, given: &ValueArgs, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> InputValues {
    let mut values = InputValues::default();
    for prefix in PREFIXES {
        for (name, value) in std::env::vars() {
            if let Some(variable) = name.strip_prefix(prefix) {
                values.text(variable, value, Origin::Environment(name.clone()));
            }
        }
    }
    let mut auto: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| AUTO_ENDINGS.iter().any(|ending| name.ends_with(ending)))
        .collect();
    auto.sort();
    let named = FILES.iter().map(ToString::to_string).filter(|name| dir.join(name).is_file());
    for name in named.chain(auto) {
        let origin = Origin::AutoFile(name.clone().into());
        read_file(&mut values, &dir.join(&name), Path::new(&name), &origin, sources, diagnostics);
    }
    for path in &given.var_file {
        let origin = Origin::CommandLine(format!("--var-file {}", path.display()));
        read_file(&mut values, path, path, &origin, sources, diagnostics);
    }
    for given in &given.var {
        match given.split_once('=') {
            Some((name, value)) => {
                values.text(name.trim(), value.to_owned(), Origin::CommandLine(format!("--var {}", name.trim())));
            }
            None => diagnostics.push(
                Diagnostic::error("invalid-option", "Invalid option", format!("`--var {given}` names no value."))
                    .hint("Write it as `--var name=value`."),
            ),
        }
    }
    values
}

fn read_file(
    values: &mut InputValues,
    path: &Path,
    shown: &Path,
    origin: &Origin,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) {
    match std::fs::read_to_string(path) {
        Ok(text) if path.extension().is_some_and(|extension| extension == "json") => {
            values.json_file(shown.to_owned(), &text, origin, sources, diagnostics);
        }
        Ok(text) => values.file(shown.to_owned(), &text, origin, sources, diagnostics),
        Err(error) => {
            let detail = format!("Reading {} failed: {error}.", shown.display());
            diagnostics.push(Diagnostic::error("variables-file-unreadable", "Variables file can't be read", detail));
        }
    }
}
