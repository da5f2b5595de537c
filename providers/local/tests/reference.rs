//! The reference in `docs/local-platform.md` is written from the schema. `BLESS=1` rewrites it.

use std::fs;
use std::path::Path;

use mesh_provider::{Provider as _, docs};

const MARKER: &str = "<!-- reference: written by providers/local/tests/reference.rs -->\n";

#[test]
fn the_reference_is_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/local-platform.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, _) = page.split_once(MARKER).expect("the page has the marker");
    let provider = mesh_provider_local::provider();
    let reference = docs::markdown(provider.name(), &provider.schema());
    // The page has a title already.
    let (_, reference) = reference.split_once('\n').expect("the reference has a title");
    let actual = format!("{before}{MARKER}{reference}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, actual).unwrap();
    } else {
        assert!(actual == page, "docs/local-platform.md is behind the provider's schema; BLESS=1 rewrites it");
    }
}
