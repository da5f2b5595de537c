//! A policy document as JSON: how one is read, merged with others, and written.
//!
//! It is written as Terraform writes it, to the character: elements in this order, a list of one as its element, texts of
//! a list in descending order, two blanks to a level, and `<`, `>`, `&` as escapes.

use std::collections::BTreeMap;

use mesh_provider::Failure;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

/// A whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Form {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) version: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) id: String,
    #[serde(default, rename = "Statement", skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub(super) statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Statement {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) sid: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<Texts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_action: Option<Texts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<Texts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_resource: Option<Texts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal: Option<Principals>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_principal: Option<Principals>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<Conditions>,
}

/// One text or a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text or a list of texts")]
pub(super) enum Texts {
    /// A text.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be \"*\" or have lists of principals")]
pub(super) enum Principals {
    /// `"*"`
    Everybody(String),
    /// By kind, such as `AWS` or `Service`.
    Kinds(BTreeMap<String, Texts>),
}

/// Values by operator and key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Conditions(pub(super) BTreeMap<String, BTreeMap<String, Values>>);

/// What a key is compared with. Its order stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Values(pub(super) Vec<String>);

impl Form {
    /// Reads a document. The error is in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut form: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        for statement in &mut form.statements {
            for principals in [&mut statement.principal, &mut statement.not_principal].into_iter().flatten() {
                if let Principals::Kinds(kinds) = principals {
                    *principals = Principals::of(std::mem::take(kinds));
                }
            }
        }
        Ok(form)
    }

    /// Adds another document: its id and a higher version count, and its statements take the place of those with their
    /// `sid`.
    pub(super) fn merge(&mut self, other: Self) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if other.version > self.version {
            self.version = other.version;
        }
        for statement in other.statements {
            let same = self.statements.iter_mut().find(|own| !own.sid.is_empty() && own.sid == statement.sid);
            match same {
                Some(own) => *own = statement,
                None => self.statements.push(statement),
            }
        }
    }

    /// Over several lines.
    pub(super) fn pretty(&self) -> Result<String, Failure> {
        written(serde_json::to_string_pretty(self))
    }

    /// On one line.
    pub(super) fn minified(&self) -> Result<String, Failure> {
        written(serde_json::to_string(self))
    }
}

impl Texts {
    /// These texts; `None` where there are none.
    pub(super) fn of(texts: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut texts: Vec<_> = texts.into_iter().collect();
        texts.sort_by(|left, right| right.cmp(left));
        match texts.len() {
            0 => None,
            1 => texts.pop().map(Self::One),
            _ => Some(Self::Many(texts)),
        }
    }
}

impl Principals {
    /// Principals by kind. Everybody of every kind is written in short.
    pub(super) fn of(mut kinds: BTreeMap<String, Texts>) -> Self {
        for who in kinds.values_mut() {
            if let Texts::Many(who) = who {
                who.sort_by(|left, right| right.cmp(left));
            }
        }
        let is_all = |who: &Texts| match who {
            Texts::One(who) => who == "*",
            Texts::Many(who) => matches!(who.as_slice(), [who] if who == "*"),
        };
        let everybody = kinds.len() == 1 && kinds.get("*").is_some_and(is_all);
        if everybody { Self::Everybody("*".to_owned()) } else { Self::Kinds(kinds) }
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [value] => value.serialize(serializer),
            values => values.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = |value: Json| match value {
            Json::String(text) => Ok(text),
            Json::Bool(_) | Json::Number(_) => Ok(value.to_string()),
            _ => Err(serde::de::Error::custom("the values of a condition must be texts, numbers or booleans")),
        };
        let values = match Json::deserialize(deserializer)? {
            Json::Array(values) => values.into_iter().map(text).collect::<Result<_, _>>()?,
            value => vec![text(value)?],
        };
        Ok(Self(values))
    }
}

/// A single statement may stand where a list of them does.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Statement>, D::Error> {
    let statements = match Json::deserialize(deserializer)? {
        Json::Array(statements) => statements,
        statement => vec![statement],
    };
    let read = |statement| serde_json::from_value(statement).map_err(serde::de::Error::custom);
    statements.into_iter().map(read).collect()
}

/// The text, with escapes for what could be taken for markup. Such characters stand nowhere but inside of texts.
fn written(json: serde_json::Result<String>) -> Result<String, Failure> {
    const ESCAPES: [(char, &str); 5] =
        [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")];
    let json = json.map_err(|error| Failure::new("Document can't be written", format!("{error}.")))?;
    Ok(ESCAPES.iter().fold(json, |json, (plain, escape)| json.replace(*plain, escape)))
}
