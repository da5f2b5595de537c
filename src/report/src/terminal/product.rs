//! The mesh's data products: `mesh product list` and `mesh product show`.

use mesh_diagnostics::render::{Style, escape};
use mesh_product::{Column, Descriptor};

use super::paint::Page;
use super::table::Table;
use crate::text::counted;

/// One line a product: id, version, owner, ports, and what it is for in the room that is left.
#[must_use]
pub fn product_list(products: &[Descriptor], style: Style) -> String {
    let mut page = Page::new(style);
    if products.is_empty() {
        page.prose("There are no data products. A `data_product` block declares one; `mesh apply` publishes it.");
        return page.finish();
    }
    let mut table = Table::of_ids(["PRODUCT", "VERSION", "OWNER", "OUTPUTS", "INPUTS"]);
    for product in products {
        // One a line: ids stay whole, so that they can be copied.
        let outputs: Vec<&str> = product.outputs.iter().map(|port| port.name.as_str()).collect();
        let inputs: Vec<String> = product.inputs.iter().map(|input| input.port.to_string()).collect();
        table.row([
            product.id(),
            product.version.to_string(),
            escape::line(&product.owner.to_string()),
            dash(&outputs.join("\n")),
            dash(&inputs.join("\n")),
        ]);
    }
    table.write(&mut page);
    page.finish()
}

/// Everything about one product: its contract port by port, what it reads, and the resources that belong to it.
#[must_use]
pub fn product(product: &Descriptor, resources: &[String], style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&format!("{} {}", product.id(), product.version));
    if let Some(description) = &product.description {
        page.prose(&escape::line(&description.to_string()));
    }
    page.gap();
    page.raw(&format!("owner   {}", escape::line(&product.owner.to_string())));
    page.raw(&format!("domain  {}", product.domain));
    for (index, (key, value)) in product.tags.iter().enumerate() {
        let label = if index == 0 { "tags" } else { "" };
        page.raw(&format!("{label:<6}  {} = {}", escape::line(key), escape::line(&value.to_string())));
    }
    if let Some(budget) = &product.budget {
        page.raw(&format!("budget  {budget}"));
    }
    for port in &product.outputs {
        page.gap();
        page.title(&format!("output {}", product.port_address(port)));
        if let Some(description) = &port.description {
            page.prose(&format!("  {}", escape::line(&description.to_string())));
        }
        page.raw(&format!("  kind         {}", port.kind));
        if let Some(location) = &port.location {
            page.raw(&format!("  location     {}", escape::line(&location.to_string())));
        }
        if !port.primary_key.is_empty() {
            page.raw(&format!("  primary key  {}", port.primary_key.join(", ")));
        }
        if !port.columns.is_empty() {
            page.gap();
            columns(&port.columns, &mut page);
        }
    }
    if !product.inputs.is_empty() {
        page.gap();
        page.title("inputs");
        for input in &product.inputs {
            page.raw(&format!("  {} reads {}", input.name, input.port));
            if let Some(description) = &input.description {
                page.prose(&format!("    {}", escape::line(&description.to_string())));
            }
        }
    }
    if !resources.is_empty() {
        page.gap();
        page.title(&counted(resources.len(), "resource"));
        for resource in resources {
            page.raw(&format!("  {resource}"));
        }
    }
    page.finish()
}

fn columns(columns: &[Column], page: &mut Page) {
    let mut table = Table::with_prose(["  COLUMN", "TYPE", "REQUIRED", "CLASSIFICATION", "DESCRIPTION"]);
    for column in columns {
        let description = column.description.as_ref().map(|text| escape::line(&text.to_string()));
        table.row([
            format!("  {}", escape::line(&column.name)),
            column.ty.to_string(),
            if column.required { "yes" } else { "no" }.to_owned(),
            dash(&column.classification.map(|classification| classification.to_string()).unwrap_or_default()),
            description.unwrap_or_default(),
        ]);
    }
    table.write(page);
}

fn dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}
