//! Classes of characters in brackets: `[^a-z[:digit:]\pL]`.

use super::Reader;

/// The classes that POSIX names; the crate knows them all.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

impl Reader<'_> {
    /// A class whose opening bracket was read.
    pub(super) fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.take("^") {
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            if self.rest.is_empty() {
                return Err("a bracket is never closed".to_owned());
            }
            if !is_first && self.take("]") {
                break;
            }
            is_first = false;
            if self.rest.starts_with("[:") && self.posix_class()? {
                continue;
            }
            if self.rest.starts_with('\\') && self.named_class()? {
                continue;
            }
            self.range()?;
        }
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]`; `false` where the bracket stands for itself.
    fn posix_class(&mut self) -> Result<bool, String> {
        let Some((name, after)) = self.rest.get(2..).and_then(|rest| rest.split_once(":]")) else { return Ok(false) };
        if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(format!("[:{name}:] is no class of characters"));
        }
        self.rest = after;
        self.out.push_str(&format!("[:{name}:]"));
        Ok(true)
    }

    /// A letter, or two with a dash between them.
    fn range(&mut self) -> Result<(), String> {
        let first = self.class_letter()?;
        let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
        self.literal(first);
        if is_range {
            self.next();
            let last = self.class_letter()?;
            if last < first {
                return Err(format!("the range {first}-{last} is empty"));
            }
            self.out.push('-');
            self.literal(last);
        }
        Ok(())
    }

    fn class_letter(&mut self) -> Result<char, String> {
        if self.rest.starts_with('\\') {
            return self.escaped_letter();
        }
        self.next().ok_or_else(|| "a bracket is never closed".to_owned())
    }
}
