//! `format` and `formatlist`: text from a pattern with verbs such as `%s` and `%05.2f`.

use mesh_value::{Kind, Marks, Number, Refinements, Type, Value, convert, encode_json};
use unicode_segmentation::UnicodeSegmentation;

use super::float_text::{Float, float_text};
use super::function::{Answer, Function, Refusal, Shape, outer, raw, whole};
use super::text::{strings, text};
use crate::eval::safe_prefix;

const MOST_WIDTH: usize = 10_000;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "format",
        "A text from a pattern: %s text, %d whole number, %f number, %q quoted, %v any value, %t bool, %x hexadecimal.",
        &[whole("format", Shape::String)],
        Shape::String,
        format,
    )
    .example(r#"format("%s has %03d rows, %.1f MB", "orders", 42, 1.25)"#, r#""orders has 042 rows, 1.2 MB""#)
    .variadic(raw("args", Shape::Any).or_null()),
    Function::pure(
        "formatlist",
        "A list of texts from a pattern, one for each element of the lists among the arguments.",
        &[whole("format", Shape::String)],
        Shape::List(&Shape::String),
        formatlist,
    )
    .example(r#"formatlist("%s.csv", ["orders", "items"])"#, r#"["orders.csv", "items.csv"]"#)
    .variadic(outer("args", Shape::Any).or_null()),
];

/// A verb with what stands between it and its `%`.
#[derive(Clone, Copy, Default)]
struct Verb {
    plus: bool,
    minus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// Which argument, from 1, where it is said.
    argument: Option<usize>,
    letter: char,
}

/// What a pattern consists of.
enum Piece<'p> {
    Text(&'p str),
    Verb(Verb, &'p str),
}

fn format(arguments: &[Value]) -> Answer {
    let pattern = text(arguments, 0)?;
    let arguments = arguments.get(1..).unwrap_or_default();
    let marks = arguments.iter().fold(Marks::NONE, |marks, argument| marks | argument.deep_marks());
    let plain: Vec<_> = arguments.iter().map(Value::without_marks_deep).collect();
    formatted(pattern, &plain).map(|value| value.with_marks(marks))
}

fn formatted(pattern: &str, arguments: &[Value]) -> Answer {
    let mut out = String::new();
    let mut next = 0;
    let mut most_used = 0;
    let mut is_known = true;
    for piece in pieces(pattern) {
        let (verb, written) = match piece? {
            Piece::Text(text) => {
                if is_known {
                    out.push_str(text);
                }
                continue;
            }
            Piece::Verb(verb, written) => (verb, written),
        };
        if verb.letter == '%' {
            if written != "%%" {
                return Err(Refusal::of(0, format!("{written:?} is no verb; a percent sign is written %%")));
            }
            if is_known {
                out.push('%');
            }
            continue;
        }
        let index = verb.argument.map_or(next, |argument| argument - 1);
        next = index + 1;
        most_used = most_used.max(next);
        let Some(argument) = arguments.get(index) else {
            let detail = format!("{written:?} needs argument {next}, but only {} are given", arguments.len());
            return Err(Refusal::of(0, detail));
        };
        if !argument.is_wholly_known() {
            is_known = false;
        } else {
            let text =
                verb.apply(argument).map_err(|detail| Refusal::of(index + 1, format!("{written:?} {detail}")))?;
            if is_known {
                out.push_str(&text);
            }
        }
    }
    if most_used < arguments.len() {
        let detail = format!("the pattern uses {most_used} of the {} arguments", arguments.len());
        return Err(Refusal::of(most_used + 1, detail));
    }
    if is_known {
        return Ok(Value::string(out));
    }
    let prefix = safe_prefix(&out);
    let known = if prefix.is_empty() { Refinements::not_null() } else { Refinements::prefix(prefix) };
    Ok(Value::unknown_with(Type::String, known))
}

fn formatlist(arguments: &[Value]) -> Answer {
    let pattern = text(arguments, 0)?;
    let arguments = arguments.get(1..).unwrap_or_default();
    let mut length = None;
    for (index, argument) in arguments.iter().enumerate() {
        if let Some(elements) = argument.as_slice() {
            match length {
                None => length = Some(elements.len()),
                Some(length) if length != elements.len() => {
                    let detail = format!("this list has {} elements, another has {length}", elements.len());
                    return Err(Refusal::of(index + 1, detail));
                }
                Some(_) => {}
            }
        }
    }
    let mut marks = Marks::NONE;
    let mut lines = Vec::new();
    for at in 0..length.unwrap_or(1) {
        let row: Vec<_> = arguments
            .iter()
            .map(|argument| argument.as_slice().and_then(|elements| elements.get(at)).unwrap_or(argument))
            .map(|argument| {
                marks |= argument.deep_marks();
                argument.without_marks_deep()
            })
            .collect();
        lines.push(formatted(pattern, &row)?);
    }
    let value = if lines.iter().all(Value::is_known) {
        strings(lines.iter().filter_map(Value::as_str))
    } else {
        Value::list(Type::String, lines)
    };
    Ok(value.with_marks(marks))
}

/// The pieces of a pattern, from left to right.
fn pieces(pattern: &str) -> impl Iterator<Item = Result<Piece<'_>, Refusal>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find('%').unwrap_or(rest.len());
        if start > 0 {
            let (text, after) = rest.split_at(start);
            rest = after;
            return Some(Ok(Piece::Text(text)));
        }
        match read_verb(rest) {
            Ok((verb, length)) => {
                let (written, after) = rest.split_at(length);
                rest = after;
                Some(Ok(Piece::Verb(verb, written)))
            }
            Err(detail) => {
                rest = "";
                Some(Err(Refusal::of(0, detail)))
            }
        }
    })
}

/// The verb that a text starts with, and its length in bytes.
fn read_verb(text: &str) -> Result<(Verb, usize), String> {
    let mut verb = Verb::default();
    let mut letters = text.char_indices().skip(1).peekable();
    let number = |letters: &mut std::iter::Peekable<std::iter::Skip<std::str::CharIndices<'_>>>| {
        let mut number: Option<usize> = None;
        while let Some(digit) = letters.peek().and_then(|(_, letter)| letter.to_digit(10)) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
            letters.next();
        }
        number
    };
    while let Some((_, letter)) = letters.peek() {
        match letter {
            '+' => verb.plus = true,
            '-' => verb.minus = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            '#' => verb.alternate = true,
            _ => break,
        }
        letters.next();
    }
    verb.width = number(&mut letters);
    if matches!(letters.peek(), Some((_, '.'))) {
        letters.next();
        verb.precision = Some(number(&mut letters).unwrap_or(0));
    }
    if verb.width.max(verb.precision).is_some_and(|size| size > MOST_WIDTH) {
        return Err(format!("widths and precisions up to {MOST_WIDTH} are possible"));
    }
    if matches!(letters.peek(), Some((_, '['))) {
        letters.next();
        let argument = number(&mut letters).filter(|argument| *argument > 0);
        let closes = letters.next().is_some_and(|(_, letter)| letter == ']');
        verb.argument = argument.filter(|_| closes);
        if verb.argument.is_none() {
            return Err("after %[ the number of an argument, from 1, and ] must follow".to_owned());
        }
    }
    let Some((at, letter)) = letters.next() else {
        return Err("the pattern ends after %; for a percent sign, write %%".to_owned());
    };
    verb.letter = letter;
    let end = at + letter.len_utf8();
    if "%vtbdoxXeEfgGsq".contains(letter) {
        Ok((verb, end))
    } else {
        let written = text.get(..end).unwrap_or(text);
        Err(format!("{written:?} is no verb; there are %s %q %v %d %f %e %g %x %X %o %b %t and %%"))
    }
}

impl Verb {
    fn apply(self, value: &Value) -> Result<String, String> {
        match self.letter {
            'v' => self.any(value),
            't' => match convert(value, &Type::Bool).ok().and_then(|value| value.as_bool()) {
                // It has no width.
                Some(value) => Ok(value.to_string()),
                None => Err(self.refusal("a bool", value)),
            },
            's' | 'q' => {
                let text = convert(value, &Type::String).ok();
                let Some(text) = text.as_ref().and_then(Value::as_str) else {
                    return Err(self.refusal("a string", value));
                };
                let text = match self.precision {
                    Some(most) => text.graphemes(true).take(most).collect(),
                    None => text.to_owned(),
                };
                let text = if self.letter == 'q' { quoted(&text) } else { text };
                Ok(self.padded(&text))
            }
            _ => {
                let number = convert(value, &Type::Number).ok();
                let Some(number) = number.as_ref().and_then(Value::as_number) else {
                    return Err(self.refusal("a number", value));
                };
                self.number(number)
            }
        }
    }

    fn refusal(self, what: &str, value: &Value) -> String {
        format!("takes {what}, this is {}", value.describe())
    }

    /// `%v`: as one would write it in JSON, but texts as they are and numbers as `%g` has them.
    fn any(self, value: &Value) -> Result<String, String> {
        if !self.alternate {
            match value.kind() {
                Kind::String(text) => return Ok(self.padded(text)),
                Kind::Number(number) if number.is_infinite() => return Ok(self.padded(&number.to_string())),
                Kind::Number(number) => {
                    let sign = if number.is_negative() { "-" } else { "" };
                    let digits = float_text(&number.abs(), Float { letter: 'g', precision: self.precision })?;
                    return Ok(self.padded(&format!("{sign}{digits}")));
                }
                _ => {}
            }
        }
        let text = encode_json(value).map_err(|error| error.to_string())?;
        Ok(self.padded(&text))
    }

    fn number(self, number: &Number) -> Result<String, String> {
        if "dboxX".contains(self.letter) && !number.is_integer() {
            return Err(format!("takes a whole number, this is {number}"));
        }
        if number.is_infinite() {
            return Ok(Self { zero: false, ..self }.padded(&number.to_string()));
        }
        let digits = match self.letter {
            'd' => self.with_digits(number.abs().to_string()),
            'b' | 'o' | 'x' | 'X' => self.in_base(number)?,
            letter => float_text(&number.abs(), Float { letter, precision: self.precision })?,
        };
        let sign = match (number.is_negative(), self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        };
        if self.zero && !self.minus {
            let width = self.width.unwrap_or(0).saturating_sub(sign.len());
            return Ok(format!("{sign}{digits:0>width$}"));
        }
        Ok(Self { zero: false, ..self }.padded(&format!("{sign}{digits}")))
    }

    fn in_base(self, number: &Number) -> Result<String, String> {
        let (base, prefix) = match self.letter {
            'b' => (2_i64, "0b"),
            'o' => (8, "0"),
            'x' => (16, "0x"),
            _ => (16, "0X"),
        };
        let mut digits = Vec::new();
        let mut rest = number.abs();
        while !rest.is_zero() || digits.is_empty() {
            let digit = rest.checked_rem(&base.into()).map_err(|error| error.to_string())?;
            let digit = digit.to_u64().and_then(|digit| u32::try_from(digit).ok()).unwrap_or_default();
            digits.extend(char::from_digit(digit, 16));
            rest = rest.checked_div(&base.into()).map_err(|error| error.to_string())?.floor();
        }
        let mut text: String = digits.into_iter().rev().collect();
        if self.letter == 'X' {
            text.make_ascii_uppercase();
        }
        let text = self.with_digits(text);
        Ok(if self.alternate { format!("{prefix}{text}") } else { text })
    }

    /// At least as many digits as the precision asks for.
    fn with_digits(self, digits: String) -> String {
        format!("{digits:0>width$}", width = self.precision.unwrap_or(0))
    }

    fn padded(self, text: &str) -> String {
        let Some(width) = self.width else { return text.to_owned() };
        let missing = width.saturating_sub(text.graphemes(true).count());
        let padding = if self.zero { "0" } else { " " }.repeat(missing);
        if self.minus { format!("{text}{padding}") } else { format!("{padding}{text}") }
    }
}

/// The text in quotes, as JSON has it.
fn quoted(text: &str) -> String {
    encode_json(&Value::string(text)).unwrap_or_else(|_| format!("{text:?}"))
}
