//! What a key costs: by the month, with its rotations, and by the request.

use mesh_provider::cost::{Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, UsageParameter};

/// The first so many rotations cost another month of a key each; later ones nothing (AWS KMS pricing, since May 2024).
const PAID_ROTATIONS: u32 = 2;

/// Every how many days AWS renews a key where nobody says.
const USUAL_PERIOD: u32 = 365;

/// The days after which growth is looked at: half a year.
const MIDDLE: u32 = 182;

/// What `usage` blocks may declare of a key.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter { name: "requests", unit: "request", description: "Calls that use the key in a month." },
    UsageParameter {
        name: "rotations",
        unit: "rotation",
        description: "How often its material was renewed so far; else it may be not at all, and twice or more.",
    },
];

/// What a key costs. A replica in another region is a key of its own there.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    let price = |key: &str| PriceKey::new(format!("aws/kms/{key}"), region);
    charges.add("key", price("key"), "key-month", Quantity::exactly(1).plus(&rotations(&request)));
    let (name, key) = match request.text("customer_master_key_spec") {
        Some(spec) if !is_plain(spec) => ("requests, asymmetric", "requests/asymmetric"),
        _ => ("requests", "requests"),
    };
    charges.add(name, price(key), "request", request.used("requests"));
    charges.into()
}

/// Whether requests to keys of a kind cost what those to symmetric ones do.
fn is_plain(spec: &str) -> bool {
    matches!(spec, "SYMMETRIC_DEFAULT" | "RSA_2048") || spec.starts_with("HMAC_")
}

/// The key-months that rotations add.
fn rotations(request: &CostRequest<'_>) -> Quantity {
    if let Some(declared) = request.declared("rotations") {
        return declared.at_most(PAID_ROTATIONS);
    }
    if !request.is_true("enable_key_rotation") {
        return Quantity::exactly(0);
    }
    let period = request.number("rotation_period_in_days").filter(|period| period.interval.is_exact());
    let period = period.map_or(Decimal::from(USUAL_PERIOD), |period| period.interval.expected).max(Decimal::ONE);
    let most = Decimal::from(PAID_ROTATIONS);
    let soon = (Decimal::from(MIDDLE) / period).floor().min(most);
    let interval = Interval::new(Decimal::ZERO, soon, Some(most));
    Quantity::wide(
        interval,
        "each of a key's first two rotations adds a key-month (`rotations` in a `usage` block says how many there were)",
    )
}
