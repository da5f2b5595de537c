//! The words of errors in JSON.

use mesh_diagnostics::{Diagnostic, Span, nearest};

use super::super::parser::{MAX_DEPTH, MAX_PROBLEMS};
use super::parser::Parser;
use super::tree::{Node, Text};

impl Parser<'_> {
    pub(super) fn report_empty(&mut self, at: Span) {
        let detail = "A configuration file in JSON holds an object, but this one is empty.";
        self.report(
            Diagnostic::error("json-empty", "Empty JSON file", detail).at(at.at_start()).hint("Write at least `{}`."),
        );
    }

    pub(super) fn report_native(&mut self, at: Span) {
        let detail = "This file is named as JSON, but starts with a name without quotes, as native syntax does.";
        self.report(Diagnostic::error("json-native-syntax", "No JSON", detail).at(at).hint(
            "Take `.json` off the file's name (`.tf`, `.mesh.hcl`), or write an object: `{ \"resource\": { … } }`.",
        ));
    }

    pub(super) fn report_after_end(&mut self, root: &Node) {
        let last = self.source.floor_char_boundary(root.span.end.saturating_sub(1) as usize);
        let at = self.here(1);
        let found = self.found();
        let detail = format!("The JSON value that starts this file ends before this, but here {found} follows.");
        let problem = Diagnostic::error("json-after-end", "Text after the end of the JSON value", detail).at(at);
        let problem = problem.elsewhere("This ends the value", Span { start: last as u32, ..root.span });
        self.report(match self.byte() {
            b'}' | b']' => problem.hint("Remove this bracket, or the one before it that is too many."),
            b',' => problem.hint("Several objects of a file stand in one list: `[{ … }, { … }]`."),
            _ => problem.hint("A file holds one value: move this inside of its brackets, or remove it."),
        });
    }

    pub(super) fn report_comment(&mut self, at: Span) {
        let detail = "JSON has no comments.";
        self.report(
            Diagnostic::error("json-comment", "Comment in JSON", detail)
                .at(at)
                .hint("Write it as a property named `//`, which is ignored in blocks: `\"//\": \"text\"`."),
        );
    }

    pub(super) fn report_unclosed_text(&mut self, open: usize) {
        let line = self.source[open..self.position].to_owned();
        self.excused = true;
        self.swallowed |= line.contains(['}', ']']);
        let at = Span::new(self.file, open, open + 1);
        let context = Span::new(self.file, open, self.position);
        let detail = "This string is never closed: a `\"` is missing on its line.";
        self.report(
            Diagnostic::error("json-unclosed-string", "Unclosed string", detail)
                .at(at)
                .within(context)
                .hint("Write `\\n` for a line break and `\\\"` for a quote inside of a string."),
        );
    }

    pub(super) fn report_unclosed_name(&mut self, name: &Text) {
        let text = name.value.trim_end().trim_end_matches(':');
        let detail = format!("The name `{text}` has no quote at its end, so that it goes on up to the next one.");
        self.report(
            Diagnostic::error("json-unclosed-string", "Unclosed string", detail)
                .at(name.span)
                .hint(format!("Write `\"{text}\": …`.")),
        );
    }

    pub(super) fn report_control_character(&mut self) {
        let at = self.here(1);
        let code = self.byte();
        let detail = format!("The control character U+{code:04X} can't stand in a string as it is.");
        let hint = if code == b'\t' { "Write `\\t` for a tab.".to_owned() } else { format!("Write `\\u{code:04x}`.") };
        self.report(
            Diagnostic::error("json-control-character", "Control character in a string", detail).at(at).hint(hint),
        );
    }

    pub(super) fn report_unknown_escape(&mut self, start: usize) {
        let at = Span::new(self.file, start, self.position);
        let escape = &self.source[start..self.position];
        let detail = format!(
            "`{escape}` has no meaning in a JSON string; there are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\uXXXX`."
        );
        self.report(
            Diagnostic::error("json-unknown-escape", "Unknown escape sequence", detail)
                .at(at)
                .hint(format!("Write `\\{escape}` for a literal backslash.")),
        );
    }

    pub(super) fn report_unicode_escape(&mut self, start: usize) {
        let at = Span::new(self.file, start, self.position);
        let detail = format!("`{}` is not the number of a character.", &self.source[start..self.position]);
        self.report(
            Diagnostic::error("json-unicode-escape", "Invalid Unicode escape", detail)
                .at(at)
                .hint("`\\u` is followed by four hexadecimal digits; a character beyond U+FFFF is written as a pair of surrogates, or as itself."),
        );
    }

    pub(super) fn report_number(&mut self, span: Span, why: &str) {
        let text = &self.source[span.start as usize..span.end as usize];
        let problem =
            Diagnostic::error("json-number", "Invalid number", format!("`{text}` is not a number of JSON: {why}."))
                .at(span);
        self.report(if text.trim_start_matches(['+', '0']).bytes().all(|byte| byte.is_ascii_digit()) {
            let plain = text.trim_start_matches(['+', '0']);
            problem.hint(format!("Write `{}`, or a string: \"{text}\".", if plain.is_empty() { "0" } else { plain }))
        } else if text.starts_with('.') && text[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            problem.hint(format!("Write `0{text}`."))
        } else {
            problem.hint(format!("Write a string if that is what you mean: \"{text}\"."))
        });
    }

    pub(super) fn report_word(&mut self, span: Span) {
        let text = &self.source[span.start as usize..span.end as usize];
        let problem = |detail: String| Diagnostic::error("json-word", "Text without quotes", detail).at(span);
        let problem = match text {
            "True" | "TRUE" | "False" | "FALSE" => problem(format!("`{text}` is not a word of JSON."))
                .hint(format!("Write `{}`, in lower case.", text.to_lowercase())),
            "None" | "nil" | "NULL" | "Null" | "undefined" => {
                problem(format!("`{text}` is not a word of JSON.")).hint("Write `null`.")
            }
            "NaN" | "Infinity" => problem(format!("`{text}` is not a number that JSON has."))
                .hint("Numbers are finite; write another value."),
            _ if text.starts_with(|first: char| first.is_alphabetic() || first == '_') => {
                let meant = nearest(text, ["true", "false", "null"]);
                let is_expression = text.contains(['.', '(', '[']);
                problem(format!("A value of JSON starts with a quote, a digit or a bracket, but here is `{text}`."))
                    .hint(if let Some(meant) = meant {
                        format!("Did you mean `{meant}`?")
                    } else if is_expression {
                        format!("Expressions stand inside of strings: \"${{{}}}\".", text.replace('"', "\\\""))
                    } else {
                        format!("Write it in quotes: \"{text}\".")
                    })
            }
            _ => {
                let found = self.found_at(span);
                Diagnostic::error(
                    "json-unexpected",
                    "Unexpected text in JSON",
                    format!("A value belongs here, but there is {found}."),
                )
                .at(span)
                .hint("Values are strings, numbers, `true`, `false`, `null`, lists in `[ ]` and objects in `{ }`.")
            }
        };
        self.report(problem);
    }

    /// A string in single quotes, which is reported, and taken as what it was meant to be.
    pub(super) fn single_quoted(&mut self) -> Text {
        let start = self.position;
        let rest = &self.source[start + 1..];
        let line = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        let value = &line[..line.find('\'').unwrap_or(line.len())];
        self.position = (start + 2 + value.len()).min(start + 1 + line.len());
        let span = Span::new(self.file, start, self.position);
        let detail = "Strings of JSON are written in double quotes; these are single ones.";
        self.report(
            Diagnostic::error("json-single-quotes", "String in single quotes", detail)
                .at(span)
                .hint(format!("Write \"{}\".", value.replace('"', "\\\""))),
        );
        Text { value: value.into(), span, steps: vec![(0, span.start + 1)] }
    }

    pub(super) fn report_unquoted_name(&mut self, span: Span) {
        let text = &self.source[span.start as usize..span.end as usize];
        let detail = format!("Names of properties stand in quotes, but `{text}` has none.");
        self.report(
            Diagnostic::error("json-unquoted-name", "Name without quotes", detail)
                .at(span)
                .hint(format!("Write `\"{text}\": …`. Blocks as in `resource \"type\" \"name\" {{ }}` belong into files that don't end in `.json`.")),
        );
    }

    pub(super) fn report_no_name(&mut self) {
        let found = self.found();
        let detail = format!("A property of an object starts with its name in quotes, but here is {found}.");
        let problem = Diagnostic::error("json-name-expected", "Name expected", detail).at(self.here(1));
        self.report(match self.byte() {
            b',' => problem.hint("Remove this comma."),
            _ => problem.hint("Write `\"name\": value`; values without names stand in lists: `[ ]`."),
        });
    }

    pub(super) fn report_equals(&mut self, name: &Text) {
        let detail = "In JSON a name and its value are separated by `:`.";
        self.report(
            Diagnostic::error("json-missing-colon", "Missing colon", detail)
                .at(self.here(1))
                .within(name.span)
                .hint("Write `:` in its place."),
        );
    }

    pub(super) fn report_missing_colon(&mut self, name: &Text) {
        let text = &name.value;
        let detail = format!("The name `{text}` is followed by a value without a `:` between them.");
        self.report(
            Diagnostic::error("json-missing-colon", "Missing colon", detail)
                .at(name.span)
                .hint(format!("Write `\"{text}\": …`.")),
        );
    }

    pub(super) fn report_missing_value(&mut self, name: &Text) {
        let text = &name.value;
        let detail = format!("The name `{text}` has no value.");
        self.report(
            Diagnostic::error("json-missing-value", "Missing value", detail)
                .at(name.span)
                .hint(format!("Write `\"{text}\": …`; `null` stands for no value.")),
        );
    }

    pub(super) fn report_missing_comma(&mut self, end: Span) {
        let next = self.here(1);
        let detail =
            format!("What stands in an object or list is separated by commas, but here {} follows.", self.found());
        self.report(
            Diagnostic::error("json-missing-comma", "Missing comma", detail)
                .at(end)
                .within(end.to(next))
                .hint("Write `,` behind this."),
        );
    }

    pub(super) fn report_extra_comma(&mut self) {
        let at = self.here(1);
        self.report(
            Diagnostic::error("json-extra-comma", "Comma without a value", "Before this comma a value is missing.")
                .at(at)
                .hint("Remove it."),
        );
    }

    pub(super) fn report_trailing_comma(&mut self, comma: Span) {
        let detail = "JSON allows no comma behind the last element.";
        self.report(Diagnostic::error("json-trailing-comma", "Trailing comma", detail).at(comma).hint("Remove it."));
    }

    pub(super) fn report_unexpected(&mut self) {
        let detail = format!("After a value a comma or a closing bracket follows, but here is {}.", self.found());
        self.report(
            Diagnostic::error("json-unexpected", "Unexpected text in JSON", detail)
                .at(self.here(1))
                .hint("Remove it. Expressions stand inside of strings: \"${ … }\"."),
        );
    }

    pub(super) fn report_unclosed(&mut self, open: Span) {
        if self.diagnostics.len() >= MAX_PROBLEMS {
            return;
        }
        let sign = &self.source[open.start as usize..open.end as usize];
        let (name, close) = if sign == "{" { ("brace", "}") } else { ("bracket", "]") };
        let mut problem = Diagnostic::error("json-unclosed", "Unclosed bracket", String::new()).at(open);
        if self.position < self.bytes.len() {
            let next = self.here(1);
            let line = self.source[..self.position].matches('\n').count() + 1;
            problem.detail = format!("This {name} is never closed: `{close}` is missing before line {line}.");
            if self.source[open.end as usize..self.position].contains('\n') {
                problem = problem.elsewhere("It should end before this", next);
            } else {
                problem.detail = format!("This {name} is never closed: `{close}` is missing before {}.", self.found());
            }
        } else {
            problem.detail = format!("This {name} is never closed: `{close}` is missing.");
        }
        self.report(problem.hint(format!("Write `{close}` where it ends.")));
    }

    pub(super) fn report_too_deep(&mut self, at: Span) {
        let detail = format!("Here the nesting is deeper than {MAX_DEPTH} levels.");
        self.report(
            Diagnostic::error("nesting-too-deep", "Expression or block too deep", detail)
                .at(at)
                .hint("Take parts of it out into local values."),
        );
    }

    fn found(&self) -> String {
        self.found_at(self.here(1))
    }

    fn found_at(&self, span: Span) -> String {
        match &self.source[span.start as usize..span.end as usize] {
            "" => "the end of the file".to_owned(),
            "\"" => "a string".to_owned(),
            text => format!("`{text}`"),
        }
    }
}
