//! S3: buckets, their settings, and the objects in them.

mod bucket;
mod contents;
mod cost;
mod data;
mod encryption;
mod lifecycle;
mod logging;
mod notification;
mod object;
mod ownership_controls;
mod policy;
mod public_access_block;
mod setting;
#[cfg(test)]
mod tests;
mod versioning;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Tag, Tagging};
use mesh_provider::{Failure, NativeProviderBuilder, Operation};

use self::setting::{SettingType, settle};
use crate::failure::{Outcome as _, has_code, incomplete};
use crate::platform::Aws;
use crate::tags::Tags;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider
        .resource::<bucket::BucketType>()
        .resource::<SettingType<encryption::Encryption>>()
        .resource::<SettingType<lifecycle::Lifecycle>>()
        .resource::<SettingType<logging::Logging>>()
        .resource::<SettingType<notification::Notification>>()
        .resource::<object::ObjectType>()
        .resource::<SettingType<ownership_controls::OwnershipControls>>()
        .resource::<SettingType<policy::Policy>>()
        .resource::<SettingType<public_access_block::PublicAccessBlock>>()
        .resource::<SettingType<versioning::Versioning>>()
        .data_source::<data::BucketDataType>()
}

/// What S3 calls a bucket that is not there. A HEAD request is answered without a body, so only by its status.
const NO_BUCKET: &[&str] = &["NoSuchBucket", "NotFound"];

/// The region of a bucket; `None` where there is no such bucket. S3 tells it also where it refuses to answer.
async fn bucket_region(aws: &Aws, bucket: &str) -> Result<Option<String>, Failure> {
    let answer = aws.s3().head_bucket().bucket(bucket).send().await;
    if let Err(error) = &answer
        && let Some(region) = error.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"))
        && !has_code(error, NO_BUCKET)
    {
        return Ok(Some(region.to_owned()));
    }
    let answer = answer.found("s3:ListBucket", NO_BUCKET)?;
    Ok(answer.map(|answer| answer.bucket_region.unwrap_or_else(|| aws.region().to_owned())))
}

/// The tags of a bucket, with those that are not shown; `None` where there is no such bucket.
async fn bucket_tags(s3: &Client, bucket: &str) -> Result<Option<Tags>, Failure> {
    let answer = s3.get_bucket_tagging().bucket(bucket).send().await;
    if answer.as_ref().is_err_and(|error| has_code(error, &["NoSuchTagSet"])) {
        return Ok(Some(Tags::new()));
    }
    let answer = answer.found("s3:GetBucketTagging", NO_BUCKET)?;
    Ok(answer.map(|answer| pairs(answer.tag_set())))
}

/// Tags as keys and values.
fn pairs(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}

/// Gives a bucket exactly these tags.
async fn put_bucket_tags(s3: &Client, operation: &Operation, bucket: &str, tags: &Tags) -> Result<(), Failure> {
    let action = "s3:PutBucketTagging";
    if tags.is_empty() {
        let send = || s3.delete_bucket_tagging().bucket(bucket).send();
        return settle(operation, action, send).await.gone(action, &[]);
    }
    let tagging = Tagging::builder().set_tag_set(Some(tag_list(tags)?)).build().map_err(incomplete)?;
    let send = || s3.put_bucket_tagging().bucket(bucket).tagging(tagging.clone()).send();
    settle(operation, action, send).await.map(drop).calling(action)
}

fn tag_list(tags: &Tags) -> Result<Vec<Tag>, Failure> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build().map_err(incomplete)).collect()
}
