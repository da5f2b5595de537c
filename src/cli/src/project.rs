//! A root module as a command sees it: loaded, checked, with values for its variables.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_config::{DiskFiles, EmbeddedFiles, InputValues, Loaded, Module, ModuleFiles, ModuleTree};
use mesh_cost::Book;
use mesh_diagnostics::{Diagnostic, Diagnostics, SourceMap};
use mesh_engine::{Inputs, Providers, Surroundings};
use mesh_sources::{Installed, LOCK_FILE};
use mesh_value::Value;

use crate::arguments::Global;
use crate::environment::World;
use crate::failure::Failure;
use crate::price_books::{PriceBooks, is_price_book};
use crate::providers::providers;
use crate::values::{self, ValueArgs};

/// A loaded root module.
pub struct Project {
    /// Its directory, absolute.
    pub dir: PathBuf,
    /// Its files, and those of everything it calls.
    pub sources: SourceMap,
    /// Its module tree.
    pub tree: ModuleTree,
    /// Path and text of every configuration file.
    pub files: Vec<(PathBuf, String)>,
    /// All providers of this build.
    pub providers: Providers,
    /// Warnings found on the way.
    pub warnings: Diagnostics,
    /// What things cost.
    pub price_books: PriceBooks,
    /// Ephemeral variables that were given a value.
    pub given_ephemeral: BTreeSet<Arc<str>>,
}

/// Goes into the directory that `-C` names: every path on the command line is meant from there.
///
/// # Errors
/// Where there is no such directory.
pub fn enter(global: &mut Global) -> Result<(), Failure> {
    let Some(dir) = global.directory.take() else { return Ok(()) };
    std::env::set_current_dir(&dir).map_err(|error| {
        Failure::of("no-directory", "No such directory", format!("Going to {} failed: {error}.", dir.display()))
    })
}

/// The root module's directory, absolute.
///
/// # Errors
/// Where there is no such directory.
pub fn directory(global: &Global) -> Result<PathBuf, Failure> {
    let dir = global.directory.clone().unwrap_or_else(|| PathBuf::from("."));
    std::fs::canonicalize(&dir).ok().filter(|dir| dir.is_dir()).ok_or_else(|| {
        Failure::of("no-directory", "No such directory", format!("{} is not a directory.", dir.display()))
    })
}

impl Project {
    /// Loads and checks the root module in the command's directory.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(global: &Global) -> Result<Self, Failure> {
        let dir = directory(global)?;
        Self::read(&DiskFiles::new(dir.clone()), dir).without_errors()
    }

    /// As [`load`](Self::load), but a directory without configuration is an empty root module.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load_or_empty(global: &Global) -> Result<Self, Failure> {
        let dir = directory(global)?;
        let disk = DiskFiles::new(dir.clone());
        if disk.module_files(Path::new("")).is_ok_and(|files| files.is_empty()) {
            let nothing = EmbeddedFiles::from_iter([(PathBuf::from("main.mesh.hcl"), String::new())]);
            return Self::read(&nothing, dir).without_errors();
        }
        Self::read(&disk, dir).without_errors()
    }

    /// Loads and checks a root module from the files that a saved plan holds.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_saved(files: &[(PathBuf, String)], dir: PathBuf) -> Result<Self, Failure> {
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let is_lock = |path: &Path| path == Path::new(LOCK_FILE);
        let lock = files.iter().find(|(path, _)| is_lock(path)).map(|(_, text)| text.clone());
        let installed = Installed::from_text(lock, &mut sources, &mut diagnostics);
        let own = |path: &Path| match files.iter().find(|(saved, _)| saved == path) {
            Some((_, text)) => Ok(text.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        let configuration = files.iter().filter(|(path, _)| !is_lock(path) && !is_price_book(path));
        let configuration: EmbeddedFiles = configuration.cloned().collect();
        Self::checked(&configuration, &own, installed, dir, sources, diagnostics).without_errors()
    }

    /// Loads and checks a root module to the end, with the modules that `mesh init` put into its directory. What is wrong
    /// with it is among the warnings.
    pub fn read(files: &dyn ModuleFiles, dir: PathBuf) -> Self {
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let installed = Installed::read(&dir, &mut sources, &mut diagnostics);
        let own = dir.clone();
        let own = |path: &Path| std::fs::read_to_string(own.join(path));
        Self::checked(files, &own, installed, dir, sources, diagnostics)
    }

    fn checked(
        source: &dyn ModuleFiles,
        price_book: &dyn Fn(&Path) -> io::Result<String>,
        mut installed: Installed,
        dir: PathBuf,
        mut sources: SourceMap,
        mut diagnostics: Diagnostics,
    ) -> Self {
        let Loaded { tree, mut files } = mesh_config::load(source, &mut installed, &mut sources, &mut diagnostics);
        installed.verify(&files, &mut diagnostics);
        let (price_books, own_prices) = PriceBooks::read(&tree.module, price_book, &mut sources, &mut diagnostics);
        files.extend(own_prices);
        files.extend(installed.text.map(|text| (PathBuf::from(LOCK_FILE), text)));
        let providers = providers();
        mesh_config::check(&tree, &providers, &mut diagnostics);
        check_version(&tree, &mut diagnostics);
        let given_ephemeral = BTreeSet::new();
        Self { dir, sources, tree, files, providers, warnings: diagnostics, price_books, given_ephemeral }
    }

    fn without_errors(mut self) -> Result<Self, Failure> {
        if self.warnings.has_errors() {
            // A plan would report cycles too, but there will be none: they belong to everything that is wrong.
            report_cycles(&self.tree, &mut self.warnings);
        }
        self.accepted()
    }

    /// The project, if nothing is wrong with it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn accepted(self) -> Result<Self, Failure> {
        if self.warnings.has_errors() { Err(Failure::new(self.warnings, self.sources)) } else { Ok(self) }
    }

    /// The values of the root module's variables.
    ///
    /// # Errors
    /// Missing values, and values that don't fit.
    pub fn values(&mut self, given: &ValueArgs) -> Result<BTreeMap<Arc<str>, Value>, Failure> {
        self.resolve(given, |_, _| {})
    }

    /// The values of the root module's variables as far as they are given: for a command that only looks.
    ///
    /// # Errors
    /// Values that don't fit.
    pub fn values_so_far(&mut self, given: &ValueArgs) -> Result<BTreeMap<Arc<str>, Value>, Failure> {
        self.resolve(given, InputValues::leave_missing_open)
    }

    fn resolve(
        &mut self,
        given: &ValueArgs,
        complete: fn(&mut InputValues, &Module),
    ) -> Result<BTreeMap<Arc<str>, Value>, Failure> {
        let mut diagnostics = Diagnostics::default();
        let mut inputs = values::collect(&self.dir, given, &mut self.sources, &mut diagnostics);
        complete(&mut inputs, &self.tree.module);
        let values = inputs.resolve(&self.tree.module, &mut self.sources, &mut diagnostics);
        self.given_ephemeral = inputs.given_ephemeral(&self.tree.module);
        self.resolved(values, diagnostics)
    }

    /// The values of the root module's variables with which a saved plan is applied.
    ///
    /// # Errors
    /// Where an ephemeral one is not given again, or another is given that the plan was not made with.
    pub fn values_again(
        &mut self,
        given: &ValueArgs,
        plan: &mesh_plan::SavedPlan,
    ) -> Result<BTreeMap<Arc<str>, Value>, Failure> {
        let mut diagnostics = Diagnostics::default();
        let inputs = values::collect(&self.dir, given, &mut self.sources, &mut diagnostics);
        let (root, sources) = (&self.tree.module, &mut self.sources);
        let values = inputs.resolve_again(root, &plan.variables, &plan.ephemeral, sources, &mut diagnostics);
        self.given_ephemeral.clone_from(&plan.ephemeral);
        self.resolved(values, diagnostics)
    }

    fn resolved(
        &mut self,
        values: BTreeMap<Arc<str>, Value>,
        diagnostics: Diagnostics,
    ) -> Result<BTreeMap<Arc<str>, Value>, Failure> {
        match diagnostics.into_result() {
            Ok(warnings) => {
                self.warnings.extend(warnings);
                Ok(values)
            }
            Err(diagnostics) => Err(Failure::new(diagnostics, self.sources.clone())),
        }
    }

    /// What a run starts from.
    pub fn inputs(&self, variables: BTreeMap<Arc<str>, Value>, world: World, parallelism: usize) -> Inputs<'_> {
        Inputs {
            tree: &self.tree,
            providers: &self.providers,
            variables,
            given_ephemeral: self.given_ephemeral.clone(),
            surroundings: Surroundings {
                environment: Arc::new(world.with_prices(self.price_books.clone())),
                workspace: "default".into(),
            },
            base_dir: self.dir.clone(),
            parallelism,
        }
    }

    /// What things cost: the prices that come with mesh, and over them the project's own.
    pub fn book(&self) -> &Book {
        self.price_books.book()
    }

    /// Diagnostics that point into this project's files.
    pub fn failure(&self, diagnostics: Diagnostics) -> Failure {
        Failure::new(diagnostics, self.sources.clone())
    }
}

/// Reports blocks that depend on each other in a circle.
pub fn report_cycles(tree: &ModuleTree, diagnostics: &mut Diagnostics) {
    if let Err(cycles) = mesh_engine::graph(tree, &BTreeSet::new()).order() {
        mesh_engine::report_cycles(&cycles, diagnostics);
    }
}

/// The version of this build.
pub fn own_version() -> semver::Version {
    semver::Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(semver::Version::new(0, 0, 0))
}

/// Holds `required_version` of every module against this build.
fn check_version(tree: &ModuleTree, diagnostics: &mut Diagnostics) {
    let own = own_version();
    for module in tree.walk() {
        for (requirement, span) in &module.module.settings.required_version {
            if !requirement.matches(&own) {
                let detail = format!("This is mesh {own}, and the configuration asks for {requirement}.");
                diagnostics.push(
                    Diagnostic::error("wrong-version", "Wrong version of mesh", detail)
                        .at(*span)
                        .hint("Use a mesh that fits, or change `required_version`."),
                );
            }
        }
    }
}
