//! Static checks of what speaks of cost: it stands where it may, fits its schema, and what `usage` names is there.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::decode;
use mesh_value::{BlockAddress, InstanceAddress, Mode, ModulePath};

use super::{Checker, Place, described};
use crate::cost::{CostBlock, CostKind};
use crate::missing_provider::{self, NAMESAKE};
use crate::module::{ModuleTree, Resource};

/// A resource type of which use is declared, and its provider.
struct Used {
    provider: Arc<str>,
    ty: Arc<str>,
}

impl Checker<'_> {
    /// Checks the blocks of the module that speak of cost.
    pub(super) fn cost(&mut self) {
        let module = self.tree.module.clone();
        let is_root = self.tree.path.is_root();
        if let Some(currency) = &module.cost.currency {
            self.references(&currency.references, Place::Plain);
            if !is_root {
                self.misplaced("`currency`", currency.span);
            }
        }
        if let Some((_, span)) = module.cost.prices.first().filter(|_| !is_root) {
            self.misplaced("`prices`", *span);
        }
        for (kind, block) in module.cost.of_the_mesh() {
            self.references(&block.references, Place::Plain);
            if is_root {
                decode::check(&block.body, &self.schemas.cost(kind), &[], self.diagnostics);
            } else {
                self.misplaced(named(kind), block.span);
            }
        }
        for block in module.cost.usage.values() {
            self.references(&block.references, Place::Plain);
            self.usage(block);
        }
    }

    /// Reports what only the root module may say.
    fn misplaced(&mut self, what: &str, span: Span) {
        let here = described(self.tree);
        let detail = format!("{what} is of the mesh as a whole, so it stands in the root module; this is {here}.");
        let diagnostic = Diagnostic::error("cost-in-module", "Only in the root module", detail).at(span);
        self.diagnostics.push(diagnostic.hint(
            "Move it into the root module. What a module's product may cost is said by `budget` in its `data_product`.",
        ));
    }

    /// Checks that a `usage` block speaks of a type or a block that there is, and of parameters that the type has.
    fn usage(&mut self, block: &CostBlock) {
        let used = if block.name.contains('.') { self.used_block(block) } else { self.used_type(block) };
        let Some(Used { provider, ty }) = used else { return };
        let parameters = self.schemas.usage(&provider, &ty);
        if parameters.is_empty() {
            let detail = format!("Nothing that is known of the cost of `{ty}` depends on how much it is used.");
            let diagnostic = Diagnostic::error("unknown-usage", "Unknown usage", detail).at(block.name_span);
            self.diagnostics.push(diagnostic.hint("Remove this block."));
            return;
        }
        let is_known = |name: &str| parameters.iter().any(|(known, _)| *known == name);
        let known: Vec<String> = parameters.iter().map(|(name, unit)| format!("`{name}` ({unit})")).collect();
        for name in block.body.attributes.iter().map(|attribute| &attribute.name).filter(|name| !is_known(&name.text)) {
            let detail = format!("`{ty}` has no `{}` that use decides; it has {}.", name.text, listed(&known));
            let diagnostic = Diagnostic::error("unknown-usage", "Unknown usage", detail).at(name.span);
            self.diagnostics.push(diagnostic.suggest(&name.text, parameters.iter().map(|(name, _)| *name)));
        }
        for nested in &block.body.blocks {
            let detail = "A `usage` block takes arguments and no blocks.";
            let diagnostic = Diagnostic::error("unknown-block", "Unknown block", detail).at(nested.kind.span);
            let name = &nested.kind.text;
            self.diagnostics.push(if is_known(name) {
                diagnostic.hint(format!("`{name}` is an argument: write `{name} = {{ low = 1, high = 10 }}`."))
            } else {
                diagnostic
            });
        }
    }

    /// The type that a label names.
    fn used_type(&mut self, block: &CostBlock) -> Option<Used> {
        let prefix = block.name.split_once('_').map_or(&*block.name, |(prefix, _)| prefix);
        let provider: Arc<str> = self.provider(prefix).into();
        match self.schemas.resource(&provider, Mode::Managed, &block.name) {
            Ok(_) => Some(Used { provider, ty: block.name.clone() }),
            Err(missing) => {
                self.no_schema(&missing, &provider, Mode::Managed, &block.name, block.name_span);
                None
            }
        }
    }

    /// The type of the block that a label names, relative to this module.
    fn used_block(&mut self, block: &CostBlock) -> Option<Used> {
        let Ok(address) = block.name.parse::<InstanceAddress>() else {
            let detail = format!("`{}` is neither a resource type nor the address of a resource.", block.name);
            let diagnostic = Diagnostic::error("invalid-address", "Invalid address", detail).at(block.name_span);
            self.diagnostics.push(diagnostic.hint(
                "Write it like \"aws_s3_bucket\", \"aws_s3_bucket.orders\" or \"module.landing.aws_s3_bucket.this\".",
            ));
            return None;
        };
        let target = &address.block;
        let found = self.tree.find(&target.module).and_then(|tree| {
            let key = (target.mode, target.ty.clone(), target.name.clone());
            Some((tree, tree.module.resources.get(&key)?))
        });
        let Some((tree, resource)) = found.filter(|(_, resource)| resource.mode == Mode::Managed) else {
            let detail = format!("`{}` names no resource of {}.", block.name, described(self.tree));
            let diagnostic = Diagnostic::error("unknown-usage", "Unknown usage", detail).at(block.name_span);
            let known = addresses(self.tree);
            self.diagnostics.push(diagnostic.suggest(&block.name, known.iter().map(String::as_str)));
            return None;
        };
        let provider = provider_of(tree, resource);
        // What is wrong with the resource's own type is reported there.
        let known = self.schemas.resource(&provider, Mode::Managed, &resource.ty).is_ok();
        known.then(|| Used { provider, ty: resource.ty.clone() })
    }
}

/// At the start of a sentence.
const fn named(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Budget => "The budget of a `mesh` block",
        CostKind::PriceOverride => "A price override",
        CostKind::ExchangeRate => "An exchange rate",
        CostKind::SharedCost => "A shared cost",
        CostKind::Domain => "A domain",
    }
}

fn provider_of(tree: &ModuleTree, resource: &Resource) -> Arc<str> {
    let name = &resource.provider.config.name;
    let is_namesake =
        missing_provider::is_of_namesake(resource) || missing_provider::is_namesake(name, &tree.module.settings);
    if is_namesake { NAMESAKE.into() } else { name.clone() }
}

/// The addresses of all resources of a module and of those that it calls, relative to it.
fn addresses(from: &ModuleTree) -> Vec<String> {
    let mut found = Vec::new();
    for tree in from.walk() {
        let inner = tree.path.steps().get(from.path.steps().len()..).unwrap_or_default();
        let module = ModulePath::from(inner.to_vec());
        let managed = tree.module.resources.values().filter(|resource| resource.mode == Mode::Managed);
        found.extend(managed.map(|resource| {
            let (ty, name) = (resource.ty.clone(), resource.name.clone());
            BlockAddress { module: module.clone(), mode: Mode::Managed, ty, name }.to_string()
        }));
    }
    found
}

/// `a`, `b` and `c`
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
