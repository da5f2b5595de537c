//! Time limits on what only reads: dropping such an operation half way leaves nothing behind.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::Failure;

/// How long a read, an import or the search for an interrupted create may take.
pub(crate) const READ_LIMIT: Duration = Duration::from_secs(5 * 60);

/// Awaits, but not longer than `limit`. What is ready at once costs no timer.
pub(crate) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Result<T, Failure> {
    let mut future = pin!(future);
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    if let Poll::Ready(value) = first {
        return Ok(value);
    }
    tokio::time::timeout(limit, future).await.map_err(|_| {
        let detail = format!("The platform gave no answer for {} seconds.", limit.as_secs());
        Failure::new("Time limit reached", detail)
    })
}
