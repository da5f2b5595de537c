//! What a workgroup prescribes for its queries: the nested block, the API's form of it, and the difference of two.

use aws_sdk_athena::types::{
    AclConfiguration, EncryptionConfiguration, EncryptionOption, EngineVersion as Engine, ResultConfiguration,
    ResultConfigurationUpdates, S3AclOption, WorkGroupConfiguration, WorkGroupConfigurationUpdates,
};
use mesh_provider::{Block, Computed, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use crate::check;
use crate::failure::incomplete;

/// Athena counts at least this many bytes for a query, so no cutoff can be lower.
pub(super) const LOWEST_CUTOFF: i64 = 10_485_760;

/// What holds for the queries of a workgroup.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// How many bytes one query may read before it is stopped: 10485760 (10 MiB) at least. This is the guard against
    /// queries that cost more than anybody meant.
    pub bytes_scanned_cutoff_per_query: Option<i64>,
    /// Whether these settings go before those that a query brings along.
    #[mesh(default = true)]
    pub enforce_workgroup_configuration: bool,
    /// Whether CloudWatch gets figures about the queries.
    #[mesh(default = true)]
    pub publish_cloudwatch_metrics_enabled: bool,
    /// Whether queries may read buckets whose readers pay.
    #[mesh(default = false)]
    pub requester_pays_enabled: bool,
    /// The role by which Spark notebooks of the workgroup read and write.
    pub execution_role: Option<String>,
    /// The version of the engine.
    #[mesh(block)]
    pub engine_version: Option<EngineVersion>,
    /// Where results go, and how they are kept.
    #[mesh(block)]
    pub result_configuration: Option<Results>,
}

/// The version of the engine.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct EngineVersion {
    /// The wanted one, such as `Athena engine version 3`; `AUTO` leaves it to Athena.
    #[mesh(default = "AUTO")]
    pub selected_engine_version: String,
    /// The one that queries run on.
    pub effective_engine_version: Computed<String>,
}

/// Where results go, and how they are kept.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Results {
    /// The place in S3, such as `s3://bucket/results/`.
    pub output_location: Option<String>,
    /// The id of the account that the bucket must belong to.
    pub expected_bucket_owner: Option<String>,
    /// How results are encrypted.
    #[mesh(block)]
    pub encryption_configuration: Option<Encryption>,
    /// Who owns the results.
    #[mesh(block)]
    pub acl_configuration: Option<Acl>,
}

/// How results are encrypted.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// `SSE_S3`, `SSE_KMS`, or `CSE_KMS` for encryption before they are sent.
    pub encryption_option: String,
    /// The ARN of the key, for `SSE_KMS` and `CSE_KMS`.
    pub kms_key_arn: Option<String>,
}

/// Who owns the results.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Acl {
    /// `BUCKET_OWNER_FULL_CONTROL`: who owns the bucket.
    pub s3_acl_option: String,
}

impl Default for Configuration {
    /// What a workgroup has for which nothing is written.
    fn default() -> Self {
        Self {
            bytes_scanned_cutoff_per_query: None,
            enforce_workgroup_configuration: true,
            publish_cloudwatch_metrics_enabled: true,
            requester_pays_enabled: false,
            execution_role: None,
            engine_version: None,
            result_configuration: None,
        }
    }
}

impl Configuration {
    /// As Athena has it. Where no version or no results are `written`, the ones that Athena chose are not shown.
    pub(super) fn seen(written: Option<&Self>, there: &WorkGroupConfiguration) -> Self {
        let version = there.engine_version().map(|engine| EngineVersion {
            selected_engine_version: engine.selected_engine_version().unwrap_or("AUTO").to_owned(),
            effective_engine_version: engine.effective_engine_version().map(str::to_owned).into(),
        });
        let own_version = written.is_some_and(|written| written.engine_version.is_some());
        let results = there.result_configuration().map(Results::seen).unwrap_or_default();
        let own_results = written.is_some_and(|written| written.result_configuration.is_some());
        Self {
            bytes_scanned_cutoff_per_query: there.bytes_scanned_cutoff_per_query(),
            enforce_workgroup_configuration: there.enforce_work_group_configuration().unwrap_or(true),
            publish_cloudwatch_metrics_enabled: there.publish_cloud_watch_metrics_enabled().unwrap_or(true),
            requester_pays_enabled: there.requester_pays_enabled().unwrap_or(false),
            execution_role: there.execution_role().map(str::to_owned),
            engine_version: version.filter(|version| own_version || version.selected_engine_version != "AUTO"),
            result_configuration: Some(results).filter(|results| own_results || *results != Results::default()),
        }
    }

    /// What a new workgroup is made with.
    pub(super) fn whole(&self) -> Result<WorkGroupConfiguration, Failure> {
        let results = self.result_configuration.as_ref().map(Results::whole).transpose()?;
        Ok(WorkGroupConfiguration::builder()
            .set_bytes_scanned_cutoff_per_query(self.bytes_scanned_cutoff_per_query)
            .enforce_work_group_configuration(self.enforce_workgroup_configuration)
            .publish_cloud_watch_metrics_enabled(self.publish_cloudwatch_metrics_enabled)
            .requester_pays_enabled(self.requester_pays_enabled)
            .set_execution_role(self.execution_role.clone())
            .set_engine_version(self.engine_version.as_ref().map(engine))
            .set_result_configuration(results)
            .build())
    }

    /// What is sent so that a workgroup which has `before` gets this; `None` where there is nothing to do.
    pub(super) fn updates(&self, before: &Self) -> Result<Option<WorkGroupConfigurationUpdates>, Failure> {
        if self == before {
            return Ok(None);
        }
        let changed = |changed: bool, value: bool| changed.then_some(value);
        let cutoff = (self.bytes_scanned_cutoff_per_query, before.bytes_scanned_cutoff_per_query);
        let (own, prior) = (self.selected(), before.selected());
        let (results, were) = (self.result_configuration.clone(), before.result_configuration.clone());
        let (results, were) = (results.unwrap_or_default(), were.unwrap_or_default());
        let results = if results == were { None } else { Some(results.updates(&were)?) };
        let updates = WorkGroupConfigurationUpdates::builder()
            .set_bytes_scanned_cutoff_per_query(cutoff.0.filter(|_| cutoff.0 != cutoff.1))
            .set_remove_bytes_scanned_cutoff_per_query((cutoff.0.is_none() && cutoff.1.is_some()).then_some(true))
            .set_enforce_work_group_configuration(changed(
                self.enforce_workgroup_configuration != before.enforce_workgroup_configuration,
                self.enforce_workgroup_configuration,
            ))
            .set_publish_cloud_watch_metrics_enabled(changed(
                self.publish_cloudwatch_metrics_enabled != before.publish_cloudwatch_metrics_enabled,
                self.publish_cloudwatch_metrics_enabled,
            ))
            .set_requester_pays_enabled(changed(
                self.requester_pays_enabled != before.requester_pays_enabled,
                self.requester_pays_enabled,
            ))
            .set_execution_role(self.execution_role.clone().filter(|role| Some(role) != before.execution_role.as_ref()))
            .set_engine_version((own != prior).then(|| Engine::builder().selected_engine_version(own).build()))
            .set_result_configuration_updates(results);
        Ok(Some(updates.build()))
    }

    /// The wanted version of the engine.
    fn selected(&self) -> &str {
        self.engine_version.as_ref().map_or("AUTO", |version| &version.selected_engine_version)
    }
}

impl Results {
    fn seen(there: &ResultConfiguration) -> Self {
        Self {
            output_location: there.output_location().map(str::to_owned),
            expected_bucket_owner: there.expected_bucket_owner().map(str::to_owned),
            encryption_configuration: there.encryption_configuration().map(|encryption| Encryption {
                encryption_option: encryption.encryption_option().as_str().to_owned(),
                kms_key_arn: encryption.kms_key().map(str::to_owned),
            }),
            acl_configuration: there
                .acl_configuration()
                .map(|acl| Acl { s3_acl_option: acl.s3_acl_option().as_str().to_owned() }),
        }
    }

    fn whole(&self) -> Result<ResultConfiguration, Failure> {
        Ok(ResultConfiguration::builder()
            .set_output_location(self.output_location.clone())
            .set_expected_bucket_owner(self.expected_bucket_owner.clone())
            .set_encryption_configuration(self.encryption()?)
            .set_acl_configuration(self.acl()?)
            .build())
    }

    fn updates(&self, before: &Self) -> Result<ResultConfigurationUpdates, Failure> {
        fn gone<T>(now: Option<&T>, before: Option<&T>) -> Option<bool> {
            (now.is_none() && before.is_some()).then_some(true)
        }
        let owner = (self.expected_bucket_owner.as_ref(), before.expected_bucket_owner.as_ref());
        let place = (self.output_location.as_ref(), before.output_location.as_ref());
        let encryption = (self.encryption_configuration.as_ref(), before.encryption_configuration.as_ref());
        let acl = (self.acl_configuration.as_ref(), before.acl_configuration.as_ref());
        Ok(ResultConfigurationUpdates::builder()
            .set_output_location(place.0.filter(|_| place.0 != place.1).cloned())
            .set_remove_output_location(gone(place.0, place.1))
            .set_expected_bucket_owner(owner.0.filter(|_| owner.0 != owner.1).cloned())
            .set_remove_expected_bucket_owner(gone(owner.0, owner.1))
            .set_encryption_configuration(self.encryption()?.filter(|_| encryption.0 != encryption.1))
            .set_remove_encryption_configuration(gone(encryption.0, encryption.1))
            .set_acl_configuration(self.acl()?.filter(|_| acl.0 != acl.1))
            .set_remove_acl_configuration(gone(acl.0, acl.1))
            .build())
    }

    fn encryption(&self) -> Result<Option<EncryptionConfiguration>, Failure> {
        let built = self.encryption_configuration.as_ref().map(|encryption| {
            EncryptionConfiguration::builder()
                .encryption_option(EncryptionOption::from(encryption.encryption_option.as_str()))
                .set_kms_key(encryption.kms_key_arn.clone())
                .build()
        });
        built.transpose().map_err(incomplete)
    }

    fn acl(&self) -> Result<Option<AclConfiguration>, Failure> {
        let built = self.acl_configuration.as_ref().map(|acl| {
            AclConfiguration::builder().s3_acl_option(S3AclOption::from(acl.s3_acl_option.as_str())).build()
        });
        built.transpose().map_err(incomplete)
    }
}

fn engine(version: &EngineVersion) -> Engine {
    Engine::builder().selected_engine_version(&version.selected_engine_version).build()
}

/// What is wrong in a written block.
pub(super) fn problems(configuration: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = Vec::new();
    let cutoff = configuration.get("bytes_scanned_cutoff_per_query").and_then(check::whole);
    if let Some(bytes) = cutoff.filter(|bytes| *bytes < LOWEST_CUTOFF) {
        let detail = format!("The cutoff is {bytes} bytes; Athena takes {LOWEST_CUTOFF} (10 MiB) at least.");
        let problem = ProviderDiagnostic::error("Invalid cutoff", detail);
        problems.push(problem.at(AttributePath::attr("bytes_scanned_cutoff_per_query")));
    }
    problems.extend(check::inside(configuration, "result_configuration", |results| {
        let mut problems = check::account_id(results, "expected_bucket_owner");
        let place = results.get("output_location").and_then(Value::as_str);
        if let Some(place) = place.filter(|place| !place.starts_with("s3://")) {
            let detail = format!("\"{place}\" is no place in S3; write it like \"s3://bucket/results/\".");
            let problem = ProviderDiagnostic::error("Invalid location", detail);
            problems.push(problem.at(AttributePath::attr("output_location")));
        }
        problems.extend(check::inside(results, "acl_configuration", |acl| {
            check::one_of(acl, "s3_acl_option", &["BUCKET_OWNER_FULL_CONTROL"])
        }));
        problems.extend(check::inside(results, "encryption_configuration", encryption));
        problems
    }));
    problems
}

fn encryption(block: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = check::one_of(block, "encryption_option", &["SSE_S3", "SSE_KMS", "CSE_KMS"]);
    let option = block.get("encryption_option").and_then(Value::as_str).unwrap_or_default();
    let key = block.get("kms_key_arn").is_some_and(|key| !key.is_null());
    let why = match option {
        "SSE_KMS" | "CSE_KMS" if !key => format!("`{option}` needs the ARN of a key."),
        "SSE_S3" if key => "With `SSE_S3`, S3 has its own key: leave this out, or use `SSE_KMS`.".to_owned(),
        _ => return problems,
    };
    problems.push(ProviderDiagnostic::error("Invalid encryption", why).at(AttributePath::attr("kms_key_arn")));
    problems
}
