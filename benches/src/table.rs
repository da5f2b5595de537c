//! The figures as a Markdown table.

use std::fmt::Write;

use crate::cases::Bench;
use crate::figure::{Figure, Row, megabytes};

const HEAD: [&str; 9] = ["case", "mesh", "memory", "Terraform", "memory", "faster", "less memory", "target", "reached"];

/// What was measured where, in one line.
///
/// # Errors
/// A program does not tell its version.
pub fn about(bench: &Bench) -> anyhow::Result<String> {
    let cores = std::thread::available_parallelism()?;
    let mesh = bench.mesh.version(&bench.scratch)?;
    let terraform = match &bench.terraform {
        Some(terraform) => terraform.version(&bench.scratch)?,
        None => "without Terraform".to_owned(),
    };
    Ok(format!("{mesh}, {terraform}, {cores} cores\n\n"))
}

/// The table; in a quick run no target is held.
pub fn table(rows: &[Row], quick: bool) -> String {
    let cells: Vec<[String; 9]> = rows.iter().map(|row| cells(row, quick)).collect();
    let mut widths = HEAD.map(str::len);
    for line in &cells {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    write_line(&mut text, &HEAD, &widths);
    write_line(&mut text, &widths.map(|width| "-".repeat(width)), &widths);
    for line in &cells {
        write_line(&mut text, line, &widths);
    }
    text
}

fn write_line(text: &mut String, cells: &[impl AsRef<str>], widths: &[usize]) {
    for (cell, width) in cells.iter().zip(widths) {
        // Writing into a string does not fail.
        let _ = write!(text, "| {:width$} ", cell.as_ref());
    }
    text.push_str("|\n");
}

fn cells(row: &Row, quick: bool) -> [String; 9] {
    let figure = |figure: &Figure| figure.to_string();
    let memory = |figure: &Figure| figure.measured().map(|measured| megabytes(measured.memory));
    let none = || "-".to_owned();
    let least = if row.is_peer_done() { "" } else { "> " };
    let targets: Vec<String> = row.targets.iter().map(ToString::to_string).collect();
    [
        row.case.clone(),
        figure(&row.mesh),
        memory(&row.mesh).unwrap_or_else(none),
        row.terraform.as_ref().map_or_else(none, figure),
        row.terraform.as_ref().and_then(memory).unwrap_or_else(none),
        row.speedup().map_or_else(none, |ratio| format!("{least}{ratio:.0}x")),
        row.leanness().map_or_else(none, |ratio| format!("{ratio:.1}x")),
        targets.join(", "),
        if quick { none() } else { verdicts(row) },
    ]
}

fn verdicts(row: &Row) -> String {
    let words = row.verdicts().into_iter().map(|verdict| match verdict {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "not known",
    });
    words.collect::<Vec<_>>().join(", ")
}
