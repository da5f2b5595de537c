//! Creates that the service does not recognise when they are sent again: they are sent again only where nothing can have
//! come of them.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};

/// Forbids a retry after an answer, or none, that leaves open whether the object was made. Throttling and refusals
/// without effect are retried as ever.
///
/// ```ignore
/// client.create_key().customize().config_override(Builder::new().retry_classifier(Once)).send()
/// ```
#[derive(Debug)]
pub(crate) struct Once;

impl ClassifyRetry for Once {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let status = context.response().map(|response| response.status().as_u16());
        let open = match status {
            Some(status) => status >= 500 && status != 503 || error.is_response_error(),
            None => error.is_connector_error() || error.is_timeout_error() || error.is_response_error(),
        };
        if open { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "Once"
    }

    fn priority(&self) -> RetryClassifierPriority {
        // Classifiers of a higher priority run later and have the last word.
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
