//! `aws_s3_bucket`: a place for objects. Its settings are resources of their own.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::setting::settle;
use super::{NO_BUCKET, bucket_region, bucket_tags, contents, cost, put_bucket_tags, tag_list};
use crate::failure::{Outcome as _, Sent, has_code};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::waiting::until;

/// A place for objects.
///
/// Its versioning, encryption, lifecycle and the rest are resources of their own, such as
/// `aws_s3_bucket_versioning`.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// Its name, which no other bucket of AWS may have: 3 to 63 lower-case letters, digits, dots and hyphens. A name
    /// that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub bucket: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub bucket_prefix: Option<String>,
    /// Whether deleting the bucket deletes all that is in it too. Without it, a bucket that is not empty stays.
    #[mesh(default = false)]
    pub force_destroy: bool,
    /// Whether objects can be locked against deletion. Only a new bucket can have that.
    #[mesh(default = false, replace)]
    pub object_lock_enabled: bool,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its region.
    pub region: Computed<String>,
    /// Its host name, such as `landing.s3.amazonaws.com`.
    pub bucket_domain_name: Computed<String>,
    /// Its host name in its region.
    pub bucket_regional_domain_name: Computed<String>,
}

/// The resource type `aws_s3_bucket`.
pub(crate) struct BucketType;

impl Bucket {
    /// Its name: the one written, or one that only this create makes.
    fn name(&self, token: &str) -> String {
        names::chosen(&self.bucket, self.bucket_prefix.as_deref(), token)
    }

    /// S3 in the bucket's region.
    fn s3(&self, aws: &Aws) -> Client {
        aws.s3_in(self.region.known().map_or(aws.region(), String::as_str))
    }

    /// The bucket as S3 has it, with its tags.
    fn seen(mut self, aws: &Aws, name: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        let region = self.region.into_known().unwrap_or_else(|| aws.region().to_owned());
        let suffix = aws.dns_suffix();
        self.arn = Computed::Known(format!("arn:{}:s3:::{name}", aws.partition()));
        self.bucket_domain_name = Computed::Known(format!("{name}.s3.{suffix}"));
        self.bucket_regional_domain_name = Computed::Known(format!("{name}.s3.{region}.{suffix}"));
        self.region = Computed::Known(region);
        self.id = Computed::Known(name.clone());
        self.bucket = Computed::Known(name);
        self
    }

    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(name) = self.bucket.known().cloned() else { return Ok(None) };
        let tags = bucket_tags(&self.s3(aws), &name).await?;
        Ok(tags.map(|tags| self.seen(aws, name, tags)))
    }
}

impl ResourceType for BucketType {
    const NAME: &'static str = "aws_s3_bucket";
    const PERMISSIONS: Permissions = Permissions {
        read: &["s3:ListBucket", "s3:ListAllMyBuckets", "s3:GetBucketTagging", "s3:GetBucketObjectLockConfiguration"],
        create: &["s3:CreateBucket", "s3:PutBucketTagging", "s3:TagResource", "s3:PutBucketObjectLockConfiguration"],
        update: &["s3:PutBucketTagging"],
        delete: &["s3:DeleteBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    const COST_RELATED: &'static [&'static str] = cost::RELATED;
    type Model = Bucket;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let text = |name: &str| config.get(name).and_then(Value::as_str);
        let mut problems = Vec::new();
        if let Some(why) = text("bucket").and_then(wrong_name) {
            problems.push(ProviderDiagnostic::error("Invalid bucket name", why).at(AttributePath::attr("bucket")));
        }
        if text("bucket").is_some() && text("bucket_prefix").is_some() {
            let detail =
                "Give either `bucket` (the whole name) or `bucket_prefix` (the beginning of one that is made).";
            let problem = ProviderDiagnostic::error("Bucket name is not clear", detail);
            problems.push(problem.at(AttributePath::attr("bucket_prefix")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("bucket").filter(|_| draft.changes("bucket")) {
            draft.set("id", &name);
            draft.set("arn", &format!("arn:{}:s3:::{name}", aws.partition()));
            draft.set("bucket_domain_name", &format!("{name}.s3.{}", aws.dns_suffix()));
            let regional = format!("{name}.s3.{}.{}", aws.region(), aws.dns_suffix());
            draft.set("bucket_regional_domain_name", &regional);
        }
        if draft.is_create() {
            draft.set("region", &aws.region().to_owned());
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Bucket, operation: &Operation) -> Result<Bucket, ChangeError<Bucket>> {
        let name = planned.name(&operation.token);
        let tags = tags::creating(&planned.tags_all, operation);
        let s3 = aws.s3();
        // A bucket of one's own is made again without complaint in us-east-1, so ask before. Who may not ask has no such
        // bucket, and is told by the create that the name is taken.
        let there = bucket_tags(s3, &name).await.ok().flatten();
        if there.is_some_and(|there| !tags::is_from(&there, &operation.token)) {
            return Err(taken(&name).into());
        }
        let place = CreateBucketConfiguration::builder().set_tags(Some(tag_list(&tags)?));
        let place = match aws.region() {
            "us-east-1" => place,
            region => place.location_constraint(BucketLocationConstraint::from(region)),
        };
        let place = place.build();
        let lock = planned.object_lock_enabled.then_some(true);
        let send = || {
            let call = s3.create_bucket().bucket(&name).create_bucket_configuration(place.clone());
            call.set_object_lock_enabled_for_bucket(lock).send()
        };
        let made_before = &["BucketAlreadyOwnedByYou", "BucketAlreadyExists"];
        match settle(operation, "s3:CreateBucket", send).await.sent("s3:CreateBucket", made_before) {
            Sent::Done(_) => {}
            Sent::Taken(_) => {
                let there = bucket_tags(s3, &name).await.ok().flatten();
                if !there.is_some_and(|there| tags::is_from(&there, &operation.token)) {
                    return Err(taken(&name).into());
                }
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let tagged = async {
            let there = until(operation, "waiting until the new bucket shows", || bucket_tags(s3, &name)).await?;
            // Stores that only speak S3's protocol may not know tags that come with the bucket.
            if there != tags {
                put_bucket_tags(s3, operation, &name, &tags).await?;
            }
            Ok(())
        };
        match tagged.await {
            Ok(()) => Ok(planned.seen(aws, name, tags)),
            Err(failure) => Err(ChangeError::leaving(failure, planned.seen(aws, name, Tags::new()))),
        }
    }

    async fn read(aws: &Aws, current: Vec<Bucket>) -> Vec<Result<Option<Bucket>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |mut bucket| async {
            match (&listed, bucket.bucket.known()) {
                (Some(listed), Some(name)) => {
                    let Some(region) = listed.get(name) else { return Ok(None) };
                    bucket.region = region.clone().map_or(bucket.region, Computed::Known);
                    bucket.read(aws).await
                }
                _ => bucket.read(aws).await,
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Bucket,
        planned: Bucket,
        operation: &Operation,
    ) -> Result<Bucket, ChangeError<Bucket>> {
        let name = prior.name(&operation.token);
        if prior.tags_all == planned.tags_all {
            return Ok(planned);
        }
        // S3 replaces all tags at once: those that are not shown stay.
        let s3 = prior.s3(aws);
        let there = bucket_tags(&s3, &name).await?.unwrap_or_default();
        let mut tags: Tags = there.into_iter().filter(|(key, _)| aws.ignores_tag(key)).collect();
        tags.extend(planned.tags_all.known().cloned().unwrap_or_default());
        put_bucket_tags(&s3, operation, &name, &tags).await?;
        Ok(planned.seen(aws, name, tags))
    }

    async fn delete(aws: &Aws, prior: Bucket, operation: &Operation) -> Result<(), Failure> {
        let name = prior.name(&operation.token);
        let s3 = prior.s3(aws);
        let delete = || s3.delete_bucket().bucket(&name).send();
        let answer = settle(operation, "s3:DeleteBucket", delete).await;
        let full = answer.as_ref().is_err_and(|error| has_code(error, &["BucketNotEmpty"]));
        if !full {
            return answer.gone("s3:DeleteBucket", NO_BUCKET);
        }
        if !prior.force_destroy {
            let detail = format!(
                "The bucket `{name}` is not empty, and it holds the only copy of what is in it. Empty it, or set \
                 `force_destroy = true` and apply that first."
            );
            return Err(Failure::new("Bucket is not empty", detail));
        }
        contents::delete_all(&s3, &name, operation).await?;
        settle(operation, "s3:DeleteBucket", delete).await.gone("s3:DeleteBucket", NO_BUCKET)
    }

    async fn locate(aws: &Aws, planned: Bucket, token: &str) -> Result<Found<Bucket>, Failure> {
        let name = planned.name(token);
        let there = bucket_tags(aws.s3(), &name).await?;
        Ok(match there.filter(|there| tags::is_from(there, token)) {
            Some(tags) => Found::Complete(planned.seen(aws, name, tags)),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Bucket, Failure> {
        let absent = || names::nothing_to_import("bucket", id, "its name");
        let region = bucket_region(aws, id).await?.ok_or_else(absent)?;
        let s3 = aws.s3_in(&region);
        let tags = bucket_tags(&s3, id).await?.ok_or_else(absent)?;
        let lock = s3.get_object_lock_configuration().bucket(id).send().await;
        let lock = lock.found("s3:GetBucketObjectLockConfiguration", &["ObjectLockConfigurationNotFoundError"])?;
        let bucket = Bucket {
            bucket: Computed::Unknown,
            bucket_prefix: None,
            force_destroy: false,
            object_lock_enabled: lock.is_some_and(|lock| lock.object_lock_configuration().is_some()),
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            region: Computed::Known(region),
            bucket_domain_name: Computed::Unknown,
            bucket_regional_domain_name: Computed::Unknown,
        };
        Ok(bucket.seen(aws, id.to_owned(), tags))
    }
}

/// All buckets of the account, and the region of each as far as S3 tells.
async fn list(aws: &Aws) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let mut buckets = BTreeMap::new();
    // S3 only names the regions where something is asked for.
    let mut pages = aws.s3().list_buckets().max_buckets(1000).into_paginator().send();
    while let Some(page) = pages.next().await {
        for bucket in page.calling("s3:ListAllMyBuckets")?.buckets() {
            if let Some(name) = bucket.name() {
                buckets.insert(name.to_owned(), bucket.bucket_region().map(str::to_owned));
            }
        }
    }
    Ok(buckets)
}

fn taken(name: &str) -> Failure {
    let detail = format!(
        "There is a bucket `{name}` already, of this account or of another: all share one space of names. Choose another \
         name or, if it is this account's, take it over with an `import` block: its import id is its name."
    );
    Failure::new("Bucket exists already", detail)
}

/// What S3 would refuse in a name.
fn wrong_name(name: &str) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let why = if !(3..=63).contains(&name.len()) {
        format!("has {} characters; it may have 3 to 63", name.len())
    } else if let Some(bad) = name.chars().find(|c| !u8::try_from(*c).is_ok_and(allowed)) {
        format!("holds \"{bad}\"; it may have lower-case letters, digits, `.` and `-`")
    } else if !edge(name.as_bytes().first()) || !edge(name.as_bytes().last()) {
        "must begin and end with a letter or digit".to_owned()
    } else if name.contains("..") {
        "has two dots in a row".to_owned()
    } else {
        return None;
    };
    Some(format!("The bucket name \"{name}\" {why}."))
}
