//! `aws_ecr_repository`: a place for container images.

use std::collections::BTreeMap;

use aws_sdk_ecr::types::{
    EncryptionConfiguration, EncryptionType, ImageScanningConfiguration, ImageTagMutability, Repository as Listed, Tag,
};
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::cost;
use crate::failure::{Outcome as _, Sent, has_code, incomplete};
use crate::many::{WORTH_LISTING, each};
use crate::platform::Aws;
use crate::tags::{self, Retagging, Tags};
use crate::{check, names};

const ABSENT: &[&str] = &["RepositoryNotFoundException"];

/// A place for container images.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repository {
    /// Its name, such as `orders/loader`.
    #[mesh(replace)]
    pub name: String,
    /// Whether a tag can be moved to another image: `MUTABLE` or `IMMUTABLE`.
    #[mesh(default = "MUTABLE".to_owned())]
    pub image_tag_mutability: String,
    /// Whether images are searched for known weaknesses.
    #[mesh(block)]
    pub image_scanning_configuration: Option<Scanning>,
    /// How images are encrypted; by S3's own keys where it is left out.
    #[mesh(block)]
    pub encryption_configuration: Option<Encryption>,
    /// Whether deleting the repository deletes the images in it too.
    #[mesh(default = false)]
    pub force_delete: bool,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The account whose registry it is in.
    pub registry_id: Computed<String>,
    /// The address to push to and pull from, without a tag.
    pub repository_url: Computed<String>,
}

/// Whether images are searched for known weaknesses.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scanning {
    /// Whether each image is, when it is pushed.
    pub scan_on_push: bool,
}

/// How images are encrypted.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// `AES256`, `KMS` or `KMS_DSSE`.
    #[mesh(default = "AES256".to_owned(), replace)]
    pub encryption_type: String,
    /// The key's ARN, where it is not the account's own for the registry.
    #[mesh(optional, replace)]
    pub kms_key: Computed<String>,
}

/// The resource type `aws_ecr_repository`.
pub(crate) struct RepositoryType;

impl Repository {
    fn scans(&self) -> bool {
        self.image_scanning_configuration.as_ref().is_some_and(|scanning| scanning.scan_on_push)
    }

    /// The repository as the registry has it. What is as it is by itself stays unwritten where it was not written.
    fn seen(mut self, aws: &Aws, listed: &Listed, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        self.image_tag_mutability =
            listed.image_tag_mutability().map_or("MUTABLE", ImageTagMutability::as_str).to_owned();
        let scan_on_push = listed.image_scanning_configuration().is_some_and(ImageScanningConfiguration::scan_on_push);
        if scan_on_push != self.scans() {
            self.image_scanning_configuration = Some(Scanning { scan_on_push });
        }
        let encryption = listed.encryption_configuration().map(|encryption| Encryption {
            encryption_type: encryption.encryption_type().as_str().to_owned(),
            kms_key: encryption.kms_key().map(str::to_owned).into(),
        });
        self.encryption_configuration = encryption.filter(|encryption| {
            self.encryption_configuration.is_some() || encryption.encryption_type != EncryptionType::Aes256.as_str()
        });
        self.name = listed.repository_name().unwrap_or(&self.name).to_owned();
        self.id = Computed::Known(self.name.clone());
        self.arn = listed.repository_arn().map(str::to_owned).into();
        self.registry_id = listed.registry_id().map(str::to_owned).into();
        self.repository_url = listed.repository_uri().map(str::to_owned).into();
        self
    }

    async fn read(self, aws: &Aws, listed: &Listed) -> Result<Option<Self>, Failure> {
        let tags = repository_tags(aws, listed.repository_arn().unwrap_or_default()).await?;
        Ok(tags.map(|tags| self.seen(aws, listed, tags)))
    }
}

impl ResourceType for RepositoryType {
    const NAME: &'static str = "aws_ecr_repository";
    const PERMISSIONS: Permissions = Permissions {
        read: &["ecr:DescribeRepositories", "ecr:ListTagsForResource"],
        create: &["ecr:CreateRepository", "ecr:TagResource"],
        update: &[
            "ecr:PutImageScanningConfiguration",
            "ecr:PutImageTagMutability",
            "ecr:TagResource",
            "ecr:UntagResource",
        ],
        delete: &["ecr:DeleteRepository"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    type Model = Repository;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "image_tag_mutability", &["MUTABLE", "IMMUTABLE"]);
        if let Some(encryption) = config.get("encryption_configuration").filter(|block| !block.is_null()) {
            let at = AttributePath::attr("encryption_configuration");
            let found = check::one_of(encryption, "encryption_type", &["AES256", "KMS", "KMS_DSSE"]);
            problems.extend(found.into_iter().map(|problem| problem.at(at.clone())));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(
        aws: &Aws,
        planned: Repository,
        operation: &Operation,
    ) -> Result<Repository, ChangeError<Repository>> {
        let encryption = planned.encryption_configuration.as_ref().map(|encryption| {
            let builder = EncryptionConfiguration::builder();
            let builder = builder.encryption_type(encryption.encryption_type.as_str().into());
            builder.set_kms_key(encryption.kms_key.known().cloned()).build().map_err(incomplete)
        });
        let call = aws
            .ecr()
            .create_repository()
            .repository_name(&planned.name)
            .image_tag_mutability(planned.image_tag_mutability.as_str().into())
            .image_scanning_configuration(ImageScanningConfiguration::builder().scan_on_push(planned.scans()).build())
            .set_encryption_configuration(encryption.transpose()?)
            .set_tags(Some(tag_list(tags::creating(&planned.tags_all, operation))?));
        match call.send().await.sent("ecr:CreateRepository", &["RepositoryAlreadyExistsException"]) {
            Sent::Done(_) => {}
            Sent::Taken(_) => match Self::locate(aws, planned.clone(), &operation.token).await? {
                Found::Complete(ours) => return Ok(ours),
                _ => return Err(names::taken("repository", &planned.name, "its name").into()),
            },
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let made = async {
            let listed = find(aws, &planned.name).await?.ok_or_else(|| names::vanished("repository", &planned.name))?;
            planned.clone().read(aws, &listed).await?.ok_or_else(|| names::vanished("repository", &planned.name))
        };
        made.await.map_err(|failure| {
            let listed = Listed::builder().repository_name(&planned.name).build();
            ChangeError::leaving(failure, planned.seen(aws, &listed, Tags::new()))
        })
    }

    async fn read(aws: &Aws, current: Vec<Repository>) -> Vec<Result<Option<Repository>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |repository| async {
            let found = match &listed {
                Some(listed) => listed.get(&repository.name).cloned(),
                None => find(aws, &repository.name).await?,
            };
            match found {
                Some(found) => repository.read(aws, &found).await,
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Repository,
        planned: Repository,
        _operation: &Operation,
    ) -> Result<Repository, ChangeError<Repository>> {
        if prior.image_tag_mutability != planned.image_tag_mutability {
            let call = aws.ecr().put_image_tag_mutability().repository_name(&planned.name);
            let call = call.image_tag_mutability(planned.image_tag_mutability.as_str().into());
            call.send().await.calling("ecr:PutImageTagMutability")?;
        }
        if prior.scans() != planned.scans() {
            let scanning = ImageScanningConfiguration::builder().scan_on_push(planned.scans()).build();
            let call = aws.ecr().put_image_scanning_configuration().repository_name(&planned.name);
            let call = call.image_scanning_configuration(scanning);
            call.send().await.calling("ecr:PutImageScanningConfiguration")?;
        }
        let Retagging { remove, set } = Retagging::between(&prior.tags_all, &planned.tags_all);
        let arn = prior.arn.known().cloned().unwrap_or_default();
        if !remove.is_empty() {
            let call = aws.ecr().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.calling("ecr:UntagResource")?;
        }
        if !set.is_empty() {
            let call = aws.ecr().tag_resource().resource_arn(&arn).set_tags(Some(tag_list(set)?));
            call.send().await.calling("ecr:TagResource")?;
        }
        Ok(planned)
    }

    async fn delete(aws: &Aws, prior: Repository, _operation: &Operation) -> Result<(), Failure> {
        let call = aws.ecr().delete_repository().repository_name(&prior.name).force(prior.force_delete);
        let answer = call.send().await;
        if answer.as_ref().is_err_and(|error| has_code(error, &["RepositoryNotEmptyException"])) {
            let detail = format!(
                "There are images in the repository `{}`. Delete them, or set `force_delete = true` and apply that first.",
                prior.name
            );
            return Err(Failure::new("Repository is not empty", detail));
        }
        answer.gone("ecr:DeleteRepository", ABSENT)
    }

    async fn locate(aws: &Aws, planned: Repository, token: &str) -> Result<Found<Repository>, Failure> {
        let Some(listed) = find(aws, &planned.name).await? else { return Ok(Found::Absent) };
        let tags = repository_tags(aws, listed.repository_arn().unwrap_or_default()).await?;
        Ok(match tags.filter(|tags| tags::is_from(tags, token)) {
            Some(tags) => Found::Complete(planned.seen(aws, &listed, tags)),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Repository, Failure> {
        let nothing = Repository {
            name: id.to_owned(),
            image_tag_mutability: String::new(),
            image_scanning_configuration: None,
            encryption_configuration: None,
            force_delete: false,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            registry_id: Computed::Unknown,
            repository_url: Computed::Unknown,
        };
        let absent = || names::nothing_to_import("repository", id, "its name");
        let listed = find(aws, id).await?.ok_or_else(absent)?;
        nothing.read(aws, &listed).await?.ok_or_else(absent)
    }
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Listed>, Failure> {
    let answer = aws.ecr().describe_repositories().repository_names(name).send().await;
    let answer = answer.found("ecr:DescribeRepositories", ABSENT)?;
    Ok(answer.and_then(|answer| answer.repositories.unwrap_or_default().into_iter().next()))
}

async fn list(aws: &Aws) -> Result<BTreeMap<String, Listed>, Failure> {
    let mut repositories = BTreeMap::new();
    let mut pages = aws.ecr().describe_repositories().into_paginator().send();
    while let Some(page) = pages.next().await {
        for repository in page.calling("ecr:DescribeRepositories")?.repositories() {
            repositories.insert(repository.repository_name().unwrap_or_default().to_owned(), repository.clone());
        }
    }
    Ok(repositories)
}

async fn repository_tags(aws: &Aws, arn: &str) -> Result<Option<Tags>, Failure> {
    let answer = aws.ecr().list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.found("ecr:ListTagsForResource", ABSENT)?;
    Ok(answer.map(|answer| answer.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()))
}

fn tag_list(tags: Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (String, String)| Tag::builder().key(key).value(value).build();
    tags.into_iter().map(tag).collect::<Result<_, _>>().map_err(incomplete)
}
