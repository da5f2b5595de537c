//! The struct as a whole, and the implementations that come from it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Fields, Ident, LitStr};

use crate::field::{Field, description, option_string};

/// A struct that is a block; its fields sorted by attribute name.
pub(crate) struct Model {
    ident: Ident,
    description: String,
    deprecated: Option<LitStr>,
    fields: Vec<Field>,
}

impl Model {
    /// Reads a struct.
    ///
    /// # Errors
    /// Anything but a struct with named fields, type parameters, options that don't exist, two fields of one name.
    pub(crate) fn of(input: &DeriveInput) -> syn::Result<Self> {
        let Data::Struct(data) = &input.data else {
            return Err(syn::Error::new(input.ident.span(), "a block is a struct with named fields"));
        };
        let Fields::Named(named) = &data.fields else {
            return Err(syn::Error::new(input.ident.span(), "a block is a struct with named fields"));
        };
        if !input.generics.params.is_empty() {
            return Err(syn::Error::new(input.generics.span(), "a block takes no type or lifetime parameters"));
        }
        let mut fields = named.named.iter().map(Field::of).collect::<syn::Result<Vec<_>>>()?;
        fields.sort_by(|left, right| left.name.cmp(&right.name));
        for pair in fields.windows(2) {
            if let [left, right] = pair
                && left.name == right.name
            {
                return Err(syn::Error::new(right.ident.span(), format!("there are two attributes `{}`", right.name)));
            }
        }
        let mut deprecated = None;
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("mesh")) {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("deprecated") {
                    return Err(meta.error("a struct takes only the option `deprecated`"));
                }
                deprecated = Some(meta.value()?.parse()?);
                Ok(())
            })?;
        }
        Ok(Self { ident: input.ident.clone(), description: description(&input.attrs), deprecated, fields })
    }

    /// `impl Block` and `impl Attribute`.
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { ident, description, fields, .. } = self;
        let deprecated = option_string(self.deprecated.as_ref());
        let attributes = fields.iter().filter(|field| !field.block).map(Field::schema);
        let blocks = fields.iter().filter(|field| field.block).map(Field::schema);
        let decoded = fields.iter().map(Field::decode);
        let as_written = fields.iter().map(Field::as_written);
        let on_change = fields.iter().filter(|field| field.computed_on_change).map(|field| &field.name);
        let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
        let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
        let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
        let count = fields.len();
        let indices = 0..count;
        quote! {
            impl ::mesh_provider::Block for #ident {
                fn schema() -> ::mesh_value::BlockSchema {
                    ::mesh_value::BlockSchema {
                        description: ::std::string::String::from(#description),
                        deprecated: #deprecated,
                        attributes: ::std::vec![#(#attributes),*],
                        blocks: ::std::vec![#(#blocks),*],
                    }
                }

                fn check(value: &::mesh_value::Value) -> ::std::vec::Vec<::mesh_provider::DecodeError> {
                    let errors: [::std::option::Option<::mesh_provider::DecodeError>; #count] =
                        [#(::mesh_provider::check_field::<#types>(value, #names)),*];
                    errors.into_iter().flatten().collect()
                }

                fn computed_on_change() -> &'static [&'static str] {
                    &[#(#on_change),*]
                }
            }

            impl ::mesh_provider::Attribute for #ident {
                const AS_WRITTEN: bool = true #(&& #as_written)*;

                fn ty() -> ::mesh_value::Type {
                    static TYPE: ::std::sync::LazyLock<::mesh_value::Type> =
                        ::std::sync::LazyLock::new(|| {
                            <#ident as ::mesh_provider::Block>::schema().implied_type()
                        });
                    ::mesh_value::Type::clone(&TYPE)
                }

                fn declared() -> ::mesh_value::Type {
                    ::mesh_provider::declared_object(&<#ident as ::mesh_provider::Block>::schema())
                }

                fn decode(
                    value: &::mesh_value::Value,
                ) -> ::std::result::Result<Self, ::mesh_provider::DecodeError> {
                    ::mesh_provider::expect_object(value)?;
                    ::std::result::Result::Ok(Self { #(#decoded),* })
                }

                fn encode(&self) -> ::mesh_value::Value {
                    static NAMES: ::std::sync::LazyLock<[::std::sync::Arc<str>; #count]> =
                        ::std::sync::LazyLock::new(|| [#(::std::sync::Arc::from(#names)),*]);
                    ::mesh_value::Value::object::<::std::sync::Arc<str>>([
                        #((
                            ::std::sync::Arc::clone(&NAMES[#indices]),
                            ::mesh_provider::Attribute::encode(&self.#idents),
                        )),*
                    ])
                }
            }
        }
    }
}
