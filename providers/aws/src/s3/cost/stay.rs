//! How long data stays in which storage class, from its writing to its end, and what that makes in a month.

use mesh_provider::cost::{Decimal, Interval};

use super::class::Class;
use crate::growth::{growth, months};

/// Where data is, and in which days of its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) class: Class,
    /// Whether it is an old version there, one that was replaced or deleted.
    pub(super) is_old: bool,
    pub(super) from: u32,
    /// `None`: for ever.
    pub(super) until: Option<u32>,
}

/// What lifecycle rules do to data: ages in days, those of old versions from the day on which they became old.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    pub(super) moves: Vec<(u32, Class)>,
    pub(super) end: Option<u32>,
    pub(super) old_moves: Vec<(u32, Class)>,
    pub(super) old_end: Option<u32>,
}

/// Where data is all its life, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Life(pub(super) Vec<Stay>);

impl Effects {
    /// What several rules do together: the soonest end, and all moves.
    pub(super) fn with(&self, other: &Self) -> Self {
        let sooner = |left: Option<u32>, right: Option<u32>| left.into_iter().chain(right).min();
        Self {
            moves: [self.moves.as_slice(), &other.moves].concat(),
            end: sooner(self.end, other.end),
            old_moves: [self.old_moves.as_slice(), &other.old_moves].concat(),
            old_end: sooner(self.old_end, other.old_end),
        }
    }

    /// The life of what is written. In a bucket that keeps versions, what expires only becomes old.
    pub(super) fn written(&self, keeps_versions: bool) -> Life {
        let mut life = Life::default();
        let class = life.go_on(Class::Standard, 0, false, &self.moves, self.end);
        if let Some(end) = self.end.filter(|_| keeps_versions) {
            life.go_on(class, end, true, &self.old_moves, self.old_end);
        }
        life
    }

    /// The life of an old version. It may have been moved before it became old: Standard costs most.
    pub(super) fn replaced(&self) -> Life {
        let mut life = Life::default();
        life.go_on(Class::Standard, 0, true, &self.old_moves, self.old_end);
        life
    }
}

impl Life {
    /// Adds where data is from an age on, beginning in a class; the class in which it ends.
    fn go_on(&mut self, class: Class, since: u32, is_old: bool, moves: &[(u32, Class)], end: Option<u32>) -> Class {
        let mut moves = moves.to_vec();
        moves.sort_unstable();
        let mut stay = Stay { class, is_old, from: since, until: end.map(|end| since.saturating_add(end)) };
        // On the day of its end data is deleted, not moved.
        for (day, class) in moves.into_iter().filter(|(day, _)| end.is_none_or(|end| *day < end)) {
            let day = since.saturating_add(day);
            if class <= stay.class {
                continue;
            }
            if day > stay.from {
                self.0.push(Stay { until: Some(day), ..stay });
            }
            stay = Stay { class, from: day, ..stay };
        }
        if stay.until != Some(stay.from) {
            self.0.push(stay);
        }
        stay.class
    }

    /// After how many months it is looked at: when as much ends as begins, or else after so many as are declared or
    /// usual.
    pub(super) fn horizon(&self, declared: Option<Interval>) -> Interval {
        if let Some(declared) = declared {
            return declared;
        }
        let usual = growth();
        let end = match self.0.last() {
            Some(stay) => stay.until.map(months),
            None => Some(Decimal::ZERO),
        };
        match (end, usual.high) {
            (Some(end), Some(last)) if end <= last => Interval::exactly(end),
            (end, last) => Interval { high: end.or(last), ..usual },
        }
    }

    /// Of what comes each month, how many months' worth there is in a class, after so many months.
    pub(super) fn stored(&self, class: Class, is_old: bool, after: Decimal) -> Decimal {
        let here = self.0.iter().filter(|stay| stay.class == class && stay.is_old == is_old);
        here.map(|stay| stay.until.map_or(after, |until| months(until).min(after)) - months(stay.from).min(after)).sum()
    }

    /// Of what comes each month, how many months' worth is charged of a class though it is no longer there: what leaves it
    /// before its least time. So it is when as much leaves as comes, after so many months.
    pub(super) fn left_early(&self, class: Class, after: Decimal) -> Decimal {
        let mut early = Decimal::ZERO;
        let mut since = None;
        for (place, stay) in self.0.iter().enumerate().filter(|(_, stay)| stay.class == class) {
            let begin = *since.get_or_insert(stay.from);
            let goes_on = self.0.get(place + 1).is_some_and(|next| next.class == class);
            if let Some(until) = stay.until.filter(|until| !goes_on && months(*until) <= after) {
                early += months(class.least_days().saturating_sub(until - begin));
            }
        }
        early
    }

    /// Whether data is moved into a class within so many months: 1, or 0.
    pub(super) fn enters(&self, class: Class, after: Decimal) -> Decimal {
        let moved = self.0.iter().any(|stay| stay.class == class && months(stay.from) <= after);
        if moved && class != Class::Standard { Decimal::ONE } else { Decimal::ZERO }
    }
}
