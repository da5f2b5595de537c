//! `local_object`: a file in a bucket.

mod content_type;
mod stored;

use std::path::PathBuf;

use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType, blocking,
};
use mesh_value::{AttributePath, Value};

use crate::provider::Local;
use stored::{Digest, Stored};

/// A file in a bucket.
///
/// Its content comes from `content` or from the file `source`; a change of that file is a change of the object. An
/// edit of the object outside shows as drift, and the next apply writes the content again. The file is written whole
/// or not at all. Creating it never overwrites a file of other content: to take one over, import it as `BUCKET/KEY`.
/// Deleting it also removes the directories of its key that are then empty.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The bucket's directory: its `path` or its `id`. It must exist.
    #[mesh(replace)]
    pub bucket: String,
    /// The object's name in the bucket. Each `/` in it makes a directory.
    #[mesh(replace)]
    pub key: String,
    /// The text to store. Exactly one of `content` and `source` is given.
    pub content: Option<String>,
    /// The file to store. A relative path starts at the provider's `base_dir`.
    pub source: Option<String>,
    /// The media type, such as `text/csv`. Where it is left out, it is told from the ending of the key.
    #[mesh(optional)]
    pub content_type: Computed<String>,
    /// The SHA-256 of the content, in hexadecimal digits.
    pub sha256: Computed<String>,
    /// The content's size in bytes.
    pub size: Computed<u64>,
    /// The file's absolute path.
    pub id: Computed<String>,
    /// The file as a `file://` URL.
    pub location: Computed<String>,
}

/// The resource type `local_object`.
pub(crate) struct ObjectType;

/// Where the bytes of an object come from.
enum Origin {
    Text(String),
    File(PathBuf),
}

impl Object {
    fn origin(&self, local: &Local) -> Result<Origin, Failure> {
        match (&self.content, &self.source) {
            (Some(text), None) => Ok(Origin::Text(text.clone())),
            (None, Some(path)) => Ok(Origin::File(local.resolve("source", path)?)),
            _ => Err(Failure(exactly_one())),
        }
    }

    fn stored(&self, local: &Local) -> Result<Stored, Failure> {
        Stored::of(local.resolve("bucket", &self.bucket)?, &self.key)
    }

    /// The object with the computed attributes of what lies there.
    fn holding(mut self, stored: &Stored, digest: &Digest) -> Self {
        if self.content_type.known().is_none() {
            self.content_type = Computed::Known(content_type::of(&self.key).to_owned());
        }
        self.sha256 = Computed::Known(digest.sha256.clone());
        self.size = Computed::Known(digest.size);
        self.id = Computed::Known(stored.id());
        self.location = Computed::Known(stored.location());
        self
    }

    /// The object as the file system has it; `None` where it is gone.
    fn seen(mut self, stored: &Stored) -> Result<Option<Self>, Failure> {
        let Some(digest) = stored.digest()? else { return Ok(None) };
        let edited = self.sha256.known() != Some(&digest.sha256);
        if edited && self.source.is_none() {
            self.content = stored.text(&digest)?;
        }
        Ok(Some(self.holding(stored, &digest)))
    }

    /// Writes the content that was planned.
    fn write(self, stored: &Stored, origin: &Origin) -> Result<Self, ChangeError<Self>> {
        let digest = stored.write(origin, self.sha256.known().map(String::as_str))?;
        Ok(self.holding(stored, &digest))
    }
}

impl ResourceType for ObjectType {
    const NAME: &'static str = "local_object";
    type Model = Object;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let written = |name: &str| config.get(name).map(|value| value.is_known().then(|| !value.is_null()));
        let mut problems = match (written("content").flatten(), written("source").flatten()) {
            (Some(true), Some(true)) | (Some(false), Some(false)) => exactly_one(),
            _ => Vec::new(),
        };
        if let Some(Err(why)) = config.get("key").and_then(Value::as_str).map(stored::check_key) {
            problems.push(ProviderDiagnostic::error("Invalid key", why).at(AttributePath::attr("key")));
        }
        problems
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        if let Err(failure) = plan(local, draft).await {
            failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic));
        }
    }

    async fn create(local: &Local, planned: Object, _operation: &Operation) -> Result<Object, ChangeError<Object>> {
        let (stored, origin) = (planned.stored(local)?, planned.origin(local)?);
        blocking(move || {
            stored.require_bucket()?;
            if let Some(digest) = stored.digest()? {
                let ours = stored::digest_of(&origin)?;
                if digest != ours {
                    return Err(stored.taken().into());
                }
                return Ok(planned.holding(&stored, &digest));
            }
            planned.write(&stored, &origin)
        })
        .await
    }

    async fn read(local: &Local, current: Vec<Object>) -> Vec<Result<Option<Object>, Failure>> {
        let places: Vec<_> = current.iter().map(|object| object.stored(local)).collect();
        let asked = current.len();
        let read = blocking(move || {
            let read = |(object, stored): (Object, Result<Stored, Failure>)| object.seen(&stored?);
            Ok::<_, Failure>(current.into_iter().zip(places).map(read).collect())
        });
        read.await.unwrap_or_else(|failure| (0..asked).map(|_| Err(failure.clone())).collect())
    }

    async fn update(
        local: &Local,
        _prior: Object,
        planned: Object,
        _operation: &Operation,
    ) -> Result<Object, ChangeError<Object>> {
        let (stored, origin) = (planned.stored(local)?, planned.origin(local)?);
        blocking(move || {
            let digest = stored.digest()?;
            match digest.filter(|digest| planned.sha256.known() == Some(&digest.sha256)) {
                Some(digest) => Ok(planned.holding(&stored, &digest)),
                None => planned.write(&stored, &origin),
            }
        })
        .await
    }

    async fn delete(local: &Local, prior: Object, _operation: &Operation) -> Result<(), Failure> {
        let stored = prior.stored(local)?;
        blocking(move || stored.delete()).await
    }

    /// A file of exactly the planned content is the object: writing is one step, so there is none half made.
    async fn locate(local: &Local, planned: Object, _token: &str) -> Result<Found<Object>, Failure> {
        let (stored, origin) = (planned.stored(local)?, planned.origin(local)?);
        blocking(move || {
            let Some(digest) = stored.digest()? else {
                stored.abandon()?;
                return Ok(Found::Absent);
            };
            let ours = match planned.sha256.known() {
                Some(sha256) => *sha256 == digest.sha256,
                // Without its source nobody can say that the file is ours, and a new creation takes no other's.
                None => stored::digest_of(&origin).is_ok_and(|ours| ours == digest),
            };
            Ok(if ours { Found::Complete(planned.holding(&stored, &digest)) } else { Found::Absent })
        })
        .await
    }

    async fn import(local: &Local, id: &str) -> Result<Object, Failure> {
        let (local, id) = (local.clone(), id.to_owned());
        blocking(move || {
            let (bucket, key) = stored::split(&local, &id)?;
            let object = Object {
                bucket,
                key,
                content: None,
                source: None,
                content_type: Computed::Unknown,
                sha256: Computed::Unknown,
                size: Computed::Unknown,
                id: Computed::Unknown,
                location: Computed::Unknown,
            };
            let stored = object.stored(&local)?;
            object.seen(&stored)?.ok_or_else(|| {
                let detail = format!(
                    "There is no file {}. An object's import id is its bucket's path, `/` and its key.",
                    stored.id()
                );
                Failure::new("Nothing to import", detail)
            })
        })
        .await
    }
}

/// Plans the computed attributes as far as the configured ones are known. The source file is read now.
async fn plan(local: &Local, draft: &mut Draft<'_>) -> Result<(), Failure> {
    if let (Some(bucket), Some(key)) = (draft.planned_as::<String>("bucket"), draft.planned_as::<String>("key")) {
        let place = Stored::of(local.resolve("bucket", &bucket)?, &key)?;
        if draft.changes("bucket") || draft.changes("key") {
            draft.set("id", &place.id());
            draft.set("location", &place.location());
            if draft.config("content_type").is_null() {
                draft.set("content_type", &content_type::of(&key).to_owned());
            }
        }
    }
    let content = draft.planned_as::<String>("content").map(Origin::Text);
    let origin = match draft.planned_as::<String>("source") {
        Some(path) => Some(Origin::File(local.resolve("source", &path)?)),
        None => content,
    };
    match origin {
        Some(origin) => {
            let digest = blocking(move || stored::digest_of(&origin)).await?;
            if draft.prior_as::<String>("sha256").as_ref() != Some(&digest.sha256) {
                draft.set("sha256", &digest.sha256);
                draft.set("size", &digest.size);
            }
        }
        None => {
            draft.set_unknown("sha256");
            draft.set_unknown("size");
        }
    }
    Ok(())
}

fn exactly_one() -> Vec<ProviderDiagnostic> {
    let detail = "Give exactly one of `content` (the text to store) and `source` (the file to store).";
    vec![ProviderDiagnostic::error("Content is not clear", detail).at(AttributePath::attr("content"))]
}
