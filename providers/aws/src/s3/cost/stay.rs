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

#[cfg(test)]
mod tests {
    use super::*;

    /// Where data of an age is, looked up rule by rule as the user guide of S3 states them; `None` once it is deleted.
    fn looked_up(effects: &Effects, age: u32) -> Option<Class> {
        if effects.end.is_some_and(|end| age >= end) {
            return None;
        }
        let reached = effects.moves.iter().filter(|(day, _)| *day <= age).map(|(_, class)| *class);
        Some(reached.max().unwrap_or(Class::Standard))
    }

    #[test]
    fn what_is_stored_is_what_a_count_day_by_day_finds() {
        let days = [0, 1, 29, 30, 60, 90];
        let ends = [None, Some(1), Some(30), Some(75), Some(400)];
        for (place, first) in days.into_iter().enumerate() {
            for (step, class) in Class::ALL.into_iter().enumerate().skip(1) {
                for end in ends {
                    let second = (days[(place + step) % days.len()], Class::ALL[1 + (step * 3) % 6]);
                    let effects = Effects { moves: vec![(first, class), second], end, ..Effects::default() };
                    let life = effects.written(false);
                    for after in [1, 31, 100, 365] {
                        for here in Class::ALL {
                            let count = (0..after).filter(|age| looked_up(&effects, *age) == Some(here)).count();
                            let stored = life.stored(here, false, months(after));
                            let counted = months(Decimal::from(count));
                            assert_eq!(
                                stored.round_dp(9),
                                counted.round_dp(9),
                                "{effects:?} {here} after {after} days"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn data_that_changes_its_state_but_not_its_class_does_not_leave_it() {
        // 40 days in Standard, 50 in Glacier as it is, 60 more as an old version: 110, which is more than 90.
        let effects =
            Effects { moves: vec![(40, Class::Glacier)], end: Some(90), old_end: Some(60), ..Effects::default() };
        assert_eq!(effects.written(true).left_early(Class::Glacier, Decimal::from(12)), Decimal::ZERO);
        // Where no versions are kept, 40 of the 90 days are missing.
        assert_eq!(effects.written(false).left_early(Class::Glacier, Decimal::from(12)), months(40));
    }
}
