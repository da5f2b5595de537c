//! `data "aws_caller_identity"`: who the credentials belong to.

use mesh_provider::{Block, Computed, DataSourceType, Failure, Permissions};

use crate::platform::Aws;

/// Who the credentials belong to.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallerIdentity {
    /// The id of the account.
    pub account_id: Computed<String>,
    /// The ARN of the user or of the role's session.
    pub arn: Computed<String>,
    /// The id of the user or role.
    pub user_id: Computed<String>,
    /// The id of the account.
    pub id: Computed<String>,
}

/// The data source `aws_caller_identity`.
pub(crate) struct CallerIdentityType;

impl DataSourceType for CallerIdentityType {
    const NAME: &'static str = "aws_caller_identity";
    // Everybody may ask who they are.
    const PERMISSIONS: Permissions = Permissions { read: &["sts:GetCallerIdentity"], ..Permissions::NONE };
    type Model = CallerIdentity;
    type Platform = Aws;

    async fn read(aws: &Aws, _: CallerIdentity) -> Result<CallerIdentity, Failure> {
        let account = aws.account().await?;
        Ok(CallerIdentity {
            account_id: Computed::Known(account.id.clone()),
            arn: Computed::Known(account.arn.clone()),
            user_id: Computed::Known(account.user_id.clone()),
            id: Computed::Known(account.id.clone()),
        })
    }
}
