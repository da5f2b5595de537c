//! What reports say of cost, the same in every form.

mod actual;
mod budgets;
mod gaps;
pub(crate) mod parts;
mod reasons;
mod remark;
mod sums;

pub(crate) use actual::{actual_cells, actual_status, apart, by_service, projected_total};
pub(crate) use budgets::{cells, notes};
pub(crate) use gaps::gaps;
pub(crate) use reasons::widest;
pub(crate) use remark::Remarks;
pub(crate) use sums::{Name, Row, against, closing, difference, is_wide, of, subtotals};
