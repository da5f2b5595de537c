//! The prices that a project is held with: those that come with mesh, and over them the books that its `mesh` blocks name.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_config::{ENDINGS, Module};
use mesh_cost::{Book, BookError, standard};
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use mesh_sources::LOCK_FILE;

/// A project's prices. Where it names no books, they are those that come with mesh.
#[derive(Clone, Debug)]
pub struct PriceBooks(Option<Arc<Book>>);

impl PriceBooks {
    /// Those that come with mesh.
    pub const STANDARD: Self = Self(None);

    /// The book.
    pub fn book(&self) -> &Book {
        self.0.as_deref().unwrap_or_else(|| standard())
    }

    /// The prices of a saved plan, from the files that it was saved with.
    pub fn of_saved(files: &[(PathBuf, String)]) -> Self {
        let mut prices = Self::STANDARD;
        for (path, text) in files.iter().filter(|(path, _)| is_price_book(path)) {
            // It was read when the plan was made.
            prices.0 = Book::read(&path.display().to_string(), text.as_bytes()).ok().map(|book| prices.over(book));
        }
        prices
    }

    /// Reads the books that a root module names, in their order: later ones win. `text` gives the text of a file. Their
    /// paths and texts are answered, for saving.
    pub fn read(
        module: &Module,
        text: &dyn Fn(&Path) -> io::Result<String>,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> (Self, Vec<(PathBuf, String)>) {
        let (mut prices, mut files) = (Self::STANDARD, Vec::new());
        for (path, span) in &module.cost.prices {
            let file = PathBuf::from(&**path);
            let text = match text(&file) {
                Ok(text) => text,
                Err(error) => {
                    let detail = format!("Reading {path} failed: {error}.");
                    let hint = "Paths are relative to the root module's directory.";
                    diagnostics.push(unusable(detail).at(*span).hint(hint));
                    continue;
                }
            };
            match Book::read(path, text.as_bytes()) {
                Ok(book) => prices.0 = Some(prices.over(book)),
                Err(error) => diagnostics.push(wrong(&error, &file, &text, *span, sources)),
            }
            files.push((file, text));
        }
        (prices, files)
    }

    fn over(&self, own: Book) -> Arc<Book> {
        let mut book = self.book().clone();
        book.add(own);
        Arc::new(book)
    }
}

/// Whether a file that a plan was saved with is a price book: it is no configuration, and not the lock file.
pub fn is_price_book(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    path != Path::new(LOCK_FILE) && !ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// What is wrong with a book, at its line.
fn wrong(error: &BookError, path: &Path, text: &str, named: Span, sources: &mut SourceMap) -> Diagnostic {
    let diagnostic = unusable(format!("{error}."));
    let line = error.line().and_then(|line| usize::try_from(line).ok()).and_then(|line| line.checked_sub(1));
    let start = line.and_then(|line| text.split_inclusive('\n').take(line).map(str::len).reduce(|sum, len| sum + len));
    let Some(start) = start else { return diagnostic.at(named) };
    let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    let file = sources.add(path, text);
    diagnostic.at(Span::new(file, start, start + length)).elsewhere("It is named here", named)
}

fn unusable(detail: String) -> Diagnostic {
    Diagnostic::error("prices-unusable", "Price book can't be used", detail)
}
