//! The provider block of `aws`: where to connect, as whom, and what every resource gets.

use std::collections::BTreeMap;

use mesh_provider::Block;

/// Amazon Web Services: storage, compute clusters, identities, catalog and cost guards.
///
/// Credentials are looked for in this order: `access_key` and `secret_key`, `assume_role_with_web_identity`, `profile`,
/// and then where every AWS tool looks (the environment's variables, a web identity token, the shared files, the
/// container's or the machine's role). On top of whichever was found, `assume_role` takes another role. A pipeline
/// needs no long-lived key: it proves who it is with its own identity token.
#[derive(Block, Clone, Default, PartialEq, Eq)]
pub struct AwsConfig {
    /// The region that resources are made in. The environment's `AWS_REGION` or the profile's where it is left out.
    pub region: Option<String>,
    /// The profile of the shared configuration files to use.
    pub profile: Option<String>,
    /// Shared configuration files to read instead of `~/.aws/config`.
    pub shared_config_files: Option<Vec<String>>,
    /// Shared credentials files to read instead of `~/.aws/credentials`.
    pub shared_credentials_files: Option<Vec<String>>,
    /// The id of an access key. Better: a role, through `assume_role_with_web_identity` or a profile.
    #[mesh(sensitive)]
    pub access_key: Option<String>,
    /// The secret of the access key.
    #[mesh(sensitive)]
    pub secret_key: Option<String>,
    /// The session token that belongs to temporary keys.
    #[mesh(sensitive)]
    pub token: Option<String>,
    /// A role to take on, with the credentials found otherwise.
    #[mesh(block)]
    pub assume_role: Option<AssumeRole>,
    /// A role to take on by an OpenID Connect identity token, as pipelines hand one out. Needs no other credentials.
    #[mesh(block)]
    pub assume_role_with_web_identity: Option<WebIdentity>,
    /// Tags that every resource gets which can have tags. A resource's own tags go first.
    #[mesh(block)]
    pub default_tags: Option<DefaultTags>,
    /// Tags that others keep on the resources: neither shown nor changed.
    #[mesh(block)]
    pub ignore_tags: Option<IgnoreTags>,
    /// Accounts that may be changed: with credentials of any other one nothing is done.
    pub allowed_account_ids: Option<Vec<String>>,
    /// Accounts that may not be changed.
    pub forbidden_account_ids: Option<Vec<String>>,
    /// How often a request is sent at most, when a service is busy, throttles, or does not answer.
    #[mesh(default = 10)]
    pub max_retries: u32,
    /// The endpoint of all services, for an emulator or a private network. `endpoints` goes first.
    pub endpoint_url: Option<String>,
    /// Endpoints of single services.
    #[mesh(block)]
    pub endpoints: Option<Endpoints>,
    /// Whether a bucket's name stands in the path of S3's addresses rather than in the host's name.
    #[mesh(default = false)]
    pub s3_use_path_style: bool,
    /// Whether to use endpoints whose cryptography is validated for the United States' FIPS 140.
    #[mesh(default = false)]
    pub use_fips_endpoint: bool,
    /// Whether to use endpoints that are also reached by IPv6.
    #[mesh(default = false)]
    pub use_dualstack_endpoint: bool,
    /// Whether to begin without making sure that there are credentials.
    #[mesh(default = false)]
    pub skip_credentials_validation: bool,
    /// Whether not to ask this machine's metadata service for credentials or a region.
    #[mesh(default = false)]
    pub skip_metadata_api_check: bool,
    /// Whether to accept a region whose name has an unusual form.
    #[mesh(default = false)]
    pub skip_region_validation: bool,
    /// Makes no difference: which account it is, is only asked where something needs it. Configurations may say it.
    #[mesh(default = false)]
    pub skip_requesting_account_id: bool,
}

/// A role to take on.
#[derive(Block, Clone, PartialEq, Eq)]
pub struct AssumeRole {
    /// The role's ARN.
    pub role_arn: String,
    /// The name of the session, which the account's logs show. `mesh` where it is left out.
    pub session_name: Option<String>,
    /// What the role's owner agreed on with who takes it, so that nobody else can have them take it.
    #[mesh(sensitive)]
    pub external_id: Option<String>,
    /// How long the session lasts, such as `"1h"`: from 15 minutes to 12 hours.
    pub duration: Option<String>,
    /// A policy, in JSON, that narrows what the session may do.
    pub policy: Option<String>,
    /// Managed policies that narrow what the session may do.
    pub policy_arns: Option<Vec<String>>,
    /// Tags of the session.
    pub tags: Option<BTreeMap<String, String>>,
}

/// A role to take on by an identity token.
#[derive(Block, Clone, PartialEq, Eq)]
pub struct WebIdentity {
    /// The role's ARN.
    pub role_arn: String,
    /// The name of the session, which the account's logs show. `mesh` where it is left out.
    pub session_name: Option<String>,
    /// The identity token itself. Give either this or `web_identity_token_file`.
    #[mesh(sensitive)]
    pub web_identity_token: Option<String>,
    /// A file with the identity token; read again for each session.
    pub web_identity_token_file: Option<String>,
    /// How long the session lasts, such as `"1h"`: from 15 minutes to 12 hours.
    pub duration: Option<String>,
    /// A policy, in JSON, that narrows what the session may do.
    pub policy: Option<String>,
    /// Managed policies that narrow what the session may do.
    pub policy_arns: Option<Vec<String>>,
}

/// Tags that every resource gets.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct DefaultTags {
    /// The tags.
    pub tags: Option<BTreeMap<String, String>>,
}

/// Tags that others keep.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreTags {
    /// Their keys.
    pub keys: Option<Vec<String>>,
    /// What their keys begin with.
    pub key_prefixes: Option<Vec<String>>,
}

/// Endpoints of single services, as URLs.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Athena.
    pub athena: Option<String>,
    /// Budgets.
    pub budgets: Option<String>,
    /// CloudWatch.
    pub cloudwatch: Option<String>,
    /// CloudWatch Logs.
    pub logs: Option<String>,
    /// The container registry.
    pub ecr: Option<String>,
    /// Elastic MapReduce.
    pub emr: Option<String>,
    /// EMR Serverless.
    pub emrserverless: Option<String>,
    /// Glue.
    pub glue: Option<String>,
    /// Identity and Access Management.
    pub iam: Option<String>,
    /// The Key Management Service.
    pub kms: Option<String>,
    /// Lake Formation.
    pub lakeformation: Option<String>,
    /// S3.
    pub s3: Option<String>,
    /// EventBridge Scheduler.
    pub scheduler: Option<String>,
    /// Step Functions.
    pub sfn: Option<String>,
    /// The Simple Notification Service.
    pub sns: Option<String>,
    /// The Security Token Service.
    pub sts: Option<String>,
}
