//! The `timeouts` block: how long the user lets each operation on an object take.

use std::time::Duration;

use mesh_value::{BlockSchema, Type, Value};

use crate::{Attribute, Block, ChangeKind, DecodeError, duration};

/// The name under which a model has [`Timeouts`].
const NAME: &str = "timeouts";

/// How long operations on the object may take. A change of it changes nothing but the state.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// How long creating it may take, such as `60m` or `1h30m`.
    pub create: Option<TimeLimit>,
    /// How long changing it in place may take.
    pub update: Option<TimeLimit>,
    /// How long deleting it may take. What counts is what was last applied.
    pub delete: Option<TimeLimit>,
}

impl Timeouts {
    /// The limit of an operation: what is written, else `default`.
    #[must_use]
    pub fn limit(written: Option<&Self>, change: ChangeKind, default: Duration) -> Duration {
        let limit = written.and_then(|timeouts| match change {
            ChangeKind::Create => timeouts.create.as_ref(),
            ChangeKind::Update => timeouts.update.as_ref(),
            ChangeKind::Delete => timeouts.delete.as_ref(),
        });
        limit.map_or(default, |limit| limit.length)
    }
}

/// A length of time of at least a millisecond, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    written: String,
    length: Duration,
}

impl Attribute for TimeLimit {
    fn ty() -> Type {
        Type::String
    }

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        let written = String::decode(value)?;
        match duration::parse(&written) {
            Ok(length) if !length.is_zero() => Ok(Self { written, length }),
            _ => Err(DecodeError::new("must be a length of time such as `90s`, `60m` or `1h30m`, longer than nothing")),
        }
    }

    fn encode(&self) -> Value {
        Value::string(self.written.as_str())
    }
}

/// Whether two states of an object differ in how long its operations may take, and in nothing else: then there is
/// nothing to do on the platform.
pub(crate) fn differ_alone(schema: &BlockSchema, prior: &Value, planned: &Value) -> bool {
    let (Some(_), Some(before), Some(after)) = (schema.nested(NAME), prior.as_entries(), planned.as_entries()) else {
        return false;
    };
    let mut differing = before.iter().zip(after).filter(|((_, before), (_, after))| !before.same(after));
    before.len() == after.len()
        && differing.next().is_some_and(|((name, _), (other, _))| name.as_ref() == NAME && name == other)
        && differing.next().is_none()
}
