//! HCL syntax, native and in JSON: lossless tokens, and a syntax tree with a span on everything.

mod ast;
mod json;
mod lexer;
mod parser;
mod token;

pub use ast::{
    Attribute, BinaryOp, Block, Body, Call, Expr, ExprKind, ForExpr, Ident, Label, ObjectItem, ObjectKey, SplatKind,
    Step, TemplatePart, UnaryOp,
};
pub use json::{BlockShape, Rest, Shape, Strings, parse_json};
pub use parser::{MAX_DEPTH, MAX_HEIGHT, parse, parse_expression, parse_template};
pub use token::{Token, TokenKind, tokens};
