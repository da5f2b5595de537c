//! Values, types, attribute paths, addresses and schemas: the data that every other crate speaks.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod address;
mod convert;
mod diff;
mod fit;
mod hash;
mod json;
mod marks;
mod msgpack;
mod number;
mod parse;
mod path;
mod refinement;
mod schema;
mod ty;
mod value;

pub use address::{BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath, ModuleStep};
pub use convert::{
    ConversionError, Defaults, TypeConstraint, can_convert, convert, converted_type, unify, unify_values,
};
pub use diff::differing_paths;
pub use json::{
    JsonError, decode_json, decode_json_as, encode_json, from_json, from_plain_json, implied_type, to_json,
    to_plain_json,
};
pub use marks::Marks;
pub use msgpack::{MsgpackError, decode_msgpack, decode_whole, encode_msgpack, encode_whole};
pub use number::{Number, NumberError};
pub use parse::{AddressError, Quoted};
pub use path::{AttributePath, PathStep};
pub use refinement::Refinements;
pub use schema::{AttributeMode, AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, Schema};
pub use ty::{ObjectAttribute, Type};
pub use value::{Entry, Kind, Value};
