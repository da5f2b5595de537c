//! Waiting for a cluster: until it is ready, and until it is over.

use aws_sdk_emr::types::{Cluster as Described, ClusterState, ClusterStateChangeReasonCode, ClusterStatus};
use mesh_provider::{Failure, Operation};

use crate::emr::{described, reason, state};
use crate::platform::Aws;
use crate::waiting;

/// What became of a cluster that was started.
pub(super) enum Start {
    /// It takes work.
    Ready,
    /// It has done all its work and ended, as it was meant to.
    Done,
    /// It has ended before it was ready; nothing of it is left.
    Failed(Failure),
}

/// Waits until a cluster takes work or has ended.
///
/// # Errors
/// EMR can't be asked; the operation's deadline; being asked to stop. The cluster goes on without us.
pub(super) async fn started(aws: &Aws, id: &str, operation: &Operation) -> Result<Start, Failure> {
    let doing = format!("waiting for cluster `{id}` to be ready, which it may still become");
    waiting::until(operation, &doing, || async {
        // A cluster may not be known for a moment after it was made.
        let Some(cluster) = described(aws, id).await? else { return Ok(None) };
        operation.report(progress(&cluster));
        Ok(match state(&cluster) {
            ClusterState::Running | ClusterState::Waiting => Some(Start::Ready),
            ClusterState::Terminated | ClusterState::TerminatedWithErrors if is_done(&cluster) => Some(Start::Done),
            ClusterState::Terminated | ClusterState::TerminatedWithErrors => Some(Start::Failed(ended(id, &cluster))),
            _ => None,
        })
    })
    .await
}

/// Waits until a cluster is over: its machines are gone and cost nothing any more.
///
/// # Errors
/// As [`started`].
pub(super) async fn over(aws: &Aws, id: &str, operation: &Operation) -> Result<(), Failure> {
    let doing = format!("waiting for cluster `{id}` to terminate, which it does without us too");
    waiting::until(operation, &doing, || async {
        let Some(cluster) = described(aws, id).await? else { return Ok(Some(())) };
        operation.report(progress(&cluster));
        let over = matches!(state(&cluster), ClusterState::Terminated | ClusterState::TerminatedWithErrors);
        Ok(over.then_some(()))
    })
    .await
}

/// Where a cluster is, and why, in a line.
fn progress(cluster: &Described) -> String {
    let (state, reason) = (state(cluster), reason(cluster));
    if reason.is_empty() { state.as_str().to_owned() } else { format!("{}: {reason}", state.as_str()) }
}

fn is_done(cluster: &Described) -> bool {
    let change = cluster.status().and_then(ClusterStatus::state_change_reason);
    change.and_then(|change| change.code()) == Some(&ClusterStateChangeReasonCode::AllStepsCompleted)
}

/// Why a cluster never became ready, and what to do.
fn ended(id: &str, cluster: &Described) -> Failure {
    use ClusterStateChangeReasonCode as Code;
    let change = cluster.status().and_then(ClusterStatus::state_change_reason);
    let advice = match change.and_then(|change| change.code()) {
        Some(Code::BootstrapFailure) => {
            "Look at the logs of the bootstrap actions below `log_uri`, in `node/<instance>/bootstrap-actions/`."
        }
        Some(Code::StepFailure) => "Look at the steps' logs below `log_uri`, in `steps/`.",
        Some(Code::ValidationError) => {
            "Check the roles, the instance profile, the subnet and the machine types that it names. Roles that were made \
             a moment ago may only need a second try."
        }
        Some(Code::InstanceFailure | Code::InstanceFleetTimeout) => {
            "There may be no such machines at present: try other types, another subnet, or on-demand machines."
        }
        Some(Code::UserRequest) => "Somebody terminated it, or its own settings did.",
        _ => "Run it again; if it stays so, ask AWS with the cluster's id.",
    };
    let reason = reason(cluster);
    let why = if reason.is_empty() { "EMR gives no reason".to_owned() } else { reason };
    let detail = format!(
        "Cluster `{id}` ended as {} before it was ready: {why}. Nothing of it is left. {advice}",
        state(cluster).as_str()
    );
    Failure::new("Cluster did not start", detail)
}
