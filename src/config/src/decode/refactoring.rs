//! `moved`, `removed` and `import` blocks.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::{Attribute, Block};
use mesh_value::{InstanceKey, Mode};

use super::address::{Written, WrittenBlock, endpoint, written};
use super::provider;
use super::resource::implied_provider;
use super::values::missing_argument;
use crate::block::{Reader, references};
use crate::provider::ProviderRef;
use crate::refactoring::{Endpoint, Import, ImportTarget, Moved, Removed};

pub fn moved(block: &Block, diagnostics: &mut Diagnostics) -> Option<Moved> {
    let mut reader = Reader::new(&block.body, "A `moved` block");
    let [from, to] = ["from", "to"].map(|name| (name, reader.argument(name)));
    reader.finish(diagnostics);
    let [from, to] = [from, to].map(|(name, given)| required(name, given, "A `moved` block", block, diagnostics));
    let [from, to] = [from, to].map(|given| given.and_then(|given| endpoint_of(given, diagnostics)));
    let ((from, written_from), (to, written_to)) = (from?, to?);
    let kind = |endpoint: &Endpoint| match endpoint {
        Endpoint::Module(_) => None,
        Endpoint::Object(address) => Some(address.block.mode),
    };
    if kind(&from) != kind(&to) {
        let detail = "`from` and `to` both name resources, or both name modules: nothing else can become the other.";
        diagnostics.push(
            Diagnostic::error("invalid-move", "Invalid `moved` block", detail)
                .at(written_to.expr.span)
                .elsewhere("It would move from here", written_from.expr.span),
        );
        return None;
    }
    if from == to {
        let detail = format!("This says that {from} has moved to where it was.");
        diagnostics.push(
            Diagnostic::error("invalid-move", "Invalid `moved` block", detail)
                .at(written_to.expr.span)
                .hint("Take the block out, or name another address in `to`."),
        );
        return None;
    }
    Some(Moved { from, to, from_span: written_from.expr.span, span: block.header })
}

pub fn removed(block: &Block, diagnostics: &mut Diagnostics) -> Option<Removed> {
    let mut reader = Reader::new(&block.body, "A `removed` block");
    let from = reader.argument("from");
    let lifecycle = reader.single("lifecycle", diagnostics);
    for unsupported in ["provisioner", "connection"].into_iter().flat_map(|kind| reader.blocks(kind)) {
        diagnostics.push(super::resource::no_provisioners(unsupported));
    }
    reader.finish(diagnostics);
    let destroy = lifecycle.and_then(|lifecycle| {
        let mut reader = Reader::new(&lifecycle.body, "The `lifecycle` block of a `removed` block");
        let destroy = reader.flag("destroy", diagnostics);
        reader.finish(diagnostics);
        destroy
    });
    let from = required("from", from, "A `removed` block", block, diagnostics)?;
    let (from, attribute) = endpoint_of(from, diagnostics)?;
    let mut keys: Vec<&InstanceKey> = vec![from.key()];
    let way = from.way();
    keys.extend(way.steps().iter().map(|step| &step.key));
    let wrong = if keys.into_iter().any(|key| *key != InstanceKey::None) {
        Some(
            "it names a whole block or module, without instance keys: objects of a block that stays go when its `count` or `for_each` does",
        )
    } else if matches!(&from, Endpoint::Object(address) if address.block.mode == Mode::Data) {
        Some("a data source is only read, so there is nothing to remove")
    } else {
        None
    };
    if let Some(why) = wrong {
        let detail = format!("`from` can't be this: {why}.");
        let error = Diagnostic::error("invalid-removal", "Invalid `removed` block", detail);
        diagnostics.push(error.at(attribute.expr.span));
        return None;
    }
    Some(Removed { from, destroy: destroy.unwrap_or(true), span: block.header })
}

pub fn import(block: &Block, diagnostics: &mut Diagnostics) -> Option<Import> {
    let mut reader = Reader::new(&block.body, "An `import` block");
    let [to, id, for_each, provider] = ["to", "id", "for_each", "provider"].map(|name| reader.argument(name));
    reader.finish(diagnostics);
    let to = required("to", to, "An `import` block", block, diagnostics);
    let id = required("id", id, "An `import` block", block, diagnostics);
    let provider = provider.and_then(|attribute| provider::written(&attribute.expr, diagnostics));
    let (to, id) = (to?, id?);
    let Written { modules, block: target } = match written(&to.expr) {
        Ok(written) => written,
        Err(problem) => {
            diagnostics.push(*problem);
            return None;
        }
    };
    let Some(WrittenBlock { mode: Mode::Managed, ty, name, key }) = target else {
        let detail = "`to` names a resource: only those have objects in the state.";
        let error = Diagnostic::error("invalid-import", "Invalid `import` block", detail);
        diagnostics.push(error.at(to.expr.span));
        return None;
    };
    let keys = modules.iter().filter_map(|(_, key)| *key).chain(key);
    let expressions = keys.chain([&id.expr]).chain(for_each.map(|attribute| &attribute.expr));
    let references = expressions.flat_map(|expr| references(expr, diagnostics)).collect();
    let provider = provider.map(|written| written.config);
    let provider = provider.unwrap_or_else(|| ProviderRef { name: implied_provider(&ty), alias: None });
    let modules = modules.into_iter().map(|(call, key)| (call, key.cloned())).collect();
    let to = ImportTarget { modules, ty, name, key: key.cloned(), span: to.expr.span };
    let for_each = for_each.map(|attribute| attribute.expr.clone());
    Some(Import { to, id: id.expr.clone(), for_each, provider, references, span: block.header })
}

fn required<'a>(
    name: &str,
    given: Option<&'a Attribute>,
    what: &str,
    block: &Block,
    diagnostics: &mut Diagnostics,
) -> Option<&'a Attribute> {
    if given.is_none() {
        diagnostics.push(missing_argument(name, what).at(block.header));
    }
    given
}

fn endpoint_of<'a>(attribute: &'a Attribute, diagnostics: &mut Diagnostics) -> Option<(Endpoint, &'a Attribute)> {
    match endpoint(&attribute.expr) {
        Ok(endpoint) => Some((endpoint, attribute)),
        Err(problem) => {
            diagnostics.push(*problem);
            None
        }
    }
}
