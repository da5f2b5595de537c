//! As whom the provider acts: where its credentials come from, and the roles that it takes on with them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{Region, SdkConfig, imds};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::PolicyDescriptorType;
use aws_smithy_types::error::display::DisplayErrorContext;
use mesh_provider::{Failure, duration};
use mesh_value::AttributePath;

use crate::config::{AssumeRole, AwsConfig, WebIdentity};

/// The name of a session where none is given.
const SESSION: &str = "mesh";

/// The keys that the provider block itself holds.
///
/// # Errors
/// One of the two without the other.
pub(crate) fn written(config: &AwsConfig) -> Result<Option<SharedCredentialsProvider>, Failure> {
    match (&config.access_key, &config.secret_key) {
        (Some(id), Some(secret)) => {
            let keys = Credentials::new(id, secret, config.token.clone(), None, "provider block");
            Ok(Some(SharedCredentialsProvider::new(keys)))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("secret_key", "access_key")),
        (None, Some(_)) => Err(half("access_key", "secret_key")),
    }
}

/// The usual sources of credentials but for the machine's metadata service.
pub(crate) async fn without_metadata(config: &AwsConfig) -> SharedCredentialsProvider {
    // The chain can't be told to leave the service out, so it looks for it where nobody answers.
    let nowhere = imds::Client::builder().max_attempts(1).endpoint("http://127.0.0.1:9");
    let mut chain = DefaultCredentialsChain::builder();
    if let Ok(nowhere) = nowhere.map(imds::client::Builder::build) {
        chain = chain.imds_client(nowhere);
    }
    if let Some(profile) = &config.profile {
        chain = chain.profile_name(profile);
    }
    if let Some(region) = &config.region {
        chain = chain.region(Region::new(region.clone()));
    }
    SharedCredentialsProvider::new(chain.build().await)
}

fn half(missing: &str, given: &str) -> Failure {
    let detail = format!("`{given}` is set without `{missing}`: a key needs both.");
    Failure::new("Incomplete credentials", detail).at(&AttributePath::attr(missing))
}

/// The credentials of a role that is taken on by an identity token. `sdk` says how STS is reached; a
/// relative path starts at `base_dir`.
///
/// # Errors
/// A token and a file with one, or neither; a duration that is none.
pub(crate) fn by_web_identity(
    sdk: &SdkConfig,
    role: &WebIdentity,
    base_dir: &Path,
) -> Result<SharedCredentialsProvider, Failure> {
    let at = AttributePath::attr("assume_role_with_web_identity");
    let token = match (&role.web_identity_token, &role.web_identity_token_file) {
        (Some(token), None) => TokenSource::Text(token.clone()),
        (None, Some(path)) => TokenSource::File(base_dir.join(path)),
        _ => {
            let detail = "Give exactly one of `web_identity_token` and `web_identity_token_file`.";
            return Err(Failure::new("Identity token is not clear", detail).at(&at));
        }
    };
    let seconds = session_length(role.duration.as_deref(), &at)?;
    let role = role.clone();
    let client = aws_sdk_sts::Client::new(sdk);
    Ok(SharedCredentialsProvider::new(ByToken { client, role, token, seconds }))
}

/// The credentials of a role that is taken on with those of `sdk`.
///
/// # Errors
/// A duration that is none.
pub(crate) async fn by_role(sdk: &SdkConfig, role: &AssumeRole) -> Result<SharedCredentialsProvider, Failure> {
    let at = AttributePath::attr("assume_role");
    let mut builder = AssumeRoleProvider::builder(&role.role_arn)
        .configure(sdk)
        .session_name(role.session_name.as_deref().unwrap_or(SESSION))
        .policy_arns(role.policy_arns.clone().unwrap_or_default())
        .tags(role.tags.clone().unwrap_or_default());
    if let Some(id) = &role.external_id {
        builder = builder.external_id(id);
    }
    if let Some(policy) = &role.policy {
        builder = builder.policy(policy);
    }
    if let Some(seconds) = session_length(role.duration.as_deref(), &at)? {
        builder = builder.session_length(Duration::from_secs(u64::from(seconds.unsigned_abs())));
    }
    Ok(SharedCredentialsProvider::new(builder.build().await))
}

fn session_length(written: Option<&str>, at: &AttributePath) -> Result<Option<i32>, Failure> {
    let Some(written) = written else { return Ok(None) };
    let parsed = duration::parse(written).map_err(|why| Failure::new("Invalid duration", why).at(at))?;
    let seconds = i32::try_from(parsed.as_secs()).ok().filter(|seconds| (15 * 60..=12 * 3600).contains(seconds));
    seconds.map(Some).ok_or_else(|| {
        let detail = format!("A session lasts from 15 minutes to 12 hours; `duration` is \"{written}\".");
        Failure::new("Invalid duration", detail).at(at)
    })
}

/// Makes sure that there are credentials, so that their absence is told once and not by every resource.
///
/// # Errors
/// Where there are none, or they can't be had.
pub(crate) async fn require(sdk: &SdkConfig) -> Result<(), Failure> {
    let Some(provider) = sdk.credentials_provider() else { return Err(none("no source of credentials is configured")) };
    match provider.provide_credentials().await {
        Ok(_) => Ok(()),
        Err(error @ CredentialsError::CredentialsNotLoaded(_)) => Err(none(readable(&error).as_str())),
        Err(error) => {
            let detail = format!(
                "{}. Check the role's trust policy, its external id, and the network; `AWS_PROFILE` and the provider block \
                 say where credentials come from.",
                readable(&error)
            );
            Err(Failure::new("Credentials can't be had", detail))
        }
    }
}

fn none(why: &str) -> Failure {
    let detail = format!(
        "No credentials were found: {why}. In a pipeline, let `assume_role_with_web_identity` take a role by the pipeline's \
         identity token; on your machine, log in (`aws sso login`) and set `AWS_PROFILE` or `profile`."
    );
    Failure::new("No AWS credentials", detail)
}

/// The chain of reasons, without the debug print of the error that ends it.
fn readable(error: &CredentialsError) -> String {
    let text = DisplayErrorContext(error).to_string();
    text.split(" (").next().unwrap_or_default().to_owned()
}

#[derive(Clone)]
enum TokenSource {
    Text(String),
    File(PathBuf),
}

/// Takes on a role by an identity token.
struct ByToken {
    client: aws_sdk_sts::Client,
    role: WebIdentity,
    token: TokenSource,
    seconds: Option<i32>,
}

impl std::fmt::Debug for ByToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ByToken").field("role", &self.role.role_arn).finish_non_exhaustive()
    }
}

impl ByToken {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let token = match &self.token {
            TokenSource::Text(token) => token.clone(),
            TokenSource::File(path) => {
                let (path, read) = (path.clone(), path.clone());
                let text = tokio::task::spawn_blocking(move || std::fs::read_to_string(read)).await;
                let text = text.map_err(CredentialsError::unhandled)?;
                text.map_err(|error| {
                    CredentialsError::invalid_configuration(format!("reading {} failed: {error}", path.display()))
                })?
            }
        };
        let policies = self.role.policy_arns.iter().flatten();
        let policies: Vec<_> = policies.map(|arn| PolicyDescriptorType::builder().arn(arn).build()).collect();
        let call = self.client.assume_role_with_web_identity();
        let answer = call
            .role_arn(&self.role.role_arn)
            .role_session_name(self.role.session_name.as_deref().unwrap_or(SESSION))
            .web_identity_token(token.trim())
            .set_duration_seconds(self.seconds)
            .set_policy(self.role.policy.clone())
            .set_policy_arns(Some(policies).filter(|policies| !policies.is_empty()))
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        let missing = || CredentialsError::unhandled("the answer holds no credentials");
        let keys = answer.credentials().ok_or_else(missing)?;
        let expires = std::time::SystemTime::try_from(*keys.expiration()).map_err(CredentialsError::unhandled)?;
        let session = Some(keys.session_token().to_owned());
        Ok(Credentials::new(keys.access_key_id(), keys.secret_access_key(), session, Some(expires), "web identity"))
    }
}

impl ProvideCredentials for ByToken {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}
