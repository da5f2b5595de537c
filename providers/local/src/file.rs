//! `data.local_file`: the content of a file.

use std::fs::File;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_provider::{Block, Computed, DataSourceType, Failure, blocking};
use mesh_value::AttributePath;
use sha2::{Digest as _, Sha256};

use crate::paths;
use crate::provider::Local;

/// The largest file that is read into a configuration.
const SIZE_LIMIT: u64 = 16 << 20;

/// The content of a file, of 16 MiB at most.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The file. A relative path starts at the provider's `base_dir`.
    pub path: String,
    /// The content as text; null where it is not UTF-8.
    pub content: Computed<String>,
    /// The content in Base64.
    pub content_base64: Computed<String>,
    /// The SHA-256 of the content, in hexadecimal digits.
    pub sha256: Computed<String>,
    /// The content's size in bytes.
    pub size: Computed<u64>,
}

/// The data source `local_file`.
pub(crate) struct FileType;

impl DataSourceType for FileType {
    const NAME: &'static str = "local_file";
    type Model = LocalFile;
    type Platform = Local;

    async fn read(local: &Local, config: LocalFile) -> Result<LocalFile, Failure> {
        let path = local.resolve("path", &config.path)?;
        blocking(move || {
            let at = AttributePath::attr("path");
            let fail = |error| paths::failure("read the file", &path, &error).at(&at);
            let mut content = Vec::new();
            File::open(&path).and_then(|file| file.take(SIZE_LIMIT + 1).read_to_end(&mut content)).map_err(fail)?;
            let size = content.len() as u64;
            if size > SIZE_LIMIT {
                let detail = format!(
                    "The file {} is larger than 16 MiB, too large to be a value. Store a large file with \
                     `local_object` and its `source`.",
                    path.display()
                );
                return Err(Failure::new("File is too large", detail).at(&at));
            }
            Ok(LocalFile {
                path: config.path,
                content_base64: Computed::Known(STANDARD.encode(&content)),
                sha256: Computed::Known(hex::encode(Sha256::digest(&content))),
                size: Computed::Known(size),
                content: String::from_utf8(content).ok().into(),
            })
        })
        .await
    }
}
