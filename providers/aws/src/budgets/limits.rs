//! What a budget is made of besides its name: limits, filters, and which costs count, as blocks and in the API's form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_budgets::types::{
    AutoAdjustData, AutoAdjustType, CostTypes as Counted, HistoricalOptions as History, Spend,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use mesh_provider::{Block, Computed, Failure};

use super::{amount, period};
use crate::failure::incomplete;

/// What is counted: only costs of which this is one of the values.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CostFilter {
    /// What of a cost: `Service`, `TagKeyValue`, `LinkedAccount`, `Region`, `AZ`, `UsageType` and more.
    pub name: String,
    /// The values; a tag is written `user:key$value`.
    pub values: BTreeSet<String>,
}

/// Which costs count.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct CostTypes {
    /// Credits.
    #[mesh(default = true)]
    pub include_credit: bool,
    /// Discounts.
    #[mesh(default = true)]
    pub include_discount: bool,
    /// Subscriptions other than those for a term.
    #[mesh(default = true)]
    pub include_other_subscription: bool,
    /// Fees that come again.
    #[mesh(default = true)]
    pub include_recurring: bool,
    /// Refunds.
    #[mesh(default = true)]
    pub include_refund: bool,
    /// Subscriptions.
    #[mesh(default = true)]
    pub include_subscription: bool,
    /// Support.
    #[mesh(default = true)]
    pub include_support: bool,
    /// Taxes.
    #[mesh(default = true)]
    pub include_tax: bool,
    /// What is paid in advance.
    #[mesh(default = true)]
    pub include_upfront: bool,
    /// Whether what is paid in advance is spread over its term.
    #[mesh(default = false)]
    pub use_amortized: bool,
    /// Whether rates are the average of an organisation's.
    #[mesh(default = false)]
    pub use_blended: bool,
}

/// A limit from one point in time on.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PlannedLimit {
    /// From when, such as `2026-01-01_00:00`.
    pub start_time: String,
    /// How much, in digits.
    pub amount: String,
    /// Of what, such as `USD`.
    pub unit: String,
}

/// A limit that follows what was spent, or what is forecast.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoAdjust {
    /// `FORECAST` or `HISTORICAL`.
    pub auto_adjust_type: String,
    /// When it was adjusted last.
    pub last_auto_adjust_time: Computed<String>,
    /// For `HISTORICAL`: which past it follows.
    #[mesh(block)]
    pub historical_options: Option<HistoricalOptions>,
}

/// Which past a limit follows.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoricalOptions {
    /// How many periods: 1 to 60.
    pub budget_adjustment_period: i32,
    /// How many of them there is data of.
    pub lookback_available_periods: Computed<i32>,
}

impl Default for CostTypes {
    /// What counts where nothing is written.
    fn default() -> Self {
        Self {
            include_credit: true,
            include_discount: true,
            include_other_subscription: true,
            include_recurring: true,
            include_refund: true,
            include_subscription: true,
            include_support: true,
            include_tax: true,
            include_upfront: true,
            use_amortized: false,
            use_blended: false,
        }
    }
}

impl CostTypes {
    pub(super) fn seen(there: &Counted) -> Self {
        let on = |told: Option<bool>| told.unwrap_or(true);
        Self {
            include_credit: on(there.include_credit),
            include_discount: on(there.include_discount),
            include_other_subscription: on(there.include_other_subscription),
            include_recurring: on(there.include_recurring),
            include_refund: on(there.include_refund),
            include_subscription: on(there.include_subscription),
            include_support: on(there.include_support),
            include_tax: on(there.include_tax),
            include_upfront: on(there.include_upfront),
            use_amortized: there.use_amortized.unwrap_or(false),
            use_blended: there.use_blended.unwrap_or(false),
        }
    }

    pub(super) fn sent(&self) -> Counted {
        Counted::builder()
            .include_credit(self.include_credit)
            .include_discount(self.include_discount)
            .include_other_subscription(self.include_other_subscription)
            .include_recurring(self.include_recurring)
            .include_refund(self.include_refund)
            .include_subscription(self.include_subscription)
            .include_support(self.include_support)
            .include_tax(self.include_tax)
            .include_upfront(self.include_upfront)
            .use_amortized(self.use_amortized)
            .use_blended(self.use_blended)
            .build()
    }
}

impl AutoAdjust {
    pub(super) fn seen(there: &AutoAdjustData) -> Self {
        let time = there.last_auto_adjust_time().and_then(|time| time.fmt(Format::DateTime).ok());
        Self {
            auto_adjust_type: there.auto_adjust_type().as_str().to_owned(),
            last_auto_adjust_time: time.into(),
            historical_options: there.historical_options().map(|history| HistoricalOptions {
                budget_adjustment_period: history.budget_adjustment_period(),
                lookback_available_periods: history.look_back_available_periods().into(),
            }),
        }
    }

    pub(super) fn sent(&self) -> Result<AutoAdjustData, Failure> {
        let history = self.historical_options.as_ref().map(|history| {
            History::builder().budget_adjustment_period(history.budget_adjustment_period).build().map_err(incomplete)
        });
        AutoAdjustData::builder()
            .auto_adjust_type(AutoAdjustType::from(self.auto_adjust_type.as_str()))
            .set_historical_options(history.transpose()?)
            .build()
            .map_err(incomplete)
    }
}

/// The limits that the API has under the seconds of their beginning, with amounts as they are written where they are.
pub(super) fn planned_seen(
    own: &BTreeSet<PlannedLimit>,
    there: Option<&HashMap<String, Spend>>,
) -> BTreeSet<PlannedLimit> {
    let limit = |(seconds, spend): (&String, &Spend)| {
        // A fraction of a second is written by some, and means nothing.
        let seconds = seconds.split('.').next()?.parse().ok()?;
        let start_time = period::write(&DateTime::from_secs(seconds))?;
        let own = own.iter().find(|own| own.start_time == start_time).map(|own| &own.amount);
        Some(PlannedLimit { start_time, amount: amount::kept(own, spend.amount()), unit: spend.unit().to_owned() })
    };
    there.into_iter().flatten().filter_map(limit).collect()
}

pub(super) fn planned_sent(limits: &BTreeSet<PlannedLimit>) -> Result<Option<HashMap<String, Spend>>, Failure> {
    let mut sent = HashMap::new();
    for limit in limits {
        let Some(start) = period::parse(&limit.start_time) else { continue };
        sent.insert(start.secs().to_string(), spend(&limit.amount, &limit.unit)?);
    }
    Ok(Some(sent).filter(|sent| !sent.is_empty()))
}

/// Whether two sets of limits are one, whatever the form of their amounts.
pub(super) fn planned_same(one: &BTreeSet<PlannedLimit>, other: &BTreeSet<PlannedLimit>) -> bool {
    let same = |(one, other): (&PlannedLimit, &PlannedLimit)| {
        one.start_time == other.start_time && one.unit == other.unit && amount::same(&one.amount, &other.amount)
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

pub(super) fn spend(amount: &str, unit: &str) -> Result<Spend, Failure> {
    Spend::builder().amount(amount).unit(unit).build().map_err(incomplete)
}

pub(super) fn filters_seen(there: Option<&HashMap<String, Vec<String>>>) -> BTreeSet<CostFilter> {
    let filter = |(name, values): (&String, &Vec<String>)| CostFilter {
        name: name.clone(),
        values: values.iter().cloned().collect(),
    };
    there.into_iter().flatten().map(filter).collect()
}

/// The filters in the API's form; blocks of one name are one filter.
pub(super) fn filters_sent(filters: &BTreeSet<CostFilter>) -> Option<HashMap<String, Vec<String>>> {
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for filter in filters {
        sent.entry(filter.name.clone()).or_default().extend(filter.values.iter().cloned());
    }
    let sent: HashMap<_, _> = sent.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect();
    Some(sent).filter(|sent| !sent.is_empty())
}
