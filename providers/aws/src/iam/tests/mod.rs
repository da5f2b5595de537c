//! What no emulator shows of IAM's types, by request and reply: how many calls a refresh takes, what is said of objects
//! in use, and calls that emulators lack.

mod data;
mod in_use;
mod listed;
mod providers;

use serde_json::{Value as Json, json};

use crate::replay::Exchange;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}"#;
/// The same, as IAM answers it: with a list, in another order, encoded.
const TRUST_ENCODED: &str = "%7B%22Statement%22%3A%5B%7B%22Action%22%3A%5B%22sts%3AAssumeRole%22%5D%2C%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%7D%5D%2C%22Version%22%3A%222012-10-17%22%7D";

/// A call that succeeds. `request` as [`Exchange::new`] has it; `result` is XML.
fn call(operation: &'static str, request: Json, result: &str) -> Exchange {
    let reply = format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>");
    Exchange::new(operation, request, reply.into())
}

/// A call that is refused.
fn refused(operation: &'static str, status: u16, code: &str, message: &str) -> Exchange {
    let error = format!("<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>");
    let reply = format!("<ErrorResponse><Error>{error}</Error><RequestId>1</RequestId></ErrorResponse>");
    Exchange::new(operation, Json::Null, reply.into()).refused(status)
}

/// Planning asks once whose account it is.
fn whose() -> Exchange {
    let who = "<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>A1</UserId><Account>123456789012</Account>";
    call("GetCallerIdentity", json!({}), who)
}

/// What every listing and answer has of a role.
fn role(name: &str) -> String {
    format!(
        "<Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId>\
         <Arn>arn:aws:iam::123456789012:role/{name}</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>\
         <AssumeRolePolicyDocument>{TRUST_ENCODED}</AssumeRolePolicyDocument>"
    )
}

/// A list of XML.
fn members<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    items.into_iter().map(|item| format!("<member>{item}</member>")).collect()
}
