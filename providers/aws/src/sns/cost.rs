//! What topics and subscriptions cost: by the request, and by the notification.

use mesh_provider::cost::{Charges, CostRequest, Costs, PriceKey, UsageParameter};

/// What `usage` blocks may declare of a topic.
pub(super) const TOPIC_USAGE: &[UsageParameter] = &[UsageParameter {
    name: "requests",
    unit: "request",
    description: "Messages that are published in a month, each 64 KB as one.",
}];

/// What `usage` blocks may declare of a subscription.
pub(super) const SUBSCRIPTION_USAGE: &[UsageParameter] = &[UsageParameter {
    name: "notifications",
    unit: "notification",
    description: "Messages that are delivered in a month, each 64 KB as one.",
}];

/// What a topic costs.
pub(super) fn topic(region: &str, request: CostRequest<'_>) -> Costs {
    let mut charges = Charges::default();
    // FIFO topics are charged by the message and by the GB, at prices of their own.
    let (name, key) = if request.is_true("fifo_topic") {
        ("requests, FIFO", "aws/sns/requests/fifo")
    } else {
        ("requests", "aws/sns/requests")
    };
    charges.add(name, PriceKey::new(key, region), "request", request.used("requests"));
    charges.into()
}

/// What a subscription costs. Deliveries to queues and functions cost nothing within a region (Amazon SNS pricing).
pub(super) fn subscription(region: &str, request: CostRequest<'_>) -> Costs {
    let protocol = match request.text("protocol") {
        Some("sqs" | "lambda") => return Costs::Free,
        Some("https") => "http",
        Some("email-json") => "email",
        Some(other) => other,
        None => return Costs::NotModelled,
    };
    let mut charges = Charges::default();
    let price = PriceKey::new(format!("aws/sns/delivery/{protocol}"), region);
    charges.add(format!("notifications, {protocol}"), price, "notification", request.used("notifications"));
    charges.into()
}
