//! Which directory a module call means.

use std::path::{Component, Path, PathBuf};

use mesh_diagnostics::{Diagnostic, Diagnostics};

use crate::module::{Module, ModuleCall};

/// Finds the directory of a called module: beside its caller, or where something that was fetched lies.
pub trait ModuleDirectories {
    /// The directory that `call` in `caller` means, normalized and relative to the root module's. `None` where there is none;
    /// why then went to `diagnostics`.
    fn directory(&mut self, caller: &Module, call: &ModuleCall, diagnostics: &mut Diagnostics) -> Option<PathBuf>;
}

/// Local directories and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalDirectories;

impl ModuleDirectories for LocalDirectories {
    fn directory(&mut self, caller: &Module, call: &ModuleCall, diagnostics: &mut Diagnostics) -> Option<PathBuf> {
        if call.source.starts_with("./") || call.source.starts_with("../") {
            return Some(normalized(&caller.dir.join(call.source.as_ref())));
        }
        let detail =
            format!("{:?} is not a local directory, and mesh loads modules from local directories only.", call.source);
        diagnostics.push(
            Diagnostic::error("module-source-unsupported", "Module source not supported", detail)
                .at(call.source_span)
                .hint("A local source starts with `./` or `../`."),
        );
        None
    }
}

/// Takes `.` and `..` out of a path without asking the file system.
#[must_use]
pub fn normalized(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalized_without_leaving_the_root_unseen() {
        assert_eq!(normalized(Path::new("a/./b/../c")), Path::new("a/c"));
        assert_eq!(normalized(Path::new("./../x")), Path::new("../x"));
    }
}
