//! A month of a bill beside estimates and limits, as data: amounts are texts of decimals, never rounded.

use mesh_cost::actual::{ActualProduct, BillForm, Comparison, Judged, Standing, Sum};
use serde_json::{Map, Value as Json, json};

use super::cost::{decimal, interval};
use crate::cost::projected_total;

/// What a month really cost, product by product.
#[must_use]
pub fn actual(comparison: &Comparison, form: BillForm, has_effective: bool) -> Json {
    let Comparison { month, currency, days, products, unknown, untagged, untagged_lines, total } = comparison;
    let mut untagged = product(untagged);
    untagged.remove("product");
    untagged.insert("lines".into(), (*untagged_lines).into());
    json!({
        "month": month.to_string(),
        "currency": &**currency,
        "form": form.to_string(),
        "effective": has_effective,
        "days": days,
        "days_of_month": month.days(),
        "products": products.iter().map(product).collect::<Vec<_>>(),
        "unknown": unknown.iter().map(product).collect::<Vec<_>>(),
        "untagged": untagged,
        "total": {
            "actual": decimal(total.compared()),
            "projected": projected_total(comparison).map_or(Json::Null, decimal),
            "billed": decimal(total.billed),
            "kinds": kinds(total),
        },
    })
}

fn product(product: &ActualProduct) -> Map<String, Json> {
    let ActualProduct { id, expected, actual, projected, kinds, services } = product;
    let services = services.iter().map(|(service, amount)| json!({"service": &**service, "actual": decimal(*amount)}));
    let sum = Sum { effective: kinds.clone(), ..Sum::default() };
    Map::from_iter([
        ("product".into(), Json::from(&**id)),
        ("actual".into(), judged(actual)),
        ("projected".into(), projected.as_ref().map_or(Json::Null, judged)),
        ("estimated".into(), expected.estimated.as_ref().map_or(Json::Null, interval)),
        ("limit".into(), expected.limit.map_or(Json::Null, decimal)),
        ("kinds".into(), self::kinds(&sum)),
        ("services".into(), services.collect()),
    ])
}

fn judged(judged: &Judged) -> Json {
    let (standing, by) = match judged.standing {
        Standing::NotEstimated => ("not-estimated", None),
        Standing::Within => ("within", None),
        Standing::Over(by) => ("over", Some(by)),
        Standing::Under(by) => ("under", Some(by)),
    };
    json!({
        "amount": decimal(judged.amount),
        "standing": standing,
        "by": by.map_or(Json::Null, decimal),
        "over_limit": judged.over_limit.map_or(Json::Null, decimal),
    })
}

fn kinds(sum: &Sum) -> Json {
    sum.effective.iter().map(|(kind, amount)| (kind.name().to_owned(), decimal(*amount))).collect::<Map<_, _>>().into()
}
