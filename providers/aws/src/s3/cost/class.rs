//! The storage classes of S3: what each is priced as, and what AWS charges of it besides the bytes stored.

use std::fmt;

/// A storage class, from where data begins down to where it may end: lifecycle rules never move it up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Standard,
    StandardIa,
    IntelligentTiering,
    OneZoneIa,
    GlacierIr,
    Glacier,
    DeepArchive,
}

impl Class {
    pub(super) const ALL: [Self; 7] = [
        Self::Standard,
        Self::StandardIa,
        Self::IntelligentTiering,
        Self::OneZoneIa,
        Self::GlacierIr,
        Self::Glacier,
        Self::DeepArchive,
    ];

    /// The class by the name that S3's API has for it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "STANDARD_IA" => Self::StandardIa,
            "INTELLIGENT_TIERING" => Self::IntelligentTiering,
            "ONEZONE_IA" => Self::OneZoneIa,
            "GLACIER_IR" => Self::GlacierIr,
            "GLACIER" => Self::Glacier,
            "DEEP_ARCHIVE" => Self::DeepArchive,
            _ => return None,
        })
    }

    /// Its part of price keys.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::StandardIa => "standard-ia",
            Self::IntelligentTiering => "intelligent-tiering",
            Self::OneZoneIa => "one-zone-ia",
            Self::GlacierIr => "glacier-ir",
            Self::Glacier => "glacier",
            Self::DeepArchive => "deep-archive",
        }
    }

    /// The name of one of its usage parameters; those of Standard are the bucket's own.
    pub(super) fn parameter(self, what: &str) -> String {
        match self {
            Self::Standard => what.to_owned(),
            other => format!("{}_{what}", other.key().replace('-', "_")),
        }
    }

    /// For how many days data in it is charged at least, also where it is moved or deleted sooner (Amazon S3 pricing, July
    /// 2025; Intelligent-Tiering has had no least time since September 2021).
    pub(super) const fn least_days(self) -> u32 {
        match self {
            Self::Standard | Self::IntelligentTiering => 0,
            Self::StandardIa | Self::OneZoneIa => 30,
            Self::GlacierIr | Self::Glacier => 90,
            Self::DeepArchive => 180,
        }
    }

    /// Whether reading from it costs something by the GB.
    pub(super) const fn charges_retrieval(self) -> bool {
        !matches!(self, Self::Standard | Self::IntelligentTiering)
    }

    /// Whether each object in it takes 32 KiB more there and 8 KiB in Standard, for its place in the archive and its
    /// name (Amazon S3 user guide, "Understanding archival storage").
    pub(super) const fn is_archive(self) -> bool {
        matches!(self, Self::Glacier | Self::DeepArchive)
    }
}

/// As AWS calls it.
impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Standard => "Standard",
            Self::StandardIa => "Standard-IA",
            Self::IntelligentTiering => "Intelligent-Tiering",
            Self::OneZoneIa => "One Zone-IA",
            Self::GlacierIr => "Glacier Instant Retrieval",
            Self::Glacier => "Glacier Flexible Retrieval",
            Self::DeepArchive => "Glacier Deep Archive",
        })
    }
}
