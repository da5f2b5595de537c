//! What a function of the language is: a row of the table that serves evaluation, documentation and completion.

use std::fmt;

use mesh_diagnostics::Span;
use mesh_value::{Refinements, Type, Value};

use crate::eval::{Environment, Evaluator, Outcome};
use crate::syntax::Call;

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name; `core::NAME` calls it too.
    pub name: &'static str,
    /// What it does, in a sentence of Markdown.
    pub doc: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// A parameter that takes any number of further arguments.
    pub variadic: Option<Parameter>,
    /// A call, and an expression of its result.
    pub example: (&'static str, &'static str),
    /// Whether equal arguments always give equal results.
    pub is_repeatable: bool,
    /// Whether its first argument must be a reference.
    pub(crate) needs_reference: bool,
    /// The type of its result; `any` where that depends on the arguments.
    pub returns: Shape,
    /// The type of the result of arguments that are not known yet, where it depends on them.
    pub(crate) typed: Option<fn(&[Value]) -> Type>,
    /// What is known of a result before it is known, beyond that it is not null.
    pub(crate) refined: Option<fn(&[Value]) -> Refinements>,
    pub(crate) run: Run,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name, as messages and documentation have it.
    pub name: &'static str,
    /// The type that arguments are converted to.
    pub shape: Shape,
    /// Whether null is an argument too.
    pub nullable: bool,
    pub(crate) takes: Takes,
}

/// How far a function looks into an argument. Marks are taken off so far and put on the result; where something is
/// not known so far, neither is the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// All of it.
    Whole,
    /// Only the value itself: elements go through as they are.
    Outer,
    /// The function sees the argument as it is.
    Raw,
}

/// A type that a table can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `any`
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(…)`
    List(&'static Shape),
    /// `set(…)`
    Set(&'static Shape),
    /// `map(…)`
    Map(&'static Shape),
}

impl Shape {
    /// The type.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::String => Type::String,
            Self::List(element) => Type::list(element.ty()),
            Self::Set(element) => Type::set(element.ty()),
            Self::Map(element) => Type::map(element.ty()),
        }
    }
}

/// What a function does.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// From the arguments alone.
    Pure(fn(&[Value]) -> Answer),
    /// From the arguments and the outer world.
    World(fn(&dyn Environment, &[Value]) -> Answer),
    /// By evaluating a template that an argument names or holds.
    Template(fn(&mut Evaluator<'_>, &[Value]) -> Answer),
    /// On the arguments before they are evaluated.
    Expressions(fn(&mut Evaluator<'_>, &Call, Span) -> Outcome),
}

impl fmt::Debug for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Pure(_) => "Pure",
            Self::World(_) => "World",
            Self::Template(_) => "Template",
            Self::Expressions(_) => "Expressions",
        })
    }
}

/// What a function answers.
pub(crate) type Answer = Result<Value, Refusal>;

/// Why a function has no result.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Which argument is at fault, from 0, where it is one.
    pub(crate) argument: Option<usize>,
    /// A sentence without its full stop.
    pub(crate) detail: String,
    /// A way out, a full sentence.
    pub(crate) hint: Option<String>,
}

impl Refusal {
    /// One argument is at fault.
    pub(crate) fn of(argument: usize, detail: impl Into<String>) -> Self {
        Self { argument: Some(argument), detail: detail.into(), hint: None }
    }

    /// With a way out.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl<T: Into<String>> From<T> for Refusal {
    fn from(detail: T) -> Self {
        Self { argument: None, detail: detail.into(), hint: None }
    }
}

/// An evaluated argument and where it stands.
pub(crate) struct Argument {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// A parameter whose argument must be known with all inside.
pub(super) const fn whole(name: &'static str, shape: Shape) -> Parameter {
    Parameter { name, shape, nullable: false, takes: Takes::Whole }
}

/// A parameter that only looks at its argument's outside.
pub(super) const fn outer(name: &'static str, shape: Shape) -> Parameter {
    Parameter { name, shape, nullable: false, takes: Takes::Outer }
}

/// A parameter that gets its argument as it is.
pub(super) const fn raw(name: &'static str, shape: Shape) -> Parameter {
    Parameter { name, shape, nullable: false, takes: Takes::Raw }
}

impl Parameter {
    /// Takes null too.
    pub(super) const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }
}

impl Function {
    const fn new(
        name: &'static str,
        doc: &'static str,
        parameters: &'static [Parameter],
        returns: Shape,
        run: Run,
    ) -> Self {
        Self {
            name,
            doc,
            parameters,
            optional: 0,
            variadic: None,
            example: ("", ""),
            is_repeatable: true,
            needs_reference: false,
            returns,
            typed: None,
            refined: None,
            run,
        }
    }

    /// A function of its arguments alone.
    pub(super) const fn pure(
        name: &'static str,
        doc: &'static str,
        parameters: &'static [Parameter],
        returns: Shape,
        run: fn(&[Value]) -> Answer,
    ) -> Self {
        Self::new(name, doc, parameters, returns, Run::Pure(run))
    }

    /// A function that needs the outer world.
    pub(super) const fn world(
        name: &'static str,
        doc: &'static str,
        parameters: &'static [Parameter],
        returns: Shape,
        run: fn(&dyn Environment, &[Value]) -> Answer,
    ) -> Self {
        Self::new(name, doc, parameters, returns, Run::World(run))
    }

    /// A function that evaluates a template.
    pub(super) const fn template(
        name: &'static str,
        doc: &'static str,
        parameters: &'static [Parameter],
        returns: Shape,
        run: fn(&mut Evaluator<'_>, &[Value]) -> Answer,
    ) -> Self {
        Self::new(name, doc, parameters, returns, Run::Template(run))
    }

    /// A function on expressions.
    pub(super) const fn expressions(
        name: &'static str,
        doc: &'static str,
        parameters: &'static [Parameter],
        returns: Shape,
        run: fn(&mut Evaluator<'_>, &Call, Span) -> Outcome,
    ) -> Self {
        Self::new(name, doc, parameters, returns, Run::Expressions(run))
    }

    /// With a call that shows it, and its result.
    pub(super) const fn example(mut self, call: &'static str, result: &'static str) -> Self {
        self.example = (call, result);
        self
    }

    /// Each call may answer something else.
    pub(super) const fn not_repeatable(mut self) -> Self {
        self.is_repeatable = false;
        self
    }

    /// The first argument must be a reference.
    pub(super) const fn of_reference(mut self) -> Self {
        self.needs_reference = true;
        self
    }

    /// The last parameters may be left out.
    pub(super) const fn optional(mut self, count: usize) -> Self {
        self.optional = count;
        self
    }

    /// Takes any number of further arguments.
    pub(super) const fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// The result's type depends on the arguments.
    pub(super) const fn typed(mut self, typed: fn(&[Value]) -> Type) -> Self {
        self.typed = Some(typed);
        self
    }

    /// More is known of a result before it is known.
    pub(super) const fn refined(mut self, refined: fn(&[Value]) -> Refinements) -> Self {
        self.refined = Some(refined);
        self
    }

    /// The parameters before the variadic one. `coalesce(vals...)` takes at least one value, but its signature names
    /// them once.
    #[must_use]
    pub fn fixed(&self) -> &'static [Parameter] {
        match (self.parameters.split_last(), &self.variadic) {
            (Some((last, before)), Some(variadic)) if last.name == variadic.name => before,
            _ => self.parameters,
        }
    }

    /// The parameter that takes the argument at an index.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

/// How one calls it: `substr(string, offset, length)`, `lookup(map, key, [default])`, `max(numbers...)`.
impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let required = self.parameters.len() - self.optional;
        let fixed = self.fixed().iter().enumerate();
        let fixed =
            fixed.map(
                |(index, parameter)| {
                    if index < required { parameter.name.to_owned() } else { format!("[{}]", parameter.name) }
                },
            );
        let rest = self.variadic.iter().map(|parameter| format!("{}...", parameter.name));
        write!(out, "{}({})", self.name, fixed.chain(rest).collect::<Vec<_>>().join(", "))
    }
}
