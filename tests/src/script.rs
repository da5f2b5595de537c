//! Scripts in, transcripts out: a case is a directory with a configuration, a `script.txt`, and the `transcript.txt`
//! of what is said when the script is played.
//!
//! A line `$ COMMAND` is run by the shell; a line `? CODE` after it is the exit code that it must end with, 0 without
//! such a line; `# TEXT` explains; empty lines part. In the transcript a command's standard output stands as it is, and
//! each line of its standard error after `! `.

use std::fmt::Write;
use std::path::Path;

use crate::leftover::processes_in;
use crate::sandbox::Sandbox;

/// One line of a script.
enum Line<'a> {
    Text(&'a str),
    Command { text: &'a str, code: i32 },
}

/// Plays the case in a directory and compares with its transcript, or writes that anew where `BLESS` is set.
///
/// # Errors
/// What is wrong: an exit code, a process left behind, or the first lines that differ.
pub fn check(binary: &str, case: &Path) -> Result<(), String> {
    let mut sandbox = Sandbox::new(binary);
    sandbox.stage(case);
    for name in ["script.txt", "transcript.txt"] {
        let _ = std::fs::remove_file(sandbox.path().join(name));
    }
    play(&sandbox, case)
}

/// Plays the script in a directory where the sandbox stands, and compares with the transcript beside it.
///
/// # Errors
/// As [`check`].
pub fn play(sandbox: &Sandbox, case: &Path) -> Result<(), String> {
    let script = read(&case.join("script.txt"))?;
    let transcript = run_script(sandbox, &script)?;
    let left = processes_in(sandbox.path());
    if !left.is_empty() {
        return Err(format!("left running: {left:?}\n\n{transcript}"));
    }
    let golden = case.join("transcript.txt");
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(&golden, transcript).map_err(|error| format!("{}: {error}", golden.display()));
    }
    let expected = read(&golden)?;
    if expected == transcript { Ok(()) } else { Err(difference(&expected, &transcript)) }
}

/// Plays a script and answers with its transcript.
///
/// # Errors
/// The transcript so far, where a command ends with another code than it should.
fn run_script(sandbox: &Sandbox, script: &str) -> Result<String, String> {
    let mut transcript = String::new();
    for line in lines(script)? {
        match line {
            Line::Text(text) => {
                let _ = writeln!(transcript, "{text}");
            }
            Line::Command { text, code } => {
                let ended = sandbox.shell(&sandbox.with_real_names(text));
                let _ = writeln!(transcript, "$ {text}");
                let out = sandbox.normalise(&ended.out);
                let err = sandbox.normalise(&ended.err);
                transcript.push_str(&out);
                if !out.is_empty() && !out.ends_with('\n') {
                    transcript.push_str("[no newline]\n");
                }
                for line in err.lines() {
                    let _ = writeln!(transcript, "{}", format!("! {line}").trim_end());
                }
                if ended.code != 0 {
                    let _ = writeln!(transcript, "? {}", ended.code);
                }
                if ended.code != code {
                    return Err(format!("`{text}` ended with {} instead of {code}:\n\n{transcript}", ended.code));
                }
            }
        }
    }
    Ok(transcript)
}

fn lines(script: &str) -> Result<Vec<Line<'_>>, String> {
    let mut lines = Vec::new();
    for text in script.lines() {
        if let Some(text) = text.strip_prefix("$ ") {
            lines.push(Line::Command { text, code: 0 });
        } else if let Some(number) = text.strip_prefix("? ") {
            match (lines.last_mut(), number.trim().parse()) {
                (Some(Line::Command { code, .. }), Ok(number)) => *code = number,
                _ => return Err(format!("`{text}` does not follow a command")),
            }
        } else if text.is_empty() || text.starts_with('#') {
            lines.push(Line::Text(text));
        } else {
            return Err(format!("`{text}` is neither a command (`$ `), nor an exit code (`? `), nor a comment (`# `)"));
        }
    }
    Ok(lines)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn difference(expected: &str, found: &str) -> String {
    let same = expected.lines().zip(found.lines()).take_while(|(left, right)| left == right).count();
    let part = |text: &str| {
        let lines: Vec<&str> = text.lines().skip(same.saturating_sub(3)).take(20).collect();
        lines.join("\n")
    };
    format!(
        "the transcript differs from line {}:\n--- expected\n{}\n--- found\n{}\n(BLESS=1 writes it anew)",
        same + 1,
        part(expected),
        part(found)
    )
}
