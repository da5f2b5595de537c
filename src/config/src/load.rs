//! Loads the root module and every module that it calls, each directory once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};
use mesh_lang::syntax::{self, TokenKind};
use mesh_value::{InstanceKey, ModulePath};

use crate::decode;
use crate::directory::{LocalDirectories, ModuleDirectories};
use crate::module::{Module, ModuleCall, ModuleTree};
use crate::overrides;
use crate::shape;
use crate::source::ModuleFiles;

/// A whole configuration and the texts it came from.
#[derive(Debug)]
pub struct Loaded {
    /// The root module and all below.
    pub tree: ModuleTree,
    /// Path and text of every file read, for embedding in a saved plan.
    pub files: Vec<(PathBuf, String)>,
}

/// Loads the configuration whose root module is `files`' own root directory, and the modules that it calls from where
/// `directories` finds them. Problems go to `diagnostics`; what could be read is returned all the same, so that later
/// checks find more in the same run.
pub fn load(
    files: &dyn ModuleFiles,
    directories: &mut dyn ModuleDirectories,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Loaded {
    let mut loader =
        Loader { files, directories, sources, diagnostics, modules: HashMap::new(), texts: BTreeMap::new() };
    let root = loader.module(Path::new(""), None);
    let tree = loader.tree(ModulePath::root(), root, &mut vec![PathBuf::new()]);
    Loaded { tree, files: loader.texts.into_iter().collect() }
}

/// Loads the module in `files`' own root directory without those that it calls.
pub fn load_module(files: &dyn ModuleFiles, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Arc<Module> {
    let directories = &mut LocalDirectories;
    let mut loader =
        Loader { files, directories, sources, diagnostics, modules: HashMap::new(), texts: BTreeMap::new() };
    loader.module(Path::new(""), None)
}

struct Loader<'a> {
    files: &'a dyn ModuleFiles,
    directories: &'a mut dyn ModuleDirectories,
    sources: &'a mut SourceMap,
    diagnostics: &'a mut Diagnostics,
    modules: HashMap<PathBuf, Arc<Module>>,
    texts: BTreeMap<PathBuf, String>,
}

impl Loader<'_> {
    /// The module in a directory, decoded at the first call.
    fn module(&mut self, dir: &Path, called_at: Option<Span>) -> Arc<Module> {
        if let Some(module) = self.modules.get(dir) {
            return module.clone();
        }
        let files = self.files.module_files(dir).unwrap_or_else(|error| {
            self.diagnostics.push(unreadable(dir, &error, called_at));
            Vec::new()
        });
        if files.is_empty() && !self.diagnostics.has_errors() {
            self.diagnostics.push(no_configuration(dir, called_at));
        }
        let (mut bodies, mut overrides, mut lost_names) = (Vec::with_capacity(files.len()), Vec::new(), HashSet::new());
        for (path, text) in files {
            let id = self.sources.add(path.clone(), text.as_str());
            let is_json = path.extension().is_some_and(|extension| extension == "json");
            let (body, problems) =
                if is_json { syntax::parse_json(&text, id, &shape::FILE) } else { syntax::parse(&text, id) };
            if problems.has_errors() {
                lost_names.extend(names_in(&text, id));
            }
            self.diagnostics.extend(problems);
            if !is_json {
                self.sources.outline(id, body.blocks.iter().map(|block| (block.span, block.header)));
            }
            if overrides::is_override(&path) {
                overrides.push(body)
            } else {
                bodies.push(body)
            }
            self.texts.insert(path, text);
        }
        overrides::apply(&mut bodies, overrides, !lost_names.is_empty(), self.diagnostics);
        let module = decode::module(dir.to_owned(), bodies, self.diagnostics);
        let module = Arc::new(Module { lost_names, ..module });
        self.modules.insert(dir.to_owned(), module.clone());
        module
    }

    fn tree(&mut self, path: ModulePath, module: Arc<Module>, open: &mut Vec<PathBuf>) -> ModuleTree {
        let mut children = BTreeMap::new();
        for call in module.calls.values() {
            let Some(dir) = self.directories.directory(&module, call, self.diagnostics) else { continue };
            if open.contains(&dir) {
                self.diagnostics.push(cyclic(call, &dir));
                continue;
            }
            let child = self.module(&dir, Some(call.source_span));
            open.push(dir);
            let child_path = path.child(call.name.clone(), InstanceKey::None);
            children.insert(call.name.clone(), self.tree(child_path, child, open));
            open.pop();
        }
        ModuleTree { path, module, children }
    }
}

/// The names that a damaged file may declare: its strings, as labels are, and what is assigned.
fn names_in(text: &str, id: FileId) -> impl Iterator<Item = String> {
    let tokens = syntax::tokens(text, id).into_iter().filter(|token| token.kind != TokenKind::Whitespace);
    let tokens: Vec<_> = tokens.collect();
    let is_name = |index: usize, kind| match kind {
        TokenKind::StringText => true,
        TokenKind::Ident => tokens.get(index + 1).is_some_and(|next| next.kind == TokenKind::Equal),
        _ => false,
    };
    let names = tokens.iter().enumerate().filter(|(index, token)| is_name(*index, token.kind));
    let names = names.map(|(_, token)| text[token.span.start as usize..token.span.end as usize].to_owned());
    names.collect::<Vec<_>>().into_iter()
}

fn cyclic(call: &ModuleCall, dir: &Path) -> Diagnostic {
    Diagnostic::error(
        "module-cycle",
        "Module calls itself",
        format!("Module `{}` leads back to {}, which is already being loaded on the way here.", call.name, shown(dir)),
    )
    .at(call.source_span)
}

fn unreadable(dir: &Path, error: &io::Error, called_at: Option<Span>) -> Diagnostic {
    let diagnostic = match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::error(
            "module-not-found",
            "Module directory not found",
            format!("There is no directory {}.", shown(dir)),
        ),
        io::ErrorKind::InvalidData => Diagnostic::error(
            "file-not-text",
            "File is not text",
            format!("{error}; configuration is written in UTF-8."),
        ),
        _ => Diagnostic::error(
            "module-unreadable",
            "Module can't be read",
            format!("Reading {} failed: {error}.", shown(dir)),
        ),
    };
    called_at.map_or(diagnostic.clone(), |span| diagnostic.at(span))
}

fn no_configuration(dir: &Path, called_at: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "no-configuration",
        "No configuration here",
        format!("No file in {} ends in `.mesh.hcl` or `.tf`, or in `.mesh.json` or `.tf.json`.", shown(dir)),
    );
    match called_at {
        Some(span) => diagnostic.at(span),
        None => diagnostic.hint("Run in the directory of a root module, or name it with `-C DIR`."),
    }
}

fn shown(dir: &Path) -> String {
    if dir.as_os_str().is_empty() { "the root module's directory".to_owned() } else { dir.display().to_string() }
}
