//! `yamlencode`: values as YAML, byte for byte as Terraform writes them. The layout is libyaml's, whose emitter of
//! Go's is a port of: lists are not indented in maps, and lines of quoted text are folded after column 80.

use mesh_value::{Kind, Value};

/// Spaces that each level is indented by.
const STEP: usize = 2;

/// The column after which quoted text is folded at the next space.
const FOLD: usize = 80;

/// The longest key that stands before its colon, in bytes; longer ones follow a question mark.
const MOST_KEY: usize = 128;

/// The document of a value that is known with all inside.
pub(super) fn document(value: &Value) -> String {
    let mut out = Writer { text: String::new() };
    out.node(value, 0, false);
    out.line();
    if is_plain(value) {
        // Where a plain scalar ends, only a marker can tell.
        out.text.push_str("...\n");
    }
    out.text
}

fn is_plain(value: &Value) -> bool {
    matches!(value.kind(), Kind::Null(_) | Kind::Bool(_) | Kind::Number(_))
}

struct Writer {
    text: String,
}

impl Writer {
    /// Ends the line, unless it is empty.
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    /// How many characters the current line has.
    fn column(&self) -> usize {
        self.text.rsplit('\n').next().map_or(0, |line| line.chars().count())
    }

    /// A value; what stands in it is indented by `indent`. With `is_inline` its first entry goes on in the line of a
    /// dash or question mark.
    fn node(&mut self, value: &Value, indent: usize, is_inline: bool) {
        match value.kind() {
            Kind::Null(_) => self.text.push_str("null"),
            Kind::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.text.push_str(&number.to_string()),
            Kind::String(text) => self.string(text, indent),
            _ => match (value.as_slice(), value.as_entries()) {
                (Some([]), _) => self.text.push_str("[]"),
                (_, Some([])) => self.text.push_str("{}"),
                (Some(elements), _) => self.sequence(elements, indent, is_inline),
                (_, Some(entries)) => self.mapping(entries, indent, is_inline),
                // Only a value that is not known is neither, and those are not encoded.
                (None, None) => self.text.push_str("null"),
            },
        }
    }

    fn sequence(&mut self, elements: &[Value], indent: usize, is_inline: bool) {
        for (index, element) in elements.iter().enumerate() {
            if index > 0 || !is_inline {
                self.line();
                self.spaces(indent);
            }
            self.text.push_str("- ");
            self.inner(element, indent);
        }
    }

    fn mapping(&mut self, entries: &[(std::sync::Arc<str>, Value)], indent: usize, is_inline: bool) {
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 || !is_inline {
                self.line();
                self.spaces(indent);
            }
            if key.len() <= MOST_KEY && !key.contains(is_break) {
                self.quoted(key, None);
                self.text.push(':');
                match (value.as_slice(), value.as_entries()) {
                    (Some([_, ..]), _) => self.node(value, indent, false),
                    (_, Some([_, ..])) => self.node(value, indent + STEP, false),
                    _ => {
                        self.text.push(' ');
                        self.inner(value, indent);
                    }
                }
            } else {
                self.text.push_str("? ");
                self.string(key, indent + STEP);
                self.line();
                self.spaces(indent);
                self.text.push_str(": ");
                self.inner(value, indent);
            }
        }
    }

    /// A value after a dash, question mark or colon.
    fn inner(&mut self, value: &Value, indent: usize) {
        self.node(value, indent + STEP, true);
    }

    fn string(&mut self, text: &str, indent: usize) {
        let indent = if self.text.is_empty() { STEP } else { indent };
        if text.contains('\n') && suits_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, Some(indent));
        }
    }

    /// `|` and the lines as they are.
    fn block(&mut self, text: &str, indent: usize) {
        self.text.push('|');
        if text.starts_with(|first| first == ' ' || is_break(first)) {
            self.text.push_str(&STEP.to_string());
        }
        let mut last = text.chars().rev();
        match (last.next().is_some_and(is_break), last.next().is_none_or(is_break)) {
            (false, _) => self.text.push('-'),
            (true, true) => self.text.push('+'),
            (true, false) => {}
        }
        self.text.push('\n');
        let mut is_start = true;
        for letter in text.chars() {
            if is_start && !is_break(letter) {
                self.spaces(indent);
            }
            is_start = is_break(letter);
            self.text.push(letter);
        }
    }

    /// In double quotes; folded where an indentation is given.
    fn quoted(&mut self, text: &str, indent: Option<usize>) {
        self.text.push('"');
        let mut column = self.column();
        let mut after_space = false;
        let letters: Vec<char> = text.chars().collect();
        for (index, letter) in letters.iter().enumerate() {
            let is_inside = index > 0 && index + 1 < letters.len();
            match indent {
                Some(indent) if *letter == ' ' && !after_space && column > FOLD && is_inside => {
                    self.text.push('\n');
                    self.spaces(indent);
                    column = indent;
                    if letters.get(index + 1) == Some(&' ') {
                        self.text.push('\\');
                        column += 1;
                    }
                }
                _ => {
                    let start = self.text.len();
                    self.escaped(*letter);
                    column += self.text.get(start..).map_or(0, |written| written.chars().count());
                }
            }
            after_space = *letter == ' ';
        }
        self.text.push('"');
    }

    fn escaped(&mut self, letter: char) {
        let short = match letter {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ if is_printable(letter) => {
                self.text.push(letter);
                return;
            }
            _ => {
                let code = u32::from(letter);
                self.text.push_str(&match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
                return;
            }
        };
        self.text.extend(['\\', short]);
    }
}

const fn is_break(letter: char) -> bool {
    matches!(letter, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn is_printable(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether the lines of a text can stand as they are: all is printable, and no line ends in a space.
fn suits_block(text: &str) -> bool {
    let mut after_space = false;
    for letter in text.chars() {
        let breaks = is_break(letter);
        if (breaks && after_space) || !(is_printable(letter) || breaks) || matches!(letter, '\r' | '\u{85}') {
            return false;
        }
        after_space = letter == ' ';
    }
    !after_space
}
