//! Policy documents as IAM's answers carry them: encoded as in a URL.

/// The document's text. What is not encoded stays as it is.
pub(super) fn decoded(document: &str) -> String {
    if document.trim_start().starts_with('{') {
        return document.to_owned();
    }
    let mut bytes = Vec::with_capacity(document.len());
    let mut rest = document.as_bytes();
    while let [first, after @ ..] = rest {
        let byte = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { rest.get(3..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| document.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_decoded_once() {
        let cases = [
            ("%7B%22Sid%22%3A%20%22%C3%A9%25%22%7D", r#"{"Sid": "é%"}"#),
            (r#"{"Sid": "%41"}"#, r#"{"Sid": "%41"}"#),
            ("%7B%7", "{%7"),
            ("%zz", "%zz"),
            ("", ""),
        ];
        for (encoded, text) in cases {
            assert_eq!(decoded(encoded), text);
        }
    }
}
