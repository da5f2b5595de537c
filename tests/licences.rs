//! Holds the licences of everything that is built in against those that go with our own, Apache-2.0.

use std::path::Path;

use cargo_metadata::MetadataCommand;

/// Licences whose code may be part of a program under Apache-2.0. The Blue Oak Model License is as permissive as that one,
/// and the Apache Software Foundation takes it into its own products.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions that only allow more than their licence does.
const EXCEPTIONS: [&str; 1] = ["LLVM-exception"];

#[test]
fn all_licences_go_with_ours() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("Cargo.toml");
    let locked = vec!["--locked".to_owned()];
    let metadata = MetadataCommand::new().manifest_path(manifest).other_options(locked).exec().unwrap();
    let mut refused = Vec::new();
    for package in &metadata.packages {
        let name = format!("{} {}", package.name, package.version);
        match package.license.as_deref().map(is_allowed) {
            Some(Ok(true)) => {}
            Some(Ok(false)) => refused.push(format!("{name}: {}", package.license.as_deref().unwrap_or_default())),
            Some(Err(why)) => refused.push(format!("{name}: {why}")),
            None => refused.push(format!("{name} names no licence")),
        }
    }
    assert!(metadata.packages.len() > 100, "only {} packages were looked at", metadata.packages.len());
    assert!(refused.is_empty(), "these may not be part of mesh:\n{}", refused.join("\n"));
}

#[test]
fn expressions_are_understood() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("(MIT OR GPL-2.0-only) AND Unicode-3.0", true),
        ("GPL-2.0-only OR MIT AND ISC", true),
        ("(GPL-2.0-only OR MIT) AND LGPL-2.1-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0 WITH Classpath-exception-2.0", false),
    ];
    for (text, expected) in cases {
        assert_eq!(is_allowed(text), Ok(expected), "{text}");
    }
    assert!(is_allowed("(MIT").is_err());
    assert!(is_allowed("MIT Apache-2.0").is_err());
    assert!(is_allowed("").is_err());
}

/// Whether an SPDX licence expression can be fulfilled with allowed licences alone. `/`, as older packages write it,
/// means `OR`.
fn is_allowed(text: &str) -> Result<bool, String> {
    let spaced = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut expression = Expression { words: &words, next: 0 };
    let allowed = expression.any();
    match (allowed, expression.peek()) {
        (Some(allowed), None) => Ok(allowed),
        _ => Err(format!("{text:?} is no licence expression")),
    }
}

/// A licence expression under way: `OR` binds weakest, then `AND`, then `WITH`.
struct Expression<'a> {
    words: &'a [&'a str],
    next: usize,
}

impl<'a> Expression<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.next).copied()
    }

    fn take(&mut self) -> Option<&'a str> {
        self.next += 1;
        self.words.get(self.next - 1).copied()
    }

    fn take_if(&mut self, word: &str) -> bool {
        let is_next = self.peek() == Some(word);
        self.next += usize::from(is_next);
        is_next
    }

    fn any(&mut self) -> Option<bool> {
        let mut allowed = self.all()?;
        while self.take_if("OR") {
            allowed |= self.all()?;
        }
        Some(allowed)
    }

    fn all(&mut self) -> Option<bool> {
        let mut allowed = self.one()?;
        while self.take_if("AND") {
            allowed &= self.one()?;
        }
        Some(allowed)
    }

    fn one(&mut self) -> Option<bool> {
        let word = self.take()?;
        if word == "(" {
            let allowed = self.any()?;
            return (self.take()? == ")").then_some(allowed);
        }
        if ["OR", "AND", "WITH", ")"].contains(&word) {
            return None;
        }
        let allowed = ALLOWED.contains(&word);
        Some(if self.take_if("WITH") { EXCEPTIONS.contains(&self.take()?) && allowed } else { allowed })
    }
}
