//! What the documents refer to exists, and what they must list is listed.

#![expect(clippy::unwrap_used, reason = "a document that can't be read fails")]

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Markdown file that belongs to the project, sorted.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && !["target", "data", "cases"].contains(&name.as_str()) {
                open.push(path);
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The targets of `[text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let outside: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for after in outside.split("](").skip(1) {
            found.extend(after.split_once(')').map(|(target, _)| target.to_owned()));
        }
    }
    found
}

/// The anchors of a document's headings, as forges make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept =
            heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
        kept.replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        for link in links(&fs::read_to_string(&document).unwrap()) {
            if link.starts_with("http") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { document.clone() } else { document.parent().unwrap().join(path) };
            let is_there = target.exists();
            let has_anchor = anchor.is_empty()
                || (is_there && anchors(&fs::read_to_string(&target).unwrap()).iter().any(|found| found == anchor));
            if !is_there || !has_anchor {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let page = fs::read_to_string(root().join("docs/dependencies.md")).unwrap();
    let (_, table) = manifest.split_once("[workspace.dependencies]\n").unwrap();
    let names = table.lines().take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    let listed = |name: &str| page.lines().any(|line| line.starts_with("| ") && line.contains(&format!("`{name}`")));
    let missing: Vec<&str> =
        names.map(|(name, _)| name).filter(|name| !name.starts_with("mesh-") && !listed(name)).collect();
    assert!(missing.is_empty(), "docs/dependencies.md says nothing of {}", missing.join(", "));
}

#[test]
fn every_page_is_reached_from_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let pages = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let pages = pages.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".md"));
    let missing: Vec<String> = pages.filter(|name| !readme.contains(&format!("docs/{name}"))).collect();
    assert!(missing.is_empty(), "README.md doesn't lead to {}", missing.join(", "));
}
