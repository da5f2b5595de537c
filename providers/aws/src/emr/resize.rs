//! Groups of machines: which there are, and how they become larger and smaller.

use aws_sdk_emr::types::{InstanceGroup, InstanceGroupState as State, InstanceGroupStatus};
use mesh_provider::{Failure, Operation};

use super::{Existing as _, autoscaling, has_no_such_policies};
use crate::failure::Outcome as _;
use crate::platform::Aws;
use crate::waiting;

/// All groups of a cluster; `None` where there is no such cluster.
pub(super) async fn groups(aws: &Aws, cluster: &str) -> Result<Option<Vec<InstanceGroup>>, Failure> {
    let mut groups = Vec::new();
    let mut pages = aws.emr().list_instance_groups().cluster_id(cluster).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.existing("elasticmapreduce:ListInstanceGroups")? else { return Ok(None) };
        groups.extend(page.instance_groups.unwrap_or_default());
    }
    Ok(Some(groups))
}

/// Whether something other than a configuration chooses how many machines there are, so that another number is no drift:
/// a group's own policy, or one for the whole cluster.
pub(super) async fn is_scaled(aws: &Aws, cluster: &str, policy: Option<&String>) -> Result<bool, Failure> {
    if policy.is_some() {
        return Ok(true);
    }
    let answer = aws.emr().get_managed_scaling_policy().cluster_id(cluster).send().await;
    // Whoever does not know managed scaling does not scale.
    if answer.as_ref().is_err_and(has_no_such_policies) {
        return Ok(false);
    }
    let answer = answer.existing("elasticmapreduce:GetManagedScalingPolicy")?;
    let policy = answer.and_then(|answer| answer.managed_scaling_policy);
    Ok(policy.is_some_and(|policy| policy.compute_limits().is_some()))
}

/// Gives a group rules to scale by, or takes them away.
pub(super) async fn scaling_policy(aws: &Aws, cluster: &str, group: &str, policy: Option<&str>) -> Result<(), Failure> {
    let Some(policy) = policy else {
        let call = aws.emr().remove_auto_scaling_policy().cluster_id(cluster).instance_group_id(group);
        return call.send().await.existing("elasticmapreduce:RemoveAutoScalingPolicy").map(|_| ());
    };
    let call = aws.emr().put_auto_scaling_policy().cluster_id(cluster).instance_group_id(group);
    let call = call.auto_scaling_policy(autoscaling::request(policy)?);
    call.send().await.calling("elasticmapreduce:PutAutoScalingPolicy").map(|_| ())
}

/// Waits until a group has as many machines as it was asked for, or as somebody else asked for meanwhile.
///
/// # Errors
/// EMR gives up on the group; it or its cluster is gone; the operation's deadline; being asked to stop.
pub(super) async fn group_is(
    aws: &Aws,
    cluster: &str,
    id: &str,
    count: i32,
    operation: &Operation,
) -> Result<InstanceGroup, Failure> {
    let doing = format!("waiting for the machines of group `{id}`, which EMR goes on with");
    waiting::until(operation, &doing, || async {
        let groups = groups(aws, cluster).await?.unwrap_or_default();
        let Some(group) = groups.into_iter().find(|group| group.id() == Some(id)) else {
            let detail = format!("The group `{id}` of cluster `{cluster}` is not there any more.");
            return Err(Failure::new("Group is gone", detail));
        };
        let state = group.status().and_then(InstanceGroupStatus::state);
        let running = group.running_instance_count().unwrap_or_default();
        operation.report(format!("{}: {running} of {count} machines", state.map_or("UNKNOWN", State::as_str)));
        let settled = match state {
            Some(State::Running) => {
                group.requested_instance_count() != Some(count) || group.running_instance_count() == Some(count)
            }
            // A group without machines need not run.
            Some(State::Suspended | State::Ended) if count == 0 => true,
            Some(
                State::Arrested
                | State::Ended
                | State::ShuttingDown
                | State::Suspended
                | State::Terminated
                | State::Terminating,
            ) => return Err(given_up(id, &group)),
            _ => false,
        };
        Ok(settled.then_some(group))
    })
    .await
}

fn given_up(id: &str, group: &InstanceGroup) -> Failure {
    let status = group.status();
    let state = status.and_then(InstanceGroupStatus::state).map_or("UNKNOWN", State::as_str);
    let change = status.and_then(InstanceGroupStatus::state_change_reason);
    let why = change.and_then(|change| change.message()).unwrap_or("EMR gives no reason").trim_end_matches('.');
    let detail = format!(
        "The group `{id}` is {state}: {why}. There may be no such machines at present, or their bootstrap actions fail: \
         look at the logs below the cluster's `log_uri`."
    );
    Failure::new("Group can't be resized", detail)
}
