//! Provider configurations: the blocks that declare them, the references to them, and the way from one to the other
//! through the calls of modules.

use std::fmt;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_lang::eval::StaticReference;
use mesh_lang::syntax::{Body, Expr};
use mesh_value::{InstanceKey, ModulePath};

use crate::module::{Module, ModuleTree};

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// The provider's type, and the block's `alias`.
    pub config: ProviderRef,
    /// `for_each`: a configuration for each entry.
    pub for_each: Option<Expr>,
    /// Its arguments.
    pub body: Arc<Body>,
    /// What it refers to.
    pub references: Vec<StaticReference>,
    /// The block's header.
    pub span: Span,
}

impl ProviderBlock {
    /// Names in a provider's body that are not the provider's.
    pub const META_ARGUMENTS: [&'static str; 3] = ["alias", "for_each", "version"];

    /// Whether it configures nothing: in a called module, such a block asks the caller to pass a configuration.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let is_meta = |name: &str| Self::META_ARGUMENTS.contains(&name);
        self.for_each.is_none()
            && self.body.blocks.is_empty()
            && self.body.attributes.iter().all(|attribute| is_meta(&attribute.name.text))
    }
}

/// An entry of `required_providers`.
#[derive(Clone, Debug)]
pub struct RequiredProvider {
    /// Its `source`, such as `hashicorp/aws`, without the host of the public registry; `None` where none is written.
    pub source: Option<Arc<str>>,
    /// The provider's type: the last part of its `source`, else its local name.
    pub ty: Arc<str>,
    /// `configuration_aliases`: configurations that a caller of the module must pass.
    pub aliases: Vec<(ProviderRef, Span)>,
    /// The local name's place.
    pub span: Span,
}

/// Which provider configuration is meant, without the key of one that has `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderRef {
    /// The provider's type.
    pub name: Arc<str>,
    /// The configuration's `alias`; `None` for the default one.
    pub alias: Option<Arc<str>>,
}

/// `local` or `local.alias`.
impl fmt::Display for ProviderRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        self.alias.as_ref().map_or(Ok(()), |alias| write!(out, ".{alias}"))
    }
}

/// A reference to a provider configuration as it is written.
#[derive(Clone, Debug)]
pub struct WrittenProvider {
    /// Which configuration.
    pub config: ProviderRef,
    /// The key in brackets, for a configuration with `for_each`.
    pub key: Option<Expr>,
    /// The whole reference.
    pub span: Span,
}

/// An entry of `providers` in a `module` block.
#[derive(Clone, Debug)]
pub struct PassedProvider {
    /// What the called module calls it, by its own local names.
    pub inner: ProviderRef,
    /// Where that stands.
    pub inner_span: Span,
    /// The configuration of the calling module.
    pub outer: WrittenProvider,
}

/// The address of a declared provider configuration, without the key of one that has `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderAddress {
    /// The module that declares it, without instance keys.
    pub module: ModulePath,
    /// Its type and alias.
    pub config: ProviderRef,
}

/// `local.archive`, in a called module `module.store.provider.local.archive`.
impl fmt::Display for ProviderAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.module.is_root() {
            return write!(out, "{}", self.config);
        }
        write!(out, "{}.provider.{}", self.module, self.config)
    }
}

impl ProviderAddress {
    /// Reads the address of a configuration, or of one of those that a `for_each` makes, whose key is left out.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let mut rest = without_key(name);
        let mut module = ModulePath::root();
        while let Some((call, after)) = rest.strip_prefix("module.").and_then(|rest| rest.split_once('.')) {
            module = module.child(call, InstanceKey::None);
            rest = after;
        }
        if !module.is_root() {
            rest = rest.strip_prefix("provider.").unwrap_or(rest);
        }
        let (name, alias) = rest.split_once('.').map_or((rest, None), |(name, alias)| (name, Some(alias.into())));
        Self { module, config: ProviderRef { name: name.into(), alias } }
    }

    /// The configuration of that address; `None` where it is not declared.
    #[must_use]
    pub fn block<'a>(&self, root: &'a ModuleTree) -> Option<&'a ProviderBlock> {
        root.find(&self.module)?.module.provider(&self.config)
    }
}

/// The address of a configuration without the key of one that `for_each` makes: `local.by_region["eu"]` is of
/// `local.by_region`.
#[must_use]
pub fn without_key(name: &str) -> &str {
    name.split_once('[').map_or(name, |(before, _)| before)
}

/// The provider that a configuration of this address is of: `local` of `local.archive`.
#[must_use]
pub fn provider_type(name: &str) -> Arc<str> {
    if name.starts_with("module.") {
        return ProviderAddress::parse(name).config.name;
    }
    name.split(['.', '[']).next().unwrap_or_default().into()
}

/// Where a reference to a provider configuration leads.
#[derive(Clone, Debug)]
pub struct ProviderUse<'a> {
    /// The configuration. Where it is not declared, the place where it had to be.
    pub address: ProviderAddress,
    /// The key with which a call passed it on, and the calling module, without instance keys.
    pub key: Option<(&'a Expr, ModulePath)>,
}

impl Module {
    /// The provider type of a local name.
    #[must_use]
    pub fn provider_type(&self, local: &Arc<str>) -> Arc<str> {
        self.settings.required_providers.get(local).map_or_else(|| local.clone(), |required| required.ty.clone())
    }

    /// The block that configures a provider.
    #[must_use]
    pub fn provider(&self, config: &ProviderRef) -> Option<&ProviderBlock> {
        self.providers.iter().find(|block| block.config == *config)
    }

    /// A reference by the module's local names as one by the provider's type.
    #[must_use]
    pub fn by_type(&self, local: &ProviderRef) -> ProviderRef {
        ProviderRef { name: self.provider_type(&local.name), alias: local.alias.clone() }
    }
}

impl ModuleTree {
    /// Follows a reference in the module at `path` up to the configuration that it means: one of the module's own, one
    /// that its caller passes, or the default configuration of a module around it.
    #[must_use]
    pub fn provider_use<'a>(&'a self, path: &ModulePath, reference: &ProviderRef) -> ProviderUse<'a> {
        let mut key: Option<(&'a Expr, ModulePath)> = None;
        let (mut at, mut wanted) = (path.without_keys(), reference.clone());
        loop {
            let found = |module: ModulePath, config: ProviderRef, key| ProviderUse {
                address: ProviderAddress { module, config },
                key,
            };
            let (Some(tree), Some(parent)) = (self.find(&at), at.parent()) else { return found(at, wanted, key) };
            if tree.module.provider(&wanted).is_some_and(|block| !block.is_empty()) {
                return found(at, wanted, key);
            }
            let call = at.steps().last().and_then(|step| self.find(&parent)?.module.calls.get(&step.name));
            let passed =
                call.and_then(|call| call.providers.iter().find(|passed| tree.module.by_type(&passed.inner) == wanted));
            match passed {
                Some(passed) => {
                    wanted = passed.outer.config.clone();
                    if let Some(expr) = &passed.outer.key {
                        key = Some((expr, parent.clone()));
                    }
                }
                None if wanted.alias.is_some() => return found(at, wanted, key),
                None => {}
            }
            at = parent;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for text in ["local", "local.archive", "module.a.provider.local", "module.provider.module.b.provider.local.x"] {
            assert_eq!(ProviderAddress::parse(text).to_string(), text);
            assert_eq!(provider_type(text).as_ref(), "local");
        }
        assert_eq!(ProviderAddress::parse("local.by_region[\"a.b[0]\"]").to_string(), "local.by_region");
        assert_eq!(provider_type("local.by_region[\"a.b\"]").as_ref(), "local");
    }
}
