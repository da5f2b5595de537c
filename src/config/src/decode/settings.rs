//! `mesh` and `terraform` blocks: which mesh and which providers a module wants.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::Block;
use mesh_value::Type;

use crate::block::{Reader, constant};
use crate::module::Settings;

/// Decodes one block into what earlier blocks of the module said. `required_version` of a `terraform` block speaks of
/// another program and is not held against mesh.
pub fn decode(block: &Block, settings: &mut Settings, diagnostics: &mut Diagnostics) {
    let is_own = block.kind.text.as_ref() == "mesh";
    let mut reader = Reader::new(&block.body, if is_own { "A `mesh` block" } else { "A `terraform` block" });
    if let Some(attribute) = reader.argument("required_version").filter(|_| is_own)
        && let Some(text) = constant(&attribute.expr, Some(&Type::String), "required_version", diagnostics)
    {
        match constraint(text.as_str().unwrap_or_default()) {
            Ok(requirement) => settings.required_version.push((requirement, attribute.expr.span)),
            Err(error) => diagnostics.push(
                Diagnostic::error(
                    "invalid-version-constraint",
                    "Invalid version constraint",
                    format!("`required_version` can't be understood: {error}."),
                )
                .at(attribute.expr.span)
                .hint("Write it like `>= 0.1, < 2.0`."),
            ),
        }
    }
    for nested in reader.blocks("required_providers") {
        for entry in &nested.body.attributes {
            settings.required_providers.insert(entry.name.text.clone(), entry.name.span);
        }
    }
    // Where the state lives and what is experimental says nothing to mesh in a `terraform` block.
    if !is_own {
        for known in ["backend", "cloud", "provider_meta"] {
            for ignored in reader.blocks(known) {
                diagnostics.push(
                    Diagnostic::warning(
                        "setting-ignored",
                        "Setting without effect",
                        format!("mesh reads `terraform` blocks for their providers; `{known}` has no effect."),
                    )
                    .at(ignored.header),
                );
            }
        }
        let _experiments = reader.argument("experiments");
    }
    reader.finish(diagnostics);
}

/// A constraint as Terraform writes it; `~> 1.2` allows the last given part to grow.
fn constraint(text: &str) -> Result<semver::VersionReq, semver::Error> {
    let parts: Vec<String> = text.split(',').map(|part| pessimistic(part.trim())).collect();
    semver::VersionReq::parse(&parts.join(", "))
}

fn pessimistic(part: &str) -> String {
    let Some(version) = part.strip_prefix("~>") else {
        let is_bare = part.starts_with(|first: char| first.is_ascii_digit());
        return if is_bare { format!("={part}") } else { part.to_owned() };
    };
    let numbers: Vec<u64> = version.trim().split('.').map_while(|number| number.parse().ok()).collect();
    match numbers.as_slice() {
        [major, minor, patch] => format!(">={major}.{minor}.{patch}, <{major}.{}.0", minor + 1),
        [major, minor] => format!(">={major}.{minor}.0, <{}.0.0", major + 1),
        _ => version.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read_as_users_know_them() {
        let cases = [
            ("~> 1.2", "1.9.0", true),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2.3", "1.2.9", true),
            ("~> 1.2.3", "1.3.0", false),
            (">= 0.1, < 2.0", "0.1.0", true),
            ("0.1.0", "0.1.1", false),
        ];
        for (text, version, holds) in cases {
            let matches = constraint(text).unwrap().matches(&version.parse().unwrap());
            assert_eq!(matches, holds, "{text} on {version}");
        }
    }
}
