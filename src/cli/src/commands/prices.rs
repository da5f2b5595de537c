//! `mesh prices`: shows the price book, and refreshes one from AWS's bulk price list, from files alone.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use mesh_cost::offers::{self, Listed, OfferError, OfferMap};
use mesh_cost::{Book, Price};
use mesh_diagnostics::Diagnostic;
use mesh_report::{prices as report, terminal as text};

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::replace::replace;
use crate::terminal::Terminal;

/// Arguments of `mesh prices`.
#[derive(Debug, Args)]
pub struct PricesArgs {
    #[command(subcommand)]
    command: PricesCommand,
}

/// What to do with prices.
#[derive(Debug, Subcommand)]
enum PricesCommand {
    /// Show prices: unit, tiers, date, how many sources state them.
    Show {
        /// Show those whose key starts so, such as `aws/s3/`.
        prefix: Option<String>,
        /// Show those of this region, and those that are the same everywhere.
        #[arg(long)]
        region: Option<String>,
        /// Show this price book instead of the one that this directory's project is held with.
        #[arg(long, value_name = "FILE.csv")]
        book: Option<PathBuf>,
    },
    /// Take prices out of a file of AWS's bulk price list.
    Update {
        /// An offer file: JSON or CSV, plain or gzip.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The price book that takes them in; made where there is none.
        #[arg(long, value_name = "FILE.csv")]
        out: PathBuf,
    },
}

/// Prints prices, or what an update changed.
///
/// # Errors
/// Where a file can't be used, or no price is asked for.
pub fn run(args: &PricesArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let today = jiff::Zoned::now().date();
    match &args.command {
        PricesCommand::Show { prefix, region, book } => {
            let book = match book {
                Some(path) => read_book(path)?,
                None => Project::load_or_empty(global)?.book().clone(),
            };
            show(&book, prefix.as_deref().unwrap_or_default(), region.as_deref(), today, terminal)?;
        }
        PricesCommand::Update { from, out } => update(from, out, today, terminal)?,
    }
    Ok(Exit::Done)
}

fn show(book: &Book, prefix: &str, region: Option<&str>, today: Date, terminal: &Terminal) -> Result<(), Failure> {
    let is_there = |of: &str| region.is_none_or(|region| of == region || of == "*");
    let listed = |(key, region, price): (&Arc<str>, &Arc<str>, &Price)| Listed {
        key: key.clone(),
        region: region.clone(),
        price: price.clone(),
    };
    let asked = book.iter().filter(|(key, of, _)| key.starts_with(prefix) && is_there(of));
    let prices: Vec<Listed> = asked.map(listed).collect();
    if prices.is_empty() && (region.is_some() || !prefix.is_empty()) {
        return Err(nothing_asked_for(book, prefix, region));
    }
    if terminal.json {
        terminal.print_json(&report::price_list(&prices, today));
        return Ok(());
    }
    if prices.is_empty() {
        terminal.note("The price book is empty. `mesh prices update` takes prices out of AWS's price list.");
        return Ok(());
    }
    terminal.print(&text::price_list(&prices, today, terminal.style()));
    let old = prices.iter().filter(|listed| listed.price.is_old(today)).count();
    if old > 0 {
        let are = if old == 1 { "price is" } else { "prices are" };
        terminal.note(&format!("{old} {are} older than 180 days. `mesh prices update` refreshes prices."));
    }
    Ok(())
}

fn nothing_asked_for(book: &Book, prefix: &str, region: Option<&str>) -> Failure {
    let has_prefix = book.iter().any(|(key, _, _)| key.starts_with(prefix));
    let (asked, what) = match region {
        Some(region) if has_prefix => (region, format!("in the region `{region}`")),
        _ => (prefix, format!("with a key that starts with `{prefix}`")),
    };
    let error = Diagnostic::error("unknown-price", "No such price", format!("The price book has no price {what}."));
    // Keys, and the services that they start with.
    let service = |key: &str| key.split('/').take(2).collect::<Vec<_>>().join("/");
    let names: BTreeSet<String> = if has_prefix {
        book.iter().map(|(_, region, _)| region.to_string()).collect()
    } else {
        book.iter().flat_map(|(key, ..)| [key.to_string(), service(key)]).collect()
    };
    error.suggest(asked, names.iter().map(String::as_str)).into()
}

fn update(from: &Path, out: &Path, today: Date, terminal: &Terminal) -> Result<(), Failure> {
    let book = if out.exists() { read_book(out)? } else { Book::default() };
    let unusable = |error: OfferError| {
        let detail = format!("Prices can't be taken out of {}: {}", from.display(), sentence_end(&error.to_string()));
        Failure::of("offer-unusable", "Offer file can't be used", detail)
    };
    let file = File::open(from).map_err(|error| unusable(error.into()))?;
    let offer = offers::read(file, &OfferMap::embedded()).map_err(unusable)?;
    let merged = offers::merge(&book, offer.book.clone());
    let is_empty = merged.added.is_empty() && merged.changed.is_empty() && merged.confirmed == 0;
    if is_empty {
        let detail = format!("{} has no price that a price key means. Nothing is written.", from.display());
        let error = Diagnostic::error("offer-without-prices", "Offer file has no prices", detail);
        return Err(offer
            .doubts
            .iter()
            .fold(error, |error, doubt| error.hint(sentence_end(&doubt.to_string())))
            .into());
    }
    write(out, &merged.book.to_csv()).map_err(|error| {
        let detail = format!("Writing {} failed: {error}.", out.display());
        Failure::of("prices-not-written", "Prices can't be written", detail)
    })?;
    if terminal.json {
        terminal.print_json(&report::price_update(&offer, &merged, today));
    } else {
        terminal.print(&text::price_update(&offer, &merged, terminal.style()));
    }
    Ok(())
}

fn read_book(path: &Path) -> Result<Book, Failure> {
    let shown = path.display().to_string();
    let unusable = |why: String| Failure::of("prices-unusable", "Price book can't be used", sentence_end(&why));
    let file = File::open(path).map_err(|error| unusable(format!("Reading {shown} failed: {error}")))?;
    Book::read(&shown, io::BufReader::new(file)).map_err(|error| unusable(error.to_string()))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if path.exists() {
        return replace(path, text);
    }
    std::fs::write(path, text)
}

/// A text with a full stop.
fn sentence_end(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
