//! What a repository costs: by the images that it keeps.

use mesh_provider::cost::{Charges, CostRequest, Costs, PriceKey, UsageParameter};

/// What `usage` blocks may declare of a repository.
pub(super) const USAGE: &[UsageParameter] =
    &[UsageParameter { name: "storage_gb", unit: "GB", description: "What its images take, each layer once." }];

/// What a repository costs. Pulling within its region costs nothing.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    charges.add("storage", PriceKey::new("aws/ecr/storage", region), "GB-month", request.used("storage_gb"));
    charges.into()
}
