//! `csvdecode`: rows of comma-separated values, by RFC 4180.

use std::sync::Arc;

use mesh_value::{Type, Value};

use super::function::{Answer, Refusal};
use super::text::text;

/// A list of objects, named by the first row.
pub(super) fn decode(arguments: &[Value]) -> Answer {
    let rows = rows(text(arguments, 0)?).map_err(|detail| Refusal::of(0, detail))?;
    let Some((header, rows)) = rows.split_first() else {
        return Err(Refusal::of(0, "the first row, with the names, is missing"));
    };
    let names: Vec<Arc<str>> = header.fields.iter().map(|name| name.as_str().into()).collect();
    for (index, name) in names.iter().enumerate() {
        if names.get(..index).unwrap_or_default().contains(name) {
            return Err(Refusal::of(0, format!("the name {name:?} occurs twice in the first row")));
        }
    }
    let mut objects = Vec::with_capacity(rows.len());
    for row in rows {
        if row.fields.len() != names.len() {
            let detail =
                format!("line {} has {} fields, the first row has {}", row.line, row.fields.len(), names.len());
            return Err(Refusal::of(0, detail));
        }
        let fields = names.iter().cloned().zip(row.fields.iter().map(|field| Value::string(field.as_str())));
        objects.push(Value::object(fields));
    }
    Ok(Value::list(Type::object(names.into_iter().map(|name| (name, Type::String))), objects))
}

struct Row {
    line: usize,
    fields: Vec<String>,
}

/// Rows and their fields; empty lines are no rows.
fn rows(text: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut letters = text.chars().peekable();
    let mut line = 1;
    while letters.peek().is_some() {
        let mut row = Row { line, fields: Vec::new() };
        let mut is_quoted = false;
        loop {
            let mut field = String::new();
            is_quoted |= letters.peek() == Some(&'"');
            if letters.next_if_eq(&'"').is_some() {
                loop {
                    match letters.next() {
                        Some('"') if letters.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some('\r') if letters.peek() == Some(&'\n') => {}
                        Some(letter) => {
                            line += usize::from(letter == '\n');
                            field.push(letter);
                        }
                        None => return Err(format!("the quote opened in line {} is never closed", row.line)),
                    }
                }
                if !matches!(letters.peek(), None | Some(',' | '\n' | '\r')) {
                    return Err(format!("in line {line}, a comma must follow a closing quote"));
                }
            }
            while let Some(letter) = letters.next_if(|letter| !matches!(letter, ',' | '\n')) {
                if letter == '"' {
                    return Err(format!("in line {line}, a quote stands inside a field that is not quoted"));
                }
                field.push(letter);
            }
            if letters.peek() != Some(&',') && field.ends_with('\r') {
                field.pop();
            }
            row.fields.push(field);
            if letters.next_if_eq(&',').is_none() {
                break;
            }
        }
        letters.next_if_eq(&'\n');
        line += 1;
        if is_quoted || row.fields != [""] {
            rows.push(row);
        }
    }
    Ok(rows)
}
