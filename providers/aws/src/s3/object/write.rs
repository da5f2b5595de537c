//! The requests that write an object and its tags.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::types::{ServerSideEncryption, StorageClass, Tagging};
use mesh_provider::Failure;

use super::content::Content;
use super::{CREATION, Object};
use crate::failure::{Outcome as _, incomplete};
use crate::platform::Aws;
use crate::s3::tag_list;
use crate::tags::Tags;

/// The request that stores all of an object. Where a create asks, its token goes with it.
pub(super) async fn request(
    aws: &Aws,
    object: &Object,
    content: &Content,
    tags: &Tags,
    token: Option<&str>,
) -> Result<PutObjectFluentBuilder, Failure> {
    let mut metadata: std::collections::HashMap<String, String> =
        object.metadata.clone().into_iter().flatten().collect();
    metadata.extend(token.map(|token| (CREATION.to_owned(), token.to_owned())));
    let class = object.storage_class.known().map(|class| StorageClass::from(class.as_str()));
    let encryption = object.server_side_encryption.known().map(|kind| kind.as_str());
    // A key of the Key Management Service says the kind too.
    let encryption = encryption.or_else(|| object.kms_key_id.known().map(|_| "aws:kms"));
    let keyed = encryption.is_some_and(|kind| kind.starts_with("aws:kms"));
    let call = aws
        .s3()
        .put_object()
        .bucket(&object.bucket)
        .key(&object.key)
        .body(content.body().await?)
        .set_content_type(object.content_type.known().cloned())
        .set_cache_control(object.cache_control.clone())
        .set_content_disposition(object.content_disposition.clone())
        .set_content_encoding(object.content_encoding.clone())
        .set_content_language(object.content_language.clone())
        .set_metadata(Some(metadata).filter(|metadata| !metadata.is_empty()))
        .set_storage_class(class)
        .set_server_side_encryption(encryption.map(ServerSideEncryption::from))
        .set_ssekms_key_id(object.kms_key_id.known().filter(|_| keyed).cloned())
        .set_bucket_key_enabled(object.bucket_key_enabled.known().copied().filter(|_| keyed))
        .set_tagging(Some(query(tags)).filter(|_| !tags.is_empty()));
    Ok(call)
}

/// Gives an object exactly its tags.
pub(super) async fn retag(aws: &Aws, object: &Object) -> Result<(), Failure> {
    let Object { bucket, key, .. } = object;
    let tags = object.tags_all.known().cloned().unwrap_or_default();
    if tags.is_empty() {
        let answer = aws.s3().delete_object_tagging().bucket(bucket).key(key).send().await;
        return answer.map(drop).calling("s3:DeleteObjectTagging");
    }
    let tagging = Tagging::builder().set_tag_set(Some(tag_list(&tags)?)).build().map_err(incomplete)?;
    let answer = aws.s3().put_object_tagging().bucket(bucket).key(key).tagging(tagging).send().await;
    answer.map(drop).calling("s3:PutObjectTagging")
}

/// Tags as the header of an upload takes them: as the query of an address.
pub(super) fn query(tags: &Tags) -> String {
    let encoded = |text: &str| {
        text.bytes().fold(String::new(), |mut query, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                query.push(char::from(byte));
            } else {
                query.push_str(&format!("%{byte:02X}"));
            }
            query
        })
    };
    let pairs: Vec<_> = tags.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
    pairs.join("&")
}
