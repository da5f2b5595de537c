//! The resource type: what can be wrong with a grant, how it is planned, and which operation does what.

use std::path::{Path, PathBuf};

use mesh_provider::{
    ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType, blocking,
};
use mesh_value::{AttributePath, Value};

use super::model::{Grant, id, number, resolve, wrong_permissions};
use super::tree::Permissions;
use crate::provider::Local;

/// The resource type `local_grant`.
pub struct GrantType;

/// A failure of the path itself, before anything is tried on it.
fn must_exist(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    Err(Failure::new(
        "Nothing to grant access to",
        format!(
            "There is no file or directory {}. Create it first: refer to the `id` of the bucket, so that it comes before \
             the grant.",
            path.display()
        ),
    )
    .at(&AttributePath::attr("path")))
}

impl ResourceType for GrantType {
    const NAME: &'static str = "local_grant";
    type Model = Grant;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut found = Vec::new();
        let written = |name: &str| config.get(name).is_some_and(|value| !value.is_null());
        if written("user") == written("group") {
            let detail = "A grant is for one `user` or one `group`: give exactly one of the two.";
            found.push(ProviderDiagnostic::error("Principal needed", detail).at(AttributePath::attr("user")));
        }
        let permissions = config.get("permissions").and_then(Value::as_str);
        if let Some(name) = permissions.filter(|name| Permissions::from_name(name).is_none()) {
            let wrong = ProviderDiagnostic::error("Invalid permissions", wrong_permissions(name));
            found.push(wrong.at(AttributePath::attr("permissions")));
        }
        found
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        if !draft.is_create() {
            draft.set("uncovered", &0_u64);
        }
        let (user, group) = (draft.planned_as::<String>("user"), draft.planned_as::<String>("group"));
        if user.is_none() && group.is_none() {
            return;
        }
        let asked = blocking(move || resolve(user.as_deref(), group.as_deref())).await;
        let principal = match asked {
            Ok(principal) => principal,
            Err(failure) => return failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
        };
        let number = number(principal.tag());
        if draft.prior_as::<u32>("principal_id").is_some_and(|earlier| earlier != number) {
            draft.replace(AttributePath::attr("principal_id"));
        }
        draft.set("principal", &principal.to_string());
        draft.set("principal_id", &number);
        if let Some(path) = draft.planned_as::<String>("path")
            && let Ok(path) = local.resolve("path", &path)
        {
            draft.set("id", &id(&principal, &path));
        }
    }

    async fn create(local: &Local, planned: Grant, operation: &Operation) -> Result<Grant, ChangeError<Grant>> {
        let path = local.resolve("path", &planned.path)?;
        let done = blocking(move || {
            must_exist(&path)?;
            let principal = planned.principal()?;
            if let Some(found) = planned.entry(&path, principal.tag()).find(None)? {
                return Err(Failure::new(
                    "Access entry already exists",
                    format!(
                        "{} has an entry `{}` for {principal} already, by `setfacl`, by another grant, or handed down by \
                         the directory above. A path has one entry a principal: import it with the id `{}`, or remove it \
                         with `setfacl -x {}`.",
                        path.display(),
                        found.bits,
                        id(&principal, &path),
                        principal.short()
                    ),
                )
                .into());
            }
            let model = planned.made(&path, &principal);
            match model.set(&path, &principal) {
                Ok(warnings) => Ok((model, warnings)),
                // Some entries may be set; deleting what is left removes them.
                Err(failure) => match model.entry(&path, principal.tag()).remove() {
                    Ok(()) => Err(ChangeError::from(failure)),
                    Err(_) => Err(ChangeError::leaving(failure, model)),
                },
            }
        });
        let (model, warnings) = done.await?;
        warnings.into_iter().for_each(|(summary, detail)| operation.warn(summary, detail));
        Ok(model)
    }

    async fn read(local: &Local, current: Vec<Grant>) -> Vec<Result<Option<Grant>, Failure>> {
        let paths: Vec<_> = current.iter().map(|grant| local.resolve("path", &grant.path)).collect();
        let asked = current.len();
        let read = blocking(move || {
            let read = |(grant, path): (Grant, Result<PathBuf, Failure>)| grant.seen(&path?);
            Ok::<_, Failure>(current.into_iter().zip(paths).map(read).collect())
        });
        read.await.unwrap_or_else(|failure| (0..asked).map(|_| Err(failure.clone())).collect())
    }

    async fn update(
        local: &Local,
        prior: Grant,
        planned: Grant,
        operation: &Operation,
    ) -> Result<Grant, ChangeError<Grant>> {
        let path = local.resolve("path", &planned.path)?;
        let done = blocking(move || {
            must_exist(&path)?;
            let principal = planned.principal()?;
            let model = planned.made(&path, &principal);
            let change = || -> Result<_, Failure> {
                if prior.recursive && !model.recursive {
                    model.entry(&path, principal.tag()).remove_below()?;
                }
                model.set(&path, &principal)
            };
            match change() {
                Ok(warnings) => Ok((model, warnings)),
                Err(failure) => Err(match model.seen(&path) {
                    Ok(Some(seen)) => ChangeError::leaving(failure, seen),
                    _ => failure.into(),
                }),
            }
        });
        let (model, warnings) = done.await?;
        warnings.into_iter().for_each(|(summary, detail)| operation.warn(summary, detail));
        Ok(model)
    }

    async fn delete(local: &Local, prior: Grant, _operation: &Operation) -> Result<(), Failure> {
        let path = local.resolve("path", &prior.path)?;
        blocking(move || prior.entry(&path, prior.tag()?).remove()).await
    }

    async fn locate(local: &Local, planned: Grant, _token: &str) -> Result<Found<Grant>, Failure> {
        let path = local.resolve("path", &planned.path)?;
        blocking(move || {
            let principal = planned.principal()?;
            let wanted = (planned.permissions.clone(), planned.recursive);
            // An entry has no room for a token. Creating refuses a path that has an entry for the principal, so one
            // that stands there now is what the interrupted creation made.
            Ok(match planned.made(&path, &principal).seen(&path)? {
                None => Found::Absent,
                Some(grant)
                    if (&grant.permissions, grant.recursive) == (&wanted.0, wanted.1)
                        && grant.uncovered == 0.into() =>
                {
                    Found::Complete(grant)
                }
                Some(grant) => Found::Partial(grant),
            })
        })
        .await
    }

    async fn import(local: &Local, id: &str) -> Result<Grant, Failure> {
        let malformed = || {
            let detail = format!("`{id}` is no grant's id. It is `user:NAME:PATH` or `group:NAME:PATH`.");
            Failure::new("Invalid import id", detail)
        };
        let (kind, rest) = id.split_once(':').ok_or_else(malformed)?;
        let (name, path) = rest.split_once(':').ok_or_else(malformed)?;
        let (user, group) = match kind {
            "user" => (Some(name.to_owned()), None),
            "group" => (None, Some(name.to_owned())),
            _ => return Err(malformed()),
        };
        let at = local.resolve("path", path)?;
        let grant = Grant {
            path: path.to_owned(),
            user,
            group,
            permissions: String::new(),
            recursive: false,
            id: Computed::Unknown,
            principal: Computed::Unknown,
            principal_id: Computed::Unknown,
            uncovered: Computed::Unknown,
        };
        blocking(move || {
            let principal = grant.principal()?;
            let nothing = || {
                let detail = format!("{} has no entry for {principal}.", at.display());
                Failure::new("Nothing to import", detail)
            };
            // Once to learn what it permits, once more to count what lacks it.
            let found = grant.made(&at, &principal).seen(&at)?.ok_or_else(nothing)?;
            found.seen(&at)?.ok_or_else(nothing)
        })
        .await
    }
}
