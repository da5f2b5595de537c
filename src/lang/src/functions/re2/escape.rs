//! What a backslash begins in a regular expression.

use super::{Before, Reader};

/// The general categories that `\p` knows.
const CATEGORIES: [&str; 35] = [
    "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P",
    "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp",
];

impl Reader<'_> {
    /// An escape outside of a class.
    pub(super) fn escape(&mut self) -> Result<Before, String> {
        if self.take("\\Q") {
            let quoted = match self.rest.split_once("\\E") {
                Some((quoted, after)) => {
                    self.rest = after;
                    quoted
                }
                None => std::mem::take(&mut self.rest),
            };
            quoted.chars().for_each(|letter| self.literal(letter));
            return Ok(if quoted.is_empty() { Before::Nothing } else { Before::Item(1) });
        }
        let edge = ["\\A", "\\z", "\\b", "\\B"].into_iter().find(|edge| self.take(edge));
        if let Some(edge) = edge {
            // A word is of ASCII letters; the crate has no such \B that is sure to stop at letters.
            self.out.push_str(if edge == "\\b" { "(?-u:\\b)" } else { edge });
        } else if !self.named_class()? {
            let letter = self.escaped_letter()?;
            self.literal(letter);
        }
        Ok(Before::Item(1))
    }

    /// `\d` or `\p{Greek}`, inside of a class or not; `false` where there is none.
    pub(super) fn named_class(&mut self) -> Result<bool, String> {
        let Some(class) = self.rest.chars().nth(1) else { return Ok(false) };
        let ascii = match class {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            'w' => "[0-9A-Za-z_]",
            'W' => "[^0-9A-Za-z_]",
            's' => "[\\t\\n\\f\\r ]",
            'S' => "[^\\t\\n\\f\\r ]",
            'p' | 'P' => return self.unicode_class(class == 'P').map(|()| true),
            _ => return Ok(false),
        };
        self.rest = self.rest.get(2..).unwrap_or_default();
        self.out.push_str(ascii);
        Ok(true)
    }

    fn unicode_class(&mut self, is_negated: bool) -> Result<(), String> {
        self.rest = self.rest.get(2..).unwrap_or_default();
        let name = if self.take("{") {
            self.until("}").ok_or("a brace of \\p is never closed")?.to_owned()
        } else {
            self.next().map(String::from).ok_or("after \\p the name of a class must follow")?
        };
        let (name, is_negated) = match name.strip_prefix('^') {
            Some(name) => (name.to_owned(), !is_negated),
            None => (name, is_negated),
        };
        let class = if is_negated { 'P' } else { 'p' };
        let is_script = name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_');
        if name == "Any" {
            self.out.push_str(if is_negated { "[^\\x{0}-\\x{10FFFF}]" } else { "[\\x{0}-\\x{10FFFF}]" });
        } else if CATEGORIES.contains(&name.as_str()) || name == "Zs" {
            self.out.push_str(&format!("\\{class}{{{name}}}"));
        } else if is_script && name.len() > 2 {
            self.out.push_str(&format!("\\{class}{{sc={name}}}"));
        } else {
            return Err(format!("\\{class}{{{name}}} is no class of characters"));
        }
        Ok(())
    }

    /// The one letter that an escape stands for.
    pub(super) fn escaped_letter(&mut self) -> Result<char, String> {
        self.next();
        let Some(letter) = self.next() else { return Err("it ends in a backslash".to_owned()) };
        let invalid = |what: String| Err(format!("\\{what} means nothing"));
        Ok(match letter {
            'a' => '\u{7}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '1'..='7' if !self.rest.starts_with(|next| matches!(next, '0'..='7')) => {
                return Err(format!("\\{letter} would repeat a group, which is not possible"));
            }
            '0'..='7' => {
                let more = self.rest.len() - self.rest.trim_start_matches(|next| matches!(next, '0'..='7')).len();
                let (digits, after) = self.rest.split_at(more.min(2));
                self.rest = after;
                let code = u32::from_str_radix(&format!("{letter}{digits}"), 8).ok().and_then(char::from_u32);
                return code.map_or_else(|| invalid(format!("{letter}{digits}")), Ok);
            }
            'x' => {
                let digits = if self.take("{") {
                    self.until("}").unwrap_or_default()
                } else {
                    let digits = self.rest.get(..2).unwrap_or_default();
                    self.rest = self.rest.get(digits.len()..).unwrap_or_default();
                    digits
                };
                let is_hex = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32);
                return code.map_or_else(|| invalid(format!("x{digits}")), Ok);
            }
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => letter,
            _ => return invalid(letter.to_string()),
        })
    }
}
