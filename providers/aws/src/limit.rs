//! How many requests a service is sent at once: as many as it takes. Throttling halves the number, success raises it.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::Notify;

/// How many requests are sent at once before anything is known of a service.
const AT_FIRST: f64 = 32.0;
/// How many requests are sent at once at most.
const AT_MOST: f64 = 128.0;

/// What services call it when they are asked too often.
const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
];

/// The limit of one service. Before the first throttling it grows by one with each success; after it, by one with each
/// round of successes, so that it settles just below what the service takes.
pub(crate) struct Limit {
    state: Mutex<State>,
    freed: Notify,
}

struct State {
    allowed: f64,
    in_flight: usize,
    /// How often it was lowered: what was sent before the last time says nothing new.
    lowered: u64,
}

/// Leave to send one request.
struct Permit<'l> {
    limit: &'l Limit,
    lowered: u64,
}

impl Limit {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { allowed: AT_FIRST, in_flight: 0, lowered: 0 }), freed: Notify::new() }
    }

    async fn permit(&self) -> Permit<'_> {
        loop {
            let mut freed = pin!(self.freed.notified());
            freed.as_mut().enable();
            {
                let mut state = self.state();
                if state.in_flight < whole(state.allowed) {
                    state.in_flight += 1;
                    return Permit { limit: self, lowered: state.lowered };
                }
            }
            freed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Takes account of an answer.
    fn answered(&self, throttled: bool) {
        let mut state = self.limit.state();
        if !throttled {
            let step = if state.lowered == 0 { 1.0 } else { 1.0 / state.allowed };
            let before = whole(state.allowed);
            state.allowed = (state.allowed + step).min(AT_MOST);
            if whole(state.allowed) > before {
                self.limit.freed.notify_one();
            }
        } else if self.lowered == state.lowered {
            state.allowed = (state.allowed / 2.0).max(1.0);
            state.lowered += 1;
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limit.state().in_flight -= 1;
        // One may go where one is done; where the limit has been lowered, who is woken waits on.
        self.limit.freed.notify_one();
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 1 and 128")]
fn whole(allowed: f64) -> usize {
    allowed as usize
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limit").finish_non_exhaustive()
    }
}

/// A client whose requests wait for leave to be sent. Retries wait anew, so that backing off holds up nobody else.
#[derive(Clone, Debug)]
pub(crate) struct Limited<C> {
    inner: C,
    limit: Arc<Limit>,
}

impl Limited<SharedHttpClient> {
    pub(crate) fn new(inner: SharedHttpClient, limit: Arc<Limit>) -> Self {
        Self { inner, limit }
    }
}

impl HttpClient for Limited<SharedHttpClient> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Limited { inner, limit: self.limit.clone() })
    }
}

impl HttpConnector for Limited<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { inner, limit } = self.clone();
        HttpConnectorFuture::new(async move {
            let permit = limit.permit().await;
            let response = inner.call(request).await?;
            if response.status().is_success() {
                permit.answered(false);
                return Ok(response);
            }
            let (response, throttled) = is_throttled(response).await?;
            permit.answered(throttled);
            Ok(response)
        })
    }
}

/// Whether a refusal is about too many requests. Its code may stand in the body, which is short.
async fn is_throttled(mut response: HttpResponse) -> Result<(HttpResponse, bool), ConnectorError> {
    let status = response.status().as_u16();
    if status == 429 || status == 503 {
        return Ok((response, true));
    }
    let body = ByteStream::new(response.take_body());
    let bytes = body.collect().await.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let throttled = THROTTLED.iter().any(|code| text.contains(code));
    *response.body_mut() = SdkBody::from(bytes);
    Ok((response, throttled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn grows_until_throttled_and_then_slowly() {
        let limit = Limit::new();
        for _ in 0..8 {
            limit.permit().await.answered(false);
        }
        assert_eq!(whole(limit.state().allowed), 40);
        limit.permit().await.answered(true);
        assert_eq!(whole(limit.state().allowed), 20);
        for _ in 0..21 {
            limit.permit().await.answered(false);
        }
        assert_eq!(whole(limit.state().allowed), 21);
    }

    #[tokio::test]
    async fn what_was_sent_together_counts_once() {
        let limit = Limit::new();
        let sent = [limit.permit().await, limit.permit().await, limit.permit().await];
        sent.iter().for_each(|permit| permit.answered(true));
        assert_eq!(whole(limit.state().allowed), 16);
    }

    #[tokio::test]
    async fn holds_back_what_is_too_much_and_always_lets_one_through() {
        let limit = Limit::new();
        for _ in 0..20 {
            limit.permit().await.answered(true);
        }
        let only = limit.permit().await;
        assert!(tokio::time::timeout(std::time::Duration::ZERO, limit.permit()).await.is_err());
        drop(only);
        limit.permit().await.answered(false);
    }
}
