//! Small tables without lines: a name, then numbers or short texts.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table as Grid, Width};

use super::paint::Page;
use crate::line::Tone;

/// A column of prose has so many columns at least, even where the table goes over the width.
const NARROWEST: u16 = 21;

/// Rows under a heading. Ids and addresses in it are never broken, even where they go over the width.
pub(super) struct Table {
    grid: Grid,
    /// The columns that are aligned to the right.
    right: Vec<usize>,
    /// Whether the last column is prose.
    wraps_last: bool,
}

impl Table {
    /// A table of counts.
    pub(super) fn of_counts<const N: usize>(heading: [&str; N]) -> Self {
        Self { right: (1..N).collect(), ..Self::of_ids(heading) }
    }

    /// A table of ids, words and amounts, of which those in some columns are aligned to the right, with prose in the last
    /// column where `wraps_last` says so.
    pub(super) fn of_amounts(heading: Vec<String>, right: Vec<usize>, wraps_last: bool) -> Self {
        let mut grid = Grid::new();
        grid.load_style(NOTHING);
        grid.set_header(heading);
        Self { grid, right, wraps_last }
    }

    /// A table of ids and words.
    pub(super) fn of_ids<const N: usize>(heading: [&str; N]) -> Self {
        Self::of_amounts(heading.map(str::to_owned).to_vec(), Vec::new(), false)
    }

    /// A table of ids and words, with prose in the last column.
    pub(super) fn with_prose<const N: usize>(heading: [&str; N]) -> Self {
        Self { wraps_last: true, ..Self::of_ids(heading) }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.grid.add_row(Row::from(cells));
    }

    pub(super) fn write(self, page: &mut Page) {
        for (index, line) in self.lines(page.width()).iter().enumerate() {
            if index == 0 { page.toned(Tone::Strong, line) } else { page.raw(line) }
        }
    }

    /// The heading and the rows at a width. A row is one line, but for prose that is wrapped.
    pub(super) fn lines(mut self, width: usize) -> Vec<String> {
        let columns = self.grid.column_count();
        let whole = if self.wraps_last { columns.saturating_sub(1) } else { columns };
        self.grid.set_content_arrangement(ContentArrangement::Dynamic);
        self.grid.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        for (index, column) in self.grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if self.right.contains(&index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
            column.set_constraint(if index < whole {
                ColumnConstraint::ContentWidth
            } else {
                ColumnConstraint::LowerBoundary(Width::Fixed(NARROWEST))
            });
        }
        self.grid.lines().map(|line| line.trim_end().to_owned()).collect()
    }
}
