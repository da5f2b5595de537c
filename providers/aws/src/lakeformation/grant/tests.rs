//! Which grants are refused, and which listed resources are the granted ones.

use std::collections::BTreeSet;

use aws_sdk_lakeformation::types::{
    ColumnWildcard, DatabaseResource, Resource, TableResource, TableWildcard, TableWithColumnsResource,
};
use mesh_value::{Value, from_plain_json};
use serde_json::json;

use super::target::{Table, TableWithColumns, Target};
use super::{check, means_the_same};

fn problems(config: &serde_json::Value) -> Vec<String> {
    let value: Value = from_plain_json(config).unwrap();
    check::problems(&value).into_iter().map(|problem| format!("{}: {}", problem.path, problem.detail)).collect()
}

#[test]
fn what_lake_formation_would_refuse_is_told_before() {
    let table = json!({"database_name": "d", "name": "t"});
    let columns = json!({"database_name": "d", "name": "t", "column_names": ["a"]});
    let cases = [
        (json!({"principal": "p", "permissions": ["SELECT"]}), "Say what the permissions are on"),
        (json!({"permissions": ["SELECT"], "table": table, "database": {"name": "d"}}), "`database` and `table`"),
        (json!({"permissions": ["SELECT"], "database": {"name": "d"}}), "`permissions` holds \"SELECT\""),
        (json!({"permissions": ["INSERT"], "table_with_columns": columns}), "it can hold \"SELECT\"."),
        (json!({"permissions": ["SELECT"], "table": {"database_name": "d"}}), "Say which table"),
        (
            json!({"permissions": ["SELECT"], "table": {"database_name": "d", "name": "t", "wildcard": true}}),
            "table.wildcard: Say which table",
        ),
        (
            json!({"permissions": ["SELECT"], "permissions_with_grant_option": ["DROP"], "table": table}),
            "\"DROP\" can be passed on only by who has it",
        ),
        (json!({"permissions": ["SELECT"], "catalog_id": "12", "table": table}), "the id of an account has 12 digits"),
        (
            json!({"permissions": ["SELECT"], "lf_tag_policy": {"resource_type": "COLUMN", "expression": []}}),
            "`resource_type` is \"COLUMN\"",
        ),
    ];
    for (config, expected) in cases {
        let found = problems(&config);
        assert!(found.iter().any(|problem| problem.contains(expected)), "{config}: {found:?}");
    }
    let right = [
        json!({"permissions": ["ALL"], "permissions_with_grant_option": ["DROP"], "table": table}),
        json!({"permissions": ["SELECT"], "table_with_columns": columns}),
        json!({"permissions": ["CREATE_DATABASE"], "catalog_resource": true}),
    ];
    for config in right {
        assert_eq!(problems(&config), Vec::<String>::new(), "{config}");
    }
}

#[test]
fn a_grant_on_a_table_is_found_under_its_columns_too() {
    let table = |name: Option<&str>| {
        Target::Table(Table {
            database_name: "Sales".to_owned(),
            name: name.map(str::to_owned),
            wildcard: name.is_none(),
            catalog_id: None,
        })
    };
    let whole = TableResource::builder().database_name("sales").name("orders").catalog_id("1").build().unwrap();
    let every = TableResource::builder().database_name("sales").name("ALL_TABLES");
    let every = every.table_wildcard(TableWildcard::builder().build()).build().unwrap();
    let columns = TableWithColumnsResource::builder().database_name("sales").name("orders");
    let all = columns.clone().column_wildcard(ColumnWildcard::builder().build()).build().unwrap();
    let some = columns.column_names("id").build().unwrap();
    let whole = Resource::builder().table(whole).build();
    let every = Resource::builder().table(every).build();
    let all = Resource::builder().table_with_columns(all).build();
    let some = Resource::builder().table_with_columns(some).build();
    let database = DatabaseResource::builder().name("sales").build().unwrap();
    let database = Resource::builder().database(database).build();

    assert_eq!(
        [&whole, &every, &all, &some, &database].map(|r| table(Some("Orders")).is(r)),
        [true, false, true, false, false]
    );
    assert_eq!([&whole, &every, &all, &some, &database].map(|r| table(None).is(r)), [false, true, false, false, false]);
    let id = Target::Columns(TableWithColumns {
        database_name: "sales".to_owned(),
        name: "orders".to_owned(),
        column_names: Some(BTreeSet::from(["ID".to_owned()])),
        wildcard: false,
        excluded_column_names: None,
        catalog_id: None,
    });
    assert_eq!([&whole, &every, &all, &some, &database].map(|r| id.is(r)), [false, false, false, true, false]);
}

#[test]
fn all_is_all_whatever_is_listed_beside_it() {
    let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    assert!(means_the_same(&set(&["ALL"]), &set(&["ALL", "SELECT", "DROP"])));
    assert!(!means_the_same(&set(&["ALL"]), &set(&["SELECT", "DROP"])));
    assert!(means_the_same(&set(&["SELECT"]), &set(&["SELECT"])));
}
