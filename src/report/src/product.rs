//! A data product's change in the terms of its contract: ports and columns rather than nested lists.

use mesh_plan::{Action, ProductChange};
use mesh_product::{
    Column, ColumnDiff, Descriptor, Diff as ProductDiff, FieldDiff, InputDiff, InputPort, OutputPort, PortDiff, diff,
};
use mesh_value::Value;
use unicode_width::UnicodeWidthStr;

use crate::diff::Diff;
use crate::line::{Line, Marker, Tone};
use crate::text::{counted, quoted};

/// `# sales.orders will be updated` and the block with what changes.
pub(crate) fn change(change: &ProductChange) -> Vec<Line> {
    let marker = Marker::from(change.action);
    let mut lines = vec![Line::heading(sentence(change))];
    let label = change.address.rsplit('.').next().unwrap_or_default();
    lines.push(Line::new(marker, 0).plain(format!("data_product {} {{", quoted(label))));
    let read = |value: &Value| if value.is_null() { None } else { Descriptor::from_value(label, value).ok() };
    let (before, after) = (read(&change.before), read(&change.after));
    match (&before, &after) {
        (Some(before), Some(after)) => difference(&diff(before, after), &mut lines),
        (None, Some(product)) if change.before.is_null() => whole(product, Marker::Create, &mut lines),
        (Some(product), None) if change.after.is_null() => whole(product, Marker::Delete, &mut lines),
        // A descriptor that this version of mesh can't read is shown as the value that it is.
        _ => {
            let mut body = Diff::default();
            body.object(1, &change.before, &change.after, &[]);
            lines.extend(body.lines);
        }
    }
    lines.push(Line::new(Marker::None, 0).plain("}"));
    lines
}

/// `data_product.orders (sales.orders) will be published`
pub(crate) fn sentence(change: &ProductChange) -> String {
    let verb = match change.action {
        Action::NoOp | Action::Read => "does not change",
        Action::Create => "will be published",
        Action::Update | Action::Replace(_) => "will be updated",
        Action::Delete | Action::Forget => "will be withdrawn",
    };
    format!("{} ({}) {verb}", change.address, change.id)
}

/// A product that comes or goes.
fn whole(product: &Descriptor, marker: Marker, lines: &mut Vec<Line>) {
    let mut fields = vec![
        ("domain".to_owned(), quoted(&product.domain)),
        ("version".to_owned(), quoted(&product.version.to_string())),
        ("owner".to_owned(), shown(&product.owner.to_string())),
    ];
    fields.extend(product.description.iter().map(|text| ("description".to_owned(), shown(&text.to_string()))));
    fields
        .extend(product.tags.iter().map(|(key, value)| (format!("tags[{}]", quoted(key)), shown(&value.to_string()))));
    fields.extend(product.budget.iter().map(|budget| ("budget".to_owned(), budget.to_string())));
    aligned(&fields, marker, 1, lines);
    for port in &product.outputs {
        whole_port(port, marker, lines);
    }
    for input in &product.inputs {
        lines.push(Line::new(marker, 1).plain(input_text(input)));
    }
}

fn whole_port(port: &OutputPort, marker: Marker, lines: &mut Vec<Line>) {
    lines.push(Line::new(marker, 1).plain(format!("output {} {{", quoted(&port.name))));
    let mut fields = vec![("kind".to_owned(), quoted(&port.kind.to_string()))];
    fields.extend(port.location.iter().map(|text| ("location".to_owned(), shown(&text.to_string()))));
    fields.extend(port.description.iter().map(|text| ("description".to_owned(), shown(&text.to_string()))));
    if !port.primary_key.is_empty() {
        fields.push(("primary_key".to_owned(), key_text(&port.primary_key)));
    }
    aligned(&fields, marker, 2, lines);
    let columns: Vec<&Column> = port.columns.iter().collect();
    let widths = column_widths(&columns);
    for column in columns {
        lines.push(Line::new(marker, 2).plain(column_text(column, widths)));
    }
    lines.push(Line::new(Marker::None, 1).plain("}"));
}

fn difference(diff: &ProductDiff<'_>, lines: &mut Vec<Line>) {
    if diff.is_empty() {
        return lines.push(Line::new(Marker::None, 1).faint("# (only its stored form changes)"));
    }
    changed_fields(&diff.fields, 1, lines);
    for port in &diff.outputs {
        match port {
            PortDiff::Added(port) => whole_port(port, Marker::Create, lines),
            PortDiff::Removed(port) => whole_port(port, Marker::Delete, lines),
            PortDiff::Changed { after, fields, columns, unchanged_columns, reordered, .. } => {
                lines.push(Line::new(Marker::Update, 1).plain(format!("output {} {{", quoted(&after.name))));
                changed_fields(fields, 2, lines);
                changed_columns(columns, lines);
                if *reordered {
                    let order: Vec<String> = after.columns.iter().map(|column| column.name.clone()).collect();
                    let text = format!("columns in the order {}", crate::text::listed(&order, 12));
                    lines.push(Line::new(Marker::Update, 2).plain(text));
                }
                hidden(2, *unchanged_columns, "unchanged column", lines);
                lines.push(Line::new(Marker::None, 1).plain("}"));
            }
        }
    }
    hidden(1, diff.unchanged_outputs, "unchanged output", lines);
    for input in &diff.inputs {
        match input {
            InputDiff::Added(input) => lines.push(Line::new(Marker::Create, 1).plain(input_text(input))),
            InputDiff::Removed(input) => lines.push(Line::new(Marker::Delete, 1).plain(input_text(input))),
            InputDiff::Changed(input, fields) => {
                lines.push(Line::new(Marker::Update, 1).plain(format!("input {} {{", quoted(&input.name))));
                changed_fields(fields, 2, lines);
                lines.push(Line::new(Marker::None, 1).plain("}"));
            }
        }
    }
    hidden(1, diff.unchanged_inputs, "unchanged input", lines);
}

fn changed_columns(columns: &[ColumnDiff<'_>], lines: &mut Vec<Line>) {
    let whole: Vec<&Column> = columns
        .iter()
        .filter_map(|column| match column {
            ColumnDiff::Added(column) | ColumnDiff::Removed(column) => Some(*column),
            ColumnDiff::Changed(..) => None,
        })
        .collect();
    let widths = column_widths(&whole);
    for column in columns {
        match column {
            ColumnDiff::Added(column) => lines.push(Line::new(Marker::Create, 2).plain(column_text(column, widths))),
            ColumnDiff::Removed(column) => lines.push(Line::new(Marker::Delete, 2).plain(column_text(column, widths))),
            ColumnDiff::Changed(column, fields) => {
                lines.push(Line::new(Marker::Update, 2).plain(format!("column {} {{", quoted(&column.name))));
                changed_fields(fields, 3, lines);
                lines.push(Line::new(Marker::None, 2).plain("}"));
            }
        }
    }
}

fn changed_fields(fields: &[FieldDiff], depth: usize, lines: &mut Vec<Line>) {
    let widest = fields.iter().map(|field| field.name.width()).max().unwrap_or(0);
    for FieldDiff { name, before, after } in fields {
        let padding = " ".repeat(widest.saturating_sub(name.width()));
        let label = format!("{name}{padding} = ");
        lines.push(match (before, after) {
            (Some(before), Some(after)) => {
                Line::new(Marker::Update, depth).plain(label).plain(shown(before)).arrow().plain(shown(after))
            }
            (None, Some(after)) => Line::new(Marker::Create, depth).plain(label).plain(shown(after)),
            (Some(before), None) => Line::new(Marker::Delete, depth).plain(label).plain(shown(before)),
            (None, None) => continue,
        });
    }
}

fn aligned(fields: &[(String, String)], marker: Marker, depth: usize, lines: &mut Vec<Line>) {
    let widest = fields.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    for (name, value) in fields {
        let padding = " ".repeat(widest.saturating_sub(name.width()));
        lines.push(Line::new(marker, depth).plain(format!("{name}{padding} = {value}")));
    }
}

/// A descriptor's text; the words for what is known after apply stay without quotes, and so do `true` and `false`.
fn shown(text: &str) -> String {
    if matches!(text, "(known after apply)" | "true" | "false") { text.to_owned() } else { quoted(text) }
}

fn key_text(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    format!("[{}]", columns.join(", "))
}

fn input_text(input: &InputPort) -> String {
    format!("input {} reads {}", quoted(&input.name), input.port)
}

fn column_widths(columns: &[&Column]) -> (usize, usize) {
    let widest =
        |text: &dyn Fn(&Column) -> String| columns.iter().map(|column| text(column).width()).max().unwrap_or(0);
    (widest(&|column| quoted(&column.name)), widest(&|column| column.ty.to_string()))
}

/// `column "id"   integer        required, internal`
fn column_text(column: &Column, (name_width, type_width): (usize, usize)) -> String {
    let (name, ty) = (quoted(&column.name), column.ty.to_string());
    let mut notes = Vec::new();
    notes.extend(column.required.then(|| "required".to_owned()));
    notes.extend(column.classification.map(|classification| classification.to_string()));
    let (name_gap, type_gap) = (name_width.saturating_sub(name.width()), type_width.saturating_sub(ty.width()));
    let text = format!("column {name}{}  {ty}{}  {}", " ".repeat(name_gap), " ".repeat(type_gap), notes.join(", "));
    text.trim_end().to_owned()
}

fn hidden(depth: usize, count: usize, noun: &str, lines: &mut Vec<Line>) {
    if count > 0 {
        lines.push(Line::new(Marker::None, depth).with(Tone::Faint, format!("# ({} hidden)", counted(count, noun))));
    }
}
