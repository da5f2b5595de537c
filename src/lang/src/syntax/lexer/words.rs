//! Where names and numbers end.

use unicode_ident::{is_xid_continue, is_xid_start};

/// The offset after the name that starts at `start`; `start` itself where none does.
pub(super) fn name_end(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let mut end = start;
    match bytes.get(end) {
        Some(byte) if NAME[*byte as usize] == START => end += 1,
        Some(byte) if !byte.is_ascii() => match char_at(source, end) {
            Some(first) if is_xid_start(first) => end += first.len_utf8(),
            _ => return start,
        },
        _ => return start,
    }
    while let Some(byte) = bytes.get(end) {
        if NAME[*byte as usize] != NONE {
            end += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            match char_at(source, end) {
                Some(next) if is_xid_continue(next) => end += next.len_utf8(),
                _ => break,
            }
        }
    }
    end
}

/// The offset after the decimal literal that starts at `start`: digits, then a fraction and an exponent where digits
/// follow their signs.
pub(super) fn number_end(bytes: &[u8], start: usize) -> usize {
    let mut end = digits_end(bytes, start);
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits_end(bytes, end + 1);
        if fraction > end + 1 {
            end = fraction;
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits_end(bytes, end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// The character that starts at a byte offset.
pub(super) fn char_at(source: &str, offset: usize) -> Option<char> {
    source.get(offset..).and_then(|rest| rest.chars().next())
}

fn digits_end(bytes: &[u8], start: usize) -> usize {
    bytes[start.min(bytes.len())..]
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .map_or(bytes.len(), |length| start + length)
}

const NONE: u8 = 0;
const START: u8 = 1;
const CONTINUE: u8 = 2;

/// What each ASCII byte can be in a name.
static NAME: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut byte = 0;
    while byte < 128 {
        let character = byte as u8;
        if character.is_ascii_alphabetic() || character == b'_' {
            table[byte] = START;
        } else if character.is_ascii_digit() || character == b'-' {
            table[byte] = CONTINUE;
        }
        byte += 1;
    }
    table
};
