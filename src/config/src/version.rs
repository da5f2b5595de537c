//! Version constraints as Terraform writes them: of `mesh` itself, and of modules from a library.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use semver::{Prerelease, Version};

/// One or more conditions on a version, all of which must hold: `>= 1.2, < 2.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionConstraint {
    text: Arc<str>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    version: Version,
    /// How many of major, minor and patch were written.
    written: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// `~>`: the last number that is written may grow.
    Pessimistic,
}

/// What can't be understood of a constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionConstraintError {
    /// A condition is empty, as after a comma at the end.
    #[error("there is no condition where one is needed")]
    Empty,
    /// Neither an operator nor a version begins so.
    #[error("`{0}` is not a version, such as `1.2` or `1.2.3`")]
    Version(String),
}

/// The operators, longer ones before those that they begin with.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("~>", Operator::Pessimistic),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl VersionConstraint {
    /// Reads conditions separated by commas, each an operator (`=`, `!=`, `>`, `>=`, `<`, `<=`, `~>` or none) and a version of
    /// one to three numbers.
    ///
    /// # Errors
    /// The first condition that can't be understood.
    pub fn parse(text: &str) -> Result<Self, VersionConstraintError> {
        let conditions = text.split(',').map(Condition::parse).collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().into(), conditions })
    }

    /// Whether all conditions hold. A pre-release fits only where it is named exactly, with `=` or without an operator, as in
    /// Terraform.
    #[must_use]
    pub fn matches(&self, version: &Version) -> bool {
        let is_named = || self.conditions.iter().any(|condition| condition.names(version));
        self.conditions.iter().all(|condition| condition.holds(version)) && (version.pre.is_empty() || is_named())
    }

    /// The only version that can fit, where a condition names one.
    #[must_use]
    pub fn exact(&self) -> Option<&Version> {
        let mut equal = self.conditions.iter().filter(|condition| condition.operator == Operator::Equal);
        equal.next().map(|condition| &condition.version)
    }
}

/// As it was written.
impl fmt::Display for VersionConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Condition {
    fn parse(text: &str) -> Result<Self, VersionConstraintError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(VersionConstraintError::Empty);
        }
        let found = OPERATORS.iter().find_map(|(written, operator)| Some((*operator, text.strip_prefix(written)?)));
        let (operator, rest) = found.unwrap_or((Operator::Equal, text));
        let (version, written) =
            partial_version(rest.trim()).ok_or_else(|| VersionConstraintError::Version(rest.trim().to_owned()))?;
        Ok(Self { operator, version, written })
    }

    fn names(&self, version: &Version) -> bool {
        self.operator == Operator::Equal && self.version.cmp_precedence(version) == Ordering::Equal
    }

    fn holds(&self, version: &Version) -> bool {
        let order = version.cmp_precedence(&self.version);
        match self.operator {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Pessimistic => {
                let same_major = self.written < 2 || version.major == self.version.major;
                let same_minor = self.written < 3 || version.minor == self.version.minor;
                order.is_ge() && same_major && same_minor
            }
        }
    }
}

/// A version of one to three numbers, with zeros for those left out, and how many were written. A `v` before it is
/// taken off.
fn partial_version(text: &str) -> Option<(Version, usize)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, suffix) = text.split_at(end);
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().ok()).flatten()
    };
    let numbers = numbers.split('.').map(number).collect::<Option<Vec<u64>>>()?;
    let mut version = match *numbers.as_slice() {
        [major] => Version::new(major, 0, 0),
        [major, minor] => Version::new(major, minor, 0),
        [major, minor, patch] => Version::new(major, minor, patch),
        _ => return None,
    };
    let suffix = suffix.split_once('+').map_or(suffix, |(pre, _)| pre);
    if let Some(pre) = suffix.strip_prefix('-') {
        version.pre = Prerelease::new(pre).ok().filter(|pre| !pre.is_empty())?;
    }
    Some((version, numbers.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_hold_as_in_terraform() {
        let cases = [
            ("~> 1.2", "1.9.0", true),
            ("~> 1.2", "1.1.9", false),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2.3", "1.2.9", true),
            ("~> 1.2.3", "1.3.0", false),
            ("~> 1", "2.0.0", true),
            (">= 0.1, < 2.0", "0.1.0", true),
            (">=0.1,<2.0", "2.0.0", false),
            ("0.1.0", "0.1.1", false),
            ("= v0.1.0", "0.1.0", true),
            ("1.11", "1.11.4", false),
            ("!= 1.2.0", "1.2.0", false),
            ("> 1.2.0", "1.2.0", false),
            ("<= 1.2", "1.2.0", true),
            (">= 1.0.0", "1.1.0-rc.1", false),
            ("~> 1.1.0-rc.1", "1.1.0-rc.2", false),
            ("1.1.0-rc.1", "1.1.0-rc.1", true),
            ("1.1.0-rc.1, > 1.0", "1.1.0-rc.1", true),
            (">= 1.1.0-rc.1", "1.1.0", true),
        ];
        for (text, version, holds) in cases {
            let constraint = VersionConstraint::parse(text).unwrap();
            assert_eq!(constraint.matches(&version.parse().unwrap()), holds, "{text} on {version}");
        }
    }

    #[test]
    fn what_terraform_refuses_is_refused() {
        for text in
            ["", "1.0,", "1.11.*", "*", "^1.0", "== 1.0", "=> 1", ">= 1 < 2", "1..2", "1.2.3.4", "1.0-", "-1", "~>"]
        {
            assert!(VersionConstraint::parse(text).is_err(), "{text:?}");
        }
    }
}
