//! What a bucket costs: storage by class, requests, reading, and what leaves AWS.
//!
//! Storage comes from `storage_gb`, or from `new_gb` and the bucket's lifecycle rules: of what is written each month so
//! many months' worth stays in each class. An object costs nothing by itself: it is part of its bucket's storage.

mod class;
mod rules;
mod stay;
mod usage;

use mesh_provider::cost::{Charges, CostRequest, Costs, Decimal, Interval, PriceKey, Quantity};

use self::class::Class;
use self::rules::{Lives, Rules};
use self::stay::Life;
pub(super) use self::usage::USAGE;

/// What has a say in it.
pub(super) const RELATED: &[&str] = &["aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_versioning"];

/// The KiB of a GB, as S3 counts it.
const KIB_A_GB: Decimal = Decimal::from_parts(1_048_576, 0, 0, false, 0);

/// What a bucket costs; `region` is the provider's.
pub(super) fn cost(region: &str, request: CostRequest<'_>) -> Costs {
    let rules = Rules::of(&request);
    let bill = Bill { region: request.text("region").unwrap_or(region), request, written: rules.written() };
    let mut charges = Charges::default();
    for class in Class::ALL {
        bill.class(class, &mut charges);
    }
    if rules.keeps_versions != Some(false) {
        let kept = match rules.keeps_versions {
            Some(_) => Quantity::exactly(1),
            None => Quantity::late(
                Interval::new(Decimal::ZERO, Decimal::ONE, Some(Decimal::ONE)),
                "whether old versions are kept is known after apply",
            ),
        };
        let replaced = rules.replaced();
        for class in Class::ALL {
            bill.old_versions(class, &replaced, &kept, &mut charges);
        }
    }
    bill.add(&mut charges, "transfer to the internet", "transfer/internet", "GB", request.used("transfer_out_gb"));
    if let Some(out) = request.declared("transfer_region_gb") {
        bill.add(&mut charges, "transfer to other regions", "transfer/region", "GB", out);
    }
    charges.into()
}

/// What a bucket's bill is made of.
struct Bill<'r> {
    region: &'r str,
    request: CostRequest<'r>,
    written: Lives<'r>,
}

impl Bill<'_> {
    fn add(&self, charges: &mut Charges, name: impl Into<String>, key: &str, unit: &str, quantity: Quantity) {
        charges.add(name.into(), PriceKey::new(format!("aws/{key}"), self.region), unit, quantity);
    }

    /// Storage, requests and reading of a class, where data is in it or use says so.
    fn class(&self, class: Class, charges: &mut Charges) {
        let declared = |what: &str| self.request.declared(&class.parameter(what));
        let key = class.key();
        let is_reached = class == Class::Standard || self.written.reach(class, false);
        let stored = declared("storage_gb");
        if is_reached || stored.is_some() {
            let quantity = stored.clone().unwrap_or_else(|| self.stored(class));
            self.add(charges, format!("storage, {class}"), &format!("s3/storage/{key}"), "GB-month", quantity);
        }
        self.left_early("early deletion", class, &self.written, self.request.declared("new_gb"), charges);
        if class == Class::IntelligentTiering {
            self.monitored(is_reached, charges);
        }
        for (what, place) in [("put_requests", "write"), ("get_requests", "read")] {
            let Some(quantity) = declared(what).or_else(|| self.requests(class, what)) else { continue };
            let name = if place == "write" { "PUT, COPY, POST and LIST requests" } else { "GET and other requests" };
            self.add(charges, format!("{name}, {class}"), &format!("s3/requests/{key}/{place}"), "request", quantity);
        }
        if let Some(quantity) = declared("transitions").or_else(|| self.moved(class, &self.written, "new_objects")) {
            let name = format!("lifecycle transitions, {class}");
            self.add(charges, name, &format!("s3/transition/{key}"), "request", quantity);
        }
        if class.charges_retrieval() {
            let used = || self.request.used(&class.parameter("retrieved_gb"));
            if let Some(quantity) = declared("retrieved_gb").or_else(|| (is_reached || stored.is_some()).then(used)) {
                self.add(charges, format!("retrieval, {class}"), &format!("s3/retrieval/{key}"), "GB", quantity);
            }
        }
    }

    /// What is stored of what is written each month, with what objects in archives take besides.
    fn stored(&self, class: Class) -> Quantity {
        let Some(written) = self.request.declared("new_gb") else {
            let reason =
                format!("neither `{}` nor `new_gb` is declared in a `usage` block", class.parameter("storage_gb"));
            return Quantity::wide(Interval::OPEN, reason);
        };
        let quantity = self.written.measure(|life, after| life.stored(class, false, after)).times(&written);
        let archived = |life: &Life, after: Decimal| match class {
            Class::Standard => {
                let classes = Class::ALL.into_iter().filter(|class| class.is_archive());
                classes.map(|class| life.stored(class, false, after)).sum::<Decimal>() * Decimal::from(8)
            }
            class if class.is_archive() => life.stored(class, false, after) * Decimal::from(32),
            _ => Decimal::ZERO,
        };
        match self.request.declared("new_objects") {
            Some(objects) => {
                let besides = self.written.measure(archived).times(&objects);
                quantity.plus(&besides.map(|kib| (kib / KIB_A_GB).round_dp(9)))
            }
            None => quantity,
        }
    }

    /// The objects that Intelligent-Tiering watches.
    fn monitored(&self, is_reached: bool, charges: &mut Charges) {
        let class = Class::IntelligentTiering;
        let stored = || self.written.measure(|life, after| life.stored(class, false, after));
        let derived = || is_reached.then(|| stored().times(&self.request.used("new_objects")));
        if let Some(objects) = self.request.declared("intelligent_tiering_objects").or_else(derived) {
            let name = format!("monitoring, {class}");
            self.add(charges, name, "s3/monitoring/intelligent-tiering", "object-month", objects);
        }
    }

    /// The requests of a class that nobody declared: those of Standard always count, and each new object takes one.
    fn requests(&self, class: Class, what: &str) -> Option<Quantity> {
        if class != Class::Standard {
            return None;
        }
        let used = self.request.used(what);
        match self.request.declared("new_objects").filter(|_| what == "put_requests") {
            Some(objects) => {
                let Interval { low, expected, .. } = objects.interval;
                Some(Quantity { interval: Interval { low, expected, high: None }, ..used })
            }
            None => Some(used),
        }
    }

    /// The objects that rules move to a class, of those that a parameter counts.
    fn moved(&self, class: Class, lives: &Lives<'_>, objects: &str) -> Option<Quantity> {
        if !lives.reach(class, false) && !lives.reach(class, true) {
            return None;
        }
        let moved = lives.measure(|life, after| life.enters(class, after));
        (!moved.interval.is_zero()).then(|| moved.times(&self.request.used(objects)))
    }

    /// What is charged of a class though it has left it, of what comes each month.
    fn left_early(&self, name: &str, class: Class, lives: &Lives<'_>, flow: Option<Quantity>, charges: &mut Charges) {
        let can_be = class.least_days() > 0 && (lives.reach(class, false) || lives.reach(class, true));
        let Some(flow) = flow.filter(|_| can_be) else { return };
        let early = lives.measure(|life, after| life.left_early(class, after));
        if !early.interval.is_zero() {
            let key = format!("s3/storage/{}", class.key());
            self.add(charges, format!("{name}, {class}"), &key, "GB-month", early.times(&flow));
        }
    }

    /// What is stored of versions that were replaced or deleted, where the bucket keeps them.
    fn old_versions(&self, class: Class, replaced: &Lives<'_>, kept: &Quantity, charges: &mut Charges) {
        let mut stored = Quantity::exactly(0);
        if replaced.reach(class, true) {
            let months = replaced.measure(|life, after| life.stored(class, true, after));
            stored = stored.plus(&months.times(&self.request.used("overwritten_gb")));
        }
        if self.written.reach(class, true) {
            let months = self.written.measure(|life, after| life.stored(class, true, after));
            stored = stored.plus(&months.times(&self.request.used("new_gb")));
        }
        if !stored.interval.is_zero() {
            let name = format!("old versions, {class}");
            self.add(charges, name, &format!("s3/storage/{}", class.key()), "GB-month", stored.times(kept));
        }
        let flow = self.request.declared("overwritten_gb").map(|gb| gb.times(kept));
        self.left_early("early deletion of old versions", class, replaced, flow, charges);
        if let Some(moved) = self.moved(class, replaced, "overwritten_objects") {
            let name = format!("lifecycle transitions of old versions, {class}");
            self.add(charges, name, &format!("s3/transition/{}", class.key()), "request", moved.times(kept));
        }
    }
}
