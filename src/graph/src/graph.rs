//! A graph whose nodes depend on each other through references in the source.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use mesh_diagnostics::Span;
use petgraph::Direction;
use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

/// A directed graph: an edge leads from a node to one that it depends on, and knows the reference that makes it.
#[derive(Clone, Debug)]
pub struct Graph<N> {
    inner: DiGraph<N, Option<Span>>,
    index: HashMap<N, NodeIndex>,
    edges: HashSet<(NodeIndex, NodeIndex)>,
}

/// Nodes that depend on each other in a circle: each with the reference that leads to the next, the last to the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle<N>(pub Vec<(N, Option<Span>)>);

impl<N> Default for Graph<N> {
    fn default() -> Self {
        Self { inner: DiGraph::new(), index: HashMap::new(), edges: HashSet::new() }
    }
}

impl<N: Clone + Eq + Hash + Ord> Graph<N> {
    /// Adds a node; does nothing where it is there already.
    pub fn add(&mut self, node: N) {
        self.node(node);
    }

    fn node(&mut self, node: N) -> NodeIndex {
        *self.index.entry(node).or_insert_with_key(|node| self.inner.add_node(node.clone()))
    }

    /// Says that `node` depends on `on`; of several references between the same two, the first is kept.
    pub fn depend(&mut self, node: N, on: N, reference: Option<Span>) {
        let (from, to) = (self.node(node), self.node(on));
        if self.edges.insert((from, to)) {
            self.inner.add_edge(from, to, reference);
        }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.node_count() == 0
    }

    /// All nodes, in the order in which they were added.
    pub fn nodes(&self) -> impl Iterator<Item = &N> {
        self.inner.node_weights()
    }

    /// Whether the node is there.
    #[must_use]
    pub fn contains(&self, node: &N) -> bool {
        self.index.contains_key(node)
    }

    /// What a node depends on directly.
    pub fn dependencies(&self, node: &N) -> impl Iterator<Item = &N> {
        self.neighbors(node, Direction::Outgoing)
    }

    /// What depends on a node directly.
    pub fn dependents(&self, node: &N) -> impl Iterator<Item = &N> {
        self.neighbors(node, Direction::Incoming)
    }

    fn neighbors(&self, node: &N, direction: Direction) -> impl Iterator<Item = &N> {
        let found = self.index.get(node).map(|index| self.inner.neighbors_directed(*index, direction));
        found.into_iter().flatten().map(|index| &self.inner[index])
    }

    /// These nodes and everything that they depend on, however far.
    #[must_use]
    pub fn with_dependencies(&self, nodes: impl IntoIterator<Item = N>) -> HashSet<N> {
        self.closure(nodes, Direction::Outgoing)
    }

    /// These nodes and everything that depends on them, however far.
    #[must_use]
    pub fn with_dependents(&self, nodes: impl IntoIterator<Item = N>) -> HashSet<N> {
        self.closure(nodes, Direction::Incoming)
    }

    fn closure(&self, nodes: impl IntoIterator<Item = N>, direction: Direction) -> HashSet<N> {
        let mut open: Vec<N> = nodes.into_iter().filter(|node| self.contains(node)).collect();
        let mut found: HashSet<N> = open.iter().cloned().collect();
        while let Some(node) = open.pop() {
            for next in self.neighbors(&node, direction) {
                if found.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        found
    }

    /// All nodes, each after those that it depends on.
    ///
    /// # Errors
    /// Every cycle, one for each group of nodes that reach each other.
    pub fn order(&self) -> Result<Vec<N>, Vec<Cycle<N>>> {
        match toposort(&self.inner, None) {
            Ok(order) => Ok(order.into_iter().rev().map(|index| self.inner[index].clone()).collect()),
            Err(_) => Err(self.cycles()),
        }
    }

    fn cycles(&self) -> Vec<Cycle<N>> {
        let groups = kosaraju_scc(&self.inner).into_iter();
        let mut cycles: Vec<Cycle<N>> = groups
            .filter(|group| group.len() > 1 || self.edges.contains(&(group[0], group[0])))
            .filter_map(|group| self.shortest_cycle(&group))
            .collect();
        cycles.sort_by(|left, right| left.0.cmp(&right.0));
        cycles
    }

    /// The shortest way from the group's least node back to itself.
    fn shortest_cycle(&self, group: &[NodeIndex]) -> Option<Cycle<N>> {
        let members: HashSet<NodeIndex> = group.iter().copied().collect();
        let start = *group.iter().min_by_key(|index| &self.inner[**index])?;
        let mut came_from: HashMap<NodeIndex, (NodeIndex, Option<Span>)> = HashMap::new();
        let mut open = std::collections::VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for edge in self.inner.edges(node) {
                let next = edge.target();
                if members.contains(&next) && !came_from.contains_key(&next) {
                    came_from.insert(next, (node, *edge.weight()));
                    open.push_back(next);
                }
            }
        }
        let mut steps = Vec::new();
        let mut node = start;
        loop {
            let (from, reference) = came_from.get(&node)?;
            steps.push((self.inner[*from].clone(), *reference));
            node = *from;
            if node == start {
                break;
            }
        }
        steps.reverse();
        Some(Cycle(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_puts_dependencies_first() {
        let mut graph = Graph::default();
        graph.depend("c", "b", None);
        graph.depend("b", "a", None);
        assert_eq!(graph.order().unwrap(), ["a", "b", "c"]);
        assert_eq!(graph.with_dependencies(["b"]), HashSet::from(["a", "b"]));
        assert_eq!(graph.with_dependents(["b"]), HashSet::from(["c", "b"]));
    }

    #[test]
    fn every_cycle_is_named_in_full() {
        let mut graph = Graph::default();
        for (node, on) in [("a", "b"), ("b", "c"), ("c", "a"), ("x", "x"), ("d", "a")] {
            graph.depend(node, on, None);
        }
        let cycles = graph.order().unwrap_err();
        assert_eq!(cycles.len(), 2);
        assert_eq!(cycles[0], Cycle(vec![("a", None), ("b", None), ("c", None)]));
        assert_eq!(cycles[1], Cycle(vec![("x", None)]));
    }
}
