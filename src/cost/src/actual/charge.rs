//! What a line of a bill charges for, and how charges add up.

use std::collections::BTreeMap;

use mesh_provider::cost::Decimal;

/// What a line of a bill charges for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeKind {
    /// Use, covered by prepaid capacity or not.
    Usage,
    /// What is paid whatever is used: prepaid capacity, subscriptions.
    Fee,
    /// Discounts that are lines of their own.
    Discount,
    /// Money back for an earlier charge, and its correction.
    Refund,
    /// Credits: what someone else pays.
    Credit,
    /// Tax.
    Tax,
    /// A kind that this mesh doesn't know.
    Other,
}

impl ChargeKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Usage, Self::Fee, Self::Discount, Self::Refund, Self::Credit, Self::Tax, Self::Other];

    /// Its name, as reports have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Fee => "fees",
            Self::Discount => "discounts",
            Self::Refund => "refunds",
            Self::Credit => "credits",
            Self::Tax => "tax",
            Self::Other => "other",
        }
    }

    /// Whether estimates and limits are of it, too: they are before tax, and of what things cost, whoever pays.
    #[must_use]
    pub const fn is_compared(self) -> bool {
        match self {
            Self::Usage | Self::Fee | Self::Discount | Self::Refund | Self::Other => true,
            Self::Credit | Self::Tax => false,
        }
    }

    /// Whether there is more of it the longer a month lasts.
    const fn grows(self) -> bool {
        match self {
            Self::Usage | Self::Discount => true,
            Self::Fee | Self::Refund | Self::Credit | Self::Tax | Self::Other => false,
        }
    }

    /// The kind of a line of AWS's reports, by `LineItemType`.
    pub(super) fn of_line_item(name: &str) -> Self {
        match name {
            "Usage" | "DiscountedUsage" | "SavingsPlanCoveredUsage" => Self::Usage,
            "Fee" | "RIFee" | "SavingsPlanRecurringFee" | "SavingsPlanUpfrontFee" => Self::Fee,
            "SavingsPlanNegation" => Self::Discount,
            "Refund" => Self::Refund,
            "Credit" => Self::Credit,
            "Tax" => Self::Tax,
            _ if name.ends_with("Discount") => Self::Discount,
            _ => Self::Other,
        }
    }

    /// The kind of a line of FOCUS, by `ChargeCategory` and `ChargeClass`.
    pub(super) fn of_focus(category: &str, class: &str) -> Self {
        match category {
            "Tax" => Self::Tax,
            "Credit" => Self::Credit,
            "Adjustment" => Self::Refund,
            _ if class == "Correction" => Self::Refund,
            "Usage" => Self::Usage,
            "Purchase" => Self::Fee,
            _ => Self::Other,
        }
    }
}

/// Charges added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// What was used, with prepaid capacity spread over its use, by kind.
    pub effective: BTreeMap<ChargeKind, Decimal>,
    /// What was charged: the sum of the invoice.
    pub billed: Decimal,
}

impl Sum {
    /// Adds a line.
    pub(super) fn add(&mut self, kind: ChargeKind, effective: Decimal, billed: Decimal) {
        let sum = self.effective.entry(kind).or_default();
        *sum = sum.saturating_add(effective);
        self.billed = self.billed.saturating_add(billed);
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (kind, amount) in &other.effective {
            sum.add(*kind, *amount, Decimal::ZERO);
        }
        sum.billed = sum.billed.saturating_add(other.billed);
        sum
    }

    /// What is held against estimates and limits: everything but credits and tax.
    #[must_use]
    pub fn compared(&self) -> Decimal {
        self.compared_of(|_, amount| amount)
    }

    /// What is compared if the rest of a month goes on as its first days did; fees and refunds stay as they are.
    #[must_use]
    pub fn projected(&self, days: i8, of: i8) -> Decimal {
        let factor = Decimal::from(of).checked_div(Decimal::from(days)).unwrap_or(Decimal::ONE);
        self.compared_of(|kind, amount| if kind.grows() { amount.saturating_mul(factor) } else { amount })
    }

    fn compared_of(&self, each: impl Fn(ChargeKind, Decimal) -> Decimal) -> Decimal {
        let compared = self.effective.iter().filter(|(kind, _)| kind.is_compared());
        compared.fold(Decimal::ZERO, |sum, (kind, amount)| sum.saturating_add(each(*kind, *amount)))
    }
}
