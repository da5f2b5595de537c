//! What only use decides of what a bucket costs.

use mesh_provider::cost::UsageParameter;

/// Usage parameters: those of the bucket, then those of each class, whose names begin with the class.
macro_rules! parameters {
    ([$(($name:literal, $unit:literal, $text:literal),)*] [$(($class:literal, $title:literal),)*]) => {
        &[
            $(UsageParameter { name: $name, unit: $unit, description: $text },)*
            $(
                UsageParameter {
                    name: concat!($class, "_storage_gb"),
                    unit: "GB",
                    description: concat!(
                        "What is stored in ", $title, " at once; else it comes from `new_gb` and the lifecycle rules."
                    ),
                },
                UsageParameter {
                    name: concat!($class, "_put_requests"),
                    unit: "request",
                    description: concat!("PUT, COPY, POST and LIST requests to ", $title, " in a month."),
                },
                UsageParameter {
                    name: concat!($class, "_get_requests"),
                    unit: "request",
                    description: concat!("GET and other requests to ", $title, " in a month."),
                },
                UsageParameter {
                    name: concat!($class, "_transitions"),
                    unit: "object",
                    description: concat!(
                        "Objects that lifecycle rules move to ", $title, " in a month; else `new_objects`."
                    ),
                },
            )*
        ]
    };
}

/// What `usage` blocks may declare of a bucket.
pub(in crate::s3) const USAGE: &[UsageParameter] = parameters! {
    [
        ("storage_gb", "GB", "What is stored in Standard at once; else it comes from `new_gb` and the lifecycle rules."),
        ("new_gb", "GB", "What is written in a month. Lifecycle rules say how long it stays in which storage class."),
        ("new_objects", "object", "Objects that are written in a month. Moving each to another class is a request."),
        ("overwritten_gb", "GB", "What is replaced or deleted in a month: old versions, where the bucket keeps them."),
        ("overwritten_objects", "object", "Objects that are replaced or deleted in a month: old versions that rules may move."),
        ("lifecycle_share_percent", "percent", "How much of the data the lifecycle rules with a filter apply to."),
        ("growth_months", "month", "Months of growth after which storage is looked at; else 1, 6 and 12, or until as much ends as begins."),
        ("put_requests", "request", "PUT, COPY, POST and LIST requests to Standard in a month."),
        ("get_requests", "request", "GET and other requests to Standard in a month."),
        ("intelligent_tiering_objects", "object", "Objects of 128 KiB or more in Intelligent-Tiering; else from `new_objects`."),
        ("standard_ia_retrieved_gb", "GB", "What is read back from Standard-IA in a month."),
        ("one_zone_ia_retrieved_gb", "GB", "What is read back from One Zone-IA in a month."),
        ("glacier_ir_retrieved_gb", "GB", "What is read back from Glacier Instant Retrieval in a month."),
        ("glacier_retrieved_gb", "GB", "What standard retrievals read back from Glacier Flexible Retrieval in a month."),
        ("deep_archive_retrieved_gb", "GB", "What standard retrievals read back from Glacier Deep Archive in a month."),
        ("transfer_out_gb", "GB", "What is sent to the internet in a month."),
        ("transfer_region_gb", "GB", "What is sent to other regions of AWS in a month."),
    ]
    [
        ("standard_ia", "Standard-IA"),
        ("intelligent_tiering", "Intelligent-Tiering"),
        ("one_zone_ia", "One Zone-IA"),
        ("glacier_ir", "Glacier Instant Retrieval"),
        ("glacier", "Glacier Flexible Retrieval"),
        ("deep_archive", "Glacier Deep Archive"),
    ]
};
