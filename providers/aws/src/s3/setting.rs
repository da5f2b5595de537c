//! What the settings of a bucket share: each is a resource of its own, and S3 only knows how to read and replace it.

use std::future::Future;
use std::marker::PhantomData;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::Value;

use crate::failure::{SdkError, Sent, has_code};
use crate::many::each;
use crate::platform::Aws;
use crate::waiting::{propagated, until};

/// One setting of a bucket. A setting has no place for a token: it is known again by being as planned.
pub(super) trait Setting: Block + Clone + Send + Sync + 'static {
    /// The resource type's name.
    const NAME: &'static str;
    /// What a bucket has with it, as in "has a policy already".
    const WHAT: &'static str;
    /// What S3 must allow.
    const PERMISSIONS: Permissions;

    /// What S3 would refuse and the schema can't say.
    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let _ = config;
        Vec::new()
    }

    /// Adds to a plan what the schema can't say.
    fn plan(draft: &mut Draft<'_>) {
        let _ = draft;
    }

    /// Nothing but its place: what an import begins with.
    fn of(bucket: &str, owner: Option<String>) -> Self;

    /// The bucket that it is of.
    fn bucket(&self) -> &str;

    /// The account that the bucket must belong to, where that is written.
    fn owner(&self) -> Option<String> {
        None
    }

    /// Takes its id.
    fn identify(&mut self, id: String);

    /// The setting as S3 has it, written as here where that means the same. `None`: the bucket is gone, or has none.
    fn get(self, aws: &Aws) -> impl Future<Output = Result<Option<Self>, Failure>> + Send;

    /// Whether it is what a bucket has without anybody's doing.
    fn is_default(&self) -> bool {
        false
    }

    /// Makes the bucket's setting this one.
    fn put(&self, aws: &Aws, operation: &Operation) -> impl Future<Output = Result<Sent<()>, Failure>> + Send;

    /// Takes it away.
    fn remove(&self, aws: &Aws, operation: &Operation) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The resource type of a setting.
pub(super) struct SettingType<S>(PhantomData<fn() -> S>);

impl<S: Setting> ResourceType for SettingType<S> {
    const NAME: &'static str = S::NAME;
    const PERMISSIONS: Permissions = S::PERMISSIONS;
    const COSTS: Costs = Costs::Free;
    type Model = S;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        S::validate(config)
    }

    async fn plan(_: &Aws, draft: &mut Draft<'_>) {
        if let Some(bucket) = draft.planned_as::<String>("bucket") {
            let owner = draft.planned_as::<String>("expected_bucket_owner");
            draft.set("id", &id(&bucket, owner.as_deref()));
        } else {
            draft.set_unknown("id");
        }
        S::plan(draft);
    }

    async fn create(aws: &Aws, planned: S, operation: &Operation) -> Result<S, ChangeError<S>> {
        if let Some(there) = planned.clone().get(aws).await? {
            if agrees(&planned.encode(), &there.encode()) {
                return Ok(identified(there));
            }
            if !there.is_default() {
                let detail = format!(
                    "The bucket `{}` has {} already, and it is another one than this. Take it over with an `import` block, \
                     its import id is `{}`; or take it away there.",
                    planned.bucket(),
                    S::WHAT,
                    id(planned.bucket(), planned.owner().as_deref())
                );
                return Err(Failure::new("Bucket has this setting already", detail).into());
            }
        }
        match planned.put(aws, operation).await? {
            Sent::Done(()) => {}
            Sent::Taken(failure) | Sent::Refused(failure) => return Err(failure.into()),
            Sent::Unsure(failure) => return Err(ChangeError::unsure(failure)),
        }
        let left = planned.clone();
        complete(aws, planned, operation).await.map_err(|failure| match settled(&identified(left)) {
            Some(left) => ChangeError::leaving(failure, left),
            None => failure.into(),
        })
    }

    async fn read(aws: &Aws, current: Vec<S>) -> Vec<Result<Option<S>, Failure>> {
        each(current, |setting| async { Ok(setting.get(aws).await?.map(identified)) }).await
    }

    async fn update(aws: &Aws, _: S, planned: S, operation: &Operation) -> Result<S, ChangeError<S>> {
        match planned.put(aws, operation).await? {
            Sent::Done(()) => Ok(complete(aws, planned, operation).await?),
            Sent::Taken(failure) | Sent::Refused(failure) | Sent::Unsure(failure) => Err(failure.into()),
        }
    }

    async fn delete(aws: &Aws, prior: S, operation: &Operation) -> Result<(), Failure> {
        prior.remove(aws, operation).await
    }

    async fn locate(aws: &Aws, planned: S, _: &str) -> Result<Found<S>, Failure> {
        let there = planned.clone().get(aws).await?;
        Ok(match there.filter(|there| agrees(&planned.encode(), &there.encode())) {
            Some(there) => Found::Complete(identified(there)),
            None => Found::Absent,
        })
    }

    async fn import(aws: &Aws, id: &str) -> Result<S, Failure> {
        let (bucket, owner) = match id.split_once(',') {
            Some((bucket, owner)) => (bucket, Some(owner.to_owned())),
            None => (id, None),
        };
        let there = S::of(bucket, owner).get(aws).await?.map(identified);
        there.ok_or_else(|| {
            let detail = format!(
                "The bucket `{bucket}` does not have {}, or there is no such bucket. The import id is the bucket's name.",
                S::WHAT
            );
            Failure::new("Nothing to import", detail)
        })
    }
}

/// Sends a change of a bucket's settings, again while S3 is busy with another one of the same bucket.
pub(super) async fn settle<T, E, F>(
    operation: &Operation,
    action: &str,
    send: impl FnMut() -> F,
) -> Result<T, SdkError<E>>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    F: Future<Output = Result<T, SdkError<E>>>,
{
    propagated(operation, action, |error| has_code(error, &["OperationAborted"]), send).await
}

/// What was put, with what S3 chose where nothing was written.
async fn complete<S: Setting>(aws: &Aws, planned: S, operation: &Operation) -> Result<S, Failure> {
    let planned = identified(planned);
    if planned.encode().is_wholly_known() {
        return Ok(planned);
    }
    let there = until(operation, "waiting until S3 shows what was set", || planned.clone().get(aws)).await?;
    Ok(identified(there))
}

/// Without anything that is not known.
fn settled<S: Setting>(setting: &S) -> Option<S> {
    let known = setting.encode().transform(&mut |_, part: Value| {
        Ok::<_, std::convert::Infallible>(if part.is_known() { part } else { Value::null(part.ty()) })
    });
    S::decode(&known.unwrap_or_else(|never| match never {})).ok()
}

fn identified<S: Setting>(mut setting: S) -> S {
    let id = id(setting.bucket(), setting.owner().as_deref());
    setting.identify(id);
    setting
}

fn id(bucket: &str, owner: Option<&str>) -> String {
    owner.map_or_else(|| bucket.to_owned(), |owner| format!("{bucket},{owner}"))
}

/// Whether what exists is what is planned, as far as that is known.
fn agrees(planned: &Value, there: &Value) -> bool {
    if planned.is_wholly_known() {
        return planned.same(there);
    }
    if let (Some(planned), Some(_)) = (planned.as_entries(), there.as_entries()) {
        return planned.iter().all(|(name, planned)| there.get(name).is_some_and(|there| agrees(planned, there)));
    }
    match (planned.as_slice(), there.as_slice()) {
        (Some(planned), Some(there)) => {
            planned.len() == there.len() && planned.iter().zip(there).all(|(planned, there)| agrees(planned, there))
        }
        _ => !planned.is_known(),
    }
}
