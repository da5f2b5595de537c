//! Random expressions from a seed: typed, so that most of them have a value, with a fault or a wrong type now and then.

mod typed;

use super::random::Random;
use super::side::Case;

/// What an expression is meant to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Bool,
    /// A list, set or tuple.
    Sequence,
    /// A map or object.
    Keyed,
    Any,
}

/// As many expressions as asked for, the same for the same seed.
pub fn expressions(seed: u64, count: usize) -> Vec<Case> {
    let mut grammar = Grammar { random: Random(seed), names: Vec::new() };
    (0..count)
        .map(|_| {
            let depth = 1 + grammar.random.below(4);
            if grammar.random.chance(8) {
                let (ty, value) = grammar.typed(3);
                Case::Conversion { ty, value }
            } else {
                Case::Expression(grammar.any(depth))
            }
        })
        .collect()
}

struct Grammar {
    random: Random,
    /// Names that `for` expressions around bind.
    names: Vec<String>,
}

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "0.1",
    "0.5",
    "1.5",
    "2.50",
    "100",
    "1e3",
    "1e-3",
    "123456789012345678901",
    "0.30000000000000004",
    "3.14159",
    "1e21",
    "1e50",
    "9007199254740993",
    "4611686018427387904",
    "9223372036854775807",
];
const TEXTS: &[&str] = &[
    "", "a", "b", "c", "abc", "1", "2", "10", "true", "false", "a b", "x,y", "é", "e\\u0301", "🤷", "\\n", "a\\nb",
    "\\t", "\\\"", "\\\\", "$${a}", "%%{a}", "null", "0.5", "-1", "1e3", " 1", "01", "ß", "a.b", "$", "%",
];
const KEYS: &[&str] = &["a", "b", "c", "d", "1", "x y", "é"];
const NAMES: &[&str] = &["a", "b", "c", "d"];

impl Grammar {
    fn of(&mut self, kind: Kind, depth: usize) -> String {
        if self.random.chance(25) {
            return self.any(depth);
        }
        match kind {
            Kind::Number => self.number(depth),
            Kind::Text => self.text(depth),
            Kind::Bool => self.bool(depth),
            Kind::Sequence => self.sequence(depth),
            Kind::Keyed => self.keyed(depth),
            Kind::Any => self.any(depth),
        }
    }

    fn any(&mut self, depth: usize) -> String {
        match self.random.below(7) {
            0 => self.number(depth),
            1 => self.text(depth),
            2 => self.bool(depth),
            3 | 4 => self.sequence(depth),
            5 => self.keyed(depth),
            _ if depth == 0 || self.random.chance(4) => {
                self.random.pick(&["null", "var.secret", "var.later", "var.later_any"]).to_owned()
            }
            _ => self.chosen(Kind::Any, depth),
        }
    }

    /// What gives any kind: conditionals, indexes, calls of `try`.
    fn chosen(&mut self, kind: Kind, depth: usize) -> String {
        let down = depth.saturating_sub(1);
        match self.random.below(9) {
            0..=2 => {
                let (test, then, otherwise) = (self.of(Kind::Bool, down), self.of(kind, down), self.of(kind, down));
                format!("({test} ? {then} : {otherwise})")
            }
            3 => {
                let (elements, index) =
                    (self.elements(kind, down, 3), self.random.pick(&["0", "1", "2", "\"1\"", "-1"]));
                format!("[{elements}][{index}]")
            }
            4 => {
                let (attributes, key) = (self.attributes(kind, down, true), self.random.pick(NAMES));
                format!("{{{attributes}}}.{key}")
            }
            5 => {
                let (first, second) = (self.of(kind, down), self.of(kind, down));
                format!("try({first}, {second})")
            }
            6 => format!("({})", self.of(kind, down)),
            7 if !self.names.is_empty() => {
                let index = self.random.below(self.names.len());
                self.names[index].clone()
            }
            _ => {
                let (first, second) = (self.of(kind, down), self.of(kind, down));
                let index = self.random.pick(&["0", "1", "var.secret_number", "var.later_number"]);
                format!("tolist([{first}, {second}])[{index}]")
            }
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            let known = self.random.pick(NUMBERS);
            return if self.random.chance(12) {
                self.random.pick(&["var.secret_number", "var.later_number", "length(var.later_list)"]).to_owned()
            } else {
                known.to_owned()
            };
        }
        let down = depth - 1;
        match self.random.below(9) {
            0..=3 => {
                let operator = self.random.pick(&["+", "-", "*", "/", "%"]);
                let (left, right) = (self.of(Kind::Number, down), self.of(Kind::Number, down));
                format!("{left} {operator} {right}")
            }
            4 => format!("-{}", self.of(Kind::Number, down)),
            5 => {
                let function = self.random.pick(&["length", "length", "sum", "max", "min"]);
                let argument = self.of(Kind::Sequence, down);
                if matches!(function, "max" | "min") {
                    format!("{function}({argument}...)")
                } else {
                    format!("{function}({argument})")
                }
            }
            6 => {
                let function = self.random.pick(&["abs", "ceil", "floor", "signum", "tonumber"]);
                format!("{function}({})", self.of(Kind::Number, down))
            }
            _ => self.chosen(Kind::Number, down),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.random.below(12) {
                0 => self.random.pick(&["var.secret", "var.later", "var.secret"]).to_owned(),
                _ => format!("\"{}\"", self.random.pick(TEXTS)),
            };
        }
        let down = depth - 1;
        match self.random.below(10) {
            0..=3 => {
                let parts: String = (0..1 + self.random.below(3)).map(|_| self.part(down)).collect();
                format!("\"{parts}\"")
            }
            4 => {
                let function = self.random.pick(&["upper", "lower", "trimspace", "strrev", "tostring", "chomp"]);
                format!("{function}({})", self.of(Kind::Text, down))
            }
            5 => format!("join({}, {})", self.of(Kind::Text, 0), self.of(Kind::Sequence, down)),
            6 => format!("jsonencode({})", self.any(down)),
            7 => {
                let (indented, parts) = (self.random.chance(2), (self.line(down), self.line(down)));
                let (sign, margin) = if indented { ("<<-EOT", "  ") } else { ("<<EOT", "") };
                format!("{sign}\n{margin}{}\n{margin}  {}\n{margin}EOT\n", parts.0, parts.1)
            }
            _ => self.chosen(Kind::Text, down),
        }
    }

    /// A line of a heredoc.
    fn line(&mut self, depth: usize) -> String {
        let part = self.part(depth.min(1));
        // Quoted escapes mean nothing here, and a line break would end the line.
        if part.contains('\n') || part.contains('\\') { "x".to_owned() } else { part }
    }

    /// A part of a template.
    fn part(&mut self, depth: usize) -> String {
        let strip = |random: &mut Random| if random.chance(4) { "~" } else { "" };
        let (open, close) = (strip(&mut self.random), strip(&mut self.random));
        match self.random.below(8) {
            0 | 1 => self.random.pick(TEXTS).to_owned(),
            2..=4 => {
                let kind = [Kind::Number, Kind::Text, Kind::Bool][self.random.below(3)];
                format!(" ${{{open}{}{close}}} ", one_line(self.of(kind, depth)))
            }
            5 | 6 => {
                let (test, then, otherwise) =
                    (one_line(self.of(Kind::Bool, depth)), self.random.pick(TEXTS), self.random.pick(TEXTS));
                format!("%{{{open} if {test} {close}}} {then} %{{ else }} {otherwise} %{{ endif {close}}} ")
            }
            _ => {
                let items = one_line(self.of(Kind::Sequence, depth));
                let name = self.bind();
                let body = format!("${{{name}}},");
                self.names.pop();
                format!("%{{{open} for {name} in {items} {close}}}{body}%{{{close} endfor }}")
            }
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self
                .random
                .pick(&["true", "false", "true", "false", "var.secret_bool", "var.later_bool"])
                .to_owned();
        }
        let down = depth - 1;
        match self.random.below(9) {
            0 | 1 => {
                let operator = self.random.pick(&["==", "!="]);
                format!("{} {operator} {}", self.any(down), self.any(down))
            }
            2 | 3 => {
                let operator = self.random.pick(&["<", "<=", ">", ">="]);
                format!("{} {operator} {}", self.of(Kind::Number, down), self.of(Kind::Number, down))
            }
            4 => {
                let operator = self.random.pick(&["&&", "||"]);
                format!("{} {operator} {}", self.of(Kind::Bool, down), self.of(Kind::Bool, down))
            }
            5 => format!("!{}", self.of(Kind::Bool, down)),
            6 => format!("can({})", self.any(down)),
            7 => format!("contains({}, {})", self.of(Kind::Sequence, down), self.any(down)),
            _ => self.chosen(Kind::Bool, down),
        }
    }

    fn sequence(&mut self, depth: usize) -> String {
        if depth == 0 {
            let known =
                ["[]", "[1, 2]", "[\"b\", \"a\", \"b\"]", "[true, null]", "tolist([])", "toset([\"x\"])", "[1, \"a\"]"];
            let other = ["var.secrets", "var.later_list", "var.later_set"];
            return if self.random.chance(6) { self.random.pick(&other) } else { self.random.pick(&known) }.to_owned();
        }
        let down = depth - 1;
        match self.random.below(12) {
            0..=2 => {
                let kind = self.kind();
                format!("[{}]", self.elements(kind, down, 4))
            }
            3 => format!("tolist({})", self.of(Kind::Sequence, down)),
            4 => format!("toset({})", self.of(Kind::Sequence, down)),
            5 | 6 => self.each(down, false),
            7 => {
                let (source, after) = (self.any(down), self.random.pick(&["", ".a", ".b.c", "[0]", "[\"a\"]"]));
                let splat = self.random.pick(&["[*]", "[*]", ".*"]);
                let after = if splat == ".*" && after.starts_with('[') { "" } else { after };
                format!("({source}){splat}{after}")
            }
            8 => {
                let function = self.random.pick(&["keys", "values"]);
                format!("{function}({})", self.of(Kind::Keyed, down))
            }
            9 => {
                let function =
                    self.random.pick(&["concat", "setunion", "flatten", "distinct", "reverse", "compact", "sort"]);
                let first = self.of(Kind::Sequence, down);
                if matches!(function, "concat" | "setunion") {
                    format!("{function}({first}, {})", self.of(Kind::Sequence, down))
                } else {
                    format!("{function}({first})")
                }
            }
            _ => self.chosen(Kind::Sequence, down),
        }
    }

    fn keyed(&mut self, depth: usize) -> String {
        if depth == 0 {
            let known = [
                "{}",
                "{ a = 1 }",
                "{ a = 1, b = \"x\" }",
                "{ b = [1], a = null }",
                "tomap({ a = \"1\" })",
                "{ c = {} }",
            ];
            let other = ["var.later_map", "var.later_object", "{ a = var.secret }"];
            return if self.random.chance(6) { self.random.pick(&other) } else { self.random.pick(&known) }.to_owned();
        }
        let down = depth - 1;
        match self.random.below(8) {
            0..=2 => {
                let kind = self.kind();
                format!("{{ {} }}", self.attributes(kind, down, false))
            }
            3 => format!("tomap({})", self.of(Kind::Keyed, down)),
            4 => self.each(down, true),
            5 => format!("merge({}, {})", self.of(Kind::Keyed, down), self.of(Kind::Keyed, down)),
            6 => format!("zipmap([\"a\", \"b\"], {})", self.of(Kind::Sequence, down)),
            _ => self.chosen(Kind::Keyed, down),
        }
    }

    /// A `for` expression.
    fn each(&mut self, depth: usize, keyed: bool) -> String {
        let kind = if self.random.chance(2) { Kind::Keyed } else { Kind::Sequence };
        let source = self.of(kind, depth);
        let with_key = self.random.chance(2);
        let key = if with_key { format!("{}, ", self.bind()) } else { String::new() };
        let value = self.bind();
        let result = if self.random.chance(2) { value.clone() } else { self.any(depth.min(1)) };
        let test =
            if self.random.chance(3) { format!(" if {}", self.of(Kind::Bool, depth.min(1))) } else { String::new() };
        let text = if keyed {
            let (name, group) =
                (self.names[self.names.len() - 1 - usize::from(with_key)].clone(), self.random.chance(2));
            let name = if self.random.chance(3) { format!("\"${{{name}}}\"") } else { name };
            let dots = if group { "..." } else { "" };
            format!("{{for {key}{value} in {source} : {name} => {result}{dots}{test}}}")
        } else {
            format!("[for {key}{value} in {source} : {result}{test}]")
        };
        self.names.truncate(self.names.len() - 1 - usize::from(with_key));
        text
    }

    fn bind(&mut self) -> String {
        let name = format!("n{}", self.names.len());
        self.names.push(name.clone());
        name
    }

    fn kind(&mut self) -> Kind {
        [Kind::Number, Kind::Text, Kind::Bool, Kind::Sequence, Kind::Keyed, Kind::Any][self.random.below(6)]
    }

    fn elements(&mut self, kind: Kind, depth: usize, most: usize) -> String {
        let count = self.random.below(most + 1);
        (0..count).map(|_| self.of(kind, depth)).collect::<Vec<_>>().join(", ")
    }

    fn attributes(&mut self, kind: Kind, depth: usize, named: bool) -> String {
        let count = self.random.below(4);
        let mut used: Vec<String> = Vec::new();
        let mut attributes = Vec::new();
        for _ in 0..count {
            let key =
                if named { self.random.pick(NAMES).to_owned() } else { format!("\"{}\"", self.random.pick(KEYS)) };
            if !used.contains(&key) {
                attributes.push(format!("{key} = {}", self.of(kind, depth)));
                used.push(key);
            }
        }
        attributes.join(", ")
    }
}

/// What stands inside of a quoted template has no line breaks.
fn one_line(text: String) -> String {
    if text.contains('\n') { "1".to_owned() } else { text }
}
