//! `aws_glue_schema`: what records look like, version by version.

use aws_sdk_glue::operation::get_schema::GetSchemaOutput as Described;
use aws_sdk_glue::types::{
    Compatibility, DataFormat, RegistryId, SchemaId, SchemaStatus, SchemaVersionNumber, SchemaVersionStatus,
};
use mesh_provider::cost::{CostRequest, Costs};
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{ABSENT, TAKEN, arn, half_made, made, read_tags, registry_name, retag, settle_tags, shown};
use crate::check;
use crate::document::{keep, kept, same_json};
use crate::failure::Outcome as _;
use crate::many::each;
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::waiting;

const COMPATIBILITIES: &[&str] =
    &["NONE", "DISABLED", "BACKWARD", "BACKWARD_ALL", "FORWARD", "FORWARD_ALL", "FULL", "FULL_ALL"];

/// What records look like, version by version.
///
/// Another definition becomes a new version, which must be compatible with those before it as `compatibility` says.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schema {
    /// Its name: letters, digits, `-`, `_`, `$`, `.` and `#`.
    #[mesh(replace)]
    pub schema_name: String,
    /// The ARN of the registry that it is in: the account's default registry where it is left out.
    #[mesh(optional, replace)]
    pub registry_arn: Computed<String>,
    /// What it is written in: `AVRO`, `JSON` or `PROTOBUF`.
    #[mesh(replace)]
    pub data_format: String,
    /// Which versions a new one must be compatible with: `NONE`, `DISABLED` (there are no new ones), `BACKWARD`,
    /// `BACKWARD_ALL`, `FORWARD`, `FORWARD_ALL`, `FULL` or `FULL_ALL`.
    pub compatibility: String,
    /// The definition. Layout makes no difference, nor does the order of keys in JSON.
    pub schema_definition: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// The name of its registry.
    pub registry_name: Computed<String>,
    /// The number of the latest version.
    #[mesh(computed_on_change)]
    pub latest_schema_version: Computed<i64>,
    /// The number that the next version gets.
    #[mesh(computed_on_change)]
    pub next_schema_version: Computed<i64>,
    /// The number of the version from which on new ones are checked.
    #[mesh(computed_on_change)]
    pub schema_checkpoint: Computed<i64>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_glue_schema`.
pub(crate) struct SchemaType;

impl Schema {
    /// The name of its registry.
    fn registry(&self) -> &str {
        let arn = self.registry_arn.known().map(String::as_str);
        arn.and_then(|arn| arn.rsplit('/').next()).unwrap_or("default-registry")
    }

    async fn address(&self, aws: &Aws) -> Result<String, Failure> {
        arn(aws, &format!("schema/{}/{}", self.registry(), self.schema_name)).await
    }

    /// The schema as the registry has it, with its latest definition and its tags.
    fn seen(mut self, aws: &Aws, there: &Described, definition: String, platform: Tags) -> Self {
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), platform);
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        self.data_format = owned(there.data_format().map(DataFormat::as_str));
        self.compatibility = owned(there.compatibility().map(Compatibility::as_str));
        self.description = shown::text(self.description.as_ref(), there.description());
        self.schema_definition = kept(Some(&self.schema_definition), definition, same_definition);
        self.registry_arn = Computed::Known(owned(there.registry_arn()));
        self.registry_name = Computed::Known(owned(there.registry_name()));
        self.latest_schema_version = there.latest_schema_version().into();
        self.next_schema_version = there.next_schema_version().into();
        self.schema_checkpoint = there.schema_checkpoint().into();
        self.id = Computed::Known(owned(there.schema_arn()));
        self.arn = self.id.clone();
        self
    }

    /// Reads what is there. A version never changes, so the definition is asked for only where there is another one.
    async fn read(self, aws: &Aws, there: &Described) -> Result<Self, Failure> {
        let arn = there.schema_arn().unwrap_or_default();
        let tags = read_tags(aws, arn).await?;
        let same = self.latest_schema_version.known().copied() == there.latest_schema_version();
        let definition = if same { self.schema_definition.clone() } else { latest_definition(aws, arn).await? };
        Ok(self.seen(aws, there, definition, tags))
    }

    /// Makes the definition the latest version.
    async fn register(&self, aws: &Aws, arn: &str, latest: Option<i64>, operation: &Operation) -> Result<(), Failure> {
        let call =
            aws.glue().register_schema_version().schema_id(by_arn(arn)).schema_definition(&self.schema_definition);
        let answer = call.send().await.calling("glue:RegisterSchemaVersion")?;
        if let Some((old, latest)) = answer.version_number().zip(latest).filter(|(number, latest)| number < latest) {
            let detail = format!(
                "The definition of the schema `{}` is its version {old} already, and the registry does not take it again \
                 after version {latest}. Change something about it, such as a description in it, or delete the versions \
                 after it.",
                self.schema_name
            );
            return Err(Failure::new("Definition is an old version", detail));
        }
        let id = answer.schema_version_id().unwrap_or_default();
        let status = answer.status.clone().filter(|status| *status != SchemaVersionStatus::Pending);
        let status = match status {
            Some(status) => status,
            None => {
                waiting::until(operation, "waiting until the registry has checked a definition", async || {
                    let version = aws.glue().get_schema_version().schema_version_id(id).send().await;
                    let status = version.calling("glue:GetSchemaVersion")?.status;
                    Ok(status.filter(|status| *status != SchemaVersionStatus::Pending))
                })
                .await?
            }
        };
        if status == SchemaVersionStatus::Available {
            return Ok(());
        }
        let detail = format!(
            "The registry does not take the new definition of the schema `{}`: it is not compatible with the versions \
             before it, as `compatibility = \"{}\"` asks for. Change the definition, or choose another compatibility.",
            self.schema_name, self.compatibility
        );
        Err(Failure::new("Definition is not compatible", detail).at(&AttributePath::attr("schema_definition")))
    }

    /// Changes what differs from `prior`.
    async fn change(&self, aws: &Aws, arn: &str, prior: &Self, operation: &Operation) -> Result<(), Failure> {
        if prior.compatibility != self.compatibility || prior.description != self.description {
            let call = aws
                .glue()
                .update_schema()
                .schema_id(by_arn(arn))
                .compatibility(Compatibility::from(self.compatibility.as_str()))
                .set_description(shown::cleared(prior.description.as_ref(), self.description.as_ref()));
            call.send().await.calling("glue:UpdateSchema")?;
        }
        if prior.schema_definition != self.schema_definition {
            self.register(aws, arn, prior.latest_schema_version.known().copied(), operation).await?;
        }
        retag(aws, arn, &prior.tags_all, &self.tags_all).await
    }
}

impl ResourceType for SchemaType {
    const NAME: &'static str = "aws_glue_schema";
    const PERMISSIONS: Permissions = Permissions {
        read: &["glue:GetSchema", "glue:GetSchemaVersion", "glue:GetTags"],
        create: &["glue:CreateSchema", "glue:TagResource", "glue:UntagResource"],
        update: &["glue:RegisterSchemaVersion", "glue:TagResource", "glue:UntagResource", "glue:UpdateSchema"],
        delete: &["glue:DeleteSchema"],
    };
    type Model = Schema;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = registry_name(config, "schema_name");
        problems.extend(check::one_of(config, "data_format", &["AVRO", "JSON", "PROTOBUF"]));
        problems.extend(check::one_of(config, "compatibility", COMPATIBILITIES));
        let text = |name: &str| config.get(name).and_then(Value::as_str);
        if let (Some(format @ ("AVRO" | "JSON")), Some(definition)) = (text("data_format"), text("schema_definition"))
            && let Err(error) = serde_json::from_str::<serde_json::Value>(definition)
        {
            let detail = format!("A definition in {format} must be JSON: {error}. Write it with `jsonencode`.");
            let problem = ProviderDiagnostic::error("Invalid definition", detail);
            problems.push(problem.at(AttributePath::attr("schema_definition")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        keep(draft, "schema_definition", same_definition);
        if !draft.is_create() {
            return;
        }
        if draft.config("registry_arn").is_null() {
            let Ok(registry) = arn(aws, "registry/default-registry").await else { return };
            draft.set("registry_arn", &registry);
        }
        let registry = draft.planned_as::<String>("registry_arn");
        let Some(registry) = registry.as_deref().and_then(|arn| arn.rsplit('/').next()) else { return };
        draft.set("registry_name", &registry.to_owned());
        let Some(name) = draft.planned_as::<String>("schema_name") else { return };
        if let Ok(arn) = arn(aws, &format!("schema/{registry}/{name}")).await {
            draft.set("id", &arn);
            draft.set("arn", &arn);
        }
    }

    fn cost(_: &Aws, _: CostRequest<'_>) -> Costs {
        Costs::Free
    }

    async fn create(aws: &Aws, planned: Schema, operation: &Operation) -> Result<Schema, ChangeError<Schema>> {
        let tags = tags::creating(&planned.tags_all, operation);
        let arn = planned.address(aws).await?;
        let registry = planned.registry_arn.known().filter(|_| planned.registry() != "default-registry");
        let call = aws
            .glue()
            .create_schema()
            .set_registry_id(registry.map(|arn| RegistryId::builder().registry_arn(arn).build()))
            .schema_name(&planned.schema_name)
            .data_format(DataFormat::from(planned.data_format.as_str()))
            .compatibility(Compatibility::from(planned.compatibility.as_str()))
            .schema_definition(&planned.schema_definition)
            .set_description(planned.description.clone())
            .set_tags(Some(tags.clone().into_iter().collect()));
        let new = made(call.send().await.sent("glue:CreateSchema", TAKEN))?;
        if !new && !tags::is_from(&read_tags(aws, &arn).await?, &operation.token) {
            return Err(names::taken("schema", &planned.schema_name, "its ARN").into());
        }
        let settled = async {
            settle_tags(aws, &arn, &tags).await?;
            let there = waiting::until(operation, "waiting until a schema is there", async || {
                let there = find(aws, &arn).await?.ok_or_else(|| names::vanished("schema", &planned.schema_name))?;
                Ok(Some(there).filter(|there| there.schema_status() != Some(&SchemaStatus::Pending)))
            });
            Ok((there.await?, latest_definition(aws, &arn).await?))
        };
        match settled.await {
            Ok((there, definition)) => Ok(planned.seen(aws, &there, definition, tags)),
            Err(failure) => Err(half_made(failure, planned)),
        }
    }

    async fn read(aws: &Aws, current: Vec<Schema>) -> Vec<Result<Option<Schema>, Failure>> {
        // The registry's listing has neither versions nor compatibility, so each is asked for.
        each(current, async |schema: Schema| {
            let arn = match schema.arn.known() {
                Some(arn) => arn.clone(),
                None => schema.address(aws).await?,
            };
            match find(aws, &arn).await? {
                Some(there) => schema.read(aws, &there).await.map(Some),
                None => Ok(None),
            }
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: Schema,
        planned: Schema,
        operation: &Operation,
    ) -> Result<Schema, ChangeError<Schema>> {
        let arn = prior.address(aws).await?;
        let changed = planned.change(aws, &arn, &prior, operation).await;
        let there = find(aws, &arn).await?.ok_or_else(|| {
            let detail = format!("The schema `{}` is not there any more. Plan again.", prior.schema_name);
            Failure::new("Gone", detail)
        })?;
        match changed {
            Ok(()) => {
                let (definition, tags) = (latest_definition(aws, &arn).await?, read_tags(aws, &arn).await?);
                Ok(planned.seen(aws, &there, definition, tags))
            }
            Err(failure) => Err(ChangeError::leaving(failure, prior.read(aws, &there).await?)),
        }
    }

    async fn delete(aws: &Aws, prior: Schema, operation: &Operation) -> Result<(), Failure> {
        let arn = prior.address(aws).await?;
        aws.glue().delete_schema().schema_id(by_arn(&arn)).send().await.gone("glue:DeleteSchema", ABSENT)?;
        waiting::until(operation, "waiting until a schema is deleted", async || {
            let there = aws.glue().get_schema().schema_id(by_arn(&arn)).send().await;
            Ok(there.found("glue:GetSchema", ABSENT)?.is_none().then_some(()))
        })
        .await
    }

    async fn locate(aws: &Aws, planned: Schema, token: &str) -> Result<Found<Schema>, Failure> {
        let arn = planned.address(aws).await?;
        let Some(there) = find(aws, &arn).await? else { return Ok(Found::Absent) };
        let tags = read_tags(aws, &arn).await?;
        if !tags::is_from(&tags, token) {
            return Ok(Found::Absent);
        }
        let definition = latest_definition(aws, &arn).await?;
        Ok(Found::Complete(planned.seen(aws, &there, definition, tags)))
    }

    async fn import(aws: &Aws, id: &str) -> Result<Schema, Failure> {
        let absent = || names::nothing_to_import("schema", id, "its ARN");
        let name = id.rsplit('/').next().filter(|_| id.starts_with("arn:")).ok_or_else(absent)?;
        let there = find(aws, id).await?.ok_or_else(absent)?;
        let blank = Schema {
            schema_name: name.to_owned(),
            registry_arn: Computed::Unknown,
            data_format: String::new(),
            compatibility: String::new(),
            schema_definition: String::new(),
            description: None,
            tags: None,
            tags_all: Computed::Unknown,
            registry_name: Computed::Unknown,
            latest_schema_version: Computed::Unknown,
            next_schema_version: Computed::Unknown,
            schema_checkpoint: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        blank.read(aws, &there).await
    }
}

/// Whether two definitions say the same: as JSON, or but for layout.
fn same_definition(left: &str, right: &str) -> bool {
    same_json(left, right) || left.split_whitespace().eq(right.split_whitespace())
}

fn by_arn(arn: &str) -> SchemaId {
    SchemaId::builder().schema_arn(arn).build()
}

/// One that is being deleted is gone.
async fn find(aws: &Aws, arn: &str) -> Result<Option<Described>, Failure> {
    let answer = aws.glue().get_schema().schema_id(by_arn(arn)).send().await.found("glue:GetSchema", ABSENT)?;
    Ok(answer.filter(|there| there.schema_status() != Some(&SchemaStatus::Deleting)))
}

async fn latest_definition(aws: &Aws, arn: &str) -> Result<String, Failure> {
    let latest = SchemaVersionNumber::builder().latest_version(true).build();
    let call = aws.glue().get_schema_version().schema_id(by_arn(arn)).schema_version_number(latest);
    Ok(call.send().await.calling("glue:GetSchemaVersion")?.schema_definition.unwrap_or_default())
}
