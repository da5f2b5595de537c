//! The lossless tokens of a file: what the parser reads, and what formatting and highlighting start from.

use mesh_diagnostics::{FileId, Span};

use super::lexer::{self, Trivia};

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// U+FEFF at the very start of a file.
    ByteOrderMark,
    /// Spaces and tabs.
    Whitespace,
    /// `\n` or `\r\n`, outside of template text.
    Newline,
    /// `# …` or `// …`, without its line break.
    LineComment,
    /// `/* … */`
    BlockComment,
    /// `/* …` up to the end of the file.
    UnclosedComment,
    /// A name or keyword.
    Ident,
    /// A decimal literal.
    Number,
    /// `"` that opens a string.
    OpenQuote,
    /// `"` that closes a string.
    CloseQuote,
    /// Text inside of a string, escapes as written.
    StringText,
    /// `<<EOT` or `<<-EOT` with the rest of its line and the line break.
    HeredocOpen,
    /// The marker at the end of a heredoc, with the whitespace before it.
    HeredocClose,
    /// Text inside of a heredoc or of a bare template, at most one line with its line break.
    TemplateText,
    /// `${` or `${~`
    InterpolationOpen,
    /// `%{` or `%{~`
    DirectiveOpen,
    /// `}` or `~}` that ends an interpolation or directive.
    TemplateClose,
    /// `'…'` or typographic quotes on one line: no string in HCL, but certainly meant as one.
    ForeignQuoted,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `=`
    Equal,
    /// `==`
    EqualEqual,
    /// `!=`
    NotEqual,
    /// `!`
    Bang,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `=>`
    FatArrow,
    /// `->`, which is no operator of the language.
    ThinArrow,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `&`, which is no operator of the language.
    And,
    /// `|`, which is no operator of the language.
    Or,
    /// `?`
    Question,
    /// `:`
    Colon,
    /// `::`
    ColonColon,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `;`, which is no separator of the language.
    Semicolon,
    /// A character that has no meaning here.
    Invalid,
    /// Without width: the lexer gave up on the strings and interpolations that are open here. Not among [`tokens`].
    Cut,
    /// Without width: the end of the source. Not among [`tokens`].
    End,
}

impl TokenKind {
    /// Whether it opens what a closing token must end.
    pub(crate) const fn opens(self) -> bool {
        matches!(
            self,
            Self::OpenBrace
                | Self::OpenBracket
                | Self::OpenParen
                | Self::OpenQuote
                | Self::HeredocOpen
                | Self::InterpolationOpen
                | Self::DirectiveOpen
        )
    }

    /// Whether it ends what an opening token began.
    pub(crate) const fn closes(self) -> bool {
        matches!(
            self,
            Self::CloseBrace
                | Self::CloseBracket
                | Self::CloseParen
                | Self::CloseQuote
                | Self::HeredocClose
                | Self::TemplateClose
        )
    }

    /// Whether an expression can start with it.
    pub(crate) const fn starts_expression(self) -> bool {
        matches!(
            self,
            Self::Ident
                | Self::Number
                | Self::OpenQuote
                | Self::HeredocOpen
                | Self::ForeignQuoted
                | Self::OpenBrace
                | Self::OpenBracket
                | Self::OpenParen
                | Self::Minus
                | Self::Bang
        )
    }
}

/// Splits a source into tokens whose texts, put together, are the source again, byte for byte. Never fails:
/// characters without meaning are [`TokenKind::Invalid`] tokens.
#[must_use]
pub fn tokens(source: &str, file: FileId) -> Vec<Token> {
    let mut tokens = lexer::lex(source, file, lexer::Start::Code, Trivia::Keep);
    tokens.retain(|token| token.span.start < token.span.end);
    tokens
}
