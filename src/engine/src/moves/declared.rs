//! Whether what moved away is still declared where it was: then two blocks would mean one object.

use mesh_config::{ModuleTree, Resource};
use mesh_diagnostics::{Diagnostic, Span};
use mesh_value::ModulePath;

use super::pattern::{BlockPattern, Key, Pattern};
use super::statement::Statement;
use crate::run::Run;

/// Reports each statement whose `from` still has a block, or an instance of one.
pub(crate) fn hold_declared(run: &Run<'_>, statements: &[Statement]) {
    for statement in statements {
        let Some((what, span)) = declared(run, &statement.from) else { continue };
        let [from, to] = &statement.shown;
        let detail = format!("This says that {from} has moved, but that {what} is still declared.");
        run.report(
            Diagnostic::error("still-declared", "Moved and still declared", detail)
                .at(statement.spans[1])
                .elsewhere("It is declared here", span)
                .hint(format!("Declare it as {to} instead, or take this block out.")),
        );
    }
}

/// What is declared at a pattern, and where.
fn declared(run: &Run<'_>, pattern: &Pattern) -> Option<(&'static str, Span)> {
    let tree = run.inputs.tree;
    match &pattern.block {
        Some(block) => {
            let around = module(tree, &pattern.modules)?;
            let resource = around.module.resources.get(&(block.mode, block.ty.clone(), block.name.clone()))?;
            let modules = run.module_instances(&around.path);
            let is_there = modules.iter().any(|module| pattern.leads_to(module) && has(run, module, resource, block));
            let what = if block.key == Key::Any { "block" } else { "object" };
            is_there.then_some((what, resource.span))
        }
        None => {
            let ((name, key), way) = pattern.modules.split_last()?;
            let around = module(tree, way)?;
            let call = around.module.calls.get(name)?;
            let calling = Pattern { modules: way.to_vec(), block: None };
            let is_there = run.module_instances(&around.path).iter().any(|module| {
                calling.leads_to(module)
                    && match key {
                        Key::Any => true,
                        Key::Exact(key) => run.call_instances(module, name).contains(key),
                    }
            });
            is_there.then_some(("module call", call.span))
        }
    }
}

fn module<'a>(root: &'a ModuleTree, way: &[(std::sync::Arc<str>, Key)]) -> Option<&'a ModuleTree> {
    way.iter().try_fold(root, |tree, (name, _)| tree.children.get(name))
}

/// Whether a block has what the pattern means in a module instance.
fn has(run: &Run<'_>, module: &ModulePath, resource: &Resource, block: &BlockPattern) -> bool {
    let Key::Exact(key) = &block.key else { return true };
    let progress = run.progress.borrow();
    let key_of_block = (resource.mode, resource.ty.clone(), resource.name.clone());
    let state = progress.world.module(module).and_then(|state| state.blocks.get(&key_of_block));
    state.is_some_and(|state| state.instances.contains(key))
}
