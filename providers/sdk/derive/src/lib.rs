//! Derives a schema, its decoding and its encoding from one struct, so that the three can't disagree.

mod field;
mod model;

use proc_macro::TokenStream;

/// Makes a struct with named fields a block: the only source of its schema, its documentation, its decoding and its
/// encoding.
///
/// Doc comments become descriptions. Field types decide who sets an attribute: `T` is required, `Option<T>` optional,
/// `Computed<T>` computed. `Value` is `any`, a nested struct is an object. In `#[mesh(...)]` a field may say:
///
/// | option | meaning |
/// |---|---|
/// | `optional` | of a `Computed<T>`: the configuration may set it too |
/// | `default = literal` | optional, with this value where the configuration leaves it out |
/// | `replace` | a change of it needs a new object |
/// | `sensitive` | never printed |
/// | `write_only` | goes to the provider and is never stored; the field is an `Option<T>` |
/// | `computed_on_change` | known after apply whenever anything else of the object changes |
/// | `block` | `Vec<T>`, `BTreeSet<T>`, `BTreeMap<String, T>`, `Option<T>` or `T` as nested blocks |
/// | `min = n`, `max = n` | how often such a block may occur, where the type doesn't say it |
/// | `name = "text"` | the attribute's name where it is not the field's |
/// | `deprecated = "text"` | why not to use it any more and what to use instead; on a struct too |
#[proc_macro_derive(Block, attributes(mesh))]
pub fn block(input: TokenStream) -> TokenStream {
    syn::parse(input)
        .and_then(|input| model::Model::of(&input))
        .map_or_else(|error| error.into_compile_error().into(), |model| model.expand().into())
}
