//! Addresses without their secrets: what may stand in messages, the lock file and names.

/// Parts of the names of query parameters whose values are credentials.
const SECRET: [&str; 10] =
    ["token", "secret", "password", "passwd", "signature", "credential", "auth", "apikey", "api_key", "x-amz-"];
/// Whole names of such parameters.
const SECRET_NAMES: [&str; 5] = ["sig", "key", "jwt", "code", "access_key"];
/// What stands in place of a secret.
const HIDDEN: &str = "REDACTED";

/// A text, such as an address or what `git` says, without passwords in addresses and without the values of query parameters
/// that look like credentials. Where an address is for HTTP, a user without a password counts as a token.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        clean.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`')).unwrap_or(after.len());
        let is_http = before.ends_with("http://") || before.ends_with("https://");
        clean.push_str(&without_secrets(&after[..end], is_http));
        rest = &after[end..];
    }
    clean.push_str(rest);
    clean
}

fn without_secrets(address: &str, is_http: bool) -> String {
    let authority_end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let (authority, rest) = address.split_at(authority_end);
    let mut clean = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            _ if is_http => format!("{HIDDEN}@{host}"),
            Some((name, _)) => format!("{name}:{HIDDEN}@{host}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let Some((path, query)) = rest.split_once('?') else {
        clean.push_str(rest);
        return clean;
    };
    clean.push_str(path);
    for (index, parameter) in query.split('&').enumerate() {
        clean.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                clean.push_str(name);
                clean.push('=');
                clean.push_str(HIDDEN);
            }
            _ => clean.push_str(parameter),
        }
    }
    clean
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part)) || SECRET_NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_wherever_addresses_stand() {
        let cases = [
            ("https://me:pw@host/x.zip", "https://REDACTED@host/x.zip"),
            ("https://ghp_token@host/x", "https://REDACTED@host/x"),
            ("ssh://git@host/x", "ssh://git@host/x"),
            ("ssh://git:pw@host/x", "ssh://git:REDACTED@host/x"),
            ("https://host/a.zip?X-Amz-Signature=1&v=2", "https://host/a.zip?X-Amz-Signature=REDACTED&v=2"),
            ("https://host/a@b.zip?sig=1", "https://host/a@b.zip?sig=REDACTED"),
            (
                "fatal: 'https://a:b@h/' and 'https://c@i/' failed",
                "fatal: 'https://REDACTED@h/' and 'https://REDACTED@i/' failed",
            ),
            ("https://p@ss:w@host/x", "https://REDACTED@host/x"),
            ("no address: here", "no address: here"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text), expected);
        }
    }
}
