//! Errors about characters that start no token, and about quotes of other languages.

use mesh_diagnostics::{Diagnostic, Span};

use super::{Parser, Token, TokenKind};

impl Parser<'_> {
    /// Reports a character or quote that no token starts with. Returns whether the token is one.
    pub(super) fn report_invalid_character(&mut self, token: Token) -> bool {
        if token.kind == TokenKind::ForeignQuoted {
            self.report_foreign_quotes(token.span);
            return true;
        }
        if token.kind != TokenKind::Invalid {
            return false;
        }
        let text = self.text(token.span);
        let first = text.chars().next().unwrap_or_default();
        let found = self.describe(token);
        let (found, hint) = match first {
            '\'' => (found, "Strings are written in double quotes: \"text\"."),
            '“' | '”' | '„' | '‘' | '’' => {
                (found, "Strings are written in straight double quotes: \"text\".")
            }
            '`' => {
                ("a backtick".to_owned(), "Strings are written in double quotes: \"text\"; several lines as a heredoc.")
            }
            '\\' => (found, "A value goes on in the next line inside of parentheses; no backslash is needed."),
            '\r' => ("a carriage return without a line feed".to_owned(), "Save the file with LF or CRLF line ends."),
            '<' => (found, "A heredoc starts with `<<` and a name, such as `<<EOT`."),
            '~' => (found, "`~` stands directly behind `${` or before `}` only."),
            '$' => (found, "A reference needs no `$`; `${ }` stands inside of strings only."),
            '@' => (found, "A reference starts with a name, such as `var.name`."),
            '^' => (found, "Powers are written `pow(2, 3)`."),
            _ if first.is_whitespace() || is_invisible(first) => (found, "Replace it by a plain space, or remove it."),
            _ => (found, "Outside of strings and comments only names, numbers and operators are allowed."),
        };
        let detail = if first.is_whitespace() && first != '\r' || is_invisible(first) {
            format!("Here is {found}, which looks like a blank or like nothing, but isn't.")
        } else {
            format!("Here is {found}, which has no meaning in the language.")
        };
        self.report(Diagnostic::error("invalid-character", "Invalid character", detail).at(token.span).hint(hint));
        true
    }

    pub(super) fn report_foreign_quotes(&mut self, span: Span) {
        let text = self.short(span);
        let single = text.starts_with('\'');
        let inner = self.foreign_text(span).replace('"', "\\\"");
        let (code, summary, which) = if single {
            ("single-quotes", "String in single quotes", "single")
        } else {
            ("typographic-quotes", "String in typographic quotes", "typographic")
        };
        let detail = format!("Strings are written in straight double quotes; these are {which} ones.");
        let mut problem = Diagnostic::error(code, summary, detail).at(span);
        problem = if inner.len() <= 60 {
            problem.hint(format!("Write \"{inner}\"."))
        } else {
            problem.hint("Replace both quotes by `\"`.")
        };
        self.report(problem);
    }

    /// What stands between typographic or single quotes.
    pub(super) fn foreign_text(&self, span: Span) -> &str {
        let mut characters = self.text(span).chars();
        characters.next();
        characters.next_back();
        characters.as_str()
    }
}

/// Whether a character takes no room on a screen.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}
