//! `data.local_command`: what a program answers.

mod run;

use std::collections::BTreeMap;
use std::time::Duration;

use mesh_provider::{Block, Computed, DataSourceType, Failure, ProviderDiagnostic, blocking};
use mesh_value::{AttributePath, Value, decode_json, encode_json};

use crate::provider::Local;
use run::{Command, Ended};

/// The longest time limit that may be set, in seconds.
const LONGEST: u64 = 24 * 60 * 60;

/// The JSON object that a program prints.
///
/// The program runs at each plan, so it must not change anything. It is started without a shell. It ends with status 0
/// and prints one JSON object on its standard output; anything else is an error, which shows the end of its standard
/// error.
#[derive(Block, Clone, Debug, PartialEq)]
pub struct LocalCommand {
    /// The program, then its arguments. A program without `/` in its name is looked up in `PATH`.
    pub command: Vec<String>,
    /// What the program reads as JSON on its standard input: any value. An empty object where it is left out.
    pub input: Option<Value>,
    /// The directory that it runs in. A relative path starts at the provider's `base_dir`, which it is where it is
    /// left out.
    pub working_dir: Option<String>,
    /// Environment variables that it gets beside those of mesh itself.
    pub env: Option<BTreeMap<String, String>>,
    /// How long it may run, in seconds.
    #[mesh(default = 60)]
    pub timeout: u64,
    /// The object that it printed.
    pub result: Computed<Value>,
}

/// The data source `local_command`.
pub(crate) struct CommandType;

impl DataSourceType for CommandType {
    const NAME: &'static str = "local_command";
    /// Longer than any time limit that can be set.
    const TIME_LIMIT: Duration = Duration::from_secs(LONGEST + 60);
    type Model = LocalCommand;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = Vec::new();
        if config.get("command").and_then(Value::as_slice).is_some_and(<[Value]>::is_empty) {
            let detail = "`command` is empty. Its first element is the program to run.";
            problems.push(ProviderDiagnostic::error("No command", detail).at(AttributePath::attr("command")));
        }
        let seconds = config.get("timeout").and_then(Value::as_number).map(mesh_value::Number::to_u64);
        if seconds.is_some_and(|seconds| !seconds.is_some_and(|seconds| (1..=LONGEST).contains(&seconds))) {
            let detail = format!("`timeout` is a whole number of seconds from 1 to {LONGEST}.");
            problems.push(ProviderDiagnostic::error("Invalid time limit", detail).at(AttributePath::attr("timeout")));
        }
        problems
    }

    async fn read(local: &Local, config: LocalCommand) -> Result<LocalCommand, Failure> {
        let directory = match &config.working_dir {
            Some(path) => local.resolve("working_dir", path)?,
            None => local.base_dir().to_path_buf(),
        };
        let input = config.input.as_ref().map_or_else(|| Ok("{}".to_owned()), encode_json);
        let input = input.map_err(|error| Failure::new("Invalid input", format!("`input`: {error}.")))?;
        let command = Command {
            line: config.command.clone(),
            directory,
            env: config.env.clone().unwrap_or_default(),
            input,
            limit: Duration::from_secs(config.timeout.clamp(1, LONGEST)),
        };
        let result = blocking(move || {
            let ended = command.run()?;
            answer(&command, &ended)
        })
        .await?;
        Ok(LocalCommand { result: Computed::Known(result), ..config })
    }
}

/// The object that the program printed.
fn answer(command: &Command, ended: &Ended) -> Result<Value, Failure> {
    let fail = |summary: &str, why: String| {
        let said = ended.last_words();
        let said = if said.is_empty() {
            "It wrote nothing to its standard error.".to_owned()
        } else {
            format!("The end of its standard error:\n{said}")
        };
        let detail = format!("{command} {why}. {said}");
        Err(Failure::new(summary, detail).at(&AttributePath::attr("command")))
    };
    if !ended.status.success() {
        return fail("Command failed", format!("ended with {}", ended.status));
    }
    let Ok(text) = std::str::from_utf8(&ended.output) else {
        return fail("Command's output can't be understood", "printed bytes that are not UTF-8 text".to_owned());
    };
    match decode_json(text) {
        Ok(value) if value.as_entries().is_some() => Ok(value),
        Ok(value) => {
            let why = format!("must print one JSON object, but printed a {}", value.describe());
            fail("Command's output can't be understood", why)
        }
        Err(error) => fail("Command's output can't be understood", format!("must print one JSON object, but: {error}")),
    }
}
