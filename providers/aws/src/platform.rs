//! The AWS account as its resource types see it: a client for each service, made at its first use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind as Kind, EnvConfigFiles};
use aws_smithy_http_client::tls::Provider as Tls;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use mesh_provider::{Failure, Platform};
use mesh_value::AttributePath;
use tokio::sync::OnceCell;

use crate::calls::TellObserver;
use crate::config::{AwsConfig, Endpoints, IgnoreTags};
use crate::credentials;
use crate::failure::Outcome as _;
use crate::limit::{Limit, Limited};
use crate::tags::Tags;
use crate::unknown::WebPage;

/// An account in a region, as the provider block describes it.
pub struct Aws {
    sdk: SdkConfig,
    http: SharedHttpClient,
    region: String,
    base_dir: PathBuf,
    endpoints: Endpoints,
    s3_use_path_style: bool,
    default_tags: Tags,
    ignored_tags: IgnoreTags,
    account: OnceCell<Account>,
    s3: OnceLock<aws_sdk_s3::Client>,
    /// Clients for the buckets of other regions.
    s3_elsewhere: Mutex<BTreeMap<String, aws_sdk_s3::Client>>,
    clients: Clients,
}

/// Who the credentials belong to.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
}

macro_rules! clients {
    ($($service:ident: $sdk:ident, $endpoint:ident;)*) => {
        #[derive(Default)]
        struct Clients {
            $($service: OnceLock<$sdk::Client>,)*
        }

        impl Aws {
            $(
                #[doc = concat!("The client of `", stringify!($sdk), "`.")]
                pub(crate) fn $service(&self) -> &$sdk::Client {
                    self.clients.$service.get_or_init(|| {
                        let mut config = $sdk::config::Builder::from(&self.sdk)
                            .http_client(self.limited())
                            .interceptor(TellObserver)
                            .retry_classifier(WebPage);
                        if let Some(url) = &self.endpoints.$endpoint {
                            config = config.endpoint_url(url);
                        }
                        $sdk::Client::from_conf(config.build())
                    })
                }
            )*
        }
    };
}

clients! {
    athena: aws_sdk_athena, athena;
    budgets: aws_sdk_budgets, budgets;
    cloudwatch: aws_sdk_cloudwatch, cloudwatch;
    ecr: aws_sdk_ecr, ecr;
    emr: aws_sdk_emr, emr;
    emrserverless: aws_sdk_emrserverless, emrserverless;
    glue: aws_sdk_glue, glue;
    iam: aws_sdk_iam, iam;
    kms: aws_sdk_kms, kms;
    lakeformation: aws_sdk_lakeformation, lakeformation;
    logs: aws_sdk_cloudwatchlogs, logs;
    scheduler: aws_sdk_scheduler, scheduler;
    sfn: aws_sdk_sfn, sfn;
    sns: aws_sdk_sns, sns;
    sts: aws_sdk_sts, sts;
}

impl Aws {
    /// The client of `aws_sdk_s3`.
    pub(crate) fn s3(&self) -> &aws_sdk_s3::Client {
        self.s3.get_or_init(|| {
            let mut config = aws_sdk_s3::config::Builder::from(&self.sdk)
                .http_client(self.limited())
                .interceptor(TellObserver)
                .retry_classifier(WebPage)
                .force_path_style(self.s3_use_path_style);
            if let Some(url) = &self.endpoints.s3 {
                config = config.endpoint_url(url);
            }
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// The client for the buckets of a region, which need not be the provider's: S3 answers for a bucket only there.
    pub(crate) fn s3_in(&self, region: &str) -> aws_sdk_s3::Client {
        if region == self.region {
            return self.s3().clone();
        }
        let mut elsewhere = self.s3_elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
        let made = elsewhere.entry(region.to_owned()).or_insert_with(|| {
            let config = self.s3().config().to_builder().region(Region::new(region.to_owned()));
            aws_sdk_s3::Client::from_conf(config.build())
        });
        made.clone()
    }

    /// The region that resources are made in, such as `eu-central-1`.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// The root module's directory: relative paths in arguments start here.
    pub(crate) fn base_dir(&self) -> &Path {
        &self.base_dir
    }

    /// The group of regions that share accounts and ARNs: `aws`, `aws-cn`, `aws-us-gov`.
    pub(crate) fn partition(&self) -> &'static str {
        match self.region.split('-').next() {
            Some("cn") => "aws-cn",
            _ if self.region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The end of host names in the partition.
    pub(crate) fn dns_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }

    /// Tags that every resource gets which can have tags.
    pub(crate) const fn default_tags(&self) -> &Tags {
        &self.default_tags
    }

    /// Whether a tag is somebody else's: AWS's own, mesh's own, or one that the provider block ignores.
    pub(crate) fn ignores_tag(&self, key: &str) -> bool {
        let IgnoreTags { keys, key_prefixes } = &self.ignored_tags;
        key.starts_with("aws:")
            || key.starts_with("mesh:")
            || keys.iter().flatten().any(|ignored| ignored == key)
            || key_prefixes.iter().flatten().any(|prefix| key.starts_with(prefix.as_str()))
    }

    /// Who the credentials belong to; asked once.
    ///
    /// # Errors
    /// Where STS can't be asked.
    pub(crate) async fn account(&self) -> Result<&Account, Failure> {
        let ask = async || {
            let answer = self.sts().get_caller_identity().send().await.calling("sts:GetCallerIdentity")?;
            Ok(Account {
                id: answer.account().unwrap_or_default().to_owned(),
                arn: answer.arn().unwrap_or_default().to_owned(),
                user_id: answer.user_id().unwrap_or_default().to_owned(),
            })
        };
        self.account.get_or_try_init(ask).await
    }

    /// A client that keeps to a limit of its own: one a service.
    fn limited(&self) -> SharedHttpClient {
        SharedHttpClient::new(Limited::new(self.http.clone(), Arc::new(Limit::new())))
    }

    /// The platform over a client that is given: the real one, or one that replays.
    pub(crate) async fn connect(config: AwsConfig, base_dir: &Path, http: SharedHttpClient) -> Result<Self, Failure> {
        let sdk = shared(&config, base_dir, http.clone()).await?;
        let region = region(&sdk, config.skip_region_validation)?;
        if !config.skip_credentials_validation {
            credentials::require(&sdk).await?;
        }
        let aws = Self {
            sdk,
            http,
            region,
            base_dir: base_dir.to_path_buf(),
            endpoints: config.endpoints.unwrap_or_default(),
            s3_use_path_style: config.s3_use_path_style,
            default_tags: config.default_tags.and_then(|default| default.tags).unwrap_or_default(),
            ignored_tags: config.ignore_tags.unwrap_or_default(),
            account: OnceCell::new(),
            s3: OnceLock::new(),
            s3_elsewhere: Mutex::default(),
            clients: Clients::default(),
        };
        aws.hold_account(config.allowed_account_ids.as_deref(), config.forbidden_account_ids.as_deref()).await?;
        Ok(aws)
    }

    async fn hold_account(&self, allowed: Option<&[String]>, forbidden: Option<&[String]>) -> Result<(), Failure> {
        if allowed.is_none() && forbidden.is_none() {
            return Ok(());
        }
        let id = &self.account().await?.id;
        let refuse = |name: &str, why: &str| {
            let detail = format!("The credentials belong to account {id}, which {why}. Nothing was done.");
            Err(Failure::new("Wrong AWS account", detail).at(&AttributePath::attr(name)))
        };
        if allowed.is_some_and(|allowed| !allowed.contains(id)) {
            return refuse("allowed_account_ids", "is not among `allowed_account_ids`");
        }
        if forbidden.is_some_and(|forbidden| forbidden.contains(id)) {
            return refuse("forbidden_account_ids", "is among `forbidden_account_ids`");
        }
        Ok(())
    }
}

impl Platform for Aws {
    type Config = AwsConfig;

    async fn configure(config: AwsConfig, base_dir: &Path) -> Result<Self, Failure> {
        #[cfg(test)]
        if let Some(http) = crate::replay::client() {
            return Self::connect(config, base_dir, http).await;
        }
        let http = aws_smithy_http_client::Builder::new().tls_provider(Tls::Rustls(CryptoMode::AwsLc)).build_https();
        Self::connect(config, base_dir, http).await
    }
}

/// What all clients share: region, credentials, retries.
async fn shared(config: &AwsConfig, base_dir: &Path, http: SharedHttpClient) -> Result<SdkConfig, Failure> {
    let retries = RetryConfig::standard().with_max_attempts(config.max_retries.max(1));
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(retries)
        .use_fips(config.use_fips_endpoint)
        .use_dual_stack(config.use_dualstack_endpoint);
    if let Some(region) = &config.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &config.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(profile) = &config.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(files) = profile_files(config, base_dir) {
        loader = loader.profile_files(files);
    }
    if let Some(keys) = credentials::written(config)? {
        loader = loader.credentials_provider(keys);
    } else if config.skip_metadata_api_check {
        loader = loader.credentials_provider(credentials::without_metadata(config).await);
    }
    let mut sdk = loader.load().await;
    if let Some(role) = &config.assume_role_with_web_identity {
        let credentials = credentials::by_web_identity(&sdk, role, base_dir)?;
        sdk = sdk.into_builder().credentials_provider(credentials).build();
    }
    if let Some(role) = &config.assume_role {
        let credentials = credentials::by_role(&sdk, role).await?;
        sdk = sdk.into_builder().credentials_provider(credentials).build();
    }
    Ok(sdk)
}

fn profile_files(config: &AwsConfig, base_dir: &Path) -> Option<EnvConfigFiles> {
    let (settings, keys) = (&config.shared_config_files, &config.shared_credentials_files);
    if settings.is_none() && keys.is_none() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(settings.is_none())
        .include_default_credentials_file(keys.is_none());
    for path in settings.iter().flatten() {
        files = files.with_file(Kind::Config, base_dir.join(path));
    }
    for path in keys.iter().flatten() {
        files = files.with_file(Kind::Credentials, base_dir.join(path));
    }
    Some(files.build())
}

fn region(sdk: &SdkConfig, any_form: bool) -> Result<String, Failure> {
    let at = AttributePath::attr("region");
    let Some(region) = sdk.region().map(ToString::to_string) else {
        let detail = "Set `region` in the provider block, `AWS_REGION`, or the profile's region.";
        return Err(Failure::new("No AWS region", detail).at(&at));
    };
    let parts: Vec<_> = region.split('-').collect();
    let usual = parts.len() >= 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        && parts.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if usual || any_form {
        return Ok(region);
    }
    let detail = format!(
        "\"{region}\" does not look like a region: they are written like `eu-central-1`. If it is one nevertheless, set \
         `skip_region_validation = true`."
    );
    Err(Failure::new("Invalid region", detail).at(&at))
}
