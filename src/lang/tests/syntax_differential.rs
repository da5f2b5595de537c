//! A second opinion: on thousands of generated valid sources our trees and those of `hcl-edit` agree.
//!
//! Where the two differ on purpose, so that the generator leaves it out:
//! - numbers with many digits or exponents: `hcl-edit` has 64-bit floats, we are exact;
//! - escapes in the text between directives of a quoted template: `hcl-edit` leaves them as written;
//! - strip markers: `hcl-edit` keeps them as flags, we apply them to the text as Terraform does;
//! - indented heredocs with directives or interpolations at the start of lines: its text isn't Terraform's;
//! - heredocs without a line, whose end it doesn't find;
//! - a name at the end of an object's line before a key in parentheses, which it takes for a call;
//! - repeated keys in an object, which it refuses and Terraform doesn't;
//! - `1.2.3`, `[for]` and raw line breaks in strings, which it accepts and Terraform doesn't;
//! - a byte order mark, deep nesting and long chains, which it refuses.

#[path = "syntax/generate.rs"]
mod generate;
#[path = "syntax/other.rs"]
mod other;
#[path = "syntax/random.rs"]
mod random;
#[path = "syntax/spans.rs"]
mod spans;
#[path = "syntax/tree.rs"]
mod tree;

use generate::Generator;
use mesh_diagnostics::FileId;
use mesh_lang::syntax::{parse, parse_expression};

const SOURCES: u64 = 10_000;

#[test]
fn our_trees_are_those_of_hcl_edit() {
    for seed in 0..SOURCES {
        let source = Generator::new(seed).body(4);
        let (body, diagnostics) = parse(&source, FileId(0));
        assert!(diagnostics.is_empty(), "seed {seed}: {source}\n{diagnostics:#?}");
        let theirs = match hcl_edit::parser::parse_body(&source) {
            Ok(body) => other::body(&body),
            Err(error) => panic!("seed {seed}: {source}\n{error}"),
        };
        assert_eq!(tree::body(&body), theirs, "seed {seed}: {source}");
    }
}

#[test]
fn each_span_holds_its_expression() {
    for seed in 0..SOURCES / 10 {
        let source = Generator::new(seed).body(3);
        let (body, _) = parse(&source, FileId(0));
        spans::in_body(&body, &mut |_| {}, &mut |expr| {
            let text = source.get(expr.span.start as usize..expr.span.end as usize).unwrap();
            let (again, diagnostics) = parse_expression(text, FileId(0));
            assert!(diagnostics.is_empty(), "seed {seed}: {text}\n{diagnostics:#?}");
            assert_eq!(tree::expr(&again), tree::expr(expr), "seed {seed}: {text}");
        });
    }
}
