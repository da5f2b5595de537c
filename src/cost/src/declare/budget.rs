//! `budget` blocks, of the mesh, of a domain and of a data product.

use mesh_provider::cost::Decimal;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, Type, Value};

use super::reader::{Reader, known_after_apply};
use super::{Problem, block};
use crate::budget::{Budget, BudgetBasis, OnExceed, Period};

/// What a `budget` block takes.
#[must_use]
pub fn schema() -> BlockSchema {
    block(
        "What may be spent in a period, and what happens past it.",
        vec![
            AttributeSchema::required("amount", Type::Number, "So much of the currency a period; more than 0."),
            AttributeSchema::optional(
                "basis",
                Type::String,
                "Which number of an estimate is held against it: `expected` (default) or `high`, the most that it can be.",
            ),
            AttributeSchema::optional("currency", Type::String, "The currency's code (ISO 4217). Defaults to `USD`."),
            AttributeSchema::optional(
                "on_exceed",
                Type::String,
                "What happens past it: `deny` (default) refuses the change, `warn` says it.",
            ),
            AttributeSchema::optional("period", Type::String, "`monthly` (default), `quarterly` or `yearly`."),
            AttributeSchema::optional(
                "thresholds",
                Type::list(Type::Number),
                "Percentages of the amount, more than 0 and at most 100. Reaching one is a warning.",
            ),
        ],
    )
}

/// A `budget` block inside of another block, which may have one.
#[must_use]
pub fn nested() -> NestedBlockSchema {
    NestedBlockSchema { name: "budget".into(), nesting: Nesting::Single, block: schema(), min: 0, max: Some(1) }
}

/// The words of `period`.
const PERIODS: [(&str, Period); 3] =
    [("monthly", Period::Monthly), ("quarterly", Period::Quarterly), ("yearly", Period::Yearly)];

/// The words of `basis`.
const BASES: [(&str, BudgetBasis); 2] = [("expected", BudgetBasis::Expected), ("high", BudgetBasis::High)];

/// The words of `on_exceed`.
const ON_EXCEED: [(&str, OnExceed); 2] = [("deny", OnExceed::Deny), ("warn", OnExceed::Warn)];

/// Reads the decoded body of a block.
///
/// # Errors
/// All problems, each with the attribute at fault.
pub fn read(value: &Value) -> Result<Budget, Vec<Problem>> {
    let mut reader = Reader::new(value, "A budget");
    let amount = reader.number("amount");
    let amount = reader.needed("amount", amount);
    if let Some(amount) = amount.filter(|amount| *amount <= Decimal::ZERO) {
        let detail = format!("A budget is more than nothing, and this one is {amount}.");
        reader.invalid(AttributePath::attr("amount"), detail);
    }
    let currency = reader.currency("currency");
    let period = reader.word("period", &PERIODS);
    let basis = reader.word("basis", &BASES);
    let on_exceed = reader.word("on_exceed", &ON_EXCEED);
    let thresholds = thresholds(&mut reader);
    reader.finish(amount.map(|amount| Budget { amount, currency, period, basis, on_exceed, thresholds }))
}

/// Reads the `budget` block inside of another decoded block, where it has one. Paths are from the other block.
///
/// # Errors
/// All problems, each with the attribute at fault.
pub fn of(value: &Value) -> Result<Option<Budget>, Vec<Problem>> {
    let root = AttributePath::attr("budget");
    let Some(value) = value.get("budget").filter(|budget| !budget.is_null()) else { return Ok(None) };
    if !value.is_known() {
        return Err(vec![Problem { path: root, diagnostic: known_after_apply("A budget") }]);
    }
    let inside = |problem: Problem| {
        let path = problem.path.steps().iter().fold(root.clone(), |path, step| path.join(step.clone()));
        Problem { path, ..problem }
    };
    read(value).map(Some).map_err(|problems| problems.into_iter().map(inside).collect())
}

/// The value of a block whose budget was read, with what it leaves out filled in: what expressions see.
#[must_use]
pub fn exported(value: &Value) -> Value {
    if value.is_null() {
        return Value::null(schema().implied_type());
    }
    let or = |name: &str, default: Value| match value.get(name) {
        Some(given) if !given.is_null() => given.clone(),
        _ => default,
    };
    Value::object([
        ("amount", or("amount", Value::null(Type::Number))),
        ("basis", or("basis", Value::string("expected"))),
        ("currency", or("currency", Value::string("USD"))),
        ("on_exceed", or("on_exceed", Value::string("deny"))),
        ("period", or("period", Value::string("monthly"))),
        ("thresholds", or("thresholds", Value::list(Type::Number, Vec::new()))),
    ])
}

/// Rising, each once.
fn thresholds(reader: &mut Reader<'_>) -> Vec<Decimal> {
    let mut thresholds = Vec::new();
    for (path, element) in reader.elements("thresholds") {
        let Some(percent) = reader.decimal(&path, element) else { continue };
        if percent <= Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
            let detail =
                format!("A threshold is a percentage of the amount: more than 0, at most 100. This is {percent}.");
            reader.invalid(path, detail);
        }
        thresholds.push(percent);
    }
    thresholds.sort_unstable();
    thresholds.dedup();
    thresholds
}

#[cfg(test)]
mod tests {
    use mesh_value::{Marks, Type};

    use super::*;

    fn body(entries: &[(&str, Value)]) -> Value {
        let all = ["amount", "basis", "currency", "on_exceed", "period", "thresholds"];
        Value::object(all.map(|name| {
            let given = entries.iter().find(|(given, _)| *given == name).map(|(_, value)| value.clone());
            (name, given.unwrap_or_else(|| Value::null(Type::Any)))
        }))
    }

    fn codes(value: &Value) -> Vec<(String, &'static str)> {
        let problems = read(value).unwrap_err();
        problems.iter().map(|problem| (problem.path.to_string(), problem.diagnostic.code)).collect()
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let budget = read(&body(&[("amount", Value::number(100_i64))])).unwrap();
        assert_eq!((budget.amount, &*budget.currency), (100.into(), "USD"));
        assert_eq!((budget.period, budget.basis, budget.on_exceed), Default::default());
        assert!(budget.thresholds.is_empty());
    }

    #[test]
    fn thresholds_rise_each_once() {
        let given = [80_i64, 50, 80].map(Value::number).to_vec();
        let thresholds = Value::list(Type::Number, given);
        let budget = read(&body(&[("amount", Value::number(1_i64)), ("thresholds", thresholds)])).unwrap();
        assert_eq!(budget.thresholds, [50.into(), 80.into()]);
    }

    #[test]
    fn all_problems_are_found_at_their_place() {
        let thresholds = Value::list(Type::Number, [0_i64, 101].map(Value::number).to_vec());
        let wrong = body(&[
            ("amount", Value::number(0_i64)),
            ("basis", Value::string("hihg")),
            ("currency", Value::string("euro")),
            ("period", Value::string("weekly")),
            ("thresholds", thresholds),
        ]);
        let expected = [
            (".amount", "invalid-amount"),
            (".currency", "invalid-currency"),
            (".period", "unknown-word"),
            (".basis", "unknown-word"),
            (".thresholds[0]", "invalid-amount"),
            (".thresholds[1]", "invalid-amount"),
        ];
        assert_eq!(codes(&wrong), expected.map(|(path, code)| (path.to_owned(), code)));
    }

    #[test]
    fn an_amount_is_known_and_no_secret() {
        let amount = |value: Value| body(&[("amount", value)]);
        let at_amount = |code| vec![(".amount".to_owned(), code)];
        assert_eq!(codes(&amount(Value::unknown(Type::Number))), at_amount("cost-known-after-apply"));
        assert_eq!(codes(&amount(Value::null(Type::Number))), at_amount("missing-argument"));
        let secret = Value::number(5_i64).with_marks(Marks::SENSITIVE);
        assert_eq!(codes(&amount(secret)), at_amount("sensitive-cost"));
        let ephemeral = Value::number(5_i64).with_marks(Marks::EPHEMERAL);
        assert_eq!(codes(&amount(ephemeral)), at_amount("ephemeral-value"));
    }
}
