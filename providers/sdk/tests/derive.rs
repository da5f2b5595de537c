//! What the derive macro makes of a struct: its schema (as the reference page shows it), its decoding, its encoding.

mod pool;

use std::fs;
use std::path::Path;

use mesh_provider::cost::UsageParameter;
use mesh_provider::{Attribute as _, Block, Computed, Provider as _, docs};
use mesh_value::{Type, Value, convert, from_plain_json, to_plain_json};
use pool::{Disk, Pool, Port};
use serde_json::json;

#[test]
fn the_schema_is_the_reference_page() {
    let page = docs::markdown("test", &pool::provider().schema());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pool/reference.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &page).unwrap();
    }
    assert_eq!(page, fs::read_to_string(&file).unwrap(), "BLESS=1 rewrites {}", file.display());
}

#[test]
fn the_page_of_a_type_ends_with_what_usage_blocks_declare() {
    let provider = pool::provider();
    let schema = provider.schema();
    let ty = schema.resources.keys().next().unwrap();
    let plain = docs::markdown_of_type(ty, &schema, &[]).unwrap();
    let hours = UsageParameter { name: "hours", unit: "hour", description: "Hours a month that it runs." };
    let page = docs::markdown_of_type(ty, &schema, &[hours]).unwrap();
    let table = format!(
        "\nWhat only use decides of its cost, for `usage \"{ty}\"` blocks:\n\n| usage | unit | meaning |\n|---|---|---|\n\
         | `hours` | hour | Hours a month that it runs. |\n"
    );
    assert_eq!(page, plain + &table);
}

#[test]
fn attributes_are_sorted_as_lookups_need_it() {
    let schema = Pool::schema();
    assert!(schema.attributes.is_sorted_by(|left, right| left.name < right.name));
    assert!(schema.attribute("type").is_some() && schema.nested("disk").is_some());
}

#[test]
fn what_may_be_left_out_of_an_object_is_optional_in_its_declared_type() {
    let schema = Pool::schema();
    let ports = schema.attribute("ports").unwrap();
    assert_eq!(ports.ty.to_string(), "list(object({number = number, protocol = optional(string)}))");
    let written = from_plain_json(&json!([{ "number": 443 }])).unwrap();
    let converted = convert(&written, &ports.ty).unwrap();
    assert_eq!(Vec::<Port>::decode(&converted).unwrap(), [Port { number: 443, protocol: None }]);
}

#[test]
fn models_survive_encoding() {
    let pool = Pool {
        name: "a".to_owned(),
        workers: 3,
        greeting: "hi".to_owned(),
        password: None,
        zones: Some(["b".to_owned(), "a".to_owned()].into()),
        labels: Some([("k".to_owned(), "v".to_owned())].into()),
        extra: Some(Value::tuple([Value::bool(true), Value::number(1)])),
        ports: Some(vec![Port { number: 1, protocol: Some("udp".to_owned()) }]),
        size: Computed::Null,
        kind: Some("old".to_owned()),
        disk: vec![Disk { mount: "/data".to_owned(), size: 5 }],
        window: None,
        timeouts: None,
        id: Computed::Unknown,
        revision: Computed::Known(7),
    };
    let value = pool.encode();
    assert_eq!(Pool::decode(&value).unwrap(), pool);
    let implied = Pool::schema().implied_type();
    for (name, attribute) in value.as_entries().unwrap() {
        let expected = &implied.attribute(name).unwrap().ty;
        assert!(*expected == Type::Any || *expected == attribute.ty(), "{name}: {expected} is {}", attribute.ty());
    }
    let known = Pool { id: Computed::Null, ..pool };
    let json = to_plain_json(&known.encode()).unwrap();
    assert_eq!(json["disk"], json!([{ "mount": "/data", "size": 5 }]));
    assert_eq!(json["zones"], json!(["a", "b"]));
}

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let written = json!({
        "name": "a", "workers": 70000, "disk": [{ "mount": "/", "size": 1 }, { "mount": "/x", "size": -1 }],
        "ports": [{ "number": 1.5, "protocol": "tcp" }]
    });
    let value = from_plain_json(&written).unwrap();
    let errors: Vec<_> = Pool::check(&value).iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "`.disk[1].size` must be a whole number from 0 to 4294967295",
            "`.ports[0].number` must be a whole number from 0 to 65535",
            "`.workers` must be a whole number from 0 to 65535",
        ]
    );
    let missing = Pool::decode(&from_plain_json(&json!({})).unwrap()).unwrap_err();
    assert_eq!(missing.to_string(), "`.name` must be a string, but is null");
    let open = Value::object([("name", Value::unknown(Type::String))]);
    assert_eq!(Pool::decode(&open).unwrap_err().to_string(), "`.name` must be a string, but is only known after apply");
}
