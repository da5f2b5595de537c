//! Two estimates against each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::estimate::{Estimate, Line};

impl Estimate {
    /// What would change from one estimate to another: what objects will cost by the first stands before, what they will
    /// cost by the second after. Both must be in the same currency.
    #[must_use]
    pub fn between(first: &Self, second: &Self) -> Self {
        let mut lines: BTreeMap<Arc<str>, Line> = BTreeMap::new();
        for line in first.lines.iter().filter(|line| line.after.is_some()) {
            let before = Line { before: line.after.clone(), after: None, count: None, ..line.clone() };
            lines.insert(line.address.clone(), before);
        }
        for line in second.lines.iter().filter(|line| line.after.is_some()) {
            let before = lines.remove(&line.address).and_then(|line| line.before);
            lines.insert(line.address.clone(), Line { before, ..line.clone() });
        }
        Self { currency: second.currency.clone(), lines: lines.into_values().collect() }
    }
}
