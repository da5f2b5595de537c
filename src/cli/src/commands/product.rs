//! `mesh product`: lists and shows the data products that were applied.

use clap::{Args, Subcommand};
use mesh_product::Descriptor;
use mesh_report::terminal as report;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::project::directory;
use crate::state_access::{self, LockArgs, OpenState};
use crate::terminal::Terminal;

/// Arguments of `mesh product`.
#[derive(Debug, Args)]
pub struct ProductArgs {
    #[command(subcommand)]
    command: ProductCommand,
    #[command(flatten)]
    lock: LockArgs,
}

/// What to do with data products.
#[derive(Debug, Subcommand)]
enum ProductCommand {
    /// List all data products.
    List,
    /// Show one: its ports, their columns, its objects.
    Show {
        /// Its id, such as `sales.orders`.
        id: String,
    },
}

/// Prints what was asked for.
///
/// # Errors
/// Where there is no such product, or the state can't be read.
pub async fn run(args: &ProductArgs, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let open = state_access::open_to_read(&directory(global)?, "product", &args.lock).await?;
    match &args.command {
        ProductCommand::List => list(&open, terminal)?,
        ProductCommand::Show { id } => show(&open, id, terminal)?,
    }
    Ok(Exit::Done)
}

fn list(open: &OpenState, terminal: &Terminal) -> Result<(), Failure> {
    if terminal.json {
        let products = open.prior.products.iter();
        let entry = |(id, (address, descriptor)): (&std::sync::Arc<str>, &(std::sync::Arc<str>, serde_json::Value))| serde_json::json!({ "id": id, "address": address, "descriptor": descriptor });
        terminal.print_json(&products.map(entry).collect());
        return Ok(());
    }
    let ids: Vec<_> = open.prior.products.keys().cloned().collect();
    if ids.is_empty() {
        terminal.note("The state has no data products. They come with the first `mesh apply`.");
        return Ok(());
    }
    let products = ids.iter().map(|id| descriptor(open, id)).collect::<Result<Vec<_>, _>>()?;
    terminal.print(&report::product_list(&products, terminal.style()));
    Ok(())
}

fn show(open: &OpenState, id: &str, terminal: &Terminal) -> Result<(), Failure> {
    if !open.prior.products.contains_key(id) {
        let detail = format!("The state has no data product `{id}`.");
        let error = mesh_diagnostics::Diagnostic::error("unknown-product", "Unknown data product", detail);
        return Err(error.suggest(id, open.prior.products.keys().map(AsRef::as_ref)).into());
    }
    if terminal.json {
        let (address, descriptor) = &open.prior.products[id];
        terminal.print_json(&serde_json::json!({ "id": id, "address": address, "descriptor": descriptor }));
        return Ok(());
    }
    let product = descriptor(open, id)?;
    let objects = open.prior.sorted().into_iter().filter(|object| object.record.product.as_deref() == Some(id));
    let objects: Vec<String> = objects.map(|object| object.address.to_string()).collect();
    terminal.print(&report::product(&product, &objects, terminal.style()));
    Ok(())
}

/// The descriptor of a product that the state has.
fn descriptor(open: &OpenState, id: &str) -> Result<Descriptor, Failure> {
    let unreadable = |why: String| {
        let detail = format!("The state's descriptor of {id} can't be read: {why}.");
        Failure::of("state-corrupt", "State can't be read", detail)
    };
    let Some((address, stored)) = open.prior.products.get(id) else { return Err(unreadable("it is gone".to_owned())) };
    let ty = mesh_product::stored_type();
    let value = mesh_value::from_json(stored, &ty).map_err(|error| unreadable(error.to_string()))?;
    let name = address.rsplit('.').next().unwrap_or_default();
    Descriptor::from_value(name, &value).map_err(|problems| {
        unreadable(problems.into_iter().map(|problem| problem.diagnostic.detail).collect::<Vec<_>>().join(" "))
    })
}
