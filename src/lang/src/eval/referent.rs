//! The roots of references, read in one place: what `var.x`, `data.a.b`, `module.m` and the others mean.

use std::fmt;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Span};
use mesh_value::Mode;

use crate::syntax::{Ident, Step};
use mesh_diagnostics::nearest;

/// What a reference means before any instance key is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Referent {
    /// `var.name`
    Variable(Arc<str>),
    /// `local.name`
    Local(Arc<str>),
    /// `type.name`, `resource.type.name` or `data.type.name`
    Resource {
        /// Resource or data.
        mode: Mode,
        /// The resource type.
        ty: Arc<str>,
        /// The block's name.
        name: Arc<str>,
    },
    /// `module.call`
    Module {
        /// The call's name.
        call: Arc<str>,
        /// The output, where one is named statically.
        output: Option<Arc<str>>,
    },
    /// `data_product.name`
    Product(Arc<str>),
    /// `each.key`, `each.value`
    Each(Arc<str>),
    /// `count.index`
    Count,
    /// `path.module`, `path.root`, `path.cwd`
    Path(Arc<str>),
    /// `terraform.workspace`, `mesh.workspace`
    Workspace,
    /// `terraform.applying`, `mesh.applying`
    Applying,
    /// `self`
    Itself,
}

/// As one writes it.
impl fmt::Display for Referent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(out, "var.{name}"),
            Self::Local(name) => write!(out, "local.{name}"),
            Self::Resource { mode: Mode::Managed, ty, name } => write!(out, "{ty}.{name}"),
            Self::Resource { mode: Mode::Data, ty, name } => write!(out, "data.{ty}.{name}"),
            Self::Module { call, output: None } => write!(out, "module.{call}"),
            Self::Module { call, output: Some(output) } => write!(out, "module.{call}.{output}"),
            Self::Product(name) => write!(out, "data_product.{name}"),
            Self::Each(name) => write!(out, "each.{name}"),
            Self::Count => out.write_str("count.index"),
            Self::Path(name) => write!(out, "path.{name}"),
            Self::Workspace => out.write_str("mesh.workspace"),
            Self::Applying => out.write_str("mesh.applying"),
            Self::Itself => out.write_str("self"),
        }
    }
}

/// The names that never are resource types.
const ROOTS: [&str; 12] = [
    "var",
    "local",
    "data",
    "resource",
    "module",
    "data_product",
    "each",
    "count",
    "path",
    "terraform",
    "mesh",
    "self",
];

/// What people write for a root and what it is called.
const SLIPS: [(&str, &str); 10] = [
    ("vars", "var"),
    ("variable", "var"),
    ("variables", "var"),
    ("input", "var"),
    ("locals", "local"),
    ("datas", "data"),
    ("modules", "module"),
    ("this", "self"),
    ("product", "data_product"),
    ("workspace", "mesh.workspace"),
];

/// Reads the root of a reference: what it means, and the steps that remain. For a module, the steps after the
/// call's name remain, so that a key and the output are still among them.
///
/// # Errors
/// Where no reference starts so; the diagnostic has its place.
pub(crate) fn resolve<'a>(
    root: &str,
    root_span: Span,
    steps: &'a [Step],
) -> Result<(Referent, &'a [Step]), Box<Diagnostic>> {
    let named = |what: &'static str| name_after(root, root_span, steps, what);
    Ok(match root {
        "var" => {
            let (name, rest) = named("the name of an input variable, such as var.region")?;
            (Referent::Variable(name.text.clone()), rest)
        }
        "local" => {
            let (name, rest) = named("the name of a local value, such as local.prefix")?;
            (Referent::Local(name.text.clone()), rest)
        }
        "data_product" => {
            let (name, rest) = named("the name of a data product, such as data_product.orders")?;
            (Referent::Product(name.text.clone()), rest)
        }
        "module" => {
            let (name, rest) = named("the name of a module call, such as module.network")?;
            (Referent::Module { call: name.text.clone(), output: output_of(rest) }, rest)
        }
        "each" => one_of(root, root_span, steps, &["key", "value"]).map(|(name, rest)| (Referent::Each(name), rest))?,
        "count" => one_of(root, root_span, steps, &["index"]).map(|(_, rest)| (Referent::Count, rest))?,
        "path" => one_of(root, root_span, steps, &["module", "root", "cwd"])
            .map(|(name, rest)| (Referent::Path(name), rest))?,
        "terraform" | "mesh" => {
            let (name, rest) = one_of(root, root_span, steps, &["workspace", "applying"])?;
            (if name.as_ref() == "workspace" { Referent::Workspace } else { Referent::Applying }, rest)
        }
        "self" => (Referent::Itself, steps),
        "data" | "resource" => {
            let mode = if root == "data" { Mode::Data } else { Mode::Managed };
            let (ty, rest) = named("a type and a name, such as data.local_file.prices")?;
            let (name, rest) = name_after(&format!("{root}.{}", ty.text), root_span.to(ty.span), rest, "a name")?;
            (Referent::Resource { mode, ty: ty.text.clone(), name: name.text.clone() }, rest)
        }
        _ => {
            let Some(Step::Attr(name)) = steps.first() else { return Err(Box::new(bare(root, root_span))) };
            let referent = Referent::Resource { mode: Mode::Managed, ty: root.into(), name: name.text.clone() };
            (referent, &steps[1..])
        }
    })
}

/// The root that was probably meant where a resource type of this name is not declared.
pub(crate) fn probable_root(name: &str) -> Option<&'static str> {
    let slip = SLIPS.iter().find(|(slip, _)| *slip == name).map(|(_, root)| *root);
    slip.or_else(|| nearest(name, ROOTS))
}

fn name_after<'a>(
    before: &str,
    span: Span,
    steps: &'a [Step],
    what: &str,
) -> Result<(&'a Ident, &'a [Step]), Box<Diagnostic>> {
    match steps.split_first() {
        Some((Step::Attr(name), rest)) => Ok((name, rest)),
        first => {
            let detail = format!("{before:?} must be followed by a dot and {what}.");
            let subject = if let Some((Step::Index(_, brackets), _)) = first { span.to(*brackets) } else { span };
            Err(Box::new(Diagnostic::error("invalid-reference", "Invalid reference", detail).at(subject)))
        }
    }
}

fn one_of<'a>(
    root: &str,
    span: Span,
    steps: &'a [Step],
    names: &[&'static str],
) -> Result<(Arc<str>, &'a [Step]), Box<Diagnostic>> {
    let written: Vec<String> = names.iter().map(|name| format!("{root}.{name}")).collect();
    let written = written.join(", ");
    let (name, rest) = name_after(root, span, steps, &format!("an attribute; there is {written}"))?;
    if names.contains(&name.text.as_ref()) {
        return Ok((name.text.clone(), rest));
    }
    let detail = format!("{root:?} has no attribute {:?}; there is {written}.", name.text);
    let error = Diagnostic::error("invalid-reference", "Invalid reference", detail).at(name.span);
    Err(Box::new(match nearest(&name.text, names.iter().copied()) {
        Some(meant) => error.hint(format!("Did you mean `{root}.{meant}`?")),
        None => error,
    }))
}

fn bare(root: &str, span: Span) -> Diagnostic {
    let detail = format!(
        "{root:?} alone means nothing here: a reference to a resource is its type and its name, joined by a dot."
    );
    let error = Diagnostic::error("invalid-reference", "Invalid reference", detail).at(span);
    let word = match root {
        "None" | "nil" | "undefined" | "NULL" => Some("null"),
        _ => nearest(root, ["true", "false", "null"]),
    };
    if let Some(word) = word {
        return error.hint(format!("Did you mean `{word}`? A string stands in quotes: \"{root}\"."));
    }
    match probable_root(root) {
        Some(meant) => error.hint(format!("Did you mean `{meant}.NAME`, or the string \"{root}\" in quotes?")),
        None => error.hint(format!("If a string is meant, put it in quotes: \"{root}\".")),
    }
}

fn output_of(rest: &[Step]) -> Option<Arc<str>> {
    let after_key = match rest.first()? {
        Step::Index(..) => rest.get(1)?,
        Step::Attr(name) if is_legacy_index(&name.text) => rest.get(1)?,
        first => first,
    };
    if let Step::Attr(name) = after_key { Some(name.text.clone()) } else { None }
}

/// Whether an attribute step is in truth an index, as in `a.b.0`.
pub(crate) fn is_legacy_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
