//! The Key Management Service: keys that encrypt, and their names.

mod alias;
mod cost;
mod data;
mod key;
mod rotation;

use aws_sdk_kms::types::Tag;
use mesh_provider::{Failure, NativeProviderBuilder};

use crate::failure::{Outcome as _, incomplete};
use crate::platform::Aws;
use crate::tags::Tags;

/// Adds this service's types.
pub(crate) fn register(provider: NativeProviderBuilder<Aws>) -> NativeProviderBuilder<Aws> {
    provider.resource::<alias::AliasType>().resource::<key::KeyType>().data_source::<data::KeyDataType>()
}

/// What the service calls a key or alias that is not there.
const ABSENT: &[&str] = &["NotFoundException"];

/// The tags of a key, with those that are not shown; `None` where there is no such key.
async fn key_tags(aws: &Aws, key: &str) -> Result<Option<Tags>, Failure> {
    let mut tags = Tags::new();
    let mut pages = aws.kms().list_resource_tags().key_id(key).into_paginator().send();
    while let Some(page) = pages.next().await {
        let Some(page) = page.found("kms:ListResourceTags", ABSENT)? else { return Ok(None) };
        tags.extend(page.tags().iter().map(|tag| (tag.tag_key().to_owned(), tag.tag_value().to_owned())));
    }
    Ok(Some(tags))
}

fn tag_list(tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().tag_key(key).tag_value(value).build();
    tags.iter().map(|own| tag(own).map_err(incomplete)).collect()
}

/// Whether two ids name one key: an id and the ARN that ends in it do.
fn same_key(left: &str, right: &str) -> bool {
    let id = |key: &str| key.rsplit_once(":key/").map_or(key, |(_, id)| id).to_owned();
    // Of two ARNs, the regions and accounts count too.
    left == right || id(left) == id(right) && !(left.starts_with("arn:") && right.starts_with("arn:"))
}

#[cfg(test)]
mod tests {
    use super::same_key;

    #[test]
    fn an_arn_and_the_id_that_it_ends_in_are_one_key() {
        let arn = "arn:aws:kms:eu-central-1:123456789012:key/0f1e";
        assert!(same_key(arn, "0f1e") && same_key("0f1e", arn) && same_key(arn, arn));
        assert!(!same_key(arn, "0f1f") && !same_key(arn, &arn.replace("central", "west")));
    }
}
