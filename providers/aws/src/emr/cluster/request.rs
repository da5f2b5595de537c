//! A cluster as EMR is asked for it.

use std::collections::BTreeSet;

use aws_sdk_emr::operation::run_job_flow::builders::RunJobFlowFluentBuilder;
use aws_sdk_emr::types as sdk;
use mesh_provider::Failure;
use mesh_value::Number;

use super::model::{
    Cluster, CoreGroup, Ec2Attributes, Fleet, FleetConfiguration, FleetInstance, Kerberos, LaunchSpecifications,
    MasterGroup, Step,
};
use crate::emr::{autoscaling, configurations, tag_list, volumes};
use crate::tags::Tags;

/// Everything about a cluster in one request: what is made is whole, and carries its tags from the first moment.
///
/// # Errors
/// A document that can't be read.
pub(super) fn fill(
    call: RunJobFlowFluentBuilder,
    cluster: &Cluster,
    tags: &Tags,
) -> Result<RunJobFlowFluentBuilder, Failure> {
    let text = cluster.configurations_json.as_deref().or(cluster.configurations.as_deref());
    let applications = cluster.applications.iter().flatten().map(|name| sdk::Application::builder().name(name).build());
    let bootstrap = cluster.bootstrap_action.iter().map(|action| {
        let script = sdk::ScriptBootstrapActionConfig::builder().path(&action.path).set_args(action.args.clone());
        sdk::BootstrapActionConfig::builder().name(&action.name).script_bootstrap_action(script.build()).build()
    });
    let placement = cluster.placement_group_config.iter().map(|group| {
        sdk::PlacementGroupConfig::builder()
            .instance_role(sdk::InstanceRoleType::from(group.instance_role.as_str()))
            .set_placement_strategy(group.placement_strategy.as_deref().map(sdk::PlacementGroupStrategy::from))
            .build()
    });
    let idle = cluster.auto_termination_policy.as_ref().map(|policy| {
        sdk::AutoTerminationPolicy::builder().set_idle_timeout(policy.idle_timeout.known().copied()).build()
    });
    let scale_down = cluster.scale_down_behavior.known().map(|word| sdk::ScaleDownBehavior::from(word.as_str()));
    Ok(call
        .name(&cluster.name)
        .release_label(&cluster.release_label)
        .service_role(&cluster.service_role)
        .set_job_flow_role(cluster.ec2_attributes.as_ref().map(|ec2| ec2.instance_profile.clone()))
        .set_applications(some(applications.collect()))
        .set_auto_scaling_role(cluster.autoscaling_role.clone())
        .set_configurations(text.map(configurations::request).transpose()?)
        .set_bootstrap_actions(some(bootstrap.collect()))
        .set_steps(some(cluster.step.iter().map(step).collect()))
        .set_log_uri(cluster.log_uri.clone())
        .set_log_encryption_kms_key_id(cluster.log_encryption_kms_key_id.clone())
        .set_auto_termination_policy(idle)
        .set_scale_down_behavior(scale_down)
        .step_concurrency_level(cluster.step_concurrency_level)
        .set_ebs_root_volume_size(cluster.ebs_root_volume_size.known().copied())
        .set_custom_ami_id(cluster.custom_ami_id.clone())
        .set_os_release_label(cluster.os_release_label.known().cloned())
        .set_security_configuration(cluster.security_configuration.clone())
        .set_kerberos_attributes(cluster.kerberos_attributes.as_ref().map(kerberos))
        .set_placement_group_configs(some(placement.collect()))
        .set_additional_info(cluster.additional_info.clone())
        .visible_to_all_users(cluster.visible_to_all_users)
        .set_tags(some(tag_list(tags)))
        .instances(instances(cluster)?))
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn instances(cluster: &Cluster) -> Result<sdk::JobFlowInstancesConfig, Failure> {
    let groups = [
        cluster.master_instance_group.as_ref().map(master_group),
        cluster.core_instance_group.as_ref().map(core_group).transpose()?,
    ];
    let fleets = [
        cluster.master_instance_fleet.as_ref().map(|own| fleet(own, sdk::InstanceFleetType::Master)),
        cluster.core_instance_fleet.as_ref().map(|own| fleet(own, sdk::InstanceFleetType::Core)),
    ];
    let instances = sdk::JobFlowInstancesConfig::builder()
        .set_instance_groups(some(groups.into_iter().flatten().collect()))
        .set_instance_fleets(some(fleets.into_iter().flatten().collect()))
        .keep_job_flow_alive_when_no_steps(cluster.keep_job_flow_alive_when_no_steps)
        .set_termination_protected(cluster.termination_protection.known().copied())
        .set_unhealthy_node_replacement(cluster.unhealthy_node_replacement.known().copied());
    let Some(ec2) = &cluster.ec2_attributes else { return Ok(instances.build()) };
    let Ec2Attributes { key_name, subnet_id, subnet_ids, .. } = ec2;
    // One subnet is asked for by its own argument: groups take no list.
    let subnets = subnet_ids.known().filter(|subnets| !subnets.is_empty() && subnet_id.known().is_none());
    Ok(instances
        .set_ec2_key_name(key_name.clone())
        .set_ec2_subnet_id(subnet_id.known().cloned())
        .set_ec2_subnet_ids(subnets.map(|subnets| subnets.iter().cloned().collect()))
        .set_emr_managed_master_security_group(ec2.emr_managed_master_security_group.known().cloned())
        .set_emr_managed_slave_security_group(ec2.emr_managed_slave_security_group.known().cloned())
        .set_service_access_security_group(ec2.service_access_security_group.known().cloned())
        .set_additional_master_security_groups(ec2.additional_master_security_groups.as_deref().map(split))
        .set_additional_slave_security_groups(ec2.additional_slave_security_groups.as_deref().map(split))
        .build())
}

/// The parts of a text with commas between.
pub(super) fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// On spot machines where there is a price, else on demand.
pub(crate) const fn market(bid_price: Option<&String>) -> sdk::MarketType {
    if bid_price.is_some() { sdk::MarketType::Spot } else { sdk::MarketType::OnDemand }
}

fn master_group(group: &MasterGroup) -> sdk::InstanceGroupConfig {
    sdk::InstanceGroupConfig::builder()
        .instance_role(sdk::InstanceRoleType::Master)
        .set_name(group.name.clone())
        .instance_type(&group.instance_type)
        .instance_count(group.instance_count)
        .market(market(group.bid_price.as_ref()))
        .set_bid_price(group.bid_price.clone())
        .set_ebs_configuration(volumes::request(&group.ebs_config, None))
        .build()
}

fn core_group(group: &CoreGroup) -> Result<sdk::InstanceGroupConfig, Failure> {
    Ok(sdk::InstanceGroupConfig::builder()
        .instance_role(sdk::InstanceRoleType::Core)
        .set_name(group.name.clone())
        .instance_type(&group.instance_type)
        .instance_count(group.instance_count)
        .market(market(group.bid_price.as_ref()))
        .set_bid_price(group.bid_price.clone())
        .set_auto_scaling_policy(group.autoscaling_policy.as_deref().map(autoscaling::request).transpose()?)
        .set_ebs_configuration(volumes::request(&group.ebs_config, None))
        .build())
}

fn fleet(fleet: &Fleet, role: sdk::InstanceFleetType) -> sdk::InstanceFleetConfig {
    let types = fleet.instance_type_configs.iter().map(fleet_instance).collect();
    sdk::InstanceFleetConfig::builder()
        .instance_fleet_type(role)
        .set_name(fleet.name.clone())
        .target_on_demand_capacity(fleet.target_on_demand_capacity)
        .target_spot_capacity(fleet.target_spot_capacity)
        .set_instance_type_configs(some(types))
        .set_launch_specifications(fleet.launch_specifications.as_ref().and_then(launch))
        .build()
}

fn fleet_instance(instance: &FleetInstance) -> sdk::InstanceTypeConfig {
    let settings = instance.configurations.iter().map(fleet_configuration).collect();
    let percent = instance.bid_price_as_percentage_of_on_demand_price.as_ref().map(Number::to_f64);
    sdk::InstanceTypeConfig::builder()
        .instance_type(&instance.instance_type)
        .weighted_capacity(instance.weighted_capacity)
        .set_bid_price(instance.bid_price.clone())
        .set_bid_price_as_percentage_of_on_demand_price(percent)
        .set_ebs_configuration(volumes::request(&instance.ebs_config, None))
        .set_configurations(some(settings))
        .build()
}

fn fleet_configuration(configuration: &FleetConfiguration) -> sdk::Configuration {
    let properties = configuration.properties.clone().unwrap_or_default();
    sdk::Configuration::builder()
        .set_classification(configuration.classification.clone())
        .set_properties(Some(properties.into_iter().collect()))
        .build()
}

fn launch(launch: &LaunchSpecifications) -> Option<sdk::InstanceFleetProvisioningSpecifications> {
    let on_demand = launch.on_demand_specification.as_ref().map(|on_demand| {
        let strategy = sdk::OnDemandProvisioningAllocationStrategy::from(on_demand.allocation_strategy.as_str());
        sdk::OnDemandProvisioningSpecification::builder().allocation_strategy(strategy).build()
    });
    let spot = launch.spot_specification.as_ref().map(|spot| {
        sdk::SpotProvisioningSpecification::builder()
            .allocation_strategy(sdk::SpotProvisioningAllocationStrategy::from(spot.allocation_strategy.as_str()))
            .timeout_action(sdk::SpotProvisioningTimeoutAction::from(spot.timeout_action.as_str()))
            .timeout_duration_minutes(spot.timeout_duration_minutes)
            .set_block_duration_minutes((spot.block_duration_minutes > 0).then_some(spot.block_duration_minutes))
            .build()
    });
    if on_demand.is_none() && spot.is_none() {
        return None;
    }
    let both = sdk::InstanceFleetProvisioningSpecifications::builder();
    Some(both.set_on_demand_specification(on_demand).set_spot_specification(spot).build())
}

fn step(step: &Step) -> sdk::StepConfig {
    let program = &step.hadoop_jar_step;
    let properties = program.properties.iter().flatten();
    let properties = properties.map(|(key, value)| sdk::KeyValue::builder().key(key).value(value).build()).collect();
    let jar = sdk::HadoopJarStepConfig::builder()
        .jar(&program.jar)
        .set_main_class(program.main_class.clone())
        .set_args(program.args.clone())
        .set_properties(some(properties));
    sdk::StepConfig::builder()
        .name(&step.name)
        .action_on_failure(sdk::ActionOnFailure::from(step.action_on_failure.as_str()))
        .hadoop_jar_step(jar.build())
        .build()
}

fn kerberos(own: &Kerberos) -> sdk::KerberosAttributes {
    sdk::KerberosAttributes::builder()
        .realm(&own.realm)
        .kdc_admin_password(&own.kdc_admin_password)
        .set_cross_realm_trust_principal_password(own.cross_realm_trust_principal_password.clone())
        .set_ad_domain_join_user(own.ad_domain_join_user.clone())
        .set_ad_domain_join_password(own.ad_domain_join_password.clone())
        .build()
}

/// The names of a list, without regard to case and order.
pub(super) fn same_names(left: &BTreeSet<String>, right: &BTreeSet<String>) -> bool {
    let lower = |names: &BTreeSet<String>| names.iter().map(|name| name.to_lowercase()).collect::<BTreeSet<_>>();
    lower(left) == lower(right)
}
