//! The part of a source after `?`: parameters for `mesh`, and those that belong to the address.

use std::fmt::Write;

/// The parameters of an address, in order.
pub struct Query {
    parameters: Vec<String>,
}

impl Query {
    /// Reads what stands after the `?`.
    pub fn parse(text: &str) -> Self {
        Self { parameters: text.split('&').filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect() }
    }

    /// Takes a parameter out, percent signs decoded. Of several of one name the first counts.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let is_named = |part: &String| part.split_once('=').is_some_and(|(own, _)| own == name);
        let found =
            self.parameters.iter().find(|part| is_named(part)).and_then(|part| Some(decoded(part.split_once('=')?.1)));
        self.parameters.retain(|part| !is_named(part));
        found
    }

    /// What is left, with its `?`.
    pub fn rest(&self) -> String {
        if self.parameters.is_empty() { String::new() } else { format!("?{}", self.parameters.join("&")) }
    }
}

/// Text with `%2F` and the like decoded; what is not valid so stays.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| hex::decode(digits).ok());
        match digits.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Text with everything but letters, digits and `-._~/` as `%2F` and the like.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
