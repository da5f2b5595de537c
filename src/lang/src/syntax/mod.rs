//! HCL native syntax: lossless tokens, and a syntax tree with a span on everything.

mod ast;
mod lexer;
mod parser;
mod token;

pub use ast::{
    Attribute, BinaryOp, Block, Body, Call, Expr, ExprKind, ForExpr, Ident, Label, ObjectItem, ObjectKey, SplatKind,
    Step, TemplatePart, UnaryOp,
};
pub use parser::{MAX_DEPTH, MAX_HEIGHT, parse, parse_expression, parse_template};
pub use token::{Token, TokenKind, tokens};
