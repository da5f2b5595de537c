//! What machines cost by the hour: EC2's price, EMR's on top of it, and their disks.

use mesh_provider::cost::{Charges, CostRequest, Decimal, HOURS_A_MONTH, Interval, PriceKey, Quantity, at, number};
use mesh_value::Value;

use super::disks;
use super::machine_types;

/// AWS has no list price of spot machines. It says that they cost up to 90 % less than on demand, and they never cost more.
const LEAST_SPOT_SHARE: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// Machines of one type that do the same in a cluster.
pub(super) struct Machines<'a> {
    /// What they are in the names of parts, such as `core`.
    pub(super) role: &'a str,
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
    /// The GiB and the kind of each machine's root disk; `None` where nothing is known of the cluster.
    pub(super) root: Option<(Quantity, &'static str)>,
}

impl Machines<'_> {
    /// The machines' type. What is known after apply has no price.
    fn ty(&self) -> &str {
        at(self.block, "instance_type").and_then(Value::as_str).unwrap_or("known-after-apply")
    }

    /// Adds the parts of what they cost.
    pub(super) fn charge(&self, running: &Running<'_>, charges: &mut Charges) {
        if self.count.interval.is_zero() {
            return;
        }
        let hours = self.count.times(&running.hours);
        let (ty, role) = (self.ty(), self.role);
        let key = |key: String| PriceKey::new(key, running.region);
        let (name, price) = match &self.spot {
            None => (format!("{role} machines"), hours.clone()),
            Some(share) => (format!("{role} machines, spot"), hours.times(share)),
        };
        charges.add(name, key(format!("aws/ec2/on-demand/{ty}")), "instance-hour", price);
        let name = format!("{role} machines, EMR");
        charges.add(name, key(format!("aws/emr/instance/{ty}")), "instance-hour", hours.clone());
        let months = hours.map(|hours| hours / HOURS_A_MONTH);
        disks::charge(role, self.block, machine_types::default_disks(ty), &months, running.region, charges);
        if let Some((size, kind)) = &running.root {
            let name = format!("{role} root disks, {kind}");
            charges.add(name, key(format!("aws/ebs/{kind}")), "GB-month", size.times(&months));
        }
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
