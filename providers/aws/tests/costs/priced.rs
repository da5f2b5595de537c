//! Every type says what its objects cost, and the price book has a price for each part.

use mesh_cost::standard;
use mesh_provider::Provider as _;
use mesh_provider::contract::Session;
use mesh_provider::cost::{Costs, Interval};
use mesh_provider_aws::provider;
use mesh_value::Value;
use serde_json::{Value as Json, json};

use crate::{block, costs_in, exactly};

/// Types that say nothing of their cost, by the beginnings of their names: they are counted as unpriced.
const NOT_MODELLED: &[&str] = &[
    "aws_athena_workgroup",
    "aws_budgets_budget_action",
    "aws_cloudwatch_",
    "aws_ecr_",
    "aws_emr",
    "aws_glue_",
    "aws_kms_key",
    "aws_scheduler_",
    "aws_sfn_",
    "aws_sns_",
];

/// Parts for which no public source states a price in every region.
const WITHOUT_PRICE: &[&str] = &["aws/s3/requests/deep-archive/read"];

/// A type, the configuration of an object, and those of related ones with their types.
type Charged = (&'static str, Json, Vec<(&'static str, Json)>);

/// An object of each type that costs something, with as many parts as there are: all its usage is declared.
fn charged() -> Vec<Charged> {
    let moves = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];
    let moves: Vec<_> =
        (1_u32..).zip(moves).map(|(place, class)| json!({ "days": place * 30, "storage_class": class })).collect();
    let rule = json!({ "id": "age", "status": "Enabled", "transition": moves });
    let lifecycle = json!({ "bucket": "landing", "rule": [rule] });
    vec![("aws_s3_bucket", json!({ "bucket": "landing" }), vec![("aws_s3_bucket_lifecycle_configuration", lifecycle)])]
}

#[tokio::test]
async fn every_part_has_a_price_of_its_unit() {
    let book = standard();
    let provider = provider();
    let mut missing = Vec::new();
    for (ty, config, related) in charged() {
        let usage: Vec<(&str, Interval)> =
            provider.usage(ty).iter().map(|parameter| (parameter.name, exactly(1))).collect();
        for region in ["us-east-1", "eu-central-1"] {
            let costs = costs_in(region, ty, config.clone(), &usage, &related).await;
            assert!(!costs.components().is_empty(), "{ty}");
            for part in costs.components() {
                assert_eq!(&*part.price.region, region, "{ty}: {}", part.name);
                let unit = book.price(&part.price).map(|price| &price.unit);
                if unit != Some(&part.unit) && !WITHOUT_PRICE.contains(&&*part.price.key) {
                    missing.push(format!("{} in {region}: {unit:?}, not {}", part.price.key, part.unit));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// An object of which nothing is known yet costs something that is open, or nothing: never is nothing said.
#[tokio::test]
async fn no_type_is_left_out_by_accident() {
    let (provider, base) = (provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &block("eu-central-1")).await.unwrap();
    let silent: Vec<_> = provider
        .schema()
        .resources
        .iter()
        .filter_map(|(ty, schema)| {
            let value = Value::unknown(schema.block.implied_type());
            (session.cost(ty, &value, &[], &[]) == Costs::NotModelled).then(|| ty.to_string())
        })
        .collect();
    let on_purpose = |ty: &String| NOT_MODELLED.iter().any(|start| ty.starts_with(start));
    let by_accident: Vec<_> = silent.iter().filter(|ty| !on_purpose(ty)).collect();
    assert!(by_accident.is_empty(), "{by_accident:?}");
}
