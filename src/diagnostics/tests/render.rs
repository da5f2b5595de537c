//! Renders each case under `tests/cases` as a person and a program would see it, and compares with the text beside it.
//!
//! `NAME.json` holds source files and diagnostics; `NAME.txt` what comes out at two widths, in colour (escape codes
//! shown as `\e`) and as JSON. `BLESS=1` writes the `.txt` files anew; adding a case is adding a `.json` file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a case that can't be read fails its test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mesh_diagnostics::render::{self, Style};
use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    files: BTreeMap<String, Vec<Part>>,
    diagnostics: Vec<Described>,
}

/// A piece of a file: a line (gets a line break), exact text, or a repetition.
#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Line(String),
    Exact { exact: String },
    Repeat { repeat: String, times: usize },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    #[serde(default)]
    warning: bool,
    code: String,
    summary: String,
    detail: String,
    subject: Option<Place>,
    context: Option<Place>,
    #[serde(default)]
    related: Vec<(String, Place)>,
    address: Option<String>,
    #[serde(default)]
    values: Vec<(String, String)>,
    #[serde(default)]
    hints: Vec<String>,
}

/// Where: the first occurrence of a text (up to the end of another), or bare bytes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Place {
    Text { file: String, find: String, through: Option<String> },
    Bytes { file: String, bytes: (usize, usize) },
}

impl Place {
    fn span(&self, sources: &SourceMap) -> Span {
        // A file that isn't there stands for a span of another map.
        let find = |file: &str| sources.find(Path::new(file)).unwrap_or(FileId(u32::MAX));
        match self {
            Self::Bytes { file, bytes } => Span::new(find(file), bytes.0, bytes.1),
            Self::Text { file, find: wanted, through } => {
                let text = &sources.get(find(file)).unwrap().text;
                let start = text.find(wanted).unwrap_or_else(|| panic!("{wanted} is not in {file}"));
                let end = through.as_ref().map_or(start + wanted.len(), |through| {
                    start + text[start..].find(through).unwrap() + through.len()
                });
                Span::new(find(file), start, end)
            }
        }
    }
}

impl Case {
    fn build(self) -> (Diagnostics, SourceMap) {
        let mut sources = SourceMap::default();
        for (path, parts) in self.files {
            let text: String = parts
                .into_iter()
                .map(|part| match part {
                    Part::Line(line) => line + "\n",
                    Part::Exact { exact } => exact,
                    Part::Repeat { repeat, times } => repeat.repeat(times),
                })
                .collect();
            sources.add(path, text);
        }
        let diagnostics = self.diagnostics.into_iter().map(|described| described.build(&sources)).collect();
        (diagnostics, sources)
    }
}

impl Described {
    fn build(self, sources: &SourceMap) -> Diagnostic {
        let new = if self.warning { Diagnostic::warning } else { Diagnostic::error };
        let mut diagnostic = new(self.code.leak(), self.summary.leak(), self.detail);
        diagnostic.subject = self.subject.map(|place| place.span(sources));
        diagnostic.context = self.context.map(|place| place.span(sources));
        for (label, place) in self.related {
            diagnostic = diagnostic.elsewhere(label.leak(), place.span(sources));
        }
        diagnostic.address = self.address;
        diagnostic.values = self.values;
        diagnostic.hints = self.hints;
        diagnostic
    }
}

/// Everything that is made of a case, one under the other.
fn rendered(case: &str) -> String {
    let (diagnostics, sources) = serde_json::from_str::<Case>(case).unwrap().build();
    let text = |width, color| render::text(&diagnostics, &sources, Style { color, width });
    let narrow = text(80, false);
    let coloured = text(80, true);
    assert_eq!(without_colour(&coloured), narrow, "colour changes nothing but the colour");
    for character in narrow.chars().chain(text(160, false).chars()) {
        assert!(character == '\n' || !character.is_control(), "a control character got through: {character:?}");
    }
    format!(
        "==== width 80 ====\n{narrow}\n{summary}\n\n==== width 160 ====\n{wide}\n==== colour ====\n{coloured}\n==== json ====\n{json}\n",
        summary = render::summary(&diagnostics),
        wide = text(160, false),
        coloured = coloured.replace('\u{1b}', "\\e"),
        json = readable(&serde_json::to_string_pretty(&render::json(&diagnostics, &sources)).unwrap()),
    )
}

/// JSON with the characters escaped that an editor doesn't show, or that reorder a line.
fn readable(json: &str) -> String {
    let mut out = String::new();
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {
                out += &format!("\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

fn without_colour(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once('m').unwrap().1)
}

#[test]
fn cases_render_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut differing = Vec::new();
    for case in cases {
        let actual = rendered(&fs::read_to_string(&case).unwrap());
        let golden = case.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, actual).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
            differing.push(format!("{}\n{actual}", golden.display()));
        }
    }
    assert!(differing.is_empty(), "differ from what is recorded (BLESS=1 rewrites):\n{}", differing.join("\n"));
}

#[test]
fn any_span_over_any_text_renders() {
    let texts = [
        "",
        "\n",
        "a",
        "é\r\n\r\n",
        "\u{1b}[2J\u{202e}x\t\0\n",
        "日本\n\n語",
        "\r\r\n\r",
        "e\u{301}\u{200d}👩‍👩‍👧\n{\n}\n",
    ];
    for text in texts {
        let mut sources = SourceMap::default();
        let file = sources.add("a\u{1b}.hcl", text);
        let edges: Vec<usize> = (0..=text.len() + 2).chain([usize::MAX]).collect();
        for (start, end) in edges.iter().flat_map(|start| edges.iter().map(move |end| (*start, *end))) {
            let subject = Span { file, start: clamped(start), end: clamped(end) };
            for context in [None, Some(Span::new(file, 0, end)), Some(Span::new(FileId(7), start, end))] {
                let mut diagnostic = Diagnostic::error("some-code", "Something", "It is so.").at(subject);
                diagnostic.context = context;
                let diagnostics = Diagnostics::from(diagnostic);
                for width in [0, 80, usize::MAX] {
                    let text = render::text(&diagnostics, &sources, Style { color: false, width });
                    assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
                }
                assert_eq!(render::json(&diagnostics, &sources)["error_count"], 1);
            }
        }
    }
}

fn clamped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[test]
fn huge_files_and_ranges_render_shortly() {
    let mut sources = SourceMap::default();
    let file = sources.add("a.hcl", "line = \"é\"\n".repeat(50_000));
    let length = sources.get(file).unwrap().text.len();
    let subjects = [Span::new(file, length - 12, length - 11), Span::new(file, 5, length)];
    for subject in subjects {
        let diagnostic = Diagnostic::error("some-code", "Something", "It is so.").at(subject);
        let diagnostics = Diagnostics::from(diagnostic.within(Span::new(file, 0, length)));
        let text = render::text(&diagnostics, &sources, Style { color: false, width: 80 });
        assert!(text.lines().count() < 16, "{text}");
        let json = render::json(&diagnostics, &sources).to_string();
        assert!(json.len() < 20_000, "{}", json.len());
    }
}

#[test]
fn order_and_repetition_do_not_depend_on_how_they_were_found() {
    let mut sources = SourceMap::default();
    let file = sources.add("a.hcl", "a = b\nc = d\n");
    let found = [
        Diagnostic::error("later", "Later", "").at(Span::new(file, 6, 7)),
        Diagnostic::warning("same-place", "Same place", "").at(Span::new(file, 0, 1)),
        Diagnostic::error("same-place", "Same place", "").at(Span::new(file, 0, 1)),
        Diagnostic::error("no-place", "No place", "").about("b"),
        Diagnostic::error("no-place", "No place", "").about("a"),
        Diagnostic::error("later", "Later", "").at(Span::new(file, 6, 7)),
    ];
    let forward: Diagnostics = found.iter().cloned().collect();
    let backward: Diagnostics = found.iter().rev().cloned().collect();
    let style = Style { color: false, width: 80 };
    assert_eq!(render::text(&forward, &sources, style), render::text(&backward, &sources, style));
    assert_eq!(render::json(&forward, &sources), render::json(&backward, &sources));
    assert_eq!(render::summary(&forward), "4 errors, 1 warning");
    assert_eq!(render::summary(&Diagnostics::default()), "no problems");
    assert_eq!(render::text(&Diagnostics::default(), &sources, style), "");
}
