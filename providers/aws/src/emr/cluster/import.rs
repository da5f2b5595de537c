//! A cluster that was made elsewhere, as it would be written.

use std::collections::BTreeSet;

use aws_sdk_emr::types::{
    Ec2InstanceAttributes, InstanceFleet, InstanceFleetProvisioningSpecifications, InstanceFleetType, InstanceGroup,
    InstanceGroupType as Role, InstanceTypeSpecification, StepSummary,
};
use mesh_provider::{Computed, Failure};
use mesh_value::Number;

use super::look::Look;
use super::model::{
    BootstrapAction, Cluster, CoreGroup, Ec2Attributes, Fleet, FleetConfiguration, FleetInstance, HadoopJarStep,
    LaunchSpecifications, MasterGroup, OnDemandSpecification, PlacementGroup, SpotSpecification, Step,
};
use super::seen::text;
use crate::emr::{configurations, volumes};
use crate::failure::Outcome as _;
use crate::platform::Aws;

/// All that EMR tells of a cluster. Passwords it never tells.
pub(super) async fn imported(aws: &Aws, id: &str, look: &Look) -> Result<Cluster, Failure> {
    let cluster = &look.cluster;
    let applications: BTreeSet<_> = cluster.applications().iter().filter_map(|it| text(it.name())).collect();
    let placement = cluster.placement_groups().iter().map(|group| PlacementGroup {
        instance_role: group.instance_role().map(|role| role.as_str().to_owned()).unwrap_or_default(),
        placement_strategy: group.placement_strategy().map(|strategy| strategy.as_str().to_owned()),
    });
    let fleet = |role| look.machines.fleet(&role).map(fleet);
    let model = Cluster {
        name: cluster.name().unwrap_or_default().to_owned(),
        release_label: cluster.release_label().unwrap_or_default().to_owned(),
        service_role: cluster.service_role().unwrap_or_default().to_owned(),
        applications: Some(applications).filter(|applications| !applications.is_empty()),
        autoscaling_role: text(cluster.auto_scaling_role()),
        ec2_attributes: cluster.ec2_instance_attributes().and_then(ec2),
        master_instance_group: look.machines.group(&Role::Master).map(master_group),
        core_instance_group: look.machines.group(&Role::Core).map(core_group),
        master_instance_fleet: fleet(InstanceFleetType::Master),
        core_instance_fleet: fleet(InstanceFleetType::Core),
        configurations: None,
        configurations_json: configurations::text(cluster.configurations()),
        bootstrap_action: bootstrap_actions(aws, id).await?,
        step: steps(aws, id).await?,
        log_uri: text(cluster.log_uri()).map(|uri| uri.replacen("s3n://", "s3://", 1)),
        log_encryption_kms_key_id: text(cluster.log_encryption_kms_key_id()),
        keep_job_flow_alive_when_no_steps: true,
        termination_protection: Computed::Unknown,
        unhealthy_node_replacement: Computed::Unknown,
        auto_termination_policy: None,
        scale_down_behavior: Computed::Unknown,
        step_concurrency_level: 1,
        ebs_root_volume_size: Computed::Unknown,
        custom_ami_id: text(cluster.custom_ami_id()),
        os_release_label: Computed::Unknown,
        security_configuration: text(cluster.security_configuration()),
        kerberos_attributes: None,
        placement_group_config: placement.collect(),
        additional_info: None,
        visible_to_all_users: true,
        tags: None,
        tags_all: Computed::Unknown,
        id: Computed::Unknown,
        arn: Computed::Unknown,
        cluster_state: Computed::Unknown,
        master_public_dns: Computed::Unknown,
    };
    model.seen(aws, look).await
}

fn ec2(there: &Ec2InstanceAttributes) -> Option<Ec2Attributes> {
    let joined = |groups: &[String]| (!groups.is_empty()).then(|| groups.join(","));
    Some(Ec2Attributes {
        instance_profile: text(there.iam_instance_profile())?,
        key_name: text(there.ec2_key_name()),
        subnet_id: Computed::Unknown,
        subnet_ids: Computed::Unknown,
        emr_managed_master_security_group: Computed::Unknown,
        emr_managed_slave_security_group: Computed::Unknown,
        service_access_security_group: Computed::Unknown,
        additional_master_security_groups: joined(there.additional_master_security_groups()),
        additional_slave_security_groups: joined(there.additional_slave_security_groups()),
    })
}

fn master_group(there: &InstanceGroup) -> MasterGroup {
    MasterGroup {
        instance_type: there.instance_type().unwrap_or_default().to_owned(),
        instance_count: there.requested_instance_count().unwrap_or(1),
        bid_price: text(there.bid_price()),
        ebs_config: volumes::seen(there.ebs_block_devices()),
        name: text(there.name()),
        id: Computed::Unknown,
    }
}

fn core_group(there: &InstanceGroup) -> CoreGroup {
    CoreGroup {
        instance_type: there.instance_type().unwrap_or_default().to_owned(),
        instance_count: there.requested_instance_count().unwrap_or(1),
        bid_price: text(there.bid_price()),
        autoscaling_policy: None,
        ebs_config: volumes::seen(there.ebs_block_devices()),
        name: text(there.name()),
        id: Computed::Unknown,
    }
}

fn fleet(there: &InstanceFleet) -> Fleet {
    Fleet {
        instance_type_configs: there.instance_type_specifications().iter().map(fleet_instance).collect(),
        launch_specifications: there.launch_specifications().and_then(launch),
        target_on_demand_capacity: there.target_on_demand_capacity().unwrap_or_default(),
        target_spot_capacity: there.target_spot_capacity().unwrap_or_default(),
        name: text(there.name()),
        id: Computed::Unknown,
    }
}

fn fleet_instance(there: &InstanceTypeSpecification) -> FleetInstance {
    let configurations = there.configurations().iter().map(|settings| FleetConfiguration {
        classification: text(settings.classification()),
        properties: settings.properties().map(|properties| properties.clone().into_iter().collect()),
    });
    let percent = there.bid_price_as_percentage_of_on_demand_price();
    FleetInstance {
        instance_type: there.instance_type().unwrap_or_default().to_owned(),
        bid_price: text(there.bid_price()),
        bid_price_as_percentage_of_on_demand_price: percent.and_then(|percent| Number::from_f64(percent).ok()),
        weighted_capacity: there.weighted_capacity().unwrap_or(1),
        ebs_config: volumes::seen(there.ebs_block_devices()),
        configurations: configurations.collect(),
    }
}

fn launch(there: &InstanceFleetProvisioningSpecifications) -> Option<LaunchSpecifications> {
    let on_demand = there.on_demand_specification().and_then(|on_demand| {
        let strategy = on_demand.allocation_strategy()?.as_str().to_owned();
        Some(OnDemandSpecification { allocation_strategy: strategy })
    });
    let spot = there.spot_specification().and_then(|spot| {
        Some(SpotSpecification {
            allocation_strategy: spot.allocation_strategy().map_or("lowest-price", |it| it.as_str()).to_owned(),
            timeout_action: spot.timeout_action()?.as_str().to_owned(),
            timeout_duration_minutes: spot.timeout_duration_minutes()?,
            block_duration_minutes: spot.block_duration_minutes().unwrap_or_default(),
        })
    });
    let launch = LaunchSpecifications { on_demand_specification: on_demand, spot_specification: spot };
    (launch != LaunchSpecifications::default()).then_some(launch)
}

async fn bootstrap_actions(aws: &Aws, id: &str) -> Result<Vec<BootstrapAction>, Failure> {
    let mut actions = Vec::new();
    let mut pages = aws.emr().list_bootstrap_actions().cluster_id(id).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.calling("elasticmapreduce:ListBootstrapActions")?;
        actions.extend(page.bootstrap_actions().iter().map(|there| BootstrapAction {
            name: there.name().unwrap_or_default().to_owned(),
            path: there.script_path().unwrap_or_default().to_owned(),
            args: (!there.args().is_empty()).then(|| there.args().to_vec()),
        }));
    }
    Ok(actions)
}

/// The steps of a cluster in their order; EMR lists the last one first.
async fn steps(aws: &Aws, id: &str) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    let mut pages = aws.emr().list_steps().cluster_id(id).into_paginator().send();
    while let Some(page) = pages.next().await {
        steps.extend(page.calling("elasticmapreduce:ListSteps")?.steps().iter().map(step));
    }
    steps.reverse();
    Ok(steps)
}

fn step(there: &StepSummary) -> Step {
    let program = there.config();
    let args = program.map(|program| program.args().to_vec()).filter(|args| !args.is_empty());
    let properties = program.and_then(|program| program.properties()).filter(|properties| !properties.is_empty());
    Step {
        name: there.name().unwrap_or_default().to_owned(),
        action_on_failure: there.action_on_failure().map_or("CONTINUE", |action| action.as_str()).to_owned(),
        hadoop_jar_step: HadoopJarStep {
            jar: program.and_then(|program| program.jar()).unwrap_or_default().to_owned(),
            main_class: text(program.and_then(|program| program.main_class())),
            args,
            properties: properties.map(|properties| properties.clone().into_iter().collect()),
        },
    }
}
