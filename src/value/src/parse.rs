//! Reading addresses and paths from text, and quoting the keys in them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::{AttributePath, BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath, ModuleStep, PathStep};

/// A text is not the address or path that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {wanted}: at character {position}: {problem}")]
pub struct AddressError {
    /// The whole text.
    pub text: String,
    /// What it should be, such as `an instance address`.
    pub wanted: &'static str,
    /// Where the problem is, in characters, from 1.
    pub position: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

/// A text as HCL writes it: quoted, with what would end it or begin a template escaped.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("\"")?;
        let mut characters = self.0.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' => out.write_str("\\\"")?,
                '\\' => out.write_str("\\\\")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                '\t' => out.write_str("\\t")?,
                '$' | '%' if characters.peek() == Some(&'{') => write!(out, "{character}{character}")?,
                _ if character.is_control() => write!(out, "\\u{:04x}", u32::from(character))?,
                _ => write!(out, "{character}")?,
            }
        }
        out.write_str("\"")
    }
}

/// Whether a text can stand after a dot.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_') && characters.all(goes_on)
}

fn goes_on(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// A text being read from left to right.
struct Scanner<'a> {
    text: &'a str,
    rest: &'a str,
    wanted: &'static str,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, wanted: &'static str) -> Self {
        Self { text, rest: text, wanted }
    }

    fn fail<T>(&self, problem: &'static str) -> Result<T, AddressError> {
        let read = self.text.len() - self.rest.len();
        let position = self.text.get(..read).unwrap_or_default().chars().count() + 1;
        Err(AddressError { text: self.text.to_owned(), wanted: self.wanted, position, problem })
    }

    fn take(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        true
    }

    fn end(&self) -> Result<(), AddressError> {
        if self.rest.is_empty() { Ok(()) } else { self.fail("nothing more belongs here") }
    }

    fn identifier(&mut self) -> Result<&'a str, AddressError> {
        let length = self.rest.find(|character| !goes_on(character)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(length);
        if !is_identifier(name) {
            return self.fail("a name belongs here: letters, digits, _ and -, the first no digit");
        }
        self.rest = rest;
        Ok(name)
    }

    fn dot(&mut self) -> Result<(), AddressError> {
        if self.take(".") { Ok(()) } else { self.fail("a dot belongs here") }
    }

    /// `[3]`, `["key"]` or nothing.
    fn key(&mut self) -> Result<InstanceKey, AddressError> {
        if !self.take("[") {
            return Ok(InstanceKey::None);
        }
        let key = if self.rest.starts_with('"') {
            InstanceKey::Key(self.quoted()?.into())
        } else {
            InstanceKey::Index(self.index()?)
        };
        if self.take("]") { Ok(key) } else { self.fail("a ] belongs here") }
    }

    fn index(&mut self) -> Result<u64, AddressError> {
        let length = self.rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        if digits.is_empty() {
            return self.fail("a number or a quoted key belongs between the brackets");
        }
        let Ok(index) = digits.parse() else { return self.fail("this number is too large") };
        self.rest = rest;
        Ok(index)
    }

    fn quoted(&mut self) -> Result<String, AddressError> {
        let opening = self.rest;
        self.take("\"");
        let mut text = String::new();
        loop {
            if self.take("\"") {
                return Ok(text);
            }
            let mut characters = self.rest.chars();
            match characters.next() {
                None => {
                    self.rest = opening;
                    return self.fail("this quoted key is never closed");
                }
                Some('\\') => text.push(self.escape()?),
                Some(sign @ ('$' | '%')) => {
                    if self.rest.get(1..).is_some_and(|rest| rest.starts_with('{')) {
                        return self.fail("a key can hold no template; write $${ for ${ and %%{ for %{");
                    }
                    let is_escaped = self
                        .rest
                        .get(1..)
                        .is_some_and(|rest| rest.strip_prefix(sign).is_some_and(|rest| rest.starts_with('{')));
                    self.rest = self.rest.get(if is_escaped { 3 } else { 1 }..).unwrap_or_default();
                    text.push(sign);
                    if is_escaped {
                        text.push('{');
                    }
                }
                Some(character) => {
                    self.rest = characters.as_str();
                    text.push(character);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, AddressError> {
        let digits = match self.rest.as_bytes().get(1) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(simple) => {
                let character = match simple {
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'"' => '"',
                    b'\\' => '\\',
                    _ => return self.fail("escapes are \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN"),
                };
                self.rest = self.rest.get(2..).unwrap_or_default();
                return Ok(character);
            }
            None => return self.fail("this quoted key is never closed"),
        };
        let code = self.rest.get(2..2 + digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                self.rest = self.rest.get(2 + digits..).unwrap_or_default();
                Ok(character)
            }
            None => self.fail("this escape is no Unicode character"),
        }
    }

    /// `module.a["k"].module.b`, as far as there are such steps; a dot after them stays.
    fn module_path(&mut self) -> Result<ModulePath, AddressError> {
        let mut path = Vec::new();
        loop {
            let before = self.rest;
            if !path.is_empty() && !self.take(".") {
                return Ok(path.into());
            }
            if !self.take("module.") {
                self.rest = before;
                return Ok(path.into());
            }
            let name = self.identifier()?.into();
            path.push(ModuleStep { name, key: self.key()? });
        }
    }

    fn block(&mut self) -> Result<BlockAddress, AddressError> {
        let module = self.module_path()?;
        if !module.is_root() {
            self.dot()?;
        }
        let mode = if self.take("data.") { Mode::Data } else { Mode::Managed };
        let ty = self.identifier()?.into();
        self.dot()?;
        let name = self.identifier()?.into();
        Ok(BlockAddress { module, mode, ty, name })
    }

    fn attribute_path(&mut self) -> Result<AttributePath, AddressError> {
        let mut path = AttributePath::default();
        while !self.rest.is_empty() {
            if self.take(".") {
                path.push(PathStep::Attr(self.identifier()?.into()));
                continue;
            }
            match self.key()? {
                InstanceKey::Key(key) => path.push(PathStep::Key(key)),
                InstanceKey::Index(index) => match usize::try_from(index) {
                    Ok(index) => path.push(PathStep::Index(index)),
                    Err(_) => return self.fail("this number is too large"),
                },
                InstanceKey::None => return self.fail("a path goes on with .name, [0] or [\"key\"]"),
            }
        }
        Ok(path)
    }
}

/// Reads the whole of a text in one way.
fn whole<'a, T>(
    text: &'a str,
    wanted: &'static str,
    read: impl FnOnce(&mut Scanner<'a>) -> Result<T, AddressError>,
) -> Result<T, AddressError> {
    let mut scanner = Scanner::new(text, wanted);
    let result = read(&mut scanner)?;
    scanner.end()?;
    Ok(result)
}

impl FromStr for ModulePath {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        whole(text, "a module address", Scanner::module_path)
    }
}

impl FromStr for BlockAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        whole(text, "the address of a resource or data block", Scanner::block)
    }
}

impl FromStr for InstanceAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        whole(text, "the address of a resource or data instance", |scanner| {
            let block = Arc::new(scanner.block()?);
            Ok(Self { block, key: scanner.key()? })
        })
    }
}

/// What its `Display` writes; `["name"]` is read as a key.
impl FromStr for AttributePath {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        whole(text, "an attribute path", Scanner::attribute_path)
    }
}

/// Addresses and paths are stored as the text that users read.
macro_rules! stored_as_text {
    ($($ty:ty),+) => {$(
        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

stored_as_text!(ModulePath, BlockAddress, InstanceAddress, AttributePath);
