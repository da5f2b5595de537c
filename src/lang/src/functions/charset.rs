//! `textencodebase64` and `textdecodebase64`: texts in encodings other than UTF-8, under the names of IANA.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS};
use mesh_value::Value;

use super::function::{Answer, Function, Refusal, Shape, whole};
use super::letters::{Start, TABLES, Table};
use super::text::text;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "textencodebase64",
        "A text's bytes in an encoding such as UTF-16LE, in Base64.",
        &[whole("string", Shape::String), whole("encoding", Shape::String)],
        Shape::String,
        |arguments| {
            let charset = charset(arguments)?;
            let bytes = charset.encode(text(arguments, 0)?).map_err(|letter| {
                Refusal::of(0, format!("the encoding {} has no {letter:?}", text(arguments, 1).unwrap_or_default()))
            })?;
            Ok(Value::string(STANDARD.encode(bytes)))
        },
    )
    .example(r#"textencodebase64("hi", "UTF-16LE")"#, r#""aABpAA==""#),
    Function::pure(
        "textdecodebase64",
        "The text whose bytes, in an encoding such as UTF-16LE, are written in Base64.",
        &[whole("source", Shape::String), whole("encoding", Shape::String)],
        Shape::String,
        textdecodebase64,
    )
    .example(r#"textdecodebase64("aABpAA==", "UTF-16LE")"#, r#""hi""#),
];

/// An encoding.
enum Charset {
    Utf8,
    Utf16 {
        is_little: bool,
        has_mark: bool,
    },
    Single(&'static Table),
    Multiple(&'static Encoding),
    /// Simplified Chinese in seven bits, by RFC 1843.
    Hz,
}

fn charset(arguments: &[Value]) -> Result<Charset, Refusal> {
    let written = text(arguments, 1)?;
    let name = written.trim().to_ascii_lowercase();
    Ok(match name.as_str() {
        "utf-8" => Charset::Utf8,
        "utf-16" => Charset::Utf16 { is_little: false, has_mark: true },
        "utf-16be" => Charset::Utf16 { is_little: false, has_mark: false },
        "utf-16le" => Charset::Utf16 { is_little: true, has_mark: false },
        "big5" | "csbig5" => Charset::Multiple(BIG5),
        "gbk" | "cp936" | "ms936" | "windows-936" => Charset::Multiple(GBK),
        "gb18030" => Charset::Multiple(GB18030),
        "hz-gb-2312" => Charset::Hz,
        "euc-jp" | "cseucpkdfmtjapanese" => Charset::Multiple(EUC_JP),
        "euc-kr" | "cseuckr" => Charset::Multiple(EUC_KR),
        "iso-2022-jp" | "csiso2022jp" => Charset::Multiple(ISO_2022_JP),
        "shift_jis" | "ms_kanji" | "csshiftjis" => Charset::Multiple(SHIFT_JIS),
        _ => Charset::Single(TABLES.iter().find(|table| table.names.contains(&name.as_str())).ok_or_else(|| {
            let refusal = Refusal::of(1, format!("{written:?} is no encoding that is supported"));
            refusal
                .hint("Encodings have the names that IANA gives them: UTF-16LE, ISO-8859-1, windows-1252, Shift_JIS.")
        })?),
    })
}

fn textdecodebase64(arguments: &[Value]) -> Answer {
    let bytes = STANDARD.decode(text(arguments, 0)?).map_err(|_| Refusal::of(0, "it is not written in Base64"))?;
    let decoded = charset(arguments)?.decode(&bytes);
    decoded.map(Value::string).ok_or_else(|| {
        Refusal::of(0, format!("the bytes are no text in {}", text(arguments, 1).unwrap_or_default().trim()))
    })
}

impl Charset {
    /// The bytes of a text; the first letter that has none is the error.
    fn encode(&self, text: &str) -> Result<Vec<u8>, char> {
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Utf16 { is_little, has_mark } => {
                let mark = has_mark.then_some(0xfeff);
                let bytes = |unit: u16| if *is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
                Ok(mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect())
            }
            Self::Single(table) => text.chars().map(|letter| table.byte(letter).ok_or(letter)).collect(),
            Self::Multiple(encoding) => {
                // The encodings of the web take these for a backslash and a tilde.
                let is_ambiguous = *encoding == SHIFT_JIS || *encoding == EUC_JP || *encoding == ISO_2022_JP;
                if let Some(letter) = text.chars().find(|letter| is_ambiguous && matches!(letter, '¥' | '‾')) {
                    return Err(letter);
                }
                let (bytes, _, has_failed) = encoding.encode(text);
                if has_failed {
                    let fails = |letter: &char| encoding.encode(letter.encode_utf8(&mut [0; 4])).2;
                    return Err(text.chars().find(fails).unwrap_or_default());
                }
                Ok(bytes.into_owned())
            }
            Self::Hz => hz(text),
        }
    }

    fn decode(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Self::Utf16 { is_little, has_mark } => {
                let (is_little, bytes) = match (bytes, has_mark) {
                    ([0xff, 0xfe, rest @ ..], true) => (true, rest),
                    ([0xfe, 0xff, rest @ ..], true) => (false, rest),
                    _ => (*is_little, bytes),
                };
                let (pairs, rest) = bytes.as_chunks::<2>();
                let unit =
                    |pair: &[u8; 2]| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
                let text: Result<String, _> = char::decode_utf16(pairs.iter().map(unit)).collect();
                text.ok().filter(|_| rest.is_empty())
            }
            Self::Single(table) => bytes.iter().map(|byte| table.letter(*byte)).collect(),
            Self::Multiple(encoding) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
                Some(text.into_owned())
            }
            Self::Hz => from_hz(bytes),
        }
    }
}

impl Table {
    fn letter(&self, byte: u8) -> Option<char> {
        let start = self.first();
        match byte.checked_sub(start) {
            Some(index) => self.letters.chars().nth(usize::from(index)).filter(|letter| *letter != '\u{fffd}'),
            None if byte >= 0x80 && self.start == Start::Printable => None,
            None => Some(char::from(byte)),
        }
    }

    fn byte(&self, letter: char) -> Option<u8> {
        (0..=u8::MAX).find(|byte| self.letter(*byte) == Some(letter))
    }

    const fn first(&self) -> u8 {
        match self.start {
            Start::Whole => 0,
            Start::Upper => 0x80,
            Start::AfterControls | Start::Printable => 0xa0,
        }
    }
}

fn hz(text: &str) -> Result<Vec<u8>, char> {
    let mut out = Vec::new();
    let mut is_chinese = false;
    for letter in text.chars() {
        if letter.is_ascii() {
            if is_chinese {
                out.extend(b"~}");
                is_chinese = false;
            }
            out.extend(if letter == '~' { "~~".to_owned() } else { letter.to_string() }.bytes());
            continue;
        }
        let letters = letter.to_string();
        let (bytes, _, has_failed) = GBK.encode(&letters);
        let Some([first @ 0xa1..=0xff, second @ 0xa1..=0xff]) = bytes.first_chunk::<2>().filter(|_| !has_failed) else {
            return Err(letter);
        };
        if !is_chinese {
            out.extend(b"~{");
            is_chinese = true;
        }
        out.extend([first - 0x80, second - 0x80]);
    }
    Ok(out)
}

fn from_hz(bytes: &[u8]) -> Option<String> {
    let mut out = String::new();
    let mut rest = bytes;
    let mut is_chinese = false;
    loop {
        rest = match rest {
            [] => return Some(out),
            [b'~', b'{', rest @ ..] => {
                is_chinese = true;
                rest
            }
            [b'~', b'}', rest @ ..] => {
                is_chinese = false;
                rest
            }
            [b'~', b'~', rest @ ..] => {
                out.push('~');
                rest
            }
            [b'~', b'\n', rest @ ..] => rest,
            [first, second, rest @ ..] if is_chinese => {
                let pair = [first.checked_add(0x80)?, second.checked_add(0x80)?];
                out.push_str(&GBK.decode_without_bom_handling_and_without_replacement(&pair)?);
                rest
            }
            [first, rest @ ..] if first.is_ascii() && *first != b'~' && !is_chinese => {
                out.push(char::from(*first));
                rest
            }
            _ => return None,
        };
    }
}
