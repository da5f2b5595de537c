//! Patterns of file names: `*`, `**`, `?`, `[a-z]`, `{a,b}`.

use regex::Regex;

/// A pattern of paths below a directory.
pub(super) struct Glob(Regex);

impl Glob {
    /// # Errors
    /// What is wrong with the pattern.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        if pattern.contains('{')
            && pattern.split('/').any(|part| part.matches('{').count() != part.matches('}').count())
        {
            return Err(format!("in {pattern:?} a {{ is not closed before the next / or the end"));
        }
        let mut out = String::from("(?s)^");
        for (index, part) in pattern.split('/').enumerate() {
            let is_last = pattern.split('/').count() == index + 1;
            match (part, is_last) {
                // It stands for any number of directories, also none.
                ("**", false) => out.push_str("(?:.*/)?"),
                ("**", true) => out.push_str(".*"),
                _ => {
                    component(part, &mut out).map_err(|problem| format!("in {pattern:?} {problem}"))?;
                    if !is_last {
                        out.push('/');
                    }
                }
            }
        }
        out.push('$');
        Regex::new(&out).map(Self).map_err(|_| format!("{pattern:?} is no pattern of file names"))
    }

    /// Whether a path, with forward slashes, matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }

    /// Whether a part of a path is a pattern and not just a name.
    pub(super) fn is_pattern(part: &str) -> bool {
        part.contains(['*', '?', '[', '{', '\\'])
    }
}

/// One part of a pattern, between slashes.
fn component(part: &str, out: &mut String) -> Result<(), &'static str> {
    let mut letters = part.chars().peekable();
    let mut depth = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '[' => {
                out.push_str(if letters.next_if_eq(&'^').is_some() { "[^/" } else { "[" });
                let mut is_empty = true;
                loop {
                    match letters.next() {
                        None => return Err("the [ is never closed"),
                        Some(']') if is_empty => return Err("the [ ] holds nothing"),
                        Some(']') => break,
                        Some('-') => out.push('-'),
                        Some('\\') => {
                            out.push_str(&regex::escape(&letters.next().map(String::from).unwrap_or_default()))
                        }
                        Some(inside @ ('[' | '&' | '~' | '^')) => out.extend(['\\', inside]),
                        Some(inside) => out.push(inside),
                    }
                    is_empty = false;
                }
                out.push(']');
            }
            '\\' => out.push_str(&regex::escape(&letters.next().map(String::from).unwrap_or_default())),
            _ => out.push_str(&regex::escape(&letter.to_string())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn stars_stop_at_slashes_but_two_do_not() {
        let matches = |pattern: &str, path: &str| Glob::new(pattern).unwrap().matches(path);
        assert!(matches("*.csv", "a.csv"));
        assert!(!matches("*.csv", "b/a.csv"));
        assert!(matches("**/*.csv", "a.csv"));
        assert!(matches("**/*.csv", "b/c/a.csv"));
        assert!(matches("**", "b/c/a.csv"));
        assert!(matches("{a,b}?.[ct]sv", "b1.tsv"));
        assert!(!matches("[^a].sql", "a.sql"));
        assert!(matches("[!a].sql", "a.sql"));
        assert!(!matches("**.sql", "b/a.sql"));
        assert!(Glob::new("[a").is_err());
        assert!(Glob::new("{a").is_err());
    }
}
