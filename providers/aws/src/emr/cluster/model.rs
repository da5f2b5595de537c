//! What one writes for a cluster, and what is known of it afterwards.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::{Block, Computed};
use mesh_value::Number;

use crate::emr::volumes::Volumes;
use crate::tags::Tags;

/// A cluster of machines that run Spark and the like.
///
/// It costs money from the moment it is made until it is terminated. Making one waits until it is ready for work, or
/// tells why it will never be. A cluster that has ended is gone: the next plan makes a new one.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// Its name. Clusters may have the same.
    #[mesh(replace)]
    pub name: String,
    /// The release of EMR, such as `emr-7.9.0`.
    #[mesh(replace)]
    pub release_label: String,
    /// The role that EMR itself works in: its name or ARN.
    #[mesh(replace)]
    pub service_role: String,
    /// What is installed, such as `["Spark", "Hive"]`.
    #[mesh(replace)]
    pub applications: Option<BTreeSet<String>>,
    /// The role that automatic scaling policies work in: its name or ARN.
    #[mesh(replace)]
    pub autoscaling_role: Option<String>,
    /// Network, key and role of the machines.
    #[mesh(block)]
    pub ec2_attributes: Option<Ec2Attributes>,
    /// The primary node, in a cluster of instance groups.
    #[mesh(block)]
    pub master_instance_group: Option<MasterGroup>,
    /// The nodes that store data and work, in a cluster of instance groups.
    #[mesh(block)]
    pub core_instance_group: Option<CoreGroup>,
    /// The primary node, in a cluster of instance fleets.
    #[mesh(block)]
    pub master_instance_fleet: Option<Fleet>,
    /// The nodes that store data and work, in a cluster of instance fleets.
    #[mesh(block)]
    pub core_instance_fleet: Option<Fleet>,
    /// Settings of the applications, in JSON: a list of objects with `Classification`, `Properties` and
    /// `Configurations`. The same as `configurations_json`.
    #[mesh(replace)]
    pub configurations: Option<String>,
    /// Settings of the applications, in JSON: a list of objects with `Classification`, `Properties` and
    /// `Configurations`.
    #[mesh(replace)]
    pub configurations_json: Option<String>,
    /// Scripts that run on every machine before the applications start.
    #[mesh(block)]
    pub bootstrap_action: Vec<BootstrapAction>,
    /// What the cluster runs first. A cluster that exists keeps the steps that it was made with: others need a new one.
    #[mesh(block)]
    pub step: Vec<Step>,
    /// Where logs go, such as `s3://logs/emr/`.
    #[mesh(replace)]
    pub log_uri: Option<String>,
    /// The key that encrypts the logs: its ARN.
    #[mesh(replace)]
    pub log_encryption_kms_key_id: Option<String>,
    /// Whether the cluster waits for more work when its steps are done. If not, it terminates then.
    #[mesh(default = true)]
    pub keep_job_flow_alive_when_no_steps: bool,
    /// Whether it is protected against being terminated. A protected cluster is not deleted; writing `false` here takes
    /// the protection away.
    #[mesh(optional)]
    pub termination_protection: Computed<bool>,
    /// Whether machines that are unhealthy are replaced.
    #[mesh(optional)]
    pub unhealthy_node_replacement: Computed<bool>,
    /// When it terminates by itself.
    #[mesh(block)]
    pub auto_termination_policy: Option<AutoTermination>,
    /// How machines go when it shrinks: `TERMINATE_AT_TASK_COMPLETION` or `TERMINATE_AT_INSTANCE_HOUR`.
    #[mesh(optional, replace)]
    pub scale_down_behavior: Computed<String>,
    /// How many steps run at once, from 1 to 256.
    #[mesh(default = 1)]
    pub step_concurrency_level: i32,
    /// The size of each machine's root disk, in GiB.
    #[mesh(optional, replace)]
    pub ebs_root_volume_size: Computed<i32>,
    /// The machine image to start from.
    #[mesh(replace)]
    pub custom_ami_id: Option<String>,
    /// The release of Amazon Linux; the latest that goes with the release label where it is left out.
    #[mesh(optional, replace)]
    pub os_release_label: Computed<String>,
    /// The name of an `aws_emr_security_configuration`.
    #[mesh(replace)]
    pub security_configuration: Option<String>,
    /// Who is trusted, where the security configuration asks for Kerberos.
    #[mesh(block)]
    pub kerberos_attributes: Option<Kerberos>,
    /// How machines are spread over hardware.
    #[mesh(block)]
    pub placement_group_config: Vec<PlacementGroup>,
    /// Features that are not public, in JSON.
    #[mesh(replace)]
    pub additional_info: Option<String>,
    /// Whether all users of the account see it, as far as their policies let them.
    #[mesh(default = true)]
    pub visible_to_all_users: bool,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its id, such as `j-2AXXXXXXGAPLF`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Where it is: `STARTING`, `BOOTSTRAPPING`, `RUNNING` or `WAITING`.
    #[mesh(computed_on_change)]
    pub cluster_state: Computed<String>,
    /// The host name of its primary node.
    pub master_public_dns: Computed<String>,
}

/// Network, key and role of the machines.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ec2Attributes {
    /// The instance profile that the machines work in: its name or ARN.
    #[mesh(replace)]
    pub instance_profile: String,
    /// The name of the key pair that `ssh` uses.
    #[mesh(replace)]
    pub key_name: Option<String>,
    /// The subnet.
    #[mesh(optional, replace)]
    pub subnet_id: Computed<String>,
    /// Subnets of which EMR chooses one, in a cluster of instance fleets.
    #[mesh(optional, replace)]
    pub subnet_ids: Computed<BTreeSet<String>>,
    /// The security group of the primary node, which EMR keeps its rules in.
    #[mesh(optional, replace)]
    pub emr_managed_master_security_group: Computed<String>,
    /// The security group of the other nodes, which EMR keeps its rules in.
    #[mesh(optional, replace)]
    pub emr_managed_slave_security_group: Computed<String>,
    /// The security group by which EMR reaches a cluster in a private subnet.
    #[mesh(optional, replace)]
    pub service_access_security_group: Computed<String>,
    /// More security groups of the primary node, with commas between.
    #[mesh(replace)]
    pub additional_master_security_groups: Option<String>,
    /// More security groups of the other nodes, with commas between.
    #[mesh(replace)]
    pub additional_slave_security_groups: Option<String>,
}

/// The primary node.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct MasterGroup {
    /// The machine's type, such as `m5.xlarge`.
    #[mesh(replace)]
    pub instance_type: String,
    /// How many primary nodes: 1, or 3 so that one may fail.
    #[mesh(default = 1, replace)]
    pub instance_count: i32,
    /// What is paid at most for a spot machine, in US dollars an hour. Machines are on demand where it is left out.
    #[mesh(replace)]
    pub bid_price: Option<String>,
    /// The disks of each machine; what goes with its type where none are written. Others need a new cluster.
    #[mesh(block)]
    pub ebs_config: BTreeSet<Volumes>,
    /// The group's name. Another one needs a new cluster.
    pub name: Option<String>,
    /// The group's id.
    pub id: Computed<String>,
}

/// The nodes that store data and work.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct CoreGroup {
    /// The machines' type, such as `m5.xlarge`.
    #[mesh(replace)]
    pub instance_type: String,
    /// How many machines.
    #[mesh(default = 1)]
    pub instance_count: i32,
    /// What is paid at most for a spot machine, in US dollars an hour. Machines are on demand where it is left out.
    #[mesh(replace)]
    pub bid_price: Option<String>,
    /// By which rules the group grows and shrinks, in JSON: `Constraints` and `Rules`.
    pub autoscaling_policy: Option<String>,
    /// The disks of each machine; what goes with its type where none are written. Others need a new cluster.
    #[mesh(block)]
    pub ebs_config: BTreeSet<Volumes>,
    /// The group's name. Another one needs a new cluster.
    pub name: Option<String>,
    /// The group's id.
    pub id: Computed<String>,
}

/// Machines of several types, of which EMR takes those that are there.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fleet {
    /// Types that may be taken. Others need a new cluster.
    #[mesh(block)]
    pub instance_type_configs: BTreeSet<FleetInstance>,
    /// How machines are acquired. Another way needs a new cluster.
    #[mesh(block)]
    pub launch_specifications: Option<LaunchSpecifications>,
    /// How many units are on demand.
    #[mesh(default = 0)]
    pub target_on_demand_capacity: i32,
    /// How many units are on spot machines.
    #[mesh(default = 0)]
    pub target_spot_capacity: i32,
    /// The fleet's name. Another one needs a new cluster.
    pub name: Option<String>,
    /// The fleet's id.
    pub id: Computed<String>,
}

/// A type of machine of a fleet.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FleetInstance {
    /// The machine's type, such as `m5.xlarge`.
    pub instance_type: String,
    /// What is paid at most for a spot machine, in US dollars an hour.
    pub bid_price: Option<String>,
    /// What is paid at most for a spot machine, in percent of its price on demand: 100 where neither is written.
    pub bid_price_as_percentage_of_on_demand_price: Option<Number>,
    /// How many units of the fleet's capacity a machine is.
    #[mesh(default = 1)]
    pub weighted_capacity: i32,
    /// The disks of each machine; what goes with its type where none are written.
    #[mesh(block)]
    pub ebs_config: BTreeSet<Volumes>,
    /// Settings of the applications on these machines.
    #[mesh(block)]
    pub configurations: BTreeSet<FleetConfiguration>,
}

/// Settings of one file.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FleetConfiguration {
    /// Which file, such as `spark-defaults`.
    pub classification: Option<String>,
    /// Its settings.
    pub properties: Option<BTreeMap<String, String>>,
}

/// How the machines of a fleet are acquired.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LaunchSpecifications {
    /// On demand.
    #[mesh(block)]
    pub on_demand_specification: Option<OnDemandSpecification>,
    /// On spot machines.
    #[mesh(block)]
    pub spot_specification: Option<SpotSpecification>,
}

/// How machines are acquired on demand.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnDemandSpecification {
    /// Which types go first: `lowest-price` or `prioritized`.
    pub allocation_strategy: String,
}

/// How spot machines are acquired.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpotSpecification {
    /// Which go first: `capacity-optimized`, `capacity-optimized-prioritized`, `diversified`, `lowest-price` or
    /// `price-capacity-optimized`.
    pub allocation_strategy: String,
    /// What to do when there are none in time: `SWITCH_TO_ON_DEMAND` or `TERMINATE_CLUSTER`.
    pub timeout_action: String,
    /// How long to wait for them, in minutes: 5 to 1440.
    pub timeout_duration_minutes: i32,
    /// For how many minutes they are reserved: 60, 120, 180, 240, 300 or 360; 0 is not at all.
    #[mesh(default = 0)]
    pub block_duration_minutes: i32,
}

/// A script that runs on every machine before the applications start.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct BootstrapAction {
    /// Its name.
    #[mesh(replace)]
    pub name: String,
    /// Where the script is, such as `s3://scripts/prepare.sh`.
    #[mesh(replace)]
    pub path: String,
    /// What it is called with.
    #[mesh(replace)]
    pub args: Option<Vec<String>>,
}

/// Something that the cluster runs.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its name.
    pub name: String,
    /// What to do when it fails: `CONTINUE`, `CANCEL_AND_WAIT` or `TERMINATE_CLUSTER`.
    pub action_on_failure: String,
    /// What is run.
    #[mesh(block)]
    pub hadoop_jar_step: HadoopJarStep,
}

/// A program that a step runs.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct HadoopJarStep {
    /// The program, such as `command-runner.jar`, or where it is.
    pub jar: String,
    /// The class to start.
    pub main_class: Option<String>,
    /// What it is called with.
    pub args: Option<Vec<String>>,
    /// Java properties.
    pub properties: Option<BTreeMap<String, String>>,
}

/// When a cluster terminates by itself.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct AutoTermination {
    /// After how many seconds without work: 60 to 604800. An hour where it is left out.
    #[mesh(optional)]
    pub idle_timeout: Computed<i64>,
}

/// How machines of a role are spread over hardware.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacementGroup {
    /// Which machines: `MASTER`.
    #[mesh(replace)]
    pub instance_role: String,
    /// How: `SPREAD`, `PARTITION`, `CLUSTER` or `NONE`. `SPREAD` where it is left out.
    #[mesh(replace)]
    pub placement_strategy: Option<String>,
}

/// Who is trusted, where the security configuration asks for Kerberos. EMR never tells the passwords again.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kerberos {
    /// The realm of all nodes, such as `EC2.INTERNAL`.
    #[mesh(replace)]
    pub realm: String,
    /// The password of the key distribution center's administrator.
    #[mesh(replace, sensitive)]
    pub kdc_admin_password: String,
    /// The password of the trust between realms.
    #[mesh(replace, sensitive)]
    pub cross_realm_trust_principal_password: Option<String>,
    /// The user who lets machines join a domain of Active Directory.
    #[mesh(replace)]
    pub ad_domain_join_user: Option<String>,
    /// That user's password.
    #[mesh(replace, sensitive)]
    pub ad_domain_join_password: Option<String>,
}
