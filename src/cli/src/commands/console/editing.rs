//! The console on a terminal: editing, history, completion of names.

use std::path::PathBuf;

use mesh_lang::functions;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::session::{Answer, Session};
use super::unfinished::is_unfinished;
use super::{HELP, show, show_type};
use crate::failure::{Exit, Failure};
use crate::terminal::Terminal;

/// Inputs kept in the history.
const MOST_HISTORY: usize = 1000;

/// Answers what someone types, until they leave. An error is shown, and the next input is asked for.
pub fn converse(session: &mut Session<'_>, names: Vec<String>, terminal: &Terminal) -> Result<Exit, Failure> {
    let failed = |error: ReadlineError| {
        Failure::of("terminal-failed", "Terminal can't be read", format!("Reading the terminal failed: {error}."))
    };
    let config = Config::builder().completion_type(CompletionType::List).auto_add_history(false);
    let config = config.max_history_size(MOST_HISTORY).map_err(failed)?.build();
    let mut editor: Editor<Prompt, FileHistory> = Editor::with_config(config).map_err(failed)?;
    let mut candidates = names;
    candidates.extend(functions::all().into_iter().map(|function| format!("{}(", function.name)));
    candidates.push("type(".to_owned());
    candidates.sort();
    candidates.dedup();
    editor.set_helper(Some(Prompt { candidates }));
    let history = history_file();
    if let Some(path) = &history {
        // Without a history the console works as well.
        drop(editor.load_history(path));
    }
    loop {
        let input = match editor.readline("> ") {
            Ok(input) => input,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(failed(error)),
        };
        match session.answer(&input) {
            Ok(Answer::Leave) => break,
            Ok(Answer::Nothing) => continue,
            Ok(Answer::Help) => terminal.print(HELP),
            Ok(Answer::Type(ty)) => show_type(&ty, terminal),
            Ok(Answer::Value(value)) => {
                show(&value, terminal);
                if !value.deep_marks().is_empty() {
                    continue;
                }
            }
            Err(failure) => terminal.failure(&failure),
        }
        if may_be_kept(&input) {
            drop(editor.add_history_entry(input));
        }
    }
    if let Some(path) = &history {
        drop(path.parent().map(std::fs::create_dir_all));
        drop(editor.save_history(path));
    }
    Ok(Exit::Done)
}

/// What may hold a secret is not kept: an input that starts with a space, as in a shell, or that marks something as
/// sensitive. What answers with a sensitive value isn't kept either.
fn may_be_kept(input: &str) -> bool {
    !input.starts_with(' ') && !input.contains("sensitive(")
}

/// `mesh/console_history` in the user's state directory, as the XDG base directories say.
fn history_file() -> Option<PathBuf> {
    let given = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let state = given.or_else(|| Some(std::env::home_dir()?.join(".local/state")))?;
    Some(state.join("mesh/console_history"))
}

/// What the editor asks while someone types.
struct Prompt {
    /// Everything that a name can be completed to, sorted.
    candidates: Vec<String>,
}

/// The start of the name that ends at `position`.
fn word_start(line: &str, position: usize) -> usize {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':');
    let before = line.get(..position).unwrap_or_default();
    before
        .rfind(|character| !is_part(character))
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let start = word_start(line, position);
        let word = line.get(start..position).unwrap_or_default();
        let matching = self.candidates.iter().filter(|candidate| candidate.starts_with(word));
        let pairs = matching.map(|name| Pair { display: name.clone(), replacement: name.clone() }).collect();
        Ok((start, pairs))
    }
}

impl Validator for Prompt {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let is_unfinished = is_unfinished(context.input());
        Ok(if is_unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Hinter for Prompt {
    type Hint = String;
}

impl Highlighter for Prompt {}

impl Helper for Prompt {}

#[cfg(test)]
mod tests {
    use super::{may_be_kept, word_start};

    #[test]
    fn a_name_starts_after_what_is_no_name() {
        assert_eq!([word_start("length(var.zo", 13), word_start("é + lo", 7), word_start("", 0)], [7, 5, 0]);
    }

    #[test]
    fn what_may_be_secret_is_not_kept() {
        assert!(may_be_kept("var.zones"));
        assert!(!may_be_kept(" \"hunter2\"") && !may_be_kept("sensitive(\"hunter2\")"));
    }
}
