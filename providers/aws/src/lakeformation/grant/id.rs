//! The id of a grant, which is also what it is imported by. Terraform's is a number that says nothing and can't be
//! imported; this one names the principal and the thing.
//!
//! `PRINCIPAL,[CATALOG,]KIND[,NAME...]`, where several values of one place are joined by `|`.

use std::collections::BTreeSet;

use super::Grant;
use super::target::{DataLocation, Database, Table, TableWithColumns, TagExpression, TagKey, TagPolicy, Target};

/// How an id is written, for messages.
pub(super) const FORM: &str = "the principal, the kind and the names, joined by commas: `PRINCIPAL,catalog`, \
     `PRINCIPAL,data_location,ARN`, `PRINCIPAL,database,NAME`, `PRINCIPAL,table,DATABASE,NAME` (`*`: all tables), \
     `PRINCIPAL,table_with_columns,DATABASE,TABLE,a|b` (`*`: all columns, `*!a|b`: all but some), \
     `PRINCIPAL,lf_tag,KEY,a|b`, `PRINCIPAL,lf_tag_policy,TABLE,KEY=a|b`";

/// The id of a grant on a thing.
pub(super) fn of(grant: &Grant, target: &Target) -> String {
    let mut parts = vec![grant.principal.clone()];
    parts.extend(grant.catalog_id.clone());
    let mut add = |part: &str| parts.push(part.to_owned());
    match target {
        Target::Catalog => add("catalog"),
        Target::DataLocation(place) => ["data_location", &place.arn].into_iter().for_each(add),
        Target::Database(database) => ["database", &database.name].into_iter().for_each(add),
        Target::Table(table) => {
            ["table", &table.database_name, table.name.as_deref().unwrap_or("*")].into_iter().for_each(add);
        }
        Target::Columns(columns) => {
            let excluded = columns.excluded_column_names.as_ref().filter(|names| !names.is_empty());
            let which = match (&columns.column_names, excluded) {
                (Some(names), _) => joined(names),
                (None, Some(names)) => format!("*!{}", joined(names)),
                (None, None) => "*".to_owned(),
            };
            ["table_with_columns", &columns.database_name, &columns.name, &which].into_iter().for_each(add);
        }
        Target::Tag(tag) => ["lf_tag", &tag.key, &joined(&tag.values)].into_iter().for_each(add),
        Target::TagPolicy(policy) => {
            ["lf_tag_policy", &policy.resource_type].into_iter().for_each(&mut add);
            policy.expression.iter().for_each(|tag| add(&format!("{}={}", tag.key, joined(&tag.values))));
        }
    }
    parts.join(",")
}

/// The principal, the catalog and the thing that an id names; `None` where it names none.
pub(super) fn read(id: &str) -> Option<(String, Option<String>, Target)> {
    let mut parts = id.split(',').filter(|part| !part.is_empty());
    let principal = parts.next()?.to_owned();
    let mut kind = parts.next()?;
    let mut catalog = None;
    if kind.len() == 12 && kind.bytes().all(|byte| byte.is_ascii_digit()) {
        catalog = Some(kind.to_owned());
        kind = parts.next()?;
    }
    let mut next = || parts.next().map(str::to_owned);
    let target = match kind {
        "catalog" => Target::Catalog,
        "data_location" => Target::DataLocation(DataLocation { arn: next()?, catalog_id: None }),
        "database" => Target::Database(Database { name: next()?, catalog_id: None }),
        "table" => {
            let (database_name, name) = (next()?, next()?);
            let wildcard = name == "*";
            let name = Some(name).filter(|_| !wildcard);
            Target::Table(Table { database_name, name, wildcard, catalog_id: None })
        }
        "table_with_columns" => {
            let (database_name, name, which) = (next()?, next()?, next()?);
            let (wildcard, excluded) = (which.starts_with('*'), which.strip_prefix("*!").map(split));
            Target::Columns(TableWithColumns {
                database_name,
                name,
                column_names: (!wildcard).then(|| split(&which)),
                wildcard,
                excluded_column_names: excluded,
                catalog_id: None,
            })
        }
        "lf_tag" => Target::Tag(TagKey { key: next()?, values: split(&next()?), catalog_id: None }),
        "lf_tag_policy" => {
            let resource_type = next()?;
            let tag = |part: &str| {
                part.split_once('=').map(|(key, values)| TagExpression { key: key.to_owned(), values: split(values) })
            };
            let expression: BTreeSet<_> = parts.by_ref().map(tag).collect::<Option<_>>()?;
            if expression.is_empty() {
                return None;
            }
            Target::TagPolicy(TagPolicy { resource_type, expression, catalog_id: None })
        }
        _ => return None,
    };
    parts.next().is_none().then_some((principal, catalog, target))
}

fn joined(values: &BTreeSet<String>) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join("|")
}

fn split(values: &str) -> BTreeSet<String> {
    values.split('|').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_what_it_was_made_of() {
        let ids = [
            "arn:aws:iam::123456789012:role/a,catalog",
            "IAM_ALLOWED_PRINCIPALS,database,orders",
            "arn:aws:iam::123456789012:role/a,210987654321,table,orders,lines",
            "r,table,orders,*",
            "r,table_with_columns,orders,lines,id|total",
            "r,table_with_columns,orders,lines,*",
            "r,table_with_columns,orders,lines,*!email|name",
            "r,data_location,arn:aws:s3:::lake/orders",
            "r,lf_tag,domain,hr|sales",
            "r,lf_tag_policy,TABLE,domain=hr|sales,stage=gold",
        ];
        for id in ids {
            let (principal, catalog_id, target) = read(id).unwrap_or_else(|| panic!("{id}"));
            let grant = Grant { principal, catalog_id, ..Grant::default() };
            assert_eq!(of(&grant, &target), id);
        }
    }

    #[test]
    fn what_names_no_grant_is_refused() {
        for id in ["", "r", "r,", "r,bucket,a", "r,table,orders", "r,catalog,more", "r,lf_tag_policy,TABLE", "r,x=y"] {
            assert_eq!(read(id), None, "{id}");
        }
    }
}
