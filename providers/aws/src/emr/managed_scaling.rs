//! `aws_emr_managed_scaling_policy`: between which sizes EMR itself makes a cluster larger and smaller.

use aws_sdk_emr::types::{ComputeLimits as Limits, ComputeLimitsUnitType, ManagedScalingPolicy, ScalingStrategy};
use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{Existing as _, described, is_ending, is_over, managed_scaling_policy, state};
use crate::check;
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::names;
use crate::platform::Aws;

const UNITS: &[&str] = &["InstanceFleetUnits", "Instances", "VCPU"];

/// Between which sizes EMR itself makes a cluster larger and smaller, by what runs on it.
///
/// A cluster has at most one. While it has one, the count of a group is EMR's to choose and shows no drift.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct ManagedScaling {
    /// The cluster's id.
    #[mesh(replace)]
    pub cluster_id: String,
    /// The sizes.
    #[mesh(block)]
    pub compute_limits: ComputeLimits,
    /// `DEFAULT`, or `ADVANCED` to weigh speed against cost by `utilization_performance_index`.
    #[mesh(optional)]
    pub scaling_strategy: Computed<String>,
    /// With the strategy `ADVANCED`, from 1 (least cost) to 100 (most speed).
    pub utilization_performance_index: Option<i32>,
    /// The cluster's id.
    pub id: Computed<String>,
}

/// The sizes of a cluster.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComputeLimits {
    /// What is counted: `Instances` or `VCPU` with instance groups, `InstanceFleetUnits` with instance fleets.
    pub unit_type: String,
    /// The least; the primary node isn't counted.
    pub minimum_capacity_units: i32,
    /// The most.
    pub maximum_capacity_units: i32,
    /// The most that is paid for on demand; what is above it runs on spot machines. All of it where it is left out.
    pub maximum_ondemand_capacity_units: Option<i32>,
    /// The most of it that is in the core group or fleet; what is above it goes into task groups. All of it where it is
    /// left out.
    pub maximum_core_capacity_units: Option<i32>,
}

/// The resource type `aws_emr_managed_scaling_policy`.
pub(crate) struct ManagedScalingType;

impl ComputeLimits {
    fn seen(limits: &Limits) -> Self {
        Self {
            unit_type: limits.unit_type().map(|unit| unit.as_str().to_owned()).unwrap_or_default(),
            minimum_capacity_units: limits.minimum_capacity_units().unwrap_or_default(),
            maximum_capacity_units: limits.maximum_capacity_units().unwrap_or_default(),
            maximum_ondemand_capacity_units: limits.maximum_on_demand_capacity_units(),
            maximum_core_capacity_units: limits.maximum_core_capacity_units(),
        }
    }

    /// As it reads where EMR answers a limit that nobody wrote: the whole.
    fn without_what_is_implied(mut self, written: &Self) -> Self {
        let whole = Some(self.maximum_capacity_units);
        if written.maximum_ondemand_capacity_units.is_none() && self.maximum_ondemand_capacity_units == whole {
            self.maximum_ondemand_capacity_units = None;
        }
        if written.maximum_core_capacity_units.is_none() && self.maximum_core_capacity_units == whole {
            self.maximum_core_capacity_units = None;
        }
        self
    }

    fn request(&self) -> Limits {
        Limits::builder()
            .unit_type(ComputeLimitsUnitType::from(self.unit_type.as_str()))
            .minimum_capacity_units(self.minimum_capacity_units)
            .maximum_capacity_units(self.maximum_capacity_units)
            .set_maximum_on_demand_capacity_units(self.maximum_ondemand_capacity_units)
            .set_maximum_core_capacity_units(self.maximum_core_capacity_units)
            .build()
    }
}

impl ManagedScaling {
    fn seen(mut self, policy: &ManagedScalingPolicy) -> Self {
        if let Some(limits) = policy.compute_limits() {
            self.compute_limits = ComputeLimits::seen(limits).without_what_is_implied(&self.compute_limits);
        }
        let strategy = policy.scaling_strategy().map_or("DEFAULT", ScalingStrategy::as_str);
        self.scaling_strategy = Computed::Known(strategy.to_owned());
        self.utilization_performance_index = policy.utilization_performance_index();
        self.id = Computed::Known(self.cluster_id.clone());
        self
    }

    /// The policy that the cluster has; `None` also where the cluster is gone, whose policy means nothing any more.
    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(policy) = managed_scaling_policy(aws, &self.cluster_id).await? else { return Ok(None) };
        Ok(Some(self.seen(&policy)))
    }

    /// What this very create put: a policy carries no token, so it must be wholly the one planned.
    async fn ours(&self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let there = self.clone().read(aws).await?;
        let strategy = self.scaling_strategy.known();
        Ok(there.filter(|there| {
            there.compute_limits == self.compute_limits
                && there.utilization_performance_index == self.utilization_performance_index
                && (strategy.is_none() || strategy == there.scaling_strategy.known())
        }))
    }

    fn request(&self) -> ManagedScalingPolicy {
        // An older region knows no strategies: only one that was chosen is sent.
        let strategy = self.scaling_strategy.known().filter(|strategy| *strategy != "DEFAULT");
        ManagedScalingPolicy::builder()
            .compute_limits(self.compute_limits.request())
            .set_scaling_strategy(strategy.map(|strategy| ScalingStrategy::from(strategy.as_str())))
            .set_utilization_performance_index(self.utilization_performance_index)
            .build()
    }

    async fn put(&self, aws: &Aws) -> Sent<()> {
        let call = aws.emr().put_managed_scaling_policy().cluster_id(&self.cluster_id);
        let answer = call.managed_scaling_policy(self.request()).send().await;
        answer.map(|_| ()).sent("elasticmapreduce:PutManagedScalingPolicy", &[])
    }

    fn with_strategy(mut self) -> Self {
        if self.scaling_strategy.known().is_none() {
            self.scaling_strategy = Computed::Known("DEFAULT".to_owned());
        }
        self.id = Computed::Known(self.cluster_id.clone());
        self
    }
}

/// Limits that contradict each other.
fn contradictions(limits: &Value) -> Vec<ProviderDiagnostic> {
    let number = |name: &str| limits.get(name).and_then(check::whole);
    let (least, most) = (number("minimum_capacity_units"), number("maximum_capacity_units"));
    let mut problems = check::one_of(limits, "unit_type", UNITS);
    let mut wrong = |name: &str, detail: String| {
        problems.push(ProviderDiagnostic::error("Invalid limits", detail).at(AttributePath::attr(name)));
    };
    if let Some(least) = least.filter(|least| *least < 1) {
        wrong("minimum_capacity_units", format!("`minimum_capacity_units` is {least}; the least is 1."));
    }
    let Some(most) = most else { return problems };
    if let Some(least) = least.filter(|least| *least > most) {
        let detail = format!("`maximum_capacity_units` is {most}, less than `minimum_capacity_units`, {least}.");
        wrong("maximum_capacity_units", detail);
    }
    for name in ["maximum_ondemand_capacity_units", "maximum_core_capacity_units"] {
        if let Some(part) = number(name).filter(|part| *part > most) {
            wrong(name, format!("`{name}` is {part}, more than `maximum_capacity_units`, {most}."));
        }
    }
    problems
}

impl ResourceType for ManagedScalingType {
    const NAME: &'static str = "aws_emr_managed_scaling_policy";
    const PERMISSIONS: Permissions = Permissions {
        read: &["elasticmapreduce:GetManagedScalingPolicy"],
        create: &["elasticmapreduce:PutManagedScalingPolicy"],
        update: &["elasticmapreduce:PutManagedScalingPolicy"],
        delete: &["elasticmapreduce:DescribeCluster", "elasticmapreduce:RemoveManagedScalingPolicy"],
    };
    type Model = ManagedScaling;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "scaling_strategy", &["ADVANCED", "DEFAULT"]);
        problems.extend(check::within(config, "utilization_performance_index", 1, 100));
        problems.extend(check::inside(config, "compute_limits", contradictions));
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        if let Some(cluster) = draft.planned_as::<String>("cluster_id").filter(|_| draft.changes("cluster_id")) {
            draft.set("id", &cluster);
        }
        if draft.is_create() && draft.config("scaling_strategy").is_null() {
            draft.set("scaling_strategy", &"DEFAULT".to_owned());
        }
    }

    /// What it lets a cluster cost counts at the cluster.
    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(
        aws: &Aws,
        planned: ManagedScaling,
        _: &Operation,
    ) -> Result<ManagedScaling, ChangeError<ManagedScaling>> {
        // Putting a policy replaces the one that is there, without complaint.
        if managed_scaling_policy(aws, &planned.cluster_id).await?.is_some() {
            return match planned.ours(aws).await? {
                Some(ours) => Ok(ours),
                None => Err(names::taken("managed scaling policy", &planned.cluster_id, "the cluster's id").into()),
            };
        }
        match planned.put(aws).await {
            Sent::Done(()) => Ok(planned.with_strategy()),
            Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
            Sent::Taken(failure) | Sent::Refused(failure) => Err(failure.into()),
        }
    }

    async fn read(aws: &Aws, current: Vec<ManagedScaling>) -> Vec<Result<Option<ManagedScaling>, Failure>> {
        each(current, |policy| policy.read(aws)).await
    }

    async fn update(
        aws: &Aws,
        _: ManagedScaling,
        planned: ManagedScaling,
        _: &Operation,
    ) -> Result<ManagedScaling, ChangeError<ManagedScaling>> {
        match planned.put(aws).await {
            Sent::Done(()) => Ok(planned.with_strategy()),
            Sent::Taken(failure) | Sent::Unsure(failure) | Sent::Refused(failure) => Err(failure.into()),
        }
    }

    async fn delete(aws: &Aws, prior: ManagedScaling, _: &Operation) -> Result<(), Failure> {
        let cluster = &prior.cluster_id;
        // A cluster that has ended keeps its policy for good, and it means nothing.
        if described(aws, cluster).await?.is_none_or(|cluster| is_over(&state(&cluster))) {
            return Ok(());
        }
        let answer = aws.emr().remove_managed_scaling_policy().cluster_id(cluster).send().await;
        if answer.as_ref().is_err_and(is_ending) {
            return Ok(());
        }
        answer.existing("elasticmapreduce:RemoveManagedScalingPolicy").map(|_| ())
    }

    async fn locate(aws: &Aws, planned: ManagedScaling, _: &str) -> Result<Found<ManagedScaling>, Failure> {
        Ok(planned.ours(aws).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<ManagedScaling, Failure> {
        let absent = || names::nothing_to_import("managed scaling policy", id, "the cluster's id");
        let policy = managed_scaling_policy(aws, id).await?.ok_or_else(absent)?;
        let limits = policy.compute_limits().map(ComputeLimits::seen).ok_or_else(absent)?;
        let model = ManagedScaling {
            cluster_id: id.to_owned(),
            compute_limits: limits,
            scaling_strategy: Computed::Unknown,
            utilization_performance_index: None,
            id: Computed::Unknown,
        };
        Ok(model.seen(&policy))
    }
}
