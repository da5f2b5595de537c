//! Spacing: one space between two pieces of a line, or none.

use super::line::Line;
use super::piece::Piece;
use crate::syntax::TokenKind as T;

/// Sets the spaces between the pieces of each cell.
pub(super) fn space(pieces: &mut [Piece<'_>], lines: &[Line]) {
    for line in lines {
        for cell in [&line.lead, &line.assigned] {
            for right in cell.clone().skip(1) {
                let before = (right >= cell.start + 2).then(|| pieces[right - 2].kind);
                let is_spaced =
                    is_spaced(before, &pieces[right - 1], &pieces[right]) || would_make_a_number(pieces, right);
                pieces[right].spaces = usize::from(is_spaced);
            }
        }
    }
}

/// Whether what is at `dot` is a dot that would be taken for a part of the number before it: `1 .5` is an index of a
/// number, and `1.5` a number. In `a.1.5` there are two indexes, and no number.
fn would_make_a_number(pieces: &[Piece<'_>], dot: usize) -> bool {
    let mut before = pieces[..dot - 1].iter().rev().filter(|piece| !piece.is_comment() && piece.kind != T::Newline);
    (pieces[dot - 1].kind, pieces[dot].kind) == (T::Number, T::Dot)
        && before.next().is_none_or(|before| before.kind != T::Dot)
}

/// Whether a space stands between `left` and `right`; `before` is what comes before `left` in its cell. The first
/// rule that fits decides.
fn is_spaced(before: Option<T>, left: &Piece<'_>, right: &Piece<'_>) -> bool {
    match (left.kind, right.kind) {
        (_, T::Newline) => false,
        (T::Ident, T::OpenParen) => false,
        (T::Ident, T::ColonColon) | (T::ColonColon, T::Ident) => false,
        (T::Dot, _) | (_, T::Dot) => false,
        (_, T::Comma | T::Ellipsis) => false,
        (T::Comma, _) => true,
        (T::OpenQuote | T::StringText | T::HeredocOpen | T::TemplateText, _) => false,
        (_, T::CloseQuote | T::StringText | T::HeredocClose | T::TemplateText) => false,
        // `[for x in [a] : x]`: no index.
        (T::Ident, _) if left.text == "in" && before == Some(T::Ident) => true,
        (T::Ident | T::Number, T::OpenBracket) => false,
        (_, T::OpenBracket) if left.depth_change() < 0 => false,
        (T::Bang, _) => false,
        (T::Minus, _) => before.is_some_and(|before| !precedes_negation(before)),
        (T::OpenBrace, T::CloseBrace) => false,
        (T::OpenBrace, _) | (_, T::CloseBrace) => true,
        // `${ {} }`: the braces of the object stand apart from those of the template.
        (T::InterpolationOpen | T::DirectiveOpen, T::OpenBrace) | (T::CloseBrace, T::TemplateClose) => true,
        (T::TemplateClose, T::InterpolationOpen | T::DirectiveOpen) => false,
        _ => left.depth_change() <= 0 && right.depth_change() >= 0,
    }
}

/// Whether a `-` behind it negates what follows, for all that its kind tells.
const fn precedes_negation(before: T) -> bool {
    matches!(
        before,
        T::OpenParen
            | T::OpenBrace
            | T::OpenBracket
            | T::Equal
            | T::Colon
            | T::Comma
            | T::Question
            | T::Plus
            | T::Star
            | T::Slash
            | T::Percent
            | T::Minus
            | T::EqualEqual
            | T::NotEqual
            | T::Greater
            | T::GreaterEqual
            | T::Less
            | T::LessEqual
            | T::AndAnd
            | T::OrOr
            | T::Bang
    )
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn spacing_is_as_in_terraform() {
        let table = [
            ("a=b+c*-d", "a = b + c * -d"),
            ("a=!b&&! c||d!=e", "a = !b && !c || d != e"),
            ("a=( b )-(-1)", "a = (b) - (-1)"),
            ("a=f ( b ,c , d ... )", "a = f(b, c, d...)"),
            ("a=p :: q :: f(b)", "a = p::q::f(b)"),
            ("a=b . c [ 0 ] [\"d\"] . e.*. f[ * ]", "a = b.c[0][\"d\"].e.*.f[*]"),
            ("a=b?c:d", "a = b ? c : d"),
            ("a={b=1,c:2}", "a = { b = 1, c : 2 }"),
            ("a={ }", "a = {}"),
            ("a=[ ]", "a = []"),
            ("a=[ {b=1},{} ]", "a = [{ b = 1 }, {}]"),
            ("a=[for b in[c]:d if b]", "a = [for b in [c] : d if b]"),
            ("a={for b,c in d:b=>c...}", "a = { for b, c in d : b => c... }"),
            ("a=\"x ${ b } ${ {c=1} } %{ if d }e%{ endif }\"", "a = \"x ${b} ${ { c = 1 } } %{if d}e%{endif}\""),
            ("a b{c=1}", "a \"b\" { c = 1 }"),
            ("a{ }", "a {}"),
            ("a=/* b */c/* d */", "a = /* b */ c /* d */"),
        ];
        for (source, expected) in table {
            assert_eq!(formatted(source), expected);
        }
    }
}
