//! `aws_iam_openid_connect_provider`: whose identity tokens the account believes.

use std::collections::BTreeSet;

use aws_sdk_iam::operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput as Seen;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::tagging::{self, Tagged};
use super::{ABSENT, TAKEN};
use crate::document::{keep, kept};
use crate::failure::{Outcome as _, Sent};
use crate::many::each;
use crate::names;
use crate::platform::Aws;
use crate::tags::{self, Tags};

/// Whose identity tokens the account believes: that of a pipeline, a cluster, a company's directory.
///
/// A role whose `assume_role_policy` names it can be taken on with such a token, and without any long-lived key.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub(crate) struct OidcProvider {
    /// Where the provider is, as its tokens' `iss` says: `https://` and a host, and a path where it has one.
    #[mesh(replace)]
    pub url: String,
    /// Whom the tokens must be meant for, as their `aud` says, such as `sts.amazonaws.com`.
    pub client_id_list: BTreeSet<String>,
    /// SHA-1 thumbprints of the certificate authorities that may vouch for the provider's host, five at most. AWS finds
    /// them out where they are left out, and doesn't need any for the hosts that it knows.
    #[mesh(optional)]
    pub thumbprint_list: Computed<Vec<String>>,
    /// Its tags.
    pub tags: Option<Tags>,
    /// All its tags, with those that the provider block gives to every resource.
    pub tags_all: Computed<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
}

/// The resource type `aws_iam_openid_connect_provider`.
pub(crate) struct OidcProviderType;

impl OidcProvider {
    fn identified(mut self, arn: String) -> Self {
        self.id = Computed::Known(arn.clone());
        self.arn = Computed::Known(arn);
        self
    }

    /// The provider as IAM has it.
    fn seen(mut self, aws: &Aws, arn: String, provider: &Seen) -> Self {
        let url = format!("https://{}", without_scheme(provider.url().unwrap_or_default()));
        self.url = kept(Some(&self.url), url, same_url);
        self.client_id_list = provider.client_id_list().iter().cloned().collect();
        let thumbprints = provider.thumbprint_list().to_vec();
        if !self.thumbprint_list.known().is_some_and(|own| same_thumbprints(own, &thumbprints)) {
            self.thumbprint_list = Computed::Known(thumbprints);
        }
        (self.tags, self.tags_all) = tags::seen(aws, self.tags.as_ref(), tagging::seen(provider.tags()));
        self.identified(arn)
    }

    /// The ARN that it has or would have.
    async fn arn(&self, aws: &Aws) -> Result<String, Failure> {
        match self.arn.known() {
            Some(arn) => Ok(arn.clone()),
            None => Ok(arn(aws, &aws.account().await?.id, &self.url)),
        }
    }

    /// Makes this provider the planned one. What was done stays done where a step fails.
    async fn change(&mut self, aws: &Aws, arn: &str, planned: &Self) -> Result<(), Failure> {
        for client in planned.client_id_list.difference(&self.client_id_list.clone()) {
            let call = aws.iam().add_client_id_to_open_id_connect_provider().open_id_connect_provider_arn(arn);
            call.client_id(client).send().await.calling("iam:AddClientIDToOpenIDConnectProvider")?;
            self.client_id_list.insert(client.clone());
        }
        for client in self.client_id_list.clone().difference(&planned.client_id_list) {
            let call = aws.iam().remove_client_id_from_open_id_connect_provider().open_id_connect_provider_arn(arn);
            call.client_id(client).send().await.gone("iam:RemoveClientIDFromOpenIDConnectProvider", ABSENT)?;
            self.client_id_list.remove(client);
        }
        if let Some(thumbprints) =
            planned.thumbprint_list.known().filter(|_| self.thumbprint_list != planned.thumbprint_list)
        {
            let call = aws.iam().update_open_id_connect_provider_thumbprint().open_id_connect_provider_arn(arn);
            let call = call.set_thumbprint_list(Some(thumbprints.clone()));
            call.send().await.calling("iam:UpdateOpenIDConnectProviderThumbprint")?;
            self.thumbprint_list = planned.thumbprint_list.clone();
        }
        Tagged::OidcProvider(arn).retag(aws, &self.tags_all, &planned.tags_all).await
    }
}

impl ResourceType for OidcProviderType {
    const NAME: &'static str = "aws_iam_openid_connect_provider";
    const PERMISSIONS: Permissions = Permissions {
        read: &["iam:GetOpenIDConnectProvider"],
        create: &["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"],
        update: &[
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            "iam:TagOpenIDConnectProvider",
            "iam:UntagOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
        delete: &["iam:DeleteOpenIDConnectProvider"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = OidcProvider;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = Vec::new();
        let url = config.get("url").and_then(Value::as_str);
        if let Some(why) = url.and_then(wrong_url) {
            problems.push(ProviderDiagnostic::error("Invalid URL", why).at(AttributePath::attr("url")));
        }
        let thumbprints = config.get("thumbprint_list").and_then(Value::as_slice).unwrap_or_default();
        for text in thumbprints.iter().filter_map(Value::as_str).filter(|text| !is_thumbprint(text)) {
            let detail = format!("\"{text}\" is no thumbprint: those are 40 hexadecimal digits, without colons.");
            let problem = ProviderDiagnostic::error("Invalid thumbprint", detail);
            problems.push(problem.at(AttributePath::attr("thumbprint_list")));
        }
        if thumbprints.len() > 5 {
            let detail = format!("There are {} thumbprints; IAM takes 5 at most.", thumbprints.len());
            let problem = ProviderDiagnostic::error("Too many thumbprints", detail);
            problems.push(problem.at(AttributePath::attr("thumbprint_list")));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        tags::plan(aws, draft);
        keep(draft, "url", same_url);
        let Some(url) = draft.planned_as::<String>("url").filter(|_| draft.changes("url")) else { return };
        if let Ok(account) = aws.account().await {
            let arn = arn(aws, &account.id, &url);
            draft.set("id", &arn);
            draft.set("arn", &arn);
        }
    }

    async fn create(
        aws: &Aws,
        planned: OidcProvider,
        operation: &Operation,
    ) -> Result<OidcProvider, ChangeError<OidcProvider>> {
        let call = aws
            .iam()
            .create_open_id_connect_provider()
            .url(&planned.url)
            .set_client_id_list(Some(planned.client_id_list.iter().cloned().collect()))
            .set_thumbprint_list(planned.thumbprint_list.known().cloned())
            .set_tags(Some(tagging::list(&tags::creating(&planned.tags_all, operation))?));
        let arn = match call.send().await.sent("iam:CreateOpenIDConnectProvider", TAKEN) {
            Sent::Done(answer) => answer.open_id_connect_provider_arn,
            Sent::Taken(_) => {
                let arn = planned.arn(aws).await?;
                made_before(aws, &arn, &operation.token).await?.map(|_| arn)
            }
            Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        };
        let taken = || names::taken("OpenID Connect provider", &planned.url, "its ARN");
        let arn = arn.ok_or_else(taken)?;
        if planned.thumbprint_list.known().is_some() {
            return Ok(planned.identified(arn));
        }
        // AWS found the thumbprints out.
        match find(aws, &arn).await {
            Ok(Some(found)) => Ok(planned.seen(aws, arn, &found)),
            Ok(None) => Err(names::vanished("OpenID Connect provider", &planned.url).into()),
            Err(failure) => {
                let made = OidcProvider { thumbprint_list: Computed::Known(Vec::new()), ..planned };
                Err(ChangeError::leaving(failure, made.identified(arn)))
            }
        }
    }

    async fn read(aws: &Aws, current: Vec<OidcProvider>) -> Vec<Result<Option<OidcProvider>, Failure>> {
        // The listing shows nothing but ARNs.
        each(current, |provider| async {
            let Some(arn) = provider.arn.known().cloned() else { return Ok(None) };
            Ok(find(aws, &arn).await?.map(|found| provider.seen(aws, arn, &found)))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        prior: OidcProvider,
        planned: OidcProvider,
        _operation: &Operation,
    ) -> Result<OidcProvider, ChangeError<OidcProvider>> {
        let mut provider = prior;
        let arn = provider.arn(aws).await?;
        match provider.change(aws, &arn, &planned).await {
            Ok(()) => Ok(planned),
            Err(failure) => Err(ChangeError::leaving(failure, provider)),
        }
    }

    async fn delete(aws: &Aws, prior: OidcProvider, _operation: &Operation) -> Result<(), Failure> {
        let arn = prior.arn(aws).await?;
        let call = aws.iam().delete_open_id_connect_provider().open_id_connect_provider_arn(arn);
        call.send().await.gone("iam:DeleteOpenIDConnectProvider", ABSENT)
    }

    async fn locate(aws: &Aws, planned: OidcProvider, token: &str) -> Result<Found<OidcProvider>, Failure> {
        let arn = planned.arn(aws).await?;
        let found = made_before(aws, &arn, token).await?;
        Ok(found.map_or(Found::Absent, |found| Found::Complete(planned.seen(aws, arn, &found))))
    }

    async fn import(aws: &Aws, id: &str) -> Result<OidcProvider, Failure> {
        let absent = || names::nothing_to_import("OpenID Connect provider", id, "its ARN");
        if !id.contains(":oidc-provider/") {
            return Err(absent());
        }
        let found = find(aws, id).await?.ok_or_else(absent)?;
        let nothing = OidcProvider {
            url: String::new(),
            client_id_list: BTreeSet::new(),
            thumbprint_list: Computed::Unknown,
            tags: None,
            tags_all: Computed::Unknown,
            id: Computed::Unknown,
            arn: Computed::Unknown,
        };
        Ok(nothing.seen(aws, id.to_owned(), &found))
    }
}

async fn find(aws: &Aws, arn: &str) -> Result<Option<Seen>, Failure> {
    let answer = aws.iam().get_open_id_connect_provider().open_id_connect_provider_arn(arn).send().await;
    answer.found("iam:GetOpenIDConnectProvider", ABSENT)
}

/// The provider, if the create with this token made it.
async fn made_before(aws: &Aws, arn: &str, token: &str) -> Result<Option<Seen>, Failure> {
    Ok(find(aws, arn).await?.filter(|provider| tags::is_from(&tagging::seen(provider.tags()), token)))
}

fn arn(aws: &Aws, account: &str, url: &str) -> String {
    super::arn(aws, account, "oidc-provider", "/", without_scheme(url))
}

/// IAM keeps the URL without its scheme, which is always `https`.
fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

fn same_url(left: &str, right: &str) -> bool {
    without_scheme(left) == without_scheme(right)
}

/// Whether two lists hold the same, in whatever order and case.
fn same_thumbprints(left: &[String], right: &[String]) -> bool {
    let all = |list: &[String]| list.iter().map(|text| text.to_ascii_lowercase()).collect::<BTreeSet<_>>();
    all(left) == all(right)
}

fn is_thumbprint(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn wrong_url(url: &str) -> Option<String> {
    let why = match url.strip_prefix("https://") {
        None => "must begin with `https://`",
        Some(rest) if rest.is_empty() || rest.starts_with('/') => "has no host",
        Some(rest) if rest.contains(['?', '#']) => "may have no query and no fragment",
        Some(_) if url.len() > 255 => "may have 255 characters at most",
        Some(_) => return None,
    };
    Some(format!("The provider's URL \"{url}\" {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        assert_eq!(wrong_url("https://token.actions.githubusercontent.com"), None);
        assert_eq!(wrong_url("https://oidc.eks.eu-central-1.amazonaws.com/id/AB12"), None);
        for wrong in ["accounts.google.com", "http://a.example", "https://", "https://a.example/?x=1"] {
            assert!(wrong_url(wrong).is_some(), "{wrong}");
        }
        assert!(same_url("https://a.example/x", "a.example/x"));
    }
}
