//! `data "aws_iam_policy_document"`: a policy written in blocks, and merged from others, instead of JSON.

mod form;

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::{Block, Computed, DataSourceType, Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, PathStep, Value};

use crate::check;
use crate::platform::Aws;
use form::{Conditions, Form, Principals, Texts};

/// A policy document, written in blocks.
///
/// `source_policy_documents` come first, then the blocks, then `override_policy_documents`. A statement takes the place
/// of an earlier one with the same `sid`. Write `&{aws:username}` for a variable that AWS fills in.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyDocument {
    /// The version of the policy language: `2012-10-17` or `2008-10-17`.
    #[mesh(default = "2012-10-17")]
    pub version: String,
    /// An id for the document.
    pub policy_id: Option<String>,
    /// Documents to begin with, in JSON. Of their statements no two may have the same `sid`.
    pub source_policy_documents: Option<Vec<Option<String>>>,
    /// Documents to end with, in JSON.
    pub override_policy_documents: Option<Vec<Option<String>>>,
    /// The statements.
    #[mesh(block)]
    pub statement: Vec<Statement>,
    /// The document as JSON, over several lines.
    pub json: Computed<String>,
    /// The document as JSON, on one line.
    pub minified_json: Computed<String>,
}

/// What is allowed or denied, to whom, and when.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Its name within the document.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    #[mesh(default = "Allow")]
    pub effect: String,
    /// The actions, such as `s3:GetObject` or `s3:*`.
    pub actions: Option<BTreeSet<String>>,
    /// All actions but these.
    pub not_actions: Option<BTreeSet<String>>,
    /// The resources, as ARNs.
    pub resources: Option<BTreeSet<String>>,
    /// All resources but these.
    pub not_resources: Option<BTreeSet<String>>,
    /// To whom it applies. A policy of a role or user says nothing of that.
    #[mesh(block)]
    pub principals: BTreeSet<Principal>,
    /// To whom it doesn't apply.
    #[mesh(block)]
    pub not_principals: BTreeSet<Principal>,
    /// When it applies. All conditions must hold.
    #[mesh(block)]
    pub condition: BTreeSet<Condition>,
}

/// Whom a statement is about.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Principal {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for everybody.
    #[mesh(name = "type")]
    pub kind: String,
    /// ARNs or account ids, services' names, identity providers; `*` for all.
    pub identifiers: BTreeSet<String>,
}

/// A condition of a statement.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Condition {
    /// How to compare, such as `StringEquals` or `ArnLike`.
    pub test: String,
    /// The key of the request that is compared, such as `aws:SourceAccount`.
    pub variable: String,
    /// What it is compared with. One of them must fit.
    pub values: Vec<String>,
}

/// The data source `aws_iam_policy_document`.
pub(crate) struct PolicyDocumentType;

impl DataSourceType for PolicyDocumentType {
    const NAME: &'static str = "aws_iam_policy_document";
    type Model = PolicyDocument;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::one_of(config, "version", &["2008-10-17", "2012-10-17"]);
        let statements = config.get("statement").and_then(Value::as_slice).unwrap_or_default();
        for (index, statement) in statements.iter().enumerate() {
            let at = AttributePath::attr("statement").join(PathStep::Index(index));
            let mut own = check::one_of(statement, "effect", &["Allow", "Deny"]);
            own.extend(check::exclusive(statement, "actions", "not_actions"));
            own.extend(check::exclusive(statement, "resources", "not_resources"));
            problems.extend(own.into_iter().map(|problem| inside(&at, problem)));
        }
        problems
    }

    async fn read(_: &Aws, config: PolicyDocument) -> Result<PolicyDocument, Failure> {
        let form = config.merged()?;
        Ok(PolicyDocument {
            json: Computed::Known(form.pretty()?),
            minified_json: Computed::Known(form.minified()?),
            ..config
        })
    }
}

impl PolicyDocument {
    /// The document that all of it makes.
    fn merged(&self) -> Result<Form, Failure> {
        let mut problems = Vec::new();
        let sources = parsed("source_policy_documents", self.source_policy_documents.as_deref(), &mut problems);
        let overrides = parsed("override_policy_documents", self.override_policy_documents.as_deref(), &mut problems);
        let mut merged = Form::default();
        let mut named = BTreeSet::new();
        for (at, source) in sources {
            let sids = source.statements.iter().map(|statement| &statement.sid).filter(|sid| !sid.is_empty());
            for sid in sids.filter(|sid| !named.insert((*sid).clone())) {
                problems.push(doubled(sid, "an earlier statement of the source documents").at(at.clone()));
            }
            merged.merge(source);
        }
        let mut named = BTreeSet::new();
        let mut own = Form { version: self.version.clone(), ..Form::default() };
        own.id = self.policy_id.clone().unwrap_or_default();
        for (index, statement) in self.statement.iter().enumerate() {
            let at = AttributePath::attr("statement").join(PathStep::Index(index));
            if let Some(sid) = statement.sid.as_ref().filter(|sid| !sid.is_empty() && !named.insert((*sid).clone())) {
                problems.push(doubled(sid, "an earlier statement").at(at.join(PathStep::Attr("sid".into()))));
            }
            if self.version == "2008-10-17" && statement.has_variables() {
                let detail = "Variables such as `&{aws:username}` need version `2012-10-17` of the policy language.";
                problems.push(ProviderDiagnostic::error("Variable in an old document", detail).at(at));
            }
            own.statements.push(statement.form());
        }
        merged.merge(own);
        for (_, document) in overrides {
            merged.merge(document);
        }
        if problems.is_empty() { Ok(merged) } else { Err(Failure(problems)) }
    }
}

impl Statement {
    fn form(&self) -> form::Statement {
        let plain =
            |texts: &Option<BTreeSet<String>>| texts.as_ref().and_then(|texts| Texts::of(texts.iter().cloned()));
        let filled = |texts: &Option<BTreeSet<String>>| {
            texts.as_ref().and_then(|texts| Texts::of(texts.iter().map(|text| variables(text))))
        };
        form::Statement {
            sid: self.sid.clone().unwrap_or_default(),
            effect: self.effect.clone(),
            action: plain(&self.actions),
            not_action: plain(&self.not_actions),
            resource: filled(&self.resources),
            not_resource: filled(&self.not_resources),
            principal: principals(&self.principals),
            not_principal: principals(&self.not_principals),
            condition: conditions(&self.condition),
        }
    }

    fn has_variables(&self) -> bool {
        let resources = self.resources.iter().chain(&self.not_resources).flatten();
        let principals = self.principals.iter().chain(&self.not_principals).flat_map(|who| &who.identifiers);
        let values = self.condition.iter().flat_map(|condition| &condition.values);
        resources.chain(principals).chain(values).any(|text| text.contains("&{") || text.contains("${"))
    }
}

fn principals(blocks: &BTreeSet<Principal>) -> Option<Principals> {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Principal { kind, identifiers } in blocks {
        kinds.entry(kind.clone()).or_default().extend(identifiers.iter().map(|text| variables(text)));
    }
    let texts = |(kind, who): (String, BTreeSet<String>)| (kind, Texts::of(who).unwrap_or(Texts::Many(Vec::new())));
    if kinds.is_empty() { None } else { Some(Principals::of(kinds.into_iter().map(texts).collect())) }
}

fn conditions(blocks: &BTreeSet<Condition>) -> Option<Conditions> {
    let mut conditions = Conditions::default();
    for Condition { test, variable, values } in blocks {
        let keys = conditions.0.entry(test.clone()).or_default();
        keys.entry(variable.clone()).or_default().0.extend(values.iter().map(|text| variables(text)));
    }
    if conditions.0.is_empty() { None } else { Some(conditions) }
}

/// AWS writes its variables as the language writes its own.
fn variables(text: &str) -> String {
    text.replace("&{", "${")
}

/// The documents of an argument, with where each stands. Empty ones count as not there.
fn parsed(
    name: &str,
    texts: Option<&[Option<String>]>,
    problems: &mut Vec<ProviderDiagnostic>,
) -> Vec<(AttributePath, Form)> {
    let mut forms = Vec::new();
    for (index, text) in texts.unwrap_or_default().iter().enumerate() {
        let Some(text) = text.as_ref().filter(|text| !text.trim().is_empty()) else { continue };
        let at = AttributePath::attr(name).join(PathStep::Index(index));
        match Form::parse(text) {
            Ok(form) => forms.push((at, form)),
            Err(why) => {
                let detail = format!("`{name}[{index}]` is no policy document: {why}.");
                problems.push(ProviderDiagnostic::error("Invalid policy document", detail).at(at));
            }
        }
    }
    forms
}

fn doubled(sid: &str, other: &str) -> ProviderDiagnostic {
    let detail = format!("The `sid` \"{sid}\" is that of {other}. Give each statement another one, or none.");
    ProviderDiagnostic::error("Statement id is used twice", detail)
}

/// A problem of a nested block, seen from outside.
fn inside(block: &AttributePath, mut problem: ProviderDiagnostic) -> ProviderDiagnostic {
    problem.path = problem.path.steps().iter().fold(block.clone(), |path, step| path.join(step.clone()));
    problem
}

#[cfg(test)]
mod tests;
