//! Takes out of a text what differs from run to run: places, times, durations, ids, process numbers, people.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// What stands for a test's directory: as long as the real one.
pub const DIRECTORY: &str = "/tmp/mesh-directory";

/// What is replaced by what. Where it can be, by something of the same length, so that columns stay aligned.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        (r"\b[0-9a-f]{32}\b", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        (r"\((deposed|deposed object) [0-9a-f]{8}\)", "(${1} xxxxxxxx)"),
        (r"\b(key|is) [0-9a-f]{16}\b", "${1} xxxxxxxxxxxxxxxx"),
        (r#"("sealed_with":) "[0-9a-f]{16}""#, "${1} \"xxxxxxxxxxxxxxxx\""),
        (r#"("\$sensitive":) "[^"]*""#, "${1} \"...\""),
        (r"\bj-[0-9A-Z]{10,14}\b", "j-XXXXXXXXXXXXX"),
        (r"\bA(ROA|IPA|NPA)[0-9A-Z]{16,17}\b", "A${1}XXXXXXXXXXXXXXXXX"),
        (r"\b20\d\d-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01${1}00:00:00Z"),
        (r"\b\d+\.\d+s\b", "0.0s"),
        (r" (in|after) (\d+m ?)?\d+(ms|s|\.\ds)\b", " ${1} 0.0s"),
        (r#"("seconds":) ?\d+(\.\d+)?(e-\d+)?"#, "${1}0.0"),
        (r"\bafter \d+ ms\b", "after 0 ms"),
        (r"\b(process|pid) \d+", "${1} 4711"),
        (r"(pid +=) \d+", "${1} 4711"),
        (r#"("pid":) ?\d+"#, "${1}4711"),
        (r"\bWHO {2,}", "WHO      "),
        (r"(duration_ms +=) \d+", "${1} 1"),
        (r#"("duration_ms":) ?\d+"#, "${1}1"),
        (
            r"(?m)^\d+ prices? (?:is|are) older than 180 days:[^:]*?\.\n",
            "[prices that are older than 180 days today]\n",
        ),
    ];
    rules.into_iter().filter_map(|(pattern, text)| Some((Regex::new(pattern).ok()?, text))).collect()
});

/// A person on this machine, as locks and histories name them, with the space to the next column.
static PERSON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Regex::new(&format!(r"[\w.-]+@{}(?<gap> {{2,}})?", regex::escape(host.trim()))).ok()
});

/// The text without what differs from run to run.
#[must_use]
pub fn normalise(text: &str, sandbox: &Path) -> String {
    let mut text = text.replace(&sandbox.display().to_string(), DIRECTORY);
    for (pattern, replacement) in RULES.iter() {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    let Some(person) = PERSON.as_ref() else { return text };
    let named = |found: &regex::Captures<'_>| if found.name("gap").is_some() { "me@here  " } else { "me@here" };
    person.replace_all(&text, named).into_owned()
}
