//! The same configurations of `terraform_data` in Terraform and in mesh: the same action for every address.
//!
//! Needs `terraform` on the path; says so and passes where it is missing.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::collections::BTreeMap;

use mesh_tests::{Ended, Sandbox};
use serde_json::Value;

/// A configuration and what it becomes.
struct Case {
    name: &'static str,
    before: &'static str,
    after: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "count grows and shrinks",
        before: r#"
resource "terraform_data" "grows" {
  count = 1
  input = count.index
}
resource "terraform_data" "shrinks" {
  count = 3
  input = count.index
}
resource "terraform_data" "reads" {
  input = [terraform_data.grows[*].output, length(terraform_data.shrinks)]
}"#,
        after: r#"
resource "terraform_data" "grows" {
  count = 3
  input = count.index
}
resource "terraform_data" "shrinks" {
  count = 1
  input = count.index
}
resource "terraform_data" "reads" {
  input = [terraform_data.grows[*].output, length(terraform_data.shrinks)]
}"#,
    },
    Case {
        name: "keys of for_each change",
        before: r#"
resource "terraform_data" "a" {
  for_each = { x = 1, y = 2, z = 3 }
  input    = each.value
}
resource "terraform_data" "b" {
  for_each = terraform_data.a
  input    = each.value.output
}"#,
        after: r#"
resource "terraform_data" "a" {
  for_each = { x = 1, y = 20, w = 3 }
  input    = each.value
}
resource "terraform_data" "b" {
  for_each = terraform_data.a
  input    = each.value.output
}"#,
    },
    Case {
        name: "a replacement goes on through what reads it",
        before: r#"
resource "terraform_data" "a" {
  triggers_replace = "1"
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  triggers_replace = terraform_data.b.output
}
resource "terraform_data" "d" {
  input = "still"
}"#,
        after: r#"
resource "terraform_data" "a" {
  triggers_replace = "2"
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "c" {
  triggers_replace = terraform_data.b.output
}
resource "terraform_data" "d" {
  input = "still"
}"#,
    },
    Case {
        name: "create_before_destroy spreads to what is read",
        before: r#"
resource "terraform_data" "a" {
  triggers_replace = "1"
}
resource "terraform_data" "b" {
  triggers_replace = terraform_data.a.id
}
resource "terraform_data" "c" {
  triggers_replace = terraform_data.b.id
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "d" {
  triggers_replace = terraform_data.a.id
}"#,
        after: r#"
resource "terraform_data" "a" {
  triggers_replace = "2"
}
resource "terraform_data" "b" {
  triggers_replace = terraform_data.a.id
}
resource "terraform_data" "c" {
  triggers_replace = terraform_data.b.id
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "d" {
  triggers_replace = terraform_data.a.id
}"#,
    },
    Case {
        name: "ignored changes",
        before: r#"
resource "terraform_data" "input" {
  input            = "a"
  triggers_replace = "a"
  lifecycle {
    ignore_changes = [input]
  }
}
resource "terraform_data" "key" {
  input = { x = 1, y = 1 }
  lifecycle {
    ignore_changes = [input.x]
  }
}
resource "terraform_data" "all" {
  input            = "a"
  triggers_replace = "a"
  lifecycle {
    ignore_changes = all
  }
}"#,
        after: r#"
resource "terraform_data" "input" {
  input            = "b"
  triggers_replace = "a"
  lifecycle {
    ignore_changes = [input]
  }
}
resource "terraform_data" "key" {
  input = { x = 2, y = 1 }
  lifecycle {
    ignore_changes = [input.x]
  }
}
resource "terraform_data" "all" {
  input            = "b"
  triggers_replace = "b"
  lifecycle {
    ignore_changes = all
  }
}"#,
    },
    Case {
        name: "replace_triggered_by",
        before: r#"
resource "terraform_data" "a" {
  input = { x = 1, y = 1 }
}
resource "terraform_data" "whole" {
  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}
resource "terraform_data" "x" {
  lifecycle {
    replace_triggered_by = [terraform_data.a.input.x]
  }
}
resource "terraform_data" "y" {
  lifecycle {
    replace_triggered_by = [terraform_data.a.input.y]
  }
}
resource "terraform_data" "new" {
  count = 1
  lifecycle {
    replace_triggered_by = [terraform_data.x.id]
  }
}"#,
        after: r#"
resource "terraform_data" "a" {
  input = { x = 2, y = 1 }
}
resource "terraform_data" "whole" {
  lifecycle {
    replace_triggered_by = [terraform_data.a]
  }
}
resource "terraform_data" "x" {
  lifecycle {
    replace_triggered_by = [terraform_data.a.input.x]
  }
}
resource "terraform_data" "y" {
  lifecycle {
    replace_triggered_by = [terraform_data.a.input.y]
  }
}
resource "terraform_data" "new" {
  count = 1
  lifecycle {
    replace_triggered_by = [terraform_data.x.id]
  }
}"#,
    },
    Case {
        name: "types and nulls",
        before: r#"
resource "terraform_data" "a" {
  input = "1"
}
resource "terraform_data" "b" {
  input = null
}
resource "terraform_data" "c" {
  input = [1, 2]
}
resource "terraform_data" "d" {
  input = tolist([1, 2])
}
resource "terraform_data" "e" {
  input = { a = null }
}
resource "terraform_data" "f" {
  input            = 1.10
  triggers_replace = toset(["b", "a"])
}"#,
        after: r#"
resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "b" {
  input = "x"
}
resource "terraform_data" "c" {
  input = [1, 2.0]
}
resource "terraform_data" "d" {
  input = [1, 2]
}
resource "terraform_data" "e" {
  input = {}
}
resource "terraform_data" "f" {
  input            = 1.1
  triggers_replace = toset(["a", "b"])
}"#,
    },
    Case {
        name: "blocks come and go",
        before: r#"
resource "terraform_data" "goes" {
  input = "a"
}
resource "terraform_data" "stays" {
  input = "b"
}"#,
        after: r#"
resource "terraform_data" "comes" {
  input = "a"
}
resource "terraform_data" "stays" {
  input = "b"
}"#,
    },
    Case {
        name: "depends_on alone changes nothing",
        before: r#"
resource "terraform_data" "a" {
  input = "a"
}
resource "terraform_data" "b" {
  input = "b"
}"#,
        after: r#"
resource "terraform_data" "a" {
  input = "changed"
}
resource "terraform_data" "b" {
  input      = "b"
  depends_on = [terraform_data.a]
}"#,
    },
    Case {
        name: "locals, functions and conditions between",
        before: r#"
locals {
  wide  = true
  names = ["a", "b", "c"]
}
resource "terraform_data" "one" {
  for_each = { for name in local.names : upper(name) => name if local.wide || name == "a" }
  input    = format("%s-%d", each.value, index(local.names, each.value))
}
resource "terraform_data" "two" {
  count = local.wide ? 2 : 0
  input = join(",", [for one in terraform_data.one : one.output])
}"#,
        after: r#"
locals {
  wide  = false
  names = ["b", "a", "c"]
}
resource "terraform_data" "one" {
  for_each = { for name in local.names : upper(name) => name if local.wide || name == "a" }
  input    = format("%s-%d", each.value, index(local.names, each.value))
}
resource "terraform_data" "two" {
  count = local.wide ? 2 : 0
  input = join(",", [for one in terraform_data.one : one.output])
}"#,
    },
];

#[test]
fn the_same_configuration_gives_the_same_actions() {
    let probe = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    if probe.shell("terraform version").code != 0 {
        println!("skipped: there is no terraform on the path to compare with");
        return;
    }
    let mut differences = Vec::new();
    for case in CASES {
        for (step, edited) in [(case.before, None), (case.after, Some(case.before))] {
            let (ours, theirs) = (mesh(step, edited), terraform(step, edited));
            if ours != theirs {
                let when = if edited.is_some() { "changed" } else { "new" };
                differences.push(format!("{} ({when}):\n  mesh:      {ours:?}\n  terraform: {theirs:?}", case.name));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The actions that mesh plans for a configuration, after another one was applied.
fn mesh(configuration: &str, before: Option<&str>) -> BTreeMap<String, Vec<String>> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    if let Some(before) = before {
        sandbox.write("main.tf", before);
        sandbox.must("apply --auto-approve");
    }
    sandbox.write("main.tf", configuration);
    sandbox.must("plan --out p.plan");
    actions(&sandbox.must("show --json p.plan"))
}

/// The same of Terraform.
fn terraform(configuration: &str, before: Option<&str>) -> BTreeMap<String, Vec<String>> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    let must = |command: &str| {
        let ended = sandbox.shell(&format!("CHECKPOINT_DISABLE=1 terraform {command}"));
        assert_eq!(ended.code, 0, "terraform {command}: {}", ended.err);
        ended
    };
    if let Some(before) = before {
        sandbox.write("main.tf", before);
        must("init -input=false");
        must("apply -auto-approve -input=false");
    }
    sandbox.write("main.tf", configuration);
    must("init -input=false");
    must("plan -input=false -out=p.plan");
    actions(&must("show -json p.plan"))
}

fn actions(shown: &Ended) -> BTreeMap<String, Vec<String>> {
    let plan: Value = serde_json::from_str(&shown.out).unwrap();
    let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
    let words = |change: &Value| {
        let words = change["change"]["actions"].as_array().cloned().unwrap_or_default();
        words.iter().map(|word| word.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let changes =
        changes.iter().map(|change| (change["address"].as_str().unwrap_or_default().to_owned(), words(change)));
    changes.filter(|(_, words)| words != &["no-op"]).collect()
}
