//! What a workgroup costs: by the data that its queries read.

use mesh_provider::cost::{
    Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity, Saving, UsageParameter, with,
};
use mesh_value::Value;

use super::settings::LOWEST_CUTOFF;

/// The bytes of a GB, as Athena counts it.
const BYTES_A_GB: i64 = 1 << 30;

/// The GB of a TB.
const GB_A_TB: u32 = 1024;

/// Cutoffs that are worth a thought, in GB.
const LOWER: [i64; 4] = [1024, 100, 10, 1];

const CUTOFF: &str = "configuration.bytes_scanned_cutoff_per_query";

/// What `usage` blocks may declare of a workgroup.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter { name: "scanned_tb", unit: "TB", description: "What all queries read in a month." },
    UsageParameter { name: "queries", unit: "query", description: "How many queries there are in a month." },
    UsageParameter {
        name: "scanned_gb_per_query",
        unit: "GB",
        description: "What a query reads; Athena counts 10 MB at least.",
    },
];

/// What a workgroup costs.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    charges.add("data read by queries", PriceKey::new("aws/athena/scanned", region), "TB", scanned(&request));
    charges.into()
}

/// Lower cutoffs, or one where there is none.
pub(super) fn savings(request: CostRequest<'_>) -> Vec<Saving> {
    let Some(settings) = request.at("configuration").filter(|settings| settings.is_known()) else { return Vec::new() };
    let now = match settings.get("bytes_scanned_cutoff_per_query") {
        Some(cutoff) if !cutoff.is_known() => return Vec::new(),
        _ => request.number(CUTOFF).and_then(|cutoff| cutoff.interval.high),
    };
    let lower = LOWER.into_iter().filter(|gb| now.is_none_or(|now| Decimal::from(gb * BYTES_A_GB) < now));
    let saving = |gb: i64| {
        let bytes = gb * BYTES_A_GB;
        Saving {
            change: format!("bytes_scanned_cutoff_per_query = {bytes} in `configuration`"),
            caveat: Some(format!("A query that reads more than {gb} GB is stopped.")),
            value: with(request.value, CUTOFF, &Value::number(bytes)),
        }
    };
    lower.map(saving).collect()
}

/// The TB that queries read in a month. No query reads more than the cutoff lets it, and none counts less than 10 MB.
fn scanned(request: &CostRequest<'_>) -> Quantity {
    if request.text("state") == Some("DISABLED") {
        return Quantity::exactly(0);
    }
    let gb = |bytes: Decimal| bytes / Decimal::from(BYTES_A_GB);
    let least = gb(LOWEST_CUTOFF.into());
    let cutoff = request.number(CUTOFF).map(|cutoff| cutoff.map(gb));
    let queries = request.declared("queries");
    if let Some(scanned) = request.declared("scanned_tb") {
        // Together no more than each may.
        let most = queries.zip(cutoff).and_then(|(queries, cutoff)| queries.times(&cutoff).interval.high);
        return most.map_or(scanned.clone(), |most| scanned.at_most(most / Decimal::from(GB_A_TB)));
    }
    let Some(queries) = queries else {
        return Quantity::wide(Interval::OPEN, "neither `scanned_tb` nor `queries` is declared in a `usage` block");
    };
    let each = request.declared("scanned_gb_per_query").map(|each| each.map(|gb| gb.max(least)));
    let each = each.unwrap_or_else(|| {
        let reason = "`scanned_gb_per_query` is not declared in a `usage` block";
        Quantity::wide(Interval::new(least, least, None), reason)
    });
    let each = match cutoff.and_then(|cutoff| cutoff.interval.high) {
        Some(cutoff) => each.at_most(cutoff.max(least)),
        None => each,
    };
    queries.times(&each).map(|gb| (gb / Decimal::from(GB_A_TB)).round_dp(9))
}
