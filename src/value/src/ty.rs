//! The type system: Terraform's, so that what people know holds.

use std::fmt;
use std::sync::Arc;

/// A type. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `any`: decided by the value. A type of a known, non-null value never is this one at the top.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Arc<Type>),
    /// `set(T)`
    Set(Arc<Type>),
    /// `map(T)`
    Map(Arc<Type>),
    /// `object({...})`, attributes sorted by name.
    Object(Arc<[ObjectAttribute]>),
    /// `tuple([...])`
    Tuple(Arc<[Type]>),
}

/// An attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectAttribute {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Whether conversion to this type fills it with null where it is missing.
    pub optional: bool,
}

impl Type {
    /// `list(element)`
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`
    #[must_use]
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`
    #[must_use]
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([elements])`
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// `object({...})` of required attributes, in any order; the last of a repeated name wins.
    #[must_use]
    pub fn object<N: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::object_with(attributes.into_iter().map(|(name, ty)| ObjectAttribute {
            name: name.into(),
            ty,
            optional: false,
        }))
    }

    /// `object({...})` whose attributes may be optional, in any order; the last of a repeated name wins.
    #[must_use]
    pub fn object_with(attributes: impl IntoIterator<Item = ObjectAttribute>) -> Self {
        let sorted: std::collections::BTreeMap<Arc<str>, ObjectAttribute> =
            attributes.into_iter().map(|attribute| (attribute.name.clone(), attribute)).collect();
        Self::Object(sorted.into_values().collect())
    }

    /// The attribute of an object type.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&ObjectAttribute> {
        let Self::Object(attributes) = self else { return None };
        let index = attributes.binary_search_by(|attribute| attribute.name.as_ref().cmp(name)).ok()?;
        attributes.get(index)
    }

    /// The element type of a list, set or map.
    #[must_use]
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// Whether `any` occurs anywhere in it.
    #[must_use]
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_any(),
            Self::Object(attributes) => attributes.iter().any(|attribute| attribute.ty.has_any()),
            Self::Tuple(elements) => elements.iter().any(Self::has_any),
        }
    }

    /// The type with every attribute of its objects required, as the type of a value is.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Object(attributes) => Self::object(
                attributes.iter().map(|attribute| (attribute.name.clone(), attribute.ty.without_optional())),
            ),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional)),
        }
    }

    fn has_optional(&self) -> bool {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_optional(),
            Self::Object(attributes) => {
                attributes.iter().any(|attribute| attribute.optional || attribute.ty.has_optional())
            }
            Self::Tuple(elements) => elements.iter().any(Self::has_optional),
        }
    }

    /// Whether it is bool, number or string.
    #[must_use]
    pub const fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }
}

/// The type as one writes it in a `type` argument: `map(list(string))`, `object({a = number, b = optional(bool)})`.
impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => out.write_str("any"),
            Self::Bool => out.write_str("bool"),
            Self::Number => out.write_str("number"),
            Self::String => out.write_str("string"),
            Self::List(element) => write!(out, "list({element})"),
            Self::Set(element) => write!(out, "set({element})"),
            Self::Map(element) => write!(out, "map({element})"),
            Self::Object(attributes) => {
                out.write_str("object({")?;
                for (index, ObjectAttribute { name, ty, optional }) in attributes.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    if *optional {
                        write!(out, "{comma}{name} = optional({ty})")?;
                    } else {
                        write!(out, "{comma}{name} = {ty}")?;
                    }
                }
                out.write_str("})")
            }
            Self::Tuple(elements) => {
                out.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(out, "{comma}{element}")?;
                }
                out.write_str("])")
            }
        }
    }
}
