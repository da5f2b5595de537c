//! Elastic MapReduce: clusters that run Spark, and how they grow and shrink.

mod autoscaling;
mod cluster;
mod configurations;
mod cost;
mod instance_group;
mod managed_scaling;
mod resize;
mod security;
#[cfg(test)]
mod tests;
mod volumes;

use std::error::Error;

use aws_sdk_emr::types::{Cluster as Described, ClusterState, ClusterStatus, ManagedScalingPolicy, Tag};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::{Outcome as _, SdkError, code, has_code, says};
use crate::platform::Aws;
use crate::tags::{Retagging, Tags};

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .resource::<cluster::ClusterType>()
        .resource::<instance_group::InstanceGroupType>()
        .resource::<managed_scaling::ManagedScalingType>()
        .resource::<security::SecurityType>()
}

/// Whether EMR says that there is no such thing. It has no code of its own for that: only its words tell.
fn is_absent<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["ClusterNotFound", "NoSuchCluster", "ResourceNotFoundException"])
        || has_code(error, &["InvalidRequestException", "ValidationException"])
            && ["is not valid", "does not exist", "not found"].iter().any(|words| says(error, words))
}

/// Whether EMR says that the cluster has ended or is ending, so that nothing of it can change any more.
fn is_ending<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    ["shutting down", "terminating", "terminated", "finished"].iter().any(|words| says(error, words))
}

/// Whether whoever answered does not know the operation: an older region, or an emulator.
fn lacks_operation<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    match code(error) {
        Some(code) => matches!(code, "InvalidAction" | "NotImplemented" | "UnknownOperationException"),
        None => error.raw_response().is_some_and(|response| matches!(response.status().as_u16(), 404 | 500 | 501)),
    }
}

/// Whether nobody there can have a policy of this kind: the operation is not known, or not for the cluster's release.
fn has_no_such_policies<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    lacks_operation(error)
        || has_code(error, &["InvalidRequestException", "ValidationException"])
            && ["not available", "not supported", "does not support"].iter().any(|words| says(error, words))
}

/// How the outcome of a call about a cluster, or something of it, is taken.
trait Existing<T>: Sized {
    /// The answer; `None` where there is no such thing.
    fn existing(self, action: &str) -> Result<Option<T>, Failure>;
}

impl<T, E: ProvideErrorMetadata + Error + 'static> Existing<T> for Result<T, SdkError<E>> {
    fn existing(self, action: &str) -> Result<Option<T>, Failure> {
        match self {
            Err(error) if is_absent(&error) => Ok(None),
            answer => answer.calling(action).map(Some),
        }
    }
}

/// A cluster as EMR describes it, also one that has ended; `None` where EMR does not know it any more.
async fn described(aws: &Aws, id: &str) -> Result<Option<Described>, Failure> {
    let answer = aws.emr().describe_cluster().cluster_id(id).send().await;
    Ok(answer.existing("elasticmapreduce:DescribeCluster")?.and_then(|answer| answer.cluster))
}

/// The managed scaling policy of a cluster; `None` where it has none, or there is no such cluster.
async fn managed_scaling_policy(aws: &Aws, cluster: &str) -> Result<Option<ManagedScalingPolicy>, Failure> {
    let answer = aws.emr().get_managed_scaling_policy().cluster_id(cluster).send().await;
    let answer = answer.existing("elasticmapreduce:GetManagedScalingPolicy")?;
    Ok(answer.and_then(|answer| answer.managed_scaling_policy).filter(|policy| policy.compute_limits().is_some()))
}

/// Whether a cluster runs no more: its machines are gone, or going whatever anybody does.
const fn is_over(state: &ClusterState) -> bool {
    matches!(state, ClusterState::Terminated | ClusterState::TerminatedWithErrors | ClusterState::Terminating)
}

/// Where a cluster is; an unknown word where EMR says nothing.
fn state(cluster: &Described) -> ClusterState {
    cluster.status().and_then(ClusterStatus::state).cloned().unwrap_or_else(|| ClusterState::from("UNKNOWN"))
}

/// Why a cluster is in its state, in EMR's words; empty where it says nothing.
fn reason(cluster: &Described) -> String {
    let Some(status) = cluster.status() else { return String::new() };
    let change = status.state_change_reason();
    let details = status.error_details().iter().flat_map(|detail| [detail.error_code(), detail.error_message()]);
    let code = change.and_then(|change| change.code()).map(|code| code.as_str());
    let parts = [code, change.and_then(|change| change.message())].into_iter().chain(details);
    let mut said: Vec<&str> = Vec::new();
    for part in parts.flatten().map(|part| part.trim().trim_end_matches('.')).filter(|part| !part.is_empty()) {
        if !said.contains(&part) {
            said.push(part);
        }
    }
    said.join(": ")
}

fn tag_list(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn tags_of(cluster: &Described) -> Tags {
    let tags = cluster.tags().iter();
    tags.filter_map(|tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()))).collect()
}

/// Makes the tags of a cluster others.
async fn retag(aws: &Aws, cluster: &str, change: &Retagging) -> Result<(), Failure> {
    if !change.remove.is_empty() {
        let call = aws.emr().remove_tags().resource_id(cluster).set_tag_keys(Some(change.remove.clone()));
        call.send().await.calling("elasticmapreduce:RemoveTags")?;
    }
    if !change.set.is_empty() {
        let call = aws.emr().add_tags().resource_id(cluster).set_tags(Some(tag_list(&change.set)));
        call.send().await.calling("elasticmapreduce:AddTags")?;
    }
    Ok(())
}
