//! A data product as data: what the registry keeps, consumers read and reports show.

use std::collections::BTreeMap;
use std::fmt;

use mesh_cost::Budget;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::ColumnType;

/// A data product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// The domain that it belongs to.
    pub domain: String,
    /// Its name in the domain: the block's label.
    pub name: String,
    /// The version of its contract.
    pub version: Version,
    /// Who answers for it.
    pub owner: Late<String>,
    /// What it is for.
    pub description: Option<Late<String>>,
    /// Labels.
    pub tags: BTreeMap<String, Late<String>>,
    /// What it may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// What it offers, in the author's order.
    pub outputs: Vec<OutputPort>,
    /// What it reads, in the author's order.
    pub inputs: Vec<InputPort>,
}

impl Descriptor {
    /// `domain.name`: unique in the mesh.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.{}", self.domain, self.name)
    }

    /// `domain.name/port@version`
    #[must_use]
    pub fn port_address(&self, port: &OutputPort) -> String {
        format!("{}.{}/{}@{}", self.domain, self.name, port.name, self.version)
    }

    /// The output port of a name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&OutputPort> {
        self.outputs.iter().find(|port| port.name == name)
    }
}

/// Something that may be known after apply only. As JSON it is the value, or `{"known_after_apply": true}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored<T>", into = "Stored<T>", bound(serialize = "T: Clone + Serialize"))]
pub enum Late<T> {
    /// Known.
    Known(T),
    /// Known after apply.
    KnownAfterApply,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored<T> {
    Later { known_after_apply: bool },
    Known(T),
}

impl<T> From<Stored<T>> for Late<T> {
    fn from(stored: Stored<T>) -> Self {
        match stored {
            Stored::Later { .. } => Self::KnownAfterApply,
            Stored::Known(value) => Self::Known(value),
        }
    }
}

impl<T> From<Late<T>> for Stored<T> {
    fn from(late: Late<T>) -> Self {
        match late {
            Late::KnownAfterApply => Self::Later { known_after_apply: true },
            Late::Known(value) => Self::Known(value),
        }
    }
}

impl<T> Late<T> {
    /// It, if it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::KnownAfterApply => None,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Late<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(out),
            Self::KnownAfterApply => out.write_str("(known after apply)"),
        }
    }
}

/// Data that a product offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputPort {
    /// Its name, unique in the product.
    pub name: String,
    /// How it is read.
    pub kind: PortKind,
    /// Where it is.
    pub location: Option<Late<String>>,
    /// What the data is.
    pub description: Option<Late<String>>,
    /// What readers may rely on, in order; empty where the port has no schema.
    pub columns: Vec<Column>,
    /// The columns that tell one row from another.
    pub primary_key: Vec<String>,
}

/// A port of another product that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputPort {
    /// Its name here, unique among the product's inputs.
    pub name: String,
    /// The port that is read: `domain.product/port@version`.
    pub port: Late<String>,
    /// What it is read for.
    pub description: Option<Late<String>>,
}

/// A column of a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name, unique in the port.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether every row has a value in it.
    pub required: bool,
    /// Who may see it.
    pub classification: Option<Classification>,
    /// What its values mean.
    pub description: Option<Late<String>>,
}

/// An enum whose variants are lower-case words in configuration.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All, with their words.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// The one of a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(match self { $(Self::$variant => $word,)+ })
            }
        }
    };
}

words! {
    /// How a port is read.
    PortKind {
        /// Rows under a name.
        Table = "table",
        /// A query under a name.
        View = "view",
        /// Files below a location.
        Files = "files",
        /// Events as they happen.
        Stream = "stream",
        /// Calls over a network.
        Api = "api",
    }
}

words! {
    /// Who may see data, from everyone to few.
    Classification {
        /// Everyone.
        Public = "public",
        /// Everyone in the organization.
        Internal = "internal",
        /// Those who need it for their work.
        Confidential = "confidential",
        /// Those who are named.
        Restricted = "restricted",
        /// Personal data: those who are named, for a stated purpose.
        Pii = "pii",
    }
}
