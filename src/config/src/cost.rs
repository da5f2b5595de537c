//! What a module says of money and use, not evaluated yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_lang::eval::StaticReference;
use mesh_lang::syntax::Body;

use crate::module::Argument;

/// The blocks and arguments that speak of cost.
#[derive(Clone, Debug, Default)]
pub struct CostBlocks {
    /// `currency` of the `mesh` blocks: what amounts are shown in.
    pub currency: Option<Argument>,
    /// `prices` of the `mesh` blocks: paths of price books, relative to the module, and where each is named.
    pub prices: Vec<(Arc<str>, Span)>,
    /// `budget` of the `mesh` blocks.
    pub budget: Option<CostBlock>,
    /// `price_override` blocks.
    pub overrides: BTreeMap<Arc<str>, CostBlock>,
    /// `exchange_rate` blocks, by currency.
    pub rates: BTreeMap<Arc<str>, CostBlock>,
    /// `shared_cost` blocks.
    pub shared: BTreeMap<Arc<str>, CostBlock>,
    /// `domain` blocks.
    pub domains: BTreeMap<Arc<str>, CostBlock>,
    /// `usage` blocks, by what they speak of: a resource type, or an address relative to the module.
    pub usage: BTreeMap<Arc<str>, CostBlock>,
}

/// A block that speaks of cost.
#[derive(Clone, Debug)]
pub struct CostBlock {
    /// Its label; empty where it has none.
    pub name: Arc<str>,
    /// Where the label stands, else the header.
    pub name_span: Span,
    /// Its arguments.
    pub body: Arc<Body>,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// The kinds of blocks that speak of cost, but for `usage`, whose arguments depend on its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostKind {
    /// `budget` of a `mesh` block.
    Budget,
    /// `price_override`
    PriceOverride,
    /// `exchange_rate`
    ExchangeRate,
    /// `shared_cost`
    SharedCost,
    /// `domain`
    Domain,
}

impl CostBlocks {
    /// What speaks of the mesh as a whole, which only the root module may: the blocks in `mesh`, then the domains.
    pub fn of_the_mesh(&self) -> impl Iterator<Item = (CostKind, &CostBlock)> {
        let labelled = [
            (CostKind::PriceOverride, &self.overrides),
            (CostKind::ExchangeRate, &self.rates),
            (CostKind::SharedCost, &self.shared),
            (CostKind::Domain, &self.domains),
        ];
        let labelled = labelled.into_iter().flat_map(|(kind, blocks)| blocks.values().map(move |block| (kind, block)));
        self.budget.iter().map(|block| (CostKind::Budget, block)).chain(labelled)
    }

    /// What the `mesh` blocks refer to.
    pub fn mesh_references(&self) -> impl Iterator<Item = &StaticReference> {
        let blocks = self.of_the_mesh().filter(|(kind, _)| *kind != CostKind::Domain);
        let currency = self.currency.iter().flat_map(|currency| &currency.references);
        currency.chain(blocks.flat_map(|(_, block)| &block.references))
    }

    /// Whether the `mesh` blocks say anything that is evaluated.
    #[must_use]
    pub fn speaks_of_mesh(&self) -> bool {
        self.currency.is_some() || self.of_the_mesh().any(|(kind, _)| kind != CostKind::Domain)
    }
}
