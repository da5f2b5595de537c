//! The one door between expressions and the world: what can be read, how it is found, how reads are recorded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_diagnostics::Diagnostic;
use mesh_value::{AttributePath, InstanceKey, Mode, Value};

/// What an expression can read, seen from the module instance that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// `var.name`
    Variable(Arc<str>),
    /// `local.name`
    Local(Arc<str>),
    /// `type.name[key]` or `data.type.name[key]`: one instance of a block with `count` or `for_each`.
    Instance {
        /// Resource or data.
        mode: Mode,
        /// The resource type.
        ty: Arc<str>,
        /// The block's name.
        name: Arc<str>,
        /// Which instance.
        key: InstanceKey,
    },
    /// `type.name` without a key: the only instance, or the tuple or object of all.
    Block {
        /// Resource or data.
        mode: Mode,
        /// The resource type.
        ty: Arc<str>,
        /// The block's name.
        name: Arc<str>,
    },
    /// `module.name[key].output`
    ModuleOutput {
        /// The call's name.
        call: Arc<str>,
        /// Which instance; `None` where no key is written.
        key: InstanceKey,
        /// The output's name.
        output: Arc<str>,
    },
    /// `module.name` or `module.name[key]`: all outputs, of all instances or of one.
    Module {
        /// The call's name.
        call: Arc<str>,
        /// Which instance; `None` for all.
        key: Option<InstanceKey>,
    },
    /// `data_product.name`
    Product(Arc<str>),
    /// `each.key`, `each.value`
    Each(Arc<str>),
    /// `count.index`
    CountIndex,
    /// `path.module`, `path.root`, `path.cwd`
    Path(Arc<str>),
    /// `terraform.workspace` or `mesh.workspace`
    Workspace,
    /// `terraform.applying` or `mesh.applying`
    Applying,
    /// `self`
    Itself,
}

/// One read: what, and which part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    /// What was read.
    pub target: Target,
    /// As far as the expression named it with steps known at evaluation; empty for the whole.
    pub path: AttributePath,
}

/// Why a target has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum LookupError {
    /// Nothing of that name is declared; candidates to suggest, as one writes them (`var.zones`).
    Undeclared(Vec<String>),
    /// The block is declared, but has no such instance; the keys that it has.
    NoInstance(Vec<InstanceKey>),
    /// It exists only in another place, such as `each` outside of `for_each`; the explanation.
    NotHere(String),
    /// It was not evaluated because of an error that is already reported: no further message.
    Failed,
    /// Anything else; the evaluator adds the place.
    Other(Box<Diagnostic>),
}

/// What a module instance offers to its expressions. Looking up takes constant time in the number of instances,
/// but for whole blocks and modules, whose values are built once.
pub trait Scope {
    /// The value of a target.
    ///
    /// # Errors
    /// Where it has none; see [`LookupError`].
    fn lookup(&self, target: &Target) -> Result<Value, LookupError>;

    /// The outer world for the functions that need it.
    fn environment(&self) -> &dyn Environment;
}

/// The outer world as functions see it; in tests a fixed one.
pub trait Environment: Send + Sync {
    /// The bytes of a file; relative paths start at [`Environment::base_dir`].
    ///
    /// # Errors
    /// What the file system answers.
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>>;

    /// Whether a regular file is there.
    fn is_file(&self, path: &Path) -> bool;

    /// All regular files below a directory, relative to it, sorted.
    ///
    /// # Errors
    /// What the file system answers.
    fn files_below(&self, dir: &Path) -> std::io::Result<Vec<PathBuf>>;

    /// Where relative paths start.
    fn base_dir(&self) -> &Path;

    /// The user's home directory, for `pathexpand`.
    fn home_dir(&self) -> Option<PathBuf>;

    /// The time of the run, the same for all of it; seconds since 1970-01-01T00:00:00Z and nanoseconds.
    /// `None` while planning where the value shall be decided during apply.
    fn timestamp(&self) -> Option<(i64, u32)>;

    /// The time at which the plan was made; `None` where none is made.
    fn plan_timestamp(&self) -> Option<(i64, u32)>;

    /// Whether a plan is being applied: then what was to be decided during apply has a value.
    fn is_applying(&self) -> bool {
        self.timestamp().is_some()
    }

    /// Fresh random bytes; `None` while planning where the value shall be decided during apply.
    fn random(&self) -> Option<[u8; 16]>;

    /// What one unit of a price key costs in a region, in US dollars as a decimal; `None` where no book says.
    fn list_price(&self, key: &str, region: &str) -> Option<String> {
        let _ = (key, region);
        None
    }
}
