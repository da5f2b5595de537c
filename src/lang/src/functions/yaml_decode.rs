//! `yamldecode`: YAML as the value that it means. Scalars are told apart as Terraform does: by YAML 1.2's rules for
//! numbers, and with YAML 1.1's `yes`, `no`, `on` and `off`, timestamps and merge keys.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_value::{Kind, Type, Value, convert};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::calendar::Moment;

/// How deep collections may nest.
const MOST_DEPTH: usize = 128;

/// How many values a document may hold, counting those that aliases repeat.
const MOST_VALUES: usize = 1_000_000;

/// The value of a document.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn value(text: &str) -> Result<Value, String> {
    let other_version = |line: &str| line.strip_prefix("%YAML").is_some_and(|version| version.trim() != "1.1");
    if text.lines().take_while(|line| line.starts_with(['%', '#'])).any(other_version) {
        return Err("the document is of another version of YAML than 1.1".to_owned());
    }
    if text.starts_with('\t') {
        return Err("line 1: a tab can't indent".to_owned());
    }
    let mut reader = Reader { parser: Parser::new_from_str(text), line: 1, anchors: HashMap::new() };
    let mut document = None;
    loop {
        match reader.next()? {
            Event::DocumentStart(_) if document.is_some() => return Err("there is more than one document".to_owned()),
            Event::StreamEnd => return document.ok_or_else(|| "there is no document".to_owned()),
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            event => document = Some(reader.node(event, 0)?.value),
        }
    }
}

/// A value, and how many it consists of.
#[derive(Clone)]
struct Node {
    value: Value,
    count: usize,
    /// Whether it is `<<`.
    is_merge: bool,
}

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    line: usize,
    anchors: HashMap<usize, Node>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<Event<'t>, String> {
        match self.parser.next() {
            Some(Ok((event, span))) => {
                self.line = span.start.line();
                Ok(event)
            }
            Some(Err(error)) => Err(format!("line {}: {}", error.marker().line(), error.info())),
            None => Ok(Event::StreamEnd),
        }
    }

    fn refuse<T>(&self, problem: &str) -> Result<T, String> {
        Err(format!("line {}: {problem}", self.line))
    }

    fn node(&mut self, event: Event<'t>, depth: usize) -> Result<Node, String> {
        if depth > MOST_DEPTH {
            return self.refuse(&format!("collections nest more than {MOST_DEPTH} levels"));
        }
        let (anchor, node) = match event {
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(node) => return Ok(node.clone()),
                None => return self.refuse("this alias has no anchor before it that is complete"),
            },
            Event::Scalar(text, style, anchor, tag) => {
                let is_merge = tag.is_none() && text == "<<";
                let value = scalar(&text, style == ScalarStyle::Plain, tag.as_deref());
                let value = value.or_else(|problem| self.refuse(&problem))?;
                (anchor, Node { value, count: 1, is_merge })
            }
            Event::SequenceStart(anchor, tag) => {
                self.has_tag(tag.as_deref(), "seq")?;
                (anchor, self.sequence(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.has_tag(tag.as_deref(), "map")?;
                (anchor, self.mapping(depth)?)
            }
            _ => return self.refuse("the document ends too early"),
        };
        if node.count > MOST_VALUES {
            return self.refuse(&format!("with all aliases the document holds more than {MOST_VALUES} values"));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn has_tag(&self, tag: Option<&Tag>, expected: &str) -> Result<(), String> {
        match tag.map(core_tag) {
            None => Ok(()),
            Some(Some(name)) if name == expected => Ok(()),
            _ => self.refuse("this tag is not supported here"),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, String> {
        let mut elements = Vec::new();
        let mut count = 1;
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Node { value: Value::tuple(elements), count, is_merge: false }),
                event => {
                    let node = self.node(event, depth + 1)?;
                    count += node.count;
                    elements.push(node.value);
                }
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Node, String> {
        let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut count = 1;
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Node { value: Value::object(entries), count, is_merge: false }),
                event => self.node(event, depth + 1)?,
            };
            let event = self.next()?;
            let node = self.node(event, depth + 1)?;
            count += node.count;
            if key.is_merge {
                let Some(merged) = node.value.as_entries() else {
                    return self.refuse("only a mapping can be merged by <<");
                };
                entries.extend(merged.iter().cloned());
                continue;
            }
            match convert(&key.value, &Type::String).ok().and_then(|key| key.as_str().map(Arc::<str>::from)) {
                Some(key) => drop(entries.insert(key, node.value)),
                None => return self.refuse("a key must be a text, a number or a bool"),
            }
        }
    }
}

/// The name of a tag of YAML's own, such as `int`.
fn core_tag(tag: &Tag) -> Option<&str> {
    if tag.is_yaml_core_schema() {
        return Some(&tag.suffix);
    }
    format!("{}{}", tag.handle, tag.suffix).starts_with("tag:yaml.org,2002:").then_some(())?;
    tag.suffix.strip_prefix("tag:yaml.org,2002:")
}

fn scalar(text: &str, is_plain: bool, tag: Option<&Tag>) -> Result<Value, String> {
    let Some(tag) = tag else { return if is_plain { plain(text) } else { Ok(Value::string(text)) } };
    let unfit = |what: &str| Err(format!("{text:?} is no {what}"));
    match core_tag(tag) {
        Some("str") => Ok(Value::string(text)),
        Some("binary") if STANDARD.decode(text.replace([' ', '\n'], "")).is_err() => unfit("Base64"),
        Some("binary") => Ok(Value::string(text)),
        Some("null" | "bool" | "int" | "float" | "timestamp") if !is_plain => Ok(Value::string(text)),
        Some(name @ ("null" | "bool" | "int" | "float" | "timestamp")) => {
            let value = plain(text)?;
            match (name, value.kind()) {
                ("null", Kind::Null(_)) | ("bool", Kind::Bool(_)) | ("int" | "float", Kind::Number(_)) => Ok(value),
                ("timestamp", _) if timestamp(text).is_some() => Ok(value),
                _ => unfit(name),
            }
        }
        _ => Err("this tag is not supported".to_owned()),
    }
}

/// What a scalar without quotes means.
fn plain(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::null(Type::Any)),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => {
            return Ok(Value::bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Ok(Value::bool(false));
        }
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(format!("{text} is no number that a value can be"));
    }
    let coded = [("0o", 8), ("0x", 16)].into_iter().find_map(|(prefix, base)| Some((text.strip_prefix(prefix)?, base)));
    if let Some((digits, base)) = coded
        && !digits.starts_with('+')
        && let Ok(number) = u64::from_str_radix(digits, base)
    {
        return Ok(Value::number(number));
    }
    if is_decimal(unsigned) {
        return text.parse::<mesh_value::Number>().map(Value::number).map_err(|error| error.to_string());
    }
    Ok(match timestamp(text) {
        Some(moment) => Value::string(moment.to_string()),
        None => Value::string(text),
    })
}

/// `12`, `.5`, `5.`, `1.5e-3`
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

/// `2001-12-14`, `2001-12-14t21:59:43.10-05:00` or `2001-12-14 21:59:43.10`, whose numbers may have one digit.
fn timestamp(text: &str) -> Option<Moment> {
    let (date, time) = match text.split_once(['t', 'T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let padded = |text: &str, separator: &str| -> Option<String> {
        let parts = text.split(separator).map(|part| {
            let is_number = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| format!("{part:0>2}"))
        });
        parts.collect::<Option<Vec<_>>>().map(|parts| parts.join(separator))
    };
    let date = padded(date, "-")?;
    let Some(time) = time else { return Moment::parse(&format!("{date}T00:00:00Z")) };
    let end = time.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(time.len());
    let (clock, rest) = time.split_at(end);
    let clock = padded(clock, ":")?;
    let has_zone = rest.contains(['Z', '+', '-']);
    // With a space before the time, there is no zone.
    if has_zone == text.contains(' ') {
        return None;
    }
    Moment::parse(&format!("{date}T{clock}{rest}{}", if has_zone { "" } else { "Z" }))
}
