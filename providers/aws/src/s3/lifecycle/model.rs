//! Lifecycle rules as they are written.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::Block;

/// What becomes of some of a bucket's objects.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Its name, unique in the bucket.
    pub id: String,
    /// `Enabled` or `Disabled`.
    pub status: String,
    /// Only objects whose key begins so.
    #[mesh(deprecated = "Write it in `filter`.")]
    pub prefix: Option<String>,
    /// Which objects it is about; all where it is empty or left out.
    #[mesh(block)]
    pub filter: Option<Filter>,
    /// When objects are deleted.
    #[mesh(block)]
    pub expiration: Option<Expiration>,
    /// When objects move to cheaper storage.
    #[mesh(block)]
    pub transition: BTreeSet<Transition>,
    /// When versions that were replaced or deleted are deleted for good.
    #[mesh(block)]
    pub noncurrent_version_expiration: Option<NoncurrentExpiration>,
    /// When versions that were replaced or deleted move to cheaper storage.
    #[mesh(block)]
    pub noncurrent_version_transition: BTreeSet<NoncurrentTransition>,
    /// When the parts of uploads that were never finished are deleted.
    #[mesh(block)]
    pub abort_incomplete_multipart_upload: Option<Abort>,
}

/// Which objects a rule is about. One argument or block; several go into `and`.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Objects whose key begins so.
    pub prefix: Option<String>,
    /// Objects of more than so many bytes.
    pub object_size_greater_than: Option<i64>,
    /// Objects of less than so many bytes.
    pub object_size_less_than: Option<i64>,
    /// Objects with a tag.
    #[mesh(block)]
    pub tag: Option<FilterTag>,
    /// Objects to which all of this applies.
    #[mesh(block)]
    pub and: Option<And>,
}

/// A tag of an object.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilterTag {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Several conditions at once.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct And {
    /// Objects whose key begins so.
    pub prefix: Option<String>,
    /// Objects of more than so many bytes.
    pub object_size_greater_than: Option<i64>,
    /// Objects of less than so many bytes.
    pub object_size_less_than: Option<i64>,
    /// Objects with all these tags.
    pub tags: Option<BTreeMap<String, String>>,
}

/// When objects are deleted. One of the three.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expiration {
    /// On a day, as its midnight in UTC: `2027-01-31T00:00:00Z`.
    pub date: Option<String>,
    /// So many days after they were made.
    pub days: Option<i32>,
    /// Whether the mark of a deleted object goes when all its versions are gone.
    pub expired_object_delete_marker: Option<bool>,
}

/// When objects move to a cheaper storage class. Either `date` or `days`.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Transition {
    /// On a day, as its midnight in UTC: `2027-01-31T00:00:00Z`.
    pub date: Option<String>,
    /// So many days after they were made.
    pub days: Option<i32>,
    /// The storage class that they move to, such as `STANDARD_IA` or `GLACIER`.
    pub storage_class: String,
}

/// When old versions are deleted.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NoncurrentExpiration {
    /// So many days after they became old.
    pub noncurrent_days: i32,
    /// How many newer old versions stay anyway: 1 to 100.
    pub newer_noncurrent_versions: Option<i32>,
}

/// When old versions move to a cheaper storage class.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NoncurrentTransition {
    /// So many days after they became old.
    pub noncurrent_days: i32,
    /// How many newer old versions stay where they are: 1 to 100.
    pub newer_noncurrent_versions: Option<i32>,
    /// The storage class that they move to.
    pub storage_class: String,
}

/// When unfinished uploads are given up.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Abort {
    /// So many days after they began.
    pub days_after_initiation: i32,
}
