//! Media types by the ending of a key, as IANA registers them.

const BY_ENDING: &[(&str, &str)] = &[
    ("avro", "application/avro"),
    ("csv", "text/csv"),
    ("gz", "application/gzip"),
    ("html", "text/html"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("md", "text/markdown"),
    ("ndjson", "application/x-ndjson"),
    ("parquet", "application/vnd.apache.parquet"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("sql", "application/sql"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

/// The media type of a key's ending; that of mere bytes where there is no better.
pub(super) fn of(key: &str) -> &'static str {
    let ending = key.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = BY_ENDING.iter().find(|(known, _)| ending.as_deref() == Some(known));
    known.map_or("application/octet-stream", |(_, ty)| ty)
}
