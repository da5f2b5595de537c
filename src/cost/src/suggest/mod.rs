//! Finds ways to get under a budget: tries the changes that resource types know, alone and together, and keeps those that
//! change the least.

mod blocks;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mesh_provider::cost::{Costs, Decimal, Saving};
use mesh_value::Value;

use self::blocks::{Alternative, Block, blocks};
use crate::estimate::Estimate;
use crate::limits::Verdict;
use crate::pricing::Pricing;

/// So many changes are tried together at most.
const CHANGES: usize = 12;
/// Of all combinations of as many changes, so many are tried further.
const KEPT: usize = 8;
/// So many questions are asked at most.
const QUESTIONS: usize = 1000;
/// So many ways are answered at most.
const WAYS: usize = 3;

/// What could be changed about an object, each change alone, the least painful first, with what it costs then. The value is
/// the object after changes that were tried before; `None` is the object as planned.
pub type Alternatives<'a> = dyn FnMut(&str, Option<&Value>) -> Vec<(Saving, Costs)> + 'a;

/// Changes that together save something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The changes, in the order in which they build on each other.
    pub changes: Vec<Cheaper>,
    /// What everything that the budget covers costs then: the number that the budget is about, as far as it is sure.
    pub total: Decimal,
    /// Whether that is within the budget.
    pub is_enough: bool,
}

/// A change of what is written that makes it cheaper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cheaper {
    /// The block: all of its objects change.
    pub address: Arc<str>,
    /// What to write.
    pub change: String,
    /// What it takes for granted or costs otherwise.
    pub caveat: Option<String>,
    /// What the budget saves by it, on top of the changes before.
    pub saved: Decimal,
}

/// Up to three ways to get under a budget that a plan exceeds, the one with the fewest and least painful changes first.
/// Where none is found that is enough, the one that saves most; nothing where nothing can be saved.
#[must_use]
pub fn ways(
    estimate: &Estimate,
    verdict: &Verdict,
    pricing: &Pricing<'_>,
    alternatives: &mut Alternatives<'_>,
) -> Vec<Way> {
    let mut search = Search {
        blocks: blocks(estimate, verdict),
        verdict,
        pricing,
        alternatives,
        asked: HashMap::new(),
        questions: 0,
    };
    let mut open = vec![Trial { total: verdict.least, ..Trial::default() }];
    let mut best: Option<Trial> = None;
    let mut enough: Vec<Trial> = Vec::new();
    for _ in 0..CHANGES {
        // The same changes in another order come to the same.
        let mut next: BTreeMap<Vec<(Arc<str>, String)>, Trial> = BTreeMap::new();
        let tried: Vec<Trial> = open.iter().flat_map(|trial| search.further(trial)).collect();
        for further in tried {
            let same = next.entry(search.written(&further)).or_insert_with(|| further.clone());
            if further.pain < same.pain {
                *same = further;
            }
        }
        let (fits, mut left): (Vec<Trial>, Vec<Trial>) =
            next.into_values().partition(|trial| trial.total <= verdict.allowed);
        left.sort_by_key(|trial| (trial.total, trial.pain));
        let cheapest = left.first().filter(|trial| best.as_ref().is_none_or(|best| trial.total < best.total));
        best = cheapest.cloned().or(best);
        enough.extend(fits);
        if !enough.is_empty() {
            break;
        }
        left.truncate(KEPT);
        open = left;
    }
    if enough.is_empty() {
        return best.iter().map(|trial| search.way(trial)).collect();
    }
    // Of ways that are as painful, the one that saves least asks for no more than it must.
    let mut enough: Vec<(Way, usize)> = enough.iter().map(|trial| (search.way(trial), trial.pain)).collect();
    enough.sort_by_key(|(way, pain)| (way.changes.len(), *pain, Reverse(way.total)));
    enough.into_iter().take(WAYS).map(|(way, _)| way).collect()
}

/// Changes that were tried together.
#[derive(Clone, Debug, Default)]
struct Trial {
    /// By block: which alternative was taken, and of what it made of the block which, and so on.
    taken: BTreeMap<usize, Vec<usize>>,
    /// The same in the order in which they were taken.
    order: Vec<usize>,
    /// How far down the lists of alternatives they were: those are by pain.
    pain: usize,
    total: Decimal,
}

struct Search<'s, 'e, 'a> {
    blocks: Vec<Block<'e>>,
    verdict: &'s Verdict,
    pricing: &'s Pricing<'s>,
    alternatives: &'s mut Alternatives<'a>,
    /// What was answered, by block and the alternatives taken before.
    asked: HashMap<(usize, Vec<usize>), Vec<Alternative>>,
    questions: usize,
}

impl Search<'_, '_, '_> {
    /// A trial with one more change, each that saves something.
    fn further(&mut self, trial: &Trial) -> Vec<Trial> {
        let mut further = Vec::new();
        for number in 0..self.blocks.len() {
            let taken = trial.taken.get(&number).cloned().unwrap_or_default();
            let now = self.spent(number, &taken);
            for (place, alternative) in self.ask(number, &taken).iter().enumerate() {
                if alternative.spent >= now {
                    continue;
                }
                let mut next = trial.clone();
                next.taken.entry(number).or_default().push(place);
                next.order.push(number);
                next.pain += place;
                next.total = next.total.saturating_sub(now).saturating_add(alternative.spent);
                further.push(next);
            }
        }
        further
    }

    /// The alternatives of a block after others were taken. None where too much was asked already.
    fn ask(&mut self, number: usize, taken: &[usize]) -> &[Alternative] {
        let key = (number, taken.to_vec());
        if !self.asked.contains_key(&key) && self.questions < QUESTIONS {
            let block = &self.blocks[number];
            let before = self.taken(number, taken).map_or_else(|| block.planned(), |taken| taken.objects.clone());
            self.questions += block.questions();
            let found = block.alternatives(&before, self.verdict, self.pricing, self.alternatives);
            self.asked.insert(key.clone(), found);
        }
        self.asked.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The last of the alternatives that were taken of a block; `None` where none was.
    fn taken(&self, number: usize, taken: &[usize]) -> Option<&Alternative> {
        let (last, before) = taken.split_last()?;
        self.asked.get(&(number, before.to_vec()))?.get(*last)
    }

    fn spent(&self, number: usize, taken: &[usize]) -> Decimal {
        self.taken(number, taken).map_or(self.blocks[number].spent, |alternative| alternative.spent)
    }

    /// What a trial writes where, in whatever order.
    fn written(&self, trial: &Trial) -> Vec<(Arc<str>, String)> {
        let changes = self.way(trial).changes.into_iter().map(|change| (change.address, change.change));
        let mut written: Vec<_> = changes.collect();
        written.sort();
        written
    }

    /// A trial as it is told. Of changes that write the same, the last one counts.
    fn way(&self, trial: &Trial) -> Way {
        let mut changes: Vec<Cheaper> = Vec::new();
        let mut depth: BTreeMap<usize, usize> = BTreeMap::new();
        for number in &trial.order {
            let so_far = depth.entry(*number).or_default();
            let taken = &trial.taken[number];
            let before = self.spent(*number, &taken[..*so_far]);
            *so_far += 1;
            let Some(alternative) = self.taken(*number, &taken[..*so_far]) else { continue };
            let mut told = Cheaper {
                address: self.blocks[*number].address.clone(),
                change: alternative.change.clone(),
                caveat: alternative.caveat.clone(),
                saved: before.saturating_sub(alternative.spent),
            };
            if let Some(place) = changes.iter().position(|earlier| earlier.writes_as(&told)) {
                told = changes.remove(place).then(told);
            }
            changes.push(told);
        }
        Way { changes, total: trial.total, is_enough: trial.total <= self.verdict.allowed }
    }
}

impl Cheaper {
    /// Whether both write the same attribute.
    fn writes_as(&self, other: &Self) -> bool {
        self.address == other.address && attribute(&self.change) == attribute(&other.change)
    }

    /// Both as one change, from what this one starts from to what the other ends with.
    fn then(self, last: Self) -> Self {
        let change = match (last.change.find(NOW), self.change.find(NOW)) {
            (Some(end), Some(start)) => format!("{}{}", &last.change[..end], &self.change[start..]),
            _ => last.change,
        };
        Self { change, saved: self.saved.saturating_add(last.saved), ..last }
    }
}

/// Before what an attribute is as planned: see [`Saving::change`].
const NOW: &str = " (now ";

/// What a change writes, without values: its attribute, and the text that it is a part of.
fn attribute(change: &str) -> (&str, &str) {
    let (attribute, value) = change.split_once('=').unwrap_or((change, ""));
    let value = &value[..value.find(NOW).unwrap_or(value.len())];
    (attribute, value.split_once(" in ").map_or("", |(_, text)| text))
}
