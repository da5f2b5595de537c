//! A value as JSON that needs no schema to read it back, with its secrets encrypted in place.

mod holes;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mesh_value::{JsonError, Kind, Marks, Type, Value, from_json, to_json};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use self::holes::{Holes, SetAt, Steps, UnknownAt, attribute_path, slot, steps};
use crate::{Keyring, SealError};

/// So many distinct types are kept parsed. A state has about as many as it has resource types.
const TYPES_KEPT: usize = 4096;

/// A value with its type. What JSON can't say of it stands in lists of paths beside it; in `value` there is
/// `{"$sensitive": "<base64>"}` in the place of each secret, and null in the place of what is not known yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stored<'a> {
    #[serde(rename = "type", borrow, deserialize_with = "borrowed")]
    ty: Cow<'a, RawValue>,
    #[serde(borrow, deserialize_with = "borrowed")]
    value: Cow<'a, RawValue>,
    /// The outermost values with the sensitive mark.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sensitive: Vec<Steps>,
    /// Values not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<UnknownAt>,
    /// Sets with something in them that is not known yet: as elements in `value` those would look alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sets: Vec<SetAt>,
}

/// Encrypted bytes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sealed {
    #[serde(rename = "$sensitive")]
    text: String,
}

/// Writes and reads values with a key. Keeps the types that it has read, as most records share theirs.
pub(crate) struct Codec {
    keyring: Keyring,
    types: Mutex<HashMap<Box<str>, Type>>,
}

impl Keyring {
    /// A value with its type as JSON, everything in it that is marked sensitive encrypted. Values not known yet keep what
    /// is known of them.
    ///
    /// # Errors
    /// Where it holds an ephemeral value, or the system gives no random bytes.
    pub fn seal(&self, value: &Value) -> Result<serde_json::Value, SealError> {
        serde_json::to_value(Codec::new(self.clone()).seal(value)?).map_err(|error| form(&error))
    }

    /// Reads back what [`seal`](Self::seal) wrote, marks and all.
    ///
    /// # Errors
    /// Where it takes another key, is damaged, or was not written by `seal`.
    pub fn open(&self, sealed: &serde_json::Value) -> Result<Value, SealError> {
        let text = sealed.to_string();
        Codec::new(self.clone()).open(&serde_json::from_str(&text).map_err(|error| form(&error))?)
    }
}

impl Codec {
    pub(crate) fn new(keyring: Keyring) -> Self {
        Self { keyring, types: Mutex::default() }
    }

    pub(crate) const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    pub(crate) fn seal_bytes(&self, bytes: &[u8]) -> Result<Sealed, SealError> {
        Ok(Sealed { text: self.keyring.encrypt(bytes)? })
    }

    pub(crate) fn open_bytes(&self, sealed: &Sealed) -> Result<Vec<u8>, SealError> {
        self.keyring.decrypt(&sealed.text)
    }

    pub(crate) fn seal(&self, value: &Value) -> Result<Stored<'static>, SealError> {
        if value.deep_marks().contains(Marks::EPHEMERAL) {
            return Err(SealError::Ephemeral { path: ephemeral_path(value) });
        }
        let holes = Holes::of(value);
        let public = holes.punch(value)?;
        let ty = public.ty();
        let mut json = to_json(&public, &ty).map_err(|error| not_json(&error))?;
        for path in &holes.sensitive {
            let secret = value.at_path(path).unwrap_or(value);
            let plain = serde_json::to_vec(&Self::plain(secret)?).map_err(|error| form(&error))?;
            let sealed = serde_json::to_value(self.seal_bytes(&plain)?).map_err(|error| form(&error))?;
            *slot(&mut json, &steps(path))? = sealed;
        }
        let sensitive = holes.sensitive.iter().map(steps).collect();
        stored(&ty, &json, sensitive, &holes)
    }

    /// The form inside the encryption: secrets stand in `value` as they are, and `sensitive` only says where marks were.
    fn plain(value: &Value) -> Result<Stored<'static>, SealError> {
        let (unmarked, marks) = value.unmark_deep();
        let holes = Holes::of(&unmarked);
        let public = holes.punch(&unmarked)?;
        let ty = public.ty();
        let json = to_json(&public, &ty).map_err(|error| not_json(&error))?;
        stored(&ty, &json, marks.iter().map(|(path, _)| steps(path)).collect(), &holes)
    }

    pub(crate) fn open(&self, stored: &Stored<'_>) -> Result<Value, SealError> {
        let mut json: serde_json::Value = serde_json::from_str(stored.value.get()).map_err(|error| form(&error))?;
        let mut secrets = HashMap::new();
        for path in &stored.sensitive {
            let sealed = slot(&mut json, path)?.take();
            let sealed: Sealed = serde_json::from_value(sealed).map_err(|error| form(&error))?;
            let plain = self.open_bytes(&sealed)?;
            let plain: Stored<'_> = serde_json::from_slice(&plain).map_err(|_| SealError::Damaged)?;
            // What is wrong inside a secret is not for printing.
            secrets.insert(path.clone(), self.open_plain(&plain).map_err(|_| SealError::Damaged)?);
        }
        self.fill(stored, &json, secrets)
    }

    fn open_plain(&self, stored: &Stored<'_>) -> Result<Value, SealError> {
        let json: serde_json::Value = serde_json::from_str(stored.value.get()).map_err(|error| form(&error))?;
        let unmarked = self.fill(stored, &json, HashMap::new())?;
        let marks: Vec<_> = stored.sensitive.iter().map(|path| (attribute_path(path), Marks::SENSITIVE)).collect();
        Ok(unmarked.with_marks_at(&marks))
    }

    /// The value that `json` says, with everything put in its place that JSON can't say.
    fn fill(
        &self,
        stored: &Stored<'_>,
        json: &serde_json::Value,
        mut filling: HashMap<Steps, Value>,
    ) -> Result<Value, SealError> {
        let public = from_json(json, &self.ty(stored.ty.get())?).map_err(|error| not_json(&error))?;
        for set in &stored.sets {
            let elements: Stored<'_> = serde_json::from_str(set.elements.get()).map_err(|error| form(&error))?;
            let list = self.open_plain(&elements)?;
            let Kind::List(list) = list.kind() else { return Err(SealError::Form("a set without elements".into())) };
            filling.insert(set.path.clone(), Value::set(list.0.clone(), list.1.to_vec()));
        }
        let mut unknown = HashMap::new();
        for at in &stored.unknown {
            unknown.insert(at.path.clone(), at.refinements()?);
        }
        if filling.is_empty() && unknown.is_empty() {
            return Ok(public);
        }
        public.transform(&mut |path, part| {
            let path = steps(path);
            Ok(match (filling.remove(&path), unknown.remove(&path)) {
                (Some(value), _) => value,
                (None, Some(refinements)) => Value::unknown_with(part.ty(), refinements),
                (None, None) => part,
            })
        })
    }

    fn ty(&self, text: &str) -> Result<Type, SealError> {
        let mut types = self.types.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ty) = types.get(text) {
            return Ok(ty.clone());
        }
        let ty: Type = serde_json::from_str(text).map_err(|error| form(&error))?;
        if types.len() >= TYPES_KEPT {
            types.clear();
        }
        types.insert(text.into(), ty.clone());
        Ok(ty)
    }
}

fn stored(
    ty: &Type,
    json: &serde_json::Value,
    sensitive: Vec<Steps>,
    holes: &Holes,
) -> Result<Stored<'static>, SealError> {
    let mut sets = Vec::with_capacity(holes.sets.len());
    for (path, elements) in &holes.sets {
        let elements = to_raw_value(&Codec::plain(elements)?).map_err(|error| form(&error))?;
        sets.push(SetAt { path: steps(path), elements });
    }
    Ok(Stored {
        ty: Cow::Owned(to_raw_value(ty).map_err(|error| form(&error))?),
        value: Cow::Owned(to_raw_value(json).map_err(|error| form(&error))?),
        sensitive,
        unknown: holes.unknown.iter().map(|(path, known)| UnknownAt::new(path, known)).collect(),
        sets,
    })
}

fn ephemeral_path(value: &Value) -> String {
    let mut found = None;
    value.walk(&mut |path, part| {
        if found.is_none() && part.marks().contains(Marks::EPHEMERAL) {
            found = Some(path.to_string());
        }
        found.is_none()
    });
    found.unwrap_or_default()
}

fn borrowed<'a, 'de: 'a, D: Deserializer<'de>>(input: D) -> Result<Cow<'a, RawValue>, D::Error> {
    <&'de RawValue>::deserialize(input).map(Cow::Borrowed)
}

fn form(error: &serde_json::Error) -> SealError {
    SealError::Form(error.to_string())
}

fn not_json(error: &JsonError) -> SealError {
    SealError::Form(error.to_string())
}
