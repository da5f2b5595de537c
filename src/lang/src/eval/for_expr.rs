//! `for` expressions: a tuple or an object made from each element of a collection.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::Span;
use mesh_value::{Kind, Marks, Refinements, Type, Value};

use super::conditional::truth;
use super::evaluator::{Evaluator, Fault, Outcome, fault, object_key, unknown};
use crate::syntax::{Expr, ForExpr, Ident};

/// What a `for` goes through: key and element of each.
pub(crate) enum Items {
    /// All of them.
    Known(Vec<(Value, Value)>),
    /// How many there are is not known yet: one that stands for each.
    Unknown((Value, Value)),
}

/// The keys and elements of a collection, in its order.
pub(crate) fn items(collection: &Value, span: Span) -> Result<Items, Fault> {
    let refuse = |detail: String| Box::new(fault("invalid-for", "Invalid collection", detail).at(span));
    let pairs = match collection.kind() {
        Kind::List(_) | Kind::Tuple(_) => {
            let elements = collection.as_slice().unwrap_or_default().iter().enumerate();
            elements.map(|(index, element)| (Value::number(index), element.clone())).collect()
        }
        Kind::Set(set) => set.1.iter().map(|element| (element.clone(), element.clone())).collect(),
        Kind::Map(_) | Kind::Object(_) => {
            let entries = collection.as_entries().unwrap_or_default().iter();
            entries.map(|(key, element)| (Value::string(key.clone()), element.clone())).collect()
        }
        Kind::Unknown(unknown) => {
            return one_for_each(&unknown.0).map(Items::Unknown).ok_or_else(|| {
                refuse(format!(
                    "A for goes through a list, set, tuple, map or object; this is {}.",
                    collection.describe()
                ))
            });
        }
        Kind::Null(_) => return Err(refuse("A for goes through a collection, this is null.".to_owned())),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            return Err(refuse(format!(
                "A for goes through a list, set, tuple, map or object; this is {}.",
                collection.describe()
            )));
        }
    };
    Ok(Items::Known(pairs))
}

fn one_for_each(ty: &Type) -> Option<(Value, Value)> {
    let same = |types: Vec<Type>| mesh_value::unify(&types).unwrap_or(Type::Any);
    let key = |ty| Value::unknown_with(ty, Refinements::not_null());
    Some(match ty {
        Type::Any => (unknown(), unknown()),
        Type::List(element) => (key(Type::Number), Value::unknown(element.as_ref().clone())),
        Type::Tuple(types) => (key(Type::Number), Value::unknown(same(types.to_vec()))),
        Type::Set(element) => (Value::unknown(element.as_ref().clone()), Value::unknown(element.as_ref().clone())),
        Type::Map(element) => (key(Type::String), Value::unknown(element.as_ref().clone())),
        Type::Object(attributes) => {
            (key(Type::String), Value::unknown(same(attributes.iter().map(|a| a.ty.clone()).collect())))
        }
        Type::Bool | Type::Number | Type::String => return None,
    })
}

/// The names that a `for` binds for one element.
pub(super) fn bindings(
    key_var: Option<&Ident>,
    value_var: &Ident,
    (key, value): (Value, Value),
) -> impl Iterator<Item = (Arc<str>, Value)> + use<> {
    key_var.map(|name| (name.text.clone(), key)).into_iter().chain([(value_var.text.clone(), value)])
}

/// What a `for` has made so far.
struct Made {
    elements: Vec<Value>,
    entries: BTreeMap<Arc<str>, Vec<Value>>,
    /// Whether every key and condition was known.
    is_known: bool,
    marks: Marks,
}

impl Evaluator<'_> {
    /// A tuple, or with a key an object.
    pub(super) fn for_expr(&mut self, each: &ForExpr) -> Outcome {
        let collection = self.eval(&each.collection);
        let mut made =
            Made { elements: Vec::new(), entries: BTreeMap::new(), is_known: true, marks: collection.marks() };
        match items(&collection, each.collection.span)? {
            Items::Known(pairs) => {
                if let (Some(condition), true) = (&each.condition, pairs.is_empty()) {
                    self.check_condition(each, condition);
                }
                for pair in pairs {
                    let names = bindings(each.key_var.as_ref(), &each.value_var, pair);
                    self.with_names(names, |inside| inside.for_element(each, &mut made));
                }
            }
            Items::Unknown(pair) => {
                let names = bindings(each.key_var.as_ref(), &each.value_var, pair);
                self.with_names(names, |inside| inside.for_reads(|inside| inside.for_element(each, &mut made)));
                let (fewest, most) = collection.length_bounds().unwrap_or((0, u64::MAX));
                let fewest = if each.condition.is_some() { 0 } else { fewest };
                let most = (most != u64::MAX).then_some(most);
                let known =
                    if each.key.is_some() { Refinements::not_null() } else { Refinements::length(fewest, most) };
                return Ok(Value::unknown_with(Type::Any, known).with_marks(made.marks));
            }
        }
        let result = if !made.is_known {
            Value::unknown_with(Type::Any, Refinements::not_null())
        } else if each.key.is_none() {
            Value::tuple(made.elements)
        } else if each.group {
            Value::object(made.entries.into_iter().map(|(key, values)| (key, Value::tuple(values))))
        } else {
            Value::object(made.entries.into_iter().filter_map(|(key, mut values)| Some((key, values.pop()?))))
        };
        Ok(result.with_marks(made.marks))
    }

    /// A condition that is no bool whatever the element is wrong also where there are no elements.
    fn check_condition(&mut self, each: &ForExpr, condition: &Expr) {
        let names = bindings(each.key_var.as_ref(), &each.value_var, (unknown(), unknown()));
        self.with_names(names, |inside| {
            let value = inside.eval(condition);
            if let Err(fault) = truth(&value, "The condition of a for", condition.span) {
                inside.report(condition, *fault);
            }
        });
    }

    fn for_element(&mut self, each: &ForExpr, made: &mut Made) {
        if let Some(condition) = &each.condition {
            let value = self.eval(condition);
            match truth(&value, "The condition of a for", condition.span) {
                Ok((test, marks)) => {
                    made.marks |= marks;
                    match test {
                        Some(true) => {}
                        Some(false) => return,
                        None => made.is_known = false,
                    }
                }
                Err(fault) => {
                    self.report(condition, *fault);
                    made.is_known = false;
                }
            }
        }
        match &each.key {
            None => made.elements.push(self.eval(&each.value)),
            Some(key) => self.for_entry(each, key, made),
        }
    }

    fn for_entry(&mut self, each: &ForExpr, key_expr: &Expr, made: &mut Made) {
        let key = self.eval(key_expr);
        made.marks |= key.deep_marks();
        let value = self.eval(&each.value);
        let name = match object_key(&key) {
            Ok(Some(name)) => name,
            Ok(None) => {
                made.is_known = false;
                return;
            }
            Err(fault) => {
                made.is_known = false;
                return self.report(key_expr, *fault);
            }
        };
        let values = made.entries.entry(name.clone()).or_default();
        if !values.is_empty() && !each.group {
            let shown = if made.marks.is_hidden() { "one key".to_owned() } else { format!("the key {name:?}") };
            let detail = format!("Two elements give {shown}.");
            let error = fault("duplicate-key", "Duplicate object key", detail);
            self.report(key_expr, error.hint("Write ... after the value to collect the values of each key in a list."));
        }
        values.push(value);
    }
}
