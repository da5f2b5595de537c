//! Recursive descent over JSON. An error is reported where a person would look, and parsing goes on behind it.

use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, Span};

use super::super::parser::{MAX_DEPTH, MAX_PROBLEMS};
use super::tree::{Member, Node, NodeKind, Text};

/// Parses a whole file. Where its brackets don't match, indentation tells where one is missing.
pub(super) fn parse(source: &str, file: FileId) -> (Node, Diagnostics) {
    let mut first = Parser::new(source, file, 0);
    let root = first.document();
    if first.unclosed == 0 {
        return (root, first.diagnostics);
    }
    let mut second = Parser::new(source, file, first.unclosed);
    let repaired = second.document();
    if second.unclosed == 0 { (repaired, second.diagnostics) } else { (root, first.diagnostics) }
}

pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    pub(super) bytes: &'s [u8],
    pub(super) file: FileId,
    pub(super) position: usize,
    pub(super) diagnostics: Diagnostics,
    depth: usize,
    /// How many brackets were open at the end.
    unclosed: usize,
    /// How many closing brackets may be imagined where the indentation asks for one.
    budget: usize,
    /// Whether what was reported last took a separator or closing bracket with it, so that its lack is no error.
    pub(super) excused: bool,
    /// Whether closing brackets may be in the text of a string that was never closed.
    pub(super) swallowed: bool,
    /// Where the current line starts.
    pub(super) line_start: usize,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str, file: FileId, budget: usize) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            file,
            position: if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            diagnostics: Diagnostics::default(),
            depth: 0,
            unclosed: 0,
            budget,
            excused: false,
            swallowed: false,
            line_start: 0,
        }
    }

    fn document(&mut self) -> Node {
        self.blank();
        if self.position == self.bytes.len() {
            let span = Span::new(self.file, 0, self.bytes.len());
            self.report_empty(span);
            return Node { kind: NodeKind::Invalid, span };
        }
        if self.byte().is_ascii_alphabetic() && !self.at_word() {
            let span = self.bare();
            self.report_native(span);
            return Node { kind: NodeKind::Invalid, span };
        }
        let root = self.value();
        self.blank();
        if self.position < self.bytes.len() && !self.excused {
            self.report_after_end(&root);
        }
        root
    }

    fn value(&mut self) -> Node {
        self.excused = false;
        match self.byte() {
            b'{' | b'[' if self.depth >= MAX_DEPTH => {
                let open = self.here(1);
                self.report_too_deep(open);
                self.skip_nested();
                Node { kind: NodeKind::Invalid, span: open }
            }
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b'"' => {
                let text = self.text();
                Node { span: text.span, kind: NodeKind::Text(text) }
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => self.number(),
            b'\'' => {
                let text = self.single_quoted();
                Node { span: text.span, kind: NodeKind::Text(text) }
            }
            _ => self.word(),
        }
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Self, &mut Opened) -> NodeKind) -> Node {
        let mut opened = Opened { at: self.here(1), column: self.indentation(), indented: false };
        self.position += 1;
        self.depth += 1;
        let kind = parse(self, &mut opened);
        self.depth -= 1;
        Node { kind, span: opened.at.to(Span::new(self.file, self.position, self.position)) }
    }

    fn object(&mut self, opened: &mut Opened) -> NodeKind {
        let mut members = Vec::new();
        loop {
            self.blank();
            if self.ends(b'}', opened) {
                return NodeKind::Object(members);
            }
            self.excused = false;
            if let Some(name) = self.name() {
                let value = self.member_value(&name);
                let end = self.last();
                members.push(Member { name, value });
                self.separator(b'}', end);
            } else {
                self.skip();
            }
        }
    }

    fn array(&mut self, opened: &mut Opened) -> NodeKind {
        let mut elements = Vec::new();
        loop {
            self.blank();
            if self.ends(b']', opened) {
                return NodeKind::Array(elements);
            }
            let start = self.position;
            let element = self.value();
            let end = self.last();
            self.blank();
            if self.byte() == b':' && matches!(element.kind, NodeKind::Text(_)) {
                // A name: it belongs to the object around, so this list ends before it.
                self.position = start;
                self.report_unclosed(opened.at);
                self.excused = true;
                return NodeKind::Array(elements);
            }
            elements.push(element);
            self.separator(b']', end);
        }
    }

    /// Whether an object or list ends here, rightly or by mistake.
    fn ends(&mut self, close: u8, opened: &mut Opened) -> bool {
        let open = opened.at;
        if self.position == self.bytes.len() {
            self.unclosed += 1;
            if !self.swallowed {
                self.report_unclosed(open);
                self.swallowed = true;
            }
            self.excused = true;
            return true;
        }
        if self.closes_by_indentation(opened) {
            self.report_unclosed(open);
            self.excused = true;
            return true;
        }
        match self.byte() {
            byte if byte == close => {
                self.position += 1;
                self.excused = false;
                true
            }
            b'}' | b']' => {
                self.report_unclosed(open);
                self.excused = false;
                true
            }
            _ => false,
        }
    }

    /// Whether what is opened ends before the next line, going by indentation. Only a file whose brackets don't match is
    /// read so.
    fn closes_by_indentation(&mut self, opened: &mut Opened) -> bool {
        let column = self.indentation();
        let starts_line = self.line_start + column == self.position && self.line_start > opened.at.start as usize;
        if self.budget == 0 || !starts_line {
            return false;
        }
        let closes = match self.byte() {
            b'}' | b']' => column < opened.column,
            _ => column < opened.column || column == opened.column && opened.indented,
        };
        opened.indented |= column > opened.column;
        self.budget -= usize::from(closes);
        closes
    }

    /// The name of a member; `None` where there is none, which is reported.
    fn name(&mut self) -> Option<Text> {
        match self.byte() {
            b'"' => Some(self.text()),
            b'\'' => Some(self.single_quoted()),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let span = self.bare();
                self.report_unquoted_name(span);
                let value = self.source[span.start as usize..span.end as usize].into();
                Some(Text { value, span, steps: vec![(0, span.start)] })
            }
            _ => {
                self.report_no_name();
                None
            }
        }
    }

    /// What follows a name.
    fn member_value(&mut self, name: &Text) -> Node {
        let invalid = Node { kind: NodeKind::Invalid, span: name.span.at_end() };
        if self.excused {
            // The name was never closed, and has taken what follows with it.
            return invalid;
        }
        self.blank();
        match self.byte() {
            b':' => self.position += 1,
            b'=' => {
                self.report_equals(name);
                self.position += if self.bytes.get(self.position + 1) == Some(&b'>') { 2 } else { 1 };
            }
            b',' | b'}' | b']' | 0 => {
                self.report_missing_value(name);
                return invalid;
            }
            _ if name.value.trim_end().ends_with(':') => {
                self.report_unclosed_name(name);
                self.skip_line();
                return invalid;
            }
            _ => self.report_missing_colon(name),
        }
        self.blank();
        match self.byte() {
            b',' | b'}' | b']' | 0 => {
                self.report_missing_value(name);
                invalid
            }
            _ => self.value(),
        }
    }

    /// The comma after an element, or what ends the list.
    fn separator(&mut self, close: u8, end: Span) {
        self.blank();
        match self.byte() {
            b',' => {
                let comma = self.here(1);
                self.position += 1;
                self.blank();
                while self.byte() == b',' {
                    self.report_extra_comma();
                    self.position += 1;
                    self.blank();
                }
                if self.byte() == close {
                    self.report_trailing_comma(comma);
                }
            }
            b'}' | b']' => {}
            _ if self.position == self.bytes.len() || std::mem::take(&mut self.excused) => {}
            b'"' | b'{' | b'[' | b'\'' => self.report_missing_comma(end),
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') => self.report_missing_comma(end),
            _ => {
                self.report_unexpected();
                self.skip();
            }
        }
    }

    /// Skips to the next comma, which is taken, or to a closing bracket.
    pub(super) fn skip(&mut self) {
        let mut depth = 0_usize;
        while self.position < self.bytes.len() {
            match self.byte() {
                b'"' => {
                    let reported = self.diagnostics.len();
                    let _text = self.text();
                    if self.diagnostics.len() > reported {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                b',' if depth == 0 => {
                    self.position += 1;
                    return;
                }
                b'\n' => self.line_start = self.position + 1,
                _ => {}
            }
            self.position += 1;
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.source[self.position..];
        let line = rest.find('\n').unwrap_or(rest.len());
        self.swallowed |= rest[..line].contains(['}', ']']);
        self.position += line;
        self.excused = true;
    }

    /// Skips an object or list, with all that is in it.
    fn skip_nested(&mut self) {
        self.position += 1;
        while !matches!(self.byte(), b'}' | b']' | 0) {
            self.skip();
        }
        self.position = (self.position + 1).min(self.bytes.len());
    }

    /// The next byte; zero, which no token starts with, at the end.
    pub(super) fn byte(&self) -> u8 {
        self.bytes.get(self.position).copied().unwrap_or(0)
    }

    /// The next `length` bytes.
    pub(super) fn here(&self, length: usize) -> Span {
        let end = self.source.ceil_char_boundary((self.position + length).min(self.bytes.len()));
        Span::new(self.file, self.position, end)
    }

    /// Whether `true`, `false` or `null` comes next.
    fn at_word(&self) -> bool {
        ["true", "false", "null"].iter().any(|word| self.source[self.position..].starts_with(word))
    }

    /// The byte before.
    fn last(&self) -> Span {
        let start = self.source.floor_char_boundary(self.position.saturating_sub(1));
        Span::new(self.file, start, self.position)
    }

    /// How many bytes of blanks the current line starts with.
    fn indentation(&self) -> usize {
        self.bytes[self.line_start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Adds a problem, unless the file has so many that nobody reads further.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_PROBLEMS {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// An object or list whose end is to come.
struct Opened {
    /// Its opening bracket.
    at: Span,
    /// The indentation of the line on which it opens.
    column: usize,
    /// Whether something in it is indented deeper.
    indented: bool,
}
