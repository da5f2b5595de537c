//! Valid sources at random, of every form of the language.

use crate::random::Random;

const NAMES: &[&str] = &["a", "b", "var", "local", "x-y", "_z", "größe", "if", "in", "for_each", "item2"];
const TEXTS: &[&str] =
    &["", "text", " two words ", "ä€😀", "#", "//x", "{", "}", "[", "'", "%", "$", "a.b", "=", "$${x}", "%%{x}"];
const ESCAPES: &[&str] = &["\\n", "\\t", "\\\"", "\\\\", "\\u00e9", "\\U0001F600"];
const BINARY: &[&str] = &["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];

/// Writes sources.
pub struct Generator {
    pub random: Random,
    /// Makes names of arguments and keys unique.
    count: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self { random: Random(seed), count: 0 }
    }

    /// Some arguments and blocks.
    pub fn body(&mut self, depth: usize) -> String {
        let mut out = String::new();
        for _ in 0..=self.random.below(3) {
            let indent = self.random.pick(&["", "  ", "\t"]);
            if self.random.chance(8) {
                out.push_str(self.random.pick(&[
                    "# comment\n",
                    "// comment \"\n",
                    "/* lines\n of } */\n",
                    "\n",
                    "\r\n",
                ]));
            }
            match self.random.below(6) {
                5 if depth > 0 => {
                    self.count += 1;
                    let heredoc = self.heredoc(depth - 1);
                    out.push_str(&format!("{indent}h{} = {heredoc}\n", self.count));
                    continue;
                }
                0 if depth > 0 => {
                    let name = self.name();
                    let labels = self.labels();
                    let body = self.body(depth - 1);
                    out.push_str(&format!("{indent}{name}{labels} {{\n{body}{indent}}}"));
                }
                1 if depth > 0 => {
                    let (name, labels) = (self.name(), self.labels());
                    let inner = if self.random.chance(3) { String::new() } else { self.argument(depth - 1) };
                    out.push_str(&format!("{indent}{name}{labels} {{ {inner} }}"));
                }
                _ => {
                    let argument = self.argument(depth);
                    out.push_str(&format!("{indent}{argument}"));
                }
            }
            out.push_str(self.random.pick(&["\n", "\n", "\n\n", " \n", " # end\n", "\r\n"]));
        }
        out
    }

    fn argument(&mut self, depth: usize) -> String {
        self.count += 1;
        let (count, sign) = (self.count, self.random.pick(&[" = ", "=", "   = ", " = /* c */ "]));
        let value = self.expression(depth);
        format!("{}{count}{sign}{value}", self.name())
    }

    fn labels(&mut self) -> String {
        (0..self.random.below(3))
            .map(|_| if self.random.chance(3) { format!(" {}", self.name()) } else { " \"label one\"".to_owned() })
            .collect()
    }

    /// Any expression.
    pub fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let next = depth - 1;
        match self.random.below(14) {
            0 | 1 => self.leaf(),
            2 => {
                let operator = self.random.pick(BINARY);
                format!("{} {operator} {}", self.expression(next), self.expression(next))
            }
            3 => format!("{}{}", self.random.pick(&["!", "-"]), self.operand(next)),
            4 => format!("{} ? {} : {}", self.operand(next), self.expression(next), self.expression(next)),
            5 => format!("({}{})", self.random.pick(&["", " ", "\n"]), self.expression(next)),
            6 => self.list("[", "]", next),
            7 => self.object(next),
            8 => {
                let name = self.random.pick(&["f", "upper", "provider::p::f", "a-b"]);
                self.list(&format!("{name}("), ")", next)
            }
            9 => self.for_expression(next),
            10 | 11 => self.traversal(next),
            12 => self.template(next),
            _ => self.expression(next),
        }
    }

    /// An expression that binds more tightly than any operator.
    fn operand(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => self.leaf(),
            1 => self.traversal(depth),
            2 => self.template(depth),
            _ => format!("({})", self.expression(depth)),
        }
    }

    fn leaf(&mut self) -> String {
        match self.random.below(8) {
            0 => self.random.pick(&["true", "false", "null"]).to_owned(),
            1 => self.random.below(1_000_000).to_string(),
            2 => format!("{}.{}", self.random.below(1000), 1 + self.random.below(9)),
            3 | 4 => format!("\"{}\"", self.text()),
            _ => self.name().to_owned(),
        }
    }

    fn list(&mut self, open: &str, close: &str, depth: usize) -> String {
        let items: Vec<_> = (0..self.random.below(4)).map(|_| self.expression(depth)).collect();
        let separator = self.random.pick(&[", ", ",", ",\n  ", " ,\n", ", # c\n"]);
        let end = match (items.is_empty(), close) {
            (true, _) => "",
            (false, ")") => self.random.pick(&["", "...", ",", "\n"]),
            (false, _) => self.random.pick(&["", ",", ",\n", "\n"]),
        };
        let start = self.random.pick(&["", "\n", " "]);
        // A list must not start as a `for` expression does.
        format!("{open}{start}{}{end}{close}", items.join(separator))
    }

    fn object(&mut self, depth: usize) -> String {
        let separator = self.random.pick(&[", ", ",\n", "\n", "\n\n  ", " # c\n"]);
        let items: Vec<_> = (0..self.random.below(4))
            .map(|index| {
                self.count += 1;
                let count = self.count;
                let key = match self.random.below(5) {
                    0 => format!("\"key {count}\""),
                    1 if index == 0 || separator.starts_with(',') => {
                        format!("(f({count}, {}))", self.expression(depth))
                    }
                    2 => count.to_string(),
                    _ => format!("{}{count}", self.name()),
                };
                let sign = self.random.pick(&[" = ", "=", " : ", ": "]);
                format!("{key}{sign}{}", self.expression(depth))
            })
            .collect();
        let end = if items.is_empty() { "" } else { self.random.pick(&["", "\n", " ", ",", ",\n"]) };
        format!("{{{}{}{end}}}", self.random.pick(&["", "\n", " "]), items.join(separator))
    }

    fn for_expression(&mut self, depth: usize) -> String {
        let names = self.random.pick(&["v", "k, v", "k,v"]);
        let (collection, value) = (self.expression(depth), self.expression(depth));
        let condition = if self.random.chance(2) { format!(" if {}", self.expression(depth)) } else { String::new() };
        let space = self.random.pick(&[" ", "\n"]);
        if self.random.chance(2) {
            return format!("[for {names} in {collection} :{space}{value}{condition}]");
        }
        let group = self.random.pick(&["", "..."]);
        format!("{{for {names} in {collection} :{space}{} => {value}{group}{condition}}}", self.expression(depth))
    }

    fn traversal(&mut self, depth: usize) -> String {
        let mut out = match self.random.below(4) {
            0 => format!("({})", self.expression(depth)),
            1 => format!("f({})", self.expression(depth)),
            _ => self.name().to_owned(),
        };
        let mut splat = false;
        for _ in 0..=self.random.below(3) {
            match self.random.below(6) {
                0 => out.push_str(&format!("[{}]", self.expression(depth))),
                1 => out.push_str("[*]"),
                // One `.*` can't stand inside of another.
                2 if !splat => {
                    splat = true;
                    out.push_str(".*");
                }
                3 => out.push_str(".0"),
                _ => out.push_str(&format!(".{}", self.name())),
            }
        }
        out
    }

    fn template(&mut self, depth: usize) -> String {
        let mut out = String::from("\"");
        for _ in 0..=self.random.below(3) {
            match self.random.below(6) {
                0 => {
                    let (condition, then) = (self.expression(depth), self.plain_text());
                    let otherwise =
                        if self.random.chance(2) { format!("%{{ else }}{}", self.plain_text()) } else { String::new() };
                    out.push_str(&format!("%{{ if {condition} }}{then}{otherwise}%{{ endif }}"));
                }
                1 => out.push_str(&format!(
                    "%{{ for x in {} }}{}${{x}}%{{ endfor }}",
                    self.expression(depth),
                    self.plain_text()
                )),
                2 => out.push_str(&format!("${{ {} }}", self.expression(depth))),
                3 => out.push_str(&format!("${{{}}}", self.expression(depth))),
                _ => out.push_str(&self.text()),
            }
        }
        out.push('"');
        out
    }

    /// A heredoc. Where its indentation is removed, each line starts with text.
    fn heredoc(&mut self, depth: usize) -> String {
        let indented = self.random.chance(2);
        let mut out = String::from(if indented { "<<-EOT\n" } else { "<<EOT\n" });
        for _ in 0..=self.random.below(3) {
            out.push_str(self.random.pick(&["  ", "    ", "      "]));
            out.push_str(self.random.pick(&["x", "line \"q\"", "a \\n b", "EOTX", "}", "# no comment"]));
            if self.random.chance(3) {
                out.push_str(&format!(" ${{{}}} end", self.expression(depth)));
            }
            out.push('\n');
        }
        out.push_str(if indented { "  EOT" } else { "EOT" });
        out
    }

    /// Text without escapes.
    fn plain_text(&mut self) -> &'static str {
        self.random.pick(&["", "text", " two words ", "ä€😀", "{ }"])
    }

    /// Text of a string that can't run into an interpolation behind it.
    fn text(&mut self) -> String {
        let mut out: String = (0..self.random.below(3))
            .map(|_| if self.random.chance(3) { self.random.pick(ESCAPES) } else { self.random.pick(TEXTS) })
            .collect();
        out = out.replace("${{", "{").replace("%{{", "{").replace("$${x}{", "$${x}").replace("%%{x}{", "%%{x}");
        if out.contains("${") && !out.contains("$${x}")
            || out.contains("%{") && !out.contains("%%{x}")
            || out.ends_with(['$', '%'])
        {
            out = "plain".to_owned();
        }
        out
    }

    fn name(&mut self) -> &'static str {
        self.random.pick(NAMES)
    }
}
