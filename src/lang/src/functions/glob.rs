//! Patterns of file names: `*`, `**`, `?`, `[a-z]`, `{a,b}`.

use regex::Regex;

/// A pattern of paths below a directory.
pub(super) struct Glob(Regex);

impl Glob {
    /// # Errors
    /// What is wrong with the pattern.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let mut out = String::from("(?s)^");
        let mut letters = pattern.chars().peekable();
        let mut depth = 0_usize;
        while let Some(letter) = letters.next() {
            match letter {
                '*' if letters.next_if_eq(&'*').is_some() => {
                    // `**/` stands for any number of directories, also none.
                    out.push_str(if letters.next_if_eq(&'/').is_some() { "(?:.*/)?" } else { ".*" });
                }
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
                    out.push('[');
                    if letters.next_if(|next| matches!(next, '!' | '^')).is_some() {
                        out.push('^');
                    }
                    let mut is_closed = false;
                    for inside in letters.by_ref() {
                        match inside {
                            ']' => {
                                is_closed = true;
                                break;
                            }
                            '\\' | '[' | '&' | '~' => out.extend(['\\', inside]),
                            _ => out.push(inside),
                        }
                    }
                    if !is_closed {
                        return Err(format!("in {pattern:?} the [ is never closed"));
                    }
                    out.push(']');
                }
                '\\' => out.push_str(&regex::escape(&letters.next().map(String::from).unwrap_or_default())),
                _ => out.push_str(&regex::escape(&letter.to_string())),
            }
        }
        if depth > 0 {
            return Err(format!("in {pattern:?} the {{ is never closed"));
        }
        out.push('$');
        Regex::new(&out).map(Self).map_err(|_| format!("{pattern:?} is no pattern of file names"))
    }

    /// Whether a path, with forward slashes, matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
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
        assert!(!matches("[!a].sql", "a.sql"));
        assert!(Glob::new("[a").is_err());
        assert!(Glob::new("{a").is_err());
    }
}
