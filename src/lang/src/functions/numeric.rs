//! Functions on numbers.

use std::cmp::Ordering;

use mesh_value::{Number, Refinements, Value};

use super::float_math;
use super::function::{Answer, Function, Refusal, Shape, whole};

const NUMBERS: super::Parameter = whole("numbers", Shape::Number);
const NUMBER: super::Parameter = whole("num", Shape::Number);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("abs", "The absolute value of a number.", &[NUMBER], Shape::Number, abs)
        .example("abs(-3.5)", "3.5")
        .refined(abs_range),
    Function::pure("ceil", "The nearest whole number that is not less.", &[NUMBER], Shape::Number, |arguments| {
        Ok(Value::number(number(arguments, 0)?.ceil()))
    })
    .example("ceil(1.2)", "2")
    .refined(|arguments| map_bounds(arguments, Number::ceil)),
    Function::pure("floor", "The nearest whole number that is not greater.", &[NUMBER], Shape::Number, |arguments| {
        Ok(Value::number(number(arguments, 0)?.floor()))
    })
    .example("floor(1.8)", "1")
    .refined(|arguments| map_bounds(arguments, Number::floor)),
    Function::pure(
        "log",
        "The logarithm of a number to a base.",
        &[NUMBER, whole("base", Shape::Number)],
        Shape::Number,
        log,
    )
    .example("log(16, 2)", "4"),
    Function::pure("max", "The greatest of the given numbers.", &[NUMBERS], Shape::Number, |arguments| {
        choose(arguments, Ordering::Greater)
    })
    .example("max(2, 7, 5)", "7")
    .variadic(NUMBERS)
    .refined(max_range),
    Function::pure("min", "The least of the given numbers.", &[NUMBERS], Shape::Number, |arguments| {
        choose(arguments, Ordering::Less)
    })
    .example("min([2, 7, 5]...)", "2")
    .variadic(NUMBERS)
    .refined(min_range),
    Function::pure(
        "parseint",
        "The whole number that a text is in a base from 2 to 62.",
        &[whole("number", Shape::Any), whole("base", Shape::Number)],
        Shape::Number,
        parseint,
    )
    .example(r#"parseint("ff", 16)"#, "255"),
    Function::pure("pow", "A number raised to a power.", &[NUMBER, whole("power", Shape::Number)], Shape::Number, pow)
        .example("pow(3, 2)", "9"),
    Function::pure("signum", "-1, 0 or 1: the sign of a number.", &[NUMBER], Shape::Number, |arguments| {
        Ok(Value::number(integer(arguments, 0)?.signum()))
    })
    .example("signum(-13)", "-1")
    .refined(|_| Refinements::number(Some((-1).into()), Some(1.into()))),
];

/// The argument at an index, a number.
pub(super) fn number(arguments: &[Value], index: usize) -> Result<&Number, Refusal> {
    arguments.get(index).and_then(Value::as_number).ok_or_else(|| Refusal::of(index, "a number is required"))
}

/// The argument at an index, a whole number.
pub(super) fn integer(arguments: &[Value], index: usize) -> Result<i64, Refusal> {
    let number = number(arguments, index)?;
    number.to_i64().ok_or_else(|| {
        let what = if number.is_integer() { "is out of range" } else { "is not a whole number" };
        Refusal::of(index, format!("{number} {what}"))
    })
}

fn abs(arguments: &[Value]) -> Answer {
    Ok(Value::number(number(arguments, 0)?.abs()))
}

fn range(arguments: &[Value], index: usize) -> Refinements {
    arguments.get(index).map(Value::range).unwrap_or_default()
}

fn abs_range(arguments: &[Value]) -> Refinements {
    let range = range(arguments, 0);
    let (min, max) = (range.number_min, range.number_max);
    let most = min.as_ref().zip(max.as_ref()).map(|(min, max)| min.abs().max(max.abs()));
    let least = match (&min, &max) {
        (Some(min), _) if !min.is_negative() => min.clone(),
        (_, Some(max)) if max.is_negative() => max.abs(),
        _ => Number::ZERO,
    };
    Refinements::number(Some(least), most)
}

fn map_bounds(arguments: &[Value], map: fn(&Number) -> Number) -> Refinements {
    let range = range(arguments, 0);
    Refinements::number(range.number_min.as_ref().map(map), range.number_max.as_ref().map(map))
}

fn choose(arguments: &[Value], wanted: Ordering) -> Answer {
    let mut best = number(arguments, 0)?;
    for index in 1..arguments.len() {
        let candidate = number(arguments, index)?;
        if candidate.cmp(best) == wanted {
            best = candidate;
        }
    }
    Ok(Value::number(best.clone()))
}

fn max_range(arguments: &[Value]) -> Refinements {
    let ranges: Vec<_> = arguments.iter().map(Value::range).collect();
    let least = ranges.iter().filter_map(|range| range.number_min.clone()).max();
    let most: Option<Vec<_>> = ranges.iter().map(|range| range.number_max.clone()).collect();
    Refinements::number(least, most.and_then(|bounds| bounds.into_iter().max()))
}

fn min_range(arguments: &[Value]) -> Refinements {
    let ranges: Vec<_> = arguments.iter().map(Value::range).collect();
    let most = ranges.iter().filter_map(|range| range.number_max.clone()).min();
    let least: Option<Vec<_>> = ranges.iter().map(|range| range.number_min.clone()).collect();
    Refinements::number(least.and_then(|bounds| bounds.into_iter().min()), most)
}

fn log(arguments: &[Value]) -> Answer {
    let (value, base) = (number(arguments, 0)?.to_f64(), number(arguments, 1)?.to_f64());
    from_float(float_math::ln(value) / float_math::ln(base))
}

fn pow(arguments: &[Value]) -> Answer {
    let (base, power) = (number(arguments, 0)?.to_f64(), number(arguments, 1)?.to_f64());
    from_float(float_math::pow(base, power))
}

fn from_float(result: f64) -> Answer {
    Number::computed(result).map(Value::number).map_err(|_| Refusal::from("there is no such number"))
}

fn parseint(arguments: &[Value]) -> Answer {
    let given = arguments.first().map(Value::describe).unwrap_or_default();
    let text = arguments.first().and_then(Value::as_str);
    let text = text.ok_or_else(|| Refusal::of(0, format!("a string is required, this is {given}")))?;
    let base = integer(arguments, 1)?;
    if !(2..=62).contains(&base) {
        return Err(Refusal::of(1, format!("the base must be a whole number from 2 to 62, this is {base}")));
    }
    let refuse = || Refusal::of(0, format!("{text:?} is no whole number in base {base}"));
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(refuse());
    }
    let mut sum = Number::ZERO;
    for letter in digits.chars() {
        let digit = digit(letter, base).ok_or_else(refuse)?;
        let shifted = sum.checked_mul(&base.into()).map_err(|error| Refusal::of(0, error.to_string()))?;
        sum = shifted.checked_add(&digit.into()).map_err(|error| Refusal::of(0, error.to_string()))?;
    }
    let signed = sum.checked_mul(&Number::from(sign)).map_err(|error| Refusal::of(0, error.to_string()))?;
    Ok(Value::number(signed))
}

/// The value of a digit: letters count alike up to base 36, above it capital letters follow the small ones.
fn digit(letter: char, base: i64) -> Option<i64> {
    let value = match letter {
        '0'..='9' => i64::from(u32::from(letter) - u32::from('0')),
        'a'..='z' => i64::from(u32::from(letter) - u32::from('a')) + 10,
        'A'..='Z' if base <= 36 => i64::from(u32::from(letter) - u32::from('A')) + 10,
        'A'..='Z' => i64::from(u32::from(letter) - u32::from('A')) + 36,
        _ => return None,
    };
    (value < base).then_some(value)
}
