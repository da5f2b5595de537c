//! Checksums of texts, and identifiers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_value::{Refinements, Type, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::text::text;
use crate::eval::Environment;

const STRING: Parameter = whole("str", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure("md5", "The MD5 checksum of a text, in hexadecimal.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(hex(&md5::Md5::digest(text(arguments, 0)?))))
    })
    .example(r#"md5("hello")"#, r#""5d41402abc4b2a76b9719d911017c592""#),
    Function::pure("sha1", "The SHA-1 checksum of a text, in hexadecimal.", &[STRING], Shape::String, |arguments| {
        Ok(Value::string(hex(&Sha1::digest(text(arguments, 0)?))))
    })
    .example(r#"sha1("hello")"#, r#""aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d""#),
    Function::pure(
        "sha256",
        "The SHA-256 checksum of a text, in hexadecimal.",
        &[STRING],
        Shape::String,
        |arguments| Ok(Value::string(hex(&Sha256::digest(text(arguments, 0)?)))),
    )
    .example(r#"sha256("hello")"#, r#""2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824""#),
    Function::pure(
        "sha512",
        "The SHA-512 checksum of a text, in hexadecimal.",
        &[STRING],
        Shape::String,
        |arguments| Ok(Value::string(hex(&Sha512::digest(text(arguments, 0)?)))),
    )
    .example(r#"substr(sha512("hello"), 0, 16)"#, r#""9b71d224bd62f378""#),
    Function::pure(
        "base64sha256",
        "The SHA-256 checksum of a text, in Base64.",
        &[STRING],
        Shape::String,
        |arguments| Ok(Value::string(STANDARD.encode(Sha256::digest(text(arguments, 0)?)))),
    )
    .example(r#"base64sha256("hello")"#, r#""LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=""#),
    Function::pure(
        "base64sha512",
        "The SHA-512 checksum of a text, in Base64.",
        &[STRING],
        Shape::String,
        |arguments| Ok(Value::string(STANDARD.encode(Sha512::digest(text(arguments, 0)?)))),
    )
    .example(r#"substr(base64sha512("hello"), 0, 16)"#, r#""m3HSJL1i83hdltRq""#),
    Function::pure(
        "uuidv5",
        "The UUID that a name has in a namespace: dns, url, oid, x500 or a UUID.",
        &[whole("namespace", Shape::String), whole("name", Shape::String)],
        Shape::String,
        uuidv5,
    )
    .example(r#"uuidv5("dns", "example.com")"#, r#""cfbff0d1-9375-5685-968c-48ce8b15ae17""#),
    Function::world("uuid", "A fresh random UUID, decided during apply.", &[], Shape::String, uuid)
        .example("uuid()", r#""4d8f1e0b-6f5a-4f0e-9a55-0c1cf0b1f6b1""#)
        .not_repeatable(),
];

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A version 4 UUID, by RFC 9562.
fn uuid(environment: &dyn Environment, _: &[Value]) -> Answer {
    let Some(bytes) = environment.random() else {
        return Ok(Value::unknown_with(Type::String, Refinements::not_null()));
    };
    Ok(Value::string(uuid_text(bytes, 4)))
}

/// A version 5 UUID, by RFC 9562.
fn uuidv5(arguments: &[Value]) -> Answer {
    let written = text(arguments, 0)?;
    // The last byte of the first group tells the namespaces of RFC 9562 apart.
    let namespace = match written {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let number = uuid_number(namespace).ok_or_else(|| {
        let refusal = Refusal::of(0, format!("{written:?} is no namespace"));
        refusal.hint("Namespaces are dns, url, oid, x500 and every UUID.")
    })?;
    let digest = Sha1::new().chain_update(number.to_be_bytes()).chain_update(text(arguments, 1)?).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    Ok(Value::string(uuid_text(bytes, 5)))
}

/// The number that a UUID is: plain, in braces, after `urn:uuid:`, or as 32 digits.
fn uuid_number(text: &str) -> Option<u128> {
    let digits = match text.len() {
        32 => text.to_owned(),
        _ => {
            let urn = text.get(..9).filter(|start| start.eq_ignore_ascii_case("urn:uuid:")).and_then(|_| text.get(9..));
            let braced = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            let parts: Vec<_> = urn.or(braced).unwrap_or(text).split('-').collect();
            let widths: Vec<_> = parts.iter().map(|part| part.len()).collect();
            if widths != [8, 4, 4, 4, 12] {
                return None;
            }
            parts.concat()
        }
    };
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u128::from_str_radix(&digits, 16).ok().filter(|_| is_hex)
}

/// Bytes as the UUID of a version.
fn uuid_text(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex(&bytes);
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| text.get(range).unwrap_or_default()).join("-")
}
