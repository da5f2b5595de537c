//! `usage` blocks: numbers that only use decides.

use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_provider::cost::{Decimal, Interval, Quantity, Usage, decimal};
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Kind, Number, PathStep, Type, Value, convert};

use super::reader::hidden;
use super::{Problem, block};

/// What a `usage` block takes that may declare the parameters of these names. Each is a number, or an object with `low`,
/// `expected` and `high`.
#[must_use]
pub fn schema<'a>(parameters: impl IntoIterator<Item = &'a str>) -> BlockSchema {
    let mut attributes: Vec<_> =
        parameters.into_iter().map(|name| AttributeSchema::optional(name, Type::Any, "")).collect();
    attributes.sort_by(|left, right| left.name.cmp(&right.name));
    attributes.dedup_by(|left, right| left.name == right.name);
    block("How much objects are used.", attributes)
}

/// The ends of a range.
const ENDS: [&str; 3] = ["low", "expected", "high"];

/// Reads the decoded body of a block. What is known after apply makes a number wide; what is null is not declared.
///
/// # Errors
/// All problems, each with the attribute at fault.
pub fn read(value: &Value) -> Result<Usage, Vec<Problem>> {
    let (mut usage, mut problems) = (Usage::default(), Vec::new());
    for (name, value) in value.as_entries().unwrap_or_default() {
        if value.is_null() {
            continue;
        }
        match quantity(name, value) {
            Ok(quantity) => {
                usage.0.insert(name.clone(), quantity);
            }
            Err((path, diagnostic)) => problems.push(Problem { path, diagnostic: *diagnostic }),
        }
    }
    if problems.is_empty() { Ok(usage) } else { Err(problems) }
}

type Fault = (AttributePath, Box<Diagnostic>);

fn quantity(name: &Arc<str>, value: &Value) -> Result<Quantity, Fault> {
    let root = AttributePath::attr(name.clone());
    if let Some(diagnostic) = hidden("Usage", value) {
        return Err((root, Box::new(diagnostic)));
    }
    let is_range = matches!(value.kind(), Kind::Object(_) | Kind::Map(_));
    if !is_range {
        let number = number(&root, value)?;
        let bounds = Interval::between(number.low, number.high);
        return Ok(declared(name, bounds, number.late));
    }
    for (end, _) in value.as_entries().unwrap_or_default() {
        if !ENDS.contains(&end.as_ref()) {
            let detail = format!("A range has `low`, `expected` and `high`, and no `{end}`.");
            let diagnostic = Diagnostic::error("unknown-argument", "Unknown argument", detail).suggest(end, ENDS);
            return Err((root.join(PathStep::Attr(end.clone())), Box::new(diagnostic)));
        }
    }
    let end = |end: &'static str| match value.get(end).filter(|value| !value.is_null()) {
        Some(value) => number(&root.join(PathStep::Attr(end.into())), value).map(Some),
        None => Ok(None),
    };
    let [low, expected, high] = [end("low")?, end("expected")?, end("high")?];
    in_order(&root, [("low", &low), ("expected", &expected), ("high", &high)])?;
    let late = [&low, &expected, &high].into_iter().flatten().any(|number| number.late);
    let (low, high) = (low.map_or(Decimal::ZERO, |low| low.low), high.and_then(|high| high.high));
    let interval = match expected.filter(|expected| !expected.late) {
        Some(expected) => Interval::new(low, expected.low, high),
        None => Interval::between(low, high),
    };
    Ok(declared(name, interval, late))
}

fn declared(name: &str, interval: Interval, late: bool) -> Quantity {
    if late {
        Quantity::late(interval, format!("`{name}` is known after apply"))
    } else {
        Quantity::wide(interval, format!("`{name}` is declared as a range"))
    }
}

/// A number, or the bounds of one that is known after apply.
struct Bounds {
    low: Decimal,
    high: Option<Decimal>,
    late: bool,
}

fn number(path: &AttributePath, value: &Value) -> Result<Bounds, Fault> {
    let invalid = |detail: String| {
        let diagnostic = Diagnostic::error("invalid-usage", "Invalid usage", detail);
        let hint = "Write a number, or a range such as `{ low = 100, expected = 500, high = 2000 }`.";
        (path.clone(), Box::new(diagnostic.hint(hint)))
    };
    let found = convert(value, &Type::Number)
        .map_err(|_| invalid(format!("Use is counted, and this is {}.", value.describe())))?;
    let counted = |number: &Number| match decimal(number) {
        Some(number) if number >= Decimal::ZERO => Ok(number),
        Some(number) => Err(invalid(format!("Use is not negative, and this is {number}."))),
        None => Err(invalid(format!("{number} is more than can be counted."))),
    };
    if let Kind::Number(number) = found.kind() {
        let number = counted(number)?;
        return Ok(Bounds { low: number, high: Some(number), late: false });
    }
    let interval = Interval::of(&found).unwrap_or(Interval::OPEN);
    Ok(Bounds { low: interval.low, high: interval.high, late: true })
}

/// Reports numbers of a range that fall where they should rise.
fn in_order(root: &AttributePath, ends: [(&'static str, &Option<Bounds>); 3]) -> Result<(), Fault> {
    let known = ends.into_iter().filter_map(|(name, bounds)| Some((name, bounds.as_ref().filter(|b| !b.late)?.low)));
    let known: Vec<(&'static str, Decimal)> = known.collect();
    for pair in known.windows(2) {
        if let [(lower, low), (upper, high)] = pair
            && low > high
        {
            let detail = format!(
                "`{lower}` is {low} and `{upper}` is {high}: a range rises from `low` over `expected` to `high`."
            );
            let diagnostic = Diagnostic::error("invalid-usage", "Invalid usage", detail);
            return Err((root.join(PathStep::Attr((*upper).into())), Box::new(diagnostic)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mesh_value::Refinements;

    use super::*;

    fn declare(value: Value) -> Result<Quantity, (String, &'static str)> {
        let name: Arc<str> = "storage_gb".into();
        quantity(&name, &value).map_err(|(path, diagnostic)| (path.to_string(), diagnostic.code))
    }

    fn range(ends: &[(&str, i64)]) -> Value {
        Value::object(ends.iter().map(|(name, number)| (*name, Value::number(*number))))
    }

    #[test]
    fn a_number_is_exact() {
        assert_eq!(declare(Value::number(500_i64)), Ok(Quantity::exactly(500)));
        assert_eq!(declare(Value::string("500")), Ok(Quantity::exactly(500)));
    }

    #[test]
    fn what_a_range_leaves_out_is_filled_in() {
        let interval = |ends: &[(&str, i64)]| declare(range(ends)).unwrap().interval.to_string();
        assert_eq!(interval(&[("low", 100), ("expected", 500), ("high", 2000)]), "100 .. 500 .. 2000");
        assert_eq!(interval(&[("low", 100), ("high", 200)]), "100 .. 150 .. 200");
        assert_eq!(interval(&[("low", 100)]), "100 .. 100 .. open");
        assert_eq!(interval(&[("expected", 5)]), "0 .. 5 .. open");
        let because = declare(range(&[("low", 1)])).unwrap().because;
        assert_eq!(because, ["`storage_gb` is declared as a range".into()]);
    }

    #[test]
    fn what_is_known_after_apply_is_late_and_keeps_its_bounds() {
        let bounded = Value::unknown_with(Type::Number, Refinements::number(Some(2.into()), Some(10.into())));
        let late = declare(bounded.clone()).unwrap();
        assert_eq!((late.interval.to_string().as_str(), late.late), ("2 .. 6 .. 10", true));
        let open = declare(Value::unknown(Type::Any)).unwrap();
        assert_eq!((open.interval, open.late), (Interval::OPEN, true));
        let high = Value::object([("low", Value::number(1_i64)), ("high", bounded)]);
        assert_eq!(declare(high).unwrap().interval.to_string(), "1 .. 5.5 .. 10");
    }

    #[test]
    fn problems_are_found_at_their_place() {
        let at = |path: &str, code| Err((format!(".storage_gb{path}"), code));
        assert_eq!(declare(Value::number(-1_i64)), at("", "invalid-usage"));
        assert_eq!(declare(Value::string("much")), at("", "invalid-usage"));
        assert_eq!(declare(range(&[("low", 5), ("high", 2)])), at(".high", "invalid-usage"));
        assert_eq!(declare(range(&[("lo", 5)])), at(".lo", "unknown-argument"));
        assert_eq!(declare(Value::number(1_i64).with_marks(mesh_value::Marks::SENSITIVE)), at("", "sensitive-cost"));
    }
}
