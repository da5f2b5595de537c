//! Adds up the bills under `tests/bills` and compares the sums with the text beside each. `BLESS=1` writes it anew;
//! adding a case is adding a file.

#![expect(clippy::unwrap_used, reason = "a suite that can't be read fails")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use mesh_cost::actual::{Expectation, Standing, compare, read};
use mesh_provider::cost::Interval;

/// What a bill says, as the expected text has it.
fn told(bytes: &[u8]) -> String {
    let bill = match read(bytes, "product") {
        Ok(bill) => bill,
        Err(error) => return format!("error: {error}\n"),
    };
    let mut told = format!("{} in {}, {} lines\n", bill.form, bill.currency, bill.lines);
    writeln!(told, "effective cost: {}, tags: {:?}, tagged: {}", bill.has_effective, bill.tags, bill.has_tag).unwrap();
    for (month, of_month) in &bill.months {
        writeln!(told, "\n{month}: {} days, {} lines untagged", of_month.days, of_month.untagged_lines).unwrap();
        for ((product, service), sum) in &of_month.sums {
            let kinds: Vec<String> =
                sum.effective.iter().map(|(kind, amount)| format!("{} {}", kind.name(), amount.normalize())).collect();
            let product = product.as_deref().unwrap_or("-");
            writeln!(told, "{product} {service}: {}; billed {}", kinds.join(", "), sum.billed.normalize()).unwrap();
        }
        let total = of_month.total();
        let projected = total.projected(of_month.days, month.days()).round_dp(2).normalize();
        writeln!(told, "compared {}, projected {projected}", total.compared().normalize()).unwrap();
    }
    told
}

#[test]
fn every_bill_adds_up_to_what_stands_beside_it() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bills");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let expected = file.with_extension("txt");
        let told = told(&std::fs::read(&file).unwrap());
        if bless {
            std::fs::write(expected, told).unwrap();
        } else if std::fs::read_to_string(expected).unwrap() != told {
            wrong.push(format!("{}:\n{told}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_packed_bill_that_was_cut_off_is_no_bill() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, include_bytes!("bills/focus.csv")).unwrap();
    let packed = packer.finish().unwrap();
    assert_eq!(told(&packed), told(include_bytes!("bills/focus.csv")));
    let error = read(&packed[..packed.len() - 20], "product").unwrap_err().to_string();
    assert!(error.starts_with("it can't be read to its end"), "{error}");
}

#[test]
fn products_stand_beside_what_was_expected() {
    let bill = read(&include_bytes!("bills/cur2.csv")[..], "product").unwrap();
    let estimated = |low: i64, high: i64| Some(Interval::between(low.into(), Some(high.into())));
    let expected = BTreeMap::from([
        ("sales.orders".into(), Expectation { estimated: estimated(1, 4), limit: Some(5.into()) }),
        ("sales.none".into(), Expectation { estimated: estimated(2, 4), limit: None }),
    ]);
    let month = "2026-10".parse().unwrap();
    let comparison = compare(&bill, month, &expected).unwrap();
    let [none, orders] = &comparison.products[..] else { panic!("{comparison:?}") };
    // The bill has 20 of 31 days: 5.00 x 31 / 20 = 7.75, which is 3.75 above the estimate and 2.75 above the limit.
    assert_eq!((orders.actual.standing, orders.actual.over_limit), (Standing::Over(1.into()), None));
    let projected = orders.projected.unwrap();
    assert_eq!(projected.amount, "7.75".parse().unwrap());
    assert_eq!(projected.standing, Standing::Over("3.75".parse().unwrap()));
    assert_eq!(projected.over_limit, Some("2.75".parse().unwrap()));
    // Nothing yet is no sign of less, as the month goes on; nothing by its end would be.
    assert_eq!(none.actual.standing, Standing::Within);
    assert_eq!(none.projected.unwrap().standing, Standing::Under(2.into()));
    assert_eq!(comparison.unknown.iter().map(|product| &*product.id).collect::<Vec<_>>(), ["sales.returns"]);
    // The fee is paid once, whatever the days: 100.00 + 0.01.
    assert_eq!(comparison.untagged.projected.unwrap().amount, "100.01".parse().unwrap());
    assert_eq!(compare(&bill, "2026-09".parse().unwrap(), &expected), None);
}
