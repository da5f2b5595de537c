//! Waiting: until something is as it should be, and until what was made a moment ago is known everywhere.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Failure, Operation};

use crate::failure::SdkError;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How long what was made may take to be known to the other services. IAM's documents say "within seconds"; people have
/// seen a minute.
const PROPAGATION: Duration = Duration::from_secs(120);

/// The pause after this one.
fn longer(pause: Duration) -> Duration {
    (pause * 3 / 2).min(LONGEST_PAUSE)
}

/// Asks again and again, with growing pauses, until there is an answer. `doing` completes "Stopped while".
///
/// # Errors
/// What `ask` fails with; the operation's deadline; being asked to stop.
pub(crate) async fn until<T, F>(operation: &Operation, doing: &str, mut ask: impl FnMut() -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<Option<T>, Failure>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        operation.sleep(pause, doing).await?;
        pause = longer(pause);
    }
}

/// Sends a request again while the service does not know yet what it refers to, such as a role made a moment ago.
/// `is_early` tells such a refusal. `action` is the call as IAM's policies name it.
///
/// # Errors
/// Any other refusal; the last one, when it has taken too long.
pub(crate) async fn propagated<T, E, F>(
    operation: &Operation,
    action: &str,
    is_early: fn(&SdkError<E>) -> bool,
    mut send: impl FnMut() -> F,
) -> Result<T, SdkError<E>>
where
    E: ProvideErrorMetadata + Error + 'static,
    F: Future<Output = Result<T, SdkError<E>>>,
{
    let doing = format!("waiting until `{action}` knows what was made a moment ago");
    let (mut pause, mut waited) = (FIRST_PAUSE, Duration::ZERO);
    loop {
        let answer = send().await;
        match &answer {
            Err(error) if is_early(error) && waited < PROPAGATION => {}
            _ => return answer,
        }
        if operation.sleep(pause, &doing).await.is_err() {
            return answer;
        }
        waited += pause;
        pause = longer(pause);
    }
}
