//! What goes into the header of an upload, and what is seen to be wrong without S3.

use mesh_value::Value;

use super::content::problems;
use super::is_key;
use super::write::query;
use crate::tags::Tags;

#[test]
fn tags_are_the_query_of_an_address() {
    let tags = [("cost center", "a&b=ü"), ("team", "")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(query(&Tags::from(tags)), "cost%20center=a%26b%3D%C3%BC&team=");
}

#[test]
fn a_key_may_be_written_by_its_id_or_an_alias() {
    let arn = "arn:aws:kms:eu-central-1:123456789012:key/0f1e";
    assert!(is_key(arn, arn) && is_key("0f1e", arn) && is_key("alias/lake", arn));
    assert!(!is_key("1e", arn) && !is_key(&arn.replace("0f", "1f"), arn));
}

#[test]
fn what_is_wrong_is_told() {
    let cases = [
        (Value::object([("key", Value::string(""))]), "1 to 1024 bytes"),
        (Value::object([("content_base64", Value::string("~"))]), "is not Base64"),
    ];
    for (config, expected) in cases {
        let told: Vec<_> = problems(&config).into_iter().map(|problem| problem.detail).collect();
        assert!(told.len() == 1 && told[0].contains(expected), "{told:?}");
    }
    assert_eq!(problems(&Value::object([("content_base64", Value::string("YQ==\n"))])), []);
}
