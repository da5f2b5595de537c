//! `condition ? then : otherwise`: both sides give the type, one the value.

use mesh_diagnostics::Span;
use mesh_value::{Kind, Marks, Type, Value, convert, unify};

use super::evaluator::{Evaluator, Fault, Outcome, fault, unknown};
use crate::syntax::{Expr, ExprKind, Step};

impl Evaluator<'_> {
    /// The side that the condition chooses, in the type that both have in common. What the other side reads or
    /// gets wrong doesn't count; where the condition is not known yet, both sides' reads do.
    pub(super) fn conditional(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Outcome {
        let test = self.eval(condition);
        let (test, marks) = match truth(&test, "A condition", condition.span) {
            Ok(test) => test,
            Err(fault) => {
                self.report(condition, *fault);
                return Ok(unknown());
            }
        };
        let (then_value, otherwise_value) = match test {
            Some(true) => (self.eval(then), self.for_type(otherwise)),
            Some(false) => {
                let then_value = self.for_type(then);
                (then_value, self.eval(otherwise))
            }
            None => (self.attempt(then).0, self.attempt(otherwise).0),
        };
        let ty = common_type(&then_value, &otherwise_value)?;
        let in_type = |value: &Value| {
            convert(value, &ty).map_err(|error| inconsistent(&then_value, &otherwise_value, Some(error.to_string())))
        };
        // Which of them it was must not show, so that the mark of one is that of both, whatever the condition.
        let marks = marks | then_value.marks() | otherwise_value.marks();
        let result = match test {
            Some(true) => in_type(&then_value)?,
            Some(false) => in_type(&otherwise_value)?,
            None => {
                let (then_value, otherwise_value) = (in_type(&then_value)?, in_type(&otherwise_value)?);
                let known = then_value.range().either(&otherwise_value.range()).suited_to(&ty);
                let marks = then_value.deep_marks() | otherwise_value.deep_marks();
                Value::unknown_with(ty.without_optional(), known).with_marks(marks)
            }
        };
        Ok(result.with_marks(marks))
    }

    fn for_type(&self, expr: &Expr) -> Value {
        if let ExprKind::Literal(value) = &expr.kind {
            value.clone()
        } else {
            // Where it is wrong, nothing is known of its type, but that a splat gives elements.
            self.unrecorded(|quiet| match quiet.eval(expr) {
                value if !quiet.diagnostics.has_errors() => value,
                _ if is_splat(expr) => Value::unknown(Type::list(Type::Any)),
                _ => unknown(),
            })
        }
    }
}

fn is_splat(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) => is_splat(inner),
        ExprKind::Traversal { steps, .. } => steps.iter().any(|step| matches!(step, Step::Splat { .. })),
        _ => false,
    }
}

/// Whether a condition holds, `None` where that is not known yet, and its marks.
pub(super) fn truth(value: &Value, what: &str, span: Span) -> Result<(Option<bool>, Marks), Fault> {
    let refuse = |detail: String| Box::new(fault("invalid-condition", "Invalid condition", detail).at(span));
    if value.is_null() {
        return Err(refuse(format!("{what} must be true or false, this is null.")));
    }
    match convert(value, &Type::Bool) {
        Ok(test) => Ok((test.as_bool(), test.marks())),
        Err(_) => Err(refuse(format!("{what} must be true or false, this is {}.", value.describe()))),
    }
}

fn common_type(then: &Value, otherwise: &Value) -> Result<Type, Fault> {
    let (then_type, otherwise_type) = (then.ty(), otherwise.ty());
    match (then.kind(), otherwise.kind()) {
        // It may become of any type, and the result with it.
        (Kind::Unknown(known), _) | (_, Kind::Unknown(known)) if known.0 == Type::Any => return Ok(Type::Any),
        (Kind::Null(Type::Any), _) => return Ok(otherwise_type),
        (_, Kind::Null(Type::Any)) => return Ok(then_type),
        _ => {}
    }
    let types = [settled(then, &then_type, &otherwise_type), settled(otherwise, &otherwise_type, &then_type)];
    unify(&types).ok_or_else(|| inconsistent(then, otherwise, None))
}

/// The type of a value, with the other side's primitive types in place of those of its nulls that have none.
fn settled(value: &Value, ty: &Type, other: &Type) -> Type {
    match (value.kind(), other) {
        _ if !ty.has_any() => ty.clone(),
        (Kind::Null(Type::Any), _) if other.is_primitive() => other.clone(),
        (Kind::Object(attributes), Type::Object(others))
            if attributes.len() == others.len() && others.iter().all(|other| value.get(&other.name).is_some()) =>
        {
            let inner = |name: &str, value: &Value| match other.attribute(name) {
                Some(attribute) => settled(value, &value.ty(), &attribute.ty),
                None => value.ty(),
            };
            Type::object(attributes.iter().map(|(name, value)| (name.clone(), inner(name, value))))
        }
        (Kind::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
            Type::tuple(values.iter().zip(types.iter()).map(|(value, other)| settled(value, &value.ty(), other)))
        }
        _ => ty.clone(),
    }
}

fn inconsistent(then: &Value, otherwise: &Value, why: Option<String>) -> Fault {
    let why =
        why.or_else(|| difference(&then.ty(), &otherwise.ty())).map(|why| format!(" ({why})")).unwrap_or_default();
    let detail = format!(
        "Both results of a conditional must have one type. Where the condition holds this gives {}, otherwise {}{why}.",
        with_article(&then.ty()),
        with_article(&otherwise.ty())
    );
    let error = fault("inconsistent-conditional", "Inconsistent conditional result types", detail);
    Box::new(error.hint("Convert one of them, for example with tostring(…), or give both the same attributes."))
}

/// Where two types part, for types that look alike from outside.
fn difference(left: &Type, right: &Type) -> Option<String> {
    match (left, right) {
        (Type::Object(left), Type::Object(right)) => {
            let missing = |from: &[mesh_value::ObjectAttribute], there: &Type| {
                from.iter().find(|attribute| there.attribute(&attribute.name).is_none()).map(|a| a.name.clone())
            };
            if let Some(name) = missing(left, &Type::Object(right.clone())) {
                return Some(format!("only the first has the attribute {name:?}"));
            }
            if let Some(name) = missing(right, &Type::Object(left.clone())) {
                return Some(format!("only the second has the attribute {name:?}"));
            }
            left.iter().zip(right.iter()).find(|(l, r)| unify(&[l.ty.clone(), r.ty.clone()]).is_none()).map(|(l, r)| {
                match difference(&l.ty, &r.ty) {
                    Some(inside) => format!("in the attribute {:?}, {inside}", l.name),
                    None => format!(
                        "the attribute {:?} is {} in one, {} in the other",
                        l.name,
                        with_article(&l.ty),
                        with_article(&r.ty)
                    ),
                }
            })
        }
        (Type::Tuple(left), Type::Tuple(right)) if left.len() != right.len() => {
            Some(format!("the first has {} elements, the second {}", left.len(), right.len()))
        }
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => {
            let inside = difference(left, right);
            Some(inside.unwrap_or_else(|| format!("the elements are {} and {}", left.describe(), right.describe())))
        }
        _ => None,
    }
}

/// `a number`, `an object`
fn with_article(ty: &Type) -> String {
    let described = ty.describe();
    let article = if described.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {described}")
}
