//! What EMR tells of a cluster: itself, its groups or fleets, and when it terminates by itself.

use aws_sdk_emr::types::{
    Cluster as Described, InstanceCollectionType, InstanceFleet, InstanceFleetType, InstanceGroup, InstanceGroupType,
};
use mesh_provider::Failure;

use crate::emr::resize::groups;
use crate::emr::{Existing as _, described, has_no_such_policies, is_over, state};
use crate::failure::Outcome as _;
use crate::platform::Aws;

/// A cluster that is not over, and its parts.
pub(super) struct Look {
    pub(super) cluster: Described,
    pub(super) machines: Machines,
    /// After how many seconds without work it terminates by itself.
    pub(super) idle_timeout: Option<i64>,
}

/// What a cluster's machines are ordered in.
pub(super) enum Machines {
    Groups(Vec<InstanceGroup>),
    Fleets(Vec<InstanceFleet>),
}

impl Machines {
    /// The group of a role.
    pub(super) fn group(&self, role: &InstanceGroupType) -> Option<&InstanceGroup> {
        let Self::Groups(groups) = self else { return None };
        groups.iter().find(|group| group.instance_group_type() == Some(role))
    }

    /// The fleet of a role.
    pub(super) fn fleet(&self, role: &InstanceFleetType) -> Option<&InstanceFleet> {
        let Self::Fleets(fleets) = self else { return None };
        fleets.iter().find(|fleet| fleet.instance_fleet_type() == Some(role))
    }
}

/// Looks at a cluster; `None` where it is over or not known any more. `ends_itself` says whether it is thought to
/// terminate by itself: then EMR has to tell about that.
pub(super) async fn look(aws: &Aws, id: &str, ends_itself: bool) -> Result<Option<Look>, Failure> {
    let Some(cluster) = described(aws, id).await?.filter(|cluster| !is_over(&state(cluster))) else {
        return Ok(None);
    };
    let machines = match cluster.instance_collection_type() {
        Some(InstanceCollectionType::InstanceFleet) => fleets(aws, id).await?.map(Machines::Fleets),
        _ => groups(aws, id).await?.map(Machines::Groups),
    };
    let Some(machines) = machines else { return Ok(None) };
    let idle_timeout = idle_timeout(aws, id, ends_itself).await?;
    Ok(Some(Look { cluster, machines, idle_timeout }))
}

async fn fleets(aws: &Aws, id: &str) -> Result<Option<Vec<InstanceFleet>>, Failure> {
    let mut fleets = Vec::new();
    let mut pages = aws.emr().list_instance_fleets().cluster_id(id).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.existing("elasticmapreduce:ListInstanceFleets")? else { return Ok(None) };
        fleets.extend(page.instance_fleets.unwrap_or_default());
    }
    Ok(Some(fleets))
}

async fn idle_timeout(aws: &Aws, id: &str, ends_itself: bool) -> Result<Option<i64>, Failure> {
    let answer = aws.emr().get_auto_termination_policy().cluster_id(id).send().await;
    // Where nobody knows of such policies, a cluster that should have none has none.
    if !ends_itself && answer.as_ref().is_err_and(has_no_such_policies) {
        return Ok(None);
    }
    let answer = answer.calling("elasticmapreduce:GetAutoTerminationPolicy")?;
    Ok(answer.auto_termination_policy().and_then(|policy| policy.idle_timeout()))
}
