//! Static checks of provider configurations: every reference leads to one, and every call passes what its module needs.

use std::collections::HashSet;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::ModulePath;

use crate::module::{Module, ModuleCall, ModuleTree, Repetition};
use crate::provider::{PassedProvider, ProviderBlock, ProviderRef, WrittenProvider};

/// Checks the references of every module, and every call against the module that it calls.
pub fn check_providers(root: &ModuleTree, diagnostics: &mut Diagnostics) {
    let mut checked = HashSet::new();
    for tree in root.walk() {
        let mut checker = Checker { root, tree, diagnostics: &mut *diagnostics };
        if checked.insert(Arc::as_ptr(&tree.module)) {
            checker.references();
        }
        for call in tree.module.calls.values() {
            if let Some(child) = tree.children.get(&call.name) {
                checker.call(call, child);
            }
        }
        if !tree.path.is_root() {
            checker.blocks();
        }
    }
}

struct Checker<'a> {
    root: &'a ModuleTree,
    tree: &'a ModuleTree,
    diagnostics: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn references(&mut self) {
        let module = self.tree.module.clone();
        let of_checks = module.checks.values().filter_map(|check| check.data.as_ref());
        for resource in module.resources.values().chain(of_checks) {
            self.reference(&resource.provider);
        }
        for passed in module.calls.values().flat_map(|call| &call.providers) {
            self.reference(&passed.outer);
        }
    }

    /// Checks that a reference leads to a configuration of the module, and that a key stands where one is needed.
    fn reference(&mut self, written: &WrittenProvider) {
        let (module, config) = (&self.tree.module, &written.config);
        let block = module.provider(config);
        let is_declared = block.is_some() || aliases(module).any(|(alias, _)| alias == config);
        if config.alias.is_some() && !is_declared {
            let place =
                if self.tree.path.is_root() { "the root module".to_owned() } else { self.tree.path.to_string() };
            let detail = format!("`{config}` is used in {place}, which has no such provider configuration.");
            let error = Diagnostic::error("unknown-provider-configuration", "Unknown provider configuration", detail)
                .at(written.span);
            let known: Vec<String> = known(module).map(ToString::to_string).collect();
            let error = error.suggest(&config.to_string(), known.iter().map(String::as_str));
            let alias = config.alias.as_deref().unwrap_or_default();
            self.diagnostics.push(if self.tree.path.is_root() {
                error.hint(format!("Declare it: `provider \"{}\" {{ alias = \"{alias}\" ... }}`.", config.name))
            } else {
                error.hint(format!(
                    "To have the caller pass it, declare it in `required_providers`: `{} = {{ configuration_aliases = \
                     [{config}] }}`.",
                    config.name
                ))
            });
            return;
        }
        let has_keys = block.is_some_and(|block| block.for_each.is_some());
        let problem = match (&written.key, has_keys) {
            (Some(_), false) => {
                format!("`{config}` is one configuration, without `for_each`, and is named without a key.")
            }
            (None, true) => {
                format!("`{config}` has `for_each`, so a key must say which of its configurations is meant.")
            }
            _ => return,
        };
        let error = Diagnostic::error("invalid-provider-reference", "Invalid provider reference", problem);
        let error = if has_keys { error.hint(format!("Write it like `{config}[each.key]`.")) } else { error };
        self.diagnostics.push(error.at(written.key.as_ref().map_or(written.span, |key| key.span)));
    }

    /// Checks what a call passes against what its module declares.
    fn call(&mut self, call: &ModuleCall, child: &ModuleTree) {
        let module = &child.module;
        for passed in &call.providers {
            self.passed(call, module, passed);
        }
        for (alias, span) in aliases(module).chain(proxies(module)) {
            let is_passed = call.providers.iter().any(|passed| module.by_type(&passed.inner) == *alias);
            // The default configuration comes from the caller without being passed.
            if !is_passed && alias.alias.is_some() {
                let detail = format!(
                    "Module `{}` needs the provider configuration `{alias}`, which its caller must pass.",
                    call.name
                );
                self.diagnostics.push(
                    Diagnostic::error("missing-provider", "Missing provider configuration", detail)
                        .at(call.span)
                        .elsewhere("The module asks for it here", span)
                        .hint(format!(
                            "Add `providers = {{ {alias} = {} }}` to the call, or another configuration.",
                            alias.name
                        )),
                );
            }
        }
    }

    fn passed(&mut self, call: &ModuleCall, module: &Module, passed: &PassedProvider) {
        let inner = module.by_type(&passed.inner);
        if inner.name != passed.outer.config.name {
            let detail = format!(
                "Module `{}` takes a configuration of provider `{}` as `{}`, and `{}` is one of provider `{}`.",
                call.name, inner.name, passed.inner, passed.outer.config, passed.outer.config.name
            );
            self.diagnostics.push(
                Diagnostic::error("wrong-provider", "Configuration of another provider", detail).at(passed.outer.span),
            );
            return;
        }
        if aliases(module).chain(proxies(module)).any(|(alias, _)| *alias == inner) {
            return;
        }
        if let Some(own) = module.provider(&inner) {
            let detail =
                format!("Module `{}` configures `{inner}` itself, so nothing can be passed as that.", call.name);
            self.diagnostics.push(
                Diagnostic::error("provider-not-asked-for", "Module asks for no such provider", detail)
                    .at(passed.inner_span)
                    .elsewhere("The module's own configuration", own.span),
            );
            return;
        }
        if inner.alias.is_some() {
            let detail = format!("Module `{}` asks for no provider configuration `{inner}`.", call.name);
            let known: Vec<String> = aliases(module).map(|(alias, _)| alias.to_string()).collect();
            let error = Diagnostic::error("provider-not-asked-for", "Module asks for no such provider", detail);
            self.diagnostics.push(
                error.at(passed.inner_span).suggest(&inner.to_string(), known.iter().map(String::as_str)).hint(format!(
                    "A module asks for one with `{} = {{ configuration_aliases = [{inner}] }}` in its `required_providers`.",
                    inner.name
                )),
            );
            return;
        }
        let is_used = module.settings.required_providers.contains_key(&passed.inner.name)
            || module.resources.values().any(|resource| resource.provider.config.name == inner.name)
            || module.calls.values().any(|call| !call.providers.is_empty());
        if !is_used && module.calls.is_empty() {
            let detail = format!("Module `{}` has nothing that uses provider `{}`.", call.name, passed.inner);
            self.diagnostics.push(
                Diagnostic::warning("provider-not-needed", "Provider passed in vain", detail).at(passed.inner_span),
            );
        }
    }

    /// Checks the provider blocks of a called module: one that configures something stands for one configuration, so
    /// the module may be called only once, and nothing may come before it.
    fn blocks(&mut self) {
        let Some(block) = self.tree.module.providers.iter().find(|block| !block.is_empty()) else { return };
        let mut path: Option<ModulePath> = Some(self.tree.path.clone());
        while let Some(at) = path {
            path = at.parent();
            let Some((parent, step)) =
                path.as_ref().and_then(|parent| Some((self.root.find(parent)?, at.steps().last()?)))
            else {
                continue;
            };
            let Some(call) = parent.module.calls.get(&step.name) else { continue };
            let argument = match &call.repetition {
                Repetition::Count(_) => "count",
                Repetition::ForEach(_) => "for_each",
                Repetition::Enabled(_) => "enabled",
                Repetition::Once if !call.depends_on.is_empty() => "depends_on",
                Repetition::Once => continue,
            };
            self.diagnostics.push(refused(block, &self.tree.path, call.span, argument));
            return;
        }
    }
}

fn refused(block: &ProviderBlock, module: &ModulePath, call: Span, argument: &str) -> Diagnostic {
    let detail = format!(
        "{module} configures provider `{}` itself, and is called with `{argument}`: a module that does so is called \
         once, else deleting an instance would delete the configuration that its objects need to be deleted.",
        block.config.name
    );
    Diagnostic::error("provider-in-module", "Provider configured in a module", detail)
        .at(block.span)
        .elsewhere("The call with that argument", call)
        .hint("Move the block into the root module, and pass it on with `providers = { ... }` in the call.")
}

/// What a module's `configuration_aliases` ask for.
fn aliases(module: &Module) -> impl Iterator<Item = (&ProviderRef, Span)> {
    let required = module.settings.required_providers.values();
    required.flat_map(|required| required.aliases.iter().map(|(alias, span)| (alias, *span)))
}

/// What a module's empty provider blocks ask for: the way before `configuration_aliases`.
fn proxies(module: &Module) -> impl Iterator<Item = (&ProviderRef, Span)> {
    module.providers.iter().filter(|block| block.is_empty()).map(|block| (&block.config, block.span))
}

fn known(module: &Module) -> impl Iterator<Item = &ProviderRef> {
    module.providers.iter().map(|block| &block.config).chain(aliases(module).map(|(alias, _)| alias))
}
