//! From a value to MessagePack.

use rmp::encode::{
    write_array_len, write_bin, write_bool, write_ext_meta, write_f64, write_map_len, write_nil, write_sint, write_str,
    write_uint,
};

use super::{MsgpackError, REFINED, UNKNOWN, refinement};
use crate::{AttributePath, ConversionError, Kind, Number, PathStep, Refinements, Type, Value, json};

/// The value in the form of the plugin protocol, without its marks; read back with [`decode_msgpack`] and the type.
///
/// # Errors
/// If the value is not of the type, too large, or nests too deep.
///
/// [`decode_msgpack`]: super::decode_msgpack
pub fn encode_msgpack(value: &Value, ty: &Type) -> Result<Vec<u8>, MsgpackError> {
    let mut out = Vec::new();
    write_value(&mut out, value, ty, &mut AttributePath::default())?;
    Ok(out)
}

pub(super) fn write_value(
    out: &mut Vec<u8>,
    value: &Value,
    ty: &Type,
    path: &mut AttributePath,
) -> Result<(), MsgpackError> {
    if path.steps().len() > json::MAX_DEPTH {
        return Err(MsgpackError::TooDeep);
    }
    match (value.kind(), ty) {
        (Kind::Null(Type::Any), _) => written(write_nil(out))?,
        (Kind::Unknown(unknown), _) if *ty != Type::Any || unknown.0 == Type::Any => write_unknown(out, &unknown.1)?,
        (_, Type::Any) => {
            let ty = value.ty();
            written(write_array_len(out, 2))?;
            written(write_bin(out, json::write_type(&ty).to_string().as_bytes()))?;
            write_value(out, value, &ty, path)?;
        }
        (Kind::Null(_), _) => written(write_nil(out))?,
        (Kind::Bool(value), Type::Bool) => written(write_bool(out, *value))?,
        (Kind::Number(number), Type::Number) => write_number(out, number)?,
        (Kind::String(text), Type::String) => written(write_str(out, text))?,
        (Kind::List(_), Type::List(element)) | (Kind::Set(_), Type::Set(element)) => {
            let values = value.as_slice().unwrap_or_default();
            written(write_array_len(out, length(values.len())?))?;
            for (index, inner) in values.iter().enumerate() {
                write_inside(out, inner, element, PathStep::Index(index), path)?;
            }
        }
        (Kind::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
            written(write_array_len(out, length(values.len())?))?;
            for (index, (inner, ty)) in values.iter().zip(types.iter()).enumerate() {
                write_inside(out, inner, ty, PathStep::Index(index), path)?;
            }
        }
        (Kind::Map(entries), Type::Map(element)) => {
            written(write_map_len(out, length(entries.1.len())?))?;
            for (key, inner) in &entries.1 {
                written(write_str(out, key))?;
                write_inside(out, inner, element, PathStep::Key(key.clone()), path)?;
            }
        }
        (Kind::Object(values), Type::Object(types))
            if values.len() == types.len() && values.iter().zip(types.iter()).all(|(value, ty)| value.0 == ty.name) =>
        {
            written(write_map_len(out, length(values.len())?))?;
            for ((name, inner), attribute) in values.iter().zip(types.iter()) {
                written(write_str(out, name))?;
                write_inside(out, inner, &attribute.ty, PathStep::Attr(name.clone()), path)?;
            }
        }
        _ => {
            let message = format!("{} is required, this is {}", ty.describe_one(), value.describe());
            return Err(ConversionError { path: path.clone(), message }.into());
        }
    }
    Ok(())
}

fn write_inside(
    out: &mut Vec<u8>,
    value: &Value,
    ty: &Type,
    step: PathStep,
    path: &mut AttributePath,
) -> Result<(), MsgpackError> {
    path.push(step);
    write_value(out, value, ty, path)?;
    path.pop();
    Ok(())
}

fn write_number(out: &mut Vec<u8>, number: &Number) -> Result<(), MsgpackError> {
    let float = number.to_f64();
    if let Some(integer) = number.to_i64() {
        written(write_sint(out, integer))
    } else if number.is_infinite() || Number::from_f64(float).as_ref() == Ok(number) {
        written(write_f64(out, float))
    } else {
        written(write_str(out, &number.to_string()))
    }
}

fn write_unknown(out: &mut Vec<u8>, refinements: &Refinements) -> Result<(), MsgpackError> {
    if *refinements == Refinements::default() {
        written(write_ext_meta(out, 1, UNKNOWN))?;
        out.push(0);
        return Ok(());
    }
    let Refinements { not_null, number_min, number_max, string_prefix, length_min, length_max } = refinements;
    let mut count = 0;
    let mut map = Vec::new();
    if *not_null {
        count += 1;
        written(write_uint(&mut map, refinement::IS_NULL.into()))?;
        written(write_bool(&mut map, false))?;
    }
    if let Some(prefix) = string_prefix {
        count += 1;
        written(write_uint(&mut map, refinement::STRING_PREFIX.into()))?;
        written(write_str(&mut map, prefix))?;
    }
    for (key, bound) in [(refinement::NUMBER_MIN, number_min), (refinement::NUMBER_MAX, number_max)] {
        if let Some(bound) = bound {
            count += 1;
            written(write_uint(&mut map, key.into()))?;
            // The bound, and whether it is inclusive.
            written(write_array_len(&mut map, 2))?;
            write_number(&mut map, bound)?;
            written(write_bool(&mut map, true))?;
        }
    }
    for (key, bound) in [(refinement::LENGTH_MIN, length_min), (refinement::LENGTH_MAX, length_max)] {
        if let Some(bound) = bound {
            count += 1;
            written(write_uint(&mut map, key.into()))?;
            written(write_uint(&mut map, *bound))?;
        }
    }
    let mut payload = Vec::new();
    written(write_map_len(&mut payload, count))?;
    payload.extend(map);
    written(write_ext_meta(out, length(payload.len())?, REFINED))?;
    out.extend(payload);
    Ok(())
}

pub(super) fn length(length: usize) -> Result<u32, MsgpackError> {
    u32::try_from(length).map_err(|_| MsgpackError::TooLarge)
}

/// Writing to memory fails only for what is too large.
pub(super) fn written<T, E>(result: Result<T, E>) -> Result<(), MsgpackError> {
    result.map(|_| ()).map_err(|_| MsgpackError::TooLarge)
}
