//! Plans the data product of a module instance: its descriptor, and what expressions read of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use mesh_config::{DataProduct, ModuleTree};
use mesh_diagnostics::Diagnostics;
use mesh_lang::decode;
use mesh_lang::syntax::Body;
use mesh_plan::Vertex;
use mesh_product::{Descriptor, Problem};
use mesh_value::{ModulePath, Value};

use super::Planner;
use crate::run::{Run, Standing};
use crate::scope::Repeated;
use crate::world::Known;

impl Planner<'_> {
    /// Evaluates and checks the product that a module instance declares.
    pub(super) fn product(&self, module: &ModulePath) {
        let Some(ProductRead { id, value, is_described }) = self.run.product(module) else { return };
        let mut draft = self.draft.borrow_mut();
        draft.products.insert(module.clone(), (id, value));
        if !is_described {
            draft.only_owners.insert(module.clone());
        }
    }
}

/// A data product as its block says it.
pub(crate) struct ProductRead {
    /// `domain.name`
    pub id: Arc<str>,
    /// The descriptor as plans and states keep it. Parts of it may be known after apply.
    pub value: Value,
    /// Whether it can be told now. Where what it reads is left out or decided during apply, it only owns its objects, whose
    /// budget it holds.
    pub is_described: bool,
}

impl Run<'_> {
    /// Evaluates and checks the product of a module instance and makes it readable. `None` where there is none, or nobody
    /// can say which it is.
    pub fn product(&self, module: &ModulePath) -> Option<ProductRead> {
        let product = self.inputs.tree.find(module)?.module.product.as_ref()?;
        let schema = mesh_config::Schemas::product(self.inputs.providers);
        let vertex = Vertex::Product(module.clone(), product.name.clone());
        let decoded = self.in_scope(&vertex, module, Repeated::No, None, |scope, diagnostics| {
            let body = mesh_product::normalize(&product.body, diagnostics);
            decode::check(&body, &schema, &[], diagnostics);
            let decoded = decode::body(&body, &schema, scope, &[], diagnostics);
            ((body, decoded.value), decoded.reads)
        });
        let ((body, value), mut standing) = decoded?;
        let mut described = None;
        if standing == Standing::Fine {
            match Descriptor::from_value(&product.name, &value) {
                Ok(descriptor) => described = Some(descriptor),
                Err(problems) => {
                    self.report_problems(problems, &body, product, &vertex);
                    standing = Standing::Failed;
                }
            }
        }
        let value = value.without_marks_deep();
        let exported = described.as_ref().map(|_| mesh_product::exported_value(&product.name, &value));
        let known = match exported {
            Some(exported) => Known::Value(exported),
            None if standing == Standing::Deferred => Known::Deferred,
            None => Known::Failed,
        };
        let mut progress = self.progress.borrow_mut();
        progress.settle(&vertex, standing);
        progress.world.module_mut(module).products.insert(product.name.clone(), known);
        let is_described = described.is_some();
        let id: Arc<str> = match described {
            Some(descriptor) => descriptor.id().into(),
            None if standing == Standing::Failed => return None,
            None => format!("{}.{}", value.get("domain").and_then(Value::as_str)?, product.name).into(),
        };
        Some(ProductRead { id, value: mesh_product::stored_value(&value), is_described })
    }
}

impl Run<'_> {
    fn report_problems(&self, problems: Vec<Problem>, body: &Body, product: &DataProduct, vertex: &Vertex) {
        for problem in problems {
            let span = decode::span_of(body, &problem.path).unwrap_or(product.span);
            self.report(problem.diagnostic.at(span).about(vertex));
        }
    }
}

impl Planner<'_> {
    /// Holds every input port against the ports that there are: those of this configuration, and those of products that
    /// the state has.
    pub(super) fn hold_inputs(&self) {
        let draft = self.draft.borrow();
        let described = |module: &ModulePath, value: &Value| {
            let product = self.run.inputs.tree.find(module)?.module.product.as_ref()?;
            Some((product, Descriptor::from_value(&product.name, value).ok()?))
        };
        let products: Vec<_> = draft
            .products
            .iter()
            .filter_map(|(module, (_, value))| described(module, value).map(|found| (module, found)))
            .collect();
        let ports = |descriptor: &Descriptor| -> Vec<String> {
            descriptor.outputs.iter().map(|port| descriptor.port_address(port)).collect()
        };
        let mut known: BTreeSet<String> = products.iter().flat_map(|(_, (_, descriptor))| ports(descriptor)).collect();
        for (address, stored) in self.prior.borrow().products.values() {
            let name = address.rsplit('.').next().unwrap_or_default();
            known.extend(stored_descriptor(name, stored).iter().flat_map(ports));
        }
        for (module, (product, descriptor)) in products.into_iter().filter(|(module, _)| self.covers_product(module)) {
            let problems = mesh_product::check_inputs(&descriptor, &known);
            let body = mesh_product::normalize(&product.body, &mut Diagnostics::default());
            let vertex = Vertex::Product(module.clone(), product.name.clone());
            self.run.report_problems(problems, &body, product, &vertex);
        }
    }
}

/// A descriptor as the state has it; `None` where this build can't read it.
fn stored_descriptor(name: &str, stored: &serde_json::Value) -> Option<Descriptor> {
    let ty = mesh_product::stored_type();
    Descriptor::from_value(name, &mesh_value::from_json(stored, &ty).ok()?).ok()
}

/// Where a module instance declares its product, such as `module.orders.data_product.orders`.
pub(crate) fn address(root: &ModuleTree, module: &ModulePath) -> Arc<str> {
    let name = root.find(module).and_then(|tree| tree.module.product.as_ref()).map(|product| product.name.clone());
    Vertex::Product(module.clone(), name.unwrap_or_default()).to_string().into()
}
