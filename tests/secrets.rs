//! A secret that goes through a whole life of a configuration is nowhere in the clear: in no output, no file, no log.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::path::Path;

use mesh_tests::{Ended, Sandbox};

const SECRET: &str = "correct-horse-battery-staple";

const CONFIGURATION: &str = r#"
variable "password" {
  type      = string
  sensitive = true
}

variable "step" {
  type    = number
  default = 1
}

locals {
  connection = "postgres://app:${var.password}@db/${var.step}"
}

resource "terraform_data" "login" {
  input = { user = "app", password = var.password, step = var.step }
}

resource "terraform_data" "reader" {
  input            = local.connection
  triggers_replace = [var.password, var.step]
}

resource "terraform_data" "follower" {
  for_each = toset(["a", "b"])
  input    = "${each.key}: ${terraform_data.login.output.password}"
}

resource "local_job" "uses_it" {
  command  = ["sh", "-c", "test -n \"$PASSWORD\""]
  env      = { PASSWORD = var.password }
  triggers = { step = var.step }
}

resource "local_job" "fails" {
  count   = var.step == 3 ? 1 : 0
  command = ["sh", "-c", "exit 7"]
  env     = { PASSWORD = var.password }
}

module "inner" {
  source = "./inner"
  secret = var.password
}

output "connection" {
  value     = terraform_data.reader.output
  sensitive = true
}

output "inner" {
  value     = module.inner.echoed
  sensitive = true
}
"#;

const INNER: &str = r#"
variable "secret" {
  type = string
}

resource "terraform_data" "inner" {
  input = { deep = [{ secret = var.secret }] }
}

output "echoed" {
  value = terraform_data.inner.output.deep[0].secret
}
"#;

#[test]
fn a_secret_is_nowhere_in_the_clear() {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    sandbox.write("main.mesh.hcl", CONFIGURATION);
    sandbox.write("inner/main.mesh.hcl", INNER);
    let secret = format!("--var password={SECRET}");
    let every_step = |step: u32, expected: i32| {
        let given = format!("{secret} --var step={step}");
        check(&sandbox, &format!("plan {given}"), 0);
        check(&sandbox, &format!("plan {given} --json"), 0);
        check(&sandbox, &format!("plan {given} --out p{step}.meshplan"), 0);
        for form in ["", "--json", "--markdown"] {
            check(&sandbox, &format!("show p{step}.meshplan {form}"), 0);
        }
        check(&sandbox, &format!("why terraform_data.reader {given}"), 0);
        if step == 2 {
            check(&sandbox, &format!("apply p{step}.meshplan"), expected);
        } else {
            check(&sandbox, &format!("apply --auto-approve {given}"), expected);
        }
        for command in ["show", "show --json", "state pull", "state history", "output", "output --json"] {
            check(&sandbox, command, 0);
        }
        for address in ["terraform_data.login", "terraform_data.reader", "local_job.uses_it"] {
            check(&sandbox, &format!("state show {address}"), 0);
        }
    };
    every_step(1, 0);
    every_step(2, 0);
    every_step(3, 1);
    let wrong = CONFIGURATION.replace("sensitive = true\n}\n\noutput", "}\n\noutput");
    sandbox.write("main.mesh.hcl", &wrong);
    check(&sandbox, &format!("plan {secret}"), 1);
    sandbox.write("main.mesh.hcl", CONFIGURATION);
    check(&sandbox, &format!("destroy --auto-approve {secret} --json"), 0);
}

const EPHEMERAL: &str = r#"
variable "token" {
  type      = string
  ephemeral = true
}

variable "step" {
  type    = number
  default = 1
}

locals {
  header = "Bearer ${var.token}"
}

provider "local" {
  alias    = "secret"
  base_dir = var.token == "" ? "none" : "."
}

resource "local_bucket" "landing" {
  provider = local.secret
  path     = "landing${var.step}"

  lifecycle {
    precondition {
      condition     = length(local.header) > 8
      error_message = "The token ${var.token} is too short."
    }
  }
}

module "inner" {
  source = "./inner"
  token  = local.header
}

resource "terraform_data" "unkept" {
  input = ephemeralasnull(module.inner.token)
}

check "token" {
  assert {
    condition     = var.token == "another"
    error_message = "The token is ${var.token}."
  }
}
"#;

const EPHEMERAL_INNER: &str = r#"
variable "token" {
  type      = string
  ephemeral = true
}

output "token" {
  value     = var.token
  ephemeral = true
}
"#;

#[test]
fn an_ephemeral_value_is_nowhere() {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    sandbox.write("main.mesh.hcl", EPHEMERAL);
    sandbox.write("inner/main.mesh.hcl", EPHEMERAL_INNER);
    let token = format!("--var token={SECRET}");
    check(&sandbox, &format!("plan {token} --out p.meshplan"), 0);
    for form in ["", "--json", "--markdown"] {
        check(&sandbox, &format!("show p.meshplan {form}"), 0);
    }
    check(&sandbox, "apply p.meshplan", 1);
    check(&sandbox, &format!("apply p.meshplan {token}"), 0);
    check(&sandbox, &format!("apply --auto-approve {token} --var step=2"), 0);
    check(&sandbox, &format!("why local_bucket.landing {token}"), 0);
    for command in ["show", "show --json", "state pull", "state history", "output --json"] {
        check(&sandbox, command, 0);
    }
    check(&sandbox, &format!("destroy --auto-approve {token} --json"), 0);
}

/// Every kind of mistake with a secret at hand, found in the plan or at the latest while applying: what is said of it
/// must not show the secret.
#[test]
fn errors_do_not_show_secrets() {
    let mistakes = [
        r#"output "a" { value = var.password.missing }"#,
        r#"output "a" { value = var.password[3] }"#,
        r#"output "a" { value = var.password + 1 }"#,
        r#"output "a" { value = { a = 1 }[var.password] }"#,
        r#"output "a" { value = jsondecode(var.password) }"#,
        r#"output "a" { value = tonumber(var.password) }"#,
        r#"output "a" { value = file(var.password) }"#,
        r#"output "a" { value = regex("^x$", var.password) }"#,
        r#"resource "terraform_data" "a" { for_each = toset([var.password]) }"#,
        r#"resource "terraform_data" "a" { count = var.password }"#,
        r#"resource "local_bucket" "a" { path = "../${var.password}" }"#,
        r#"resource "local_view" "a" {
             warehouse = "none.db"
             name      = "a"
             sql       = "SELEKT ${var.password}"
           }"#,
        r#"resource "local_warehouse" "a" {
             path         = "a.db"
             journal_mode = var.password
           }"#,
        r#"resource "terraform_data" "a" {
             lifecycle {
               precondition {
                 condition     = var.password == ""
                 error_message = "It is ${var.password}."
               }
             }
           }"#,
        r#"data "local_file" "a" { path = var.password }"#,
        r#"data "local_command" "a" { command = ["sh", "-c", "echo ${var.password} >&2; exit 1"] }"#,
    ];
    let mut shown = Vec::new();
    let marked = |mark: &'static str| mistakes.map(|mistake| (mark, mistake));
    for (mark, mistake) in marked("sensitive").into_iter().chain(marked("ephemeral")) {
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
        let variable = format!("variable \"password\" {{\n  type = string\n  {mark} = true\n}}\n");
        sandbox.write("main.mesh.hcl", &format!("{variable}{mistake}\n"));
        for command in ["plan", "plan --json", "apply --auto-approve"] {
            let Ended { code, out, err } = sandbox.mesh(&format!("{command} --var password={SECRET}"));
            let found = code == 1 || command.starts_with("plan");
            assert!(found, "{mistake}\n{out}\n{err}");
            if out.contains(SECRET) || err.contains(SECRET) {
                shown.push(format!("mesh {command} with {mistake}:\n{out}\n{err}"));
            }
        }
    }
    assert!(shown.is_empty(), "{}", shown.join("\n\n"));
}

fn check(sandbox: &Sandbox, arguments: &str, code: i32) {
    let ended = sandbox.mesh(arguments);
    let Ended { out, err, .. } = &ended;
    assert_eq!(ended.code, code, "mesh {arguments}\n{out}\n{err}");
    for (stream, text) in [("standard output", out), ("standard error", err)] {
        assert!(!text.contains(SECRET), "{stream} of mesh {arguments} shows the secret:\n{text}");
    }
    for file in files(sandbox.path()) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let shows = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!shows, "after mesh {arguments}, {} holds the secret", file.display());
    }
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
