//! Computes a value again with what is known now.

use mesh_diagnostics::Diagnostic;
use mesh_plan::Vertex;
use mesh_value::ModulePath;

use super::Applier;
use crate::checks::Condition;
use crate::expand::expand;
use crate::run::{Run, Standing};
use crate::scope::Repeated;
use crate::world::{Instances, block_key};

impl Applier<'_> {
    /// Evaluates a variable, local, output, expansion or product again; whether it succeeded.
    pub(super) fn evaluate(&self, vertex: &Vertex) -> bool {
        let run = &self.run;
        run.progress.borrow_mut().failed.remove(vertex);
        match vertex {
            Vertex::Local(module, name) => run.local(module, name),
            Vertex::Variable(module, name) => {
                let Some(tree) = run.inputs.tree.find(module) else { return false };
                let Some(variable) = tree.module.variables.get(name) else { return false };
                run.variable(module, variable);
                for rule in &variable.validations {
                    if run.hold(Condition::validation(rule), vertex, module, Repeated::No, None).fails() {
                        return false;
                    }
                }
            }
            Vertex::Output(module, name) => {
                let Some(tree) = run.inputs.tree.find(module) else { return false };
                let Some(output) = tree.module.outputs.get(name) else { return false };
                for rule in &output.preconditions {
                    if run.hold(Condition::precondition(rule), vertex, module, Repeated::No, None).fails() {
                        return false;
                    }
                }
                run.output(module, output);
            }
            Vertex::Product(module, _) => {
                if let Some(product) = run.product(module).filter(|product| product.is_described) {
                    self.products.borrow_mut().insert(module.clone(), (product.id, product.value));
                }
            }
            Vertex::Instances(block) => return self.expand_again(vertex, block),
            Vertex::Calls(module, call) => return self.call_again(vertex, module, call),
            Vertex::Usage(module, label) => run.usage(module, label),
            // These must be known when planning.
            Vertex::Mesh | Vertex::Domain(_) => return true,
            // Checks are held when everything is done.
            // What is imported was read while planning.
            Vertex::Check(..) | Vertex::Import(_) => return true,
            Vertex::Instance(_) | Vertex::Block(_) | Vertex::Module(_) | Vertex::Provider(_) => {}
        }
        run.progress.borrow().standing(vertex) != Standing::Failed
    }

    /// Holds every `check` block of the plan again, with what is there now.
    pub(super) async fn hold_checks(&self) {
        for check in &self.plan.checks {
            let Vertex::Check(module, name) = &check.of else { continue };
            let tree = self.run.inputs.tree.find(module);
            if let Some(check) = tree.and_then(|tree| tree.module.checks.get(name)) {
                self.run.check_block(module, check, |_| false).await;
            }
        }
    }

    fn expand_again(&self, vertex: &Vertex, block: &mesh_value::BlockAddress) -> bool {
        let run = &self.run;
        let tree = run.inputs.tree.find(&block.module);
        let Some(resource) = tree.and_then(|tree| tree.module.resources.get(&block_key(block))) else { return false };
        let planned = run.progress.borrow().world.block(block).map(|state| state.instances.clone());
        let now = expand(run, vertex, &block.module, &resource.repetition);
        let Some(planned) = planned else { return false };
        if !agree(run, vertex, &planned, &now) {
            return false;
        }
        let mut progress = run.progress.borrow_mut();
        if let Some(state) = progress.world.module_mut(&block.module).blocks.get_mut(&block_key(block))
            && !matches!(planned, Instances::Deferred)
        {
            state.instances = now;
        }
        true
    }

    fn call_again(&self, vertex: &Vertex, module: &ModulePath, call: &std::sync::Arc<str>) -> bool {
        let run = &self.run;
        let tree = run.inputs.tree.find(module);
        let Some(declared) = tree.and_then(|tree| tree.module.calls.get(call)) else { return false };
        let planned = run.call_instances(module, call);
        let now = expand(run, vertex, module, &declared.repetition);
        if !agree(run, vertex, &planned, &now) {
            return false;
        }
        if !matches!(planned, Instances::Deferred) {
            run.progress.borrow_mut().world.module_mut(module).calls.insert(call.clone(), now);
        }
        true
    }
}

/// Whether a block has the instances that were planned. A block that was deferred is planned again after this apply.
fn agree(run: &Run<'_>, vertex: &Vertex, planned: &Instances, now: &Instances) -> bool {
    match (planned, now) {
        (_, Instances::Failed) => false,
        (Instances::Deferred, _) => true,
        _ if planned.keys() == now.keys() => true,
        _ => {
            let detail = format!(
                "{vertex} was planned with {} instance(s) and would now have {}: what its `count` or `for_each` reads changed on the way.",
                planned.keys().len(),
                now.keys().len()
            );
            run.report(
                Diagnostic::error("plan-outdated", "The plan no longer fits", detail)
                    .about(vertex)
                    .hint("Plan again: what was done so far is recorded."),
            );
            false
        }
    }
}
