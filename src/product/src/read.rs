//! From a decoded `data_product` block to a descriptor: every problem is collected with the path of what is at fault.

use std::collections::BTreeMap;

use mesh_cost::Budget;
use mesh_diagnostics::Diagnostic;
use mesh_value::{AttributePath, Kind, PathStep, Value};

use crate::check::{Problem, check};
use crate::{Classification, Column, ColumnType, Descriptor, InputPort, Late, OutputPort, PortKind};

impl Descriptor {
    /// Reads the decoded body of the block labelled `name`: an object as [`schema`](crate::schema) describes.
    ///
    /// Locations, descriptions, tags, the owner and what inputs read may be known after apply; what makes the contract
    /// may not.
    ///
    /// A body in whose decoding errors were found holds values that are not known in their places, so report those
    /// errors and don't read it.
    ///
    /// # Errors
    /// All problems, in the block's order, each with the attribute at fault.
    pub fn from_value(name: &str, value: &Value) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { path: AttributePath::default(), problems: Vec::new() };
        let descriptor = reader.descriptor(name, value);
        let mut problems = reader.problems;
        if let Some(descriptor) = &descriptor {
            check(descriptor, &mut problems);
        }
        match descriptor {
            Some(descriptor) if problems.is_empty() => Ok(descriptor),
            _ => Err(problems),
        }
    }
}

struct Reader {
    path: AttributePath,
    problems: Vec<Problem>,
}

impl Reader {
    /// `None` only where something that every descriptor has could not be read, and that was reported.
    fn descriptor(&mut self, name: &str, value: &Value) -> Option<Descriptor> {
        let domain = self.known_text(value, "domain");
        let version = self.known_text(value, "version").and_then(|text| self.version(&text));
        let owner = self.late_text(value, "owner");
        let owner = owner.or_else(|| self.missing("owner"));
        let description = self.late_text(value, "description");
        let tags = self.tags(value);
        let budget = self.budget(value);
        let outputs = self.list(value, "output", Self::output_port);
        let inputs = self.list(value, "input", Self::input_port);
        Some(Descriptor {
            domain: domain?,
            name: name.to_owned(),
            version: version?,
            owner: owner?,
            description,
            tags,
            budget,
            outputs: outputs?,
            inputs: inputs?,
        })
    }

    fn budget(&mut self, value: &Value) -> Option<Budget> {
        match mesh_cost::declare::budget::of(value) {
            Ok(budget) => budget,
            Err(problems) => {
                let problems = problems.into_iter();
                self.problems
                    .extend(problems.map(|problem| Problem { path: problem.path, diagnostic: problem.diagnostic }));
                None
            }
        }
    }

    fn output_port(&mut self, value: &Value) -> Option<OutputPort> {
        let name = self.known_text(value, "name");
        let kind = self.word(value, "kind", PortKind::ALL);
        let kind = kind.or_else(|| self.missing_unless_reported("kind", value));
        let location = self.late_text(value, "location");
        let description = self.late_text(value, "description");
        let (mut columns, mut primary_key) = (Some(Vec::new()), Some(Vec::new()));
        if let Some(schema) = value.get("schema").filter(|schema| !schema.is_null()) {
            self.path.push(PathStep::Attr("schema".into()));
            if schema.is_known() {
                columns = self.list(schema, "column", Self::column);
                primary_key = self.primary_key(schema);
            } else {
                (columns, primary_key) = (self.not_known(), None);
            }
            self.path.pop();
        }
        Some(OutputPort {
            name: name?,
            kind: kind?,
            location,
            description,
            columns: columns?,
            primary_key: primary_key?,
        })
    }

    fn column(&mut self, value: &Value) -> Option<Column> {
        let name = self.known_text(value, "name");
        let ty = self.known_text(value, "type").and_then(|text| self.column_type(&text));
        let required = match value.get("required").map(Value::kind) {
            Some(Kind::Unknown(_)) => self.at("required", |reader| reader.not_known()),
            Some(Kind::Bool(required)) => Some(*required),
            _ => Some(false),
        };
        let classification = self.word(value, "classification", Classification::ALL);
        let description = self.late_text(value, "description");
        Some(Column { name: name?, ty: ty?, required: required?, classification, description })
    }

    fn primary_key(&mut self, schema: &Value) -> Option<Vec<String>> {
        let Some(key) = schema.get("primary_key").filter(|key| !key.is_null()) else { return Some(Vec::new()) };
        self.at("primary_key", |reader| {
            if !reader.is_public(key) {
                return None;
            }
            if !key.is_wholly_known() {
                return reader.not_known();
            }
            Some(key.as_slice()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        })
    }

    fn input_port(&mut self, value: &Value) -> Option<InputPort> {
        let name = self.known_text(value, "name");
        let port = self.at("port", |reader| reader.port(value.get("port")));
        let description = self.late_text(value, "description");
        Some(InputPort { name: name?, port: port?, description })
    }

    /// A reference to a port, as the object that `data_product.x.ports.y` is or as its id.
    fn port(&mut self, value: Option<&Value>) -> Option<Late<String>> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return self.report(
                "missing-argument",
                "Missing argument",
                "An input says in `port` what it reads.",
                PORT_HINT,
            );
        };
        if !self.is_public(value) {
            return None;
        }
        if !value.is_known() {
            return Some(Late::KnownAfterApply);
        }
        let address = value.get("address").unwrap_or(value);
        match address.kind() {
            Kind::Unknown(_) => Some(Late::KnownAfterApply),
            Kind::String(text) => Some(Late::Known(text.as_ref().to_owned())),
            _ => {
                let detail = format!(
                    "`port` can't be this value: it is {}, and must be a port or a port's id.",
                    value.describe()
                );
                self.report("wrong-type", "Wrong type", &detail, PORT_HINT)
            }
        }
    }

    fn tags(&mut self, value: &Value) -> BTreeMap<String, Late<String>> {
        let Some(tags) = value.get("tags") else { return BTreeMap::new() };
        let is_public = self.at("tags", |reader| reader.is_public(tags));
        if !is_public {
            return BTreeMap::new();
        }
        let late = |value: &Value| value.as_str().map_or(Late::KnownAfterApply, |text| Late::Known(text.to_owned()));
        let entries = tags.as_entries().unwrap_or_default().iter();
        entries
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.as_ref().to_owned(), late(value)))
            .collect()
    }

    fn version(&mut self, text: &str) -> Option<semver::Version> {
        match semver::Version::parse(text) {
            Ok(version) => Some(version),
            Err(error) => self.at("version", |reader| {
                let detail = format!("`{text}` is no semantic version: {error}.");
                reader.report(
                    "invalid-version",
                    "Invalid version",
                    &detail,
                    "Write it as `MAJOR.MINOR.PATCH`, such as `1.0.0`.",
                )
            }),
        }
    }

    fn column_type(&mut self, text: &str) -> Option<ColumnType> {
        match text.parse::<ColumnType>() {
            Ok(ty) => Some(ty),
            Err(error) => self.at("type", |reader| {
                let mut diagnostic =
                    Diagnostic::error("unknown-column-type", "Unknown column type", format!("{error}."));
                if let Some(meant) = error.meant {
                    diagnostic = diagnostic.hint(format!("Did you mean `{meant}`?"));
                }
                reader.push(diagnostic)
            }),
        }
    }

    /// One of a few words; `None` where it is absent, or wrong and reported.
    fn word<T: Copy>(&mut self, value: &Value, name: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.optional_known_text(value, name)?;
        if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*found);
        }
        self.at(name, |reader| {
            let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let detail = format!("`{name}` can't be `{text}`; it takes {}.", known.join(", "));
            let diagnostic = Diagnostic::error("unknown-word", "Unknown word", detail);
            reader.push(diagnostic.suggest(&text, words.iter().map(|(word, _)| *word)))
        })
    }

    /// Text that must be there and known when planning.
    fn known_text(&mut self, value: &Value, name: &'static str) -> Option<String> {
        let count = self.problems.len();
        let text = self.optional_known_text(value, name);
        if text.is_none() && self.problems.len() == count { self.missing(name) } else { text }
    }

    fn optional_known_text(&mut self, value: &Value, name: &'static str) -> Option<String> {
        match self.late_text(value, name)? {
            Late::Known(text) => Some(text),
            Late::KnownAfterApply => self.at(name, |reader| reader.not_known()),
        }
    }

    /// Text that may be known after apply.
    fn late_text(&mut self, value: &Value, name: &'static str) -> Option<Late<String>> {
        let text = value.get(name).filter(|text| !text.is_null())?;
        if !self.at(name, |reader| reader.is_public(text)) {
            return None;
        }
        Some(text.as_str().map_or(Late::KnownAfterApply, |text| Late::Known(text.to_owned())))
    }

    /// Every block of a kind. All are read, so that the problems of all are found.
    fn list<T>(
        &mut self,
        value: &Value,
        name: &'static str,
        read: impl Fn(&mut Self, &Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(blocks) = value.get(name).filter(|blocks| !blocks.is_null()) else { return Some(Vec::new()) };
        self.at(name, |reader| {
            let Some(blocks) = blocks.as_slice() else { return reader.not_known() };
            let mut found = Some(Vec::with_capacity(blocks.len()));
            for (index, block) in blocks.iter().enumerate() {
                reader.path.push(PathStep::Index(index));
                let read = if block.is_known() { read(reader, block) } else { reader.not_known() };
                reader.path.pop();
                found = found.zip(read).map(|(mut found, one)| {
                    found.push(one);
                    found
                });
            }
            found
        })
    }

    fn at<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(PathStep::Attr(name.into()));
        let result = read(self);
        self.path.pop();
        result
    }

    /// Reports a value that may not be published.
    fn is_public(&mut self, value: &Value) -> bool {
        let marks = value.deep_marks();
        let is_public = !marks.is_hidden();
        if marks.is_ephemeral() {
            self.push::<()>(
                Diagnostic::error(
                    "ephemeral-value",
                    "Ephemeral value where one is kept",
                    "A data product's descriptor is kept in the state, so it can't hold an ephemeral value.",
                )
                .hint("Leave the value out."),
            );
        } else if !is_public {
            self.push::<()>(
                Diagnostic::error(
                    "sensitive-descriptor",
                    "Sensitive value in a descriptor",
                    "A data product's descriptor is published for everyone in the mesh, so it can't hold a sensitive value.",
                )
                .hint("Leave the value out, or say that it is none with `nonsensitive(...)`."),
            );
        }
        is_public
    }

    fn not_known<T>(&mut self) -> Option<T> {
        self.report(
            "contract-known-after-apply",
            "Contract known after apply",
            "This is part of the product's contract, which a plan compares and shows, and it is known after apply only.",
            "Write it from variables and locals rather than from a resource's computed attribute.",
        )
    }

    fn missing<T>(&mut self, name: &'static str) -> Option<T> {
        if self.problems.iter().any(|problem| problem.path == self.path.join(PathStep::Attr(name.into()))) {
            return None;
        }
        let detail = format!("`{name}` is required.");
        self.at(name, |reader| reader.push(Diagnostic::error("missing-argument", "Missing argument", detail)))
    }

    /// `missing`, where the attribute is null; else its value was reported.
    fn missing_unless_reported<T>(&mut self, name: &'static str, value: &Value) -> Option<T> {
        if value.get(name).is_none_or(Value::is_null) { self.missing(name) } else { None }
    }

    fn report<T>(&mut self, code: &'static str, summary: &'static str, detail: &str, hint: &str) -> Option<T> {
        self.push(Diagnostic::error(code, summary, detail).hint(hint))
    }

    fn push<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.problems.push(Problem { path: self.path.clone(), diagnostic });
        None
    }
}

const PORT_HINT: &str = "Write `data_product.other.ports.name`, or `\"domain.product/port@1.0.0\"`.";
