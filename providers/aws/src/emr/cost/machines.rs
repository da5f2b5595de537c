//! What machines cost by the hour: EC2's price, EMR's on top of it, and their disks.

use mesh_provider::cost::{Charges, CostRequest, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, at, number};
use mesh_value::Value;

use super::disks::{self, Disk};
use super::machine_types;

/// AWS has no list price of spot machines. It says that they cost up to 90 % less than on demand, and they never cost more.
const LEAST_SPOT_SHARE: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// Why a part of a fleet has no one price.
const ONE_OF: &str = "EMR takes one of the fleet's types of machines, or several";

/// Machines that do the same in a cluster.
pub(super) struct Machines<'a> {
    /// What they are in the names of parts, such as `core`.
    pub(super) role: &'a str,
    /// What they are; several of a fleet, of which EMR takes some.
    pub(super) types: Vec<Type<'a>>,
}

/// Machines of one type.
pub(super) struct Type<'a> {
    /// The block that says their type and disks.
    pub(super) block: &'a Value,
    /// How many there are.
    pub(super) count: Quantity,
    /// What part of its price on demand a machine costs; `None` for machines on demand.
    pub(super) spot: Option<Quantity>,
}

/// Where and for how long machines run.
pub(super) struct Running<'a> {
    /// The region.
    pub(super) region: &'a str,
    /// The hours of a month.
    pub(super) hours: Quantity,
    /// The root disk of each machine; `None` where nothing is known of the cluster.
    pub(super) root: Option<Disk>,
}

impl Type<'_> {
    /// Its name. What is known after apply has no price.
    fn name(&self) -> &str {
        at(self.block, "instance_type").and_then(Value::as_str).unwrap_or("known-after-apply")
    }

    fn hours(&self, running: &Running<'_>) -> Quantity {
        self.count.times(&running.hours)
    }
}

impl Machines<'_> {
    /// Adds the parts of what they cost.
    pub(super) fn charge(&self, running: &Running<'_>, charges: &mut Charges) {
        if self.types.iter().all(|ty| ty.count.interval.is_zero()) {
            return;
        }
        let role = self.role;
        let mut add = |name: &str, unit: &str, choice: &dyn Fn(&Type<'_>) -> (String, Quantity)| {
            let choices = self.types.iter().map(|ty| {
                let (key, quantity) = choice(ty);
                (PriceKey::new(key, running.region), quantity)
            });
            charges.add_one_of(format!("{role} {name}"), unit, choices.collect(), ONE_OF);
        };
        let is_spot = self.types.iter().any(|ty| ty.spot.is_some());
        add(if is_spot { "machines, spot" } else { "machines" }, "instance-hour", &|ty| {
            let hours = ty.hours(running);
            let hours = ty.spot.as_ref().map_or_else(|| hours.clone(), |share| hours.times(share));
            (format!("aws/ec2/on-demand/{}", ty.name()), hours)
        });
        add("machines, EMR", "instance-hour", &|ty| (format!("aws/emr/instance/{}", ty.name()), ty.hours(running)));
        let disks: Vec<Vec<Disk>> = self.types.iter().map(|ty| ty.disks(running)).collect();
        let mut kinds: Vec<&Disk> = Vec::new();
        for disk in disks.iter().flatten() {
            if !kinds.iter().any(|known| known.is_like(disk)) {
                kinds.push(disk);
            }
        }
        for kind in kinds {
            add(&format!("{}, {}", kind.name, kind.key), kind.unit, &|ty| {
                let own = ty.disks(running).into_iter().filter(|disk| disk.is_like(kind));
                let of_each = own.fold(Quantity::default(), |sum, disk| sum.plus(&disk.of_each));
                let months = ty.hours(running).map(|hours| hours / HOURS_A_MONTH);
                (format!("aws/ebs/{}", kind.key), of_each.times(&months))
            });
        }
    }
}

impl Type<'_> {
    /// The disks of each machine.
    fn disks(&self, running: &Running<'_>) -> Vec<Disk> {
        let mut disks = disks::of_block(self.block, machine_types::default_disks(self.name()));
        disks.extend(running.root.clone());
        disks
    }
}

/// What part of its price on demand a spot machine costs, of which one pays at most `most`.
pub(super) fn spot_share(request: &CostRequest<'_>, most: Option<Decimal>) -> Quantity {
    let most = most.unwrap_or(Decimal::ONE).clamp(LEAST_SPOT_SHARE, Decimal::ONE);
    let declared = request.declared("spot_percent_of_on_demand");
    let expected = declared.as_ref().map_or(most, |percent| percent.interval.expected / Decimal::ONE_HUNDRED);
    let mut because = "spot machines have no list price, only bounds: from 10 % of the price on demand".to_owned();
    if declared.is_none() {
        because.push_str("; `spot_percent_of_on_demand` is not declared in a `usage` block");
    }
    Quantity::wide(Interval::new(LEAST_SPOT_SHARE, expected, Some(most)), because)
}

/// The spot share of a group's machines; `None` where they are on demand.
pub(super) fn spot(block: &Value, request: &CostRequest<'_>) -> Option<Quantity> {
    let is_spot = at(block, "bid_price").is_some_and(|price| price.as_str() != Some(""));
    is_spot.then(|| spot_share(request, None))
}

/// How many machines a block says.
pub(super) fn written_count(block: &Value) -> Quantity {
    number(block, "instance_count").unwrap_or_else(|| Quantity::exactly(Decimal::ONE))
}
