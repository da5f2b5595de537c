//! What a module declares, as typed declarations whose expressions are not evaluated yet.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_lang::eval::StaticReference;
use mesh_lang::syntax::{Body, Expr};
use mesh_value::{Mode, ModulePath, TypeConstraint, Value};

use crate::cost::CostBlocks;
use crate::provider::{PassedProvider, ProviderBlock, RequiredProvider, WrittenProvider};
use crate::refactoring::{Import, Moved, Removed};
use crate::version::VersionConstraint;

/// A module and the modules that it calls, each under the call's name.
#[derive(Clone, Debug)]
pub struct ModuleTree {
    /// The calls from the root to here, without instance keys.
    pub path: ModulePath,
    /// What it declares; shared by all calls of the same source.
    pub module: Arc<Module>,
    /// The called modules.
    pub children: BTreeMap<Arc<str>, ModuleTree>,
}

impl ModuleTree {
    /// The module under a static path; `None` where no call leads there.
    #[must_use]
    pub fn find(&self, path: &ModulePath) -> Option<&Self> {
        path.steps().iter().try_fold(self, |tree, step| tree.children.get(&step.name))
    }

    /// This module and all below, each before those it calls.
    pub fn walk(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(next.children.values().rev());
            Some(next)
        })
    }
}

/// Everything that one module's files declare.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The directory of its files, as given by the call.
    pub dir: PathBuf,
    /// `mesh {}` and `terraform {}`.
    pub settings: Settings,
    /// `provider` blocks.
    pub providers: Vec<ProviderBlock>,
    /// `variable` blocks.
    pub variables: BTreeMap<Arc<str>, Variable>,
    /// Entries of `locals` blocks.
    pub locals: BTreeMap<Arc<str>, Local>,
    /// `output` blocks.
    pub outputs: BTreeMap<Arc<str>, Output>,
    /// `resource` and `data` blocks.
    pub resources: BTreeMap<(Mode, Arc<str>, Arc<str>), Resource>,
    /// `module` blocks.
    pub calls: BTreeMap<Arc<str>, ModuleCall>,
    /// `check` blocks.
    pub checks: BTreeMap<Arc<str>, CheckBlock>,
    /// The `data_product` block.
    pub product: Option<DataProduct>,
    /// What it says of money and use.
    pub cost: CostBlocks,
    /// What files with syntax errors name beside what could be read of them: it may be declared there.
    pub lost_names: HashSet<String>,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// `removed` blocks.
    pub removed: Vec<Removed>,
    /// `import` blocks.
    pub imports: Vec<Import>,
}

/// What `mesh {}` and `terraform {}` blocks say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Constraints on the version of mesh, and where each stands.
    pub required_version: Vec<(VersionConstraint, Span)>,
    /// Providers named in `required_providers`, by local name.
    pub required_providers: BTreeMap<Arc<str>, RequiredProvider>,
    /// `library` blocks, by name.
    pub libraries: BTreeMap<Arc<str>, Library>,
}

/// A `library` block: a library of modules that calls of this module may name.
#[derive(Clone, Debug)]
pub struct Library {
    /// Where its index lies, as written.
    pub source: Arc<str>,
    /// Where `source` stands.
    pub source_span: Span,
    /// The block's header.
    pub span: Span,
}

/// A `variable` block.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Its type; `any` where none is written.
    pub ty: TypeConstraint,
    /// The expression of its `type`, for people.
    pub written_type: Option<Span>,
    /// Its default, converted to the type; `None` makes it required.
    pub default: Option<Value>,
    /// The expression of its `default`, for people.
    pub written_default: Option<Span>,
    /// For people.
    pub description: Option<Arc<str>>,
    /// Never printed.
    pub sensitive: bool,
    /// In no plan and no state.
    pub ephemeral: bool,
    /// Whether null may be given; true where nothing is written.
    pub nullable: bool,
    /// `validation` blocks.
    pub validations: Vec<CheckRule>,
    /// What the validations refer to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// `condition` and `error_message`, of validations, preconditions, postconditions and assertions.
#[derive(Clone, Debug)]
pub struct CheckRule {
    /// Must be true.
    pub condition: Expr,
    /// Said where it isn't.
    pub error_message: Expr,
    /// The block's header.
    pub span: Span,
}

/// One entry of a `locals` block.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub expr: Expr,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The name's place.
    pub span: Span,
}

/// An `output` block.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub expr: Expr,
    /// For people.
    pub description: Option<Arc<str>>,
    /// Never printed.
    pub sensitive: bool,
    /// May hold what is in no plan and no state; in called modules only.
    pub ephemeral: bool,
    /// `depends_on`: whole blocks and modules.
    pub depends_on: Vec<StaticReference>,
    /// `precondition` blocks.
    pub preconditions: Vec<CheckRule>,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// How often a block stands for an object.
#[derive(Clone, Debug)]
pub enum Repetition {
    /// Once.
    Once,
    /// `count`
    Count(Expr),
    /// `for_each`
    ForEach(Expr),
    /// `enabled` in `lifecycle`: once or not at all.
    Enabled(Expr),
}

impl Repetition {
    /// The argument that decides it: `` `count` ``.
    #[must_use]
    pub const fn argument(&self) -> &'static str {
        match self {
            Self::Once => "nothing",
            Self::Count(_) => "`count`",
            Self::ForEach(_) => "`for_each`",
            Self::Enabled(_) => "`enabled`",
        }
    }
}

/// A `resource` or `data` block.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Resource or data.
    pub mode: Mode,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its arguments, with the meta-arguments still among them; see [`Resource::META_ARGUMENTS`].
    pub body: Arc<Body>,
    /// `count` or `for_each`.
    pub repetition: Repetition,
    /// `depends_on`: whole blocks and modules.
    pub depends_on: Vec<StaticReference>,
    /// `provider`, else the type's prefix.
    pub provider: WrittenProvider,
    /// `lifecycle`.
    pub lifecycle: LifecycleRules,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

impl Resource {
    /// Names in a resource's body that are not the provider's.
    pub const META_ARGUMENTS: [&'static str; 7] =
        ["count", "for_each", "depends_on", "provider", "lifecycle", "connection", "provisioner"];
}

/// A `lifecycle` block.
#[derive(Clone, Debug, Default)]
pub struct LifecycleRules {
    /// Make the new object before the old one goes.
    pub create_before_destroy: bool,
    /// Refuse a plan that deletes it.
    pub prevent_destroy: PreventDestroy,
    /// Attributes whose configured value is ignored once the object exists, and where each is named.
    pub ignore_changes: Vec<(mesh_value::AttributePath, Span)>,
    /// `ignore_changes = all`
    pub ignore_all_changes: bool,
    /// References whose change replaces the object.
    pub replace_triggered_by: Vec<Expr>,
    /// Checked before the object is planned.
    pub preconditions: Vec<CheckRule>,
    /// Checked against the object, which is `self`.
    pub postconditions: Vec<CheckRule>,
}

/// `prevent_destroy` of a `lifecycle` block.
#[derive(Clone, Debug, Default)]
pub enum PreventDestroy {
    /// Not given, or false.
    #[default]
    Never,
    /// True; where that is written.
    Always(Span),
    /// What variables and local values say.
    When {
        /// True where the object may not be deleted.
        expr: Expr,
        /// What it refers to.
        references: Vec<StaticReference>,
        /// The whole argument.
        span: Span,
    },
}

/// A `check` block: assertions whose failure is a warning.
#[derive(Clone, Debug)]
pub struct CheckBlock {
    /// Its name.
    pub name: Arc<str>,
    /// The data source in it, which nothing else can refer to.
    pub data: Option<Resource>,
    /// `assert` blocks.
    pub assertions: Vec<CheckRule>,
    /// What the data source and the assertions refer to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// A `module` block.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Its name.
    pub name: Arc<str>,
    /// `source`, as written.
    pub source: Arc<str>,
    /// Where `source` stands.
    pub source_span: Span,
    /// `version`, and where it stands.
    pub version: Option<(VersionConstraint, Span)>,
    /// The arguments for the module's variables.
    pub arguments: BTreeMap<Arc<str>, Argument>,
    /// `count` or `for_each`.
    pub repetition: Repetition,
    /// `depends_on`: whole blocks and modules.
    pub depends_on: Vec<StaticReference>,
    /// `providers`: the configurations that the module is given.
    pub providers: Vec<PassedProvider>,
    /// What `count`, `for_each`, `enabled`, `depends_on` and the keys in `providers` refer to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

/// A value for a variable of the called module.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The value.
    pub expr: Expr,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The argument's name.
    pub span: Span,
}

/// A `data_product` block.
#[derive(Clone, Debug)]
pub struct DataProduct {
    /// Its name, unique in its domain.
    pub name: Arc<str>,
    /// Its arguments and ports.
    pub body: Arc<Body>,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}
