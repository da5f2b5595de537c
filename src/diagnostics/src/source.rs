//! Source files and byte ranges in them: every diagnostic points through these.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The number of a file in its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that holds the range.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A range of `file` from byte `start` up to, not including, byte `end`.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: clamp(start), end: clamp(end) }
    }

    /// The smallest range that holds both; `other` must be of the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty range where this one starts.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty range where this one ends.
    #[must_use]
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }
}

/// A place in a file as people count: both start at 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// One file's name and text. Files of 4 GiB and more are refused where they are loaded.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as shown to the user.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    line_starts: Vec<u32>,
    /// The blocks at the top of the file, in order: each with its header.
    blocks: Vec<(Range<u32>, Range<u32>)>,
}

impl SourceFile {
    /// The position of a byte offset; an offset past the end gives the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_at(offset as usize);
        let start = self.line_range(line).start;
        let end = self.text.floor_char_boundary(offset as usize);
        let column = self.text.get(start..end).map_or(0, |text| text.chars().count());
        Position { line, column: clamp(column) + 1 }
    }

    /// The text of a line counted from 1, without its line break; empty past the end.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        &self.text[self.line_range(line)]
    }

    /// The header of the block at the top of the file that a byte offset lies in, such as `resource "a" "b"`.
    pub(crate) fn block_around(&self, offset: u32) -> Option<&str> {
        let after = self.blocks.partition_point(|(block, _)| block.start <= offset);
        let (block, header) = self.blocks.get(after.checked_sub(1)?)?;
        if block.end <= offset {
            return None;
        }
        self.text.get(header.start as usize..header.end as usize)
    }

    /// The number of the line that holds a byte offset, from 1; an offset past the end gives the last line.
    pub(crate) fn line_at(&self, offset: usize) -> u32 {
        clamp(self.line_starts.partition_point(|start| *start as usize <= offset)).max(1)
    }

    /// The bytes of a line counted from 1, without its line break; empty at the end of the text past the last line.
    pub(crate) fn line_range(&self, line: u32) -> Range<usize> {
        let index = line.saturating_sub(1) as usize;
        let start_of = |index: usize| self.line_starts.get(index).map_or(self.text.len(), |start| *start as usize);
        let start = start_of(index);
        let text = self.text[start..start_of(index + 1)].trim_end_matches(['\n', '\r']);
        start..start + text.len()
    }
}

/// All files of a run. Adding is cheap; ids stay valid for the map's life.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(offset, _)| clamp(offset + 1))).collect();
        self.files.push(SourceFile { path: path.into(), text, line_starts, blocks: Vec::new() });
        FileId(clamp(self.files.len() - 1))
    }

    /// Notes the blocks at the top of a file, in order: what each covers, and its header.
    pub fn outline(&mut self, id: FileId, blocks: impl IntoIterator<Item = (Span, Span)>) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            let bytes = |span: Span| span.start..span.end;
            file.blocks = blocks.into_iter().map(|(block, header)| (bytes(block), bytes(header))).collect();
        }
    }

    /// The file of an id that this map gave out.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text that a span covers; empty where the span is not of this map.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.start as usize..span.end as usize)).unwrap_or_default()
    }

    /// The file of a span and the bytes that it covers there, moved inside the text and onto character boundaries where
    /// they are not. `None` where the file is not of this map.
    #[must_use]
    pub fn resolve(&self, span: Span) -> Option<(&SourceFile, Range<usize>)> {
        let file = self.get(span.file)?;
        let start = file.text.floor_char_boundary(span.start as usize);
        let end = file.text.ceil_char_boundary(span.end as usize).max(start);
        Some((file, start..end))
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(clamp(index)), file))
    }

    /// The id of the file with this path.
    #[must_use]
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.iter().find(|(_, file)| file.path == path).map(|(id, _)| id)
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_lines_from_one() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.tf", "é = 1\nb\n");
        let file = sources.get(id).unwrap();
        assert_eq!(file.position(3), Position { line: 1, column: 3 });
        assert_eq!(file.position(7), Position { line: 2, column: 1 });
        assert_eq!(file.line(2), "b");
        assert_eq!(file.line(9), "");

        assert_eq!(file.position(1), Position { line: 1, column: 1 }, "the middle of a character is its start");
        assert_eq!(file.position(99), Position { line: 3, column: 1 }, "past the end is the end");
    }

    #[test]
    fn spans_outside_the_text_resolve_to_its_edge() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.tf", "é");
        let range = |start, end| sources.resolve(Span::new(id, start, end)).map(|(_, range)| range);
        assert_eq!(range(1, 1), Some(0..2));
        assert_eq!(range(7, 9), Some(2..2));
        assert_eq!(range(2, 0), Some(2..2));
        assert_eq!(sources.resolve(Span::new(FileId(9), 0, 0)).map(|(_, range)| range), None);
    }
}
