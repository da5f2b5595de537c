//! What the catalog costs: what it stores and is asked beyond what is free for each account.

use mesh_provider::cost::{Charges, CostRequest, Costs, PriceKey, UsageParameter};

/// What only use decides of a database.
pub(super) const USAGE: &[UsageParameter] = &[
    UsageParameter {
        name: "objects",
        unit: "object",
        description: "Tables, versions and partitions beyond the million that is free for the account.",
    },
    UsageParameter {
        name: "requests",
        unit: "request",
        description: "Requests a month to its tables beyond the million that is free for the account.",
    },
];

/// What a database costs: nothing where no use is declared, since a catalog of less than a million objects is free.
pub(super) fn database(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    for (name, part, key, unit) in [
        ("objects", "objects of the catalog", "aws/glue/catalog-objects", "object-month"),
        ("requests", "requests to the catalog", "aws/glue/catalog-requests", "request"),
    ] {
        if let Some(quantity) = request.declared(name) {
            charges.add(part, PriceKey::new(key, region), unit, quantity);
        }
    }
    if charges.components.is_empty() { Costs::Free } else { charges.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::costed::{Costed, book, month};

    #[test]
    fn a_catalog_costs_what_is_beyond_the_free_part() {
        let prices = [
            ("aws/glue/catalog-objects", "object-month", "0.00001"),
            ("aws/glue/catalog-requests", "request", "0.000001"),
        ];
        let case = || Costed::new("aws_glue_catalog_database", json!({ "name": "orders" }));
        assert_eq!(database("us-east-1", case().request()), Costs::Free);
        // Infracost's public example: 200000 x 1 / 100000 + 300000000 x 1 / 1000000 = 2 + 300
        let used = case().used(json!({ "objects": 200_000, "requests": 300_000_000 }));
        assert_eq!(month(&database("us-east-1", used.request()), &book("us-east-1", &prices)), "302");
    }
}
