//! Small tables without lines: a name, then numbers or short texts.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table as Grid};

use super::paint::Page;
use crate::line::Tone;

/// Rows under a heading. Ids and addresses in it are never broken, even where they go over the width.
pub(super) struct Table {
    grid: Grid,
    /// Of all columns but the first.
    align: CellAlignment,
    /// Whether the last column is prose.
    wraps_last: bool,
}

impl Table {
    /// A table of counts.
    pub(super) fn of_counts<const N: usize>(heading: [&str; N]) -> Self {
        Self { align: CellAlignment::Right, ..Self::of_ids(heading) }
    }

    /// A table of ids and words.
    pub(super) fn of_ids<const N: usize>(heading: [&str; N]) -> Self {
        let mut grid = Grid::new();
        grid.load_style(NOTHING);
        grid.set_header(heading);
        Self { grid, align: CellAlignment::Left, wraps_last: false }
    }

    /// A table of ids and words, with prose in the last column.
    pub(super) fn with_prose<const N: usize>(heading: [&str; N]) -> Self {
        Self { wraps_last: true, ..Self::of_ids(heading) }
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.grid.add_row(Row::from(cells));
    }

    pub(super) fn write(mut self, page: &mut Page) {
        let columns = self.grid.column_count();
        let whole = if self.wraps_last { columns.saturating_sub(1) } else { columns };
        self.grid.set_content_arrangement(ContentArrangement::Dynamic);
        self.grid.set_width(u16::try_from(page.width()).unwrap_or(u16::MAX));
        for (index, column) in self.grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if index > 0 {
                column.set_cell_alignment(self.align);
            }
            if index < whole {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        for (index, line) in self.grid.lines().enumerate() {
            let line = line.trim_end().to_owned();
            if index == 0 { page.toned(Tone::Strong, &line) } else { page.raw(&line) }
        }
    }
}
