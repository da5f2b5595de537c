//! Checks of what stands in nested blocks.

use mesh_provider::ProviderDiagnostic;
use mesh_value::{AttributePath, PathStep, Value};

/// The problems that `check` finds in the blocks of a name, each at its place. Blocks that are known after apply have
/// none yet.
pub(super) fn inside(
    object: &Value,
    name: &str,
    mut check: impl FnMut(&Value) -> Vec<ProviderDiagnostic>,
) -> Vec<ProviderDiagnostic> {
    let at = AttributePath::attr(name);
    let Some(blocks) = object.get(name).filter(|blocks| blocks.is_known() && !blocks.is_null()) else {
        return Vec::new();
    };
    let Some(blocks) = blocks.as_slice() else { return moved(check(blocks), &at) };
    let each = blocks.iter().enumerate();
    each.flat_map(|(index, block)| moved(check(block), &at.join(PathStep::Index(index)))).collect()
}

/// Problems of a block that is at `at`.
fn moved(problems: Vec<ProviderDiagnostic>, at: &AttributePath) -> Vec<ProviderDiagnostic> {
    let moved = |problem: ProviderDiagnostic| {
        let path = problem.path.steps().iter().cloned().fold(at.clone(), |path, step| path.join(step));
        problem.at(path)
    };
    problems.into_iter().map(moved).collect()
}
