//! What this crate is told of providers and of products: it knows neither.

use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_lang::syntax::Body;
use mesh_value::{AttributePath, BlockSchema, Mode, Schema, Value};

use crate::cost::CostKind;

/// Why there is no schema for a resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSchema {
    /// No such provider in this build; those that mesh has.
    Provider(Vec<String>),
    /// The provider has no such type; those it has of the same mode.
    Type(Vec<String>),
}

/// The schemas that blocks are held against.
pub trait Schemas {
    /// The schema of a resource type or data source.
    ///
    /// # Errors
    /// Where the provider or the type does not exist.
    fn resource(&self, provider: &str, mode: Mode, ty: &str) -> Result<Arc<Schema>, NoSchema>;

    /// The schema of a provider block; `None` where the provider takes none.
    ///
    /// # Errors
    /// Where the provider does not exist.
    fn provider(&self, provider: &str) -> Result<Option<Arc<Schema>>, NoSchema>;

    /// The command that builds mesh with a provider that this build lacks; `None` for one that mesh does not have.
    fn command_for(&self, provider: &str) -> Option<&str>;

    /// The schema of a `data_product` block.
    fn product(&self) -> Arc<BlockSchema>;

    /// The body of a `data_product` block in the form that its schema describes, with labels as arguments.
    fn product_body(&self, body: &Body, diagnostics: &mut Diagnostics) -> Body;

    /// The schema of a block that speaks of cost.
    fn cost(&self, kind: CostKind) -> Arc<BlockSchema>;

    /// What is wrong with the value of such a block and its label, as far as they are known: each attribute at fault,
    /// and why.
    fn cost_problems(&self, kind: CostKind, label: &Arc<str>, value: &Value) -> Vec<(AttributePath, Diagnostic)>;

    /// Name and unit of each parameter that `usage` blocks may declare for a resource type.
    fn usage(&self, provider: &str, ty: &str) -> Vec<(&'static str, &'static str)>;

    /// What is wrong with the value of a `usage` block, as far as it is known.
    fn usage_problems(&self, value: &Value) -> Vec<(AttributePath, Diagnostic)>;
}
