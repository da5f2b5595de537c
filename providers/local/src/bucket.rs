//! `local_bucket`: a directory that holds objects.

mod directory;
pub(crate) mod quota;

use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, ProviderDiagnostic, ResourceType, blocking,
};
use mesh_value::{AttributePath, Value};

use crate::provider::Local;
use directory::Directory;
pub(crate) use directory::MARKER;

/// A directory that holds objects.
///
/// Creating it makes the directories above it where they are missing, and refuses a directory that already exists, so
/// that no two owners ever share one; to take one over, import it under its path. In it lies a file `.mesh-bucket`,
/// which tells whose creation it was: it is how a creation that was interrupted is found again, and does not count as
/// content. Deleting the bucket also removes the directories above it, inside the base directory, that are then empty.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Where the directory is. A relative path starts at the provider's `base_dir` and stays inside it.
    #[mesh(replace)]
    pub path: String,
    /// Whether deleting the bucket deletes what is in it too. Without it, a bucket that is not empty is not deleted.
    #[mesh(default = false)]
    pub force_destroy: bool,
    /// The directory's permissions in octal, such as `"0750"`. What the process's umask allows where it is left out.
    #[mesh(optional)]
    pub mode: Computed<String>,
    /// The most bytes that the files in it may take, held whenever mesh writes an object; no limit where it is left out.
    /// Other programs are not stopped by it: that takes quotas of the file system.
    pub quota_bytes: Option<u64>,
    /// The directory's absolute path.
    pub id: Computed<String>,
    /// The directory as a `file://` URL.
    pub location: Computed<String>,
}

/// The resource type `local_bucket`.
pub(crate) struct BucketType;

impl Bucket {
    /// The bucket as the file system has it: everything that can be seen there is taken from there.
    fn seen(mut self, directory: &Directory) -> Result<Self, Failure> {
        let mode = directory.mode()?;
        let as_written = self.mode.known().is_some_and(|text| octal(text) == Some(mode));
        if !as_written {
            self.mode = Computed::Known(format!("{mode:04o}"));
        }
        self.quota_bytes = directory.quota()?;
        self.id = Computed::Known(directory.id());
        self.location = Computed::Known(directory.location());
        Ok(self)
    }

    fn wanted_mode(&self) -> Option<u32> {
        self.mode.known().and_then(|text| octal(text))
    }
}

impl ResourceType for BucketType {
    const NAME: &'static str = "local_bucket";
    type Model = Bucket;
    type Platform = Local;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mode = config.get("mode").and_then(Value::as_str);
        let wrong = mode.filter(|mode| octal(mode).is_none()).map(|mode| {
            let detail = format!("`mode` is three or four octal digits, such as \"0750\"; it is {mode:?}.");
            ProviderDiagnostic::error("Invalid permissions", detail).at(AttributePath::attr("mode"))
        });
        wrong.into_iter().collect()
    }

    async fn plan(local: &Local, draft: &mut Draft<'_>) {
        let Some(path) = draft.planned_as::<String>("path") else { return };
        match Directory::of(local, &path) {
            Ok(directory) if draft.changes("path") => {
                draft.set("id", &directory.id());
                draft.set("location", &directory.location());
            }
            Ok(_) => {}
            Err(failure) => failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
        }
    }

    async fn create(local: &Local, planned: Bucket, operation: &Operation) -> Result<Bucket, ChangeError<Bucket>> {
        let directory = Directory::of(local, &planned.path)?;
        let token = operation.token.clone();
        blocking(move || {
            directory.create(&token, planned.wanted_mode(), planned.quota_bytes)?;
            Ok(planned.seen(&directory)?)
        })
        .await
    }

    async fn read(local: &Local, current: Vec<Bucket>) -> Vec<Result<Option<Bucket>, Failure>> {
        let directories: Vec<_> = current.iter().map(|bucket| Directory::of(local, &bucket.path)).collect();
        let asked = current.len();
        let read = blocking(move || {
            let read = |(bucket, directory): (Bucket, Result<Directory, Failure>)| {
                let directory = directory?;
                if directory.exists()? { bucket.seen(&directory).map(Some) } else { Ok(None) }
            };
            Ok::<_, Failure>(current.into_iter().zip(directories).map(read).collect())
        });
        read.await.unwrap_or_else(|failure| (0..asked).map(|_| Err(failure.clone())).collect())
    }

    async fn update(
        local: &Local,
        prior: Bucket,
        planned: Bucket,
        _operation: &Operation,
    ) -> Result<Bucket, ChangeError<Bucket>> {
        let directory = Directory::of(local, &planned.path)?;
        blocking(move || {
            if let Some(mode) = planned.wanted_mode().filter(|mode| prior.wanted_mode() != Some(*mode)) {
                directory.set_mode(mode)?;
            }
            if prior.quota_bytes != planned.quota_bytes {
                directory.set_quota(planned.quota_bytes)?;
            }
            Ok(planned.seen(&directory)?)
        })
        .await
    }

    async fn delete(local: &Local, prior: Bucket, _operation: &Operation) -> Result<(), Failure> {
        let directory = Directory::of(local, &prior.path)?;
        blocking(move || directory.delete(prior.force_destroy)).await
    }

    async fn locate(local: &Local, planned: Bucket, token: &str) -> Result<Found<Bucket>, Failure> {
        let directory = Directory::of(local, &planned.path)?;
        let token = token.to_owned();
        blocking(move || {
            if directory.exists()? && directory.made_by(&token)? {
                planned.seen(&directory).map(Found::Complete)
            } else {
                directory.abandon(&token)?;
                Ok(Found::Absent)
            }
        })
        .await
    }

    async fn import(local: &Local, id: &str) -> Result<Bucket, Failure> {
        let directory = Directory::of(local, id)?;
        let bucket = Bucket {
            path: id.to_owned(),
            force_destroy: false,
            mode: Computed::Unknown,
            quota_bytes: None,
            id: Computed::Unknown,
            location: Computed::Unknown,
        };
        blocking(move || {
            if directory.exists()? {
                return bucket.seen(&directory);
            }
            let detail = format!("There is no directory {}. A bucket's import id is its path.", directory.id());
            Err(Failure::new("Nothing to import", detail))
        })
        .await
    }
}

fn octal(text: &str) -> Option<u32> {
    let digits = (3..=4).contains(&text.len()) && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    digits.then(|| u32::from_str_radix(text, 8).ok()).flatten()
}
