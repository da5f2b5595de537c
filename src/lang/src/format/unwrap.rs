//! `"${value}"` around a whole value, which was the only way to write an expression once, gives way to the value.

use std::ops::RangeInclusive;

use super::piece::Piece;
use crate::syntax::TokenKind;

/// A value without the interpolations around the whole of it; `rest` is what stands behind it.
///
/// Left alone is what would not mean the same without its quotes, because a line ends where the language has it end a
/// value.
pub(super) fn unwrapped<'s>(value: &[Piece<'s>], rest: &[Piece<'s>]) -> Vec<Piece<'s>> {
    let mut value = value.to_vec();
    while let Some(core) = without_comments(&value)
        && let Some(inside) = interpolated(&value[core.clone()])
    {
        let mut plain = value.clone();
        plain.splice(core, in_parentheses_if_broken(inside));
        if !stands_alone(&plain, rest) {
            break;
        }
        value = plain;
    }
    value
}

/// The pieces of a value without the comments around it, which were inside of an interpolation that is gone.
fn without_comments(value: &[Piece<'_>]) -> Option<RangeInclusive<usize>> {
    let start = value.iter().position(|piece| !piece.is_comment())?;
    let end = value.iter().rposition(|piece| !piece.is_comment())?;
    Some(start..=end)
}

/// What is inside of the only interpolation that a string consists of.
fn interpolated<'p, 's>(value: &'p [Piece<'s>]) -> Option<&'p [Piece<'s>]> {
    use TokenKind as T;
    let [quote, open, inside @ .., close, end_quote] = value else { return None };
    let kinds = [quote, open, close, end_quote].map(|piece| piece.kind);
    if inside.is_empty() || kinds != [T::OpenQuote, T::InterpolationOpen, T::TemplateClose, T::CloseQuote] {
        return None;
    }
    let mut strings = 0_usize;
    for piece in inside {
        match piece.kind {
            T::OpenQuote => strings += 1,
            T::CloseQuote => strings = strings.saturating_sub(1),
            T::InterpolationOpen | T::TemplateClose | T::StringText if strings == 0 => return None,
            _ => {}
        }
    }
    let is_break = |piece: &Piece<'_>| piece.kind == T::Newline;
    let start = inside.iter().position(|piece| !is_break(piece))?;
    let end = inside.iter().rposition(|piece| !is_break(piece))?;
    Some(&inside[start..=end])
}

/// A value in parentheses if it has several lines, so that it goes on at their ends.
fn in_parentheses_if_broken<'s>(value: &[Piece<'s>]) -> Vec<Piece<'s>> {
    let has = |piece: Option<&Piece<'_>>, kind| piece.is_some_and(|piece| piece.kind == kind);
    let has_parentheses = has(value.first(), TokenKind::OpenParen) && has(value.last(), TokenKind::CloseParen);
    let mut plain = value.to_vec();
    if !has_parentheses && value.iter().any(|piece| piece.kind == TokenKind::Newline) {
        let start = value.first().map_or(0, |first| first.start);
        plain.insert(0, Piece::new(TokenKind::OpenParen, start, "("));
        plain.push(Piece::new(TokenKind::CloseParen, start, ")"));
    }
    plain
}

/// Whether a value stays one with `rest` behind it: where a line ends outside of brackets, only comments follow.
fn stands_alone(value: &[Piece<'_>], rest: &[Piece<'_>]) -> bool {
    // A marker must be alone on its line.
    let is_alone = |next: Option<&Piece<'_>>| next.is_some_and(|next| next.kind == TokenKind::Newline);
    for (index, _) in value.iter().enumerate().filter(|(_, piece)| piece.kind == TokenKind::HeredocClose) {
        let after = value.get(index + 1);
        if !is_alone(after.or_else(|| rest.first())) {
            return false;
        }
        if after.is_none() {
            return true;
        }
    }
    let mut depth = 0;
    let broken = value.iter().position(|piece| {
        depth += piece.depth_change();
        depth == 0 && piece.ends_line()
    });
    let Some(broken) = broken else { return true };
    let next = rest.iter().find(|piece| piece.kind != TokenKind::BlockComment);
    value[broken..].iter().all(Piece::is_comment) && next.is_none_or(Piece::ends_line)
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn an_interpolation_around_a_whole_value_goes() {
        let table = [
            ("a=\"${b}\"", "a = b"),
            ("a=\"${~ b ~}\"", "a = b"),
            ("a=\"${\"${b}\"}\"", "a = b"),
            ("a=\"${f(\"${b}-${c}\")}\"", "a = f(\"${b}-${c}\")"),
            ("a=\"${b}${c}\"", "a = \"${b}${c}\""),
            ("a=\"${b} \"", "a = \"${b} \""),
            ("a=[\"${b}\"]", "a = [\"${b}\"]"),
            ("a=\"${\nb\n}\"", "a = b"),
            ("a=\"${\nb\n? c\n: d\n}\"", "a = (b\n  ? c\n: d)"),
            ("a=\"${[\nb]}\"", "a = ([\nb])"),
        ];
        for (old, new) in table {
            assert_eq!(formatted(old), new);
        }
    }

    #[test]
    fn what_needs_the_quotes_to_go_on_keeps_them() {
        for source in [
            "a = \"${ # b\nc}\"",
            "a = \"${(b)\n+ (c)}\"",
            "a { b = \"${<<E\nx\nE\n}\" }",
            "a = \"${/* c */\n  <<E\nx\nE\n}\"",
        ] {
            assert_eq!(formatted(source), source);
        }
    }
}
