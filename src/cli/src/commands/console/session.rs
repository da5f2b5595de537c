//! What a console answers to one input.

use std::path::PathBuf;

use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap};
use mesh_engine::Console;
use mesh_lang::syntax::{Expr, ExprKind, TokenKind, parse_expression, tokens};
use mesh_value::{Type, Value};

use crate::failure::Failure;

/// The answer to an input.
#[derive(Debug)]
pub enum Answer {
    /// Nothing was asked.
    Nothing,
    /// A value.
    Value(Value),
    /// A type, which `type(...)` asked for.
    Type(Type),
    /// How to use the console.
    Help,
    /// The console ends.
    Leave,
}

/// A console in use.
pub struct Session<'a> {
    console: &'a Console<'a>,
    sources: &'a SourceMap,
    inputs: usize,
}

impl<'a> Session<'a> {
    /// A console on an evaluated configuration, whose files are `sources`.
    pub const fn new(console: &'a Console<'a>, sources: &'a SourceMap) -> Self {
        Self { console, sources, inputs: 0 }
    }

    /// Answers one input.
    ///
    /// # Errors
    /// Everything that is wrong with the expression.
    pub fn answer(&mut self, input: &str) -> Result<Answer, Failure> {
        match input.trim() {
            "" => return Ok(Answer::Nothing),
            "exit" | "quit" => return Ok(Answer::Leave),
            "help" => return Ok(Answer::Help),
            _ => {}
        }
        self.inputs += 1;
        let mut sources = self.sources.clone();
        let file = sources.add(PathBuf::from(format!("<input {}>", self.inputs)), input);
        let (expr, mut found) = parse_expression(input, file);
        found.extend(needs_a_plan(input, file));
        if found.has_errors() {
            return Err(Failure::new(found, sources));
        }
        self.evaluate(&expr).map_err(|found| Failure::new(found, sources))
    }

    fn evaluate(&self, expr: &Expr) -> Result<Answer, Diagnostics> {
        match typed(expr) {
            Some(of) => self.console.evaluate(of).map(|value| Answer::Type(value.ty())),
            None => self.console.evaluate(expr).map(Answer::Value),
        }
    }
}

/// The argument of `type(...)` where that is all of the expression.
fn typed(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => typed(inner),
        ExprKind::Call(call) if call.name.text.as_ref() == "type" && !call.expand_last => match call.args.as_slice() {
            [of] => Some(of),
            _ => None,
        },
        _ => None,
    }
}

/// `plantimestamp` has no value here: nothing is planned.
fn needs_a_plan(input: &str, file: FileId) -> Option<Diagnostic> {
    let mut code = tokens(input, file).into_iter().filter(|token| token.kind != TokenKind::Whitespace).peekable();
    while let Some(token) = code.next() {
        let text = input.get(token.span.start as usize..token.span.end as usize);
        let is_called = code.peek().is_some_and(|next| next.kind == TokenKind::OpenParen);
        if token.kind == TokenKind::Ident && text == Some("plantimestamp") && is_called {
            let detail = "plantimestamp is the time at which a plan was made, and a console makes none.";
            let error = Diagnostic::error("no-plan", "Nothing is planned here", detail).at(token.span);
            return Some(error.hint("timestamp() is the time now."));
        }
    }
    None
}
