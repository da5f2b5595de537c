//! An output value of the root module as the last apply left it.

use mesh_value::{Marks, Value};
use serde::{Deserialize, Serialize};

use crate::StateError;
use crate::record::{RECORD_VERSION, check_version, parse, write};
use crate::stored::{Codec, Stored};

pub(crate) const OUTPUT: &str = "output/";

/// An output value.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputRecord {
    /// Its name.
    pub name: String,
    /// Its value. Where `sensitive` is set all of it is encrypted at rest, and reads back marked.
    pub value: Value,
    /// Whether the configuration declares it sensitive.
    pub sensitive: bool,
}

#[derive(Serialize, Deserialize)]
struct Text<'a> {
    version: u64,
    name: String,
    sensitive: bool,
    #[serde(borrow)]
    output: Stored<'a>,
}

impl OutputRecord {
    pub(crate) fn key(name: &str) -> String {
        format!("{OUTPUT}{name}")
    }

    pub(crate) fn encode(&self, codec: &Codec) -> Result<(String, Vec<u8>), StateError> {
        let key = Self::key(&self.name);
        let marks = if self.sensitive { Marks::SENSITIVE } else { Marks::NONE };
        let output =
            codec.seal(&self.value.clone().with_marks(marks)).map_err(|error| StateError::sealed(&key, error))?;
        let text = Text { version: RECORD_VERSION, name: self.name.clone(), sensitive: self.sensitive, output };
        let bytes = write(&key, &text)?;
        Ok((key, bytes))
    }

    pub(crate) fn decode(key: &str, bytes: &[u8], codec: &Codec) -> Result<Self, StateError> {
        let text: Text<'_> = parse(key, bytes)?;
        check_version(key, text.version)?;
        let value = codec.open(&text.output).map_err(|error| StateError::sealed(key, error))?;
        Ok(Self { name: text.name, value, sensitive: text.sensitive })
    }
}
