//! Rules that do the same, rules that don't, and rules that S3 would refuse.

use std::collections::BTreeSet;

use mesh_provider::Attribute as _;
use mesh_value::Value;

use super::check::problems;
use super::meaning::{kept, same};
use super::model::{And, Expiration, Filter, FilterTag, Rule, Transition};

fn rule(id: &str) -> Rule {
    let expiration = Some(Expiration { days: Some(30), ..Expiration::default() });
    Rule { id: id.to_owned(), status: "Enabled".to_owned(), expiration, ..Rule::default() }
}

fn filtered(filter: Filter) -> Rule {
    Rule { filter: Some(filter), ..rule("a") }
}

fn dated(date: &str) -> Rule {
    let transition = Transition { date: Some(date.to_owned()), days: None, storage_class: "GLACIER".to_owned() };
    Rule { transition: BTreeSet::from([transition]), ..rule("a") }
}

#[test]
fn rules_that_do_the_same_are_the_same() {
    let text = |text: &str| Some(text.to_owned());
    let prefix = Filter { prefix: text("logs/"), ..Filter::default() };
    let nothing = Filter { prefix: text(""), ..Filter::default() };
    let tag = Filter { tag: Some(FilterTag { key: "k".into(), value: "v".into() }), ..Filter::default() };
    let tags = And { tags: Some([("k".into(), "v".into())].into()), ..And::default() };
    let and = Filter { and: Some(tags), ..Filter::default() };
    let pairs = [
        (rule("a"), filtered(Filter::default())),
        (rule("a"), filtered(nothing)),
        (Rule { prefix: text("logs/"), ..rule("a") }, filtered(prefix.clone())),
        (filtered(tag.clone()), filtered(and)),
        (dated("2027-01-31T00:00:00Z"), dated("2027-01-31T01:00:00+01:00")),
    ];
    for (left, right) in pairs {
        assert!(same(std::slice::from_ref(&left), std::slice::from_ref(&right)), "{left:?}\n{right:?}");
    }
    for other in [filtered(prefix), filtered(tag), dated("2027-02-01T00:00:00Z"), rule("b")] {
        assert!(!same(&[rule("a")], std::slice::from_ref(&other)), "{other:?}");
    }
    assert!(same(&[rule("a"), rule("b")], &[rule("b"), rule("a")]));
}

#[test]
fn what_does_the_same_stays_as_it_is_written() {
    let written = [filtered(Filter::default()), rule("b")];
    let changed = Rule { status: "Disabled".to_owned(), ..rule("b") };
    let platform = vec![rule("c"), changed.clone(), rule("a")];
    assert_eq!(kept(&written, platform), [written[0].clone(), changed, rule("c")]);
}

#[test]
fn what_comes_back_is_what_was_sent() {
    let and = And { object_size_greater_than: Some(1), object_size_less_than: Some(9), ..And::default() };
    let rules = [rule("a"), filtered(Filter { and: Some(and), ..Filter::default() }), dated("2027-01-31T00:00:00Z")];
    for rule in rules {
        let back = Rule::seen(&rule.request().unwrap());
        assert!(same(std::slice::from_ref(&rule), std::slice::from_ref(&back)), "{rule:?}\n{back:?}");
    }
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    let both = Filter { prefix: Some("a".into()), object_size_less_than: Some(1), ..Filter::default() };
    let single = And { prefix: Some("a".into()), ..And::default() };
    let wrong = [
        (Rule { expiration: None, ..rule("a") }, "does nothing"),
        (Rule { status: "enabled".to_owned(), ..rule("a") }, "`status` is \"enabled\""),
        (Rule { expiration: Some(Expiration::default()), ..rule("a") }, "Give one of"),
        (filtered(both), "takes one condition"),
        (filtered(Filter { and: Some(single), ..Filter::default() }), "two conditions"),
        (dated("2027-01-31"), "midnight in UTC"),
        (dated("2027-01-31T10:00:00Z"), "midnight in UTC"),
        (rule(""), "1 to 255 characters"),
    ];
    for (rule, expected) in wrong {
        let config = Value::object([("rule", vec![rule].encode())]);
        let told: Vec<_> = problems(&config).into_iter().map(|problem| problem.detail).collect();
        assert!(told.len() == 1 && told[0].contains(expected), "{expected}: {told:?}");
    }
    let twice = Value::object([("rule", vec![rule("a"), rule("a")].encode())]);
    assert_eq!(problems(&twice).len(), 1);
}
