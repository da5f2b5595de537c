//! One field of a block: what its type, doc comment and `#[mesh(...)]` say.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Meta, Type};

/// A field and its options.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) name: String,
    description: String,
    optional: bool,
    default: Option<Expr>,
    replace: bool,
    sensitive: bool,
    write_only: bool,
    pub(crate) computed_on_change: bool,
    pub(crate) block: bool,
    min: Option<LitInt>,
    max: Option<LitInt>,
    deprecated: Option<LitStr>,
}

impl Field {
    /// Reads a field.
    ///
    /// # Errors
    /// An option that does not exist, or options that contradict each other.
    pub(crate) fn of(field: &syn::Field) -> syn::Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(syn::Error::new(field.span(), "a block has named fields"));
        };
        let mut read = Self {
            name: ident.unraw().to_string(),
            ident,
            ty: field.ty.clone(),
            description: description(&field.attrs),
            optional: false,
            default: None,
            replace: false,
            sensitive: false,
            write_only: false,
            computed_on_change: false,
            block: false,
            min: None,
            max: None,
            deprecated: None,
        };
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("mesh")) {
            read.options(attribute)?;
        }
        let limited = read.min.is_some() || read.max.is_some();
        if limited && !read.block {
            return Err(syn::Error::new(field.span(), "`min` and `max` are options of a `block`"));
        }
        let of_attribute = read.optional || read.default.is_some() || read.replace || read.sensitive || read.write_only;
        if read.block && (of_attribute || read.computed_on_change) {
            return Err(syn::Error::new(field.span(), "a `block` takes only `min`, `max`, `name` and `deprecated`"));
        }
        Ok(read)
    }

    fn options(&mut self, attribute: &Attribute) -> syn::Result<()> {
        attribute.parse_nested_meta(|meta| {
            let Some(option) = meta.path.get_ident() else { return Err(meta.error("expected an option's name")) };
            match option.to_string().as_str() {
                "optional" => self.optional = true,
                "replace" => self.replace = true,
                "sensitive" => self.sensitive = true,
                "write_only" => self.write_only = true,
                "computed_on_change" => self.computed_on_change = true,
                "block" => self.block = true,
                "default" => self.default = Some(meta.value()?.parse()?),
                "min" => self.min = Some(meta.value()?.parse()?),
                "max" => self.max = Some(meta.value()?.parse()?),
                "name" => self.name = meta.value()?.parse::<LitStr>()?.value(),
                "deprecated" => self.deprecated = Some(meta.value()?.parse()?),
                _ => {
                    return Err(meta.error(
                        "there is no such option; there are optional, default, replace, sensitive, write_only, \
                         computed_on_change, block, min, max, name and deprecated",
                    ));
                }
            }
            Ok(())
        })
    }

    /// The default as an expression of the field's type.
    fn default(&self) -> Option<TokenStream> {
        let ty = &self.ty;
        self.default.as_ref().map(|default| match default {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => quote!(<#ty as ::std::convert::From<&str>>::from(#text)),
            other => quote!({ let default: #ty = #other; default }),
        })
    }

    /// An expression of the attribute's or nested block's schema.
    pub(crate) fn schema(&self) -> TokenStream {
        let Self { ty, name, description, replace, sensitive, write_only, .. } = self;
        let deprecated = option_string(self.deprecated.as_ref());
        if self.block {
            let min = self.min.as_ref().map_or_else(|| quote!(<#ty as ::mesh_provider::Nested>::MIN), |n| quote!(#n));
            let max = self.max.as_ref().map_or_else(
                || quote!(<#ty as ::mesh_provider::Nested>::MAX),
                |n| quote!(::std::option::Option::Some(#n)),
            );
            return quote! {
                ::mesh_value::NestedBlockSchema {
                    name: ::std::sync::Arc::from(#name),
                    nesting: <#ty as ::mesh_provider::Nested>::NESTING,
                    block: ::mesh_provider::described(
                        <#ty as ::mesh_provider::Nested>::block(),
                        #description,
                        #deprecated,
                    ),
                    min: #min,
                    max: #max,
                }
            };
        }
        let configurable = self.optional || self.default.is_some();
        let default = self.default().map_or_else(
            || quote!(::std::option::Option::None),
            |default| quote!(::std::option::Option::Some(<#ty as ::mesh_provider::Attribute>::encode(&#default))),
        );
        quote! {
            ::mesh_value::AttributeSchema {
                name: {
                    const {
                        ::std::assert!(
                            <#ty as ::mesh_provider::Attribute>::AS_WRITTEN,
                            "a struct with defaults or computed fields can't be an attribute; make it a `block`",
                        );
                    }
                    ::std::sync::Arc::from(#name)
                },
                ty: <#ty as ::mesh_provider::Attribute>::declared(),
                mode: ::mesh_provider::mode::<#ty>(#configurable),
                sensitive: #sensitive,
                write_only: #write_only,
                requires_replace: #replace,
                default: #default,
                description: ::std::string::String::from(#description),
                deprecated: #deprecated,
            }
        }
    }

    /// Whether the field stays as it is written, as an expression.
    pub(crate) fn as_written(&self) -> TokenStream {
        let ty = &self.ty;
        if self.default.is_some() {
            return quote!(false);
        }
        quote! {
            <#ty as ::mesh_provider::Attribute>::AS_WRITTEN
                && !<#ty as ::mesh_provider::Attribute>::MODE.is_computed()
        }
    }

    /// `ident: decoded`, of a struct literal, from the object `value`.
    pub(crate) fn decode(&self) -> TokenStream {
        let Self { ident, name, ty, .. } = self;
        if self.block {
            return quote!(#ident: ::mesh_provider::decode_nested::<#ty>(value, #name)?);
        }
        self.default().map_or_else(
            || quote!(#ident: ::mesh_provider::decode_field::<#ty>(value, #name)?),
            |default| quote!(#ident: ::mesh_provider::decode_field_or::<#ty>(value, #name, || #default)?),
        )
    }
}

/// The doc comment as Markdown: lines of a paragraph stay lines, without the space after the slashes.
pub(crate) fn description(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// `Some(String)` or `None` as an expression.
pub(crate) fn option_string(text: Option<&LitStr>) -> TokenStream {
    text.map_or_else(
        || quote!(::std::option::Option::None),
        |text| quote!(::std::option::Option::Some(::std::string::String::from(#text))),
    )
}
