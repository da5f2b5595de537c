//! Waiting for something that someone else holds.

use std::time::Duration;

/// Between two tries. Short enough that a person doesn't notice, long enough for a remote store.
const PAUSE: Duration = Duration::from_millis(100);

/// Tries until it works, fails otherwise than `busy`, or `timeout` has been slept. Tries at least once.
pub(crate) async fn retry_until<T, E>(
    timeout: Duration,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
    busy: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let mut left = timeout;
    loop {
        match attempt().await {
            Err(error) if busy(&error) && !left.is_zero() => {
                let pause = left.min(PAUSE);
                left -= pause;
                tokio::time::sleep(pause).await;
            }
            settled => return settled,
        }
    }
}
