//! A create whose reply was lost: whoever asked does not know whether it was done, so the platform is asked for it.

use std::time::Duration;

use crate::deadline::{READ_LIMIT, within};
use crate::{ChangeError, Found, Operation, ResourceType};

/// The pauses between looks, where a type names no others: an object that was made shows within seconds on platforms
/// that answer reads from a copy.
pub(crate) const SEARCH_PAUSES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// Looks for what a create may have made before its reply was lost. What is found whole is what the create answers; what
/// is found half made stays behind with its error; where nothing shows, it stays unsure.
pub(crate) async fn search<R: ResourceType>(
    platform: &R::Platform,
    planned: R::Model,
    operation: &Operation,
    lost: ChangeError<R::Model>,
) -> Result<R::Model, ChangeError<R::Model>> {
    let mut pauses = R::SEARCH_PAUSES.iter();
    loop {
        // An error of the search tells nothing: the next look may.
        match within(READ_LIMIT, R::locate(platform, planned.clone(), &operation.token)).await {
            Ok(Ok(Found::Complete(model))) => return Ok(model),
            Ok(Ok(Found::Partial(model))) => return Err(ChangeError::leaving(lost.failure, model)),
            Ok(Ok(Found::Absent) | Err(_)) | Err(_) => {}
        }
        let Some(pause) = pauses.next() else { return Err(lost) };
        operation.report("the reply was lost, looking for what was created");
        if operation.sleep(*pause, "looking for what was created").await.is_err() {
            return Err(lost);
        }
    }
}
