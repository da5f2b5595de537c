//! Schemas of resources, data sources and provider blocks: what may be written, what comes back, what forces a new object.

use std::sync::Arc;

use crate::{Type, Value};

/// The schema of one resource type, data source or provider block.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The version of its stored form; state of a lower one goes through the provider's upgrade.
    pub version: u64,
    /// Its arguments, computed attributes and nested blocks.
    pub block: BlockSchema,
}

/// The content of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockSchema {
    /// What it is for, in Markdown.
    pub description: String,
    /// Why not to use it any more and what to use instead.
    pub deprecated: Option<String>,
    /// Attributes, sorted by name.
    pub attributes: Vec<AttributeSchema>,
    /// Nested blocks, sorted by name.
    pub blocks: Vec<NestedBlockSchema>,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeSchema {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Who sets it.
    pub mode: AttributeMode,
    /// Its value is never printed.
    pub sensitive: bool,
    /// It goes to the provider and is never stored.
    pub write_only: bool,
    /// A change of it can't be made in place.
    pub requires_replace: bool,
    /// Used where the configuration leaves an optional attribute out.
    pub default: Option<Value>,
    /// What it means, in Markdown, with its unit.
    pub description: String,
    /// Why not to use it any more and what to use instead.
    pub deprecated: Option<String>,
}

impl AttributeSchema {
    /// An argument that the configuration may leave out.
    #[must_use]
    pub fn optional(name: &str, ty: Type, description: &str) -> Self {
        Self {
            name: name.into(),
            ty,
            mode: AttributeMode::Optional,
            sensitive: false,
            write_only: false,
            requires_replace: false,
            default: None,
            description: description.to_owned(),
            deprecated: None,
        }
    }

    /// An argument that the configuration must give.
    #[must_use]
    pub fn required(name: &str, ty: Type, description: &str) -> Self {
        Self { mode: AttributeMode::Required, ..Self::optional(name, ty, description) }
    }
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeMode {
    /// The configuration must.
    Required,
    /// The configuration may.
    Optional,
    /// Only the provider does.
    Computed,
    /// The configuration may; where it doesn't, the provider does.
    OptionalComputed,
}

impl AttributeMode {
    /// Whether the configuration may set it.
    #[must_use]
    pub const fn is_configurable(self) -> bool {
        !matches!(self, Self::Computed)
    }

    /// Whether the provider may set it.
    #[must_use]
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }
}

/// A nested block type.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedBlockSchema {
    /// The block's type name.
    pub name: Arc<str>,
    /// How often it may occur and what value the occurrences make.
    pub nesting: Nesting,
    /// Its content.
    pub block: BlockSchema,
    /// Fewest occurrences.
    pub min: usize,
    /// Most occurrences.
    pub max: Option<usize>,
}

/// How the occurrences of a nested block become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most one: an object or null.
    Single,
    /// At most one: an object, of nulls where the block is absent.
    Group,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects under the block's one label.
    Map,
}

impl BlockSchema {
    /// The attribute of a name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&AttributeSchema> {
        let index = self.attributes.binary_search_by(|attribute| attribute.name.as_ref().cmp(name)).ok()?;
        self.attributes.get(index)
    }

    /// The nested block type of a name.
    #[must_use]
    pub fn nested(&self, name: &str) -> Option<&NestedBlockSchema> {
        let index = self.blocks.binary_search_by(|block| block.name.as_ref().cmp(name)).ok()?;
        self.blocks.get(index)
    }

    /// The object type of a value of this block. What may be left out is a matter of writing it, not of the value.
    #[must_use]
    pub fn implied_type(&self) -> Type {
        let attributes =
            self.attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty.without_optional()));
        let blocks = self.blocks.iter().map(|nested| {
            let object = nested.block.implied_type();
            let ty = match nested.nesting {
                Nesting::Single | Nesting::Group => object,
                Nesting::List => Type::list(object),
                Nesting::Set => Type::set(object),
                Nesting::Map => Type::map(object),
            };
            (nested.name.clone(), ty)
        });
        Type::object(attributes.chain(blocks))
    }
}
