//! Adds a bill up, line by line.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use jiff::civil::Date;
use mesh_provider::cost::Decimal;

use super::columns::{AwsEffective, Columns, Effective, columns};
use super::error::{BillError, BillProblem, MOST};
use super::{Bill, ChargeKind, Month, tags};
use crate::input;

/// Reads a bill, plain or gzip, and adds it up by month, value of a tag, and service.
///
/// # Errors
/// Where it is no bill, lacks a column, has lines that can't be read, or amounts in several currencies.
pub fn read(file: impl Read, tag: &str) -> Result<Bill, BillError> {
    let text = input::text(file)?;
    let mut lines = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut line = StringRecord::new();
    if !lines.read_record(&mut line).map_err(|error| broken(error, 1))? {
        return Err(input::InputError::Empty.into());
    }
    let header = line.clone();
    let columns = columns(&header.iter().collect::<Vec<_>>())?;
    let mut reading = Reading::of(&columns, &header, tag);
    loop {
        let at = lines.position().line();
        match lines.read_record(&mut line) {
            Ok(true) => reading.line(&line, line.position().map_or(at, csv::Position::line)),
            Ok(false) => break,
            Err(error) => match error.kind() {
                ErrorKind::Utf8 { pos, .. } => {
                    let at = pos.as_ref().map_or(at, csv::Position::line);
                    reading.problem(at, None, "it is not UTF-8: save the file as UTF-8".to_owned());
                }
                _ => return Err(broken(error, at)),
            },
        }
    }
    reading.finish()
}

fn broken(error: csv::Error, line: u64) -> BillError {
    let why = match error.into_kind() {
        ErrorKind::Io(why) => why,
        other => std::io::Error::other(format!("{other:?}")),
    };
    BillError::Broken { line, why }
}

/// A bill that is being added up.
struct Reading<'c> {
    columns: &'c Columns,
    header: &'c StringRecord,
    tag: &'c str,
    bill: Bill,
    /// The first currency, and where it stands.
    currency: Option<(Arc<str>, u64)>,
    problems: Vec<BillProblem>,
    wrong: u64,
    /// One text for each name, since a bill has few and repeats them.
    names: HashMap<String, Arc<str>>,
}

impl<'c> Reading<'c> {
    fn of(columns: &'c Columns, header: &'c StringRecord, tag: &'c str) -> Self {
        let bill = Bill {
            form: columns.form,
            has_effective: columns.effective.is_some(),
            currency: "".into(),
            lines: 0,
            months: Default::default(),
            tags: columns.of_tags.iter().filter_map(|(key, _)| tags::shown(key)).map(ToOwned::to_owned).collect(),
            has_tag: false,
        };
        let names = HashMap::new();
        Self { columns, header, tag, bill, currency: None, problems: Vec::new(), wrong: 0, names }
    }

    fn finish(mut self) -> Result<Bill, BillError> {
        if self.wrong > 0 {
            return Err(BillError::Lines { problems: self.problems, count: self.wrong });
        }
        let Some((currency, _)) = self.currency else { return Err(BillError::NoLines) };
        self.bill.currency = currency;
        Ok(self.bill)
    }

    fn problem(&mut self, line: u64, column: Option<usize>, what: String) {
        self.wrong += 1;
        if self.problems.len() < MOST {
            let column = column.and_then(|at| self.header.get(at)).map(ToOwned::to_owned);
            self.problems.push(BillProblem { line, column, what });
        }
    }

    /// Adds a line, or notes what is wrong with it.
    fn line(&mut self, line: &StringRecord, at: u64) {
        if line.len() != self.header.len() {
            let (has, named) = (line.len(), self.header.len());
            return self.problem(at, None, format!("it has {has} fields where the header names {named}"));
        }
        if let Err((column, what)) = self.add(line, at) {
            self.problem(at, Some(column), what);
        }
    }

    fn add(&mut self, line: &StringRecord, at: u64) -> Result<(), (usize, String)> {
        let columns = self.columns;
        let field = |column: usize| line.get(column).unwrap_or_default().trim();
        let start = day(field(columns.start)).ok_or_else(|| {
            (columns.start, format!("`{}` is no time, such as 2026-10-01T00:00:00Z", field(columns.start)))
        })?;
        let billed = amount(line, columns.billed)?;
        let kind = match columns.class {
            Some(class) => ChargeKind::of_focus(field(columns.kind), field(class)),
            None if columns.form == super::BillForm::Focus => ChargeKind::of_focus(field(columns.kind), ""),
            None => ChargeKind::of_line_item(field(columns.kind)),
        };
        let effective = match &columns.effective {
            None => billed,
            Some(Effective::Column(column)) => amount(line, *column)?,
            Some(Effective::Aws(of)) => of.amount(line, field(columns.kind), billed)?,
        };
        self.same_currency(field(columns.currency), at)?;
        let product = self.product(line)?;
        let service = self.name(field(columns.service));
        let month = self.bill.months.entry(Month::of(start)).or_default();
        month.untagged_lines += u64::from(product.is_none() && kind.is_compared());
        if kind == ChargeKind::Usage {
            month.days = month.days.max(last_day(start, columns.end.map(field)));
        }
        month.sums.entry((product, service)).or_default().add(kind, effective, billed);
        self.bill.lines += 1;
        Ok(())
    }

    fn same_currency(&mut self, currency: &str, at: u64) -> Result<(), (usize, String)> {
        let column = self.columns.currency;
        match &self.currency {
            _ if currency.is_empty() => Err((column, "it names no currency".to_owned())),
            Some((first, _)) if **first == *currency => Ok(()),
            Some((first, line)) => Err((
                column,
                format!(
                    "it is in {currency} and line {line} in {first}: split the bill by currency and look at each part"
                ),
            )),
            None => {
                self.currency = Some((currency.into(), at));
                Ok(())
            }
        }
    }

    /// The value of the tag.
    fn product(&mut self, line: &StringRecord) -> Result<Option<Arc<str>>, (usize, String)> {
        let mut value = None;
        for (key, at) in &self.columns.of_tags {
            if tags::is_key(key, self.tag) {
                value = line.get(*at).map(str::trim).filter(|value| !value.is_empty()).map(ToOwned::to_owned);
            }
        }
        if let Some(at) = self.columns.tags
            && value.is_none()
        {
            let field = line.get(at).unwrap_or_default();
            let wrong = || (at, format!("`{}` is no JSON object of tags", field.chars().take(60).collect::<String>()));
            for (key, found) in tags::of_map(field).ok_or_else(wrong)? {
                if tags::is_key(&key, self.tag) && !found.is_empty() {
                    value = Some(found);
                } else if self.bill.tags.len() < 100
                    && let Some(shown) = tags::shown(&key)
                    && !self.bill.tags.contains(shown)
                {
                    self.bill.tags.insert(shown.to_owned());
                }
            }
        }
        self.bill.has_tag |= value.is_some();
        Ok(value.map(|value| self.name(&value)))
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(text.to_owned(), name.clone());
        name
    }
}

impl AwsEffective {
    /// What a line costs where prepaid capacity is spread over its use: covered use costs its part of what was prepaid, the
    /// fees only what was not used of it, and what only moves money between lines nothing. This is how AWS amortizes.
    fn amount(&self, line: &StringRecord, kind: &str, billed: Decimal) -> Result<Decimal, (usize, String)> {
        let of = |column: Option<usize>| column.map_or(Ok(Decimal::ZERO), |column| amount(line, column));
        let is_reserved = || {
            let arn = self.reservation_arn.and_then(|column| line.get(column)).unwrap_or_default();
            !arn.trim().is_empty()
        };
        match kind {
            "SavingsPlanCoveredUsage" => of(self.plan),
            "SavingsPlanRecurringFee" => Ok(of(self.plan_committed)?.saturating_sub(of(self.plan_used)?)),
            "SavingsPlanNegation" | "SavingsPlanUpfrontFee" => Ok(Decimal::ZERO),
            "DiscountedUsage" => of(self.reservation),
            "RIFee" => Ok(of(self.reservation_unused_upfront)?.saturating_add(of(self.reservation_unused_recurring)?)),
            "Fee" if is_reserved() => Ok(Decimal::ZERO),
            _ => Ok(billed),
        }
    }
}

/// An amount; an empty field is nothing.
fn amount(line: &StringRecord, column: usize) -> Result<Decimal, (usize, String)> {
    let text = line.get(column).unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(Decimal::ZERO);
    }
    let number = text.parse().or_else(|_| Decimal::from_scientific(text));
    number.map_err(|_| (column, format!("`{text}` is no amount, such as 12.30 or -0.5")))
}

/// The day of a time such as `2026-10-01T00:00:00Z` or `2026-10-01 00:00:00`.
fn day(time: &str) -> Option<Date> {
    time.get(..10)?.parse().ok()
}

/// The last day of its month that what began on a day and ended at a time covers.
fn last_day(start: Date, end: Option<&str>) -> i8 {
    let Some(end) = end else { return start.day() };
    let Some(last) = day(end) else { return start.day() };
    if Month::of(last) != Month::of(start) {
        return start.days_in_month();
    }
    let at_midnight = end.get(11..19).is_none_or(|time| time == "00:00:00");
    if at_midnight && last > start { last.day() - 1 } else { last.day() }
}
