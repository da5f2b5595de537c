//! S3: buckets, their settings, and the objects in them.

mod bucket;
mod contents;

use aws_sdk_s3::types::{Tag, Tagging};
use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::Outcome as _;
use crate::platform::Aws;
use crate::tags::Tags;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<bucket::BucketType>()
}

/// What S3 calls a bucket that is not there. A HEAD request is answered without a body, so only by its status.
const NO_BUCKET: &[&str] = &["NoSuchBucket", "NotFound"];

/// The tags of a bucket, with those that are not shown; `None` where there is no such bucket.
async fn bucket_tags(aws: &Aws, bucket: &str) -> Result<Option<Tags>, Failure> {
    let answer = aws.s3().get_bucket_tagging().bucket(bucket).send().await;
    if answer.as_ref().is_err_and(|error| crate::failure::has_code(error, &["NoSuchTagSet"])) {
        return Ok(Some(Tags::new()));
    }
    let answer = answer.found("s3:GetBucketTagging", NO_BUCKET)?;
    Ok(answer.map(|answer| answer.tag_set().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()))
}

/// Gives a bucket exactly these tags.
async fn put_bucket_tags(aws: &Aws, bucket: &str, tags: &Tags) -> Result<(), Failure> {
    if tags.is_empty() {
        return aws.s3().delete_bucket_tagging().bucket(bucket).send().await.gone("s3:PutBucketTagging", &[]);
    }
    let tagging = Tagging::builder().set_tag_set(Some(tag_list(tags)?)).build().map_err(incomplete)?;
    aws.s3().put_bucket_tagging().bucket(bucket).tagging(tagging).send().await.calling("s3:PutBucketTagging")?;
    Ok(())
}

fn tag_list(tags: &Tags) -> Result<Vec<Tag>, Failure> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build().map_err(incomplete)).collect()
}

/// A request lacks what the SDK says that it needs.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn incomplete(error: aws_sdk_s3::error::BuildError) -> Failure {
    Failure::new("Request can't be made", format!("{error}. This is a bug in mesh."))
}
