//! The table of functions in `docs/language.md` is the table that evaluation uses. `BLESS=1` rewrites it.

use std::fs;
use std::path::Path;

use mesh_lang::functions;

const BEGIN: &str = "<!-- functions: written by src/lang/tests/functions_page.rs -->\n";
const END: &str = "<!-- end of functions -->\n";

#[test]
fn the_page_lists_the_functions_that_there_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the first marker");
    let (_, after) = rest.split_once(END).expect("the page has the second marker");
    let actual = format!("{before}{BEGIN}{}{END}{after}", table());
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, actual).unwrap();
    } else {
        assert!(actual == page, "docs/language.md is behind the table of functions; BLESS=1 rewrites it");
    }
}

fn table() -> String {
    let mut table = String::from("\n| function | result | meaning |\n|---|---|---|\n");
    for function in functions::all() {
        let meaning = function.doc.replace('|', "\\|");
        table.push_str(&format!("| `{function}` | `{}` | {meaning} |\n", function.returns.ty()));
    }
    table.push('\n');
    table
}
