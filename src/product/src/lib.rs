//! Data products: what a `data_product` block may say, what it means, how two versions of it differ.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod check;
mod column_type;
mod descriptor;
mod diff;
mod export;
mod normalize;
mod read;
mod schema;
mod stored;

pub use check::{Problem, check_inputs};
pub use column_type::{ColumnType, UnknownColumnType};
pub use descriptor::{Classification, Column, Descriptor, InputPort, Late, OutputPort, PortKind};
pub use diff::{ColumnDiff, Diff, FieldDiff, InputDiff, PortDiff, diff};
pub use export::{exported_type, exported_value, port_type};
pub use normalize::normalize;
pub use schema::schema;
pub use stored::{stored_type, stored_value};
