//! Addresses written as expressions: `module.a["x"].local_bucket.landing[0]`.

use std::collections::VecDeque;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Span};
use mesh_lang::syntax::{Expr, ExprKind, Step};
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, Kind, Mode, ModulePath};

use crate::refactoring::Endpoint;

/// Words that start a reference and name no resource type.
const NO_TYPES: [&str; 9] = ["var", "local", "each", "count", "path", "self", "terraform", "mesh", "data_product"];

/// An address whose keys are not evaluated.
pub struct Written<'a> {
    /// The module calls, with the expression between their brackets.
    pub modules: Vec<(Arc<str>, Option<&'a Expr>)>,
    /// The block after them; none where a module is named.
    pub block: Option<WrittenBlock<'a>>,
}

/// A block in an address whose keys are not evaluated.
pub struct WrittenBlock<'a> {
    /// Resource or data.
    pub mode: Mode,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The expression between its brackets.
    pub key: Option<&'a Expr>,
}

/// Reads an address.
///
/// # Errors
/// What is wrong with it, at the part that is.
pub fn written(expr: &Expr) -> Result<Written<'_>, Box<Diagnostic>> {
    let mut parts = Parts::of(expr)?;
    let mut modules = Vec::new();
    while parts.take_word("module") {
        modules.push((parts.name("module")?.0, parts.key()));
    }
    if parts.rest.is_empty() && !modules.is_empty() {
        return Ok(Written { modules, block: None });
    }
    let mode = if parts.take_word("data") { Mode::Data } else { Mode::Managed };
    let is_marked = mode == Mode::Data || parts.take_word("resource");
    let (ty, at) = parts.name("module")?;
    if !is_marked && NO_TYPES.contains(&ty.as_ref()) {
        return Err(invalid(at, &format!("`{ty}` is not a resource type")));
    }
    let (name, _) = parts.name(&ty)?;
    let key = parts.key();
    match parts.rest.pop_front() {
        Some(Part::Name(_, span) | Part::Key(_, span)) => Err(invalid(span, "nothing more belongs here")),
        None => Ok(Written { modules, block: Some(WrittenBlock { mode, ty, name, key }) }),
    }
}

/// Reads an address whose keys are written out.
///
/// # Errors
/// As [`written`], and where a key has to be evaluated.
pub fn endpoint(expr: &Expr) -> Result<Endpoint, Box<Diagnostic>> {
    let Written { modules, block } = written(expr)?;
    let mut path = ModulePath::root();
    for (call, index) in modules {
        path = path.child(call, constant_key(index)?);
    }
    let Some(WrittenBlock { mode, ty, name, key }) = block else { return Ok(Endpoint::Module(path)) };
    let key = constant_key(key)?;
    Ok(Endpoint::Object(InstanceAddress { block: Arc::new(BlockAddress { module: path, mode, ty, name }), key }))
}

/// What comes after one another in an address.
enum Part<'a> {
    Name(&'a Arc<str>, Span),
    Key(&'a Expr, Span),
}

/// The parts that are not read yet.
struct Parts<'a> {
    rest: VecDeque<Part<'a>>,
    /// Where the part that was read last stands.
    last: Span,
}

impl<'a> Parts<'a> {
    fn of(expr: &'a Expr) -> Result<Self, Box<Diagnostic>> {
        let (root, steps): (&Expr, &[Step]) = match &expr.kind {
            ExprKind::Traversal { root, steps } => (root, steps),
            _ => (expr, &[]),
        };
        let ExprKind::Variable(first) = &root.kind else {
            return Err(invalid(root.span, "it starts with a resource type or with `module`"));
        };
        let mut rest = VecDeque::from([Part::Name(first, root.span)]);
        for step in steps {
            rest.push_back(match step {
                Step::Attr(ident) => Part::Name(&ident.text, ident.span),
                Step::Index(key, span) => Part::Key(key, *span),
                Step::Splat { span, .. } => return Err(invalid(*span, "a splat names no single object")),
            });
        }
        Ok(Self { rest, last: root.span })
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.rest.front(), Some(Part::Name(name, _)) if name.as_ref() == word);
        if let Some(Part::Name(_, span)) = is_next.then(|| self.rest.pop_front()).flatten() {
            self.last = span;
        }
        is_next
    }

    fn name(&mut self, after: &str) -> Result<(Arc<str>, Span), Box<Diagnostic>> {
        let span = match self.rest.pop_front() {
            Some(Part::Name(name, span)) if !name.starts_with(|first: char| first.is_ascii_digit()) => {
                self.last = span;
                return Ok((name.clone(), span));
            }
            Some(Part::Name(_, span) | Part::Key(_, span)) => span,
            None => self.last,
        };
        Err(invalid(span, &format!("a name is missing after `{after}`")))
    }

    fn key(&mut self) -> Option<&'a Expr> {
        let Some(Part::Key(key, span)) = self.rest.front() else { return None };
        let (key, span) = (*key, *span);
        self.last = span;
        self.rest.pop_front();
        Some(key)
    }
}

fn constant_key(key: Option<&Expr>) -> Result<InstanceKey, Box<Diagnostic>> {
    let Some(key) = key else { return Ok(InstanceKey::None) };
    let constant = match &key.kind {
        ExprKind::Literal(value) => match value.kind() {
            Kind::String(text) => Some(InstanceKey::Key(text.clone())),
            Kind::Number(index) => index.to_u64().map(InstanceKey::Index),
            _ => None,
        },
        _ => None,
    };
    constant.ok_or_else(|| invalid(key.span, "a key is a whole number or a quoted text here, nothing to be evaluated"))
}

fn invalid(span: Span, why: &str) -> Box<Diagnostic> {
    let detail = format!("This is not the address of a resource or of a module: {why}.");
    let error = Diagnostic::error("invalid-address", "Invalid address", detail).at(span);
    Box::new(error.hint("Write it like `local_bucket.landing`, `local_object.day[\"mon\"]` or `module.warehouse`."))
}
