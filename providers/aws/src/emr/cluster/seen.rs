//! A cluster as EMR has it: what can change is taken from there. What never changes in a cluster stays as it is written,
//! because EMR answers much of it otherwise than it was asked for.

use aws_sdk_emr::types::{
    Ec2InstanceAttributes, InstanceFleet, InstanceFleetType, InstanceGroup, InstanceGroupType as Role,
};
use mesh_provider::{Computed, Failure};

use super::look::{Look, Machines};
use super::model::{AutoTermination, Cluster, Ec2Attributes};
use crate::emr::resize::is_scaled;
use crate::emr::{autoscaling, state, tags_of};
use crate::platform::Aws;
use crate::{document, tags};

/// A text, where there is one: some answer an empty one instead of none.
pub(super) fn text(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What is not known yet and EMR tells now; what is known already never changes.
fn settle<T: PartialEq>(value: &mut Computed<T>, platform: Option<T>) {
    if *value == Computed::Unknown {
        *value = platform.into();
    }
}

impl Cluster {
    /// What stays in the state of a cluster that EMR can't be asked about: it exists, under this id.
    pub(super) fn begun(mut self, id: &str) -> Self {
        self.identify(id, None);
        settle(&mut self.arn, None);
        settle(&mut self.cluster_state, None);
        settle(&mut self.master_public_dns, None);
        settle(&mut self.termination_protection, Some(false));
        settle(&mut self.unhealthy_node_replacement, None);
        settle(&mut self.scale_down_behavior, None);
        settle(&mut self.ebs_root_volume_size, None);
        settle(&mut self.os_release_label, None);
        settle(&mut self.tags_all, None);
        if let Some(ec2) = &mut self.ec2_attributes {
            ec2.settle(None);
        }
        if let Some(policy) = &mut self.auto_termination_policy {
            settle(&mut policy.idle_timeout, None);
        }
        self
    }

    /// The ids of the cluster and its parts, as far as they are known.
    fn identify(&mut self, id: &str, machines: Option<&Machines>) {
        let group = |role: Role| {
            let group = machines.and_then(|machines| machines.group(&role));
            group.and_then(InstanceGroup::id).map(str::to_owned)
        };
        let fleet = |role: InstanceFleetType| {
            let fleet = machines.and_then(|machines| machines.fleet(&role));
            fleet.and_then(InstanceFleet::id).map(str::to_owned)
        };
        self.id = Computed::Known(id.to_owned());
        if let Some(master) = &mut self.master_instance_group {
            master.id = group(Role::Master).into();
        }
        if let Some(core) = &mut self.core_instance_group {
            core.id = group(Role::Core).into();
        }
        if let Some(master) = &mut self.master_instance_fleet {
            master.id = fleet(InstanceFleetType::Master).into();
        }
        if let Some(core) = &mut self.core_instance_fleet {
            core.id = fleet(InstanceFleetType::Core).into();
        }
    }

    /// The cluster as it is now.
    pub(super) async fn seen(mut self, aws: &Aws, look: &Look) -> Result<Self, Failure> {
        let Look { cluster, machines, idle_timeout } = look;
        let id = cluster.id().unwrap_or_default().to_owned();
        self.identify(&id, Some(machines));
        self.arn = text(cluster.cluster_arn()).into();
        let now = state(cluster);
        // A cluster goes to and fro between these with each step that it runs, which is nobody's change.
        let works = |state: &str| ["RUNNING", "WAITING"].contains(&state);
        if !(works(now.as_str()) && self.cluster_state.known().is_some_and(|state| works(state))) {
            self.cluster_state = Computed::Known(now.as_str().to_owned());
        }
        self.master_public_dns = text(cluster.master_public_dns_name()).into();
        self.termination_protection = Computed::Known(cluster.termination_protected().unwrap_or_default());
        self.unhealthy_node_replacement = cluster
            .unhealthy_node_replacement()
            .map_or_else(|| known_or_null(&self.unhealthy_node_replacement), Computed::Known);
        if let Some(visible) = cluster.visible_to_all_users() {
            self.visible_to_all_users = visible;
        }
        if let Some(ends) = cluster.auto_terminate() {
            self.keep_job_flow_alive_when_no_steps = !ends;
        }
        if let Some(level) = cluster.step_concurrency_level() {
            self.step_concurrency_level = level;
        }
        settle(&mut self.scale_down_behavior, cluster.scale_down_behavior().map(|word| word.as_str().to_owned()));
        settle(&mut self.ebs_root_volume_size, cluster.ebs_root_volume_size().filter(|size| *size > 0));
        settle(&mut self.os_release_label, text(cluster.os_release_label()));
        self.auto_termination_policy =
            idle_timeout.map(|seconds| AutoTermination { idle_timeout: Computed::Known(seconds) });
        if let Some(ec2) = &mut self.ec2_attributes {
            ec2.settle(cluster.ec2_instance_attributes());
        }
        let platform = tags_of(cluster);
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.machines_seen(aws, &id, machines).await?;
        Ok(self)
    }

    async fn machines_seen(&mut self, aws: &Aws, id: &str, machines: &Machines) -> Result<(), Failure> {
        if let (Some(own), Some(there)) = (&mut self.core_instance_group, machines.group(&Role::Core)) {
            let policy = autoscaling::text(there.auto_scaling_policy());
            own.autoscaling_policy =
                policy.map(|policy| document::kept(own.autoscaling_policy.as_deref(), policy, autoscaling::same));
            let count = there.requested_instance_count().unwrap_or(own.instance_count);
            if count != own.instance_count && !is_scaled(aws, id, own.autoscaling_policy.as_ref()).await? {
                own.instance_count = count;
            }
        }
        if let (Some(own), Some(there)) = (&mut self.core_instance_fleet, machines.fleet(&InstanceFleetType::Core)) {
            let (on_demand, spot) = capacity(there);
            let differs = (on_demand, spot) != (own.target_on_demand_capacity, own.target_spot_capacity);
            if differs && !is_scaled(aws, id, None).await? {
                (own.target_on_demand_capacity, own.target_spot_capacity) = (on_demand, spot);
            }
        }
        Ok(())
    }
}

/// The units that a fleet is asked for: on demand, and on spot machines.
fn capacity(fleet: &InstanceFleet) -> (i32, i32) {
    (fleet.target_on_demand_capacity().unwrap_or_default(), fleet.target_spot_capacity().unwrap_or_default())
}

fn known_or_null<T: Clone>(value: &Computed<T>) -> Computed<T> {
    value.known().cloned().into()
}

impl Ec2Attributes {
    fn settle(&mut self, there: Option<&Ec2InstanceAttributes>) {
        let told = |read: fn(&Ec2InstanceAttributes) -> Option<&str>| there.and_then(|there| text(read(there)));
        let subnet = told(Ec2InstanceAttributes::ec2_subnet_id);
        let asked = there.map(Ec2InstanceAttributes::requested_ec2_subnet_ids).unwrap_or_default();
        let asked = asked.iter().cloned().chain(subnet.clone().filter(|_| asked.is_empty())).collect();
        settle(&mut self.subnet_ids, Some(asked).filter(|asked: &std::collections::BTreeSet<_>| !asked.is_empty()));
        settle(&mut self.subnet_id, subnet);
        let groups = [
            (
                &mut self.emr_managed_master_security_group,
                told(Ec2InstanceAttributes::emr_managed_master_security_group),
            ),
            (&mut self.emr_managed_slave_security_group, told(Ec2InstanceAttributes::emr_managed_slave_security_group)),
            (&mut self.service_access_security_group, told(Ec2InstanceAttributes::service_access_security_group)),
        ];
        for (own, there) in groups {
            settle(own, there);
        }
    }
}
