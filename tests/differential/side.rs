//! The two programs that are held against each other, and how hundreds of expressions are evaluated by one process.
//!
//! `terraform console` ends at the first error and prints one value. So expressions become one configuration: first
//! which of them can be evaluated at all (`can(...)`), then an object with the values of those. Where even that fails,
//! because a fault is found before evaluation, the batch is halved until the expression at fault is alone.

use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What every expression can read: values with marks, and values that are known after apply.
const PRELUDE: &str = r#"
variable "secret" {
  type      = string
  default   = "s3cret"
  sensitive = true
}
variable "secrets" {
  type      = list(string)
  default   = ["a", "b"]
  sensitive = true
}
variable "secret_number" {
  type      = number
  default   = 2
  sensitive = true
}
variable "secret_bool" {
  type      = bool
  default   = true
  sensitive = true
}
variable "temporary" {
  type      = string
  default   = "t"
  ephemeral = true
}
variable "temporaries" {
  type      = list(string)
  default   = ["a", "b"]
  ephemeral = true
}
variable "later" {
  type = string
}
variable "later_number" {
  type     = number
  nullable = false
}
variable "later_bool" {
  type = bool
}
variable "later_list" {
  type     = list(string)
  nullable = false
}
variable "later_set" {
  type = set(string)
}
variable "later_map" {
  type = map(string)
}
variable "later_object" {
  type = object({ a = string, b = list(number) })
}
variable "later_any" {
}
"#;

/// What is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// An expression.
    Expression(String),
    /// A variable of a type with a default.
    Conversion {
        /// The type constraint.
        ty: String,
        /// The default.
        value: String,
    },
    /// Something that only the console itself answers, such as `type(...)`.
    Typed(String),
}

impl Case {
    /// As it stands in a topic's file.
    pub fn text(&self) -> String {
        match self {
            Self::Expression(text) | Self::Typed(text) => text.clone(),
            Self::Conversion { ty, value } => format!("{ty} <- {value}"),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A value, as a console prints it inside of an object.
    Value(String),
    /// An error.
    Fails,
}

/// Indented, as it stands in a topic's file.
impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fails => writeln!(out, "  ! fails"),
            Self::Value(text) => text.split('\n').try_for_each(|line| writeln!(out, "  = {line}")),
        }
    }
}

/// One of the programs.
#[derive(Clone, Debug)]
pub struct Side {
    program: PathBuf,
}

impl Side {
    /// The program under test.
    pub fn mesh() -> Self {
        Self { program: env!("CARGO_BIN_EXE_mesh").into() }
    }

    /// Terraform, where it is on PATH.
    pub fn terraform() -> Option<Self> {
        let side = Self { program: "terraform".into() };
        let version = side.version();
        (version.contains(" 1.11.")).then_some(side)
    }

    /// `terraform 1.11.4`; empty where there is no such program.
    pub fn version(&self) -> String {
        let output = Command::new(&self.program).arg("version").output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        text.lines().next().unwrap_or_default().replace(" v", " ").to_lowercase()
    }

    /// The outcome of each, in order.
    pub fn outcomes(&self, cases: &[Case]) -> Vec<Outcome> {
        let numbered: Vec<(usize, &Case)> = cases.iter().enumerate().collect();
        let mut outcomes = vec![Outcome::Fails; cases.len()];
        let (typed, others): (Vec<_>, Vec<_>) =
            numbered.into_iter().partition(|(_, case)| matches!(case, Case::Typed(_)));
        for (number, case) in typed {
            if let Some(text) = self.console("", &case.text()) {
                outcomes[number] = Outcome::Value(text);
            }
        }
        let possible: Vec<_> = self
            .values(&others, true)
            .into_iter()
            .filter(|(_, can)| can != "false")
            .map(|(number, _)| (number, &cases[number]))
            .collect();
        for (number, value) in self.values(&possible, false) {
            outcomes[number] = Outcome::Value(value);
        }
        outcomes
    }

    /// The values of those that are evaluated, or whether each can be.
    fn values(&self, cases: &[(usize, &Case)], can: bool) -> Vec<(usize, String)> {
        if cases.is_empty() {
            return Vec::new();
        }
        match self.console(&configuration(cases, can), "local.values") {
            Some(text) => entries(&text),
            None if cases.len() == 1 => Vec::new(),
            None => {
                let (left, right) = cases.split_at(cases.len() / 2);
                let mut values = self.values(left, can);
                values.extend(self.values(right, can));
                values
            }
        }
    }

    /// What the console answers to one input in a directory of its own; `None` where it fails.
    fn console(&self, configuration: &str, input: &str) -> Option<String> {
        let directory = tempfile::tempdir().unwrap();
        if !configuration.is_empty() {
            std::fs::write(directory.path().join("main.tf"), configuration).unwrap();
        }
        let mut child = Command::new(&self.program)
            .args(["console", "-no-color"])
            .current_dir(&directory)
            .env_remove("TF_CLI_CONFIG_FILE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // What ends before it reads its input says why.
        drop(child.stdin.take().unwrap().write_all(format!("{input}\n").as_bytes()));
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked at"), "{input}\n{configuration}\n{stderr}");
        let is_fine = output.status.success() && !stderr.contains("rror: ") && !stderr.contains("error[");
        is_fine.then(|| String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
    }
}

fn configuration(cases: &[(usize, &Case)], can: bool) -> String {
    let mut text = PRELUDE.to_owned();
    let mut values = String::new();
    for (number, case) in cases {
        let expression = match case {
            Case::Expression(text) | Case::Typed(text) => text.clone(),
            Case::Conversion { ty, value } => {
                text.push_str(&format!("variable \"v{number}\" {{\n  type    = {ty}\n  default = {value}\n}}\n"));
                format!("var.v{number}")
            }
        };
        let function = if can { "can" } else { "" };
        values.push_str(&format!("    \"case {number}\" = {function}(\n{expression}\n)\n"));
    }
    format!("{text}locals {{\n  values = {{\n{values}  }}\n}}\n")
}

/// The entries of a printed object, without its indentation.
fn entries(text: &str) -> Vec<(usize, String)> {
    let mut entries: Vec<(usize, String)> = Vec::new();
    for line in text.lines() {
        let start = line.strip_prefix("  \"case ").and_then(|rest| rest.split_once("\" = "));
        match (start.and_then(|(number, value)| Some((number.parse().ok()?, value))), entries.last_mut()) {
            (Some((number, value)), _) => entries.push((number, value.to_owned())),
            (None, Some((_, value))) if line != "}" => {
                value.push('\n');
                value.push_str(line.strip_prefix("  ").unwrap_or(line));
            }
            _ => {}
        }
    }
    entries
}
