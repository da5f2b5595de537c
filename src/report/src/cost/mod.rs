//! What reports say of cost, the same in every form.

pub(crate) mod money;
mod remark;

pub(crate) use remark::Remarks;
