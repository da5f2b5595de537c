//! `aws_iam_instance_profile`: how machines get a role.

use aws_sdk_iam::types::InstanceProfile as Seen;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use super::tagging::{self, Tagged};
use super::{ABSENT, TAKEN, is_early, planned_arn, rules, timestamp};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::platform::Aws;
use crate::tags::{self, Tags};
use crate::{names, waiting};

/// How machines get a role: EC2 instances, and the machines of an EMR cluster, start with it.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct InstanceProfile {
    /// Its name, which no other profile of the account may have. One that nobody else has is made where it is left out.
    #[mesh(optional, replace)]
    pub name: Computed<String>,
    /// What a name that is made begins with.
    #[mesh(replace)]
    pub name_prefix: Option<String>,
    /// Where it stands among the account's profiles, such as `/data/orders/`.
    #[mesh(default = "/", replace)]
    pub path: String,
    /// The name of the role that its machines have.
    pub role: Option<String>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// The id that no profile had before it and none will have after it.
    pub unique_id: Computed<String>,
    /// When it was made, as RFC 3339 writes it.
    pub create_date: Computed<String>,
}

/// The resource type `aws_iam_instance_profile`.
pub(crate) struct InstanceProfileType;

impl InstanceProfile {
    fn name(&self, token: &str) -> String {
        names::chosen(&self.name, self.name_prefix.as_deref(), token)
    }

    /// What only IAM can say of it.
    fn identified(mut self, profile: &Seen) -> Self {
        self.name = Computed::Known(profile.instance_profile_name.clone());
        self.id = Computed::Known(profile.instance_profile_name.clone());
        self.arn = Computed::Known(profile.arn.clone());
        self.unique_id = Computed::Known(profile.instance_profile_id.clone());
        self.create_date = Computed::Known(timestamp(&profile.create_date));
        self
    }

    /// The profile as IAM has it.
    fn seen(mut self, aws: &Aws, profile: &Seen) -> Self {
        self.path.clone_from(&profile.path);
        self.role = profile.roles.first().map(|role| role.role_name.clone());
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tagging::seen(profile.tags()));
        self.identified(profile)
    }
}

impl ResourceType for InstanceProfileType {
    const NAME: &'static str = "aws_iam_instance_profile";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetInstanceProfile"],
        create: &[
            "iam:AddRoleToInstanceProfile",
            "iam:CreateInstanceProfile",
            "iam:PassRole",
            "iam:TagInstanceProfile",
        ],
        update: &[
            "iam:AddRoleToInstanceProfile",
            "iam:PassRole",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:TagInstanceProfile",
            "iam:UntagInstanceProfile",
        ],
        delete: &["iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = InstanceProfile;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = rules::names(config, 128);
        problems.extend(rules::role(config));
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        if let Some(name) = draft.planned_as::<String>("name").filter(|_| draft.changes("name")) {
            draft.set("id", &name);
        }
        if let Some(arn) = planned_arn(aws, draft, "instance-profile").await {
            draft.set("arn", &arn);
        }
    }

    async fn create(
        aws: &Aws,
        planned: InstanceProfile,
        operation: &Operation,
    ) -> Result<InstanceProfile, ChangeError<InstanceProfile>> {
        let name = planned.name(&operation.token);
        let tags = tagging::list(&tags::creating(&planned.tags_all, operation))?;
        let call = aws.iam().create_instance_profile().instance_profile_name(&name).path(&planned.path);
        let made = match call.set_tags(Some(tags)).send().await.sent("iam:CreateInstanceProfile", TAKEN) {
            Sent::Done(answer) => answer.instance_profile,
            Sent::Taken(_) => made_before(aws, &name, &operation.token).await.map_err(ChangeError::unsure)?,
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        let made = made.ok_or_else(|| names::taken("instance profile", &name, "its name"))?;
        let has = made.roles.first().map(|role| role.role_name.as_str());
        match give(aws, &name, has, planned.role.as_deref(), operation).await {
            Ok(()) => Ok(planned.identified(&made)),
            Err(failure) => Err(ChangeError::leaving(failure, planned.seen(aws, &made))),
        }
    }

    async fn read(aws: &Aws, current: Vec<InstanceProfile>) -> Vec<Result<Option<InstanceProfile>, Failure>> {
        // No listing shows the tags of profiles.
        each(current, |profile| async {
            let Some(name) = profile.name.known() else { return Ok(None) };
            Ok(find(aws, name).await?.map(|found| profile.seen(aws, &found)))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: InstanceProfile,
        planned: InstanceProfile,
        operation: &Operation,
    ) -> Result<InstanceProfile, ChangeError<InstanceProfile>> {
        let mut profile = prior;
        let name = profile.name(&operation.token);
        if let Err(failure) = give(aws, &name, profile.role.as_deref(), planned.role.as_deref(), operation).await {
            // The old role may be gone already, and the new one not there yet.
            let now = find(aws, &name).await.ok().flatten();
            return Err(match now {
                Some(now) => ChangeError::leaving(failure, profile.seen(aws, &now)),
                None => failure.into(),
            });
        }
        profile.role.clone_from(&planned.role);
        match Tagged::InstanceProfile(&name).retag(aws, &profile.tags_all, &planned.tags_all).await {
            Ok(()) => Ok(planned),
            Err(failure) => Err(ChangeError::leaving(failure, profile)),
        }
    }

    async fn delete(aws: &Aws, prior: InstanceProfile, operation: &Operation) -> Result<(), Failure> {
        let name = prior.name(&operation.token);
        give(aws, &name, prior.role.as_deref(), None, operation).await?;
        let call = aws.iam().delete_instance_profile().instance_profile_name(&name);
        call.send().await.gone("iam:DeleteInstanceProfile", ABSENT)
    }

    async fn locate(aws: &Aws, planned: InstanceProfile, token: &str) -> Result<Found<InstanceProfile>, Failure> {
        let Some(found) = made_before(aws, &planned.name(token), token).await? else { return Ok(Found::Absent) };
        let wanted = planned.role.clone();
        let found = planned.seen(aws, &found);
        // The role is given to it by a call of its own.
        Ok(if found.role == wanted { Found::Complete(found) } else { Found::Partial(found) })
    }

    async fn import(aws: &Aws, id: &str) -> Result<InstanceProfile, Failure> {
        let absent = || names::nothing_to_import("instance profile", id, "its name");
        let found = find(aws, id).await?.ok_or_else(absent)?;
        let nothing = InstanceProfile {
            name: Computed::Unknown,
            name_prefix: None,
            path: String::new(),
            role: None,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
            unique_id: Computed::Unknown,
            create_date: Computed::Unknown,
        };
        Ok(nothing.seen(aws, &found))
    }
}

async fn find(aws: &Aws, name: &str) -> Result<Option<Seen>, Failure> {
    let answer = aws.iam().get_instance_profile().instance_profile_name(name).send().await;
    Ok(answer.found("iam:GetInstanceProfile", ABSENT)?.and_then(|answer| answer.instance_profile))
}

/// The profile, if the create with this token made it.
async fn made_before(aws: &Aws, name: &str, token: &str) -> Result<Option<Seen>, Failure> {
    Ok(find(aws, name).await?.filter(|profile| tags::is_from(&tagging::seen(profile.tags()), token)))
}

/// Gives a profile another role. It can have one.
async fn give(
    aws: &Aws,
    profile: &str,
    before: Option<&str>,
    after: Option<&str>,
    operation: &Operation,
) -> Result<(), Failure> {
    const ADD: &str = "iam:AddRoleToInstanceProfile";
    if before == after {
        return Ok(());
    }
    if let Some(role) = before {
        let call = aws.iam().remove_role_from_instance_profile().instance_profile_name(profile).role_name(role);
        call.send().await.gone("iam:RemoveRoleFromInstanceProfile", ABSENT)?;
    }
    if let Some(role) = after {
        let call = aws.iam().add_role_to_instance_profile().instance_profile_name(profile).role_name(role);
        waiting::propagated(operation, ADD, is_early, || call.clone().send()).await.calling(ADD)?;
    }
    Ok(())
}
