//! `aws_emr_security_configuration`: how clusters encrypt and whom they let in, as a document that they are made with.

use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::Existing as _;
use crate::check;
use crate::document;
use crate::failure::{Outcome as _, Sent, has_code, says};
use crate::many::each;
use crate::names;
use crate::platform::Aws;

/// How clusters encrypt and whom they let in: a document that clusters are made with.
///
/// It has no tags and nothing of it can change: a change makes a new one. Clusters that use it have to be made anew too.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Security {
    /// Its name. A name that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// The document, in JSON: `EncryptionConfiguration`, `AuthenticationConfiguration` and the like.
    #[mesh(replace)]
    pub configuration: String,
    /// When it was made.
    pub creation_date: Computed<String>,
    /// Its name.
    pub id: Computed<String>,
}

/// The resource type `aws_emr_security_configuration`.
pub(crate) struct SecurityType;

/// What EMR has of a security configuration.
struct Described {
    configuration: String,
    created: Option<String>,
}

async fn described(aws: &Aws, name: &str) -> Result<Option<Described>, Failure> {
    let answer = aws.emr().describe_security_configuration().name(name).send().await;
    let answer = answer.existing("elasticmapreduce:DescribeSecurityConfiguration")?;
    Ok(answer.map(|answer| Described {
        configuration: answer.security_configuration().unwrap_or_default().to_owned(),
        created: answer.creation_date_time().map(ToString::to_string),
    }))
}

impl Security {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    fn seen(mut self, name: String, described: Described) -> Self {
        self.configuration = document::kept(Some(&self.configuration), described.configuration, document::same_json);
        self.creation_date = described.created.into();
        self.id = Computed::Known(name.clone());
        self.name = Computed::Known(name);
        self
    }

    async fn read(self, aws: &Aws) -> Result<Option<Self>, Failure> {
        let Some(name) = self.name.known().cloned() else { return Ok(None) };
        Ok(described(aws, &name).await?.map(|described| self.seen(name, described)))
    }

    /// What this very create made: nothing about it can carry a token, so the name and the whole document must be ours.
    async fn ours(self, aws: &Aws, token: &str) -> Result<Option<Self>, Failure> {
        let name = self.name(token);
        let there = described(aws, &name).await?;
        let ours = there.filter(|there| document::same_json(&there.configuration, &self.configuration));
        Ok(ours.map(|ours| self.seen(name, ours)))
    }
}

impl ResourceType for SecurityType {
    const NAME: &'static str = "aws_emr_security_configuration";
    const PERMISSIONS: Permissions = Permissions {
        read: &["elasticmapreduce:DescribeSecurityConfiguration"],
        create: &["elasticmapreduce:CreateSecurityConfiguration"],
        update: &[],
        delete: &["elasticmapreduce:DeleteSecurityConfiguration"],
    };
    type Model = Security;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::exclusive(config, "name", "name_prefix");
        problems.extend(document::invalid(config, "configuration"));
        problems
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        document::keep(draft, "configuration", document::same_json);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
    }

    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(aws: &Aws, planned: Security, operation: &Operation) -> Result<Security, ChangeError<Security>> {
        let name = planned.name(&operation.token);
        let call = aws.emr().create_security_configuration().name(&name);
        let answer = call.security_configuration(&planned.configuration).send().await;
        let is_taken = answer
            .as_ref()
            .is_err_and(|error| has_code(error, &["InvalidRequestException"]) && says(error, "already exists"));
        let taken: &[&str] = if is_taken { &["InvalidRequestException"] } else { &[] };
        match answer.sent("elasticmapreduce:CreateSecurityConfiguration", taken) {
            Sent::Done(answer) => {
                let created = answer.creation_date_time().map(ToString::to_string);
                let configuration = planned.configuration.clone();
                Ok(planned.seen(name, Described { configuration, created }))
            }
            // A name that is made is nobody else's: an attempt before this one took it.
            Sent::Taken(_) if planned.name.known().is_none() => {
                let ours = planned.ours(aws, &operation.token).await?;
                ours.ok_or_else(|| names::vanished("security configuration", &name).into())
            }
            Sent::Taken(_) => Err(names::taken("security configuration", &name, "its name").into()),
            Sent::Unsure(failure) => Err(ChangeError::unsure(failure)),
            Sent::Refused(failure) => Err(failure.into()),
        }
    }

    async fn read(aws: &Aws, current: Vec<Security>) -> Vec<Result<Option<Security>, Failure>> {
        each(current, |security| security.read(aws)).await
    }

    async fn delete(aws: &Aws, prior: Security, operation: &Operation) -> Result<(), Failure> {
        let call = aws.emr().delete_security_configuration().name(prior.name(&operation.token));
        call.send().await.existing("elasticmapreduce:DeleteSecurityConfiguration").map(|_| ())
    }

    async fn locate(aws: &Aws, planned: Security, token: &str) -> Result<Found<Security>, Failure> {
        Ok(planned.ours(aws, token).await?.map_or(Found::Absent, Found::Complete))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Security, Failure> {
        let absent = || names::nothing_to_import("security configuration", id, "its name");
        let described = described(aws, id).await?.ok_or_else(absent)?;
        let security = Security {
            name: Computed::Unknown,
            name_prefix: None,
            configuration: String::new(),
            creation_date: Computed::Unknown,
            id: Computed::Unknown,
        };
        Ok(security.seen(id.to_owned(), described))
    }
}
