//! Evaluates every expression while nothing is known but types: what fails now fails whatever the values will be.
//!
//! `mesh validate` does this. A plan has values and evaluates with those.

mod scope;

use std::collections::HashSet;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::decode;
use mesh_lang::eval::{Environment, evaluate};
use mesh_lang::syntax::{Block, Body, Expr};
use mesh_value::{
    AttributeMode, AttributePath, AttributeSchema, BlockSchema, Mode, NestedBlockSchema, Nesting, Type, Value,
};

use crate::cost::CostBlock;
use crate::ephemeral::{ephemeral_value, kept_ephemeral};
use crate::module::{CheckRule, ModuleCall, ModuleTree, Repetition, Resource};
use crate::provider::ProviderBlock;
use crate::schemas::Schemas;
use scope::UnknownScope;

/// Evaluates the expressions of every module once and reports what can't be right. `check` has been here before: what
/// it reports is not reported again.
pub fn check_values(
    root: &ModuleTree,
    schemas: &dyn Schemas,
    environment: &dyn Environment,
    diagnostics: &mut Diagnostics,
) {
    let (mut seen, mut found) = (HashSet::new(), Diagnostics::default());
    for tree in root.walk() {
        if seen.insert(Arc::as_ptr(&tree.module)) {
            let scope = UnknownScope::new(tree, schemas, environment);
            Checker { tree, schemas, scope, diagnostics: &mut found }.module();
        }
    }
    let place = |diagnostic: &Diagnostic| (diagnostic.code, diagnostic.subject);
    let known: HashSet<_> = diagnostics.iter().map(place).collect();
    diagnostics.extend(found.into_iter().filter(|diagnostic| !known.contains(&place(diagnostic))));
}

struct Checker<'a> {
    tree: &'a ModuleTree,
    schemas: &'a dyn Schemas,
    scope: UnknownScope<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn module(&mut self) {
        let module = self.tree.module.clone();
        for variable in module.variables.values() {
            self.rules(&variable.validations);
        }
        for local in module.locals.values() {
            self.value(&local.expr);
        }
        for output in module.outputs.values() {
            if self.value(&output.expr).deep_marks().is_ephemeral() && !output.ephemeral {
                let whose = format!("output `{}`, which does not say `ephemeral = true`", output.name);
                self.diagnostics.push(ephemeral_value(&whose, output.expr.span));
            }
            self.rules(&output.preconditions);
        }
        for resource in module.resources.values() {
            self.resource(resource);
        }
        for check in module.checks.values() {
            check.data.iter().for_each(|data| self.resource(data));
            self.rules(&check.assertions);
        }
        for call in module.calls.values() {
            self.call(call);
        }
        for provider in &module.providers {
            let schema = self.schemas.provider(&provider.config.name).ok().flatten();
            self.body(&provider.body, schema.as_deref().map(|schema| &schema.block), &ProviderBlock::META_ARGUMENTS);
        }
        if let Some(product) = &module.product {
            let body = self.schemas.product_body(&product.body, &mut Diagnostics::default());
            self.body(&body, Some(&self.schemas.product()), &[]);
        }
        self.cost();
    }

    fn cost(&mut self) {
        let module = self.tree.module.clone();
        if let Some(currency) = &module.cost.currency {
            self.value(&currency.expr);
        }
        for (kind, block) in module.cost.of_the_mesh() {
            let value = self.body(&block.body, Some(&self.schemas.cost(kind)), &[]);
            self.problems(block, self.schemas.cost_problems(kind, &block.name, &value));
        }
        for block in module.cost.usage.values() {
            let value = self.body(&block.body, None, &[]);
            self.problems(block, self.schemas.usage_problems(&value));
        }
    }

    /// Reports what is wrong with a block's value, each at the attribute at fault.
    fn problems(&mut self, block: &CostBlock, problems: Vec<(AttributePath, Diagnostic)>) {
        for (path, diagnostic) in problems {
            let span = decode::span_of(&block.body, &path).unwrap_or(block.name_span);
            self.diagnostics.push(diagnostic.at(span));
        }
    }

    fn resource(&mut self, resource: &Resource) {
        self.repetition(&resource.repetition);
        let schema = self.schemas.resource(&resource.provider.config.name, resource.mode, &resource.ty).ok();
        let skip = &Resource::META_ARGUMENTS;
        let block = schema.as_deref().map(|schema| &schema.block);
        let (_, marks) = self.body(&resource.body, block, skip).unmark_deep();
        if let Some(block) = block {
            self.diagnostics.extend(kept_ephemeral(&resource.body, resource.span, block, &marks));
        }
        self.rules(&resource.lifecycle.preconditions);
        let object = schema.map_or(Type::Any, |schema| schema.block.implied_type().without_optional());
        self.scope.itself = Some(Value::unknown(object));
        self.rules(&resource.lifecycle.postconditions);
        self.scope.itself = None;
    }

    fn call(&mut self, call: &ModuleCall) {
        self.repetition(&call.repetition);
        let child = self.tree.children.get(&call.name);
        for (name, argument) in &call.arguments {
            let value = self.value(&argument.expr);
            let variable = child.and_then(|child| child.module.variables.get(name));
            if let Some(variable) = variable.filter(|variable| !variable.ephemeral && value.deep_marks().is_ephemeral())
            {
                let whose =
                    format!("variable `{name}` of module `{}`, which does not say `ephemeral = true`", call.name);
                let error = ephemeral_value(&whose, argument.expr.span);
                self.diagnostics.push(error.elsewhere("The variable is declared here", variable.span));
                continue;
            }
            let Some((variable, Err(error))) = variable.map(|variable| (variable, variable.ty.convert(&value))) else {
                continue;
            };
            let detail = format!("Variable `{name}` of module `{}` can't be this value: {error}.", call.name);
            self.diagnostics.push(
                Diagnostic::error("wrong-type", "Wrong type", detail)
                    .at(argument.expr.span)
                    .elsewhere("The variable is declared here", variable.span)
                    .hint(format!("The variable's type is {}.", variable.ty.ty)),
            );
        }
    }

    fn repetition(&mut self, repetition: &Repetition) {
        match repetition {
            Repetition::Once => {}
            Repetition::Count(expr) | Repetition::ForEach(expr) | Repetition::Enabled(expr) => {
                if self.value(expr).deep_marks().is_ephemeral() {
                    let whose = format!("{}, which decides what the state has", repetition.argument());
                    self.diagnostics.push(ephemeral_value(&whose, expr.span));
                }
            }
        }
    }

    fn rules(&mut self, rules: &[CheckRule]) {
        for rule in rules {
            self.value(&rule.condition);
            self.value(&rule.error_message);
        }
    }

    fn value(&mut self, expr: &Expr) -> Value {
        evaluate(expr, &self.scope, self.diagnostics).value
    }

    /// Decodes a body; where its provider is missing, by what it holds itself, so that its expressions are evaluated.
    fn body(&mut self, body: &Body, schema: Option<&BlockSchema>, skip: &[&str]) -> Value {
        match schema {
            Some(schema) => decode::body(body, schema, &self.scope, skip, self.diagnostics).value,
            None => decode::body(body, &as_written(body), &self.scope, skip, self.diagnostics).value,
        }
    }
}

/// A schema that takes exactly what a body holds.
fn as_written(body: &Body) -> BlockSchema {
    let mut schema = BlockSchema::default();
    add_written(body, &mut schema);
    schema
}

fn anything(name: Arc<str>) -> AttributeSchema {
    AttributeSchema {
        name,
        ty: Type::Any,
        mode: AttributeMode::Optional,
        sensitive: false,
        write_only: false,
        requires_replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}

fn add_written(body: &Body, schema: &mut BlockSchema) {
    for attribute in &body.attributes {
        if schema.attribute(&attribute.name.text).is_none() {
            schema.attributes.push(anything(attribute.name.text.clone()));
            schema.attributes.sort_by(|left, right| left.name.cmp(&right.name));
        }
    }
    for block in &body.blocks {
        let (kind, content) = written_block(block);
        if schema.nested(kind).is_none() {
            let (name, block) = (kind.into(), BlockSchema::default());
            schema.blocks.push(NestedBlockSchema { name, nesting: Nesting::List, block, min: 0, max: None });
            schema.blocks.sort_by(|left, right| left.name.cmp(&right.name));
        }
        let found = schema.blocks.iter_mut().find(|nested| nested.name.as_ref() == kind);
        if let Some(nested) = found {
            add_written(content, &mut nested.block);
        }
    }
}

/// The type and content of a nested block; of those that a `dynamic` block makes.
fn written_block(block: &Block) -> (&str, &Body) {
    let content = || block.body.blocks.iter().find(|inner| inner.kind.text.as_ref() == "content");
    match (block.kind.text.as_ref(), block.labels.first()) {
        ("dynamic", Some(label)) => (&label.text, content().map_or(&block.body, |content| &content.body)),
        (kind, _) => (kind, &block.body),
    }
}

/// Whether a block is repeated, so that its value is that of all its instances.
fn is_repeated(repetition: &Repetition) -> bool {
    !matches!(repetition, Repetition::Once | Repetition::Enabled(_))
}

/// The type of the object of a block that is not repeated; anything where its provider is missing.
fn object_type(schemas: &dyn Schemas, resource: &Resource, mode: Mode) -> Type {
    let schema = schemas.resource(&resource.provider.config.name, mode, &resource.ty);
    schema.map_or(Type::Any, |schema| schema.block.implied_type().without_optional())
}
