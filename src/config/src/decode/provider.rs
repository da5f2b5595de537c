//! `provider` blocks, `required_providers`, and references to provider configurations.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::eval;
use mesh_lang::syntax::{Attribute, Block, Expr, ExprKind, Ident, ObjectItem, ObjectKey, Step};
use mesh_value::{Type, Value};

use super::values::missing_argument;
use crate::block::{body_references, constant};
use crate::missing_provider::NAMESAKE;
use crate::module::Module;
use crate::provider::{PassedProvider, ProviderBlock, ProviderRef, RequiredProvider, WrittenProvider};

/// Decodes a `provider` block into its module.
pub fn block(block: &Block, module: &mut Module, diagnostics: &mut Diagnostics) {
    let find = |name: &str| block.body.attributes.iter().find(|attribute| attribute.name.text.as_ref() == name);
    let alias = find("alias").and_then(|attribute| {
        let value = constant(&attribute.expr, Some(&Type::String), "alias", diagnostics)?;
        value.as_str().map(Arc::<str>::from)
    });
    let for_each = find("for_each").map(|attribute| attribute.expr.clone());
    if let Some(for_each) = find("for_each").filter(|_| alias.is_none()) {
        diagnostics.push(
            missing_argument("alias", "A `provider` block with `for_each`")
                .at(for_each.name.span)
                .hint("The default configuration has no key: write `alias = \"by_region\"`, and `local.by_region[each.key]` where it is used."),
        );
    }
    if let Some(version) = find("version") {
        let detail = "The version of a provider is that of mesh, which has it built in; `version` has no effect.";
        diagnostics
            .push(Diagnostic::warning("setting-ignored", "Setting without effect", detail).at(version.name.span));
    }
    let references = body_references(&block.body, diagnostics);
    let config = ProviderRef { name: block.labels[0].text.clone(), alias };
    let body = Arc::new(block.body.clone());
    let declared = ProviderBlock { config, for_each, body, references, span: block.header };
    let first = module.provider(&declared.config);
    if let Some(first) = first {
        diagnostics.push(
            Diagnostic::error(
                "duplicate-declaration",
                "Declared twice",
                format!("Provider `{}` is already configured in this module.", declared.config),
            )
            .at(declared.span)
            .elsewhere("It is first configured here", first.span)
            .hint("A second configuration of the same provider needs an `alias`."),
        );
        return;
    }
    module.providers.push(declared);
}

/// Decodes one entry of `required_providers`: a version, or an object with `source`, `version` and
/// `configuration_aliases`. What there is to say of the version is said elsewhere.
pub fn required(entry: &Attribute, diagnostics: &mut Diagnostics) -> RequiredProvider {
    let mut required =
        RequiredProvider { source: None, ty: entry.name.text.clone(), aliases: Vec::new(), span: entry.name.span };
    let ExprKind::Object(items) = &entry.expr.kind else { return required };
    for ObjectItem { key, value } in items {
        match key_name(key).as_deref() {
            Some("source") => {
                let source = constant(value, Some(&Type::String), "source", diagnostics);
                if let Some(source) = source.as_ref().and_then(Value::as_str) {
                    let source = source.strip_prefix("registry.terraform.io/").unwrap_or(source);
                    let ty = if source == NAMESAKE { source } else { source.rsplit('/').next().unwrap_or(source) };
                    required.ty = ty.into();
                    required.source = Some(source.into());
                }
            }
            Some("configuration_aliases") => {
                let entries = if let ExprKind::Tuple(entries) = &value.kind { entries.as_slice() } else { &[] };
                let written = entries.iter().filter_map(|entry| written(entry, diagnostics));
                required.aliases = written.map(|written| (written.config, written.span)).collect();
            }
            _ => {}
        }
    }
    required
}

/// Decodes `providers` of a `module` block.
pub fn passed(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<PassedProvider> {
    let ExprKind::Object(items) = &attribute.expr.kind else {
        diagnostics.push(
            Diagnostic::error(
                "invalid-provider-reference",
                "Invalid provider reference",
                "`providers` takes an object: what the module calls a provider, and which configuration it is.",
            )
            .at(attribute.expr.span)
            .hint("Write it like `providers = { local = local.archive }`."),
        );
        return Vec::new();
    };
    let mut all: Vec<PassedProvider> = Vec::new();
    for ObjectItem { key, value } in items {
        let inner = match key {
            ObjectKey::Name(name) => Some((ProviderRef { name: name.text.clone(), alias: None }, name.span)),
            ObjectKey::Expr(expr) => written(expr, diagnostics).map(|written| (written.config, expr.span)),
        };
        let outer = written(value, diagnostics);
        let (Some((inner, inner_span)), Some(outer)) = (inner, outer) else { continue };
        if let Some(first) = all.iter().find(|other| other.inner == inner) {
            let detail = format!("A configuration is already passed as `{inner}`.");
            diagnostics.push(
                Diagnostic::error("duplicate-provider", "Provider passed twice", detail)
                    .at(inner_span)
                    .elsewhere("It is first passed here", first.inner_span),
            );
            continue;
        }
        all.push(PassedProvider { inner, inner_span, outer });
    }
    all
}

/// Decodes a reference: `local`, `local.archive`, `local.by_region[each.key]`, or the first two in quotes.
pub fn written(expr: &Expr, diagnostics: &mut Diagnostics) -> Option<WrittenProvider> {
    let name = |name: &Arc<str>, alias: Option<&Ident>| ProviderRef {
        name: name.clone(),
        alias: alias.map(|alias| alias.text.clone()),
    };
    let config = match &expr.kind {
        ExprKind::Variable(provider) => Some((name(provider, None), None)),
        ExprKind::Literal(quoted) => quoted.as_str().filter(|text| !text.is_empty()).map(|text| {
            let (name, alias) = text.split_once('.').map_or((text, None), |(name, alias)| (name, Some(alias.into())));
            (ProviderRef { name: name.into(), alias }, None)
        }),
        ExprKind::Traversal { root, steps } => match (&root.kind, steps.as_slice()) {
            (ExprKind::Variable(provider), [Step::Attr(alias)]) => Some((name(provider, Some(alias)), None)),
            (ExprKind::Variable(provider), [Step::Attr(alias), Step::Index(key, _)]) => {
                eval::check(key, diagnostics);
                Some((name(provider, Some(alias)), Some(key.clone())))
            }
            _ => None,
        },
        _ => None,
    };
    if let Some((config, key)) = config {
        return Some(WrittenProvider { config, key, span: expr.span });
    }
    diagnostics.push(
        Diagnostic::error(
            "invalid-provider-reference",
            "Invalid provider reference",
            "A provider's name is expected, or name and alias, such as `local` or `local.archive`.",
        )
        .at(expr.span)
        .hint("One of those that `for_each` makes is named with its key: `local.by_region[each.key]`."),
    );
    None
}

/// Replaces the local names of providers by their types, so that the rest of the program knows types alone.
pub fn by_type(module: &mut Module) {
    let required = &module.settings.required_providers;
    if required.iter().all(|(local, required)| *local == required.ty) {
        return;
    }
    let types = required.iter().map(|(local, required)| (local.clone(), required.ty.clone()));
    let types: std::collections::BTreeMap<Arc<str>, Arc<str>> = types.collect();
    let rename = |name: &mut Arc<str>| {
        if let Some(ty) = types.get(name) {
            *name = ty.clone();
        }
    };
    module.providers.iter_mut().for_each(|block| rename(&mut block.config.name));
    let of_checks = module.checks.values_mut().filter_map(|check| check.data.as_mut());
    module.resources.values_mut().chain(of_checks).for_each(|resource| rename(&mut resource.provider.config.name));
    module.imports.iter_mut().for_each(|import| rename(&mut import.provider.name));
    let passed = module.calls.values_mut().flat_map(|call| &mut call.providers);
    passed.for_each(|passed| rename(&mut passed.outer.config.name));
    let aliases = module.settings.required_providers.values_mut().flat_map(|required| &mut required.aliases);
    aliases.for_each(|(alias, _)| rename(&mut alias.name));
}

fn key_name(key: &ObjectKey) -> Option<Arc<str>> {
    match key {
        ObjectKey::Name(name) => Some(name.text.clone()),
        ObjectKey::Expr(Expr { kind: ExprKind::Literal(text), .. }) => text.as_str().map(Arc::from),
        ObjectKey::Expr(_) => None,
    }
}
