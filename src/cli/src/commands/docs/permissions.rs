//! `mesh docs provider NAME --iam`: the policy of least rights, from what the types say that their operations call.

use std::collections::{BTreeMap, BTreeSet};

use mesh_plan::{Action, SavedPlan};
use mesh_provider::{Permissions, Provider};
use mesh_value::Mode;
use serde_json::{Value as Json, json};

/// Names of a platform's actions, such as `s3:CreateBucket`.
pub(super) type Actions = BTreeSet<&'static str>;

/// Which types of a provider are to be allowed.
pub(super) struct Wanted<'a> {
    pub(super) provider: &'a dyn Provider,
    pub(super) types: BTreeSet<&'a str>,
}

impl Wanted<'_> {
    /// What working out a plan again and applying it calls.
    ///
    /// Everything that a plan covers is read, also what does not change. Of a block that is decided during apply,
    /// anything may become.
    pub(super) fn by_plan(&self, saved: &SavedPlan) -> Actions {
        let mut actions = Actions::new();
        for change in &saved.plan.changes {
            let block = &change.address.block;
            self.add(&mut actions, (block.mode, &block.ty), |all| match change.action {
                Action::NoOp | Action::Read | Action::Forget => vec![],
                Action::Create => vec![all.create],
                Action::Update => vec![all.update],
                Action::Replace(_) => vec![all.create, all.delete],
                Action::Delete => vec![all.delete],
            });
        }
        for deferred in &saved.plan.deferred {
            let block = &deferred.block;
            self.add(&mut actions, (block.mode, &block.ty), |all| vec![all.create, all.update, all.delete]);
        }
        for data in &saved.data {
            let block = &data.address.block;
            self.add(&mut actions, (block.mode, &block.ty), |_| vec![]);
        }
        actions
    }

    /// What any operation of the types may call.
    pub(super) fn by_all(&self) -> Actions {
        let mut actions = Actions::new();
        for ty in &self.types {
            for mode in [Mode::Managed, Mode::Data] {
                self.add(&mut actions, (mode, ty), |all| vec![all.create, all.update, all.delete]);
            }
        }
        actions
    }

    /// Adds what reading an object of a type calls, and what else is chosen of its permissions.
    fn add(
        &self,
        actions: &mut Actions,
        (mode, ty): (Mode, &str),
        choose: impl Fn(Permissions) -> Vec<&'static [&'static str]>,
    ) {
        if self.types.contains(ty) {
            let all = self.provider.permissions(ty, mode == Mode::Data);
            actions.extend(choose(all).into_iter().flatten().chain(all.read));
        }
    }
}

/// A policy document that allows actions, with a statement for each service.
pub(super) fn policy(actions: &Actions) -> Json {
    let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for action in actions {
        let service = action.split_once(':').map_or(*action, |(service, _)| service);
        services.entry(service).or_default().push(action);
    }
    let statement = |(service, actions): (&str, Vec<&str>)| json!({ "Sid": statement_id(service), "Effect": "Allow", "Action": actions, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": services.into_iter().map(statement).collect::<Vec<_>>() })
}

/// A statement's name, of letters and digits alone: `EmrServerless`.
fn statement_id(service: &str) -> String {
    let words = service.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_a_statement_for_each_service() {
        let policy = policy(&["s3:PutObject", "emr-serverless:GetApplication", "s3:CreateBucket"].into());
        let expected = json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "EmrServerless", "Effect": "Allow", "Action": ["emr-serverless:GetApplication"], "Resource": "*" },
            { "Sid": "S3", "Effect": "Allow", "Action": ["s3:CreateBucket", "s3:PutObject"], "Resource": "*" },
        ] });
        assert_eq!(policy, expected);
    }
}
