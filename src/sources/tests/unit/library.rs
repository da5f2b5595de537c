//! Which version of a module is chosen.

use super::*;

fn index() -> Index {
    let release = |more: &str| format!(r#"{{ "archive": "a.zip", "sha256": "{}" {more} }}"#, "0".repeat(64));
    let text = format!(
        r#"{{ "format": 1, "later": true, "modules": {{ "a/b": {{ "description": "x", "versions": {{
            "1.0.0": {plain}, "1.2.0": {plain}, "1.10.0": {plain}, "1.11.0": {yanked}, "2.0.0": {newer},
            "3.0.0-rc.1": {plain} }} }} }} }}"#,
        plain = release(""),
        yanked = release(r#", "yanked": "It loses data.""#),
        newer = release(r#", "mesh": ">= 99""#),
    );
    Index::parse(&text, "it").unwrap()
}

fn chosen(constraint: Option<&str>, locked: Option<&str>) -> Result<(String, bool), &'static str> {
    let constraint = constraint.map(|text| VersionConstraint::parse(text).unwrap());
    let locked: Option<Version> = locked.map(|text| text.parse().unwrap());
    let wish = Wish { constraint: constraint.as_ref(), locked: locked.as_ref() };
    let chosen = index().choose("a/b", wish, &Version::new(0, 1, 0), "it");
    chosen.map(|(version, _, warning)| (version.to_string(), warning.is_some())).map_err(|problem| problem.code)
}

#[test]
fn the_newest_version_that_can_be_used_is_chosen() {
    let cases = [
        (None, None, Ok(("1.10.0", false))),
        (Some("~> 1.0"), None, Ok(("1.10.0", false))),
        (Some("~> 1.2.0"), None, Ok(("1.2.0", false))),
        (Some("~> 1.0"), Some("1.2.0"), Ok(("1.2.0", false))),
        (Some("~> 1.0"), Some("1.11.0"), Ok(("1.11.0", true))),
        (Some("3.0.0-rc.1"), None, Ok(("3.0.0-rc.1", false))),
        (Some("1.11.0"), None, Err("no-usable-version")),
        (Some(">= 2.0"), None, Err("no-usable-version")),
        (Some(">= 3.0"), None, Err("no-matching-version")),
        // A locked version that the library took out: something else is chosen, and its hash won't fit.
        (Some("~> 1.0"), Some("1.3.0"), Ok(("1.10.0", false))),
    ];
    for (constraint, locked, expected) in cases {
        let expected = expected.map(|(version, warns)| (version.to_owned(), warns));
        assert_eq!(chosen(constraint, locked), expected, "{constraint:?}, locked {locked:?}");
    }
}

#[test]
fn an_index_that_could_mean_harm_is_refused() {
    let parse = |release: &str| {
        let text = format!(r#"{{ "format": 1, "modules": {{ "a": {{ "versions": {{ "1.0.0": {release} }} }} }} }}"#);
        Index::parse(&text, "it").map(|_| ()).map_err(|problem| problem.detail)
    };
    let digest = "0".repeat(64);
    assert!(parse(&format!(r#"{{ "archive": "a.zip", "sha256": "{digest}" }}"#)).is_ok());
    assert!(parse(r#"{ "archive": "a.zip" }"#).is_err(), "nothing is fetched without a checksum");
    assert!(parse(r#"{ "archive": "a.zip", "sha256": "0" }"#).unwrap_err().contains("64 hexadecimal digits"));
    let leaves = parse(&format!(r#"{{ "archive": "a.zip", "sha256": "{digest}", "directory": "../x" }}"#));
    assert!(leaves.unwrap_err().contains("leads out"));
    assert!(Index::parse("<html>", "it").is_err());
    assert_eq!(Index::parse(r#"{ "format": 2 }"#, "it").unwrap_err().code, "library-newer");
}
