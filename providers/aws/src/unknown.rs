//! Answers of whoever does not know the operation: they stay the same however often one asks.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};

/// Forbids a retry after a web page that tells of an error. AWS's services answer errors in their own protocol; a page
/// comes from an emulator that lacks the operation, or from something else that is at the address. The pages of busy
/// gateways, with status 502, 503 and 504, are retried as ever.
#[derive(Debug)]
pub(crate) struct WebPage;

impl ClassifyRetry for WebPage {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let is_page = context.response().is_some_and(|response| {
            let status = response.status().as_u16();
            let kind = response.headers().get("content-type").unwrap_or_default();
            matches!(status, 404 | 405 | 500 | 501) && kind.starts_with("text/html")
        });
        let failed = matches!(context.output_or_error(), Some(Err(_)));
        if is_page && failed { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "WebPage"
    }

    fn priority(&self) -> RetryClassifierPriority {
        // Classifiers of a higher priority run later and have the last word.
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
