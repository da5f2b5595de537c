//! Whether what was typed goes on in the next line: something that can hold line breaks is still open.

use mesh_lang::syntax::{TokenKind, tokens};

/// Whether brackets, a heredoc or a comment are still open. A string is not: it ends on its line.
pub fn is_unfinished(text: &str) -> bool {
    let mut open = 0_usize;
    let mut quotes = 0_usize;
    let mut in_comment = false;
    for token in tokens(text, mesh_diagnostics::FileId(0)) {
        match token.kind {
            TokenKind::OpenBrace
            | TokenKind::OpenBracket
            | TokenKind::OpenParen
            | TokenKind::InterpolationOpen
            | TokenKind::DirectiveOpen
            | TokenKind::HeredocOpen => open += 1,
            TokenKind::CloseBrace
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::TemplateClose
            | TokenKind::HeredocClose => open = open.saturating_sub(1),
            TokenKind::OpenQuote => quotes += 1,
            TokenKind::CloseQuote => quotes = quotes.saturating_sub(1),
            TokenKind::UnclosedComment => in_comment = true,
            _ => {}
        }
    }
    (open > 0 && quotes == 0) || in_comment
}

#[cfg(test)]
mod tests {
    use super::is_unfinished;

    #[test]
    fn brackets_heredocs_and_comments_go_on() {
        for open in ["[1,", "f(", "{ a = [", "<<EOT\na", "<<-EOT", "/* a", "[\"a\"", "<<EOT\n${[1,"] {
            assert!(is_unfinished(open), "{open}");
        }
        for whole in ["", "1 +", "[1]", "f(1))", "\"a", "\"${a", "<<EOT\na\nEOT", "# [", "\"[\""] {
            assert!(!is_unfinished(whole), "{whole}");
        }
    }
}
