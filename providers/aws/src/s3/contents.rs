//! Emptying a bucket before it is deleted.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use mesh_provider::{Failure, Operation};

use super::NO_BUCKET;
use crate::failure::{Outcome as _, incomplete};
use crate::platform::Aws;

/// Deletes every version of every object, a page at a time. A bucket that is gone holds nothing.
pub(super) async fn delete_all(s3: &Client, bucket: &str, operation: &Operation) -> Result<(), Failure> {
    loop {
        operation.proceed("deleting the objects of a bucket")?;
        let page = s3.list_object_versions().bucket(bucket).send().await;
        let Some(page) = page.found("s3:ListBucketVersions", NO_BUCKET)? else { return Ok(()) };
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        let mut objects = Vec::new();
        for (key, version) in versions.chain(markers) {
            let Some(key) = key else { continue };
            // Before a bucket had versions, its objects' version is called "null", which S3 takes too.
            let object = ObjectIdentifier::builder().key(key).set_version_id(version.map(str::to_owned));
            objects.push(object.build().map_err(incomplete)?);
        }
        if objects.is_empty() {
            return Ok(());
        }
        let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build().map_err(incomplete)?;
        let answer = s3.delete_objects().bucket(bucket).delete(delete).send().await;
        let answer = answer.calling("s3:DeleteObjectVersion")?;
        if let Some(error) = answer.errors().first() {
            let detail = format!(
                "S3 refused to delete `{}`: {}: {}. The bucket and what is left in it stay.",
                error.key().unwrap_or_default(),
                error.code().unwrap_or_default(),
                error.message().unwrap_or_default()
            );
            return Err(Failure::new("Bucket can't be emptied", detail));
        }
    }
}

/// Deletes every version of one object. With `past_locks`, also those that are locked in governance mode.
pub(super) async fn delete_versions(
    aws: &Aws,
    bucket: &str,
    key: &str,
    past_locks: bool,
    operation: &Operation,
) -> Result<(), Failure> {
    loop {
        operation.proceed("deleting the versions of an object")?;
        let page = aws.s3().list_object_versions().bucket(bucket).prefix(key).send().await;
        let Some(page) = page.found("s3:ListBucketVersions", NO_BUCKET)? else { return Ok(()) };
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        // Other keys may begin with this one; they come after it.
        let own: Vec<_> = versions.chain(markers).filter(|(own, _)| *own == Some(key)).collect();
        if own.is_empty() {
            return Ok(());
        }
        for (_, version) in own {
            let call = aws.s3().delete_object().bucket(bucket).key(key).set_version_id(version.map(str::to_owned));
            let call = call.set_bypass_governance_retention(past_locks.then_some(true));
            call.send().await.gone("s3:DeleteObjectVersion", &["NoSuchVersion", "NoSuchKey", "NoSuchBucket"])?;
        }
    }
}
