//! What reports of a state are made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_value::{InstanceAddress, Marks, Value};

/// The objects and outputs of a state. Objects are shown in the order they are given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Its objects.
    pub objects: Vec<Object>,
    /// The root module's outputs.
    pub outputs: BTreeMap<Arc<str>, Output>,
}

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Which.
    pub address: InstanceAddress,
    /// Set for an old object that a replacement left behind.
    pub deposed: Option<Arc<str>>,
    /// The provider configuration's name.
    pub provider: Arc<str>,
    /// Its attributes, sensitive ones marked.
    pub value: Value,
    /// Whether its creation did not finish.
    pub tainted: bool,
}

/// An output.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its value.
    pub value: Value,
    /// Whether it is declared sensitive.
    pub sensitive: bool,
}

impl Output {
    /// The value, marked where the output is sensitive.
    pub(crate) fn marked(&self) -> Value {
        if self.sensitive { self.value.clone().with_marks(Marks::SENSITIVE) } else { self.value.clone() }
    }
}
