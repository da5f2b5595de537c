//! The function that tells what something costs.

use mesh_value::{Number, Value};

use super::function::{Answer, Function, Refusal, Shape, whole};
use super::text::text;
use crate::eval::Environment;

pub(super) const FUNCTIONS: &[Function] = &[Function::world(
    "list_price",
    "What one unit of something costs in a region, in US dollars: the price book's, of the first tier, before discounts. \
     `mesh prices show` lists the keys with their units. A price that the book does not have is an error, never 0.",
    &[whole("key", Shape::String), whole("region", Shape::String)],
    Shape::Number,
    list_price,
)
.example(r#"list_price("aws/athena/scanned", "eu-central-1")"#, "5")];

fn list_price(environment: &dyn Environment, arguments: &[Value]) -> Answer {
    let (key, region) = (text(arguments, 0)?, text(arguments, 1)?);
    let price = environment.list_price(key, region);
    let price = price.and_then(|price| price.parse::<Number>().ok());
    let price = price.ok_or_else(|| {
        let start = key.rsplit_once('/').map_or(key, |(start, _)| start);
        Refusal::of(
            0,
            format!("the price book has no `{key}` in `{region}`: `mesh prices show {start}` lists what it has"),
        )
    })?;
    Ok(Value::number(price))
}
