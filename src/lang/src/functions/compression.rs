//! Texts compressed with gzip and written in Base64.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use mesh_value::Value;

use super::encoding::base64_bytes;
use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::text::text;

/// How many bytes a text may unfold to: a short one could else take all memory.
const MOST: u64 = 64 << 20;

const STRING: Parameter = whole("str", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("base64gzip", "A text compressed with gzip, in Base64.", &[STRING], Shape::String, base64gzip)
        .example(r#"base64gunzip(base64gzip("hello"))"#, r#""hello""#),
    Function::pure(
        "base64gunzip",
        "The text that was compressed with gzip and is written in Base64.",
        &[STRING],
        Shape::String,
        base64gunzip,
    )
    .example(r#"base64gunzip("H4sIAAAAAAAA/8tIzcnJBwCGphA2BQAAAA==")"#, r#""hello""#),
];

fn base64gzip(arguments: &[Value]) -> Answer {
    // Without a time and a system, so that a text is always compressed to the same bytes.
    let mut encoder = GzBuilder::new().operating_system(255).write(Vec::new(), Compression::default());
    let written = encoder.write_all(text(arguments, 0)?.as_bytes());
    let bytes = written.and_then(|()| encoder.finish()).map_err(|error| Refusal::from(error.to_string()))?;
    Ok(Value::string(STANDARD.encode(bytes)))
}

fn base64gunzip(arguments: &[Value]) -> Answer {
    let bytes = base64_bytes(arguments)?;
    let mut unfolded = Vec::new();
    let read = GzDecoder::new(bytes.as_slice()).take(MOST + 1).read_to_end(&mut unfolded);
    read.map_err(|_| Refusal::of(0, "it is not compressed with gzip"))?;
    if unfolded.len() as u64 > MOST {
        return Err(Refusal::of(0, format!("it unfolds to more than {MOST} bytes")));
    }
    let unfolded = String::from_utf8(unfolded).map_err(|_| Refusal::of(0, "the bytes are no text in UTF-8"))?;
    Ok(Value::string(unfolded))
}
