//! `aws_emr_cluster`: a cluster of machines that run Spark and the like. It costs money while it is there, so nothing here
//! may lose one: it is made by one request that carries its token, and whatever goes wrong afterwards leaves its id.

mod change;
mod check;
mod import;
mod look;
mod model;
mod plan;
mod request;
mod seen;
#[cfg(test)]
mod tests;
mod wait;

use std::time::Duration;

use aws_sdk_emr::config::Builder;
use aws_sdk_emr::operation::run_job_flow::RunJobFlowError;
use aws_sdk_emr::types::ClusterState;
use mesh_provider::cost::{CostRequest, Costs, Saving, UsageParameter};
use mesh_provider::{ChangeError, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType};
use mesh_value::Value;

pub(super) use check::group as check_group;
pub(super) use request::market;

use super::{cost, described, is_absent, is_over, state, tags_of};
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::many::each;
use crate::names;
use crate::once::Once;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::waiting::propagated;
use look::look;
use model::Cluster;
use wait::Start;

/// Beside a cluster whose configuration says `termination_protection = false`: then deleting it may take away a
/// protection that somebody else has put on it.
const UNPROTECTED: &[u8] = b"termination_protection = false";

/// The states of clusters that are there and stay.
const LIVE: [ClusterState; 4] =
    [ClusterState::Starting, ClusterState::Bootstrapping, ClusterState::Running, ClusterState::Waiting];

/// The resource type `aws_emr_cluster`.
pub(crate) struct ClusterType;

impl Cluster {
    fn known_id(&self) -> Option<String> {
        self.id.known().cloned()
    }

    /// The cluster as it is now; `None` where it is over.
    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(id) = self.known_id() else { return Ok(None) };
        match look(aws, &id, self.auto_termination_policy.is_some()).await? {
            Some(look) => self.seen(aws, &look).await.map(Some),
            None => Ok(None),
        }
    }

    /// Follows a cluster that was started to its end or its readiness.
    async fn ready(self, aws: &Aws, id: &str, operation: &Operation) -> Result<Self, ChangeError<Self>> {
        let begun = self.clone().begun(id);
        let start = match wait::started(aws, id, operation).await {
            Ok(start) => start,
            // Nothing is wrong with it: it is not thrown away for that somebody did not wait.
            Err(_) if operation.stop.is_requested() => {
                operation.warn(
                    "Cluster is still starting",
                    format!("Cluster `{id}` was started and not waited for. It is in the state; the next plan shows how it became."),
                );
                return Ok(begun.latest(aws).await);
            }
            Err(failure) => return Err(ChangeError::leaving(failure, begun)),
        };
        match start {
            Start::Ready => match begun.clone().read(aws).await {
                Ok(Some(ready)) => Ok(ready),
                Ok(None) => Err(names::vanished("cluster", id).into()),
                Err(failure) => Err(ChangeError::leaving(failure, begun)),
            },
            Start::Done => {
                operation.warn(
                    "Cluster has ended already",
                    format!(
                        "Cluster `{id}` has done all its steps and terminated, as `keep_job_flow_alive_when_no_steps = \
                         false` says. It is gone: the next plan makes a new one, which runs the steps again."
                    ),
                );
                Ok(begun)
            }
            Start::Failed(failure) => Err(failure.into()),
        }
    }

    /// The cluster as it is now, or as it is known, where EMR can't tell.
    async fn latest(self, aws: &Aws) -> Self {
        self.clone().read(aws).await.ok().flatten().unwrap_or(self)
    }
}

/// Whether EMR refuses because it does not know a role yet that was made a moment ago.
fn is_early(error: &SdkError<RunJobFlowError>) -> bool {
    let refused = has_code(error, &["AccessDeniedException", "InvalidRequestException", "ValidationException"]);
    let words = [
        "invalid instanceprofile",
        "invalid instance profile",
        "failed to authorize instance profile",
        "invalid service role",
        "service role is invalid",
        "invalid autoscalingrole",
        "cannot assume",
        "unable to assume",
    ];
    refused && words.iter().any(|words| says(error, words))
}

impl ResourceType for ClusterType {
    const NAME: &'static str = "aws_emr_cluster";
    const TIME_LIMIT: Duration = Duration::from_secs(75 * 60);
    // `create` has searched already.
    const SEARCH_PAUSES: &'static [Duration] = &[];
    const PERMISSIONS: Permissions = Permissions {
        read: &[
            "elasticmapreduce:DescribeCluster",
            "elasticmapreduce:GetAutoTerminationPolicy",
            "elasticmapreduce:GetManagedScalingPolicy",
            "elasticmapreduce:ListBootstrapActions",
            "elasticmapreduce:ListInstanceFleets",
            "elasticmapreduce:ListInstanceGroups",
            "elasticmapreduce:ListSteps",
        ],
        create: &[
            "elasticmapreduce:AddTags",
            "elasticmapreduce:ListClusters",
            "elasticmapreduce:RunJobFlow",
            "iam:PassRole",
        ],
        update: &[
            "elasticmapreduce:AddTags",
            "elasticmapreduce:ModifyCluster",
            "elasticmapreduce:ModifyInstanceFleet",
            "elasticmapreduce:ModifyInstanceGroups",
            "elasticmapreduce:PutAutoScalingPolicy",
            "elasticmapreduce:PutAutoTerminationPolicy",
            "elasticmapreduce:RemoveAutoScalingPolicy",
            "elasticmapreduce:RemoveAutoTerminationPolicy",
            "elasticmapreduce:RemoveTags",
            "elasticmapreduce:SetKeepJobFlowAliveWhenNoSteps",
            "elasticmapreduce:SetTerminationProtection",
            "elasticmapreduce:SetUnhealthyNodeReplacement",
            "elasticmapreduce:SetVisibleToAllUsers",
        ],
        delete: &["elasticmapreduce:SetTerminationProtection", "elasticmapreduce:TerminateJobFlows"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    const COST_RELATED: &'static [&'static str] = &["aws_emr_instance_group", "aws_emr_managed_scaling_policy"];
    type Model = Cluster;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        check::problems(config)
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        plan::plan(aws, draft);
        let unprotected = draft.config("termination_protection").as_bool() == Some(false);
        draft.private = if unprotected { UNPROTECTED.to_vec() } else { Vec::new() };
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cluster(aws.region(), request)
    }

    fn savings(_: &Aws, request: CostRequest<'_>) -> Vec<Saving> {
        cost::of_cluster(&request)
    }

    async fn create(aws: &Aws, planned: Cluster, operation: &Operation) -> Result<Cluster, ChangeError<Cluster>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let call = request::fill(aws.emr().run_job_flow(), &planned, &tags)?;
        // A second request makes a second cluster: it is only sent again where nothing can have come of the first.
        let send = || call.clone().customize().config_override(Builder::new().retry_classifier(Once)).send();
        let answer = propagated(operation, "elasticmapreduce:RunJobFlow", is_early, send).await;
        let id = match answer.sent("elasticmapreduce:RunJobFlow", &[]) {
            Sent::Done(answer) => answer.job_flow_id,
            // It may be there and cost money: it is looked for, and if it shows it is followed like any other.
            Sent::Unsure(failure) => match search(aws, &planned.name, operation).await {
                Some(id) => Some(id),
                None => return Err(ChangeError::unsure(failure)),
            },
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
        };
        let Some(id) = id else {
            let detail = "EMR accepted the cluster and did not tell its id.";
            return Err(ChangeError::unsure(Failure::new("Answer lacks an id", detail)));
        };
        planned.ready(aws, &id, operation).await
    }

    async fn read(aws: &Aws, current: Vec<Cluster>) -> Vec<Result<Option<Cluster>, Failure>> {
        each(current, |cluster| cluster.read(aws)).await
    }

    async fn update(
        aws: &Aws,
        prior: Cluster,
        planned: Cluster,
        operation: &Operation,
    ) -> Result<Cluster, ChangeError<Cluster>> {
        let Some(id) = prior.known_id() else { return Err(names::vanished("cluster", &prior.name).into()) };
        if let Err(failure) = change::apply(aws, &id, &prior, &planned, operation).await {
            // Some of it may be done: the state says what is.
            return Err(ChangeError::leaving(failure, prior.latest(aws).await));
        }
        match planned.clone().read(aws).await {
            Ok(Some(changed)) => Ok(changed),
            Ok(None) => {
                let detail = format!("Cluster `{id}` terminated while it was changed. The next plan makes a new one.");
                Err(ChangeError::leaving(Failure::new("Cluster has ended", detail), prior))
            }
            Err(failure) => Err(ChangeError::leaving(failure, planned.begun(&id))),
        }
    }

    async fn delete(aws: &Aws, prior: Cluster, operation: &Operation) -> Result<(), Failure> {
        let Some(id) = prior.known_id() else { return Ok(()) };
        let Some(cluster) = described(aws, &id).await? else { return Ok(()) };
        if !is_over(&state(&cluster)) {
            if cluster.termination_protected() == Some(true) {
                if operation.private() != UNPROTECTED {
                    return Err(protected(&id));
                }
                change::protect(aws, &id, false).await?;
            }
            let answer = aws.emr().terminate_job_flows().job_flow_ids(&id).send().await;
            if !answer.as_ref().is_err_and(is_absent) {
                answer.calling("elasticmapreduce:TerminateJobFlows")?;
            }
        }
        wait::over(aws, &id, operation).await
    }

    async fn locate(aws: &Aws, planned: Cluster, token: &str) -> Result<Found<Cluster>, Failure> {
        let Some(id) = find(aws, &planned.name, token).await? else { return Ok(Found::Absent) };
        // One that is still starting is whole as well: the request said everything about it.
        let found = planned.begun(&id).read(aws).await?;
        Ok(found.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Cluster, Failure> {
        let absent = || names::nothing_to_import("cluster that runs", id, "its id, such as `j-2AXXXXXXGAPLF`");
        let look = look(aws, id, false).await?.ok_or_else(absent)?;
        import::imported(aws, id, &look).await
    }
}

/// The cluster that carries a token, among those of a name that are there and stay.
async fn find(aws: &Aws, name: &str, token: &str) -> Result<Option<String>, Failure> {
    let mut pages = aws.emr().list_clusters().set_cluster_states(Some(LIVE.to_vec())).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.calling("elasticmapreduce:ListClusters")?;
        let named = page.clusters().iter().filter(|cluster| cluster.name() == Some(name));
        for id in named.filter_map(|cluster| cluster.id()) {
            let tags = described(aws, id).await?.map_or_else(Tags::new, |cluster| tags_of(&cluster));
            if tags::is_from(&tags, token) {
                return Ok(Some(id.to_owned()));
            }
        }
    }
    Ok(None)
}

/// Looks for what a request may have made whose answer was lost; a new cluster may be listed a little later.
async fn search(aws: &Aws, name: &str, operation: &Operation) -> Option<String> {
    for pause in [0, 1, 2, 4, 8, 16] {
        operation.sleep(Duration::from_secs(pause), "looking for the cluster that was asked for").await.ok()?;
        // An error of the search tells nothing: the next look may.
        if let Ok(Some(id)) = find(aws, name, &operation.token).await {
            return Some(id);
        }
    }
    None
}

/// A cluster that nobody said may be terminated.
fn protected(id: &str) -> Failure {
    let detail = format!(
        "Cluster `{id}` is protected against being terminated, and its configuration does not take that away. Write \
         `termination_protection = false`, apply that, and delete it then."
    );
    Failure::new("Cluster is protected", detail)
}
