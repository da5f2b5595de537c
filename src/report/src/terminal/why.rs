//! Why an object changes: the reads that lead from it to what changes before it.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use mesh_diagnostics::render::Style;
use mesh_plan::{Action, Plan, Vertex};
use mesh_value::InstanceAddress;

use super::paint::Page;
use crate::line::Tone;
use crate::text::{grouped, listed};
use crate::wording;

/// More reads of one vertex are counted, not shown.
const MOST_READS: usize = 12;
/// Chains of reads are followed so far.
const DEEPEST: usize = 24;
/// More attribute paths of one read are counted, not shown.
const MOST_PATHS: usize = 4;

/// The chain of reads that makes `address` change, as a tree: below each vertex what it read that changes, with the
/// attributes read. Where nothing changes, everything that it read. What was shown once is not opened again.
///
/// `address` is a vertex as people write it: `local_bucket.b[3]`, `module.a.var.zones`. `None` where the plan has none
/// of that name.
#[must_use]
pub fn why(plan: &Plan, address: &str, style: Style) -> Option<String> {
    let vertices: Vec<&Vertex> = plan.reads.iter().map(|(vertex, _)| vertex).collect();
    let named = |vertex: &&Vertex| vertex.to_string() == address;
    let mut roots: Vec<u32> =
        vertices.iter().copied().filter(named).filter_map(|vertex| plan.reads.find(vertex)).collect();
    if roots.is_empty() {
        // An object whose block has one instance may be asked for by its address though only a change names it.
        let change = plan.changes.iter().find(|change| change.address.to_string() == address)?;
        roots.extend(plan.reads.find(&Vertex::Instance(change.address.clone())));
    }
    let mut tree = Tree::new(plan, &roots);
    let mut page = Page::new(style);
    page.title(&tree.headline(address, &roots));
    if roots.iter().all(|root| plan.reads.links(*root).is_empty()) {
        page.gap();
        let changes =
            roots.iter().filter_map(|root| plan.reads.vertex(*root)).any(|vertex| tree.state(vertex).is_some());
        page.prose(if changes { "It reads nothing else." } else { "It reads nothing." });
        return Some(page.finish());
    }
    if !tree.prunes {
        page.gap();
        page.prose("Nothing that it reads changes. It reads:");
    }
    page.gap();
    tree.write(&roots, "", 0, &mut page);
    Some(page.finish())
}

struct Tree<'a> {
    plan: &'a Plan,
    /// What each object's change says about it.
    changed: HashMap<&'a InstanceAddress, String>,
    /// How many objects of a block change.
    changed_of_block: HashMap<&'a mesh_value::BlockAddress, usize>,
    /// The vertices from which something that changes is reached.
    leading: HashSet<u32>,
    /// Whether what leads to no change is left out.
    prunes: bool,
    shown: HashSet<u32>,
}

impl<'a> Tree<'a> {
    fn new(plan: &'a Plan, roots: &[u32]) -> Self {
        let mut changed: HashMap<&InstanceAddress, String> = HashMap::new();
        let mut changed_of_block = HashMap::new();
        for drift in &plan.drift {
            let text =
                if drift.after.is_null() { "was deleted outside of mesh" } else { "was changed outside of mesh" };
            changed.insert(&drift.address, text.to_owned());
        }
        for change in plan.changes.iter().filter(|change| change.is_change() && change.deposed.is_none()) {
            let predicate = wording::rest(change).trim_start().to_owned();
            let text = changed.remove(&change.address).map(|drift| format!("{drift} and {predicate}"));
            changed.insert(&change.address, text.unwrap_or(predicate));
            *changed_of_block.entry(change.address.block.as_ref()).or_default() += 1;
        }
        let mut tree = Self {
            plan,
            changed,
            changed_of_block,
            leading: HashSet::new(),
            prunes: false,
            shown: roots.iter().copied().collect(),
        };
        tree.leading = tree.leading_to_changes(roots);
        let reads_change = |root: &u32| plan.reads.links(*root).iter().any(|link| tree.leading.contains(&link.to));
        tree.prunes = roots.iter().any(reads_change);
        tree
    }

    /// Everything below the roots from which a change is reached: reads followed backwards from what changes.
    fn leading_to_changes(&self, roots: &[u32]) -> HashSet<u32> {
        let mut readers: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut seen: HashSet<u32> = roots.iter().copied().collect();
        let mut queue: VecDeque<u32> = roots.iter().copied().collect();
        let mut leading = VecDeque::new();
        while let Some(number) = queue.pop_front() {
            if self.plan.reads.vertex(number).is_some_and(|vertex| self.state(vertex).is_some()) {
                leading.push_back(number);
            }
            for link in self.plan.reads.links(number) {
                readers.entry(link.to).or_default().push(number);
                if seen.insert(link.to) {
                    queue.push_back(link.to);
                }
            }
        }
        let mut found: HashSet<u32> = leading.iter().copied().collect();
        while let Some(number) = leading.pop_front() {
            for reader in readers.get(&number).into_iter().flatten() {
                if found.insert(*reader) {
                    leading.push_back(*reader);
                }
            }
        }
        found
    }

    /// What happens to a vertex; `None` where nothing does.
    fn state(&self, vertex: &Vertex) -> Option<String> {
        match vertex {
            Vertex::Instance(address) => self.changed.get(address).cloned(),
            Vertex::Block(block) => {
                let count = self.changed_of_block.get(block.as_ref())?;
                let verb = if *count == 1 { "changes" } else { "change" };
                Some(format!("{} of its objects {verb}", grouped(*count)))
            }
            Vertex::Product(..) => {
                let address = vertex.to_string();
                let product = self.plan.products.iter().find(|product| product.address.as_ref() == address)?;
                (product.action != Action::NoOp).then(|| "changes".to_owned())
            }
            Vertex::Variable(module, _) if module.is_root() => Some("an input of this run".to_owned()),
            Vertex::Variable(..)
            | Vertex::Local(..)
            | Vertex::Output(..)
            | Vertex::Instances(_)
            | Vertex::Calls(..)
            | Vertex::Module(_)
            | Vertex::Check(..)
            | Vertex::Import(_)
            | Vertex::Mesh
            | Vertex::Domain(_)
            | Vertex::Usage(..)
            | Vertex::Provider(_) => None,
        }
    }

    fn headline(&self, address: &str, roots: &[u32]) -> String {
        let state = roots.iter().filter_map(|root| self.plan.reads.vertex(*root)).find_map(|vertex| self.state(vertex));
        match state {
            Some(state) if state.starts_with("an ") => format!("{address} is {state}"),
            Some(state) => format!("{address} {state}"),
            None if self.prunes => format!("{address} reads what changes"),
            None => format!("{address} does not change"),
        }
    }

    fn write(&mut self, readers: &[u32], indent: &str, depth: usize, page: &mut Page) {
        let mut reads: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let mut order = Vec::new();
        for link in readers.iter().flat_map(|reader| self.plan.reads.links(*reader)) {
            if self.prunes && !self.leading.contains(&link.to) {
                continue;
            }
            let is_fixed = matches!(self.plan.reads.vertex(link.to), Some(Vertex::Instances(_) | Vertex::Calls(..)));
            if is_fixed && self.plan.reads.links(link.to).is_empty() {
                continue;
            }
            let paths = reads.entry(link.to).or_insert_with(|| {
                order.push(link.to);
                Vec::new()
            });
            paths.extend((!link.path.is_empty()).then(|| link.path.to_string()));
        }
        let hidden = order.len().saturating_sub(MOST_READS);
        order.truncate(MOST_READS);
        let last = order.last().copied().filter(|_| hidden == 0);
        for number in order {
            let Some(vertex) = self.plan.reads.vertex(number) else { continue };
            let (branch, below) = if last == Some(number) { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let mut text = format!("{indent}{branch}reads {}", read(vertex));
            if let Some(paths) = reads.get(&number).filter(|paths| !paths.is_empty()) {
                text.push_str(&format!(" ({})", listed(paths, MOST_PATHS)));
            }
            if let Some(state) = self.state(vertex) {
                text.push_str(&format!(": {state}"));
            }
            let is_opened =
                self.plan.reads.links(number).iter().any(|link| !self.prunes || self.leading.contains(&link.to));
            if !self.shown.insert(number) {
                page.raw(&format!("{text}{}", if is_opened { " (see above)" } else { "" }));
                continue;
            }
            if is_opened && depth >= DEEPEST {
                page.raw(&format!("{text}, and so on"));
                continue;
            }
            page.raw(&text);
            if is_opened {
                self.write(&[number], &format!("{indent}{below}"), depth + 1, page);
            }
        }
        if hidden > 0 {
            page.toned(Tone::Plain, &format!("{indent}└─ and {} more", grouped(hidden)));
        }
    }
}

/// What was read, where its address alone would be taken for the block itself.
fn read(vertex: &Vertex) -> String {
    match vertex {
        Vertex::Instances(_) | Vertex::Calls(..) => format!("which instances {vertex} has"),
        _ => vertex.to_string(),
    }
}
