//! Tags of what IAM keeps: every kind has calls of its own.

use aws_sdk_iam::types::Tag;
use mesh_provider::{Computed, Failure};

use crate::failure::{Outcome as _, incomplete};
use crate::platform::Aws;
use crate::tags::{Retagging, Tags};

/// Something with tags, and how IAM's calls name it.
#[derive(Clone, Copy)]
pub(super) enum Tagged<'a> {
    /// An instance profile, by its name.
    InstanceProfile(&'a str),
    /// An OpenID Connect provider, by its ARN.
    OidcProvider(&'a str),
    /// A managed policy, by its ARN.
    Policy(&'a str),
    /// A role, by its name.
    Role(&'a str),
}

impl Tagged<'_> {
    /// Makes one `tags_all` another.
    pub(super) async fn retag(self, aws: &Aws, before: &Computed<Tags>, after: &Computed<Tags>) -> Result<(), Failure> {
        let Retagging { remove, set } = Retagging::between(before, after);
        if !set.is_empty() {
            self.tag(aws, list(&set)?).await?;
        }
        if remove.is_empty() { Ok(()) } else { self.untag(aws, remove).await }
    }

    async fn tag(self, aws: &Aws, tags: Vec<Tag>) -> Result<(), Failure> {
        let (iam, tags) = (aws.iam(), Some(tags));
        match self {
            Self::InstanceProfile(name) => {
                let call = iam.tag_instance_profile().instance_profile_name(name).set_tags(tags);
                call.send().await.calling("iam:TagInstanceProfile").map(|_| ())
            }
            Self::OidcProvider(arn) => {
                let call = iam.tag_open_id_connect_provider().open_id_connect_provider_arn(arn).set_tags(tags);
                call.send().await.calling("iam:TagOpenIDConnectProvider").map(|_| ())
            }
            Self::Policy(arn) => {
                iam.tag_policy().policy_arn(arn).set_tags(tags).send().await.calling("iam:TagPolicy").map(|_| ())
            }
            Self::Role(name) => {
                iam.tag_role().role_name(name).set_tags(tags).send().await.calling("iam:TagRole").map(|_| ())
            }
        }
    }

    async fn untag(self, aws: &Aws, keys: Vec<String>) -> Result<(), Failure> {
        let (iam, keys) = (aws.iam(), Some(keys));
        match self {
            Self::InstanceProfile(name) => {
                let call = iam.untag_instance_profile().instance_profile_name(name).set_tag_keys(keys);
                call.send().await.calling("iam:UntagInstanceProfile").map(|_| ())
            }
            Self::OidcProvider(arn) => {
                let call = iam.untag_open_id_connect_provider().open_id_connect_provider_arn(arn).set_tag_keys(keys);
                call.send().await.calling("iam:UntagOpenIDConnectProvider").map(|_| ())
            }
            Self::Policy(arn) => {
                let call = iam.untag_policy().policy_arn(arn).set_tag_keys(keys);
                call.send().await.calling("iam:UntagPolicy").map(|_| ())
            }
            Self::Role(name) => {
                let call = iam.untag_role().role_name(name).set_tag_keys(keys);
                call.send().await.calling("iam:UntagRole").map(|_| ())
            }
        }
    }
}

/// Tags as a request has them.
pub(super) fn list(tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build().map_err(incomplete);
    tags.iter().map(tag).collect()
}

/// Tags of an answer.
pub(super) fn seen(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}
