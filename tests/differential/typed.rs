//! Random types, each with a value of literals that nearly always converts to it.

use super::{Grammar, NAMES, NUMBERS, TEXTS};

impl Grammar {
    /// A type constraint, and a value of literals that nearly always converts to it.
    pub(super) fn typed(&mut self, depth: usize) -> (String, String) {
        if self.random.chance(60) {
            return (self.typed(depth).0, self.constant(1));
        }
        let down = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 4 } else { 11 }) {
            0 => ("string".to_owned(), self.literal(&["\"a\"", "1", "true", "null", "\"é\"", "1e3", "0.5"])),
            1 => ("number".to_owned(), self.literal(&["1", "\"1\"", "0.1", "\"1e3\"", "null", "\"0.10\"", "1e21"])),
            2 => ("bool".to_owned(), self.literal(&["true", "\"false\"", "null", "\"1\"", "\"0\""])),
            3 => ("any".to_owned(), self.constant(down)),
            kind @ 4..=6 => {
                let name = ["list", "set", "map"][kind - 4];
                let (ty, first) = self.typed(down);
                let values: Vec<String> = (0..self.random.below(3)).map(|_| first.clone()).collect();
                let values = if kind == 6 { attributes(&values) } else { format!("[{}]", values.join(", ")) };
                (format!("{name}({ty})"), values)
            }
            7 => {
                let (first, second) = (self.typed(down), self.typed(down));
                (format!("tuple([{}, {}])", first.0, second.0), format!("[{}, {}]", first.1, second.1))
            }
            _ => self.object(down),
        }
    }

    fn object(&mut self, depth: usize) -> (String, String) {
        let (mut types, mut values) = (Vec::new(), Vec::new());
        for name in &NAMES[..1 + self.random.below(3)] {
            let (ty, value) = self.typed(depth);
            let (ty, is_needed) = match self.random.below(4) {
                0 | 1 => (ty, true),
                2 => (format!("optional({ty})"), false),
                _ => (format!("optional({ty}, {value})"), false),
            };
            types.push(format!("{name} = {ty}"));
            if is_needed || self.random.chance(2) {
                values.push(format!("{name} = {value}"));
            }
        }
        if self.random.chance(4) {
            values.push("other = 1".to_owned());
        }
        (format!("object({{ {} }})", types.join(", ")), format!("{{ {} }}", values.join(", ")))
    }

    fn literal(&mut self, of: &[&str]) -> String {
        self.random.pick(of).to_owned()
    }

    /// A value of literals alone, as a variable's default may be.
    pub(super) fn constant(&mut self, depth: usize) -> String {
        match self.random.below(if depth == 0 { 5 } else { 10 }) {
            0 => self.random.pick(NUMBERS).to_owned(),
            1 => format!("\"{}\"", self.random.pick(TEXTS)),
            2 => self.random.pick(&["true", "false"]).to_owned(),
            3 => "null".to_owned(),
            4 => self.random.pick(&["[]", "{}"]).to_owned(),
            5 | 6 => {
                let elements: Vec<String> = (0..self.random.below(4)).map(|_| self.constant(depth - 1)).collect();
                format!("[{}]", elements.join(", "))
            }
            _ => {
                let count = self.random.below(4);
                let attributes: Vec<String> =
                    NAMES.iter().take(count).map(|name| format!("{name} = {}", self.constant(depth - 1))).collect();
                format!("{{ {} }}", attributes.join(", "))
            }
        }
    }
}

/// An object of values under the names that there are.
fn attributes(values: &[String]) -> String {
    let entries: Vec<String> = NAMES.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
    format!("{{ {} }}", entries.join(", "))
}
