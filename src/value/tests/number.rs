//! Holds numbers to what Terraform prints: each line of the table was answered by `terraform console`.
#![expect(clippy::panic, reason = "a broken table line should stop its test")]

use mesh_value::{Number, NumberError};

fn number(text: &str) -> Number {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn evaluated(expression: &str) -> String {
    let parts: Vec<&str> = expression.split(' ').collect();
    let result = match parts.as_slice() {
        [one] => Ok(number(one)),
        [left, operator, right] => {
            let (left, right) = (number(left), number(right));
            match *operator {
                "+" => left.checked_add(&right),
                "-" => left.checked_sub(&right),
                "*" => left.checked_mul(&right),
                "/" => left.checked_div(&right),
                "%" => left.checked_rem(&right),
                other => panic!("operator {other}"),
            }
        }
        _ => panic!("expression {expression}"),
    };
    result.map_or_else(|error| error.to_string(), |number| number.to_string())
}

#[test]
fn prints_as_terraform_does() {
    for line in include_str!("numbers.txt").lines() {
        let (expression, expected) = line.split_once(" = ").expect("`expression = result`");
        assert_eq!(evaluated(expression), expected, "{expression}");
    }
}

#[test]
fn equal_numbers_have_one_form() {
    for (left, right) in
        [("1e3", "1000"), ("1.0", "1"), ("-0", "0"), ("0.10", "1e-1"), ("9223372036854775808e0", "9223372036854775808")]
    {
        assert_eq!(number(left), number(right));
        assert_eq!(number(left).cmp(&number(right)), std::cmp::Ordering::Equal);
    }
    let wrapped = number("9223372036854775808").checked_sub(&Number::ONE).unwrap();
    assert_eq!(wrapped.to_i64(), Some(i64::MAX));
    assert_eq!(-&number("9223372036854775808"), Number::from(i64::MIN));
}

#[test]
fn refuses_what_is_no_number() {
    for text in [
        "", " 1", "1 ", "0x10", "1_000", "Infinity", "NaN", "1e", "e1", ".", "+", "-", "1e+", "1.2.3", "--1", "1p3",
        "é", "1e5e5",
    ] {
        assert_eq!(text.parse::<Number>(), Err(NumberError::Syntax { text: text.to_owned() }));
    }
    for text in ["1e999999", "1e-999999", "1e99999999999999999999", "-1e-99999999999999999999"] {
        assert_eq!(text.parse::<Number>(), Err(NumberError::OutOfRange));
    }
    assert_eq!(number("1e300000").checked_mul(&number("1e300000")), Err(NumberError::OutOfRange));
    assert_eq!(number("1e-70000").to_string().len(), 70_002);
    let (plus, minus) = (number("Inf"), number("-Inf"));
    assert_eq!(number("5").checked_div(&Number::ZERO), Ok(plus.clone()));
    assert_eq!(number("-0.5").checked_div(&Number::ZERO), Ok(minus.clone()));
    assert_eq!(number("5").checked_rem(&Number::ZERO), Ok(number("5")));
    assert_eq!(Number::ZERO.checked_div(&Number::ZERO), Err(NumberError::Undefined));
    assert_eq!(plus.checked_add(&minus), Err(NumberError::Undefined));
    assert_eq!(plus.checked_mul(&Number::ZERO), Err(NumberError::Undefined));
    assert_eq!(plus.checked_mul(&number("-2")), Ok(minus.clone()));
    assert_eq!(number("1").checked_div(&minus), Ok(Number::ZERO));
    assert_eq!([plus.to_string(), (-&plus).to_string()], ["+Inf", "-Inf"]);
    assert!(minus < number("-1e300000") && number("1e300000") < plus && minus < plus);
    assert_eq!([plus.floor(), plus.ceil(), minus.abs()], [plus.clone(), plus.clone(), plus]);
}

#[test]
fn rounds_to_integers() {
    for (text, floor, ceil) in
        [("-1.5", "-2", "-1"), ("1.5", "1", "2"), ("-0.1", "-1", "0"), ("7", "7", "7"), ("1e30", "1e30", "1e30")]
    {
        assert_eq!((number(text).floor(), number(text).ceil()), (number(floor), number(ceil)), "{text}");
    }
    assert_eq!(number("18446744073709551615").to_u64(), Some(u64::MAX));
    assert_eq!(number("18446744073709551616").to_u64(), None);
    assert_eq!(number("1.5").to_u64(), None);
    assert_eq!(number("-1").to_u64(), None);
}

#[test]
fn floats_are_exact() {
    assert_eq!(Number::from_f64(0.5), Ok(number("0.5")));
    assert_eq!(Number::from_f64(1e300).map(|number| number.to_f64()), Ok(1e300));
    assert_ne!(Number::from_f64(0.1), Ok(number("0.1")));
    assert_eq!(number("0.1").to_f64(), 0.1);
    assert_eq!(Number::from_f64(-0.0), Ok(Number::ZERO));
    assert_eq!(Number::from_f64(f64::NAN), Err(NumberError::NotFinite));
    assert_eq!(Number::from_f64(f64::INFINITY), Err(NumberError::NotFinite));
    assert_eq!(number("1e400").to_f64(), f64::INFINITY);
}
