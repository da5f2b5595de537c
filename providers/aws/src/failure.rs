//! What a service refused, in words: which call, the service's own code and text, and what to do about it.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError as AnySdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::Failure;

/// An error of an SDK call that spoke HTTP.
pub(crate) type SdkError<E> = AnySdkError<E, HttpResponse>;

/// What became of a create.
pub(crate) enum Sent<T> {
    /// The service made it.
    Done(T),
    /// There is such an object already. It may be what an earlier attempt of this very create made, whose answer was lost.
    Taken(Failure),
    /// Nobody can say: no answer came, or one that says nothing.
    Unsure(Failure),
    /// The service refused it.
    Refused(Failure),
}

/// How the outcome of a call is taken. `action` is the call as IAM's policies name it: `s3:CreateBucket`.
pub(crate) trait Outcome<T>: Sized {
    /// The answer, or the failure in words.
    fn calling(self, action: &str) -> Result<T, Failure>;

    /// As [`calling`](Self::calling), but `None` where the service's code says that there is no such thing.
    fn found(self, action: &str, absent: &[&str]) -> Result<Option<T>, Failure>;

    /// Of a delete or detach: success also where it is already gone.
    fn gone(self, action: &str, absent: &[&str]) -> Result<(), Failure> {
        self.found(action, absent).map(|_| ())
    }

    /// Of a create: `taken` are the codes by which the service says that there is such an object already.
    fn sent(self, action: &str, taken: &[&str]) -> Sent<T>;
}

impl<T, E: ProvideErrorMetadata + Error + 'static> Outcome<T> for Result<T, SdkError<E>> {
    fn calling(self, action: &str) -> Result<T, Failure> {
        self.map_err(|error| failure(action, &error))
    }

    fn found(self, action: &str, absent: &[&str]) -> Result<Option<T>, Failure> {
        match self {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if has_code(&error, absent) => Ok(None),
            Err(error) => Err(failure(action, &error)),
        }
    }

    fn sent(self, action: &str, taken: &[&str]) -> Sent<T> {
        match self {
            Ok(answer) => Sent::Done(answer),
            Err(error) => {
                let failure = failure(action, &error);
                if has_code(&error, taken) {
                    Sent::Taken(failure)
                } else if is_answer(&error) {
                    Sent::Refused(failure)
                } else {
                    Sent::Unsure(failure)
                }
            }
        }
    }
}

/// The service's code for what went wrong.
pub(crate) fn code<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

/// Whether the service's code is one of these.
pub(crate) fn has_code<E: ProvideErrorMetadata>(error: &SdkError<E>, codes: &[&str]) -> bool {
    code(error).is_some_and(|code| codes.contains(&code))
}

/// Whether the service's own words about what went wrong contain this, in whatever case.
pub(crate) fn says<E: ProvideErrorMetadata>(error: &SdkError<E>, words: &str) -> bool {
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message);
    message.is_some_and(|message| message.to_lowercase().contains(&words.to_lowercase()))
}

/// Whether the service said itself that it did nothing: any refusal, but not an inner error, which may come half way.
fn is_answer<E>(error: &SdkError<E>) -> bool {
    match error {
        AnySdkError::ConstructionFailure(_) => true,
        AnySdkError::ServiceError(context) => {
            let status = context.raw().status().as_u16();
            // An answer of success that can't be understood may well tell of one.
            (300..500).contains(&status) || status == 501 || status == 503
        }
        _ => false,
    }
}

/// The error in words.
pub(crate) fn failure<E: ProvideErrorMetadata + Error + 'static>(action: &str, error: &SdkError<E>) -> Failure {
    let (service, operation) = action.split_once(':').unwrap_or(("aws", action));
    let Some(refusal) = error.as_service_error() else { return unanswered(service, operation, error) };
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    let Some(code) = refusal.code() else {
        let what = if status < 300 { "something that can't be understood" } else { "no reason" };
        let detail = format!(
            "{service} answered `{operation}` with status {status} and {what}. If the endpoint is an emulator, it may \
             lack this operation."
        );
        return Failure::new("Call failed", detail);
    };
    let words = refusal.message().unwrap_or_default().trim().trim_end_matches('.');
    let mut detail = format!("{service} refused `{operation}`: {code}");
    if !words.is_empty() {
        detail.push_str(": ");
        detail.push_str(words);
    }
    detail.push('.');
    if let Some(id) = request_id(error) {
        detail.push_str(" Request ");
        detail.push_str(id);
        detail.push('.');
    }
    if let Some(region) = other_region(code, error) {
        detail.push_str(" The bucket is in `");
        detail.push_str(region);
        detail.push_str("`: give it to a provider block of that region.");
    }
    if let Some(advice) = advice(code, action) {
        detail.push(' ');
        detail.push_str(&advice);
    }
    Failure::new(summary(code), detail)
}

fn unanswered<E: Error + 'static>(service: &str, operation: &str, error: &SdkError<E>) -> Failure {
    let what = match error {
        AnySdkError::TimeoutError(_) => "no answer came in time",
        AnySdkError::DispatchFailure(failure) if failure.is_timeout() => "no answer came in time",
        AnySdkError::DispatchFailure(failure) if failure.is_io() => "the connection failed",
        AnySdkError::ResponseError(_) => "the answer can't be understood",
        AnySdkError::ConstructionFailure(_) => "the request can't be made",
        _ => "the request could not be sent",
    };
    let why = DisplayErrorContext(error).to_string();
    // The chain ends in a debug print of the whole error, which is for developers.
    let why = why.split(" (").next().unwrap_or_default().to_owned();
    let detail = format!(
        "{service} `{operation}`: {what} ({why}). Check the network, the provider's `region` and its endpoints, and run \
         it again."
    );
    Failure::new("No answer from AWS", detail)
}

/// The region of a bucket that was asked for in another one.
fn other_region<'a, E>(code: &str, error: &'a SdkError<E>) -> Option<&'a str> {
    let elsewhere = ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];
    error.raw_response()?.headers().get("x-amz-bucket-region").filter(|_| elsewhere.contains(&code))
}

fn request_id<E>(error: &SdkError<E>) -> Option<&str> {
    let headers = error.raw_response()?.headers();
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"].into_iter().find_map(|name| headers.get(name))
}

fn summary(code: &str) -> &'static str {
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "AuthorizationError" => "Access denied",
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => "Credentials have expired",
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
            "Credentials are not accepted"
        }
        "Throttling" | "ThrottlingException" | "TooManyRequestsException" | "SlowDown" => "Too many requests",
        _ => "Call refused",
    }
}

fn advice(code: &str, action: &str) -> Option<String> {
    Some(match summary(code) {
        "Access denied" => format!(
            "The credentials need `{action}` on it; `mesh docs provider aws --iam` prints the policy that a plan needs."
        ),
        "Credentials have expired" => "Get new ones and run it again; what was done so far is recorded.".to_owned(),
        "Credentials are not accepted" => {
            "Check which ones are used: the provider block, `AWS_PROFILE`, `AWS_ACCESS_KEY_ID`.".to_owned()
        }
        "Too many requests" => {
            "It was tried again several times; `max_retries` in the provider block raises that.".to_owned()
        }
        _ => return None,
    })
}

/// A request lacks what the SDK says that it needs.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(crate) fn incomplete(error: aws_smithy_types::error::operation::BuildError) -> Failure {
    Failure::new("Request can't be made", format!("{error}. This is a bug in mesh."))
}
