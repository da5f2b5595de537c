//! What the disks of machines cost: EBS by the GB-month, for as long as the machines are there.

use mesh_provider::cost::{Charges, Decimal, Interval, PriceKey, Quantity, at, number};
use mesh_value::Value;

/// What a `gp3` disk does at no further price: operations a second, and MiB a second.
const FREE_IOPS: u32 = 3000;
const FREE_THROUGHPUT: u32 = 125;

/// Adds the disks of machines that are there for so many months in sum: those of the block, else the GiB that EMR gives
/// to each. EMR gives `gp2` or `gp3` and doesn't say which; `gp2` costs more, so it is what counts.
pub(super) fn charge(
    role: &str,
    block: &Value,
    usual: Option<Decimal>,
    months: &Quantity,
    region: &str,
    charges: &mut Charges,
) {
    let disks = Disks { role, months, region };
    match at(block, "ebs_config") {
        Some(unknown) if !unknown.is_known() => {
            let open = Quantity::late(Interval::OPEN, "`ebs_config` is known after apply");
            disks.add("disks", "gp2", "GB-month", &open, charges);
        }
        Some(written) if written.as_slice().is_some_and(|blocks| !blocks.is_empty()) => {
            for block in written.as_slice().unwrap_or_default() {
                disks.volumes(block, charges);
            }
        }
        _ => {
            if let Some(size) = usual {
                disks.add("disks", "gp2", "GB-month", &Quantity::exactly(size), charges);
            }
        }
    }
}

struct Disks<'a> {
    role: &'a str,
    months: &'a Quantity,
    region: &'a str,
}

impl Disks<'_> {
    fn add(&self, what: &str, key: &str, unit: &str, each: &Quantity, charges: &mut Charges) {
        let quantity = each.times(self.months);
        let name = format!("{} {what}, {key}", self.role);
        charges.add(name, PriceKey::new(format!("aws/ebs/{key}"), self.region), unit, quantity);
    }

    /// Disks of one kind, of each machine so many.
    fn volumes(&self, block: &Value, charges: &mut Charges) {
        let one = || Quantity::exactly(Decimal::ONE);
        let kind = at(block, "type").and_then(Value::as_str).unwrap_or("known-after-apply");
        let count = number(block, "volumes_per_instance").unwrap_or_else(one);
        let size = number(block, "size").unwrap_or_default();
        self.add("disks", kind, "GB-month", &size.times(&count), charges);
        let mut beyond = |argument: &str, free: u32, key: &str, unit: &str| {
            let Some(written) = number(block, argument) else { return };
            let paid = written.map(|written| written - Decimal::from(free)).times(&count);
            if !paid.interval.is_zero() {
                self.add("disks", key, unit, &paid, charges);
            }
        };
        match kind {
            "gp3" => {
                beyond("iops", FREE_IOPS, "gp3-iops", "IOPS-month");
                beyond("throughput", FREE_THROUGHPUT, "gp3-throughput", "MBps-month");
            }
            "io1" => beyond("iops", 0, "io1-iops", "IOPS-month"),
            "io2" => beyond("iops", 0, "io2-iops", "IOPS-month"),
            _ => {}
        }
    }
}

/// The GiB and the kind of the root disk of each machine of a cluster: what is written, else what its release gives.
/// From "Customizing the Amazon EBS root device volume" in the EMR Management Guide.
pub(super) fn root(cluster: &Value) -> (Quantity, &'static str) {
    let label = at(cluster, "release_label").and_then(Value::as_str).unwrap_or_default();
    let release = release(label);
    let kind = if release >= (6, 15) { "gp3" } else { "gp2" };
    let written = number(cluster, "ebs_root_volume_size").filter(|size| size.interval.high.is_some());
    let usual = || Quantity::exactly(if release >= (6, 10) { 15 } else { 10 });
    (written.unwrap_or_else(usual), kind)
}

/// The release of a label such as `emr-6.15.0`; the newest where it can't be read.
fn release(label: &str) -> (u32, u32) {
    let mut numbers = label.trim_start_matches("emr-").split(['.', '-']).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
        _ => (u32::MAX, 0),
    }
}
