//! Random configurations and random edits of them: every plan can be applied, in an order that respects every read, and
//! leaves nothing to do; destroying leaves nothing at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mesh_tests::Sandbox;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

/// One block of `terraform_data`.
#[derive(Clone, Debug)]
struct Node {
    /// The blocks that it reads in `input`, all before it.
    reads: BTreeSet<usize>,
    /// A block that it reads in `triggers_replace`.
    triggers: Option<usize>,
    /// A block that it waits for without reading it.
    waits_for: Option<usize>,
    /// How many instances it has; none for a block without `count`.
    count: Option<usize>,
    /// What else it says.
    text: u8,
    create_first: bool,
    /// Whether it is declared at all.
    exists: bool,
}

fn node(number: usize) -> impl Strategy<Value = Node> {
    let before = 0..number.max(1);
    (
        proptest::collection::btree_set(before.clone(), 0..=number.min(3)),
        proptest::option::weighted(0.2, before.clone()),
        proptest::option::weighted(0.2, before),
        proptest::option::weighted(0.4, 0_usize..4),
        0_u8..3,
        proptest::bool::weighted(0.3),
        proptest::bool::weighted(0.8),
    )
        .prop_map(move |(reads, triggers, waits_for, count, text, create_first, exists)| {
            let earlier = |on: &usize| *on < number;
            Node {
                reads: reads.into_iter().filter(earlier).collect(),
                triggers: triggers.filter(earlier),
                waits_for: waits_for.filter(earlier),
                count,
                text,
                create_first,
                exists,
            }
        })
}

const BLOCKS: usize = 9;

fn graph() -> impl Strategy<Value = Vec<Node>> {
    (0..BLOCKS).map(node).collect::<Vec<_>>()
}

/// The first configuration, and others that keep most of its blocks.
fn history() -> impl Strategy<Value = Vec<Vec<Node>>> {
    let edit = (graph(), proptest::collection::vec(proptest::bool::weighted(0.3), BLOCKS));
    (graph(), proptest::collection::vec(edit, 2)).prop_map(|(first, edits)| {
        let mut steps = vec![first];
        for (other, is_edited) in edits {
            let last = steps.last().cloned().unwrap_or_default();
            let edited = last.into_iter().zip(other).zip(is_edited);
            steps.push(edited.map(|((old, new), is_edited)| if is_edited { new } else { old }).collect());
        }
        steps
    })
}

fn written(graph: &[Node]) -> String {
    let mut text = String::new();
    let exists = |on: &&usize| graph[**on].exists;
    let reference = |on: &usize| match graph[*on].count {
        Some(_) => format!("terraform_data.b{on}[*].output"),
        None => format!("terraform_data.b{on}.output"),
    };
    for (number, node) in graph.iter().enumerate().filter(|(_, node)| node.exists) {
        let reads: Vec<String> = node.reads.iter().filter(exists).map(reference).collect();
        let _ = writeln!(text, "resource \"terraform_data\" \"b{number}\" {{");
        if let Some(count) = node.count {
            let _ = writeln!(text, "  count = {count}");
        }
        let _ = writeln!(text, "  input = jsonencode([{}, [{}]])", node.text, reads.join(", "));
        if let Some(on) = node.triggers.as_ref().filter(exists) {
            let _ = writeln!(text, "  triggers_replace = md5(jsonencode({}))", reference(on));
        }
        if let Some(on) = node.waits_for.as_ref().filter(exists) {
            let _ = writeln!(text, "  depends_on = [terraform_data.b{on}]");
        }
        if node.create_first {
            let _ = writeln!(text, "  lifecycle {{\n    create_before_destroy = true\n  }}");
        }
        let _ = writeln!(text, "}}\n");
    }
    text
}

/// The blocks that a block reads or waits for, by name.
fn dependencies(graph: &[Node]) -> BTreeMap<String, BTreeSet<String>> {
    let existing = graph.iter().enumerate().filter(|(_, node)| node.exists);
    existing
        .map(|(number, node)| {
            let all = node.reads.iter().chain(&node.triggers).chain(&node.waits_for);
            let all = all.filter(|on| graph[**on].exists).map(|on| format!("terraform_data.b{on}"));
            (format!("terraform_data.b{number}"), all.collect())
        })
        .collect()
}

fn block(address: &str) -> &str {
    address.split(['[', ' ']).next().unwrap_or(address)
}

/// Holds the order of an apply: what is made waits for what it reads, what is destroyed for what read it.
fn hold_order(events: &[Value], before: &[Node], after: &[Node]) -> Result<(), TestCaseError> {
    let (old, new) = (dependencies(before), dependencies(after));
    let steps: Vec<(&str, &str, &str)> = events
        .iter()
        .filter_map(|event| Some((event["type"].as_str()?, event["phase"].as_str()?, event["address"].as_str()?)))
        .collect();
    let is_replaced: BTreeSet<&str> = events
        .iter()
        .filter(|event| event["action"] == "replace")
        .filter_map(|event| event["address"].as_str())
        .collect();
    for (place, (kind, phase, address)) in steps.iter().enumerate().filter(|(_, step)| step.0 == "started") {
        prop_assert_eq!(*kind, "started");
        for (_, _, later) in steps.iter().skip(place).filter(|step| step.0 == "finished" && step.1 == *phase) {
            if *phase == "make" {
                let reads = new.get(block(address)).is_some_and(|reads| reads.contains(block(later)));
                prop_assert!(!reads, "{} was made before {}, which it reads", address, later);
            } else if !is_replaced.contains(later) && !is_replaced.contains(address) {
                let reads = old.get(block(later)).is_some_and(|reads| reads.contains(block(address)));
                prop_assert!(!reads, "{} was destroyed before {}, which read it", address, later);
            }
        }
    }
    Ok(())
}

fn lives(history: &[Vec<Node>]) -> Result<(), TestCaseError> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    let nothing: Vec<Node> = history[0].iter().map(|node| Node { exists: false, ..node.clone() }).collect();
    let mut before = &nothing;
    for graph in history {
        sandbox.write("main.mesh.hcl", &format!("locals {{}}\n\n{}", written(graph)));
        let applied = sandbox.mesh("apply --auto-approve --json");
        prop_assert_eq!(applied.code, 0, "{}\n{}\n{}", written(graph), applied.out, applied.err);
        hold_order(&Sandbox::events(&applied), before, graph)?;
        let again = sandbox.mesh("plan --detailed-exitcode");
        prop_assert_eq!(again.code, 0, "{}\n{}\n{}", written(graph), again.out, again.err);
        let expected: usize = graph.iter().filter(|node| node.exists).map(|node| node.count.unwrap_or(1)).sum();
        prop_assert_eq!(sandbox.addresses().len(), expected);
        before = graph;
    }
    let destroyed = sandbox.mesh("destroy --auto-approve --json");
    prop_assert_eq!(destroyed.code, 0, "{}\n{}", destroyed.out, destroyed.err);
    hold_order(&Sandbox::events(&destroyed), before, &nothing)?;
    prop_assert!(sandbox.addresses().is_empty());
    Ok(())
}

#[test]
fn random_configurations_come_to_rest() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32);
    let config = Config { cases, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    if let Err(failure) = runner.run(&history(), |history| lives(&history)) {
        panic!("{failure}");
    }
}
