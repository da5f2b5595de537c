//! Which form a bill has, and where its columns are.

use std::fmt;

use super::error::BillError;

/// The form of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillForm {
    /// AWS's Cost and Usage Report, with columns such as `lineItem/UnblendedCost`.
    Cur,
    /// Its second version, with columns such as `line_item_unblended_cost`.
    Cur2,
    /// FOCUS 1.0 to 1.2, with columns such as `BilledCost`.
    Focus,
}

impl fmt::Display for BillForm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Cur => "AWS Cost and Usage Report",
            Self::Cur2 => "AWS Cost and Usage Report 2.0",
            Self::Focus => "FOCUS",
        })
    }
}

/// Where the columns are that are read; the number of fields before each.
#[derive(Debug)]
pub(super) struct Columns {
    pub form: BillForm,
    pub start: usize,
    /// When what is charged for ended.
    pub end: Option<usize>,
    pub billed: usize,
    /// What the use cost with prepaid capacity spread over it: FOCUS has a column, AWS one by kind of line.
    pub effective: Option<Effective>,
    /// `LineItemType`, or `ChargeCategory`.
    pub kind: usize,
    /// `ChargeClass`.
    pub class: Option<usize>,
    pub service: usize,
    pub currency: usize,
    /// A column with a map of all tags.
    pub tags: Option<usize>,
    /// Columns of one tag each, with its key.
    pub of_tags: Vec<(String, usize)>,
}

/// Where the effective cost is.
#[derive(Debug)]
pub(super) enum Effective {
    /// In one column.
    Column(usize),
    /// In AWS's columns: of a Savings Plan, and of a reservation.
    Aws(AwsEffective),
}

/// AWS's columns of prepaid capacity: what its use cost, and what of it was not used.
#[derive(Debug)]
pub(super) struct AwsEffective {
    pub plan: Option<usize>,
    pub plan_committed: Option<usize>,
    pub plan_used: Option<usize>,
    pub reservation: Option<usize>,
    pub reservation_unused_upfront: Option<usize>,
    pub reservation_unused_recurring: Option<usize>,
    pub reservation_arn: Option<usize>,
}

/// Finds the columns by the header.
///
/// # Errors
/// Where it is that of no form, or lacks a column.
pub(super) fn columns(header: &[&str]) -> Result<Columns, BillError> {
    let trimmed: Vec<&str> = header.iter().map(|name| name.trim()).collect();
    let has = |name: &str| trimmed.contains(&name);
    if has("BilledCost") || has("ChargePeriodStart") {
        return focus(&trimmed);
    }
    let is_first = trimmed.iter().any(|name| name.starts_with("lineItem/"));
    if is_first || trimmed.iter().any(|name| name.starts_with("line_item_")) {
        return aws(if is_first { BillForm::Cur } else { BillForm::Cur2 }, &trimmed);
    }
    Err(BillError::NotABill { columns: trimmed.iter().take(5).map(|name| (*name).to_owned()).collect() })
}

fn focus(header: &[&str]) -> Result<Columns, BillError> {
    let form = BillForm::Focus;
    let find = |name: &str| header.iter().position(|column| *column == name);
    let need = |name: &'static str| find(name).ok_or(BillError::MissingColumn { form, column: name });
    Ok(Columns {
        form,
        start: need("ChargePeriodStart")?,
        end: find("ChargePeriodEnd"),
        billed: need("BilledCost")?,
        effective: find("EffectiveCost").map(Effective::Column),
        kind: need("ChargeCategory")?,
        class: find("ChargeClass"),
        service: need("ServiceName")?,
        currency: need("BillingCurrency")?,
        tags: Some(need("Tags")?),
        of_tags: Vec::new(),
    })
}

fn aws(form: BillForm, header: &[&str]) -> Result<Columns, BillError> {
    let names: Vec<String> = header.iter().map(|name| snake_case(name)).collect();
    let find = |name: &str| names.iter().position(|column| column == name);
    let need = |first: &'static str, second: &'static str| {
        let column = if form == BillForm::Cur { first } else { second };
        find(second).ok_or(BillError::MissingColumn { form, column })
    };
    let effective = AwsEffective {
        plan: find("savings_plan_savings_plan_effective_cost"),
        plan_committed: find("savings_plan_total_commitment_to_date"),
        plan_used: find("savings_plan_used_commitment"),
        reservation: find("reservation_effective_cost"),
        reservation_unused_upfront: find("reservation_unused_amortized_upfront_fee_for_billing_period"),
        reservation_unused_recurring: find("reservation_unused_recurring_fee"),
        reservation_arn: find("reservation_reservation_a_r_n"),
    };
    let has_effective = effective.plan.is_some() && effective.reservation.is_some();
    let of_tags = header.iter().enumerate().filter_map(|(at, name)| {
        let key = name.strip_prefix("resourceTags/").or_else(|| name.strip_prefix("resource_tags_"))?;
        Some((key.to_owned(), at))
    });
    Ok(Columns {
        form,
        start: need("lineItem/UsageStartDate", "line_item_usage_start_date")?,
        end: find("line_item_usage_end_date"),
        billed: need("lineItem/UnblendedCost", "line_item_unblended_cost")?,
        effective: has_effective.then_some(Effective::Aws(effective)),
        kind: need("lineItem/LineItemType", "line_item_line_item_type")?,
        class: None,
        service: need("lineItem/ProductCode", "line_item_product_code")?,
        currency: need("lineItem/CurrencyCode", "line_item_currency_code")?,
        tags: find("resource_tags"),
        of_tags: of_tags.collect(),
    })
}

/// A column of the first version as the second names it: `reservation/ReservationARN` is `reservation_reservation_a_r_n`.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 8);
    for letter in name.chars() {
        if (letter == '/' || letter.is_ascii_uppercase()) && !snake.ends_with('_') && !snake.is_empty() {
            snake.push('_');
        }
        if letter != '/' {
            snake.push(letter.to_ascii_lowercase());
        }
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_first_version_are_named_as_in_the_second() {
        for (first, second) in [
            ("lineItem/UnblendedCost", "line_item_unblended_cost"),
            ("reservation/ReservationARN", "reservation_reservation_a_r_n"),
            ("savingsPlan/SavingsPlanEffectiveCost", "savings_plan_savings_plan_effective_cost"),
            ("line_item_usage_start_date", "line_item_usage_start_date"),
        ] {
            assert_eq!(snake_case(first), second);
        }
    }
}
