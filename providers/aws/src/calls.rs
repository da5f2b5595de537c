//! Tells whoever wants to know which API calls are made. Never what they carry: that may be secret.

use std::sync::OnceLock;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

/// One request that was sent, and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service, as its SDK calls it, such as `S3`.
    pub service: String,
    /// The operation, such as `CreateBucket`.
    pub operation: String,
    /// The endpoint's host and, where it is written, port.
    pub host: String,
    /// The HTTP status of the answer; `None` where there was none.
    pub status: Option<u16>,
    /// Whether the answer was understood as a success.
    pub succeeded: bool,
}

type Observer = Box<dyn Fn(&Call) + Send + Sync>;

static OBSERVER: OnceLock<Observer> = OnceLock::new();

/// Has `observer` told of every request of this process from now on, each attempt by itself. The first observer stays;
/// the answer is whether this is the first.
pub fn observe(observer: impl Fn(&Call) + Send + Sync + 'static) -> bool {
    OBSERVER.set(Box::new(observer)).is_ok()
}

/// Where an attempt is sent. The request itself is gone when its answer is there.
#[derive(Debug)]
struct Host(String);

impl Storable for Host {
    type Storer = StoreReplace<Self>;
}

/// Tells the observer, at the end of each attempt.
#[derive(Debug)]
pub(crate) struct TellObserver;

#[dyn_dispatch_hint]
impl Intercept for TellObserver {
    fn name(&self) -> &'static str {
        "TellObserver"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri();
        let host = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        let host = host.split(['/', '?']).next().unwrap_or_default().to_owned();
        config.interceptor_state().store_put(Host(host));
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(observer), Some(metadata)) = (OBSERVER.get(), config.load::<Metadata>()) else { return Ok(()) };
        observer(&Call {
            service: metadata.service().to_owned(),
            operation: metadata.name().to_owned(),
            host: config.load::<Host>().map(|host| host.0.clone()).unwrap_or_default(),
            status: context.response().map(|response| response.status().as_u16()),
            succeeded: context.output_or_error().is_some_and(|output| output.is_ok()),
        });
        Ok(())
    }
}
