//! Draws a graph in the two text forms that tools understand.

use std::fmt::Write;
use std::hash::Hash;

use crate::Graph;

/// Graphviz DOT: one box a node, arrows to what it depends on, sorted.
#[must_use]
pub fn dot<N: Clone + Eq + Hash + Ord>(graph: &Graph<N>, label: impl Fn(&N) -> String) -> String {
    let mut out = String::from("digraph {\n  rankdir = \"RL\"\n  node [shape = rect]\n");
    let quoted = |node: &N| format!("\"{}\"", label(node).replace('\\', "\\\\").replace('"', "\\\""));
    for node in sorted(graph) {
        let _ = writeln!(out, "  {}", quoted(node));
    }
    for (node, on) in edges(graph) {
        let _ = writeln!(out, "  {} -> {}", quoted(node), quoted(on));
    }
    out.push_str("}\n");
    out
}

/// Mermaid flowchart, as Markdown renderers show it: arrows to what a node depends on, sorted.
#[must_use]
pub fn mermaid<N: Clone + Eq + Hash + Ord>(graph: &Graph<N>, label: impl Fn(&N) -> String) -> String {
    let mut out = String::from("flowchart RL\n");
    let nodes = sorted(graph);
    for (index, node) in nodes.iter().enumerate() {
        let _ = writeln!(out, "  n{index}[\"{}\"]", label(node).replace('"', "#quot;"));
    }
    let number = |node: &N| nodes.binary_search(&node).unwrap_or_default();
    for (node, on) in edges(graph) {
        let _ = writeln!(out, "  n{} --> n{}", number(node), number(on));
    }
    out
}

fn sorted<N: Clone + Eq + Hash + Ord>(graph: &Graph<N>) -> Vec<&N> {
    let mut nodes: Vec<&N> = graph.nodes().collect();
    nodes.sort();
    nodes
}

fn edges<N: Clone + Eq + Hash + Ord>(graph: &Graph<N>) -> Vec<(&N, &N)> {
    let mut edges: Vec<(&N, &N)> =
        graph.nodes().flat_map(|node| graph.dependencies(node).map(move |on| (node, on))).collect();
    edges.sort();
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_quote_labels() {
        let mut graph = Graph::default();
        graph.depend("a[\"k\"]", "b", None);
        let label = |node: &&str| (*node).to_owned();
        assert!(dot(&graph, label).contains("\"a[\\\"k\\\"]\" -> \"b\""));
        assert!(mermaid(&graph, label).contains("n0[\"a[#quot;k#quot;]\"]\n  n1[\"b\"]\n  n0 --> n1"));
    }
}
