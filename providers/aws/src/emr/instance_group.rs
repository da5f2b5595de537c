//! `aws_emr_instance_group`: more machines of a cluster, which work and store nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_emr::config::Builder;
use aws_sdk_emr::types::{
    InstanceGroup as Described, InstanceGroupConfig, InstanceGroupModifyConfig, InstanceGroupState,
    InstanceGroupStatus, InstanceGroupType as Role, InstanceRoleType, ReconfigurationType,
};
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::resize::{group_is, groups, is_scaled, scaling_policy};
use super::volumes::{self, Volumes};
use super::{autoscaling, cluster, configurations, cost, described, is_ending, is_over, state};
use crate::check;
use crate::document;
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::names;
use crate::once::Once;
use crate::platform::Aws;

/// More machines of a cluster of instance groups, which work and store nothing: a task group.
///
/// EMR never deletes a group: deleting this makes it empty, so that it costs nothing, and its name stays taken by a group
/// without machines until the cluster ends.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct InstanceGroup {
    /// The cluster's id.
    #[mesh(replace)]
    pub cluster_id: String,
    /// The machines' type, such as `m5.xlarge`.
    #[mesh(replace)]
    pub instance_type: String,
    /// How many machines.
    #[mesh(default = 1)]
    pub instance_count: i32,
    /// The group's name. A name that no other group has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What is paid at most for a spot machine, in US dollars an hour. Machines are on demand where it is left out.
    #[mesh(replace)]
    pub bid_price: Option<String>,
    /// By which rules the group grows and shrinks, in JSON: `Constraints` and `Rules`.
    pub autoscaling_policy: Option<String>,
    /// Settings of the applications on these machines, in JSON.
    pub configurations_json: Option<String>,
    /// The disks of each machine; what goes with its type where none are written. Others need a new group.
    #[mesh(block)]
    pub ebs_config: BTreeSet<Volumes>,
    /// Whether the machines have a line of their own to their disks.
    #[mesh(replace)]
    pub ebs_optimized: Option<bool>,
    /// How many machines run.
    #[mesh(computed_on_change)]
    pub running_instance_count: Computed<i32>,
    /// Where it is, such as `RUNNING` or `RESIZING`.
    #[mesh(computed_on_change)]
    pub status: Computed<String>,
    /// Its id, such as `ig-1ABCDEFGHIJKL`.
    pub id: Computed<String>,
}

/// The resource type `aws_emr_instance_group`.
pub(crate) struct InstanceGroupType;

fn requested(there: &Described) -> i32 {
    there.requested_instance_count().unwrap_or_default()
}

fn is_live(there: &Described) -> bool {
    use InstanceGroupState as State;
    let state = there.status().and_then(InstanceGroupStatus::state);
    !matches!(state, Some(State::Ended | State::ShuttingDown | State::Terminated | State::Terminating))
}

/// The task groups of a cluster; `None` where the cluster is over.
async fn task_groups(aws: &Aws, cluster: &str) -> Result<Option<Vec<Described>>, Failure> {
    if described(aws, cluster).await?.is_none_or(|cluster| is_over(&state(&cluster))) {
        return Ok(None);
    }
    let Some(groups) = groups(aws, cluster).await? else { return Ok(None) };
    let tasks = groups.into_iter().filter(|group| group.instance_group_type() == Some(&Role::Task) && is_live(group));
    Ok(Some(tasks.collect()))
}

impl InstanceGroup {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, None, token)
    }

    async fn seen(mut self, aws: &Aws, there: &Described) -> Result<Self, Failure> {
        let policy = autoscaling::text(there.auto_scaling_policy());
        self.autoscaling_policy =
            policy.map(|policy| document::kept(self.autoscaling_policy.as_deref(), policy, autoscaling::same));
        let settings = configurations::text(there.configurations());
        self.configurations_json = match settings {
            Some(text) => Some(document::kept(self.configurations_json.as_deref(), text, configurations::same)),
            None => self.configurations_json.filter(|own| configurations::same(own, "[]")),
        };
        let count = requested(there);
        if count != self.instance_count && !is_scaled(aws, &self.cluster_id, self.autoscaling_policy.as_ref()).await? {
            self.instance_count = count;
        }
        if self.name.known().is_none() {
            self.name = there.name().filter(|name| !name.is_empty()).map(str::to_owned).into();
        }
        self.running_instance_count = Computed::Known(there.running_instance_count().unwrap_or_default());
        let status = there.status().and_then(InstanceGroupStatus::state);
        self.status = status.map(|state| state.as_str().to_owned()).into();
        self.id = there.id().map(str::to_owned).into();
        Ok(self)
    }

    /// The group where EMR can't be asked about it: it exists, under this id.
    fn begun(mut self, id: &str, name: &str) -> Self {
        self.id = Computed::Known(id.to_owned());
        self.name = Computed::Known(name.to_owned());
        self.running_instance_count = Computed::Null;
        self.status = Computed::Null;
        self
    }

    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(id) = self.id.known().cloned() else { return Ok(None) };
        let groups = task_groups(aws, &self.cluster_id).await?.unwrap_or_default();
        match groups.iter().find(|group| group.id() == Some(id.as_str())) {
            Some(there) => self.seen(aws, there).await.map(Some),
            None => Ok(None),
        }
    }

    /// The group that the create with this token made. A group carries no token, so it is the one of its name: a name
    /// that is made is nobody else's, and a written one is not taken while another group with machines has it.
    async fn ours(&self, aws: &Aws, token: &str) -> Result<Option<Described>, Failure> {
        let name = self.name(token);
        let groups = task_groups(aws, &self.cluster_id).await?.unwrap_or_default();
        let alike = groups.into_iter().filter(|group| {
            // One without machines may have been deleted.
            let is_used = self.instance_count == 0 || requested(group) > 0;
            group.name() == Some(name.as_str()) && group.instance_type() == Some(self.instance_type.as_str()) && is_used
        });
        Ok(alike.max_by_key(|group| {
            let made = group.status().and_then(InstanceGroupStatus::timeline).and_then(|it| it.creation_date_time());
            made.map_or((0, 0), |made| (made.secs(), made.subsec_nanos()))
        }))
    }

    fn request(&self, name: &str) -> Result<InstanceGroupConfig, Failure> {
        let settings = self.configurations_json.as_deref().map(configurations::request).transpose()?;
        Ok(InstanceGroupConfig::builder()
            .instance_role(InstanceRoleType::Task)
            .name(name)
            .instance_type(&self.instance_type)
            .instance_count(self.instance_count)
            .market(cluster::market(self.bid_price.as_ref()))
            .set_bid_price(self.bid_price.clone())
            .set_auto_scaling_policy(self.autoscaling_policy.as_deref().map(autoscaling::request).transpose()?)
            .set_configurations(settings)
            .set_ebs_configuration(volumes::request(&self.ebs_config, self.ebs_optimized))
            .build())
    }

    /// Follows a group that was added until its machines run.
    async fn ready(self, aws: &Aws, id: &str, name: &str, operation: &Operation) -> Result<Self, ChangeError<Self>> {
        let (cluster, count) = (self.cluster_id.clone(), self.instance_count);
        let begun = self.begun(id, name);
        let waited = async {
            let there = group_is(aws, &cluster, id, count, operation).await?;
            begun.clone().seen(aws, &there).await
        };
        waited.await.map_err(|failure| ChangeError::leaving(failure, begun))
    }

    /// Makes the group as it is planned.
    async fn change(&self, aws: &Aws, id: &str, prior: &Self, operation: &Operation) -> Result<Described, Failure> {
        if prior.autoscaling_policy != self.autoscaling_policy {
            scaling_policy(aws, &self.cluster_id, id, self.autoscaling_policy.as_deref()).await?;
        }
        let mut change = InstanceGroupModifyConfig::builder().instance_group_id(id);
        if prior.instance_count != self.instance_count {
            change = change.instance_count(self.instance_count);
        }
        if prior.configurations_json != self.configurations_json {
            let settings = configurations::request(self.configurations_json.as_deref().unwrap_or("[]"))?;
            change = change.reconfiguration_type(ReconfigurationType::Overwrite).set_configurations(Some(settings));
        }
        if prior.instance_count != self.instance_count || prior.configurations_json != self.configurations_json {
            let call = aws.emr().modify_instance_groups().cluster_id(&self.cluster_id);
            call.instance_groups(change.build()).send().await.calling("elasticmapreduce:ModifyInstanceGroups")?;
        }
        group_is(aws, &self.cluster_id, id, self.instance_count, operation).await
    }
}

impl ResourceType for InstanceGroupType {
    const NAME: &'static str = "aws_emr_instance_group";
    const TIME_LIMIT: Duration = Duration::from_secs(45 * 60);
    const PERMISSIONS: Permissions = Permissions {
        read: &[
            "elasticmapreduce:DescribeCluster",
            "elasticmapreduce:GetManagedScalingPolicy",
            "elasticmapreduce:ListInstanceGroups",
        ],
        create: &["elasticmapreduce:AddInstanceGroups"],
        update: &[
            "elasticmapreduce:ModifyInstanceGroups",
            "elasticmapreduce:PutAutoScalingPolicy",
            "elasticmapreduce:RemoveAutoScalingPolicy",
        ],
        delete: &["elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:RemoveAutoScalingPolicy"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    const COST_RELATED: &'static [&'static str] = &["aws_emr_cluster"];
    type Model = InstanceGroup;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = cluster::check_group(config);
        problems.extend(check::within(config, "instance_count", 0, 4000));
        problems.extend(autoscaling::invalid(config));
        problems.extend(configurations::invalid(config, "configurations_json"));
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        document::keep(draft, "autoscaling_policy", autoscaling::same);
        document::keep(draft, "configurations_json", configurations::same);
        volumes::plan(draft);
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::instance_group(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        cost::of_instance_group(&request)
    }

    async fn create(
        aws: &Aws,
        planned: InstanceGroup,
        operation: &Operation,
    ) -> Result<InstanceGroup, ChangeError<InstanceGroup>> {
        let name = planned.name(&operation.token);
        let groups = task_groups(aws, &planned.cluster_id).await?.unwrap_or_default();
        if groups.iter().any(|group| group.name() == Some(name.as_str()) && requested(group) > 0) {
            // Two groups of a name can't be told apart after an interruption.
            return Err(names::taken("task group", &name, "the cluster's id and its own, `CLUSTER/GROUP`").into());
        }
        let call = aws.emr().add_instance_groups().job_flow_id(&planned.cluster_id);
        let call = call.instance_groups(planned.request(&name)?);
        let answer = call.customize().config_override(Builder::new().retry_classifier(Once)).send().await;
        let id = match answer.sent("elasticmapreduce:AddInstanceGroups", &[]) {
            Sent::Done(answer) => answer.instance_group_ids().first().cloned(),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
        };
        let id = match id {
            Some(id) => Some(id),
            None => planned.ours(aws, &operation.token).await?.and_then(|there| there.id),
        };
        match id {
            Some(id) => planned.ready(aws, &id, &name, operation).await,
            None => Err(ChangeError::unsure(names::vanished("task group", &name))),
        }
    }

    async fn read(aws: &Aws, current: Vec<InstanceGroup>) -> Vec<Result<Option<InstanceGroup>, Failure>> {
        each(current, |group| group.read(aws)).await
    }

    async fn update(
        aws: &Aws,
        prior: InstanceGroup,
        planned: InstanceGroup,
        operation: &Operation,
    ) -> Result<InstanceGroup, ChangeError<InstanceGroup>> {
        let Some(id) = prior.id.known().cloned() else {
            return Err(names::vanished("task group", &prior.name("")).into());
        };
        let changed = async {
            let there = planned.change(aws, &id, &prior, operation).await?;
            planned.clone().seen(aws, &there).await
        };
        match changed.await {
            Ok(changed) => Ok(changed),
            // Some of it may be done: the state says what is.
            Err(failure) => match prior.clone().read(aws).await {
                Ok(Some(now)) => Err(ChangeError::leaving(failure, now)),
                _ => Err(failure.into()),
            },
        }
    }

    async fn delete(aws: &Aws, prior: InstanceGroup, operation: &Operation) -> Result<(), Failure> {
        let Some(id) = prior.id.known().cloned() else { return Ok(()) };
        let groups = task_groups(aws, &prior.cluster_id).await?.unwrap_or_default();
        let Some(there) = groups.into_iter().find(|group| group.id() == Some(id.as_str())) else { return Ok(()) };
        // Rules would fill it again.
        if autoscaling::text(there.auto_scaling_policy()).is_some() {
            scaling_policy(aws, &prior.cluster_id, &id, None).await?;
        }
        if requested(&there) > 0 {
            let empty = InstanceGroupModifyConfig::builder().instance_group_id(&id).instance_count(0).build();
            let call = aws.emr().modify_instance_groups().cluster_id(&prior.cluster_id).instance_groups(empty);
            let answer = call.send().await;
            if answer.as_ref().is_err_and(is_ending) {
                return Ok(());
            }
            answer.calling("elasticmapreduce:ModifyInstanceGroups")?;
        }
        group_is(aws, &prior.cluster_id, &id, 0, operation).await.map(|_| ())
    }

    async fn locate(aws: &Aws, planned: InstanceGroup, token: &str) -> Result<Found<InstanceGroup>, Failure> {
        match planned.ours(aws, token).await? {
            Some(there) => planned.seen(aws, &there).await.map(Found::Complete),
            None => Ok(Found::Absent),
        }
    }

    async fn import(aws: &Aws, id: &str) -> Result<InstanceGroup, Failure> {
        let absent = || names::nothing_to_import("task group", id, "the cluster's id and its own, `CLUSTER/GROUP`");
        let (cluster, group) = id.split_once('/').ok_or_else(absent)?;
        let groups = task_groups(aws, cluster).await?.ok_or_else(absent)?;
        let there = groups.iter().find(|there| there.id() == Some(group)).ok_or_else(absent)?;
        let model = InstanceGroup {
            cluster_id: cluster.to_owned(),
            instance_type: there.instance_type().unwrap_or_default().to_owned(),
            instance_count: requested(there),
            name: Computed::Unknown,
            bid_price: there.bid_price().filter(|price| !price.is_empty()).map(str::to_owned),
            autoscaling_policy: None,
            configurations_json: None,
            ebs_config: volumes::seen(there.ebs_block_devices()),
            ebs_optimized: there.ebs_optimized().filter(|optimized| *optimized),
            running_instance_count: Computed::Unknown,
            status: Computed::Unknown,
            id: Computed::Unknown,
        };
        model.seen(aws, there).await
    }
}
