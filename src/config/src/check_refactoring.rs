//! Checks of `moved`, `removed` and `import` blocks that need more than the block itself.

use std::collections::HashMap;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::{Mode, ModulePath};

use crate::module::{ModuleTree, Repetition};
use crate::refactoring::{Endpoint, Import, Removed};

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
    for import in &tree.module.imports {
        if let Err(problem) = check_import(tree, import) {
            diagnostics.push(*problem);
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

/// What is wrong with an `import` block in this module.
fn check_import(tree: &ModuleTree, import: &Import) -> Result<(), Box<Diagnostic>> {
    let wrong = |detail: String, span: Span| {
        Box::new(Diagnostic::error("invalid-import", "Invalid `import` block", detail).at(span))
    };
    if !tree.path.is_root() {
        let detail = format!("Objects are imported in the root module only, and this stands in {}.", tree.path);
        return Err(Box::new(
            wrong(detail, import.span).hint("Move the block into the root module: its `to` reaches into modules."),
        ));
    }
    let to = &import.to;
    let mut at = tree;
    for (name, key) in &to.modules {
        let Some(call) = at.module.calls.get(name) else {
            let known = at.module.calls.keys().map(|name| format!("module.{name}")).collect::<Vec<_>>();
            let detail = format!("There is no module call `{name}` on the way to {to}.");
            let error = wrong(detail, to.span);
            return Err(Box::new(error.suggest(&format!("module.{name}"), known.iter().map(String::as_str))));
        };
        keyed(&call.repetition, key.is_some(), &format!("Module call `{name}`"))
            .map_err(|detail| wrong(detail, to.span).elsewhere("It is declared here", call.span))?;
        let Some(child) = at.children.get(name) else { return Ok(()) };
        at = child;
    }
    // Where there is no block, one may be generated.
    let Some(resource) = at.module.resources.get(&(Mode::Managed, to.ty.clone(), to.name.clone())) else {
        return Ok(());
    };
    keyed(&resource.repetition, to.key.is_some(), &format!("Resource `{}.{}`", to.ty, to.name))
        .map_err(|detail| Box::new(wrong(detail, to.span).elsewhere("It is declared here", resource.span)))
}

/// Whether an address has a key where, and only where, its block has `count` or `for_each`.
fn keyed(repetition: &Repetition, has_key: bool, what: &str) -> Result<(), String> {
    match (repetition, has_key) {
        (Repetition::Count(_), false) => {
            Err(format!("{what} has `count`: say which of its instances is meant, such as `[0]`."))
        }
        (Repetition::ForEach(_), false) => {
            Err(format!("{what} has `for_each`: say which of its instances is meant, such as `[\"key\"]`."))
        }
        (Repetition::Once | Repetition::Enabled(_), true) => {
            Err(format!("{what} has neither `count` nor `for_each`, so its address has no key."))
        }
        _ => Ok(()),
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
