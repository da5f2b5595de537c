//! `aws_athena_named_query`: a query that is saved in a workgroup.

use std::collections::BTreeMap;

use aws_sdk_athena::types::NamedQuery as Saved;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::is_absent;
use crate::failure::{Outcome as _, Sent};
use crate::many::{WORTH_LISTING, each};
use crate::names;
use crate::platform::Aws;

/// How many queries one call reads.
const AT_ONCE: usize = 50;

/// The longest text of a query, in bytes.
const LONGEST: usize = 262_144;

/// A query that is saved in a workgroup, for people to run.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedQuery {
    /// Its name: up to 128 characters.
    #[mesh(replace)]
    pub name: String,
    /// The database that it is about.
    #[mesh(replace)]
    pub database: String,
    /// The query.
    #[mesh(replace)]
    pub query: String,
    /// The workgroup that it is saved in.
    #[mesh(default = "primary", replace)]
    pub workgroup: String,
    /// What it tells.
    #[mesh(replace)]
    pub description: Option<String>,
    /// The id that Athena gave it.
    pub id: Computed<String>,
}

/// The resource type `aws_athena_named_query`.
pub(crate) struct NamedQueryType;

impl NamedQuery {
    fn of(saved: &Saved) -> Self {
        Self {
            name: saved.name().to_owned(),
            database: saved.database().to_owned(),
            query: saved.query_string().to_owned(),
            workgroup: saved.work_group().unwrap_or("primary").to_owned(),
            description: saved.description().filter(|text| !text.is_empty()).map(str::to_owned),
            id: saved.named_query_id().map(str::to_owned).into(),
        }
    }

    /// Whether a saved query is what is planned.
    fn is(&self, saved: &Self) -> bool {
        Self { id: saved.id.clone(), ..self.clone() } == *saved
    }
}

impl ResourceType for NamedQueryType {
    const NAME: &'static str = "aws_athena_named_query";
    const PERMISSIONS: Permissions = Permissions {
        read: &["athena:BatchGetNamedQuery", "athena:GetNamedQuery", "athena:ListNamedQueries"],
        create: &["athena:CreateNamedQuery"],
        update: &[],
        delete: &["athena:DeleteNamedQuery"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = NamedQuery;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let lengths = [("name", 128), ("database", 255), ("description", 1024), ("query", LONGEST)];
        let wrong = lengths.into_iter().filter_map(|(name, most)| {
            let text = config.get(name).and_then(Value::as_str)?;
            let least = usize::from(name != "description");
            let detail = format!("`{name}` has {} bytes; it may have {least} to {most}.", text.len());
            let problem = ProviderDiagnostic::error("Invalid length", detail).at(AttributePath::attr(name));
            (!(least..=most).contains(&text.len())).then_some(problem)
        });
        wrong.collect()
    }

    async fn create(
        aws: &Aws,
        planned: NamedQuery,
        operation: &Operation,
    ) -> Result<NamedQuery, ChangeError<NamedQuery>> {
        let call = aws
            .athena()
            .create_named_query()
            .name(&planned.name)
            .database(&planned.database)
            .query_string(&planned.query)
            .work_group(&planned.workgroup)
            .set_description(planned.description.clone())
            // Sent again with the same token, Athena answers with the query that it made the first time.
            .client_request_token(&operation.token);
        match call.send().await.sent("athena:CreateNamedQuery", &[]) {
            Sent::Done(answer) => Ok(NamedQuery { id: answer.named_query_id.into(), ..planned }),
            Sent::Taken(failure) | Sent::Refused(failure) => Err(failure.into()),
            Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
        }
    }

    async fn read(aws: &Aws, current: Vec<NamedQuery>) -> Vec<Result<Option<NamedQuery>, Failure>> {
        let ids: Vec<String> = current.iter().filter_map(|query| query.id.known().cloned()).collect();
        let known = if ids.len() >= WORTH_LISTING { get_many(aws, &ids).await.ok() } else { None };
        let known = &known;
        each(current, |query| async move {
            let Some(id) = query.id.known() else { return Ok(None) };
            match known.as_ref().and_then(|known| known.get(id)) {
                Some(saved) => Ok(Some(NamedQuery::of(saved))),
                // One that was not in the answer may be gone, or may not have been looked up.
                None => Ok(get(aws, id).await?.map(|saved| NamedQuery::of(&saved))),
            }
        })
        .await
    }

    async fn delete(aws: &Aws, prior: NamedQuery, _: &Operation) -> Result<(), Failure> {
        let Some(id) = prior.id.known() else { return Ok(()) };
        let answer = aws.athena().delete_named_query().named_query_id(id).send().await;
        if answer.as_ref().is_err_and(is_absent) {
            return Ok(());
        }
        answer.calling("athena:DeleteNamedQuery").map(|_| ())
    }

    /// Athena tells nobody the token of a query, so one that is wholly as planned counts as made by this create.
    async fn locate(aws: &Aws, planned: NamedQuery, _: &str) -> Result<Found<NamedQuery>, Failure> {
        let mut pages = aws.athena().list_named_queries().work_group(&planned.workgroup).into_paginator().send();
        while let Some(page) = pages.next().await {
            if page.as_ref().is_err_and(is_absent) {
                return Ok(Found::Absent);
            }
            let ids = page.calling("athena:ListNamedQueries")?.named_query_ids.unwrap_or_default();
            let saved = get_many(aws, &ids).await?;
            if let Some(found) = saved.values().map(NamedQuery::of).find(|saved| planned.is(saved)) {
                return Ok(Found::Complete(found));
            }
        }
        Ok(Found::Absent)
    }

    async fn import(aws: &Aws, id: &str) -> Result<NamedQuery, Failure> {
        let saved = get(aws, id).await?;
        let saved = saved.ok_or_else(|| names::nothing_to_import("named query", id, "its id, as Athena lists it"))?;
        Ok(NamedQuery::of(&saved))
    }
}

async fn get(aws: &Aws, id: &str) -> Result<Option<Saved>, Failure> {
    let answer = aws.athena().get_named_query().named_query_id(id).send().await;
    if answer.as_ref().is_err_and(is_absent) {
        return Ok(None);
    }
    Ok(answer.calling("athena:GetNamedQuery")?.named_query)
}

/// Those of the queries that there are, by their ids.
async fn get_many(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, Saved>, Failure> {
    let mut queries = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let answer = aws.athena().batch_get_named_query().set_named_query_ids(Some(ids.to_vec())).send().await;
        for saved in answer.calling("athena:BatchGetNamedQuery")?.named_queries.unwrap_or_default() {
            queries.insert(saved.named_query_id().unwrap_or_default().to_owned(), saved);
        }
    }
    Ok(queries)
}
