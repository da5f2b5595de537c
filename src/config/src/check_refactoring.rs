//! Checks of `moved` and `removed` blocks that need more than the block itself.

use std::collections::HashMap;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::ModulePath;

use crate::module::ModuleTree;
use crate::refactoring::{Endpoint, Removed};

/// Checks the refactoring blocks of one module.
pub fn check(tree: &ModuleTree, diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&Endpoint, &Removed> = HashMap::new();
    for removed in &tree.module.removed {
        if let Some(span) = declared(tree, &removed.from) {
            let detail = format!("This says that {} was removed, but it is still declared.", removed.from);
            diagnostics.push(
                Diagnostic::error("still-declared", "Removed and still declared", detail)
                    .at(removed.span)
                    .elsewhere("It is declared here", span)
                    .hint("Take its block out too, or take out this one."),
            );
        }
        let earlier = first.entry(&removed.from).or_insert(removed);
        if earlier.destroy != removed.destroy {
            let detail =
                format!("Of {} one block says that it is destroyed, and another one that it stays.", removed.from);
            diagnostics.push(
                Diagnostic::error("ambiguous-removal", "Contradicting `removed` blocks", detail)
                    .at(removed.span)
                    .elsewhere("The other one is here", earlier.span)
                    .hint("Keep the one that you mean."),
            );
        }
    }
    for moved in &tree.module.moved {
        for endpoint in [&moved.from, &moved.to] {
            if let Some((call, source, span)) = foreign(tree, &endpoint.way()) {
                let detail = format!(
                    "{endpoint} is inside of module `{call}`, which comes from {source}: what is inside of a module that is kept elsewhere is for that module to move."
                );
                diagnostics.push(
                    Diagnostic::error("invalid-move", "Invalid `moved` block", detail)
                        .at(moved.span)
                        .elsewhere("The module is called here", span)
                        .hint("Write the block in that module, or move the module as a whole."),
                );
            }
        }
    }
}

/// Where a block or module call is declared.
fn declared(tree: &ModuleTree, endpoint: &Endpoint) -> Option<Span> {
    match endpoint {
        Endpoint::Module(path) => {
            let around = tree_at(tree, &path.parent()?)?;
            Some(around.module.calls.get(&path.steps().last()?.name)?.span)
        }
        Endpoint::Object(address) => {
            let block = &address.block;
            let key = (block.mode, block.ty.clone(), block.name.clone());
            Some(tree_at(tree, &block.module)?.module.resources.get(&key)?.span)
        }
    }
}

/// The module under a path that starts here.
fn tree_at<'a>(tree: &'a ModuleTree, path: &ModulePath) -> Option<&'a ModuleTree> {
    path.steps().iter().try_fold(tree, |tree, step| tree.children.get(&step.name))
}

/// The first call on the way whose source is not a directory of the same project: its name, its source and its place.
fn foreign<'a>(tree: &'a ModuleTree, way: &ModulePath) -> Option<(&'a str, &'a str, Span)> {
    let mut at = tree;
    for step in way.steps() {
        let call = at.module.calls.get(&step.name)?;
        if !call.source.starts_with("./") && !call.source.starts_with("../") {
            return Some((&call.name, &call.source, call.source_span));
        }
        at = at.children.get(&step.name)?;
    }
    None
}
