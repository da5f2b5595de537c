//! Static checks over the whole module tree: every reference leads somewhere, every block fits its schema.

mod cost;

use std::collections::HashSet;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_lang::decode;
use mesh_lang::eval::{Referent, StaticReference};
use mesh_value::{BlockSchema, Mode, PathStep};

use crate::check_providers::check_providers;
use crate::check_refactoring;
use crate::instead;
use crate::missing_provider::{self, MissingProviders, NAMESAKE};
use crate::module::{CheckBlock, CheckRule, Module, ModuleCall, ModuleTree, Repetition, Resource};
use crate::provider::ProviderBlock;
use crate::schemas::{NoSchema, Schemas};

/// Checks every module once, and every call against the module that it calls.
pub fn check(root: &ModuleTree, schemas: &dyn Schemas, diagnostics: &mut Diagnostics) {
    let (mut checked, mut missing) = (HashSet::new(), MissingProviders::default());
    for tree in root.walk() {
        if checked.insert(Arc::as_ptr(&tree.module)) {
            Checker { tree, schemas, diagnostics, missing: &mut missing }.module();
            check_refactoring::check(tree, diagnostics);
        }
    }
    missing.report(root, schemas, diagnostics);
    check_providers(root, diagnostics);
}

struct Checker<'a> {
    tree: &'a ModuleTree,
    schemas: &'a dyn Schemas,
    diagnostics: &'a mut Diagnostics,
    missing: &'a mut MissingProviders,
}

impl Checker<'_> {
    fn module(&mut self) {
        let module = self.tree.module.clone();
        for variable in module.variables.values() {
            self.references(&variable.references, Place::Plain);
        }
        for local in module.locals.values() {
            self.references(&local.references, Place::Plain);
        }
        for output in module.outputs.values() {
            self.references(&output.references, Place::Plain);
            if output.ephemeral && self.tree.path.is_root() {
                let detail = "An output of the root module is kept in the state, which an ephemeral value never is.";
                self.diagnostics.push(
                    Diagnostic::error("ephemeral-output", "Ephemeral output of the root module", detail)
                        .at(output.span)
                        .hint("Take `ephemeral` out. What comes from ephemeral values goes through `ephemeralasnull(...)`."),
                );
            }
        }
        for resource in module.resources.values() {
            let own = &resource.lifecycle.postconditions;
            self.references_with_own(&resource.references, Place::of(&resource.repetition), own);
            self.resource(resource);
        }
        for call in module.calls.values() {
            let place = Place::of(&call.repetition);
            self.references(&call.references, place);
            for argument in call.arguments.values() {
                self.references(&argument.references, place);
            }
            self.call(call);
        }
        for provider in &module.providers {
            let place = if provider.for_each.is_some() { Place::ForEach } else { Place::Plain };
            self.references(&provider.references, place);
            let name = self.provider(&provider.config.name);
            match self.schemas.provider(name) {
                // An empty block of a called module only asks for a configuration.
                Ok(_) if provider.is_empty() && !self.tree.path.is_root() => {}
                Ok(Some(schema)) => {
                    decode::check(&provider.body, &schema.block, &ProviderBlock::META_ARGUMENTS, self.diagnostics);
                }
                Ok(None) => {}
                Err(missing) => self.no_schema(&missing, name, Mode::Managed, name, provider.span),
            }
        }
        for import in &module.imports {
            self.references(&import.references, if import.for_each.is_some() { Place::ForEach } else { Place::Plain });
        }
        for check in module.checks.values() {
            self.check_block(check);
        }
        if let Some(product) = &module.product {
            self.references(&product.references, Place::Plain);
            let body = self.schemas.product_body(&product.body, self.diagnostics);
            decode::check(&body, &self.schemas.product(), &[], self.diagnostics);
        }
        self.cost();
    }

    fn resource(&mut self, resource: &Resource) {
        let provider = self.provider_of(resource);
        match self.schemas.resource(provider, resource.mode, &resource.ty) {
            Ok(schema) => {
                decode::check(&resource.body, &schema.block, &Resource::META_ARGUMENTS, self.diagnostics);
                self.ignored(resource, &schema.block);
            }
            Err(missing) => {
                self.no_schema(&missing, provider, resource.mode, &resource.ty, resource.span);
            }
        }
    }

    /// Holds what `ignore_changes` names against the resource's attributes.
    fn ignored(&mut self, resource: &Resource, schema: &BlockSchema) {
        for (path, span) in &resource.lifecycle.ignore_changes {
            let Some(PathStep::Attr(name)) = path.steps().first() else { continue };
            let known = || schema.attributes.iter().map(|a| &a.name).chain(schema.blocks.iter().map(|b| &b.name));
            if !known().any(|known| known == name) {
                let detail = format!("`{}` has no attribute `{name}` whose changes could be ignored.", resource.ty);
                let error = Diagnostic::error("invalid-ignore-changes", "Invalid `ignore_changes`", detail).at(*span);
                self.diagnostics.push(if name.as_ref() == "all" {
                    error.hint("To ignore changes of every attribute, write `ignore_changes = all`, without brackets.")
                } else {
                    error.suggest(name, known().map(AsRef::as_ref))
                });
            }
        }
    }

    /// Checks a `check` block: its data source is declared for itself alone.
    fn check_block(&mut self, check: &CheckBlock) {
        let own = check.data.as_ref().map(|data| Referent::Resource {
            mode: data.mode,
            ty: data.ty.clone(),
            name: data.name.clone(),
        });
        let others: Vec<StaticReference> =
            check.references.iter().filter(|reference| Some(&reference.referent) != own.as_ref()).cloned().collect();
        self.references(&others, Place::Plain);
        let Some(data) = &check.data else { return };
        self.resource(data);
        if let Some(other) = self.tree.module.resources.get(&(data.mode, data.ty.clone(), data.name.clone())) {
            let detail = format!(
                "The module has another data source `data.{}.{}`; an address names one object.",
                data.ty, data.name
            );
            self.diagnostics.push(
                Diagnostic::error("duplicate-declaration", "Declared twice", detail)
                    .at(data.span)
                    .elsewhere("It is first declared here", other.span),
            );
        }
    }

    /// Which provider a local name stands for in this module.
    fn provider<'n>(&self, name: &'n str) -> &'n str {
        if missing_provider::is_namesake(name, &self.tree.module.settings) { NAMESAKE } else { name }
    }

    /// Which provider a resource belongs to.
    fn provider_of<'r>(&self, resource: &'r Resource) -> &'r str {
        if missing_provider::is_of_namesake(resource) {
            NAMESAKE
        } else {
            self.provider(&resource.provider.config.name)
        }
    }

    fn no_schema(&mut self, missing: &NoSchema, provider: &str, mode: Mode, ty: &str, span: Span) {
        let (what, other, keyword) = match mode {
            Mode::Managed => ("resource type", Mode::Data, "data"),
            Mode::Data => ("data source", Mode::Managed, "resource"),
        };
        let error = match missing {
            NoSchema::Provider(known) => return self.missing.add(provider, known, span),
            NoSchema::Type(known) => {
                let detail = format!("Provider `{provider}` has no {what} `{ty}`.");
                let error = Diagnostic::error("unknown-resource-type", "Unknown resource type", detail).at(span);
                if let Some(hint) = instead::of_type(ty) {
                    error.hint(hint)
                } else if self.schemas.resource(provider, other, ty).is_ok() {
                    error.hint(format!("It has one for `{keyword}` blocks: write `{keyword} \"{ty}\"`."))
                } else {
                    error.suggest(ty, known.iter().map(String::as_str))
                }
            }
        };
        self.diagnostics.push(error);
    }

    fn call(&mut self, call: &ModuleCall) {
        let Some(child) = self.tree.children.get(&call.name) else { return };
        let variables = &child.module.variables;
        for (name, argument) in &call.arguments {
            if !variables.contains_key(name) && !child.module.lost_names.contains(name.as_ref()) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "unknown-argument",
                        "Unknown argument",
                        format!("Module `{}` declares no variable `{name}`.", call.name),
                    )
                    .at(argument.span)
                    .suggest(name, variables.keys().map(AsRef::as_ref)),
                );
            }
        }
        for variable in variables.values() {
            if variable.default.is_none() && !call.arguments.contains_key(&variable.name) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "missing-argument",
                        "Missing argument",
                        format!("Module `{}` needs a value for its variable `{}`.", call.name, variable.name),
                    )
                    .at(call.span)
                    .elsewhere("The variable is declared here", variable.span),
                );
            }
        }
    }

    fn references(&mut self, references: &[StaticReference], place: Place) {
        self.references_with_own(references, place, &[]);
    }

    /// Checks references of which those in `own` rules may be to the object itself.
    fn references_with_own(&mut self, references: &[StaticReference], place: Place, own: &[CheckRule]) {
        for reference in references {
            let at = reference.span;
            let is_in = |around: Span| around.file == at.file && around.start <= at.start && at.end <= around.end;
            let is_own = own.iter().any(|rule| is_in(rule.condition.span) || is_in(rule.error_message.span));
            if reference.referent == Referent::Itself && !is_own {
                let detail = "`self` is an object only in its own `postcondition`.";
                let error = Diagnostic::error("reference-not-here", "Reference without a meaning here", detail);
                self.diagnostics.push(error.at(at));
            }
            if let Err(diagnostic) = self.reference(reference, place) {
                self.diagnostics.push(*diagnostic);
            }
        }
    }

    fn reference(&self, reference: &StaticReference, place: Place) -> Result<(), Box<Diagnostic>> {
        let module: &Module = &self.tree.module;
        let undeclared = |what: &str, name: &str, known: Vec<String>| {
            let last = name.rsplit('.').next().unwrap_or(name);
            if module.lost_names.contains(last) {
                return Ok(());
            }
            let written = reference.referent.to_string();
            let detail = format!("{what} `{name}` is not declared in {}.", described(self.tree));
            let error = Diagnostic::error("unknown-reference", "Reference to something that is not declared", detail);
            Err(Box::new(error.at(reference.span).suggest(&written, known.iter().map(String::as_str))))
        };
        match &reference.referent {
            Referent::Variable(name) if !module.variables.contains_key(name) => {
                let known = module.variables.keys().map(|name| format!("var.{name}")).collect();
                undeclared("Variable", name, known)
            }
            Referent::Local(name) if !module.locals.contains_key(name) => {
                let known = module.locals.keys().map(|name| format!("local.{name}")).collect();
                undeclared("Local value", name, known)
            }
            Referent::Resource { mode, ty, name } => {
                if module.resources.contains_key(&(*mode, ty.clone(), name.clone())) {
                    return Ok(());
                }
                let known = module.resources.values().map(|resource| {
                    let data = if resource.mode == Mode::Data { "data." } else { "" };
                    format!("{data}{}.{}", resource.ty, resource.name)
                });
                let roots = ["var.", "local.", "module."].map(|root| format!("{root}{name}"));
                let declared = roots.into_iter().filter(|written| self.declares(written));
                let what = if *mode == Mode::Data { "Data source" } else { "Resource" };
                let inside = module.checks.values().find(|check| {
                    check.data.as_ref().is_some_and(|data| (data.mode, &data.ty, &data.name) == (*mode, ty, name))
                });
                if let Some(check) = inside {
                    let detail = format!(
                        "`data.{ty}.{name}` stands in `check \"{}\"`, and only that check can read it.",
                        check.name
                    );
                    let error =
                        Diagnostic::error("unknown-reference", "Reference to something that is not declared", detail);
                    let hint = "Move the data source out of the check; the check can still refer to it.";
                    return Err(Box::new(
                        error.at(reference.span).elsewhere("The check is here", check.span).hint(hint),
                    ));
                }
                undeclared(what, &format!("{ty}.{name}"), known.chain(declared).collect())
            }
            Referent::Module { call, output } => {
                if !module.calls.contains_key(call) {
                    let known = module.calls.keys().map(|name| format!("module.{name}")).collect();
                    return undeclared("Module call", call, known);
                }
                let (Some(output), Some(child)) = (output, self.tree.children.get(call)) else { return Ok(()) };
                if child.module.outputs.contains_key(output) || child.module.lost_names.contains(output.as_ref()) {
                    return Ok(());
                }
                let known: Vec<String> =
                    child.module.outputs.keys().map(|name| format!("module.{call}.{name}")).collect();
                let detail = format!("Module `{call}` declares no output `{output}`.");
                let error =
                    Diagnostic::error("unknown-reference", "Reference to something that is not declared", detail);
                let written = reference.referent.to_string();
                Err(Box::new(error.at(reference.span).suggest(&written, known.iter().map(String::as_str))))
            }
            Referent::Product(name) if module.product.as_ref().is_none_or(|product| product.name != *name) => {
                let known = module.product.iter().map(|product| format!("data_product.{}", product.name)).collect();
                undeclared("Data product", name, known)
            }
            Referent::Each(_) if place != Place::ForEach => Err(not_here(reference, "for_each")),
            Referent::Count if place != Place::Count => Err(not_here(reference, "count")),
            _ => Ok(()),
        }
    }

    fn declares(&self, written: &str) -> bool {
        let module = &self.tree.module;
        match written.split_once('.') {
            Some(("var", name)) => module.variables.contains_key(name),
            Some(("local", name)) => module.locals.contains_key(name),
            Some(("module", name)) => module.calls.contains_key(name),
            _ => false,
        }
    }
}

/// Whether `each` and `count` mean something where a reference stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    Count,
    ForEach,
}

impl Place {
    const fn of(repetition: &Repetition) -> Self {
        match repetition {
            Repetition::Once | Repetition::Enabled(_) => Self::Plain,
            Repetition::Count(_) => Self::Count,
            Repetition::ForEach(_) => Self::ForEach,
        }
    }
}

fn not_here(reference: &StaticReference, argument: &str) -> Box<Diagnostic> {
    let written = reference.referent.to_string();
    let detail = format!("`{written}` has a value only in a block with `{argument}`.");
    Box::new(Diagnostic::error("reference-not-here", "Reference without a meaning here", detail).at(reference.span))
}

fn described(tree: &ModuleTree) -> String {
    if tree.path.is_root() { "the root module".to_owned() } else { tree.path.to_string() }
}
