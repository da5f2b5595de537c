//! A module's page in Markdown: tables whose rows can be read as they are, and below them what does not fit into one.

use mesh_diagnostics::render::wrap::wrap;

use super::module_facts::{Facts, Input};

/// How many columns a line has.
const WIDTH: usize = 100;

/// The widest type and default that stand in a table.
const CELL: usize = 28;

/// The page, with a line break at its end.
pub(super) fn page(facts: &Facts) -> String {
    let mut sections = Vec::new();
    if let Some(product) = &facts.product {
        let mut lines = vec![format!("## Data product `{}`", product.name), String::new()];
        push_paragraph(&mut lines, &product.description);
        let rows = product
            .ports
            .iter()
            .map(|port| [code(&port.name), port.direction.clone(), port.description.clone()].to_vec());
        lines.extend(table_or_list(&["port", "direction", "description"], rows.collect()));
        sections.push(lines);
    }
    sections.push(inputs(&facts.inputs));
    let outputs = facts.outputs.iter().map(|output| {
        let sensitive = if output.sensitive { " Sensitive." } else { "" };
        [code(&output.name), format!("{}{sensitive}", output.description).trim().to_owned()].to_vec()
    });
    sections.push(section("Outputs", &["name", "description"], outputs.collect(), "It has no outputs."));
    let named = |all: &[super::module_facts::Named]| -> Vec<Vec<String>> {
        let source = |source: &Option<String>| source.as_deref().map_or_else(|| "built in".to_owned(), code);
        all.iter().map(|named| vec![code(&named.name), source(&named.source)]).collect()
    };
    sections.push(section("Providers", &["name", "source"], named(&facts.providers), "It needs no provider."));
    let mut resources = vec!["## Resources".to_owned(), String::new()];
    if facts.resources.is_empty() {
        resources.push("It has no resources.".to_owned());
    }
    resources.extend(facts.resources.iter().map(|address| format!("- {}", code(address))));
    sections.push(resources);
    if !facts.modules.is_empty() {
        sections.push(section("Modules", &["name", "source"], named(&facts.modules), ""));
    }
    let mut page = sections.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
    page.push('\n');
    page
}

fn section(title: &str, head: &[&str], rows: Vec<Vec<String>>, nothing: &str) -> Vec<String> {
    let mut lines = vec![format!("## {title}"), String::new()];
    if rows.is_empty() {
        lines.push(nothing.to_owned());
    } else {
        lines.extend(table_or_list(head, rows));
    }
    lines
}

/// A table, or where a row would be too wide for one a list.
fn table_or_list(head: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let item = |row: &Vec<String>| {
        let mut item = format!("- {}", row[0]);
        for cell in row.iter().skip(1).filter(|cell| !cell.is_empty()) {
            item.push_str(": ");
            item.push_str(cell);
        }
        wrap(&item, WIDTH)
    };
    let table = table(head, &rows);
    if table.iter().all(|line| line.chars().count() <= WIDTH) { table } else { rows.iter().flat_map(item).collect() }
}

fn inputs(inputs: &[Input]) -> Vec<String> {
    let cell = |written: &str| !written.contains('\n') && written.chars().count() <= CELL;
    let link = |input: &Input, words: &str| format!("[{words}](#{})", input.name.to_lowercase());
    let rows: Vec<Vec<String>> = inputs
        .iter()
        .map(|input| {
            let ty = if cell(&input.ty) { code(&input.ty) } else { link(input, &short_type(&input.ty)) };
            let default = match &input.default {
                None => "**required**".to_owned(),
                Some(default) if cell(default) => code(default),
                Some(_) => link(input, "below"),
            };
            let sensitive = if input.sensitive { " Sensitive." } else { "" };
            vec![code(&input.name), ty, default, format!("{}{sensitive}", input.description).trim().to_owned()]
        })
        .collect();
    // What the other columns leave of a line.
    let taken: usize = (0..3).map(|column| widest(&rows, column, 4) + 3).sum();
    let room = WIDTH.saturating_sub(taken + 4);
    let fits = |row: &[String]| row[3].chars().count() <= room;
    let shown = rows.iter().zip(inputs).map(|(row, input)| {
        let mut shown = row.clone();
        if !fits(row) {
            shown[3] = preview(&row[3], &input.name.to_lowercase(), room);
        }
        shown
    });
    let mut lines =
        section("Inputs", &["name", "type", "default", "description"], shown.collect(), "It has no inputs.");
    for (row, input) in rows.iter().zip(inputs) {
        let default = input.default.as_deref().filter(|default| !cell(default));
        let (long_type, long_text) = (!cell(&input.ty), !fits(row));
        if !long_type && default.is_none() && !long_text && input.validations.is_empty() {
            continue;
        }
        lines.extend([String::new(), format!("### {}", code(&input.name)), String::new()]);
        push_paragraph(&mut lines, &row[3]);
        if long_type {
            push_code(&mut lines, "Type:", &input.ty);
        }
        if let Some(default) = default {
            push_code(&mut lines, "Default:", default);
        }
        if !input.validations.is_empty() {
            for (_, message) in &input.validations {
                lines.extend(wrap(&format!("- {message}"), WIDTH));
            }
            lines.push(String::new());
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
    }
    lines
}

/// The outline of a long type: `list(object)`, `map(list(object))`.
fn short_type(ty: &str) -> String {
    let mut outline = String::new();
    let mut rest = ty;
    while let Some((name, inner)) = rest.split_once('(') {
        let name = name.trim();
        if !["list", "set", "map"].contains(&name) {
            outline.push_str(name);
            break;
        }
        outline.push_str(name);
        outline.push('(');
        rest = inner;
    }
    let open = outline.matches('(').count();
    outline + &")".repeat(open)
}

fn push_paragraph(lines: &mut Vec<String>, text: &str) {
    if !text.is_empty() {
        lines.extend(wrap(text, WIDTH));
        lines.push(String::new());
    }
}

fn push_code(lines: &mut Vec<String>, title: &str, text: &str) {
    lines.extend([title.to_owned(), String::new(), "```hcl".to_owned()]);
    lines.extend(text.lines().map(ToOwned::to_owned));
    lines.extend(["```".to_owned(), String::new()]);
}

/// A table with columns of equal width but for the last.
fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let last = head.len() - 1;
    let widths: Vec<usize> =
        head.iter().enumerate().map(|(column, title)| widest(rows, column, title.chars().count())).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let cell = cell.replace('|', "\\|");
            let room = if column == last { 0 } else { widths[column] };
            format!("{cell:room$}")
        });
        format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let rule: Vec<String> = head
        .iter()
        .enumerate()
        .map(|(column, title)| "-".repeat(if column == last { title.len() } else { widths[column] }))
        .collect();
    [head, rule].iter().chain(rows).map(|cells| line(cells)).collect()
}

fn widest(rows: &[Vec<String>], column: usize, least: usize) -> usize {
    let widths = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.replace('|', "\\|").chars().count());
    widths.max().unwrap_or(0).max(least)
}

/// As many words of a text as fit, linked to all of it.
fn preview(text: &str, anchor: &str, room: usize) -> String {
    let room = room.saturating_sub(anchor.chars().count() + "[…](#)".chars().count() + 1);
    let mut words = String::new();
    for word in text.split(' ') {
        if words.chars().count() + 1 + word.chars().count() > room {
            break;
        }
        words.push_str(word);
        words.push(' ');
    }
    if words.is_empty() { format!("[below](#{anchor})") } else { format!("[{words}…](#{anchor})") }
}

/// Code in a line, whatever backticks are in it.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
