//! Locals, variables and outputs of a module instance: evaluated the same way while planning and while applying.

use std::sync::Arc;

use mesh_config::{Output, Variable, ephemeral_value};
use mesh_diagnostics::Diagnostic;
use mesh_plan::Vertex;
use mesh_value::{InstanceKey, Marks, ModulePath, Value};

use crate::blocks::calling;
use crate::run::{Run, Standing};
use crate::scope::Repeated;
use crate::world::{Instances, Known};

impl Run<'_> {
    /// Evaluates a local value.
    pub fn local(&self, module: &ModulePath, name: &Arc<str>) {
        let Some(local) = self.inputs.tree.find(module).and_then(|tree| tree.module.locals.get(name)) else { return };
        let vertex = Vertex::Local(module.clone(), name.clone());
        let (value, standing) = self.evaluate(&vertex, module, Repeated::No, &local.expr);
        let known = self.settled(&vertex, value, standing);
        self.progress.borrow_mut().world.module_mut(module).locals.insert(name.clone(), known);
    }

    /// Evaluates an output.
    pub fn output(&self, module: &ModulePath, output: &Output) {
        let vertex = Vertex::Output(module.clone(), output.name.clone());
        let (value, mut standing) = self.evaluate(&vertex, module, Repeated::No, &output.expr);
        for reference in &output.depends_on {
            let waited = self.progress.borrow_mut().depends_on(&vertex, module, &reference.referent);
            standing = crate::run::worse(standing, waited);
        }
        let value = if output.sensitive { value.with_marks(Marks::SENSITIVE) } else { value };
        if value.deep_marks().is_ephemeral() && !output.ephemeral {
            let whose = format!("output `{}`, which does not say `ephemeral = true`", output.name);
            self.report(ephemeral_value(&whose, output.expr.span));
            standing = Standing::Failed;
        }
        let value = if output.ephemeral { value.with_marks(Marks::EPHEMERAL) } else { value };
        let known = self.settled(&vertex, value, standing);
        self.progress.borrow_mut().world.module_mut(module).outputs.insert(output.name.clone(), known);
    }

    /// Gives a variable its value: from outside in the root module, else from the call's argument.
    pub fn variable(&self, module: &ModulePath, variable: &Variable) {
        let vertex = Vertex::Variable(module.clone(), variable.name.clone());
        let (value, standing) = match calling(module) {
            None => {
                self.progress.borrow_mut().reads.number(&vertex);
                match self.inputs.variables.get(&variable.name) {
                    Some(value) => (value.clone(), Standing::Fine),
                    None => (Value::null(variable.ty.ty.clone()), Standing::Failed),
                }
            }
            Some((parent, call)) => self.argument(&vertex, &parent, &call, module, variable),
        };
        let value = if variable.sensitive { value.with_marks(Marks::SENSITIVE) } else { value };
        let value = if variable.ephemeral { value.with_marks(Marks::EPHEMERAL) } else { value };
        if value.deep_marks().is_hidden() {
            // Texts are composed of it: what a provider says of one may hold this part alone.
            let (unmarked, marks) = value.unmark_deep();
            self.progress.borrow_mut().secrets.note(&unmarked, &marks);
        }
        let known = self.settled(&vertex, value, standing);
        self.progress.borrow_mut().world.module_mut(module).variables.insert(variable.name.clone(), known);
    }

    fn argument(
        &self,
        vertex: &Vertex,
        parent: &ModulePath,
        call: &Arc<str>,
        module: &ModulePath,
        variable: &Variable,
    ) -> (Value, Standing) {
        let nothing = || Value::null(variable.ty.ty.clone());
        let declared = self.inputs.tree.find(parent).and_then(|tree| tree.module.calls.get(call));
        let Some(argument) = declared.and_then(|call| call.arguments.get(&variable.name)) else {
            self.progress.borrow_mut().reads.number(vertex);
            return match &variable.default {
                Some(default) => (default.clone(), Standing::Fine),
                None => (nothing(), Standing::Failed),
            };
        };
        let key = module.steps().last().map_or(InstanceKey::None, |step| step.key.clone());
        let instances = self.call_instances(parent, call);
        // The instance's key and value may come from the values that `for_each` read.
        if !matches!(instances, Instances::Single) {
            self.progress.borrow_mut().wait_for(vertex, &Vertex::Calls(parent.clone(), call.clone()));
        }
        let (value, standing) = self.evaluate(vertex, parent, Repeated::of(&instances, &key), &argument.expr);
        if matches!(standing, Standing::Deferred | Standing::Failed) {
            return (value, standing);
        }
        if value.deep_marks().is_ephemeral() && !variable.ephemeral {
            let whose =
                format!("variable `{}` of module `{call}`, which does not say `ephemeral = true`", variable.name);
            self.report(
                ephemeral_value(&whose, argument.expr.span).elsewhere("The variable is declared here", variable.span),
            );
            return (nothing(), Standing::Failed);
        }
        if value.is_null() && !variable.nullable {
            if let Some(default) = &variable.default {
                return (default.clone(), standing);
            }
            let detail = format!("Variable `{}` of module `{call}` may not be null.", variable.name);
            self.report(
                Diagnostic::error("null-variable", "Null where a value is required", detail).at(argument.expr.span),
            );
            return (nothing(), Standing::Failed);
        }
        match variable.ty.convert(&value) {
            Ok(value) => (value, standing),
            Err(error) => {
                let detail = format!("Variable `{}` of module `{call}` can't be this value: {error}.", variable.name);
                self.report(
                    Diagnostic::error("wrong-type", "Wrong type", detail)
                        .at(argument.expr.span)
                        .elsewhere("The variable is declared here", variable.span)
                        .hint(format!("The variable's type is {}.", variable.ty.ty)),
                );
                (nothing(), Standing::Failed)
            }
        }
    }

    /// Notes a vertex's standing and wraps its value accordingly.
    pub fn settled(&self, vertex: &Vertex, value: Value, standing: Standing) -> Known {
        self.progress.borrow_mut().settle(vertex, standing);
        match standing {
            Standing::Fine | Standing::LeftOut => Known::Value(value),
            Standing::Deferred => Known::Deferred,
            Standing::Failed => Known::Failed,
        }
    }
}
