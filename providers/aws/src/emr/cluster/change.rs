//! A running cluster made another in place: only the calls that the difference needs.

use aws_sdk_emr::types::{AutoTerminationPolicy, InstanceFleetModifyConfig, InstanceGroupModifyConfig};
use mesh_provider::{Computed, Failure, Operation};

use super::model::{AutoTermination, Cluster, CoreGroup, Fleet};
use crate::emr::resize::{group_is, scaling_policy};
use crate::emr::retag;
use crate::failure::Outcome as _;
use crate::platform::Aws;
use crate::tags::Retagging;

/// Makes each difference.
///
/// # Errors
/// The first that EMR refuses; what came before it is done.
pub(super) async fn apply(
    aws: &Aws,
    id: &str,
    prior: &Cluster,
    planned: &Cluster,
    operation: &Operation,
) -> Result<(), Failure> {
    retag(aws, id, &Retagging::between(&prior.tags_all, &planned.tags_all)).await?;
    switches(aws, id, prior, planned).await?;
    let idle = |policy: Option<&AutoTermination>| policy.map(|policy| policy.idle_timeout.known().copied());
    let (before, after) = (prior.auto_termination_policy.as_ref(), planned.auto_termination_policy.as_ref());
    if idle(before) != idle(after) {
        end_when_idle(aws, id, after).await?;
    }
    if let (Some(before), Some(after)) = (&prior.core_instance_group, &planned.core_instance_group) {
        core_group(aws, id, before, after, operation).await?;
    }
    if let (Some(before), Some(after)) = (&prior.core_instance_fleet, &planned.core_instance_fleet) {
        core_fleet(aws, id, before, after).await?;
    }
    Ok(())
}

/// What a `Computed` becomes, where that is known and another value.
fn turned<T: Copy + PartialEq>(before: &Computed<T>, after: &Computed<T>) -> Option<T> {
    after.known().copied().filter(|after| before.known() != Some(after))
}

async fn switches(aws: &Aws, id: &str, prior: &Cluster, planned: &Cluster) -> Result<(), Failure> {
    if let Some(protected) = turned(&prior.termination_protection, &planned.termination_protection) {
        protect(aws, id, protected).await?;
    }
    if let Some(replaced) = turned(&prior.unhealthy_node_replacement, &planned.unhealthy_node_replacement) {
        let call = aws.emr().set_unhealthy_node_replacement().job_flow_ids(id).unhealthy_node_replacement(replaced);
        call.send().await.calling("elasticmapreduce:SetUnhealthyNodeReplacement")?;
    }
    if prior.visible_to_all_users != planned.visible_to_all_users {
        let call = aws.emr().set_visible_to_all_users().job_flow_ids(id);
        let call = call.visible_to_all_users(planned.visible_to_all_users);
        call.send().await.calling("elasticmapreduce:SetVisibleToAllUsers")?;
    }
    let keeps = planned.keep_job_flow_alive_when_no_steps;
    if prior.keep_job_flow_alive_when_no_steps != keeps {
        let call = aws.emr().set_keep_job_flow_alive_when_no_steps().job_flow_ids(id);
        let call = call.keep_job_flow_alive_when_no_steps(keeps);
        call.send().await.calling("elasticmapreduce:SetKeepJobFlowAliveWhenNoSteps")?;
    }
    if prior.step_concurrency_level != planned.step_concurrency_level {
        let call = aws.emr().modify_cluster().cluster_id(id).step_concurrency_level(planned.step_concurrency_level);
        call.send().await.calling("elasticmapreduce:ModifyCluster")?;
    }
    Ok(())
}

/// Protects a cluster against being terminated, or takes the protection away.
pub(super) async fn protect(aws: &Aws, id: &str, protected: bool) -> Result<(), Failure> {
    let call = aws.emr().set_termination_protection().job_flow_ids(id).termination_protected(protected);
    call.send().await.calling("elasticmapreduce:SetTerminationProtection").map(|_| ())
}

async fn end_when_idle(aws: &Aws, id: &str, policy: Option<&AutoTermination>) -> Result<(), Failure> {
    let Some(policy) = policy else {
        let call = aws.emr().remove_auto_termination_policy().cluster_id(id);
        return call.send().await.calling("elasticmapreduce:RemoveAutoTerminationPolicy").map(|_| ());
    };
    let policy = AutoTerminationPolicy::builder().set_idle_timeout(policy.idle_timeout.known().copied()).build();
    let call = aws.emr().put_auto_termination_policy().cluster_id(id).auto_termination_policy(policy);
    call.send().await.calling("elasticmapreduce:PutAutoTerminationPolicy").map(|_| ())
}

async fn core_group(
    aws: &Aws,
    id: &str,
    before: &CoreGroup,
    after: &CoreGroup,
    operation: &Operation,
) -> Result<(), Failure> {
    let Some(group) = before.id.known() else { return Ok(()) };
    if before.autoscaling_policy != after.autoscaling_policy {
        scaling_policy(aws, id, group, after.autoscaling_policy.as_deref()).await?;
    }
    if before.instance_count == after.instance_count {
        return Ok(());
    }
    let size = InstanceGroupModifyConfig::builder().instance_group_id(group).instance_count(after.instance_count);
    let call = aws.emr().modify_instance_groups().cluster_id(id).instance_groups(size.build());
    call.send().await.calling("elasticmapreduce:ModifyInstanceGroups")?;
    group_is(aws, id, group, after.instance_count, operation).await.map(|_| ())
}

async fn core_fleet(aws: &Aws, id: &str, before: &Fleet, after: &Fleet) -> Result<(), Failure> {
    let size = |fleet: &Fleet| (fleet.target_on_demand_capacity, fleet.target_spot_capacity);
    let Some(fleet) = before.id.known().filter(|_| size(before) != size(after)) else { return Ok(()) };
    let change = InstanceFleetModifyConfig::builder()
        .instance_fleet_id(fleet)
        .target_on_demand_capacity(after.target_on_demand_capacity)
        .target_spot_capacity(after.target_spot_capacity);
    let call = aws.emr().modify_instance_fleet().cluster_id(id).instance_fleet(change.build());
    call.send().await.calling("elasticmapreduce:ModifyInstanceFleet").map(|_| ())
}
