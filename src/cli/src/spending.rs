//! What a plan's objects cost, with the prices of the day on which it was made.

use jiff::tz::TimeZone;
use mesh_cost::{Book, Spending};
use mesh_plan::Plan;

/// Prices a plan that was made at a time, in seconds and nanoseconds since 1970: a saved plan is shown later as it was shown
/// then.
pub fn spending(plan: &Plan, book: &Book, planned_at: (i64, u32)) -> Spending {
    let made = jiff::Timestamp::from_second(planned_at.0).unwrap_or_default();
    Spending::new(&plan.cost, book, made.to_zoned(TimeZone::UTC).date())
}
