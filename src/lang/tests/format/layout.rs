//! The same source in another layout: other white space, line breaks and comments between its tokens.

use mesh_diagnostics::FileId;
use mesh_lang::syntax::{Token, TokenKind, parse, tokens};

use crate::random::Random;
use crate::tree;

const SPACES: &[&str] = &["", "", " ", "  ", "\t", "    "];
const BREAKS: &[&str] =
    &["\n", "\n\n", "\r\n", " # c\n", "// c \n", "#\n\n", " /* c */\n", "/* c\nd */ \n\t\n", "\n# c\n"];

/// Writes `source` in another layout. Its tree stays the same; where luck fails, so does the whole source.
pub fn relayout(random: &mut Random, source: &str) -> String {
    let (body, _) = parse(source, FileId(0));
    let expected = tree::body(&body);
    for rarity in [2, 3, 6, 12, 30] {
        let candidate = rewritten(random, source, rarity);
        let (body, diagnostics) = parse(&candidate, FileId(0));
        if diagnostics.is_empty() && tree::body(&body) == expected {
            return candidate;
        }
    }
    source.to_owned()
}

/// Changes one in `rarity` of the places between tokens.
fn rewritten(random: &mut Random, source: &str, rarity: usize) -> String {
    let mut out = String::new();
    // What is open, innermost last.
    let mut open = Vec::new();
    let tokens: Vec<Token> = tokens(source, FileId(0));
    for (index, token) in tokens.iter().enumerate() {
        let text = &source[token.span.start as usize..token.span.end as usize];
        let in_text = matches!(open.last(), Some(TokenKind::OpenQuote | TokenKind::HeredocOpen));
        let next = tokens.get(index + 1).map(|next| next.kind);
        match token.kind {
            TokenKind::Whitespace if random.chance(rarity) => out.push_str(random.pick(SPACES)),
            TokenKind::Newline if random.chance(rarity) => out.push_str(random.pick(BREAKS)),
            _ => out.push_str(text),
        }
        match token.kind {
            TokenKind::OpenQuote
            | TokenKind::HeredocOpen
            | TokenKind::OpenBrace
            | TokenKind::OpenBracket
            | TokenKind::OpenParen
            | TokenKind::InterpolationOpen
            | TokenKind::DirectiveOpen => open.push(token.kind),
            TokenKind::CloseQuote
            | TokenKind::HeredocClose
            | TokenKind::CloseBrace
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::TemplateClose => drop(open.pop()),
            _ => {}
        }
        if token.kind == TokenKind::HeredocClose && random.chance(rarity) {
            out.push_str(random.pick(SPACES));
        }
        let opens_text = matches!(token.kind, TokenKind::OpenQuote | TokenKind::HeredocOpen);
        let is_line_end = matches!(token.kind, TokenKind::LineComment | TokenKind::HeredocClose);
        let text_ends = in_text && !matches!(token.kind, TokenKind::CloseQuote);
        if opens_text || is_line_end || text_ends || next.is_none() || !random.chance(rarity) {
            continue;
        }
        if matches!(open.last(), Some(TokenKind::OpenQuote | TokenKind::HeredocOpen)) {
            continue;
        }
        let breaks = matches!(
            open.last(),
            Some(
                TokenKind::OpenBracket | TokenKind::OpenParen | TokenKind::InterpolationOpen | TokenKind::DirectiveOpen
            )
        );
        let rather = if breaks || next == Some(TokenKind::Newline) { 3 } else { 60 };
        out.push_str(match random.below(8) {
            0 => random.pick(&["/* c */", " /**/ ", "/* ä\n # d */"]),
            _ if random.chance(rather) => random.pick(BREAKS),
            _ => random.pick(SPACES),
        });
    }
    out
}
