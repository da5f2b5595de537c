//! From a plan to steps: what is made, destroyed and evaluated again, and which step waits for which.

use std::collections::{HashMap, HashSet};

use mesh_graph::Dag;
use mesh_plan::{Action, Change, Plan, ReplaceOrder, Vertex};
use mesh_value::InstanceAddress;

use super::order::{Bond, Edge, order};
use crate::prior::Prior;

/// One step of an apply.
#[derive(Clone, Debug)]
pub enum Step {
    /// A value is computed again, because something that it reads changes.
    Evaluate(Vertex),
    /// An object is created, changed or read; the number is the change's place in the plan.
    Make(usize),
    /// An object is deleted; the number is the change's place in the plan.
    Destroy(usize),
    /// Nothing is done: it gathers what others wait for, so that edges stay as many as reads.
    Join,
}

/// All steps of an apply and what each waits for.
#[derive(Debug, Default)]
pub struct Steps {
    /// The steps, by number.
    pub steps: Vec<Step>,
    /// Which waits for which.
    pub dag: Dag,
}

struct Builder<'a> {
    plan: &'a Plan,
    steps: Vec<Step>,
    edges: Vec<Edge>,
    make: HashMap<usize, usize>,
    destroy: HashMap<usize, usize>,
    /// Steps of values, and of blocks and modules as a whole, by vertex number.
    evaluate: HashMap<u32, usize>,
    /// Changes of current objects.
    changes: HashMap<&'a InstanceAddress, usize>,
}

impl Steps {
    /// Orders the changes of a plan. An object is made when exactly the objects that it read are; it is destroyed when
    /// everything that read it is destroyed, or changed so that it no longer does.
    pub fn new(plan: &Plan, prior: &Prior) -> Self {
        let mut builder = Builder {
            plan,
            steps: Vec::new(),
            edges: Vec::new(),
            make: HashMap::new(),
            destroy: HashMap::new(),
            evaluate: HashMap::new(),
            changes: HashMap::new(),
        };
        builder.add_changes();
        builder.add_values();
        builder.wait_for_reads();
        builder.wait_for_readers(prior);
        let dag = order(builder.steps.len(), &builder.edges);
        Self { steps: builder.steps, dag }
    }

    /// The change that a step carries out, if it is one.
    pub fn change<'p>(&self, plan: &'p Plan, number: usize) -> Option<&'p Change> {
        match self.steps.get(number)? {
            Step::Make(place) | Step::Destroy(place) => plan.changes.get(*place),
            Step::Evaluate(_) | Step::Join => None,
        }
    }

    /// What to call a step that others wait for in vain.
    pub fn name(&self, plan: &Plan, number: usize) -> String {
        match self.steps.get(number) {
            Some(Step::Make(place) | Step::Destroy(place)) => format!("{} failed", plan.changes[*place].address),
            Some(Step::Evaluate(vertex)) => format!("{vertex} could not be evaluated"),
            Some(Step::Join) | None => "something that it waits for failed".to_owned(),
        }
    }
}

impl Builder<'_> {
    fn step(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    fn depend(&mut self, late: usize, early: usize, bond: Bond) {
        self.edges.push(Edge { late, early, bond });
    }

    /// One step for each half of each change; a replacement's halves in the order that it names.
    fn add_changes(&mut self) {
        for (place, change) in self.plan.changes.iter().enumerate() {
            let makes = matches!(change.action, Action::Create | Action::Read | Action::Update | Action::Replace(_));
            if makes {
                let step = self.step(Step::Make(place));
                self.make.insert(place, step);
                self.changes.insert(&change.address, place);
            }
            if change.action.destroys() {
                let step = self.step(Step::Destroy(place));
                self.destroy.insert(place, step);
                if change.deposed.is_none() {
                    self.changes.insert(&change.address, place);
                }
            }
            match change.action {
                Action::Replace(ReplaceOrder::DestroyBeforeCreate) => {
                    self.depend(self.make[&place], self.destroy[&place], Bond::Certain);
                }
                Action::Replace(ReplaceOrder::CreateBeforeDestroy) => {
                    self.depend(self.destroy[&place], self.make[&place], Bond::Certain);
                }
                _ => {}
            }
        }
    }

    /// A step for every value that reads a changing object, directly or through other values.
    fn add_values(&mut self) {
        let mut readers: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut open = Vec::new();
        for (number, (vertex, links)) in (0u32..).zip(self.plan.reads.iter()) {
            if let Vertex::Instance(address) = vertex {
                if self.changes.get(address).is_some_and(|place| self.make.contains_key(place)) {
                    open.push(number);
                }
            } else {
                for link in links {
                    readers.entry(link.to).or_default().push(number);
                }
            }
        }
        let mut seen: HashSet<u32> = HashSet::new();
        while let Some(number) = open.pop() {
            for reader in readers.get(&number).into_iter().flatten() {
                if seen.insert(*reader) {
                    open.push(*reader);
                    let Some(vertex) = self.plan.reads.vertex(*reader) else { continue };
                    let step = self.step(match vertex {
                        Vertex::Block(_) | Vertex::Module(_) | Vertex::Provider(_) => Step::Join,
                        _ => Step::Evaluate(vertex.clone()),
                    });
                    self.evaluate.insert(*reader, step);
                }
            }
        }
    }

    /// Every step waits for the steps of what it reads.
    fn wait_for_reads(&mut self) {
        for (number, (vertex, links)) in (0u32..).zip(self.plan.reads.iter()) {
            let step = match vertex {
                Vertex::Instance(address) => self.changes.get(address).and_then(|place| self.make.get(place)),
                _ => self.evaluate.get(&number),
            };
            let Some(step) = step.copied() else { continue };
            for link in links {
                let read = match self.plan.reads.vertex(link.to) {
                    Some(Vertex::Instance(address)) => {
                        self.changes.get(address).and_then(|place| self.make.get(place)).copied()
                    }
                    _ => self.evaluate.get(&link.to).copied(),
                };
                if let Some(read) = read.filter(|read| *read != step) {
                    self.depend(step, read, Bond::Certain);
                }
            }
        }
    }

    /// A deletion waits for those that read the object before: for their deletion, and for their change as far as that
    /// makes no circle. Readers are gathered by what they read, so that there are as many edges as reads.
    fn wait_for_readers(&mut self, prior: &Prior) {
        let mut by_read: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, change) in self.plan.changes.iter().enumerate() {
            let Some(step) = self.destroy.get(&place).copied() else { continue };
            by_read.entry(change.address.to_string()).or_default().push(step);
            if change.address.key != mesh_value::InstanceKey::None {
                by_read.entry(change.address.block.to_string()).or_default().push(step);
            }
        }
        if by_read.is_empty() {
            return;
        }
        let mut joins: HashMap<&str, usize> = HashMap::new();
        for (place, change) in self.plan.changes.iter().enumerate() {
            let Some(object) = prior.find(&change.address, change.deposed.as_deref()) else { continue };
            let bond = match change.action {
                Action::Delete | Action::Replace(ReplaceOrder::DestroyBeforeCreate) => Bond::Recorded,
                _ => Bond::Wish,
            };
            let Some(early) = self.destroy.get(&place).or_else(|| self.make.get(&place)).copied() else { continue };
            for read in &object.record.reads {
                let Some(gone) = by_read.get(read) else { continue };
                let join = match joins.get(read.as_str()) {
                    Some(join) => *join,
                    None => {
                        let join = self.step(Step::Join);
                        joins.insert(read, join);
                        for destroy in gone {
                            self.depend(*destroy, join, Bond::Certain);
                        }
                        join
                    }
                };
                self.depend(join, early, bond);
            }
        }
    }
}
