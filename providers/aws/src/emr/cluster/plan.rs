//! What of a cluster is written otherwise and means the same, and what needs a new one beyond what the schema says.

use std::collections::BTreeSet;

use mesh_provider::{Attribute, Draft};
use mesh_value::{AttributePath, PathStep, Value};

use super::model::{CoreGroup, Ec2Attributes, Fleet, MasterGroup, Step};
use super::request::{same_names, split};
use crate::emr::{autoscaling, configurations, volumes};
use crate::platform::Aws;
use crate::{document, tags};

/// A part of a cluster of which EMR chooses what nobody writes.
trait Part: Attribute + PartialEq {
    /// The arguments that can't be changed, beyond those that the schema names.
    const FIXED: &[&str];

    /// As it is planned, with what is not written as it is now.
    fn completed(self, prior: &Self) -> Self;

    /// The arguments that can't be changed and differ once it is completed.
    fn fixed(&self, prior: &Self) -> Vec<&'static str>;
}

/// The names of pairs that are not equal.
fn differing<const N: usize>(pairs: [(&'static str, bool); N]) -> Vec<&'static str> {
    pairs.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

impl Part for MasterGroup {
    const FIXED: &[&str] = &["name", "ebs_config"];

    fn completed(mut self, prior: &Self) -> Self {
        self.name = self.name.or_else(|| prior.name.clone());
        self.ebs_config = volumes::completed(self.ebs_config, &prior.ebs_config);
        self
    }

    fn fixed(&self, prior: &Self) -> Vec<&'static str> {
        differing([("name", self.name == prior.name), ("ebs_config", self.ebs_config == prior.ebs_config)])
    }
}

impl Part for CoreGroup {
    const FIXED: &[&str] = &["name", "ebs_config"];

    fn completed(mut self, prior: &Self) -> Self {
        self.name = self.name.or_else(|| prior.name.clone());
        self.ebs_config = volumes::completed(self.ebs_config, &prior.ebs_config);
        let policies = self.autoscaling_policy.as_deref().zip(prior.autoscaling_policy.as_deref());
        if policies.is_some_and(|(own, prior)| autoscaling::same(own, prior)) {
            self.autoscaling_policy.clone_from(&prior.autoscaling_policy);
        }
        self
    }

    fn fixed(&self, prior: &Self) -> Vec<&'static str> {
        differing([("name", self.name == prior.name), ("ebs_config", self.ebs_config == prior.ebs_config)])
    }
}

impl Part for Fleet {
    const FIXED: &[&str] = &["name", "instance_type_configs", "launch_specifications"];

    fn completed(mut self, prior: &Self) -> Self {
        self.name = self.name.or_else(|| prior.name.clone());
        if self.instance_type_configs.is_empty() {
            self.instance_type_configs.clone_from(&prior.instance_type_configs);
        }
        let there = prior.instance_type_configs.iter();
        let there: Vec<_> = there.map(|it| (it.instance_type.clone(), it.clone())).collect();
        let completed = self.instance_type_configs.into_iter().map(|mut own| {
            let found = there.iter().find(|(name, _)| *name == own.instance_type);
            let Some((_, prior)) = found else { return own };
            own.ebs_config = volumes::completed(own.ebs_config, &prior.ebs_config);
            if own.bid_price.is_none() && own.bid_price_as_percentage_of_on_demand_price.is_none() {
                let percent = &prior.bid_price_as_percentage_of_on_demand_price;
                own.bid_price_as_percentage_of_on_demand_price.clone_from(percent);
            }
            own
        });
        self.instance_type_configs = completed.collect();
        self.launch_specifications = self.launch_specifications.or_else(|| prior.launch_specifications.clone());
        self
    }

    fn fixed(&self, prior: &Self) -> Vec<&'static str> {
        differing([
            ("name", self.name == prior.name),
            ("instance_type_configs", self.instance_type_configs == prior.instance_type_configs),
            ("launch_specifications", self.launch_specifications == prior.launch_specifications),
        ])
    }
}

impl Part for Ec2Attributes {
    const FIXED: &[&str] = &[];

    fn completed(mut self, prior: &Self) -> Self {
        if same_role(&self.instance_profile, &prior.instance_profile) {
            self.instance_profile.clone_from(&prior.instance_profile);
        }
        let lists = [
            (&mut self.additional_master_security_groups, &prior.additional_master_security_groups),
            (&mut self.additional_slave_security_groups, &prior.additional_slave_security_groups),
        ];
        for (own, prior) in lists {
            let parts = |text: &Option<String>| text.as_deref().map(split).map(BTreeSet::from_iter).unwrap_or_default();
            let same: bool = parts(own) == parts(prior);
            if same {
                own.clone_from(prior);
            }
        }
        self
    }

    fn fixed(&self, _: &Self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// Plans a part.
fn part<P: Part>(draft: &mut Draft<'_>, name: &'static str) {
    let Some(before) = draft.prior(name) else { return };
    let after = draft.planned(name);
    if before.is_null() != after.is_null() {
        return draft.replace(AttributePath::attr(name));
    }
    // What is only known after apply may be something else.
    let open = P::FIXED.iter().find(|fixed| after.get(fixed).is_some_and(|value| !value.is_wholly_known()));
    if let Some(open) = open {
        return draft.replace(AttributePath::attr(name).join(PathStep::Attr((*open).into())));
    }
    let (Some(prior), Some(planned)) = (draft.prior_as::<P>(name), draft.planned_as::<P>(name)) else { return };
    let completed = planned.completed(&prior);
    if completed == prior {
        return draft.keep(name);
    }
    for fixed in completed.fixed(&prior) {
        draft.replace(AttributePath::attr(name).join(PathStep::Attr(fixed.into())));
    }
}

/// Whether two texts name the same role or profile: a name stands for the ARN that ends in it.
fn same_role(left: &str, right: &str) -> bool {
    let name = |role: &str| role.rsplit('/').next().unwrap_or_default().to_owned();
    left == right || (left.starts_with("arn:") != right.starts_with("arn:") && name(left) == name(right))
}

/// Whether two addresses of logs are the same place.
fn same_place(left: &str, right: &str) -> bool {
    let place = |uri: &str| uri.replacen("s3n://", "s3://", 1).trim_end_matches('/').to_owned();
    place(left) == place(right)
}

/// The steps that a cluster was made with stay: fewer in the configuration are no change, others need a new cluster.
fn steps(draft: &mut Draft<'_>) {
    let Some(prior) = draft.prior_as::<Vec<Step>>("step") else { return };
    match draft.planned_as::<Vec<Step>>("step") {
        Some(planned) if prior == planned => {}
        Some(planned) if prior.starts_with(&planned) => draft.keep("step"),
        _ => draft.replace(AttributePath::attr("step")),
    }
}

/// What the schema can't say of a planned cluster.
pub(super) fn plan(aws: &Aws, draft: &mut Draft<'_>) {
    tags::plan(aws, draft);
    let (prior, planned) = (draft.prior_as("applications"), draft.planned_as("applications"));
    if prior.zip(planned).is_some_and(|(prior, planned)| same_names(&prior, &planned)) {
        draft.keep("applications");
    }
    for role in ["service_role", "autoscaling_role"] {
        document::keep(draft, role, same_role);
    }
    document::keep(draft, "log_uri", same_place);
    settings(draft);
    steps(draft);
    part::<Ec2Attributes>(draft, "ec2_attributes");
    part::<MasterGroup>(draft, "master_instance_group");
    part::<CoreGroup>(draft, "core_instance_group");
    part::<Fleet>(draft, "master_instance_fleet");
    part::<Fleet>(draft, "core_instance_fleet");
    // The primary node's fleet has one machine, which can't become another.
    for name in ["target_on_demand_capacity", "target_spot_capacity"] {
        let at = |fleet: &Value| fleet.get(name).cloned();
        let before = draft.prior("master_instance_fleet").filter(|fleet| !fleet.is_null()).and_then(at);
        let after = Some(draft.planned("master_instance_fleet")).filter(|fleet| !fleet.is_null()).and_then(at);
        if before.zip(after).is_some_and(|(before, after)| !before.same(&after)) {
            draft.replace(AttributePath::attr("master_instance_fleet").join(PathStep::Attr(name.into())));
        }
    }
}

/// The two arguments for the applications' settings say the same in either of them.
fn settings(draft: &mut Draft<'_>) {
    let names = ["configurations_json", "configurations"];
    let prior = names.iter().find_map(|name| draft.prior_as::<String>(name));
    let planned = names.iter().find_map(|name| draft.planned_as::<String>(name));
    if prior.zip(planned).is_some_and(|(prior, planned)| configurations::same(&prior, &planned)) {
        for name in names {
            draft.keep(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_the_arn_that_ends_in_it() {
        let arn = "arn:aws:iam::123456789012:role/emr/service";
        for (left, right, same) in [
            ("service", arn, true),
            ("service", "service", true),
            ("other", arn, false),
            ("arn:aws:iam::210987654321:role/service", arn, false),
        ] {
            assert_eq!(same_role(left, right), same, "{left} {right}");
        }
    }

    #[test]
    fn logs_go_to_the_same_place() {
        assert!(same_place("s3://logs/emr", "s3n://logs/emr/"));
        assert!(!same_place("s3://logs/emr", "s3://logs/other"));
    }
}
