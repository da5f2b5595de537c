//! Override files: what they say takes the place of what a module's other files say, block by block.

mod merge;

use std::collections::HashMap;
use std::path::Path;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span, article};
use mesh_lang::syntax::{Block, Body};

use crate::source::ENDINGS;
use merge::{merge_block, merge_settings};

/// Whether a file is one whose blocks change those of the other files: `override.tf`, `NAME_override.tf`, and so with
/// every ending of configuration files.
pub fn is_override(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    ENDINGS
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .any(|stem| stem == "override" || stem.ends_with("_override"))
}

/// Changes the bodies of a module's files by those of its override files, one after the other. What overrides nothing
/// is reported, unless the files are `damaged`: then an error may have taken the block that is missed.
pub fn apply(bodies: &mut Vec<Body>, overrides: Vec<Body>, damaged: bool, diagnostics: &mut Diagnostics) {
    if let (true, Some(first)) = (bodies.is_empty(), overrides.first()) {
        bodies.push(Body { attributes: Vec::new(), blocks: Vec::new(), span: first.span });
    }
    let mut declared = Declared::of(bodies);
    for body in overrides {
        for attribute in body.attributes {
            diagnostics.push(crate::decode::argument_outside_block(&attribute));
        }
        for block in body.blocks {
            declared.merge(bodies, block, damaged, diagnostics);
        }
    }
}

/// Where the blocks of a module stand: the file and the index in it.
type Place = (usize, usize);

/// The blocks that may be overridden.
struct Declared {
    /// Those with labels, by what overrides them.
    labelled: HashMap<Vec<String>, Place>,
    /// Those without, by their type.
    plain: HashMap<String, Vec<Place>>,
}

impl Declared {
    fn of(bodies: &[Body]) -> Self {
        let mut declared = Self { labelled: HashMap::new(), plain: HashMap::new() };
        for (file, body) in bodies.iter().enumerate() {
            for (index, block) in body.blocks.iter().enumerate() {
                if block.labels.is_empty() {
                    declared.plain.entry(block.kind.text.to_string()).or_default().push((file, index));
                } else {
                    declared.labelled.entry(key(block)).or_insert((file, index));
                }
            }
        }
        declared
    }

    fn merge(&mut self, bodies: &mut [Body], block: Block, damaged: bool, diagnostics: &mut Diagnostics) {
        match block.kind.text.as_ref() {
            "locals" => self.merge_locals(bodies, block, damaged, diagnostics),
            kind @ ("mesh" | "terraform") => {
                for (file, index) in self.plain.get(kind).into_iter().flatten() {
                    merge_settings(&mut bodies[*file].blocks[*index].body, &block.body);
                }
                self.add(bodies, block);
            }
            kind @ ("moved" | "import" | "check") => diagnostics.push(
                Diagnostic::error(
                    "override-not-possible",
                    "Not possible in an override file",
                    format!(
                        "{} `{kind}` block overrides nothing, so it can't stand in an override file.",
                        article(kind)
                    ),
                )
                .at(block.header)
                .hint("Move it into a file whose name is not `override` and doesn't end in `_override`."),
            ),
            "provider" => match self.labelled.get(&key(&block)) {
                Some((file, index)) => merge_block(&mut bodies[*file].blocks[*index], block, diagnostics),
                // A configuration of its own, as the empty one that it changes needs no block.
                None => self.add(bodies, block),
            },
            _ if block.labels.is_empty() => self.add(bodies, block),
            _ => match self.labelled.get(&key(&block)) {
                Some((file, index)) => merge_block(&mut bodies[*file].blocks[*index], block, diagnostics),
                None if damaged => {}
                None => diagnostics.push(self.without_base(&block)),
            },
        }
    }

    fn merge_locals(&self, bodies: &mut [Body], block: Block, damaged: bool, diagnostics: &mut Diagnostics) {
        let places = self.plain.get("locals").map(Vec::as_slice).unwrap_or_default();
        for local in block.body.attributes {
            let mut found = false;
            for (file, index) in places {
                let attributes = &mut bodies[*file].blocks[*index].body.attributes;
                if let Some(base) = attributes.iter_mut().find(|base| base.name.text == local.name.text) {
                    *base = local.clone();
                    found = true;
                    break;
                }
            }
            if !found && !damaged {
                let known = places.iter().flat_map(|(file, index)| &bodies[*file].blocks[*index].body.attributes);
                let known: Vec<_> = known.map(|attribute| attribute.name.text.as_ref()).collect();
                let what = format!("Local value `{}`", local.name.text);
                diagnostics.push(missing(&what, local.name.span, &local.name.text, known));
            }
        }
        for nested in &block.body.blocks {
            diagnostics.push(
                Diagnostic::error("unknown-block", "Unknown block", "A `locals` block takes only `name = value`.")
                    .at(nested.header),
            );
        }
    }

    /// Adds a block that changes none; what later ones say overrides it, too.
    fn add(&mut self, bodies: &mut [Body], block: Block) {
        let Some(body) = bodies.first_mut() else { return };
        let place = (0, body.blocks.len());
        if block.labels.is_empty() {
            self.plain.entry(block.kind.text.to_string()).or_default().push(place);
        } else {
            self.labelled.entry(key(&block)).or_insert(place);
        }
        body.blocks.push(block);
    }

    fn without_base(&self, block: &Block) -> Diagnostic {
        let (kind, name) = (&block.kind.text, labels(block));
        let known = self.labelled.keys().filter(|known| known.first().is_some_and(|first| first == kind.as_ref()));
        let known: Vec<String> = known.map(|known| known[1..].join(".")).collect();
        let what = match kind.as_ref() {
            "resource" => format!("Resource `{name}`"),
            "data" => format!("Data source `{name}`"),
            "variable" => format!("Variable `{name}`"),
            "output" => format!("Output `{name}`"),
            "module" => format!("Module call `{name}`"),
            _ => format!("`{kind}` block `{name}`"),
        };
        missing(&what, block.header, &name, known.iter().map(String::as_str).collect())
    }
}

fn missing(what: &str, at: Span, name: &str, mut known: Vec<&str>) -> Diagnostic {
    known.sort_unstable();
    let detail = format!("{what} is declared in no other file, so there is nothing to override.");
    let error = Diagnostic::error("override-without-base", "Nothing to override", detail).at(at);
    let error = error.suggest(name, known);
    if error.hints.is_empty() {
        error.hint("A new block goes into a file whose name is not `override` and doesn't end in `_override`.")
    } else {
        error
    }
}

/// What a block and the one that overrides it have in common.
fn key(block: &Block) -> Vec<String> {
    let mut key = vec![block.kind.text.to_string()];
    key.extend(block.labels.iter().map(|label| label.text.to_string()));
    if block.kind.text.as_ref() == "provider" {
        let alias = block.body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == "alias");
        key.extend(alias.map(|alias| merge::literal_text(&alias.expr).unwrap_or_default()));
    }
    key
}

fn labels(block: &Block) -> String {
    block.labels.iter().map(|label| label.text.as_ref()).collect::<Vec<_>>().join(".")
}
