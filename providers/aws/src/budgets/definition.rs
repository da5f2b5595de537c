//! What a budget action does, when, and who is told: the blocks, and the API's form of them.

use std::collections::BTreeSet;

use aws_sdk_budgets::types::{
    ActionSubType, Definition as There, IamActionDefinition, ScpActionDefinition, SsmActionDefinition,
};
use mesh_provider::{Block, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Number, Value};

use crate::check;
use crate::failure::incomplete;

/// When an action is done.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Threshold {
    /// `PERCENTAGE` of the budget's limit, or `ABSOLUTE_VALUE` in its unit.
    pub action_threshold_type: String,
    /// The threshold.
    pub action_threshold_value: Number,
}

/// Who is told.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subscriber {
    /// An e-mail address, or the ARN of an SNS topic.
    pub address: String,
    /// `EMAIL` or `SNS`.
    pub subscription_type: String,
}

/// What is done: one of the three.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Attaches a policy to users, groups and roles.
    #[mesh(block)]
    pub iam_action_definition: Option<Iam>,
    /// Attaches a service control policy to accounts or units of an organisation.
    #[mesh(block)]
    pub scp_action_definition: Option<Scp>,
    /// Stops machines or databases.
    #[mesh(block)]
    pub ssm_action_definition: Option<Ssm>,
}

/// A policy for users, groups and roles.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Iam {
    /// The ARN of the policy.
    pub policy_arn: String,
    /// Names of roles.
    pub roles: Option<BTreeSet<String>>,
    /// Names of groups.
    pub groups: Option<BTreeSet<String>>,
    /// Names of users.
    pub users: Option<BTreeSet<String>>,
}

/// A policy for accounts of an organisation.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scp {
    /// The id of the policy.
    pub policy_id: String,
    /// The ids of accounts, units or roots.
    pub target_ids: BTreeSet<String>,
}

/// Machines or databases to stop.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ssm {
    /// `STOP_EC2_INSTANCES` or `STOP_RDS_INSTANCES`.
    pub action_sub_type: String,
    /// Their ids.
    pub instance_ids: BTreeSet<String>,
    /// The region that they are in.
    pub region: String,
}

impl Definition {
    /// As Budgets has it. `own` is the written one: where it has no list of names, an empty one is none.
    pub(super) fn seen(own: &Self, there: &There) -> Self {
        let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
        let names = |own: Option<&BTreeSet<String>>, there: &[String]| {
            if there.is_empty() && own.is_none() { None } else { Some(set(there)) }
        };
        let written = own.iam_action_definition.as_ref();
        Self {
            iam_action_definition: there.iam_action_definition().map(|iam| Iam {
                policy_arn: iam.policy_arn().to_owned(),
                roles: names(written.and_then(|iam| iam.roles.as_ref()), iam.roles()),
                groups: names(written.and_then(|iam| iam.groups.as_ref()), iam.groups()),
                users: names(written.and_then(|iam| iam.users.as_ref()), iam.users()),
            }),
            scp_action_definition: there
                .scp_action_definition()
                .map(|scp| Scp { policy_id: scp.policy_id().to_owned(), target_ids: set(scp.target_ids()) }),
            ssm_action_definition: there.ssm_action_definition().map(|ssm| Ssm {
                action_sub_type: ssm.action_sub_type().as_str().to_owned(),
                instance_ids: set(ssm.instance_ids()),
                region: ssm.region().to_owned(),
            }),
        }
    }

    pub(super) fn sent(&self) -> Result<There, Failure> {
        let list = |set: &BTreeSet<String>| Some(set.iter().cloned().collect::<Vec<_>>());
        let names = |set: &Option<BTreeSet<String>>| set.as_ref().and_then(list).filter(|names| !names.is_empty());
        let iam = self.iam_action_definition.as_ref().map(|iam| {
            let iam_definition = IamActionDefinition::builder().policy_arn(&iam.policy_arn);
            let iam_definition = iam_definition.set_roles(names(&iam.roles)).set_groups(names(&iam.groups));
            iam_definition.set_users(names(&iam.users)).build().map_err(incomplete)
        });
        let scp = self.scp_action_definition.as_ref().map(|scp| {
            let scp_definition = ScpActionDefinition::builder().policy_id(&scp.policy_id);
            scp_definition.set_target_ids(list(&scp.target_ids)).build().map_err(incomplete)
        });
        let ssm = self.ssm_action_definition.as_ref().map(|ssm| {
            SsmActionDefinition::builder()
                .action_sub_type(ActionSubType::from(ssm.action_sub_type.as_str()))
                .set_instance_ids(list(&ssm.instance_ids))
                .region(&ssm.region)
                .build()
                .map_err(incomplete)
        });
        Ok(There::builder()
            .set_iam_action_definition(iam.transpose()?)
            .set_scp_action_definition(scp.transpose()?)
            .set_ssm_action_definition(ssm.transpose()?)
            .build())
    }
}

/// What is wrong in a written block, which must be the one for the action's type.
pub(super) fn problems(definition: &Value, action_type: Option<&str>) -> Vec<ProviderDiagnostic> {
    let kinds = [
        ("APPLY_IAM_POLICY", "iam_action_definition"),
        ("APPLY_SCP_POLICY", "scp_action_definition"),
        ("RUN_SSM_DOCUMENTS", "ssm_action_definition"),
    ];
    let written = |name: &str| definition.get(name).is_some_and(|block| !block.is_null());
    let mut problems = Vec::new();
    for (kind, name) in kinds {
        let wanted = action_type == Some(kind);
        let detail = match (wanted, written(name)) {
            (true, false) => format!("An action of type `{kind}` needs the block `{name}`."),
            (false, true) if action_type.is_some() => {
                format!("`{name}` is for an action of type `{kind}`; leave it out.")
            }
            _ => continue,
        };
        let problem = ProviderDiagnostic::error("Definition does not fit the type", detail);
        problems.push(if wanted { problem } else { problem.at(AttributePath::attr(name)) });
    }
    problems.extend(check::inside(definition, "ssm_action_definition", |ssm| {
        check::one_of(ssm, "action_sub_type", &["STOP_EC2_INSTANCES", "STOP_RDS_INSTANCES"])
    }));
    problems.extend(check::inside(definition, "iam_action_definition", |iam| {
        if ["roles", "groups", "users"].iter().any(|name| iam.get(name).is_some_and(|names| !names.is_null())) {
            return Vec::new();
        }
        let detail = "Say to whom the policy is attached: `roles`, `groups` or `users`.";
        vec![ProviderDiagnostic::error("Nobody to attach the policy to", detail)]
    }));
    problems
}
