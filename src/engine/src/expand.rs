//! `count`, `for_each` and `enabled`: which instances a block has.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_config::{Repetition, ephemeral_value};
use mesh_diagnostics::{Diagnostic, Span};
use mesh_plan::Vertex;
use mesh_value::{Kind, ModulePath, Type, Value};

use crate::run::{Run, Standing};
use crate::scope::Repeated;
use crate::world::Instances;

/// Decides the instances of a block in a module instance; reads are recorded as `reader`'s.
pub fn expand(run: &Run<'_>, reader: &Vertex, module: &ModulePath, repetition: &Repetition) -> Instances {
    let expr = match repetition {
        Repetition::Once => return Instances::Single,
        Repetition::Count(expr) | Repetition::ForEach(expr) | Repetition::Enabled(expr) => expr,
    };
    let (value, standing) = run.evaluate(reader, module, Repeated::No, expr);
    match standing {
        Standing::Fine => {}
        // What was not made can't say how many there are, and nothing of this run will.
        Standing::LeftOut if !value.is_wholly_known() => {
            run.progress.borrow_mut().settle(reader, Standing::LeftOut);
            return Instances::Deferred;
        }
        Standing::LeftOut => {}
        Standing::Deferred => return Instances::Deferred,
        Standing::Failed => return Instances::Failed,
    }
    if value.deep_marks().is_ephemeral() {
        run.report(ephemeral_value(&format!("{}, which decides what the state has", repetition.argument()), expr.span));
        return Instances::Failed;
    }
    let decided = match repetition {
        Repetition::Count(_) => count(&value, expr.span),
        Repetition::Enabled(_) => enabled(&value, expr.span),
        _ => for_each(&value, expr.span),
    };
    decided.unwrap_or_else(|diagnostic| {
        run.report(*diagnostic);
        Instances::Failed
    })
}

/// More instances of one block than this are surely a mistake.
const MOST_INSTANCES: u64 = 1_000_000;

fn count(value: &Value, span: Span) -> Result<Instances, Box<Diagnostic>> {
    let wrong = |why: String| {
        let detail = format!("`count` takes a whole number from 0; {why}.");
        Err(Box::new(Diagnostic::error("invalid-count", "Invalid `count`", detail).at(span)))
    };
    if value.is_null() {
        return wrong("this is null".to_owned());
    }
    if !value.is_known() {
        return Ok(Instances::Deferred);
    }
    let converted = match mesh_value::convert(value, &Type::Number) {
        Ok(converted) => converted,
        Err(error) => return wrong(error.to_string()),
    };
    match converted.as_number().and_then(mesh_value::Number::to_u64) {
        Some(count) if count <= MOST_INSTANCES => Ok(Instances::Count(count)),
        Some(count) => wrong(format!("{count} is more than the {MOST_INSTANCES} that a block may have")),
        None => wrong(format!("this is {}", value.describe())),
    }
}

fn enabled(value: &Value, span: Span) -> Result<Instances, Box<Diagnostic>> {
    let wrong = |why: String| {
        let detail = format!("`enabled` is true or false; {why}.");
        Err(Box::new(Diagnostic::error("invalid-enabled", "Invalid `enabled`", detail).at(span)))
    };
    if value.marks().is_sensitive() {
        return wrong("a sensitive value can't be used, because it is shown whether there is an object".to_owned());
    }
    if value.is_null() {
        return wrong("this is null".to_owned());
    }
    if !value.is_known() {
        return Ok(Instances::Deferred);
    }
    match mesh_value::convert(value, &Type::Bool).map(|value| value.as_bool()) {
        Ok(Some(true)) => Ok(Instances::Single),
        Ok(_) => Ok(Instances::Disabled),
        Err(error) => wrong(error.to_string()),
    }
}

fn for_each(value: &Value, span: Span) -> Result<Instances, Box<Diagnostic>> {
    let wrong = |why: String| {
        let detail = format!("`for_each` takes a map, an object, or a set of strings; {why}.");
        let error = Diagnostic::error("invalid-for-each", "Invalid `for_each`", detail).at(span);
        let is_sequence = matches!(value.kind(), Kind::Tuple(_) | Kind::List(_));
        Err(Box::new(if is_sequence {
            error.hint("A list has no keys to name instances by: turn it into a set with `toset(...)`, or use `count`.")
        } else {
            error
        }))
    };
    if value.marks().is_sensitive() {
        return wrong("a sensitive value can't be used, because instance keys are shown".to_owned());
    }
    if value.is_null() {
        return wrong("this is null".to_owned());
    }
    match value.kind() {
        Kind::Unknown(_) => Ok(Instances::Deferred),
        Kind::Map(_) | Kind::Object(_) => {
            let entries = value.as_entries().unwrap_or_default();
            Ok(Instances::ForEach(Arc::new(entries.iter().cloned().collect())))
        }
        Kind::Set(_) => {
            let mut keys: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            for element in value.as_slice().unwrap_or_default() {
                if !element.is_known() {
                    return Ok(Instances::Deferred);
                }
                match element.as_str() {
                    Some(key) if !element.marks().is_sensitive() => {
                        keys.insert(key.into(), element.clone());
                    }
                    _ => return wrong(format!("this set holds {}", element.describe())),
                }
            }
            Ok(Instances::ForEach(Arc::new(keys)))
        }
        _ => wrong(format!("this is {}", value.describe())),
    }
}
