//! Roles that Glue takes on: written as an ARN or a name, shown as either, and refused while IAM has not told of them.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::failure::{SdkError, has_code, says};

/// The role as it is written where Glue's is the same one.
pub(super) fn kept(written: &str, platform: &str) -> String {
    let same = name(written) == name(platform) && (!is_arn(written) || !is_arn(platform) || written == platform);
    if same && !written.is_empty() { written.to_owned() } else { platform.to_owned() }
}

/// A role's name with its path.
fn name(role: &str) -> &str {
    if is_arn(role) { role.split_once(":role/").map_or(role, |(_, name)| name) } else { role }
}

fn is_arn(role: &str) -> bool {
    role.starts_with("arn:")
}

/// Whether Glue can't take on a role: it may have been made, or trusted, a moment ago.
pub(super) fn is_early<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, &["InvalidInputException", "ValidationException"]) && says(error, "assume")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_arn_may_be_the_same_role() {
        let arn = "arn:aws:iam::123456789012:role/service-role/etl";
        let other = "arn:aws:iam::999999999999:role/service-role/etl";
        assert_eq!(kept(arn, "service-role/etl"), arn);
        assert_eq!(kept("service-role/etl", arn), "service-role/etl");
        assert_eq!(kept(arn, other), other);
        assert_eq!(kept(arn, "etl"), "etl");
        assert_eq!(kept("", "etl"), "etl");
    }
}
