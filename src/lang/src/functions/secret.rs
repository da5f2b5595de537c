//! Functions that hash passwords and decrypt secrets.

use mesh_value::{Refinements, Type, Value};

use super::encoding::base64_bytes;
use super::function::{Answer, Function, Refusal, Shape, whole};
use super::numeric::integer;
use super::rsa_key::PrivateKey;
use super::text::text;
use crate::eval::Environment;

/// The longest password that bcrypt takes, in bytes.
const MOST_PASSWORD: usize = 72;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::world(
        "bcrypt",
        "The bcrypt hash of a password, with a fresh salt each time, decided during apply. The cost, from 4 to 31, is \
         10 where it is left out; each step doubles the time it takes.",
        &[whole("str", Shape::String), whole("cost", Shape::Number)],
        Shape::String,
        bcrypt,
    )
    .optional(1)
    .example(r#"bcrypt("hush")"#, r#""$2a$10$CwTycUXWue0Thq9StjUM0uBqJrMTjkSiVTyq4sUvbhSkNvhgzbhyO""#)
    .not_repeatable(),
    Function::pure(
        "rsadecrypt",
        "A text that was encrypted with RSA (PKCS #1 v1.5) and is written in Base64, decrypted with the private key \
         in PEM or OpenSSH's form.",
        &[whole("ciphertext", Shape::String), whole("privatekey", Shape::String)],
        Shape::String,
        rsadecrypt,
    )
    .example(r#"try(rsadecrypt("AA==", "no key"), "none")"#, r#""none""#),
];

fn bcrypt(environment: &dyn Environment, arguments: &[Value]) -> Answer {
    let password = text(arguments, 0)?;
    let cost = if arguments.len() > 1 { integer(arguments, 1)? } else { 10 };
    // As in Terraform, too low a cost is the default one.
    let cost = if cost < 4 { 10 } else { cost };
    let cost = u32::try_from(cost).ok().filter(|cost| *cost <= 31);
    let cost = cost.ok_or_else(|| Refusal::of(1, "the cost is up to 31"))?;
    if password.len() > MOST_PASSWORD {
        return Err(Refusal::of(0, format!("bcrypt takes no more than {MOST_PASSWORD} bytes")));
    }
    let Some(salt) = environment.random() else {
        return Ok(Value::unknown_with(Type::String, Refinements::prefix(format!("$2a${cost:02}$"))));
    };
    let parts = bcrypt::hash_with_salt(password, cost, salt).map_err(|error| Refusal::from(error.to_string()))?;
    Ok(Value::string(parts.format_for_version(bcrypt::Version::TwoA)))
}

fn rsadecrypt(arguments: &[Value]) -> Answer {
    let ciphertext = base64_bytes(arguments)?;
    let key = PrivateKey::from_pem(text(arguments, 1)?).map_err(|problem| Refusal::of(1, problem))?;
    let plain = key.decrypt(&ciphertext).ok_or_else(|| Refusal::of(0, "it was not encrypted for this key"))?;
    let plain = String::from_utf8(plain).map_err(|_| Refusal::of(0, "what was encrypted is no text in UTF-8"))?;
    Ok(Value::string(plain))
}
