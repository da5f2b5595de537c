//! The disks of machines, which EBS is paid for as long as the machines are there.

use mesh_provider::cost::{Decimal, Interval, Quantity, at, number};
use mesh_value::Value;

/// What a `gp3` disk does at no further price: operations a second, and MiB a second.
const FREE_IOPS: u32 = 3000;
const FREE_THROUGHPUT: u32 = 125;

/// Something of the disks of a machine that is paid for by the month.
#[derive(Clone)]
pub(super) struct Disk {
    /// What it is in the names of parts.
    pub(super) name: &'static str,
    /// What it is priced as, below `aws/ebs/`.
    pub(super) key: String,
    /// Its unit.
    pub(super) unit: &'static str,
    /// How much of it each machine has.
    pub(super) of_each: Quantity,
}

impl Disk {
    fn of(kind: &str, of_each: Quantity) -> Self {
        Self { name: "disks", key: kind.to_owned(), unit: "GB-month", of_each }
    }

    /// Whether both are one part of a cost.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.name, &self.key) == (other.name, &other.key)
    }
}

/// The disks of each machine of a block, else the GiB that EMR gives to it. EMR gives `gp2` or `gp3` and doesn't say
/// which; `gp2` costs more, so it is what counts.
pub(super) fn of_block(block: &Value, usual: Option<Decimal>) -> Vec<Disk> {
    let written = at(block, "ebs_config");
    if written.is_some_and(|written| !written.is_known()) {
        return vec![Disk::of("gp2", Quantity::late(Interval::OPEN, "`ebs_config` is known after apply"))];
    }
    let blocks = written.and_then(Value::as_slice).unwrap_or_default();
    if blocks.is_empty() {
        return usual.map(|size| Disk::of("gp2", Quantity::exactly(size))).into_iter().collect();
    }
    blocks.iter().flat_map(volumes).collect()
}

/// Disks of one kind, of each machine so many.
fn volumes(block: &Value) -> Vec<Disk> {
    let kind = at(block, "type").and_then(Value::as_str).unwrap_or("known-after-apply");
    let count = number(block, "volumes_per_instance").unwrap_or_else(|| Quantity::exactly(Decimal::ONE));
    let size = number(block, "size").unwrap_or_default();
    let mut disks = vec![Disk::of(kind, size.times(&count))];
    let mut beyond = |argument: &str, free: u32, key: &str, unit: &'static str| {
        let Some(written) = number(block, argument) else { return };
        let paid = written.map(|written| written - Decimal::from(free)).times(&count);
        if !paid.interval.is_zero() {
            disks.push(Disk { name: "disks", key: key.to_owned(), unit, of_each: paid });
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
    disks
}

/// The root disk of each machine of a cluster: what is written, else what its release gives. From "Customizing the Amazon
/// EBS root device volume" in the EMR Management Guide.
pub(super) fn root(cluster: &Value) -> Disk {
    let label = at(cluster, "release_label").and_then(Value::as_str).unwrap_or_default();
    let release = release(label);
    let kind = if release >= (6, 15) { "gp3" } else { "gp2" };
    let written = number(cluster, "ebs_root_volume_size").filter(|size| size.interval.high.is_some());
    let usual = || Quantity::exactly(if release >= (6, 10) { 15 } else { 10 });
    Disk { name: "root disks", ..Disk::of(kind, written.unwrap_or_else(usual)) }
}

/// The release of a label such as `emr-6.15.0`; the newest where it can't be read.
fn release(label: &str) -> (u32, u32) {
    let mut numbers = label.trim_start_matches("emr-").split(['.', '-']).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
        _ => (u32::MAX, 0),
    }
}
