//! Configurations of the applications on a cluster: JSON in a configuration, a list of records to EMR.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_emr::types::Configuration;
use mesh_provider::{Failure, ProviderDiagnostic};
use mesh_value::{AttributePath, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One record: settings of one file, such as `spark-defaults`, and of what is within it. Records in another order and
/// empty parts make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Record {
    #[serde(alias = "classification")]
    classification: String,
    #[serde(default, alias = "properties", skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Setting>,
    #[serde(default, alias = "configurations", skip_serializing_if = "Vec::is_empty")]
    configurations: Vec<Record>,
}

/// A setting's value, which is always a text to EMR.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Json", into = "String")]
struct Setting(String);

impl From<Json> for Setting {
    fn from(value: Json) -> Self {
        Self(if let Json::String(text) = value { text } else { value.to_string() })
    }
}

impl From<Setting> for String {
    fn from(setting: Setting) -> Self {
        setting.0
    }
}

/// The records of a text, in an order that does not depend on how they are written.
fn parsed(text: &str) -> Result<Vec<Record>, String> {
    let parsed: Option<Vec<Record>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(sorted(parsed.unwrap_or_default()))
}

fn sorted(mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        record.configurations = sorted(std::mem::take(&mut record.configurations));
    }
    records.sort();
    records
}

/// Whether two texts configure the same.
pub(super) fn same(left: &str, right: &str) -> bool {
    left == right || matches!((parsed(left), parsed(right)), (Ok(left), Ok(right)) if left == right)
}

/// The problem with what is written for an attribute.
pub(super) fn invalid(object: &Value, name: &str) -> Option<ProviderDiagnostic> {
    let text = object.get(name).and_then(Value::as_str)?;
    let why = parsed(text).err()?;
    let detail = format!(
        "`{name}` must be a JSON list of objects with `Classification`, `Properties` and `Configurations`: {why}. Write \
         it with `jsonencode`; what is in a file comes in with `file`."
    );
    Some(ProviderDiagnostic::error("Invalid configurations", detail).at(AttributePath::attr(name)))
}

/// As EMR takes them.
pub(super) fn request(text: &str) -> Result<Vec<Configuration>, Failure> {
    let records = parsed(text).map_err(|why| Failure::new("Invalid configurations", format!("{why}.")))?;
    Ok(records.iter().map(record_request).collect())
}

fn record_request(record: &Record) -> Configuration {
    let properties: HashMap<String, String> =
        record.properties.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect();
    let within: Vec<_> = record.configurations.iter().map(record_request).collect();
    Configuration::builder()
        .classification(&record.classification)
        .set_properties(Some(properties))
        .set_configurations((!within.is_empty()).then_some(within))
        .build()
}

/// What EMR has, as a text; `None` where there is nothing.
pub(super) fn text(platform: &[Configuration]) -> Option<String> {
    let records = sorted(platform.iter().map(record_seen).collect());
    if records.is_empty() { None } else { serde_json::to_string(&records).ok() }
}

fn record_seen(platform: &Configuration) -> Record {
    let properties = platform.properties().into_iter().flatten();
    Record {
        classification: platform.classification().unwrap_or_default().to_owned(),
        properties: properties.map(|(name, value)| (name.clone(), Setting(value.clone()))).collect(),
        configurations: platform.configurations().iter().map(record_seen).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPARK: &str = r#"[{"Classification":"spark-env","Configurations":[{"Classification":"export",
        "Properties":{"PYSPARK_PYTHON":"/usr/bin/python3"}}],"Properties":{}},
        {"Classification":"spark-defaults","Properties":{"spark.executor.cores":4,"spark.speculation":true}}]"#;

    #[test]
    fn order_layout_and_empty_parts_make_no_difference() {
        let other = r#"[{"classification":"spark-defaults","properties":{"spark.speculation":"true",
            "spark.executor.cores":"4"}},{"classification":"spark-env","configurations":[{"classification":"export",
            "properties":{"PYSPARK_PYTHON":"/usr/bin/python3"},"configurations":[]}]}]"#;
        assert!(same(SPARK, other));
        assert!(!same(SPARK, &other.replace("\"4\"", "\"5\"")));
        assert!(same("[]", "null"));
    }

    #[test]
    fn what_emr_has_means_what_was_sent() {
        let sent = request(SPARK).unwrap();
        assert!(same(SPARK, &text(&sent).unwrap()));
        assert_eq!(text(&[]), None);
    }

    #[test]
    fn what_emr_would_refuse_is_refused() {
        let config = |text: &str| Value::object([("configurations_json", Value::string(text))]);
        for text in ["{}", "[{}]", r#"[{"Classification":"a","Propertys":{}}]"#, "s3://bucket/config.json"] {
            assert!(invalid(&config(text), "configurations_json").is_some(), "{text}");
        }
        assert_eq!(invalid(&config(SPARK), "configurations_json"), None);
    }
}
