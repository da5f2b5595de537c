//! What is known of types of machines by their names: their sizes, and the disks that EMR gives to those that have none.

use mesh_provider::cost::Decimal;

/// The families that EMR takes, whether their machines have disks of their own or those of EBS, and their sizes, the
/// smallest first. From "Supported instance types" in the EMR Management Guide.
const FAMILIES: &str = include_str!("families.csv");

/// The disks that EMR gives from release 5.22.0 on to a machine without disks of its own for which nobody wrote any: by
/// size, how many, and the GiB of each. From "Instance storage options" in the EMR Management Guide.
const DISKS: [(&str, u32, u32); 11] = [
    ("large", 1, 32),
    ("xlarge", 2, 32),
    ("2xlarge", 4, 32),
    ("4xlarge", 4, 64),
    ("8xlarge", 4, 128),
    ("9xlarge", 4, 144),
    ("10xlarge", 4, 160),
    ("12xlarge", 4, 192),
    ("16xlarge", 4, 256),
    ("18xlarge", 4, 288),
    ("24xlarge", 4, 384),
];

struct Family {
    has_own_disks: bool,
    sizes: Vec<&'static str>,
}

fn family(name: &str) -> Option<Family> {
    let rows = FAMILIES.lines().skip(1).map(|row| row.split(','));
    rows.into_iter().find_map(|mut fields| {
        (fields.next() == Some(name)).then_some(())?;
        let has_own_disks = fields.next()? == "own";
        Some(Family { has_own_disks, sizes: fields.next()?.split(' ').collect() })
    })
}

/// The smaller types of the same family that EMR takes, the next one first.
pub(super) fn smaller(ty: &str) -> Vec<String> {
    let Some((name, size)) = ty.split_once('.') else { return Vec::new() };
    let sizes = family(name).map(|family| family.sizes).unwrap_or_default();
    let place = sizes.iter().position(|known| *known == size).unwrap_or_default();
    sizes.iter().take(place).rev().map(|size| format!("{name}.{size}")).collect()
}

/// How many processors a type has, by its size: an `xlarge` has four.
pub(super) fn vcpus(ty: &str) -> Option<Decimal> {
    let (_, size) = ty.split_once('.')?;
    match size.strip_suffix("xlarge")? {
        "" => Some(Decimal::from(4)),
        times => times.parse::<u32>().ok().map(|times| Decimal::from(4 * u64::from(times))),
    }
}

/// The GiB of EBS that EMR gives to each machine of a type; `None` where it has disks of its own, or isn't known.
pub(super) fn default_disks(ty: &str) -> Option<Decimal> {
    let (name, size) = ty.split_once('.')?;
    (!family(name)?.has_own_disks).then_some(())?;
    let (_, count, each) = DISKS.iter().find(|(known, ..)| *known == size)?;
    Some(Decimal::from(count * each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_types_end_at_the_smallest_that_emr_takes() {
        assert_eq!(smaller("m5.4xlarge"), ["m5.2xlarge", "m5.xlarge"]);
        assert_eq!(smaller("c5.9xlarge")[0], "c5.4xlarge");
        assert!(smaller("m5.xlarge").is_empty());
        assert_eq!(smaller("m4.xlarge"), ["m4.large"]);
        assert!(smaller("t3.xlarge").is_empty());
    }

    #[test]
    fn sizes_tell_processors_and_disks() {
        assert_eq!(vcpus("c5.9xlarge"), Some(Decimal::from(36)));
        assert_eq!(vcpus("m5.metal"), None);
        assert_eq!(default_disks("m5.4xlarge"), Some(Decimal::from(256)));
        assert_eq!(default_disks("m5d.4xlarge"), None);
    }

    #[test]
    fn sizes_grow_from_left_to_right() {
        for row in FAMILIES.lines().skip(1) {
            let name = row.split(',').next().unwrap();
            let sizes = family(name).unwrap().sizes;
            assert!(!sizes.is_empty(), "{row}");
            let counts: Vec<_> = sizes.iter().filter_map(|size| vcpus(&format!("{name}.{size}"))).collect();
            assert!(counts.is_sorted(), "{row}");
        }
    }
}
