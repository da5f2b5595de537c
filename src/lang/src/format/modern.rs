//! Forms that older versions of the language asked for, in today's words: bare labels, quoted types, interpolations
//! around a whole value.

use std::sync::LazyLock;

use mesh_diagnostics::Span;
use regex::Regex;

use super::piece::Piece;
use super::unwrap::unwrapped;
use crate::syntax::{Block, Body, TokenKind};

/// A place where something may be written anew.
enum Place<'b> {
    /// The labels of a block, from the end of its type on.
    Labels(&'b Block),
    /// The value of an argument.
    Value(Span),
    /// The `type` of a variable.
    Type(Span),
}

impl Place<'_> {
    /// Where it starts and ends in the source.
    fn bounds(&self) -> (u32, u32) {
        match self {
            Self::Labels(block) => (block.kind.span.end, block.header.end),
            Self::Value(span) | Self::Type(span) => (span.start, span.end),
        }
    }
}

/// Replaces old forms.
pub(super) fn modernise<'s>(body: &Body, pieces: Vec<Piece<'s>>) -> Vec<Piece<'s>> {
    let mut places = Vec::new();
    find(body, Within::File, &mut places);
    places.sort_by_key(|place| place.bounds().0);

    let mut result = Vec::with_capacity(pieces.len());
    let mut rest = pieces.as_slice();
    for place in &places {
        let (start, end) = place.bounds();
        let before;
        (before, rest) = rest.split_at(rest.partition_point(|piece| piece.start < start));
        result.extend_from_slice(before);
        let inside;
        (inside, rest) = rest.split_at(rest.partition_point(|piece| piece.start < end));
        match place {
            Place::Labels(block) => result.extend(block.labels.iter().flat_map(|label| quoted(&label.text, start))),
            Place::Value(_) => result.extend(unwrapped(inside, rest)),
            Place::Type(_) => result.extend(type_constraint(inside)),
        }
    }
    result.extend_from_slice(rest);
    result
}

/// What a body belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    File,
    Variable,
    Block,
}

/// Collects the places of a body.
fn find<'b>(body: &'b Body, within: Within, places: &mut Vec<Place<'b>>) {
    places.extend(body.attributes.iter().map(|attribute| {
        let is_type = within == Within::Variable && &*attribute.name.text == "type";
        if is_type { Place::Type(attribute.expr.span) } else { Place::Value(attribute.expr.span) }
    }));
    for block in &body.blocks {
        if !block.labels.is_empty() {
            places.push(Place::Labels(block));
        }
        let is_variable = within == Within::File && &*block.kind.text == "variable";
        find(&block.body, if is_variable { Within::Variable } else { Within::Block }, places);
    }
}

/// A label in quotes.
fn quoted<'s>(label: &str, start: u32) -> Vec<Piece<'s>> {
    let mut pieces = vec![Piece::new(TokenKind::OpenQuote, start, "\"")];
    if !label.is_empty() {
        pieces.push(Piece::new(TokenKind::StringText, start, escaped(label)));
    }
    pieces.push(Piece::new(TokenKind::CloseQuote, start, "\""));
    pieces
}

/// The characters that stand in quotes as they are.
#[expect(clippy::expect_used, reason = "the pattern is a constant, which a test compiles")]
static PRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}\p{N}\p{P}\p{S} ]").expect("a valid pattern"));

/// A text with the escapes that it needs in quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '"' | '\\' => escaped.extend(['\\', character]),
            '$' | '%' if characters.peek() == Some(&'{') => escaped.extend([character, character]),
            ' '..='~' => escaped.push(character),
            _ if PRINTABLE.is_match(character.encode_utf8(&mut [0; 4])) => escaped.push(character),
            '\0'..='\u{ffff}' => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => escaped.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    escaped
}

/// A type constraint without quotes, and with the elements' type that `"list"` and `list` alone stood for.
fn type_constraint<'s>(constraint: &[Piece<'s>]) -> Vec<Piece<'s>> {
    let (name, element) = match constraint {
        [name] if name.kind == TokenKind::Ident => (name, "any"),
        [_, name, _] if name.kind == TokenKind::StringText => (name, "string"),
        _ => return constraint.to_vec(),
    };
    let is_quoted = constraint.len() > 1;
    let start = name.start;
    let plain = Piece::new(TokenKind::Ident, start, name.text.clone());
    match (&*name.text, is_quoted) {
        ("list" | "map", _) | ("set", false) => {
            let open = Piece::new(TokenKind::OpenParen, start, "(");
            let close = Piece::new(TokenKind::CloseParen, start, ")");
            vec![plain, open, Piece::new(TokenKind::Ident, start, element), close]
        }
        ("string", true) => vec![plain],
        _ => constraint.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::formatted;

    #[test]
    fn labels_are_quoted() {
        assert_eq!(formatted("a b \"c\" d{}"), "a \"b\" \"c\" \"d\" {}");
        assert_eq!(formatted("a /* x */ b /* y */ {}"), "a \"b\" /* y */ {}");
        let escapes = r#"a "\u0061\u200b\U000e0001$${x}\"" {}"#;
        assert_eq!(formatted(escapes), r#"a "a\u200b\U000e0001$${x}\"" {}"#);
    }

    #[test]
    fn types_of_variables_are_plain() {
        let table = [
            ("\"string\"", "string"),
            ("\"list\"", "list(string)"),
            ("\"map\"", "map(string)"),
            ("list", "list(any)"),
            ("map", "map(any)"),
            ("\"any\"", "\"any\""),
            ("set", "set(any)"),
            ("\"set\"", "\"set\""),
            ("string", "string"),
        ];
        for (old, new) in table {
            assert_eq!(
                formatted(&format!("variable a {{ type = {old} }}")),
                format!("variable \"a\" {{ type = {new} }}")
            );
        }
        assert_eq!(formatted("a { type = \"list\" }"), "a { type = \"list\" }");
    }
}
