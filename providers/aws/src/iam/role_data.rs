//! `data "aws_iam_role"`: a role that somebody else keeps.

use mesh_provider::{Block, Computed, DataSourceType, Failure, Permissions, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};

use super::role::find;
use super::{rules, tagging, text, timestamp};
use crate::platform::Aws;
use crate::tags::Tags;

/// A role that is kept elsewhere.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleData {
    /// Its name.
    pub name: String,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Who may take it on: a policy document.
    pub assume_role_policy: Computed<String>,
    /// When it was made, as RFC 3339 writes it.
    pub create_date: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// How many seconds somebody can have it at most.
    pub max_session_duration: Computed<i64>,
    /// Where it stands among the account's roles.
    pub path: Computed<String>,
    /// The ARN of the policy that says what the role can be allowed at most.
    pub permissions_boundary: Computed<String>,
    /// The id that no role had before it and none will have after it.
    pub unique_id: Computed<String>,
    /// When and where it was last used, as far as AWS remembers.
    pub role_last_used: Computed<Vec<LastUsed>>,
    /// Its tags.
    pub tags: Computed<Tags>,
}

/// The last use of a role.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastUsed {
    /// When, as RFC 3339 writes it.
    pub last_used_date: Option<String>,
    /// In which region.
    pub region: Option<String>,
}

/// The data source `aws_iam_role`.
pub(crate) struct RoleDataType;

impl DataSourceType for RoleDataType {
    const NAME: &'static str = "aws_iam_role";
    const PERMISSIONS: Permissions = Permissions { read: &["iam:GetRole"], ..Permissions::NONE };
    type Model = RoleData;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        rules::names(config, 64)
    }

    async fn read(aws: &Aws, config: RoleData) -> Result<RoleData, Failure> {
        let Some(role) = find(aws, &config.name).await? else {
            let detail =
                format!("There is no role `{}` in this account. Give its name, without its path.", config.name);
            return Err(Failure::new("No such role", detail).at(&AttributePath::attr("name")));
        };
        let used = role.role_last_used().filter(|used| used.last_used_date().is_some()).map(|used| LastUsed {
            last_used_date: used.last_used_date().map(timestamp),
            region: used.region().map(str::to_owned),
        });
        let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
        let shown = tagging::seen(role.tags()).into_iter().filter(|(key, _)| !aws.ignores_tag(key));
        Ok(RoleData {
            id: Computed::Known(config.name.clone()),
            name: config.name,
            arn: Computed::Known(role.arn.clone()),
            assume_role_policy: role.assume_role_policy_document().map(text::decoded).into(),
            create_date: Computed::Known(timestamp(&role.create_date)),
            description: Computed::Known(role.description().unwrap_or_default().to_owned()),
            max_session_duration: role.max_session_duration().map(i64::from).into(),
            path: Computed::Known(role.path.clone()),
            permissions_boundary: Computed::Known(boundary.unwrap_or_default().to_owned()),
            unique_id: Computed::Known(role.role_id.clone()),
            role_last_used: Computed::Known(used.into_iter().collect()),
            tags: Computed::Known(shown.collect()),
        })
    }
}
