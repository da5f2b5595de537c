//! The disks of a group's or fleet's machines.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_emr::types::{EbsBlockDevice, EbsBlockDeviceConfig, EbsConfiguration, VolumeSpecification};
use mesh_provider::{Block, Draft, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use crate::check;

const KINDS: &[&str] = &["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"];

/// Disks of one kind that each machine gets.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Volumes {
    /// Their size, in GiB.
    pub size: i32,
    /// Their kind: `gp3`, `gp2`, `io1`, `io2`, `st1`, `sc1` or `standard`.
    #[mesh(name = "type")]
    pub kind: String,
    /// Operations a second, of `gp3`, `io1` and `io2`.
    pub iops: Option<i32>,
    /// MiB a second, of `gp3`.
    pub throughput: Option<i32>,
    /// How many of them each machine gets.
    #[mesh(default = 1)]
    pub volumes_per_instance: i32,
}

/// As EMR takes them; `None` where none are written, so that EMR gives what goes with the machine's type.
pub(super) fn request(volumes: &BTreeSet<Volumes>, optimized: Option<bool>) -> Option<EbsConfiguration> {
    if volumes.is_empty() && optimized.is_none() {
        return None;
    }
    let devices: Vec<_> = volumes.iter().map(device_request).collect();
    let devices = (!devices.is_empty()).then_some(devices);
    Some(EbsConfiguration::builder().set_ebs_block_device_configs(devices).set_ebs_optimized(optimized).build())
}

fn device_request(volumes: &Volumes) -> EbsBlockDeviceConfig {
    let specification = VolumeSpecification::builder()
        .volume_type(&volumes.kind)
        .size_in_gb(volumes.size)
        .set_iops(volumes.iops)
        .set_throughput(volumes.throughput);
    EbsBlockDeviceConfig::builder()
        .volume_specification(specification.build())
        .volumes_per_instance(volumes.volumes_per_instance)
        .build()
}

/// The disks of a machine, which EMR lists one by one.
pub(super) fn seen(devices: &[EbsBlockDevice]) -> BTreeSet<Volumes> {
    let mut counts: BTreeMap<Volumes, i32> = BTreeMap::new();
    for specification in devices.iter().filter_map(EbsBlockDevice::volume_specification) {
        let volumes = Volumes {
            size: specification.size_in_gb().unwrap_or_default(),
            kind: specification.volume_type().unwrap_or_default().to_owned(),
            iops: specification.iops(),
            throughput: specification.throughput(),
            volumes_per_instance: 0,
        };
        *counts.entry(volumes).or_default() += 1;
    }
    counts.into_iter().map(|(volumes, count)| Volumes { volumes_per_instance: count, ..volumes }).collect()
}

/// Disks as they are planned, with what nobody writes as it is now: EMR chooses that.
pub(super) fn completed(planned: BTreeSet<Volumes>, prior: &BTreeSet<Volumes>) -> BTreeSet<Volumes> {
    if planned.is_empty() {
        return prior.clone();
    }
    let alike = |own: &Volumes, there: &Volumes| {
        (own.size, &own.kind, own.volumes_per_instance) == (there.size, &there.kind, there.volumes_per_instance)
    };
    let completed = planned.into_iter().map(|own| {
        let there = prior.iter().find(|there| alike(&own, there));
        let iops = own.iops.or_else(|| there?.iops);
        let throughput = own.throughput.or_else(|| there?.throughput);
        Volumes { iops, throughput, ..own }
    });
    completed.collect()
}

/// Plans the disks of a group: others need a new group.
pub(super) fn plan(draft: &mut Draft<'_>) {
    let (prior, planned) = (draft.prior_as::<BTreeSet<Volumes>>("ebs_config"), draft.planned_as("ebs_config"));
    let Some((prior, planned)) = prior.zip(planned) else { return };
    if completed(planned, &prior) == prior {
        draft.keep("ebs_config");
    } else {
        draft.replace(AttributePath::attr("ebs_config"));
    }
}

/// What is wrong with one `ebs_config` block.
pub(super) fn invalid(block: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::one_of(block, "type", KINDS);
    problems.extend(check::within(block, "size", 1, 64 * 1024));
    problems.extend(check::within(block, "volumes_per_instance", 1, 25));
    problems
}
