//! The syntax tree of a file. Strip markers and heredoc indentation are already applied to its texts.

use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::Value;

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// The content of a file or of a block between its braces, each list in source order.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// `name = expression`. Names may repeat where the source is wrong; the parser reports that.
    pub attributes: Vec<Attribute>,
    /// `type "label" { }`.
    pub blocks: Vec<Block>,
    /// The whole content, without the braces.
    pub span: Span,
}

/// `name = expression`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name before `=`.
    pub name: Ident,
    /// The expression after it.
    pub expr: Expr,
    /// From name to the end of the expression.
    pub span: Span,
    /// Whether it may be blocks after all: it was written in JSON, where only a schema tells. See [`Body::by_schema`].
    pub maybe_blocks: bool,
}

/// `type "label" "label" { body }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The block's type.
    pub kind: Ident,
    /// Its labels, quoted or bare.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// From the type up to the last label: what a message points at.
    pub header: Span,
    /// From the type to the closing brace.
    pub span: Span,
}

/// A block's label.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its text, escapes resolved.
    pub text: Arc<str>,
    /// With the quotes.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub span: Span,
}

/// All expression forms.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `1.5`, `true`, `null`, or a quoted string without interpolation.
    Literal(Value),
    /// A quoted string or heredoc with at least one interpolation or directive. A template of exactly one
    /// interpolation yields that value unconverted.
    Template(Vec<TemplatePart>),
    /// A bare name: the root of a reference, a `for` variable, or an object-constructor key.
    Variable(Arc<str>),
    /// `root.name[index].*.x`; `steps` is never empty and `root` is never itself a `Traversal`.
    Traversal {
        /// What the steps apply to.
        root: Box<Expr>,
        /// In source order.
        steps: Vec<Step>,
    },
    /// `name(arguments)`.
    Call(Box<Call>),
    /// `-x`, `!x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`. Long chains of one precedence nest to the left.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `condition ? then : otherwise`.
    Conditional {
        /// Before `?`.
        condition: Box<Expr>,
        /// Between `?` and `:`.
        then: Box<Expr>,
        /// After `:`.
        otherwise: Box<Expr>,
    },
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`.
    Object(Vec<ObjectItem>),
    /// `[for v in c : e if p]` or `{for k, v in c : e => e... if p}`.
    For(Box<ForExpr>),
    /// `(e)`.
    Paren(Box<Expr>),
    /// Stands where the parser reported an error and went on; evaluating it is refused.
    Invalid,
}

/// One step of a [`ExprKind::Traversal`].
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`; `.0` too, whose text is then all digits (legacy index).
    Attr(Ident),
    /// `[key]`, with the span of the brackets.
    Index(Expr, Span),
    /// `.*` or `[*]`; `steps` apply to each element: after `.*` only attribute steps, after `[*]` all that follow.
    Splat {
        /// Which form.
        kind: SplatKind,
        /// What applies to each element; may be empty.
        steps: Vec<Step>,
        /// The marker itself.
        span: Span,
    },
}

/// The two splat forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplatKind {
    /// `.*`
    Attribute,
    /// `[*]`
    Full,
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function's name; `provider::p::f` keeps its colons in `text`.
    pub name: Ident,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Whether the last argument is followed by `...`.
    pub expand_last: bool,
}

/// One entry of an object constructor.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectItem {
    /// Before `=` or `:`.
    pub key: ObjectKey,
    /// After it.
    pub value: Expr,
}

/// A key of an object constructor.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectKey {
    /// A bare name, taken literally.
    Name(Ident),
    /// Anything else, evaluated: `(var.k)`, `"${x}"`, `1`, `a.b` (which is a reference).
    Expr(Expr),
}

/// A `for` expression.
#[derive(Clone, Debug, PartialEq)]
pub struct ForExpr {
    /// The first of two variables.
    pub key_var: Option<Ident>,
    /// The only or second variable.
    pub value_var: Ident,
    /// After `in`.
    pub collection: Expr,
    /// `Some` in the object form: the key before `=>`.
    pub key: Option<Expr>,
    /// The element, or the value after `=>`.
    pub value: Expr,
    /// After `if`.
    pub condition: Option<Expr>,
    /// Whether `...` follows the value.
    pub group: bool,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Text, escapes resolved and strip markers applied.
    Literal(Arc<str>, Span),
    /// `${e}`.
    Interpolation(Expr),
    /// `%{ if c }…%{ else }…%{ endif }`.
    If {
        /// The condition.
        condition: Expr,
        /// Where it holds.
        then: Vec<TemplatePart>,
        /// Where it doesn't; empty without `else`.
        otherwise: Vec<TemplatePart>,
        /// The whole directive.
        span: Span,
    },
    /// `%{ for k, v in c }…%{ endfor }`.
    For {
        /// The first of two variables.
        key_var: Option<Ident>,
        /// The only or second variable.
        value_var: Ident,
        /// After `in`.
        collection: Expr,
        /// Repeated for each element.
        body: Vec<TemplatePart>,
        /// The whole directive.
        span: Span,
    },
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// Infix operators, loosest binding first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}
