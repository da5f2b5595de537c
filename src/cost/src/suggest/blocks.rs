//! What is written once: the objects of a block change together.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_provider::cost::Decimal;
use mesh_value::{BlockAddress, InstanceAddress, Value};

use super::Alternatives;
use crate::estimate::{Estimate, Line, cost};
use crate::limits::{Verdict, spent};
use crate::pricing::Pricing;

/// So many of the most expensive blocks are tried.
const BLOCKS: usize = 8;
/// So many different objects of a block are asked; what more there are is taken as planned.
const DIFFERENT: usize = 8;

/// A block whose objects cost something.
pub(super) struct Block<'e> {
    /// Its address without any keys: what is written there holds for all instances.
    pub address: Arc<str>,
    /// What the budget spends on all of its objects.
    pub spent: Decimal,
    alike: Vec<Alike<'e>>,
}

/// Objects of a block that cost the same.
struct Alike<'e> {
    /// The first of them.
    line: &'e Line,
    times: usize,
    /// What the budget spends on one.
    spent: Decimal,
}

/// How an object is after some changes, and what the budget spends on it then; `None` is as planned.
type Changed = (Option<Value>, Decimal);

/// A change of a block.
pub(super) struct Alternative {
    pub change: String,
    pub caveat: Option<String>,
    /// What the budget spends on all objects then.
    pub spent: Decimal,
    /// One of each that are alike.
    pub objects: Vec<Changed>,
}

/// The blocks that most of a budget is spent on.
pub(super) fn blocks<'e>(estimate: &'e Estimate, verdict: &Verdict) -> Vec<Block<'e>> {
    let mut blocks: BTreeMap<Arc<str>, Block<'e>> = BTreeMap::new();
    for line in &estimate.lines {
        let least = spent(line, line.after.as_ref(), &verdict.limit).least;
        if least.is_zero() {
            continue;
        }
        let address = written_at(&line.address);
        let new = || Block { address: address.clone(), spent: Decimal::ZERO, alike: Vec::new() };
        let block = blocks.entry(address.clone()).or_insert_with(new);
        block.spent = block.spent.saturating_add(least);
        let same = |alike: &&mut Alike<'_>| alike.spent == least && alike.line.after == line.after;
        match block.alike.iter_mut().find(same) {
            Some(alike) => alike.times += 1,
            None => block.alike.push(Alike { line, times: 1, spent: least }),
        }
    }
    let mut blocks: Vec<Block<'e>> = blocks.into_values().collect();
    blocks.sort_by_key(|block| Reverse(block.spent));
    blocks.truncate(BLOCKS);
    blocks
}

/// The address of what stands in the configuration once, however many instances it has.
fn written_at(address: &Arc<str>) -> Arc<str> {
    let Ok(object) = address.parse::<InstanceAddress>() else { return address.clone() };
    let module = object.block.module.without_keys();
    BlockAddress { module, ..BlockAddress::clone(&object.block) }.to_string().into()
}

impl Block<'_> {
    /// Its objects as planned, one of each that are alike.
    pub(super) fn planned(&self) -> Vec<Changed> {
        self.alike.iter().map(|alike| (None, alike.spent)).collect()
    }

    /// How many questions it takes to know its alternatives.
    pub(super) fn questions(&self) -> usize {
        self.alike.len().min(DIFFERENT)
    }

    /// What could be changed about it after other changes, the least painful first.
    pub(super) fn alternatives(
        &self,
        before: &[Changed],
        verdict: &Verdict,
        pricing: &Pricing<'_>,
        ask: &mut Alternatives<'_>,
    ) -> Vec<Alternative> {
        let mut found: Vec<Alternative> = Vec::new();
        for (place, (alike, (value, _))) in self.alike.iter().zip(before).enumerate().take(DIFFERENT) {
            let line = alike.line;
            for (saving, costs) in ask(&line.address, value.as_ref()) {
                let cost = cost(&costs, line.count.as_ref(), line.product.as_deref(), pricing);
                let least = spent(line, Some(&cost), &verdict.limit).least;
                let known = found.iter().position(|known| known.change == saving.change);
                let at = known.unwrap_or_else(|| {
                    let (change, caveat) = (saving.change.clone(), saving.caveat.clone());
                    found.push(Alternative { change, caveat, spent: Decimal::ZERO, objects: before.to_vec() });
                    found.len() - 1
                });
                found[at].objects[place] = (Some(saving.value), least);
            }
        }
        for alternative in &mut found {
            let each = self.alike.iter().zip(&alternative.objects);
            let each = each.map(|(alike, (_, spent))| spent.saturating_mul(alike.times.into()));
            alternative.spent = each.fold(Decimal::ZERO, Decimal::saturating_add);
        }
        found
    }
}
