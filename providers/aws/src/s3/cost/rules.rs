//! Which lifecycle rules apply to how much of a bucket's data: those with a filter apply to a part that nobody knows.

use std::sync::Arc;

use mesh_provider::Attribute as _;
use mesh_provider::cost::{CostRequest, Decimal, Interval, Quantity, at};
use mesh_value::Value;

use super::class::Class;
use super::stay::{Effects, Life};
use crate::s3::lifecycle::{And, Filter, Rule};

/// Up to so many rules with a filter, all their combinations are looked at; of more, each alone and all together.
const MOST_COMBINED: usize = 6;

/// What becomes of a bucket's data.
#[derive(Debug)]
pub(super) struct Rules {
    /// What applies to all data.
    firm: Effects,
    /// What applies to a part of it.
    partial: Vec<Effects>,
    /// Whether all rules are known.
    pub(super) is_known: bool,
    /// Whether old versions are kept; `None` where that is known after apply.
    pub(super) keeps_versions: Option<bool>,
    /// How much of the data the partial ones apply to, as a fraction; `None` where nobody declared it.
    share: Option<Quantity>,
    /// After how many months growth is looked at, where that is declared.
    growth: Option<Quantity>,
}

/// The lives of data under each set of rules that may apply to it.
#[derive(Debug)]
pub(super) struct Lives<'r> {
    rules: &'r Rules,
    /// Under those rules alone that apply to all.
    plain: Life,
    /// Under one partial rule more.
    single: Vec<Life>,
    /// Under some partial rules more.
    combined: Vec<Life>,
}

impl Rules {
    /// The rules of the bucket that is asked about.
    pub(super) fn of(request: &CostRequest<'_>) -> Self {
        let mut rules = Self {
            firm: Effects::default(),
            partial: Vec::new(),
            is_known: true,
            keeps_versions: Some(false),
            share: request.declared("lifecycle_share_percent").map(|percent| fraction(&percent)),
            growth: request.declared("growth_months"),
        };
        let name = request.text("bucket");
        let ours = |setting: &&Value| {
            let of = setting.get("bucket").and_then(Value::as_str);
            name.zip(of).is_none_or(|(name, of)| name == of)
        };
        for setting in request.related("aws_s3_bucket_lifecycle_configuration").filter(ours) {
            match setting.get("rule").and_then(Value::as_slice) {
                Some(written) => written.iter().for_each(|rule| rules.add(rule)),
                None => rules.is_known = false,
            }
        }
        for setting in request.related("aws_s3_bucket_versioning").filter(ours) {
            let status = at(setting, "versioning_configuration.status");
            rules.keeps_versions =
                status.is_some_and(Value::is_known).then(|| status.and_then(Value::as_str) == Some("Enabled"));
        }
        rules
    }

    fn add(&mut self, rule: &Value) {
        let Ok(rule) = Rule::decode(rule) else {
            self.is_known = false;
            return;
        };
        if rule.status != "Enabled" {
            return;
        }
        let (all, some) = effects(&rule);
        if is_partial(&rule) {
            self.partial.push(all.with(&some));
            return;
        }
        self.firm = self.firm.with(&all);
        if some != Effects::default() {
            self.partial.push(some);
        }
    }

    /// The lives that the rules give to data.
    fn lives(&self, life: impl Fn(&Effects) -> Life) -> Lives<'_> {
        let with = |partial: &Effects| life(&self.firm.with(partial));
        let single: Vec<Life> = self.partial.iter().map(with).collect();
        let count = self.partial.len();
        let chosen = |mask: usize| {
            let among = self.partial.iter().enumerate().filter(|(place, _)| mask & (1 << place) != 0);
            among.fold(Effects::default(), |all, (_, effects)| all.with(effects))
        };
        let combined = if count <= MOST_COMBINED {
            (1..1_usize << count).map(|mask| with(&chosen(mask))).collect()
        } else {
            let all = self.partial.iter().fold(Effects::default(), |all, effects| all.with(effects));
            single.iter().cloned().chain([with(&all)]).collect()
        };
        Lives { rules: self, plain: life(&self.firm), single, combined }
    }

    /// The lives of what is written.
    pub(super) fn written(&self) -> Lives<'_> {
        self.lives(|effects| effects.written(self.keeps_versions != Some(false)))
    }

    /// The lives of versions that become old.
    pub(super) fn replaced(&self) -> Lives<'_> {
        self.lives(Effects::replaced)
    }
}

impl Lives<'_> {
    fn all(&self) -> impl Iterator<Item = &Life> {
        self.combined.iter().chain([&self.plain])
    }

    /// Whether some of the data is in a class at some time.
    pub(super) fn reach(&self, class: Class, is_old: bool) -> bool {
        self.all().any(|life| life.0.iter().any(|stay| stay.class == class && stay.is_old == is_old))
    }

    /// A measure of the data's life, which never falls with the months: what all that may apply makes of it.
    pub(super) fn measure(&self, of: impl Fn(&Life, Decimal) -> Decimal) -> Quantity {
        let one = |life: &Life| self.horizon(life).map(|after| of(life, after));
        let mut interval = one(&self.plain);
        if !self.combined.is_empty() {
            let nobody_knows = Interval::new(Decimal::ZERO, Decimal::ONE, Some(Decimal::ONE));
            let share = self.rules.share.as_ref().map_or(nobody_knows, |share| share.interval);
            let single: Vec<_> = self.single.iter().map(one).collect();
            let combined: Vec<_> = self.combined.iter().map(one).collect();
            interval = mixed(interval, &single, &combined, share);
        }
        let interval = interval.map(|number| number.round_dp(9));
        if !self.rules.is_known {
            let interval = Interval { low: Decimal::ZERO, ..interval };
            return Quantity::late(interval, "its lifecycle rules are known after apply");
        }
        if interval.is_exact() {
            return Quantity { interval, ..Quantity::default() };
        }
        let declared = [&self.rules.share, &self.rules.growth];
        let late = declared.into_iter().flatten().any(|declared| declared.late);
        Quantity { interval, because: self.reasons(), late }
    }

    fn horizon(&self, life: &Life) -> Interval {
        life.horizon(self.rules.growth.as_ref().map(|growth| growth.interval))
    }

    /// What makes measures wide.
    fn reasons(&self) -> Vec<Arc<str>> {
        let mut because: Vec<Arc<str>> = Vec::new();
        match &self.rules.growth {
            Some(growth) => because.extend(growth.because.iter().cloned()),
            None if self.all().any(|life| !self.horizon(life).is_exact()) => {
                let reason = "what is written stays and adds up: after 1, 6 and 12 months, or until as much ends as begins \
                              (`growth_months` says another time)";
                because.push(reason.into());
            }
            None => {}
        }
        match &self.rules.share {
            Some(share) => because.extend(share.because.iter().cloned()),
            None if !self.combined.is_empty() => {
                let reason = "lifecycle rules with a filter apply to a part of the data, and `lifecycle_share_percent` is \
                              not declared in a `usage` block";
                because.push(reason.into());
            }
            None => {}
        }
        because
    }
}

/// What a share of the data makes that is under partial rules, and the rest that is not.
fn mixed(plain: Interval, single: &[Interval], combined: &[Interval], share: Interval) -> Interval {
    let blend = |share: Decimal, plain: Decimal, other: Decimal| (Decimal::ONE - share) * plain + share * other;
    let ends = [share.low, share.high.unwrap_or(Decimal::ONE)];
    let least = combined.iter().map(|life| life.low).min().unwrap_or(plain.low);
    let low = ends.map(|share| blend(share, plain.low, least));
    let high = combined.iter().map(|life| life.high).collect::<Option<Vec<_>>>().zip(plain.high);
    let high = high.map(|(highs, plain)| {
        let most = highs.into_iter().max().unwrap_or(plain);
        ends.map(|share| blend(share, plain, most)).into_iter().fold(Decimal::ZERO, Decimal::max)
    });
    let mean = single.iter().map(|life| life.expected).sum::<Decimal>() / Decimal::from(single.len().max(1));
    Interval::new(low[0].min(low[1]), blend(share.expected, plain.expected, mean), high)
}

/// Percent as a fraction of at most 1.
fn fraction(percent: &Quantity) -> Quantity {
    percent.at_most(Decimal::ONE_HUNDRED).map(|percent| percent / Decimal::ONE_HUNDRED)
}

/// What a rule does to all that it is about, and what only to some of it: old versions of which the newest stay. What it
/// does on one day only is left out.
fn effects(rule: &Rule) -> (Effects, Effects) {
    let days = |days: Option<i32>| days.and_then(|days| u32::try_from(days).ok());
    let moves = rule.transition.iter().filter_map(|to| Some((days(to.days)?, Class::named(&to.storage_class)?)));
    let mut all = Effects {
        moves: moves.collect(),
        end: rule.expiration.as_ref().and_then(|expiration| days(expiration.days)),
        ..Effects::default()
    };
    let mut some = Effects::default();
    for to in &rule.noncurrent_version_transition {
        let effects = if to.newer_noncurrent_versions.is_some() { &mut some } else { &mut all };
        effects.old_moves.extend(days(Some(to.noncurrent_days)).zip(Class::named(&to.storage_class)));
    }
    if let Some(end) = &rule.noncurrent_version_expiration {
        let effects = if end.newer_noncurrent_versions.is_some() { &mut some } else { &mut all };
        effects.old_end = days(Some(end.noncurrent_days));
    }
    (all, some)
}

/// Whether a rule is about some objects only.
fn is_partial(rule: &Rule) -> bool {
    let written = |prefix: &Option<String>| prefix.as_ref().is_some_and(|prefix| !prefix.is_empty());
    let narrow = |filter: &Filter| {
        let Filter { prefix, object_size_greater_than: greater, object_size_less_than: less, tag, and } = filter;
        let together = |and: &And| {
            let And { prefix, object_size_greater_than: greater, object_size_less_than: less, tags } = and;
            written(prefix) || greater.is_some() || less.is_some() || tags.as_ref().is_some_and(|tags| !tags.is_empty())
        };
        written(prefix) || greater.is_some() || less.is_some() || tag.is_some() || and.as_ref().is_some_and(together)
    };
    written(&rule.prefix) || rule.filter.as_ref().is_some_and(narrow)
}
