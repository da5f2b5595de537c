//! `mesh cost actual`: holds a cloud's bill against estimates and limits, product by product.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use mesh_cost::Pricing;
use mesh_cost::actual::{self, Bill, BillError, Comparison, Expectation, Month};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use mesh_plan::Action;
use mesh_provider::cost::Decimal;
use mesh_report::{json, terminal as report};

use crate::arguments::Global;
use crate::budgets;
use crate::environment::{World, now};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::project::Project;
use crate::spending::spending;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;
use crate::values::ValueArgs;

/// Arguments of `mesh cost actual`.
#[derive(Debug, Args)]
pub struct ActualArgs {
    /// The bill: an AWS Cost and Usage Report (also 2.0) or FOCUS, as CSV, plain or gzip.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The tag that names a line's product, as `domain.name`.
    #[arg(long, value_name = "KEY", default_value = "product")]
    tag: String,
    /// The month to look at, such as 2026-10 [default: the last one of the bill].
    #[arg(long, value_name = "MONTH")]
    month: Option<Month>,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    lock: LockArgs,
}

/// Adds the bill up and prints it beside what was estimated and allowed.
///
/// # Errors
/// Where the bill can't be read, has nothing of the month, or there is no estimate.
pub async fn run(args: &ActualArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    // The bill is read first: what is wrong with it is known at once, a plan takes a while.
    let bill = read(&args.from, &args.tag)?;
    let month = month(&bill, args)?;
    let expected = expectations(args, &bill, global, terminal).await?;
    let Some(comparison) = actual::compare(&bill, month, &expected) else { return Err(no_month(&bill, month, args)) };
    terminal.diagnostics(&doubts(&bill, args), &SourceMap::default());
    show(&comparison, &bill, terminal);
    Ok(Exit::Done)
}

fn show(comparison: &Comparison, bill: &Bill, terminal: &Terminal) {
    if terminal.json {
        terminal.print_json(&json::actual(comparison, bill.form, bill.has_effective));
    } else {
        terminal.print(&report::actual(comparison, bill.form, bill.has_effective, terminal.style()));
    }
}

/// What the products of this directory's configuration are expected to cost, in the bill's currency. The state is believed:
/// a bill says nothing of what is there today.
async fn expectations(
    args: &ActualArgs,
    bill: &Bill,
    global: &Global,
    terminal: &Terminal,
) -> Result<BTreeMap<Arc<str>, Expectation>, Failure> {
    let mut project = Project::load_or_empty(global)?;
    let variables = project.values(&args.values)?;
    let open = state_access::open_to_read(&project.dir, "cost actual", &args.lock).await?;
    let planned_at = now();
    let world = World::planning(project.dir.clone(), planned_at);
    let inputs = project.inputs(variables, world, PARALLELISM);
    let options = mesh_engine::PlanOptions {
        mode: mesh_plan::PlanMode::Normal,
        targets: Vec::new(),
        excludes: Vec::new(),
        replace: Vec::new(),
        generate: false,
        refresh: false,
        snapshot: None,
    };
    let progress = Progress::new(terminal);
    let planned = mesh_engine::plan(&inputs, open.prior, &open.intents, &options, &progress).await;
    progress.finish();
    let (planned, _) = planned.map_err(|diagnostics| project.failure(diagnostics))?;
    let spending = spending(&planned.plan, project.book(), planned_at);
    let pricing = budgets::prices(project.book(), planned_at).under(&planned.plan.cost.rules);
    let rate = rate(&pricing, bill)?;
    let declared = planned.plan.products.iter().filter(|product| product.action != Action::Delete);
    let expected = actual::expectations(&spending, declared.map(|product| product.id.clone())).into_iter();
    Ok(expected.map(|(id, expected)| (id, expected.in_units_of(rate))).collect())
}

/// So many operations run at a time.
const PARALLELISM: usize = 32;

/// How much of the estimate's currency one of the bill's is.
fn rate(pricing: &Pricing<'_>, bill: &Bill) -> Result<Decimal, Failure> {
    pricing.convert(Decimal::ONE, &bill.currency).filter(|rate| !rate.is_zero()).ok_or_else(|| {
        let detail = format!(
            "The bill is in {}, the estimate in {}, and nothing says what one is worth in the other.",
            bill.currency,
            pricing.currency()
        );
        let hint = format!(
            "An `exchange_rate \"{}\"` block in `mesh` with `usd` and `date` says what one is worth.",
            bill.currency
        );
        Diagnostic::error("bill-currency", "Currency of the bill has no rate", detail).hint(hint).into()
    })
}

fn read(path: &Path, tag: &str) -> Result<Bill, Failure> {
    let (code, summary) = ("bill-unusable", "Bill can't be used");
    let shown = path.display();
    let failed = |why: &dyn std::fmt::Display| Failure::of(code, summary, format!("{shown}: {why}."));
    let file = File::open(path).map_err(|error| failed(&error))?;
    actual::read(file, tag).map_err(|error| match error {
        BillError::Lines { problems, count } => {
            let mut diagnostics = Diagnostics::default();
            let told = u64::try_from(problems.len()).unwrap_or(count);
            for problem in problems {
                diagnostics.push(Diagnostic::error(code, summary, format!("{shown}, {problem}.")));
            }
            if count > told {
                let detail = format!("{shown}: {} more lines are wrong.", count - told);
                diagnostics.push(Diagnostic::error(code, summary, detail));
            }
            Failure::new(diagnostics, SourceMap::default())
        }
        other => failed(&other),
    })
}

/// The month that is asked for, else the bill's last.
fn month(bill: &Bill, args: &ActualArgs) -> Result<Month, Failure> {
    let asked = args.month.or_else(|| bill.months.last_key_value().map(|(month, _)| *month));
    match asked {
        Some(month) if bill.months.contains_key(&month) => Ok(month),
        Some(month) => Err(no_month(bill, month, args)),
        None => Err(Failure::of("bill-unusable", "Bill can't be used", "It has no month.")),
    }
}

fn no_month(bill: &Bill, month: Month, args: &ActualArgs) -> Failure {
    let months: Vec<String> = bill.months.keys().map(ToString::to_string).collect();
    let detail = format!("{} has nothing of {month}. It has {}.", args.from.display(), months.join(", "));
    Failure::of("bill-without-month", "Bill has nothing of the month", detail)
}

/// A tag that no line has: everything would count as untagged.
fn doubts(bill: &Bill, args: &ActualArgs) -> Diagnostics {
    let mut doubts = Diagnostics::default();
    if bill.has_tag {
        return doubts;
    }
    let detail = format!("No line of {} has the tag `{}`, so all cost is untagged.", args.from.display(), args.tag);
    let mut doubt = Diagnostic::warning("tag-not-in-bill", "Tag is not in the bill", detail);
    let tags: Vec<String> = bill.tags.iter().filter(|tag| **tag != args.tag).map(|tag| format!("`{tag}`")).collect();
    doubt = if tags.is_empty() {
        doubt.hint("A tag is in bills once it is activated as a cost allocation tag, for what is used from then on.")
    } else {
        doubt.hint(format!("The bill has {}: `--tag` names another one.", tags.join(", ")))
    };
    doubts.push(doubt);
    doubts
}
