//! Where an unclosed string or interpolation was meant to end, so that one missing character isn't a hundred errors.

use super::words::name_end;
use super::{Lexer, Mode};

/// How many lines a string may span that was split by mistake.
const SPLIT_LINES: usize = 20;
/// How many bytes are looked at for that.
const SPLIT_BYTES: usize = 4096;

impl Lexer<'_> {
    /// Whether a string that reaches a line break goes on in the line at `line`: a line further down holds a lone
    /// quote, and none up to there looks like something else.
    pub(super) fn string_goes_on(&self, line: usize) -> bool {
        if self.outer.iter().any(|mode| matches!(mode, Mode::Interpolation { .. })) {
            return false;
        }
        let mut start = line;
        for _ in 0..SPLIT_LINES {
            let rest = &self.bytes[start.min(self.bytes.len())..];
            if rest.is_empty() || start - line > SPLIT_BYTES {
                return false;
            }
            let length =
                rest.iter().take(SPLIT_BYTES).position(|byte| *byte == b'\n').unwrap_or(rest.len().min(SPLIT_BYTES));
            if self.line_stands_alone(start, start + length) {
                return false;
            }
            if quotes(&rest[..length]) % 2 == 1 {
                return true;
            }
            start += length + 1;
        }
        false
    }

    /// Leaves the current string, and those around it that began on this line: a string left unclosed
    /// inside of an interpolation mostly is the closing quote of the outer one, whose `}` is missing.
    pub(super) fn leave_unclosed_string(&mut self) {
        self.leave();
        while matches!(self.mode, Mode::Interpolation { .. })
            && let Some(Mode::Quoted { open }) = self.outer.last().copied()
            && open >= self.line_start
        {
            self.leave();
            self.leave();
        }
    }

    /// Whether the line at `line` shows that the current interpolation was never closed; if so, leaves it and the
    /// strings that it stands in.
    pub(super) fn interpolation_ends_at_line(&mut self, line: usize) -> bool {
        let Mode::Interpolation { braces } = self.mode else { return false };
        match self.outer.last().copied() {
            Some(Mode::Heredoc { marker_start, marker_end }) => {
                let ends = self.heredoc_close(line, marker_start, marker_end).is_some();
                if ends {
                    self.leave();
                }
                ends
            }
            Some(Mode::Quoted { .. }) if braces == 0 && self.argument_at(line) => {
                while let (Mode::Interpolation { .. }, Some(Mode::Quoted { .. })) = (self.mode, self.outer.last()) {
                    self.leave();
                    self.leave();
                }
                true
            }
            _ => false,
        }
    }

    /// Whether `name =` starts here, after blanks; no interpolation can go on so.
    fn argument_at(&self, line: usize) -> bool {
        let start = self.blank_end(line);
        let name = name_end(self.source, start);
        let sign = self.blank_end(name);
        name > start && self.byte(sign) == b'=' && !matches!(self.byte(sign + 1), b'=' | b'>')
    }

    /// Whether a line is code by itself rather than the continuation of a string.
    fn line_stands_alone(&self, start: usize, end: usize) -> bool {
        let first = self.blank_end(start);
        if matches!(self.byte(first), b'}' | b']' | b')' | b'#' | b'"')
            || self.at(first, "//")
            || self.argument_at(start)
        {
            return true;
        }
        let header = self.source.get(first..end).is_some_and(|line| line.trim_end().ends_with('{'));
        header && name_end(self.source, first) > first
    }

    fn blank_end(&self, start: usize) -> usize {
        let mut end = start;
        while matches!(self.byte(end), b' ' | b'\t') {
            end += 1;
        }
        end
    }
}

/// How many quotes stand in a text that aren't escaped.
fn quotes(text: &[u8]) -> usize {
    let mut count = 0;
    let mut escaped = false;
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => count += 1,
            _ => {}
        }
    }
    count
}
