//! Evaluation: an expression and a scope give a value, and the record of everything that was read.

mod call;
mod certainty;
mod conditional;
mod evaluator;
mod for_expr;
mod held;
mod lookup_fault;
mod operators;
mod references;
mod referent;
mod scope;
mod splat;
mod step;
mod template;
mod traversal;
mod type_constraint;
mod walk;
mod walk_properties;

pub(crate) use call::expanded;
pub use evaluator::{Evaluation, evaluate, evaluate_with, read_by};
pub(crate) use evaluator::{Evaluator, Fault, Outcome, evaluated, fault, unknown};
pub(crate) use for_expr::{Items as ForItems, items as for_items};
pub use references::{StaticReference, body_references, check, check_body, references};
pub use referent::Referent;
pub use scope::{Environment, LookupError, Read, Scope, Target};
pub(crate) use template::safe_prefix;
pub use type_constraint::type_constraint;
pub(crate) use walk::{Visit, dynamic_iterator, walk};
