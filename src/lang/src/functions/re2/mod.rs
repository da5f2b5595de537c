//! Regular expressions in RE2's syntax, as Go reads them, written anew for the `regex` crate, which reads another
//! dialect: what only one of them knows must behave as in Go.

mod class;
mod escape;
mod expand;

pub(super) use expand::expand;

use regex::Regex;

/// The most repetitions that `{n}` may ask for, alone and nested.
const MOST_REPETITIONS: u32 = 1000;

/// How deep groups may nest.
const MOST_GROUPS: usize = 250;

/// A compiled pattern.
pub(super) struct Pattern {
    pub(super) regex: Regex,
    /// The names of its groups, from the first; the whole match is none of them.
    pub(super) names: Vec<Option<String>>,
}

impl Pattern {
    /// # Errors
    /// What is wrong with the pattern, where.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: pattern, out: String::new(), names: Vec::new(), depth: 0 };
        let refuse = |reason: String| format!("{pattern:?} is no regular expression: {reason}");
        reader.alternatives().map_err(refuse)?;
        if !reader.rest.is_empty() {
            return Err(refuse("a closing parenthesis has no opening one".to_owned()));
        }
        let regex = Regex::new(&reader.out).map_err(|error| {
            let error = error.to_string();
            refuse(error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
        })?;
        Ok(Self { regex, names: reader.names })
    }
}

/// Reads one dialect and writes the other.
struct Reader<'p> {
    rest: &'p str,
    out: String,
    names: Vec<Option<String>>,
    depth: usize,
}

/// What stands before a repetition operator.
#[derive(Clone, Copy)]
enum Before {
    /// Nothing that could be repeated.
    Nothing,
    /// Something, and how often the counted repetitions inside multiply.
    Item(u32),
    /// A repetition, which can't be repeated without parentheses.
    Repeated(u32),
}

impl<'p> Reader<'p> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    fn take(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// What stands before `end`, which is passed.
    fn until(&mut self, end: &str) -> Option<&'p str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        Some(before)
    }

    /// Reads up to a closing parenthesis or the end; answers how often the counted repetitions inside multiply.
    fn alternatives(&mut self) -> Result<u32, String> {
        let mut most = 1;
        let mut before = Before::Nothing;
        while let Some(letter) = self.peek() {
            let item = match letter {
                ')' => break,
                '|' => {
                    self.next();
                    self.out.push('|');
                    before = Before::Nothing;
                    continue;
                }
                '*' | '+' | '?' => {
                    self.next();
                    before = self.repeat(before, &letter.to_string(), 1)?;
                    continue;
                }
                '{' => match self.count()? {
                    Some((written, times)) => {
                        before = self.repeat(before, &written, times)?;
                        if let Before::Repeated(times) = before {
                            most = most.max(times);
                        }
                        continue;
                    }
                    None => {
                        self.next();
                        self.literal('{');
                        Before::Item(1)
                    }
                },
                '(' => self.group()?,
                '[' => {
                    self.next();
                    self.class()?;
                    Before::Item(1)
                }
                '\\' => self.escape()?,
                '.' | '^' | '$' => {
                    self.next();
                    self.out.push(letter);
                    Before::Item(1)
                }
                _ => {
                    self.next();
                    self.literal(letter);
                    Before::Item(1)
                }
            };
            if let Before::Item(times) = item {
                most = most.max(times);
            }
            before = item;
        }
        Ok(most)
    }

    /// Writes a letter that stands for itself.
    fn literal(&mut self, letter: char) {
        if letter.is_ascii_alphanumeric() || !letter.is_ascii() {
            self.out.push(letter);
        } else {
            self.out.push_str(&format!("\\x{{{:X}}}", u32::from(letter)));
        }
    }

    /// A repetition operator, which may be lazy.
    fn repeat(&mut self, before: Before, operator: &str, times: u32) -> Result<Before, String> {
        let inside = match before {
            Before::Nothing => return Err(format!("there is nothing that {operator} could repeat")),
            Before::Repeated(_) => return Err(format!("{operator} follows another repetition")),
            Before::Item(inside) => inside,
        };
        let times = times.saturating_mul(inside);
        if times > MOST_REPETITIONS {
            return Err(format!("{operator} repeats more than {MOST_REPETITIONS} times"));
        }
        self.out.push_str(operator);
        if self.take("?") {
            self.out.push('?');
        }
        Ok(Before::Repeated(times.max(1)))
    }

    /// `{2}`, `{2,}` or `{2,3}`, and the greatest number in it; `None` where the brace stands for itself.
    fn count(&mut self) -> Result<Option<(String, u32)>, String> {
        let Some((inside, after)) = self.rest.get(1..).and_then(|rest| rest.split_once('}')) else { return Ok(None) };
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let plain = plain && (text.len() == 1 || !text.starts_with('0'));
            plain.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (least, most) = match inside.split_once(',') {
            None => (number(inside), number(inside)),
            Some((least, "")) => (number(least), Some(0)),
            Some((least, most)) => (number(least), number(most)),
        };
        let (Some(least), Some(most)) = (least, most) else { return Ok(None) };
        let written = format!("{{{inside}}}");
        let is_open = inside.ends_with(',');
        if least.max(most) > MOST_REPETITIONS || (least > most && !is_open) {
            return Err(format!("{written} is no number of repetitions, which are up to {MOST_REPETITIONS}"));
        }
        self.rest = after;
        Ok(Some((written, if is_open { least } else { most })))
    }

    fn group(&mut self) -> Result<Before, String> {
        self.next();
        self.depth += 1;
        if self.depth > MOST_GROUPS {
            return Err(format!("groups nest more than {MOST_GROUPS} levels"));
        }
        if self.take("?P<") || self.take("?<") {
            let name = self.until(">").unwrap_or_default();
            let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            if name.is_empty() || !name.chars().all(is_word) {
                return Err(format!("{name:?} is no name of a group, which is of letters, digits and _"));
            }
            self.out.push('(');
            self.names.push(Some(name.to_owned()));
        } else if self.take("?") {
            if !self.flags()? {
                self.depth -= 1;
                return Ok(Before::Nothing);
            }
        } else {
            self.out.push('(');
            self.names.push(None);
        }
        let times = self.alternatives()?;
        if !self.take(")") {
            return Err("a parenthesis is never closed".to_owned());
        }
        self.out.push(')');
        self.depth -= 1;
        Ok(Before::Item(times))
    }

    /// `i:` and `i)`; answers whether a group follows.
    fn flags(&mut self) -> Result<bool, String> {
        let end = self.rest.find([':', ')']).unwrap_or(self.rest.len());
        let (flags, after) = self.rest.split_at(end);
        let (on, off) = flags.split_once('-').unwrap_or((flags, "i"));
        let known = |flags: &str| flags.chars().all(|flag| matches!(flag, 'i' | 'm' | 's' | 'U'));
        if !known(on) || !known(off) || off.is_empty() || after.is_empty() {
            return Err(format!("(?{flags} starts no group; the flags are i, m, s and U"));
        }
        let opens = after.starts_with(':');
        self.rest = after.get(1..).unwrap_or_default();
        match (flags.is_empty(), opens) {
            (true, false) => {}
            (_, true) => self.out.push_str(&format!("(?{flags}:")),
            (false, false) => self.out.push_str(&format!("(?{flags})")),
        }
        Ok(opens)
    }
}
