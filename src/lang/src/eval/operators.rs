//! Operators, also on values that are not known yet: what their bounds decide is decided.

use mesh_diagnostics::Span;
use mesh_value::{Kind, Marks, Number, NumberError, Refinements, Type, Value, convert};

use super::evaluator::{Fault, Outcome, fault};
use crate::syntax::{BinaryOp, UnaryOp};

/// An operand and where it stands.
type Operand<'v> = (&'v Value, Span);

/// An operand in the operator's type, and its marks.
type Taken = (Value, Marks);

/// `-x`, `!x`
pub(super) fn unary(op: UnaryOp, value: &Value, span: Span) -> Outcome {
    match op {
        UnaryOp::Negate => {
            let (number, marks) = operand("-", (value, span), &Type::Number)?;
            if let Some(number) = number.as_number() {
                return Ok(Value::number(-number).with_marks(marks));
            }
            let zero = Value::number(0);
            arithmetic(BinaryOp::Subtract, &zero, &number).map(|value| value.with_marks(marks))
        }
        UnaryOp::Not => {
            let (value, marks) = operand("!", (value, span), &Type::Bool)?;
            Ok(truth(value.as_bool().map(|value| !value)).with_marks(marks))
        }
    }
}

/// `left op right`
pub(super) fn binary(op: BinaryOp, left: Operand<'_>, right: Operand<'_>) -> Outcome {
    match op {
        BinaryOp::Equal => Ok(left.0.equals(right.0)),
        BinaryOp::NotEqual => {
            let equal = left.0.equals(right.0);
            Ok(truth(equal.as_bool().map(|equal| !equal)).with_marks(equal.marks()))
        }
        BinaryOp::Or | BinaryOp::And => {
            let ((left, left_marks), (right, right_marks)) = both(op, left, right, &Type::Bool)?;
            let decisive = op == BinaryOp::Or;
            let answer = match (left.as_bool(), right.as_bool()) {
                (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
                (Some(_), Some(_)) => Some(!decisive),
                _ => None,
            };
            Ok(truth(answer).with_marks(left_marks | right_marks))
        }
        BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
            let ((left, left_marks), (right, right_marks)) = both(op, left, right, &Type::Number)?;
            Ok(truth(compare(op, &left, &right)).with_marks(left_marks | right_marks))
        }
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
            let ((left, left_marks), (right, right_marks)) = both(op, left, right, &Type::Number)?;
            arithmetic(op, &left, &right).map(|value| value.with_marks(left_marks | right_marks))
        }
    }
}

const fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}

fn both(op: BinaryOp, left: Operand<'_>, right: Operand<'_>, ty: &Type) -> Result<(Taken, Taken), Fault> {
    Ok((operand(symbol(op), left, ty)?, operand(symbol(op), right, ty)?))
}

/// The operand in the operator's type, and its marks.
fn operand(symbol: &str, (value, span): Operand<'_>, ty: &Type) -> Result<Taken, Fault> {
    let refuse = |why: String| {
        let hint = match (symbol, value.kind()) {
            ("+", Kind::String(_)) => Some("To join strings, write a template: \"${a}${b}\"."),
            ("+", Kind::List(_) | Kind::Tuple(_) | Kind::Set(_)) => Some("To join lists, call concat(a, b)."),
            ("+", Kind::Map(_) | Kind::Object(_)) => Some("To join maps, call merge(a, b)."),
            _ => None,
        };
        let mut error = fault("invalid-operand", "Invalid operand", why).at(span);
        error.hints.extend(hint.map(str::to_owned));
        Box::new(error)
    };
    if value.is_null() {
        return Err(refuse(format!("{symbol} takes {}, this is null.", ty.describe_one())));
    }
    match convert(value, ty) {
        Ok(converted) => Ok(converted.unmark()),
        Err(_) => Err(refuse(format!("{symbol} takes {}, this is {}.", ty.describe_one(), value.describe()))),
    }
}

/// A bool, or one that is not known yet.
fn truth(answer: Option<bool>) -> Value {
    answer.map_or_else(|| Value::unknown_with(Type::Bool, Refinements::not_null()), Value::bool)
}

/// What the bounds of both sides decide.
fn compare(op: BinaryOp, left: &Value, right: &Value) -> Option<bool> {
    let (left, right) = (left.range(), right.range());
    let certainly = |low: &Option<Number>, high: &Option<Number>, test: fn(&Number, &Number) -> bool| {
        low.as_ref().zip(high.as_ref()).is_some_and(|(low, high)| test(low, high))
    };
    let decide = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    let (l, r) = match op {
        BinaryOp::Less | BinaryOp::LessOrEqual => (&left, &right),
        _ => (&right, &left),
    };
    match op {
        BinaryOp::Less | BinaryOp::Greater => decide(
            certainly(&l.number_max, &r.number_min, |a, b| a < b),
            certainly(&l.number_min, &r.number_max, |a, b| a >= b),
        ),
        _ => decide(
            certainly(&l.number_max, &r.number_min, |a, b| a <= b),
            certainly(&l.number_min, &r.number_max, |a, b| a > b),
        ),
    }
}

fn arithmetic(op: BinaryOp, left: &Value, right: &Value) -> Outcome {
    if let (Some(l), Some(r)) = (left.as_number(), right.as_number()) {
        return compute(op, l, r).map(Value::number).map_err(|error| match error {
            NumberError::Undefined => {
                let detail = format!("{l} {} {r} has no result.", symbol(op));
                let error = fault("undefined-result", "Result is not defined", detail);
                Box::new(if r.is_zero() {
                    error.hint("Where zero is possible, say what to use then, with a conditional.")
                } else {
                    *error
                })
            }
            error => fault(
                "number-out-of-range",
                "Number out of range",
                format!("The result of {} can't be held: {error}.", symbol(op)),
            ),
        });
    }
    let (min, max) = bounds(op, &left.range(), &right.range());
    Ok(Value::unknown_with(Type::Number, Refinements::number(min, max)))
}

fn compute(op: BinaryOp, left: &Number, right: &Number) -> Result<Number, NumberError> {
    match op {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Multiply => left.checked_mul(right),
        BinaryOp::Divide => left.checked_div(right),
        BinaryOp::Modulo => left.checked_rem(right),
        _ => left.checked_sub(right),
    }
}

/// The interval of a result from the intervals of the operands.
fn bounds(op: BinaryOp, left: &Refinements, right: &Refinements) -> (Option<Number>, Option<Number>) {
    let (l_min, l_max) = (left.number_min.as_ref(), left.number_max.as_ref());
    let (r_min, r_max) = (right.number_min.as_ref(), right.number_max.as_ref());
    let with = |l: Option<&Number>, r: Option<&Number>| compute(op, l?, r?).ok().filter(|n| !n.is_infinite());
    let is_positive = |number: Option<&Number>| number.is_some_and(|n| !n.is_negative() && !n.is_zero());
    let is_natural = |number: Option<&Number>| number.is_some_and(|n| !n.is_negative());
    match op {
        BinaryOp::Add => (with(l_min, r_min), with(l_max, r_max)),
        BinaryOp::Subtract => (with(l_min, r_max), with(l_max, r_min)),
        BinaryOp::Modulo if is_natural(l_min) && is_positive(r_min) => (Some(Number::ZERO), r_max.cloned()),
        BinaryOp::Divide if !is_positive(r_min) && !r_max.is_some_and(Number::is_negative) => (None, None),
        BinaryOp::Multiply | BinaryOp::Divide => {
            let corners: Option<Vec<_>> = [(l_min, r_min), (l_min, r_max), (l_max, r_min), (l_max, r_max)]
                .map(|(l, r)| with(l, r))
                .into_iter()
                .collect();
            match corners {
                Some(corners) => (corners.iter().min().cloned(), corners.iter().max().cloned()),
                None if op == BinaryOp::Multiply && is_natural(l_min) && is_natural(r_min) => {
                    (with(l_min, r_min), None)
                }
                None => (None, None),
            }
        }
        _ => (None, None),
    }
}
