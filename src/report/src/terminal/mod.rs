//! Reports for people at a terminal. They read the same without colour; lines of prose are wrapped to the width,
//! addresses never.

mod actual;
mod apply;
mod cost;
mod estimate;
mod paint;
mod plan;
mod prices;
mod product;
mod state;
mod table;
mod unified;
mod why;

pub use actual::actual;
pub use apply::apply_report;
pub use estimate::{cost, cost_difference};
pub(crate) use plan::heading;
pub use plan::plan;
pub use prices::{price_list, price_update};
pub use product::{product, product_list};
pub use state::{outputs, state};
pub use unified::unified;
pub use why::why;
