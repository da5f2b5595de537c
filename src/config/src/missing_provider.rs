//! Providers that a configuration uses and mesh, or this build of it, does not have: each is told once, however many blocks use it.

use std::collections::BTreeMap;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::Mode;

use crate::instead;
use crate::module::{ModuleTree, Resource, Settings};
use crate::schemas::Schemas;

/// The provider of the public registry that shares its name with this build's local platform, and nothing else.
pub const NAMESAKE: &str = "hashicorp/local";

/// Whether `required_providers` gives the local name to the namesake.
pub fn is_namesake(name: &str, settings: &Settings) -> bool {
    settings.required_providers.get(name).is_some_and(|required| required.source.as_deref() == Some(NAMESAKE))
}

/// Whether a block can only be meant for the namesake, whatever `required_providers` says: by its type, or by an
/// argument that the local platform's data source of the same type does not have.
pub fn is_of_namesake(resource: &Resource) -> bool {
    let has_filename = || resource.body.attributes.iter().any(|attribute| attribute.name.text.as_ref() == "filename");
    resource.provider.config.name.as_ref() == "local"
        && match (resource.mode, resource.ty.as_ref()) {
            (_, "local_sensitive_file") | (Mode::Managed, "local_file") => true,
            (Mode::Data, "local_file") => has_filename(),
            _ => false,
        }
}

/// The providers that were looked for in vain.
#[derive(Debug, Default)]
pub struct MissingProviders {
    by_name: BTreeMap<String, Missing>,
}

#[derive(Debug)]
struct Missing {
    /// The first block that needs it.
    first: Span,
    /// How many blocks need it.
    blocks: usize,
    /// The providers that mesh has.
    known: Vec<String>,
}

impl MissingProviders {
    /// Notes that a block needs a provider that is none of the `known` ones.
    pub fn add(&mut self, provider: &str, known: &[String], block: Span) {
        let missing = self.by_name.entry(provider.to_owned());
        let missing = missing.or_insert_with(|| Missing { first: block, blocks: 0, known: known.to_vec() });
        missing.blocks += 1;
        missing.first = missing.first.min(block);
    }

    /// Reports each, where the root module asks for it or else at the first block that needs it.
    pub fn report(self, root: &ModuleTree, schemas: &dyn Schemas, diagnostics: &mut Diagnostics) {
        for (name, missing) in self.by_name {
            let asked = root.module.settings.required_providers.iter().find(|(local, required)| {
                required.source.as_deref() == Some(name.as_str()) || local.as_ref() == name.as_str()
            });
            let error = match schemas.command_for(&name) {
                Some(command) => missing.left_out(&name, command),
                None => missing.unknown(&name),
            };
            diagnostics.push(error.at(asked.map_or(missing.first, |(_, required)| required.span)));
        }
    }
}

impl Missing {
    fn left_out(&self, name: &str, command: &str) -> Diagnostic {
        let (used_by, checked) = self.extent();
        let detail = format!("This build of mesh has no provider `{name}`, which {used_by}. {checked}");
        Diagnostic::error("provider-left-out", "Provider left out of this build", detail)
            .hint(format!("Build mesh with it, where its sources are: `{command}`."))
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let (used_by, checked) = self.extent();
        let detail = format!("mesh has no provider `{name}`, which {used_by}. {checked}");
        let error = Diagnostic::error("unknown-provider", "Unknown provider", detail);
        match instead::of_provider(name) {
            Some(hint) => error.hint(hint),
            None => error.suggest(name, self.known.iter().map(String::as_str)),
        }
    }

    /// How many blocks are concerned, and what that means for them.
    fn extent(&self) -> (String, String) {
        let (used_by, them, types) = match self.blocks {
            1 => ("one block uses".to_owned(), "it", "its type, and the names and values of its arguments"),
            blocks => {
                (format!("{blocks} blocks use"), "them", "their types, and the names and values of their arguments")
            }
        };
        (used_by, format!("Everything in {them} was checked but what only the provider knows: {types}."))
    }
}
