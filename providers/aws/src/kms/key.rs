//! `aws_kms_key`: a key that encrypts or signs, which never leaves the service.

use aws_sdk_kms::config::Builder as Override;
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::types::{KeyMetadata, KeySpec, KeyState, KeyUsageType};
use futures_util::future::try_join3;
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::cost;
use super::rotation;
use super::{ABSENT, key_tags, tag_list};
use crate::document::{self, same_policy};
use crate::failure::{Outcome as _, SdkError, Sent, has_code, says};
use crate::many::each;
use crate::once::Once;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::waiting::propagated;
use crate::{check, names};

/// A key of the Key Management Service.
///
/// Deleting it only begins a waiting time, after which nothing that it has encrypted can be read any more.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// What it is for.
    #[mesh(default = "")]
    pub description: String,
    /// What it does: `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC` or `KEY_AGREEMENT`.
    #[mesh(default = "ENCRYPT_DECRYPT", replace)]
    pub key_usage: String,
    /// The kind of the key, such as `SYMMETRIC_DEFAULT`, `RSA_4096` or `ECC_NIST_P256`.
    #[mesh(default = "SYMMETRIC_DEFAULT", replace)]
    pub customer_master_key_spec: String,
    /// Who may use and manage it, in JSON. Compared by what it allows and denies. Where it is left out, whom IAM lets.
    #[mesh(optional)]
    pub policy: Computed<String>,
    /// Whether to accept a policy that leaves nobody who could change it again.
    #[mesh(default = false)]
    pub bypass_policy_lockout_safety_check: bool,
    /// How many days a deletion waits, 7 to 30. AWS waits 30 where it is left out.
    pub deletion_window_in_days: Option<i32>,
    /// Whether it can be used.
    #[mesh(default = true)]
    pub is_enabled: bool,
    /// Whether its material is renewed now and then. Only of symmetric keys that encrypt.
    #[mesh(default = false)]
    pub enable_key_rotation: bool,
    /// Every how many days its material is renewed, 90 to 2560. AWS takes 365 where it is left out.
    #[mesh(optional)]
    pub rotation_period_in_days: Computed<i32>,
    /// Whether copies of it can be made in other regions.
    #[mesh(optional, replace)]
    pub multi_region: Computed<bool>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its id.
    pub key_id: Computed<String>,
    /// Its id.
    pub id: Computed<String>,
}

/// The resource type `aws_kms_key`.
pub(crate) struct KeyType;

impl Key {
    fn id(&self) -> &str {
        self.id.known().map_or("", String::as_str)
    }

    /// What is known of the key from its metadata.
    fn described(mut self, there: &KeyMetadata) -> Self {
        self.arn = there.arn().map(str::to_owned).into();
        self.key_id = Computed::Known(there.key_id().to_owned());
        self.id = Computed::Known(there.key_id().to_owned());
        self.multi_region = Computed::Known(there.multi_region().unwrap_or_default());
        self
    }

    /// The key as the service has it; `None` where it is gone or about to be.
    async fn read(mut self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let id = self.id().to_owned();
        let answer = aws.kms().describe_key().key_id(&id).send().await.found("kms:DescribeKey", ABSENT)?;
        let Some(there) = answer.and_then(|answer| answer.key_metadata).filter(stays) else { return Ok(None) };
        let policy = async {
            let answer = aws.kms().get_key_policy().key_id(&id).policy_name("default").send().await;
            Ok(answer.found("kms:GetKeyPolicy", ABSENT)?.and_then(|answer| answer.policy))
        };
        let (policy, rotation, tags) = try_join3(policy, rotation::read(aws, &id), key_tags(aws, &id)).await?;
        let Some(tags) = tags else { return Ok(None) };
        self.description = there.description().unwrap_or_default().to_owned();
        self.key_usage = there.key_usage().map_or(self.key_usage, |usage| usage.as_str().to_owned());
        let spec = there.key_spec().map(|spec| spec.as_str().to_owned());
        self.customer_master_key_spec = spec.unwrap_or(self.customer_master_key_spec);
        self.is_enabled = there.enabled();
        self.enable_key_rotation = rotation.enabled;
        // What was written for a key that does not rotate stays written.
        let written = self.rotation_period_in_days.into_known().filter(|_| !rotation.enabled);
        self.rotation_period_in_days = written.map_or_else(|| rotation::period(rotation), Computed::Known);
        let current = self.policy.into_known();
        self.policy = policy.map(|policy| document::kept(current.as_deref(), policy, same_policy)).into();
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tags);
        self.id = Computed::Unknown;
        Ok(Some(self.described(&there)))
    }

    /// A key as it is right after it was made, before rotation and the like are set.
    fn fresh(&self) -> Self {
        Self { is_enabled: true, enable_key_rotation: false, rotation_period_in_days: Computed::Null, ..self.clone() }
    }
}

impl ResourceType for KeyType {
    const NAME: &'static str = "aws_kms_key";
    const PERMISSIONS: Permissions = Permissions {
        read: &[
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
            "kms:ListKeys",
        ],
        create: &["kms:CreateKey", "kms:TagResource", "kms:EnableKeyRotation", "kms:DisableKey"],
        update: &[
            "kms:EnableKey",
            "kms:DisableKey",
            "kms:EnableKeyRotation",
            "kms:DisableKeyRotation",
            "kms:UpdateKeyDescription",
            "kms:PutKeyPolicy",
            "kms:TagResource",
            "kms:UntagResource",
        ],
        delete: &["kms:ScheduleKeyDeletion"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Key;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems: Vec<_> = document::invalid(config, "policy").into_iter().collect();
        problems.extend(check::one_of(config, "key_usage", KeyUsageType::values()));
        problems.extend(check::one_of(config, "customer_master_key_spec", KeySpec::values()));
        problems.extend(check::within(config, "deletion_window_in_days", 7, 30));
        problems.extend(check::within(config, "rotation_period_in_days", 90, 2560));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        document::keep(draft, "policy", same_policy);
        let turned_on = draft.changes("enable_key_rotation");
        if turned_on && draft.config("rotation_period_in_days").is_null() {
            draft.set_unknown("rotation_period_in_days");
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Key, operation: &Operation) -> Result<Key, ChangeError<Key>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let list = tag_list(&tags)?;
        // The service makes another key each time that it is asked.
        let send = || {
            aws.kms()
                .create_key()
                .description(&planned.description)
                .key_usage(KeyUsageType::from(planned.key_usage.as_str()))
                .key_spec(KeySpec::from(planned.customer_master_key_spec.as_str()))
                .set_policy(planned.policy.known().cloned())
                .bypass_policy_lockout_safety_check(planned.bypass_policy_lockout_safety_check)
                .set_multi_region(planned.multi_region.known().copied())
                .set_tags(Some(list.clone()))
                .customize()
                .config_override(Override::new().retry_classifier(Once))
                .send()
        };
        let there = match propagated(operation, "kms:CreateKey", is_early, send).await.sent("kms:CreateKey", &[]) {
            Sent::Done(answer) => answer.key_metadata.map(|there| planned.clone().described(&there)),
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => match by_token(aws, &operation.token).await {
                Ok(Some(id)) => Some(Key { id: Computed::Known(id), ..planned.clone() }),
                _ => return Err(ChangeError::unsure(failure)),
            },
        };
        let Some(there) = there else {
            let failure = Failure::new("No answer from AWS", "kms `CreateKey` answered without the key that it made.");
            return Err(ChangeError::unsure(failure));
        };
        let (tags, tags_all) = tags::seen(aws, there.tags.as_ref(), tags);
        let there = Key { tags, tags_all, ..there };
        let half = Key { policy: Computed::Null, ..there.fresh() };
        rotation::apply(aws, operation, there.id(), &there.fresh(), &there)
            .await
            .map_err(|failure| ChangeError::leaving(failure, half.clone()))?;
        settled(aws, there).await.map_err(|failure| ChangeError::leaving(failure, half))
    }

    async fn read(aws: &Aws, current: Vec<Key>) -> Vec<Result<Option<Key>, Failure>> {
        // A listing has nothing but ids.
        each(current, |key| key.read(aws)).await
    }

    async fn update(aws: &Aws, prior: Key, planned: Key, operation: &Operation) -> Result<Key, ChangeError<Key>> {
        let id = prior.id().to_owned();
        rotation::apply(aws, operation, &id, &prior, &planned).await?;
        if prior.description != planned.description {
            let call = aws.kms().update_key_description().key_id(&id).description(&planned.description);
            call.send().await.calling("kms:UpdateKeyDescription")?;
        }
        if let Some(policy) = planned.policy.known().filter(|policy| prior.policy.known() != Some(policy)) {
            let send = || {
                let call = aws.kms().put_key_policy().key_id(&id).policy_name("default").policy(policy);
                call.bypass_policy_lockout_safety_check(planned.bypass_policy_lockout_safety_check).send()
            };
            propagated(operation, "kms:PutKeyPolicy", is_early, send).await.calling("kms:PutKeyPolicy")?;
        }
        let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
        if !remove.is_empty() {
            let call = aws.kms().untag_resource().key_id(&id).set_tag_keys(Some(remove));
            call.send().await.calling("kms:UntagResource")?;
        }
        if !set.is_empty() {
            let call = aws.kms().tag_resource().key_id(&id).set_tags(Some(tag_list(&set)?));
            call.send().await.calling("kms:TagResource")?;
        }
        Ok(settled(aws, planned).await?)
    }

    async fn delete(aws: &Aws, prior: Key, _: &Operation) -> Result<(), Failure> {
        let call = aws.kms().schedule_key_deletion().key_id(prior.id());
        let answer = call.set_pending_window_in_days(prior.deletion_window_in_days).send().await;
        if answer.as_ref().is_err_and(|error| has_code(error, &["KMSInvalidStateException"]) && says(error, "pending"))
        {
            return Ok(());
        }
        answer.gone("kms:ScheduleKeyDeletion", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Key, token: &str) -> Result<Found<Key>, Failure> {
        let Some(id) = by_token(aws, token).await? else { return Ok(Found::Absent) };
        let expected = (planned.is_enabled, planned.enable_key_rotation);
        let found = Key { id: Computed::Known(id), ..planned }.read(aws).await?;
        Ok(match found {
            Some(key) if (key.is_enabled, key.enable_key_rotation) == expected => Found::Complete(key),
            Some(key) => Found::Partial(key),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Key, Failure> {
        let plain = id.rsplit_once(":key/").map_or(id, |(_, id)| id);
        let key = Key {
            description: String::new(),
            // What a key is where the service says nothing else.
            key_usage: KeyUsageType::EncryptDecrypt.as_str().to_owned(),
            customer_master_key_spec: KeySpec::SymmetricDefault.as_str().to_owned(),
            policy: Computed::Unknown,
            bypass_policy_lockout_safety_check: false,
            deletion_window_in_days: None,
            is_enabled: true,
            enable_key_rotation: false,
            rotation_period_in_days: Computed::Unknown,
            multi_region: Computed::Unknown,
            tags: None,
            tags_all: Computed::Unknown,
            arn: Computed::Unknown,
            key_id: Computed::Unknown,
            id: Computed::Known(plain.to_owned()),
        };
        key.read(aws).await?.ok_or_else(|| names::nothing_to_import("KMS key", id, "its id"))
    }
}

/// The key with what the service chose where nothing was written.
async fn settled(aws: &Aws, key: Key) -> Result<Key, Failure> {
    let known =
        key.policy.known().is_some() && (!key.enable_key_rotation || key.rotation_period_in_days.known().is_some());
    if known {
        let period = key.rotation_period_in_days.known().copied().into();
        return Ok(Key { rotation_period_in_days: period, ..key });
    }
    let id = key.id().to_owned();
    key.read(aws).await?.ok_or_else(|| names::vanished("KMS key", &id))
}

/// The key that the create with this token made. Only its tags tell, and they have to be asked for key by key.
async fn by_token(aws: &Aws, token: &str) -> Result<Option<String>, Failure> {
    let mut pages = aws.kms().list_keys().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.calling("kms:ListKeys")?;
        let ids: Vec<_> = page.keys().iter().filter_map(|key| key.key_id()).map(str::to_owned).collect();
        let found = each(ids, |id| async move {
            // AWS's own keys do not show their tags.
            let tags = key_tags(aws, &id).await.ok().flatten();
            tags.is_some_and(|tags| tags::is_from(&tags, token)).then_some(id)
        });
        if let Some(id) = found.await.into_iter().flatten().next() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Whether a key is neither deleted nor about to be.
fn stays(key: &KeyMetadata) -> bool {
    !matches!(key.key_state(), Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion))
}

/// The policy names a role that the service does not know yet.
fn is_early<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["MalformedPolicyDocumentException"]) && says(error, "principal")
}
