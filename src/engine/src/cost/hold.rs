//! Rules between what the configuration says of money and the rest of it: currencies have rates, and what is shared is
//! there.

use std::collections::HashSet;

use mesh_cost::{Basis, Item, Limit, Rules, Scope, SharedCost, declare};
use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::decode;
use mesh_plan::{PlanMode, Vertex};
use mesh_value::{AttributePath, BlockAddress, InstanceAddress, ModulePath, PathStep};

use crate::plan::Planner;
use crate::world::block_key;

impl Planner<'_> {
    /// Reports currencies that nothing says the worth of. Where a rate could not be read, that is what is wrong.
    pub(super) fn hold_currencies(&self, rules: &Rules) {
        let cost = &self.run.inputs.tree.module.cost;
        if rules.rates.len() < cost.rates.len() {
            return;
        }
        if let (Some(written), Some(code)) = (&cost.currency, &rules.currency)
            && let Some(diagnostic) = declare::currency_without_rate(code, &rules.rates)
        {
            self.run.report(diagnostic.at(written.expr.span).about(Vertex::Mesh));
        }
        for limit in &rules.limits {
            let Some(diagnostic) = declare::currency_without_rate(&limit.budget.currency, &rules.rates) else {
                continue;
            };
            if let Some((span, vertex)) = self.currency_of(limit) {
                self.run.report(diagnostic.at(span).about(vertex));
            }
        }
    }

    /// Where a budget says its currency.
    fn currency_of(&self, limit: &Limit) -> Option<(Span, Vertex)> {
        let cost = &self.run.inputs.tree.module.cost;
        let currency = AttributePath::attr("currency");
        let nested = AttributePath::attr("budget").join(PathStep::Attr("currency".into()));
        match &limit.scope {
            Scope::Mesh => Some((decode::span_of(&cost.budget.as_ref()?.body, &currency)?, Vertex::Mesh)),
            Scope::Domain(name) => {
                let span = decode::span_of(&cost.domains.get(name)?.body, &nested)?;
                Some((span, Vertex::Domain(name.clone())))
            }
            Scope::Product(id) => {
                let draft = self.draft.borrow();
                let (module, _) = draft.products.iter().find(|(_, (product, _))| product == id)?;
                let product = self.run.inputs.tree.find(module)?.module.product.as_ref()?;
                let span = decode::span_of(&product.body, &nested)?;
                Some((span, Vertex::Product(module.clone(), product.name.clone())))
            }
        }
    }

    /// Warns of shared costs that name nothing: nobody would bear them as was meant.
    pub(super) fn hold_shared(&self, basis: &Basis) {
        let Basis { items, rules } = basis;
        if rules.shared.is_empty() || self.options.mode == PlanMode::Destroy {
            return;
        }
        for shared in &rules.shared {
            for (index, resource) in shared.resources.iter().enumerate() {
                if items.iter().any(|item| mesh_cost::covers(resource, &item.address)) || self.is_declared(resource) {
                    continue;
                }
                self.run.report(self.names_nothing(shared, index, resource, items));
            }
        }
    }

    /// Whether an address is that of a block or a module that is declared, which may have no object yet.
    fn is_declared(&self, address: &str) -> bool {
        let tree = self.run.inputs.tree;
        if let Ok(address) = address.parse::<InstanceAddress>() {
            let module = address.block.module.without_keys();
            return tree
                .find(&module)
                .is_some_and(|tree| tree.module.resources.contains_key(&block_key(&address.block)));
        }
        address.parse::<ModulePath>().is_ok_and(|path| tree.find(&path.without_keys()).is_some())
    }

    fn names_nothing(&self, shared: &SharedCost, index: usize, resource: &str, items: &[Item]) -> Diagnostic {
        let detail = format!(
            "`{resource}` names nothing in the configuration or in the state, so `{}` shares nothing of it.",
            shared.name
        );
        let known: HashSet<String> = items
            .iter()
            .filter_map(|item| item.address.parse::<InstanceAddress>().ok())
            .flat_map(|address| [BlockAddress::to_string(&address.block), address.block.module.to_string()])
            .filter(|known| !known.is_empty())
            .collect();
        let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
        known.sort_unstable();
        let diagnostic =
            Diagnostic::warning("unknown-shared-cost", "Shared cost of nothing", detail).suggest(resource, known);
        let path = AttributePath::attr("resources").join(PathStep::Index(index));
        let block = self.run.inputs.tree.module.cost.shared.get(&shared.name);
        match block {
            Some(block) => diagnostic.at(decode::span_of(&block.body, &path).unwrap_or(block.span)).about(Vertex::Mesh),
            None => diagnostic,
        }
    }
}
