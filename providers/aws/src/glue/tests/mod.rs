//! Holds by request and reply what neither emulator does: listings, waits, versions of tables and schemas.

mod catalog;
mod listed;
mod refusals;
mod work;

use serde_json::{Value as Json, json};

use crate::replay::Exchange;

const ACCOUNT: &str = "123456789012";

/// Whose the credentials are, asked once a session.
fn whose() -> Exchange {
    let xml = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:user/mesh</Arn><UserId>AIDA</UserId>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    Exchange::new("GetCallerIdentity", Json::Null, Json::from(xml))
}

fn refused(operation: &'static str, code: &str, message: &str) -> Exchange {
    Exchange::new(operation, Json::Null, json!({ "__type": code, "Message": message })).refused(400)
}

fn arn(resource: &str) -> String {
    format!("arn:aws:glue:us-east-1:{ACCOUNT}:{resource}")
}

/// The tags of a resource: the one that says which create made it, and those given.
fn tags(resource: &str, tags: &Json) -> Exchange {
    Exchange::new("GetTags", json!({ "ResourceArn": arn(resource) }), json!({ "Tags": tags }))
}
