//! What is stored: a text, bytes, or a file, and how a change of it is seen before it is uploaded.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use mesh_provider::{Draft, Failure, ProviderDiagnostic, blocking};
use mesh_value::{AttributePath, Value};

use super::Object;
use crate::platform::Aws;

/// The most that one request can store.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

/// What is stored.
pub(super) enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What a file holds, and its MD5 sum.
    File(PathBuf, String),
}

impl Content {
    /// The content that an object is planned to have. An object of which nothing is said is empty.
    pub(super) async fn of(aws: &Aws, object: &Object) -> Result<Self, Failure> {
        if let Some(source) = &object.source {
            let path = aws.base_dir().join(source);
            let sum = sum(path.clone()).await?;
            return Ok(Self::File(path, sum));
        }
        if let Some(text) = &object.content_base64 {
            return decoded(text).map(Self::Bytes);
        }
        Ok(Self::Bytes(object.content.clone().unwrap_or_default().into_bytes()))
    }

    /// The MD5 sum of the content in hexadecimal digits.
    pub(super) fn digest(&self) -> String {
        match self {
            Self::Bytes(bytes) => hexadecimal(&Md5::digest(bytes)),
            Self::File(_, sum) => sum.clone(),
        }
    }

    /// The content as a request takes it.
    pub(super) async fn body(&self) -> Result<ByteStream, Failure> {
        match self {
            Self::Bytes(bytes) => Ok(ByteStream::from(bytes.clone())),
            Self::File(path, _) => ByteStream::from_path(path).await.map_err(|error| unreadable(path, &error)),
        }
    }
}

/// What is known of the last upload; it is kept beside the object.
#[derive(Default)]
pub(super) struct Upload {
    /// The MD5 sum of what was uploaded.
    sum: Option<String>,
    /// The entity tag that it got.
    etag: Option<String>,
}

impl Upload {
    /// What was kept, for an object that is as `prior` now. Of an imported object nothing was kept; its entity tag tells
    /// what was uploaded where it is an MD5 sum.
    pub(super) fn kept(private: &[u8], etag: Option<&str>, keyed: bool) -> Self {
        let text = std::str::from_utf8(private).unwrap_or_default();
        match text.split_once(' ') {
            Some((sum, etag)) => Self { sum: Some(sum.to_owned()), etag: Some(etag.to_owned()) },
            None => Self { sum: etag.filter(|etag| is_sum(etag) && !keyed).map(str::to_owned), etag: None },
        }
    }

    /// What to keep of an upload.
    pub(super) fn note(content: &Content, etag: Option<&str>) -> Vec<u8> {
        format!("{} {}", content.digest(), etag.unwrap_or_default()).into_bytes()
    }

    /// Whether the content is what was uploaded, as far as that is known.
    pub(super) fn is_of(&self, sum: &str) -> bool {
        self.sum.as_deref().is_none_or(|uploaded| uploaded == sum)
    }

    /// Whether the object still holds it, as far as that is known.
    pub(super) fn is_held_by(&self, etag: Option<&str>) -> bool {
        self.etag.as_deref().is_none_or(|uploaded| Some(uploaded) == etag)
    }
}

/// Plans an upload where somebody else wrote another content, or where the file holds something else than what was
/// uploaded last, though nothing that is written says so.
pub(super) async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
    if draft.is_create() {
        return;
    }
    let (etag, key) = (draft.prior_as::<String>("etag"), draft.prior_as::<String>("kms_key_id"));
    let upload = Upload::kept(&draft.private, etag.as_deref(), key.is_some());
    let mut due = !upload.is_held_by(etag.as_deref());
    if let Some(source) = draft.planned_as::<String>("source") {
        match sum(aws.base_dir().join(source)).await {
            Ok(sum) => due |= !upload.is_of(&sum),
            Err(failure) => failure.0.into_iter().for_each(|problem| draft.report(problem)),
        }
    }
    if !due {
        return;
    }
    if draft.config("etag").is_null() {
        draft.set_unknown("etag");
    }
    draft.set_unknown("version_id");
}

/// What can be seen to be wrong with the content and what goes with it.
pub(super) fn problems(config: &Value) -> Vec<ProviderDiagnostic> {
    let mut problems = Vec::new();
    let mut tell = |at: &str, summary: &str, detail: String| {
        problems.push(ProviderDiagnostic::error(summary, detail).at(AttributePath::attr(at)));
    };
    if let Some(key) = config.get("key").and_then(Value::as_str).filter(|key| key.is_empty() || key.len() > 1024) {
        tell("key", "Invalid key", format!("An object's key has 1 to 1024 bytes; this one has {}.", key.len()));
    }
    if config.get("content_base64").and_then(Value::as_str).is_some_and(|text| decoded(text).is_err()) {
        tell("content_base64", "Invalid Base64", NO_BASE64.to_owned());
    }
    for (key, _) in config.get("metadata").and_then(Value::as_entries).unwrap_or_default() {
        if key.chars().any(char::is_uppercase) {
            let lower = key.to_lowercase();
            let detail =
                format!("S3 keeps the keys of metadata in lower case only. Write `{lower}` instead of `{key}`.");
            tell("metadata", "Invalid metadata", detail);
        }
    }
    let tags = config.get("tags").and_then(Value::as_entries).map_or(0, <[_]>::len);
    if tags > 10 {
        tell("tags", "Too many tags", format!("An object can have 10 tags; these are {tags}."));
    }
    problems
}

const NO_BASE64: &str = "`content_base64` is not Base64. `filebase64` makes it of a file, `base64encode` of a text.";

fn decoded(text: &str) -> Result<Vec<u8>, Failure> {
    let at = AttributePath::attr("content_base64");
    STANDARD.decode(text.trim_end()).map_err(|_| Failure::new("Invalid Base64", NO_BASE64).at(&at))
}

/// The MD5 sum of what a file holds.
async fn sum(path: PathBuf) -> Result<String, Failure> {
    blocking(move || {
        let fail = |error: &std::io::Error| unreadable(&path, error);
        let mut file = std::fs::File::open(&path).map_err(|error| fail(&error))?;
        let metadata = file.metadata().map_err(|error| fail(&error))?;
        if metadata.is_dir() {
            return Err(fail(&std::io::ErrorKind::IsADirectory.into()));
        }
        if metadata.len() > LARGEST {
            let detail =
                format!("{} has {} bytes; an object can be stored up to 5 GiB.", path.display(), metadata.len());
            return Err(Failure::new("Source file is too large", detail).at(&AttributePath::attr("source")));
        }
        let (mut sum, mut buffer) = (Md5::new(), vec![0; 64 * 1024]);
        loop {
            match file.read(&mut buffer).map_err(|error| fail(&error))? {
                0 => return Ok(hexadecimal(&sum.finalize())),
                read => sum.update(buffer.get(..read).unwrap_or_default()),
            }
        }
    })
    .await
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let detail =
        format!("The source file {} can't be read: {error}. Check the path and its permissions.", path.display());
    Failure::new("Source file can't be read", detail).at(&AttributePath::attr("source"))
}

/// Whether an entity tag has the form of an MD5 sum, which that of an object uploaded in parts has not.
fn is_sum(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
