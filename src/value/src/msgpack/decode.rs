//! From MessagePack to a value. The bytes may come from anywhere: nothing here trusts a length or a depth.

use rmp::Marker;
use rmp::decode;

use super::{MsgpackError, REFINED, refinement};
use crate::{AttributePath, Number, ObjectAttribute, PathStep, Refinements, Type, Value, json};

/// The value of a type from the form of the plugin protocol.
///
/// # Errors
/// For bytes that are no value of the type, are cut off, go on after it, or nest too deep.
pub fn decode_msgpack(bytes: &[u8], ty: &Type) -> Result<Value, MsgpackError> {
    let mut reader = Reader::new(bytes);
    let value = reader.value(ty)?;
    reader.end()?;
    Ok(value)
}

/// Bytes being read, and where in the value.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    path: AttributePath,
    /// Also counts pairs of type and value, which take no step of the path.
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, path: AttributePath::default(), depth: 0 }
    }

    pub(super) fn end(&self) -> Result<(), MsgpackError> {
        if self.rest.is_empty() { Ok(()) } else { Err(MsgpackError::Trailing(self.rest.len())) }
    }

    pub(super) fn value(&mut self, ty: &Type) -> Result<Value, MsgpackError> {
        if self.depth > json::MAX_DEPTH {
            return Err(MsgpackError::TooDeep);
        }
        self.depth += 1;
        let value = match self.peek()? {
            Marker::Null => {
                self.skip(1)?;
                Value::null(ty.without_optional())
            }
            Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32 => Value::unknown_with(ty.without_optional(), self.unknown()?),
            _ => self.known(ty)?,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn known(&mut self, ty: &Type) -> Result<Value, MsgpackError> {
        match ty {
            Type::Any => {
                if self.array_length()? != 2 {
                    return self.damaged("a pair of type and value is required");
                }
                let ty = self.ty()?;
                self.value(&ty)
            }
            Type::Bool => match self.read(decode::read_bool)? {
                Some(value) => Ok(Value::bool(value)),
                None => self.damaged("a bool is required"),
            },
            Type::Number => Ok(Value::number(self.number()?)),
            Type::String => Ok(Value::string(self.text()?)),
            Type::List(element) => Ok(Value::list(element.without_optional(), self.elements(element)?)),
            Type::Set(element) => Ok(Value::set(element.without_optional(), self.elements(element)?)),
            Type::Tuple(types) => {
                if self.array_length()? != types.len() {
                    return self.damaged("an array of as many elements as the tuple is required");
                }
                let mut values = Vec::with_capacity(types.len());
                for (index, ty) in types.iter().enumerate() {
                    values.push(self.inside(ty, PathStep::Index(index))?);
                }
                Ok(Value::tuple(values))
            }
            Type::Map(element) => {
                let mut entries = Vec::new();
                for _ in 0..self.map_length()? {
                    let key: std::sync::Arc<str> = self.text()?.into();
                    entries.push((key.clone(), self.inside(element, PathStep::Key(key))?));
                }
                Ok(Value::map(element.without_optional(), entries))
            }
            Type::Object(attributes) => self.object(attributes),
        }
    }

    fn object(&mut self, attributes: &[ObjectAttribute]) -> Result<Value, MsgpackError> {
        let mut values: Vec<Option<Value>> = vec![None; attributes.len()];
        for _ in 0..self.map_length()? {
            let name = self.text()?;
            let found = attributes.binary_search_by(|attribute| attribute.name.as_ref().cmp(name));
            let (Some(attribute), Some(slot)) = (
                found.ok().and_then(|index| attributes.get(index)),
                found.ok().and_then(|index| values.get_mut(index)),
            ) else {
                return self.damaged(&format!("the type has no attribute {name:?}"));
            };
            *slot = Some(self.inside(&attribute.ty, PathStep::Attr(attribute.name.clone()))?);
        }
        let mut entries = Vec::with_capacity(attributes.len());
        for (attribute, value) in attributes.iter().zip(values) {
            let value = match value {
                Some(value) => value,
                None if attribute.optional => Value::null(attribute.ty.without_optional()),
                None => return self.damaged(&format!("attribute {:?} is missing", attribute.name)),
            };
            entries.push((attribute.name.clone(), value));
        }
        Ok(Value::object(entries))
    }

    fn elements(&mut self, ty: &Type) -> Result<Vec<Value>, MsgpackError> {
        // Grows as elements arrive: a length of four bytes could claim any.
        let mut values = Vec::new();
        for index in 0..self.array_length()? {
            values.push(self.inside(ty, PathStep::Index(index))?);
        }
        Ok(values)
    }

    fn inside(&mut self, ty: &Type, step: PathStep) -> Result<Value, MsgpackError> {
        self.path.push(step);
        let value = self.value(ty)?;
        self.path.pop();
        Ok(value)
    }

    /// A type in JSON.
    pub(super) fn ty(&mut self) -> Result<Type, MsgpackError> {
        let bytes = match self.peek()? {
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => match self.read(decode::read_bin_len)? {
                Some(length) => self.take(length as usize)?,
                None => return self.damaged("a type is required"),
            },
            _ => self.text()?.as_bytes(),
        };
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(json::read_type(text)?),
            Err(_) => self.damaged("this type is no UTF-8"),
        }
    }

    fn number(&mut self) -> Result<Number, MsgpackError> {
        let number = match self.peek()? {
            Marker::F32 => self.read(decode::read_f32)?.map(|float| Number::from_f64(f64::from(float))),
            Marker::F64 => self.read(decode::read_f64)?.map(Number::from_f64),
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => Some(self.text()?.parse::<Number>()),
            Marker::U64 => self.read(decode::read_u64)?.map(|integer| Ok(integer.into())),
            _ => self.read(decode::read_int::<i64, _>)?.map(|integer| Ok(integer.into())),
        };
        match number {
            Some(Ok(number)) => Ok(number),
            Some(Err(error)) => self.damaged(&error.to_string()),
            None => self.damaged("a number is required"),
        }
    }

    fn unknown(&mut self) -> Result<Refinements, MsgpackError> {
        let Some(meta) = self.read(decode::read_ext_meta)? else {
            return self.damaged("an extension is required");
        };
        let payload = self.take(meta.size as usize)?;
        // Other extensions than refinements mean a value that is not yet known and nothing more.
        if meta.typeid != REFINED {
            return Ok(Refinements::default());
        }
        let mut inner = Self { rest: payload, path: self.path.clone(), depth: self.depth };
        let refinements = inner.refinements()?;
        inner.end()?;
        Ok(refinements)
    }

    fn refinements(&mut self) -> Result<Refinements, MsgpackError> {
        let mut refinements = Refinements::default();
        for _ in 0..self.map_length()? {
            let key = self.read(decode::read_int::<u8, _>)?;
            match key {
                Some(refinement::IS_NULL) => refinements.not_null = !self.bool()?,
                Some(refinement::STRING_PREFIX) => refinements.string_prefix = Some(self.text()?.into()),
                Some(refinement::NUMBER_MIN) => refinements.number_min = Some(self.bound()?),
                Some(refinement::NUMBER_MAX) => refinements.number_max = Some(self.bound()?),
                Some(refinement::LENGTH_MIN) => refinements.length_min = Some(self.count()?),
                Some(refinement::LENGTH_MAX) => refinements.length_max = Some(self.count()?),
                // Of a later protocol: a refinement only ever adds, so the rest still holds. What follows can't be
                // told apart, and the extension ends it.
                Some(_) => {
                    self.rest = &[];
                    break;
                }
                None => return self.damaged("the key of a refinement is required"),
            }
        }
        Ok(refinements)
    }

    fn bool(&mut self) -> Result<bool, MsgpackError> {
        match self.read(decode::read_bool)? {
            Some(value) => Ok(value),
            None => self.damaged("a bool is required"),
        }
    }

    fn count(&mut self) -> Result<u64, MsgpackError> {
        match self.read(decode::read_int::<u64, _>)? {
            Some(count) => Ok(count),
            None => self.damaged("a length is required"),
        }
    }

    /// A bound and whether it is inclusive; an exclusive one holds inclusively too.
    fn bound(&mut self) -> Result<Number, MsgpackError> {
        if self.array_length()? != 2 {
            return self.damaged("a bound and whether it is inclusive are required");
        }
        let bound = self.number()?;
        self.bool()?;
        Ok(bound)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, MsgpackError> {
        let Some(length) = self.read(decode::read_str_len)? else {
            return self.damaged("a string is required");
        };
        match std::str::from_utf8(self.take(length as usize)?) {
            Ok(text) => Ok(text),
            Err(_) => self.damaged("this string is no UTF-8"),
        }
    }

    pub(super) fn array_length(&mut self) -> Result<usize, MsgpackError> {
        match self.read(decode::read_array_len)? {
            Some(length) => Ok(length as usize),
            None => self.damaged("an array is required"),
        }
    }

    fn map_length(&mut self) -> Result<usize, MsgpackError> {
        match self.read(decode::read_map_len)? {
            Some(length) => Ok(length as usize),
            None => self.damaged("a map is required"),
        }
    }

    pub(super) fn byte(&mut self) -> Result<u8, MsgpackError> {
        match self.read(decode::read_int::<u8, _>)? {
            Some(value) => Ok(value),
            None => self.damaged("a small number is required"),
        }
    }

    /// What a reading function of rmp answers; `None` where something else stands there.
    fn read<T, E>(&mut self, read: impl FnOnce(&mut &'a [u8]) -> Result<T, E>) -> Result<Option<T>, MsgpackError> {
        self.peek()?;
        let mut rest = self.rest;
        Ok(read(&mut rest).ok().inspect(|_| self.rest = rest))
    }

    fn peek(&self) -> Result<Marker, MsgpackError> {
        self.rest.first().map(|byte| Marker::from_u8(*byte)).ok_or(MsgpackError::CutOff)
    }

    fn skip(&mut self, length: usize) -> Result<(), MsgpackError> {
        self.take(length).map(drop)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], MsgpackError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(MsgpackError::CutOff)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn damaged<T>(&self, problem: &str) -> Result<T, MsgpackError> {
        Err(MsgpackError::Damaged { path: self.path.clone(), problem: problem.to_owned() })
    }
}
