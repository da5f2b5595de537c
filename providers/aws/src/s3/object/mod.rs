//! `aws_s3_object`: something in a bucket, from a text, from bytes or from a file.

mod content;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use aws_sdk_s3::types::StorageClass;
use futures_util::future::try_join;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use self::content::{Content, Upload};
use super::{contents, pairs};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::{check, names};

/// An object in a bucket. Its content comes from `content`, `content_base64` or the file `source`; a change of that file
/// is a change of the object.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    /// The bucket's name.
    #[mesh(replace)]
    pub bucket: String,
    /// The object's key: its path in the bucket.
    #[mesh(replace)]
    pub key: String,
    /// The text to store.
    pub content: Option<String>,
    /// The bytes to store, in Base64.
    pub content_base64: Option<String>,
    /// The file to store. A relative path starts at the root module.
    pub source: Option<String>,
    /// Anything that changes when the content does, such as `filemd5("...")`: an upload follows each change of it.
    pub source_hash: Option<String>,
    /// The object's entity tag, by which a change of what is stored shows. Without a key of the Key Management Service it
    /// is the MD5 sum of the content, so `filemd5("...")` may be written.
    #[mesh(optional, computed_on_change)]
    pub etag: Computed<String>,
    /// The kind of the content, such as `application/json`.
    #[mesh(optional)]
    pub content_type: Computed<String>,
    /// How long it may be cached, as HTTP's `Cache-Control`.
    pub cache_control: Option<String>,
    /// How it is shown, as HTTP's `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// How it is packed, as HTTP's `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// Its language, as HTTP's `Content-Language`.
    pub content_language: Option<String>,
    /// What is kept with it, under keys in lower case.
    pub metadata: Option<BTreeMap<String, String>>,
    /// The storage class, such as `STANDARD_IA`. `STANDARD` where it is left out.
    #[mesh(optional)]
    pub storage_class: Computed<String>,
    /// How it is encrypted: `AES256`, `aws:kms` or `aws:kms:dsse`. As the bucket says where it is left out.
    #[mesh(optional)]
    pub server_side_encryption: Computed<String>,
    /// The ARN of the key that encrypts it.
    #[mesh(optional)]
    pub kms_key_id: Computed<String>,
    /// Whether it uses the bucket's key, which costs less than one of its own.
    #[mesh(optional)]
    pub bucket_key_enabled: Computed<bool>,
    /// Whether deleting it goes past a lock in governance mode.
    #[mesh(default = false)]
    pub force_destroy: bool,
    /// Its tags, 10 at most.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its version, where the bucket keeps versions.
    #[mesh(computed_on_change)]
    pub version_id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its key.
    pub id: Computed<String>,
}

/// The resource type `aws_s3_object`.
pub(crate) struct ObjectType;

/// The key of the metadata that holds the token of the create that made the object: it is written together with it, and
/// unlike a tag takes none of the ten that an object can have. It is never shown.
const CREATION: &str = "mesh-creation";

/// What S3 calls an object that is not there. A HEAD request is answered without a body, so only by its status.
const NO_OBJECT: &[&str] = &["NotFound", "NoSuchKey", "NoSuchBucket"];

impl Object {
    /// The object as S3 has it, and the token of the create that made it; `None` where it is gone.
    async fn read(mut self, aws: &Aws) -> Result<Option<(Self, Option<String>)>, Failure> {
        let (bucket, key) = (self.bucket.clone(), self.key.clone());
        let head =
            async { aws.s3().head_object().bucket(&bucket).key(&key).send().await.found("s3:GetObject", NO_OBJECT) };
        let tags = async {
            let answer = aws.s3().get_object_tagging().bucket(&bucket).key(&key).send().await;
            // The marker of a deleted object takes no such question.
            answer.found("s3:GetObjectTagging", &["NoSuchKey", "NoSuchBucket", "MethodNotAllowed"])
        };
        let (Some(head), Some(tagging)) = try_join(head, tags).await? else { return Ok(None) };
        let mut metadata: BTreeMap<String, String> = head.metadata.into_iter().flatten().collect();
        let token = metadata.remove(CREATION);
        self.metadata = Some(metadata).filter(|metadata| self.metadata.is_some() || !metadata.is_empty());
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), pairs(tagging.tag_set()));
        self.etag = head.e_tag.map(|etag| etag.trim_matches('"').to_owned()).into();
        self.version_id = head.version_id.into();
        self.content_type = head.content_type.into();
        self.cache_control = head.cache_control;
        self.content_disposition = head.content_disposition;
        // Uploads in chunks may leave their own coding behind.
        self.content_encoding = head.content_encoding.filter(|coding| !coding.is_empty() && coding != "aws-chunked");
        self.content_language = head.content_language;
        let class = head.storage_class.map_or_else(|| "STANDARD".to_owned(), |class| class.as_str().to_owned());
        self.storage_class = Computed::Known(class);
        self.server_side_encryption = head.server_side_encryption.map(|kind| kind.as_str().to_owned()).into();
        let written = self.kms_key_id.into_known();
        self.kms_key_id = head.ssekms_key_id.map(|key| written.filter(|own| is_key(own, &key)).unwrap_or(key)).into();
        self.bucket_key_enabled = Computed::Known(head.bucket_key_enabled.unwrap_or_default());
        Ok(Some((self.identified(aws), token)))
    }

    fn identified(mut self, aws: &Aws) -> Self {
        self.arn = Computed::Known(format!("arn:{}:s3:::{}/{}", aws.partition(), self.bucket, self.key));
        self.id = Computed::Known(self.key.clone());
        self
    }

    /// What was written, with what S3 chose. An etag that was foretold and is another one is an error.
    async fn written(
        self,
        aws: &Aws,
        uploaded: Option<&Content>,
        operation: &Operation,
    ) -> Result<Self, ChangeError<Self>> {
        let foretold = self.etag.known().cloned();
        let left = Self { etag: Computed::Null, version_id: Computed::Null, ..self.clone().identified(aws) };
        let there = match self.read(aws).await {
            Ok(Some((there, _))) => there,
            Ok(None) => return Err(names::vanished("object", &left.key).into()),
            Err(failure) => return Err(ChangeError::leaving(failure, left.settled())),
        };
        if let Some(content) = uploaded {
            operation.set_private(Upload::note(content, there.etag.known().map(String::as_str)));
        }
        match (foretold, there.etag.known()) {
            (Some(foretold), Some(etag)) if foretold != *etag => {
                let detail = format!(
                    "The object was written, but its entity tag is {etag}, and `etag` says {foretold}. Either the content \
                     is another one than `etag` was made of, or the object is encrypted with a key of the Key Management \
                     Service, and then its tag is no MD5 sum: write `source_hash` instead."
                );
                let failure = Failure::new("Entity tag is another one", detail);
                Err(ChangeError::leaving(failure.at(&AttributePath::attr("etag")), there))
            }
            _ => Ok(there),
        }
    }

    /// Without anything that is not known.
    fn settled(mut self) -> Self {
        for text in [&mut self.content_type, &mut self.storage_class, &mut self.server_side_encryption] {
            *text = text.known().cloned().into();
        }
        self.kms_key_id = self.kms_key_id.into_known().into();
        self.bucket_key_enabled = self.bucket_key_enabled.into_known().into();
        self.tags_all = self.tags_all.into_known().into();
        self
    }
}

impl ResourceType for ObjectType {
    const NAME: &'static str = "aws_s3_object";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:GetObject", "s3:GetObjectTagging", "s3:ListBucket"],
        create: &["s3:PutObject", "s3:PutObjectTagging"],
        update: &["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObjectTagging"],
        delete: &["s3:DeleteObject", "s3:ListBucketVersions", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
    };
    /// It is part of what its bucket stores.
    const COSTS: Costs = Costs::Free;
    type Model = Object;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "content", "content_base64");
        problems.extend(check::exclusive(config, "content", "source"));
        problems.extend(check::exclusive(config, "content_base64", "source"));
        problems.extend(check::exclusive(config, "etag", "kms_key_id"));
        problems.extend(check::one_of(config, "storage_class", StorageClass::values()));
        problems.extend(check::one_of(config, "server_side_encryption", &["AES256", "aws:kms", "aws:kms:dsse"]));
        problems.extend(content::problems(config));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if draft.changes("bucket") || draft.changes("key") {
            match draft.planned_as::<String>("key") {
                Some(key) => draft.set("id", &key),
                None => draft.set_unknown("id"),
            }
            match draft.planned_as::<String>("bucket").zip(draft.planned_as::<String>("key")) {
                Some((bucket, key)) => draft.set("arn", &format!("arn:{}:s3:::{bucket}/{key}", aws.partition())),
                None => draft.set_unknown("arn"),
            }
        }
        content::plan(aws, draft).await;
    }

    async fn create(aws: &Aws, planned: Object, operation: &Operation) -> Result<Object, ChangeError<Object>> {
        let content = Content::of(aws, &planned).await?;
        let tags = planned.tags_all.known().cloned().unwrap_or_default();
        // The service refuses to write over what is there; stores that don't know that condition are asked before.
        if let Some((_, token)) = planned.clone().read(aws).await?
            && token.as_ref() != Some(&operation.token)
        {
            return Err(taken(&planned).into());
        }
        let call = write::request(aws, &planned, &content, &tags, Some(&operation.token)).await?.if_none_match("*");
        let there = &["PreconditionFailed", "ConditionalRequestConflict"];
        match call.send().await.sent("s3:PutObject", there) {
            Sent::Done(_) => {}
            Sent::Taken(_) => {
                let found = planned.clone().read(aws).await?;
                if found.is_none_or(|(_, token)| token.as_ref() != Some(&operation.token)) {
                    return Err(taken(&planned).into());
                }
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        planned.written(aws, Some(&content), operation).await
    }

    async fn read(aws: &Aws, current: Vec<Object>) -> Vec<Result<Option<Object>, Failure>> {
        // A listing has neither the metadata nor the tags.
        each(current, |object| async { Ok(object.read(aws).await?.map(|(object, _)| object)) }).await
    }

    async fn update(
        aws: &Aws,
        prior: Object,
        planned: Object,
        operation: &Operation,
    ) -> Result<Object, ChangeError<Object>> {
        let tags_only = Object {
            tags: planned.tags.clone(),
            tags_all: planned.tags_all.clone(),
            force_destroy: planned.force_destroy,
            etag: prior.etag.clone(),
            version_id: prior.version_id.clone(),
            ..prior.clone()
        };
        let as_before = Object { etag: prior.etag.clone(), version_id: prior.version_id.clone(), ..planned.clone() };
        let content = Content::of(aws, &planned).await?;
        let etag = prior.etag.known().map(String::as_str);
        let upload = Upload::kept(&operation.private(), etag, prior.kms_key_id.known().is_some());
        let same_content = upload.is_of(&content.digest()) && upload.is_held_by(etag);
        let foretold = planned.etag.known().is_none_or(|foretold| etag == Some(foretold));
        if as_before == tags_only && same_content && foretold {
            let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
            if !remove.is_empty() || !set.is_empty() {
                write::retag(aws, &planned).await?;
            }
            return planned.written(aws, None, operation).await;
        }
        let tags = planned.tags_all.known().cloned().unwrap_or_default();
        let call = write::request(aws, &planned, &content, &tags, None).await?;
        call.send().await.calling("s3:PutObject")?;
        planned.written(aws, Some(&content), operation).await
    }

    async fn delete(aws: &Aws, prior: Object, operation: &Operation) -> Result<(), Failure> {
        let Object { bucket, key, force_destroy, .. } = &prior;
        if prior.version_id.known().is_some() {
            return contents::delete_versions(aws, bucket, key, *force_destroy, operation).await;
        }
        aws.s3().delete_object().bucket(bucket).key(key).send().await.gone("s3:DeleteObject", NO_OBJECT)
    }

    async fn locate(aws: &Aws, planned: Object, token: &str) -> Result<Found<Object>, Failure> {
        let found = planned.read(aws).await?;
        let ours = found.filter(|(_, made_by)| made_by.as_deref() == Some(token));
        Ok(ours.map_or(Found::Absent, |(object, _)| Found::Complete(object)))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Object, Failure> {
        let place = id.strip_prefix("s3://").unwrap_or(id).split_once('/').filter(|(_, key)| !key.is_empty());
        let form = "`BUCKET/KEY`";
        let (bucket, key) = place.ok_or_else(|| names::nothing_to_import("object", id, form))?;
        let object = Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            content: None,
            content_base64: None,
            source: None,
            source_hash: None,
            etag: Computed::Unknown,
            content_type: Computed::Unknown,
            cache_control: None,
            content_disposition: None,
            content_encoding: None,
            content_language: None,
            metadata: None,
            storage_class: Computed::Unknown,
            server_side_encryption: Computed::Unknown,
            kms_key_id: Computed::Unknown,
            bucket_key_enabled: Computed::Unknown,
            force_destroy: false,
            tags: None,
            tags_all: Computed::Unknown,
            version_id: Computed::Unknown,
            arn: Computed::Unknown,
            id: Computed::Unknown,
        };
        let found = object.read(aws).await?;
        found.map(|(object, _)| object).ok_or_else(|| names::nothing_to_import("object", id, form))
    }
}

/// Whether a written key is the one whose ARN S3 shows. What an alias stands for, S3 does not show.
fn is_key(written: &str, arn: &str) -> bool {
    written == arn || arn.ends_with(&format!(":key/{written}")) || written.contains("alias/")
}

fn taken(object: &Object) -> Failure {
    let Object { bucket, key, .. } = object;
    names::taken("object", &format!("{bucket}/{key}"), &format!("`{bucket}/{key}`"))
}
