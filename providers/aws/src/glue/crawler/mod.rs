//! `aws_glue_crawler`: what looks through data and writes the tables that it finds into the catalog.

mod cost;
mod model;
mod targets;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_glue::types::{self as glue, Crawler as Listed};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::cost::{CostRequest, Costs, UsageParameter};
use mesh_provider::{ChangeError, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType};
use mesh_value::{AttributePath, PathStep, Value};

use super::{ABSENT, TAKEN, arn, half_made, made, plan_name, read_tags, retag, role, settle_tags, shown, step, word};
use crate::check;
use crate::document::{invalid, keep, same_json};
use crate::failure::{Outcome as _, SdkError, has_code};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;
use crate::tags;
use crate::waiting;
use model::Crawler;

const TARGETS: &[&str] = &[
    "s3_target",
    "jdbc_target",
    "dynamodb_target",
    "mongodb_target",
    "catalog_target",
    "delta_target",
    "iceberg_target",
    "hudi_target",
];

/// The resource type `aws_glue_crawler`.
pub(crate) struct CrawlerType;

impl Crawler {
    async fn read(self, aws: &Aws, there: &Listed) -> Result<Self, Failure> {
        let arn = arn(aws, &format!("crawler/{}", self.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(self.seen(aws, there, arn, tags))
    }

    /// Whether more than tags differs.
    fn differs(&self, prior: &Self) -> bool {
        let alike = Self { tags: self.tags.clone(), tags_all: self.tags_all.clone(), ..prior.clone() };
        alike != *self
    }

    /// Changes the crawler from `prior` as soon as it does not run. Glue leaves what a request leaves out, so what is no
    /// longer written is sent empty, and policies with their defaults.
    async fn replace(&self, aws: &Aws, prior: &Self, operation: &Operation) -> Result<(), Failure> {
        let text = |text: fn(&Self) -> Option<&String>| shown::cleared(text(prior), text(self));
        let change = glue::SchemaChangePolicy::builder()
            .update_behavior(glue::UpdateBehavior::UpdateInDatabase)
            .delete_behavior(glue::DeleteBehavior::DeprecateInDatabase);
        let recrawl = glue::RecrawlPolicy::builder().recrawl_behavior(glue::RecrawlBehavior::CrawlEverything);
        let lineage = glue::LineageConfiguration::builder();
        let lineage = lineage.crawler_lineage_settings(glue::CrawlerLineageSettings::Disable);
        let lake = glue::LakeFormationConfiguration::builder().use_lake_formation_credentials(false);
        let call = aws
            .glue()
            .update_crawler()
            .name(&prior.name)
            .role(&self.role)
            .database_name(&self.database_name)
            .set_description(text(|own| own.description.as_ref()))
            .set_schedule(text(|own| own.schedule.as_ref()))
            .set_table_prefix(text(|own| own.table_prefix.as_ref()))
            .set_configuration(text(|own| own.configuration.as_ref()))
            .set_crawler_security_configuration(text(|own| own.security_configuration.as_ref()))
            .set_classifiers(self.classifiers.clone().or_else(|| prior.classifiers.as_ref().map(|_| Vec::new())))
            .targets(self.sent_targets()?)
            .set_schema_change_policy(
                self.sent_change().or_else(|| prior.schema_change_policy.as_ref().map(|_| change.build())),
            )
            .set_recrawl_policy(self.sent_recrawl().or_else(|| prior.recrawl_policy.as_ref().map(|_| recrawl.build())))
            .set_lineage_configuration(
                self.sent_lineage().or_else(|| prior.lineage_configuration.as_ref().map(|_| lineage.build())),
            )
            .set_lake_formation_configuration(
                self.sent_lake().or_else(|| prior.lake_formation_configuration.as_ref().map(|_| lake.build())),
            );
        waiting::until(operation, "waiting for a crawler that runs", async || {
            let action = "glue:UpdateCrawler";
            let answer = waiting::propagated(operation, action, role::is_early, || call.clone().send()).await;
            if answer.as_ref().is_err_and(is_busy) {
                operation.report("the crawler runs; it can be changed when it is done");
                return Ok(None);
            }
            answer.calling(action).map(Some)
        })
        .await?;
        Ok(())
    }
}

impl ResourceType for CrawlerType {
    const NAME: &'static str = "aws_glue_crawler";
    /// A crawl takes its time, and the crawler can't be changed meanwhile.
    const TIME_LIMIT: Duration = Duration::from_secs(60 * 60);
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetCrawler", "glue:GetCrawlers", "glue:GetTags"],
        create: &["glue:CreateCrawler", "glue:TagResource", "glue:UntagResource", "iam:PassRole"],
        update: &["glue:TagResource", "glue:UntagResource", "glue:UpdateCrawler", "iam:PassRole"],
        delete: &["glue:DeleteCrawler"],
    };
    const USAGE: &'static [UsageParameter] = cost::USAGE;
    const COST_RELATED: &'static [&'static str] = &["aws_glue_trigger"];
    type Model = Crawler;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems: Vec<_> = invalid(config, "configuration").into_iter().collect();
        let none = |name: &&str| config.get(name).and_then(Value::as_slice).is_some_and(<[Value]>::is_empty);
        if TARGETS.iter().all(none) {
            let detail = format!("A crawler needs something to crawl: write one of {}.", TARGETS.join(", "));
            problems.push(ProviderDiagnostic::error("Nothing to crawl", detail));
        }
        let policies: [(&str, &str, &[&str]); 4] = [
            ("schema_change_policy", "update_behavior", &["LOG", "UPDATE_IN_DATABASE"]),
            ("schema_change_policy", "delete_behavior", &["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"]),
            ("recrawl_policy", "recrawl_behavior", &["CRAWL_EVENT_MODE", "CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY"]),
            ("lineage_configuration", "crawler_lineage_settings", &["ENABLE", "DISABLE"]),
        ];
        for (block, name, allowed) in policies {
            if let Some(policy) = config.get(block) {
                problems.extend(word(policy, &AttributePath::attr(block), name, allowed));
            }
        }
        for (block, name, highest) in [
            ("s3_target", "sample_size", 249),
            ("iceberg_target", "maximum_traversal_depth", 20),
            ("hudi_target", "maximum_traversal_depth", 20),
        ] {
            let targets = config.get(block).and_then(Value::as_slice).unwrap_or_default();
            for (index, target) in targets.iter().enumerate() {
                let at = AttributePath::attr(block).join(PathStep::Index(index)).join(step(name));
                problems
                    .extend(check::within(target, name, 1, highest).into_iter().map(|problem| problem.at(at.clone())));
            }
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        plan_name(aws, draft, "crawler").await;
        keep(draft, "configuration", same_json);
        keep(draft, "role", |before, after| role::kept(before, after) == before);
    }

    fn cost(aws: &Aws, request: CostRequest<'_>) -> Costs {
        cost::cost(aws.region(), request)
    }

    async fn create(aws: &Aws, planned: Crawler, operation: &Operation) -> Result<Crawler, ChangeError<Crawler>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = arn(aws, &format!("crawler/{}", planned.name)).await?;
        let call = aws
            .glue()
            .create_crawler()
            .name(&planned.name)
            .role(&planned.role)
            .database_name(&planned.database_name)
            .set_description(planned.description.clone())
            .set_schedule(planned.schedule.clone())
            .set_table_prefix(planned.table_prefix.clone())
            .set_configuration(planned.configuration.clone())
            .set_crawler_security_configuration(planned.security_configuration.clone())
            .set_classifiers(planned.classifiers.clone())
            .targets(planned.sent_targets()?)
            .set_schema_change_policy(planned.sent_change())
            .set_recrawl_policy(planned.sent_recrawl())
            .set_lineage_configuration(planned.sent_lineage())
            .set_lake_formation_configuration(planned.sent_lake())
            .set_tags(Some(tags.clone().into_iter().collect()));
        let action = "glue:CreateCrawler";
        let answer = waiting::propagated(operation, action, role::is_early, || call.clone().send()).await;
        let new = made(answer.sent(action, TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("crawler", &planned.name, "its name").into());
        }
        let settled = async {
            settle_tags(aws, &arn, &tags).await?;
            find(aws, &planned.name).await?.ok_or_else(|| names::vanished("crawler", &planned.name))
        };
        match settled.await {
            Ok(there) => Ok(planned.seen(aws, &there, arn, tags)),
            Err(failure) => Err(half_made(failure, planned)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Crawler>) -> Vec<Result<Option<Crawler>, Failure>> {
        let listed = if current.len() >= WORTH_LISTING { list(aws).await.ok() } else { None };
        each(current, |crawler| async {
            let there = match &listed {
                Some(listed) => listed.get(&crawler.name).cloned(),
                None => find(aws, &crawler.name).await?,
            };
            match there {
                Some(there) => crawler.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Crawler,
        planned: Crawler,
        operation: &Operation,
    ) -> Result<Crawler, ChangeError<Crawler>> {
        if planned.differs(&prior) {
            planned.replace(aws, &prior, operation).await?;
        }
        let arn = arn(aws, &format!("crawler/{}", prior.name)).await?;
        retag(aws, &arn, &prior.tags_all, &planned.tags_all).await?;
        let there = find(aws, &prior.name).await?.ok_or_else(|| {
            let detail = format!("The crawler `{}` is not there any more. Plan again.", prior.name);
            Failure::new("Gone", detail)
        })?;
        Ok(planned.read(aws, &there).await?)
    }

    async fn delete(aws: &Aws, prior: Crawler, operation: &Operation) -> Result<(), Failure> {
        waiting::until(operation, "waiting for a crawler that runs", async || {
            let answer = aws.glue().delete_crawler().name(&prior.name).send().await;
            if answer.as_ref().is_err_and(is_busy) {
                operation.report("the crawler runs; it can be deleted when it is done");
                return Ok(None);
            }
            answer.gone("glue:DeleteCrawler", ABSENT).map(Some)
        })
        .await
    }

    async fn locate(aws: &Aws, planned: Crawler, token: &str) -> Result<Found<Crawler>, Failure> {
        let Some(there) = find(aws, &planned.name).await? else { return Ok(Found::Absent) };
        let arn = arn(aws, &format!("crawler/{}", planned.name)).await?;
        let tags = read_tags(aws, &arn).await?;
        Ok(if tags::is_from(&tags, token) {
            Found::Complete(planned.seen(aws, &there, arn, tags))
        } else {
            Found::Absent
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Crawler, Failure> {
        let there = find(aws, id).await?.ok_or_else(|| names::nothing_to_import("crawler", id, "its name"))?;
        Crawler::blank(id).read(aws, &there).await
    }
}

/// Whether a crawler can't be changed now: it runs, or its schedule is being changed.
fn is_busy<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["CrawlerRunningException", "SchedulerTransitioningException"])
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Listed>, Failure> {
    let answer = aws.glue().get_crawler().name(name).send().await.found("glue:GetCrawler", ABSENT)?;
    Ok(answer.and_then(|answer| answer.crawler))
}

/// All crawlers of the account, by their names.
async fn list(aws: &Aws) -> Result<BTreeMap<String, Listed>, Failure> {
    let mut pages = aws.glue().get_crawlers().into_paginator().send();
    let mut crawlers = BTreeMap::new();
    while let Some(page) = pages.next().await {
        for crawler in page.calling("glue:GetCrawlers")?.crawlers.unwrap_or_default() {
            crawlers.insert(crawler.name().unwrap_or_default().to_owned(), crawler);
        }
    }
    Ok(crawlers)
}
