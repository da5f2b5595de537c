//! How fast a large mesh is priced: an estimate of 10,000 objects, all sums, and the verdicts of all budgets. That is what
//! cost adds to a plan beside asking the resource types; it shall take less than 100 ms.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use mesh_cost::{
    Basis, Budget, BudgetBasis, By, Item, Limit, OnExceed, Period, Rules, Scope, Spending, roll_up, standard,
};
use mesh_provider::cost::{Charges, Costs, Interval, PriceKey, Quantity};

const OBJECTS: u32 = 10_000;
const PRODUCTS: u32 = 100;
const DOMAINS: u32 = 10;

/// A bucket or a machine: four or two parts, one of them open.
fn costs(number: u32) -> Costs {
    let mut charges = Charges::default();
    let region = if number.is_multiple_of(3) { "us-east-1" } else { "eu-west-1" };
    let key = |key: &str| PriceKey::new(key, region);
    if number.is_multiple_of(2) {
        let open = Quantity::wide(Interval::OPEN, "`get_requests` is not declared in a `usage` block");
        charges.add("storage", key("aws/s3/storage/standard"), "GB-month", Quantity::exactly(60_000 + number));
        charges.add("writes", key("aws/s3/requests/standard/write"), "request", Quantity::exactly(100_000));
        charges.add("reads", key("aws/s3/requests/standard/read"), "request", open);
        charges.add("monitoring", key("aws/s3/monitoring/intelligent-tiering"), "object-month", Quantity::exactly(5));
    } else {
        let hours = Interval::new(100.into(), 200.into(), Some(730.into()));
        let hours = Quantity::wide(hours, "`busy_hours` is declared as a range");
        charges.add("machines", key("aws/ec2/on-demand/m5.xlarge"), "instance-hour", hours);
        charges.add("disks", key("aws/ebs/gp3"), "GB-month", Quantity::exactly(64));
    }
    charges.into()
}

fn product(number: u32) -> Arc<str> {
    let product = number % PRODUCTS;
    format!("domain{}.product{product}", product % DOMAINS).into()
}

fn basis() -> Basis {
    let items = (0..OBJECTS).map(|number| Item {
        address: format!("aws_thing.object[{number}]").into(),
        ty: "aws_thing".into(),
        product: Some(product(number)),
        tags: [("team".into(), format!("team{}", number % 7).into())].into(),
        before: number.is_multiple_of(5).then(|| costs(number + 1)),
        after: Some(costs(number)),
        count: None,
    });
    let domains = (0..DOMAINS).map(|number| Scope::Domain(format!("domain{number}").into()));
    let scopes = domains.chain((0..PRODUCTS).map(|number| Scope::Product(product(number)))).chain([Scope::Mesh]);
    let limits = scopes.map(|scope| Limit {
        scope,
        budget: Budget {
            amount: 100_000.into(),
            currency: "USD".into(),
            period: Period::Monthly,
            basis: BudgetBasis::Expected,
            on_exceed: OnExceed::Deny,
            thresholds: vec![50.into(), 80.into()],
        },
    });
    Basis { items: items.collect(), rules: Rules { limits: limits.collect(), ..Rules::default() } }
}

fn pricing(bench: &mut Criterion) {
    let (basis, today) = (basis(), date(2026, 11, 1));
    bench.bench_function("estimate, sums and 111 verdicts of 10,000 objects", |bencher| {
        bencher.iter(|| {
            let spending = Spending::new(black_box(&basis), standard(), today);
            for by in [By::Product, By::Domain, By::Service, By::Tag("team".into())] {
                black_box(roll_up(&spending.estimate, &by));
            }
            spending
        });
    });
}

criterion_group!(benches, pricing);
criterion_main!(benches);
