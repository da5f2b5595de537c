//! Credentials for AWS are nowhere: in no output, no error, no plan file, no state, however they are given.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::path::{Path, PathBuf};
use std::process::Stdio;

use mesh_tests::emulator::{Emulator, Fault, Faults};
use mesh_tests::{Ended, Sandbox};

/// What is looked for everywhere.
const MARK: &str = "M4RKED";

const KEY: &str = "AKIAM4RKEDKEYID00000";
const SECRET: &str = "M4RKED/secret+access/key";
const TOKEN: &str = "M4RKED-session-token";
const EXTERNAL_ID: &str = "M4RKED-external-id";

/// A JSON Web Token, as a pipeline hands one out; in the part that anyone can read too.
const IDENTITY: &str = "eyJhbGciOiJSUzI1NiJ9.M4RKEDeyJzdWIiOiJwaXBlbGluZSJ9.M4RKED";

const VARIABLES: &str = r#"
variable "key"      { default = null }
variable "secret"   { default = null }
variable "token"    { default = null }
variable "external" { default = null }
variable "identity" { default = null }
variable "team"     { default = "orders" }

resource "aws_s3_bucket" "landing" {
  bucket = "mesh-landing"
  tags   = { team = var.team }
}

data "aws_caller_identity" "me" {}

output "account" {
  value = data.aws_caller_identity.me.account_id
}
"#;

/// A way to give credentials: arguments of the provider block, variables, the environment.
struct Way {
    name: &'static str,
    block: &'static str,
    variables: &'static [(&'static str, &'static str)],
    environment: &'static [(&'static str, &'static str)],
}

const WAYS: &[Way] = &[
    Way {
        name: "keys in the provider block",
        block: "access_key = var.key\n  secret_key = var.secret\n  token = var.token",
        variables: &[("key", KEY), ("secret", SECRET), ("token", TOKEN)],
        environment: &[],
    },
    Way {
        name: "keys in the environment",
        block: "",
        variables: &[],
        environment: &[("AWS_ACCESS_KEY_ID", KEY), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_SESSION_TOKEN", TOKEN)],
    },
    Way {
        name: "a role with an external id",
        block: "access_key = var.key\n  secret_key = var.secret\n  assume_role {\n    role_arn = \
                \"arn:aws:iam::123456789012:role/deploy\"\n    external_id = var.external\n  }",
        variables: &[("key", KEY), ("secret", SECRET), ("external", EXTERNAL_ID)],
        environment: &[],
    },
    Way {
        name: "a role by an identity token",
        block: "assume_role_with_web_identity {\n    role_arn = \"arn:aws:iam::123456789012:role/deploy\"\n    \
                web_identity_token = var.identity\n  }",
        variables: &[("identity", IDENTITY)],
        environment: &[],
    },
    Way {
        name: "a role by an identity token in a file",
        block: "assume_role_with_web_identity {\n    role_arn = \"arn:aws:iam::123456789012:role/deploy\"\n    \
                web_identity_token_file = \"../identity-token\"\n  }",
        variables: &[],
        environment: &[],
    },
];

#[test]
fn credentials_are_nowhere() {
    let emulator = Emulator::moto().lease();
    let faults = Faults::before(&emulator);
    for way in WAYS {
        emulator.reset();
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
        // Beside the project, so that the project's files can be searched.
        sandbox.write("identity-token", IDENTITY);
        let project = Project { sandbox: &sandbox, way };
        project.write(faults.endpoint());
        faults.set("$^", Fault::Html, 0);
        project.run("plan --out p.meshplan", 0);
        for form in ["", "--json", "--markdown"] {
            project.run(&format!("show p.meshplan {form}"), 0);
        }
        project.run("apply p.meshplan", 0);
        project.run("apply --auto-approve --json --var team=customers", 0);
        project.run("why aws_s3_bucket.landing", 0);
        for command in ["show", "show --json", "state pull", "state history", "output --json"] {
            project.run(command, 0);
        }
        project.run("state show aws_s3_bucket.landing", 0);
        // Errors of every kind: a refusal without a reason, one that throttles, connections that break.
        for fault in [Fault::Html, Fault::Throttled, Fault::Dropped] {
            faults.set(".", fault, 1000);
            project.run("plan", 1);
            project.run("plan --json", 1);
            project.run("apply --auto-approve --var team=stock", 1);
        }
        faults.set("PUT /mesh-landing", Fault::Html, 1000);
        project.run("apply --auto-approve --var team=stock", 1);
        project.write("http://127.0.0.1:1");
        project.run("plan", 1);
        project.write(faults.endpoint());
        faults.set("$^", Fault::Html, 0);
        project.run("destroy --auto-approve --json", 0);
    }
}

struct Project<'a> {
    sandbox: &'a Sandbox,
    way: &'a Way,
}

impl Project<'_> {
    fn write(&self, endpoint: &str) {
        let block = self.way.block;
        let provider = format!(
            "provider \"aws\" {{\n  region = \"us-east-1\"\n  endpoint_url = \"{endpoint}\"\n  s3_use_path_style = true\n  \
             max_retries = 2\n  {block}\n}}\n"
        );
        self.sandbox.write("project/main.mesh.hcl", &format!("{provider}{VARIABLES}"));
    }

    /// Runs `mesh` in the project and looks for what is marked in all that it says and leaves.
    fn run(&self, arguments: &str, code: i32) {
        let mut command = self.sandbox.command("mesh");
        command.args(arguments.split_whitespace());
        if !arguments.starts_with("show") && !arguments.starts_with("state") && !arguments.starts_with("output") {
            for (name, value) in self.way.variables {
                if !arguments.starts_with("apply p.meshplan") {
                    command.arg("--var").arg(format!("{name}={value}"));
                }
            }
        }
        let command = command
            .current_dir(self.sandbox.path().join("project"))
            .envs([("AWS_EC2_METADATA_DISABLED", "true"), ("RUST_LOG", "trace"), ("RUST_BACKTRACE", "1")])
            .envs(self.way.environment.iter().copied())
            .stdin(Stdio::null());
        let ended: Ended = command.output().unwrap().into();
        let Ended { out, err, .. } = &ended;
        let name = self.way.name;
        assert_eq!(ended.code, code, "{name}: mesh {arguments}\n{out}\n{err}");
        for (stream, text) in [("standard output", out), ("standard error", err)] {
            assert!(!text.contains(MARK), "{name}: {stream} of mesh {arguments} shows credentials:\n{text}");
        }
        for file in files(&self.sandbox.path().join("project")) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let shows = bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes());
            assert!(!shows, "{name}: after mesh {arguments}, {} holds credentials", file.display());
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
