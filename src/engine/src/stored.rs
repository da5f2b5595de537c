//! Values as the state has them, brought to the schema of this build.

use mesh_config::provider_type;
use mesh_diagnostics::Diagnostic;
use mesh_provider::Failure;
use mesh_value::{AttributePath, AttributeSchema, BlockSchema, Marks, Nesting, Schema, Type, Value, convert};

use crate::Providers;
use crate::prior::PriorObject;
use crate::secrets::Secrets;

/// The value of an object under the current schema of its type.
///
/// # Errors
/// Where the type is gone, the record is newer than this build, or the provider can't bring it up.
pub fn current(providers: &Providers, object: &PriorObject) -> Result<Value, Box<Diagnostic>> {
    let (record, ty) = (&object.record, object.address.block.ty.as_ref());
    let local = provider_type(&record.provider);
    let schema = providers.schema(&local).and_then(|schema| schema.resources.get(ty));
    let Some(schema) = schema else {
        let detail =
            format!("The state has {}, but provider `{local}` of this build has no type `{ty}`.", object.address);
        let error = Diagnostic::error("unknown-stored-type", "Unknown type in the state", detail);
        return Err(Box::new(error.about(&object.address)));
    };
    let problem = |why: String| {
        let detail = format!("The state's record of {} can't be used: {why}.", object.address);
        Box::new(Diagnostic::error("unusable-record", "Unusable record in the state", detail).about(&object.address))
    };
    if record.schema_version > schema.version {
        let why = format!(
            "it was written under version {} of its schema, and this build knows version {} only; use a newer mesh",
            record.schema_version, schema.version
        );
        return Err(problem(why));
    }
    if record.schema_version < schema.version {
        let Some(provider) = providers.get(&local) else { return Err(problem("its provider is gone".to_owned())) };
        let stored = mesh_value::to_plain_json(&record.value).map_err(|error| problem(error.to_string()))?;
        let upgraded =
            provider.upgrade_state(ty, record.schema_version, &stored).map_err(|e| problem(e.to_string()))?;
        return Ok(marked(schema, with_marks_of(&record.value, upgraded)));
    }
    let value = conform(&record.value, schema).map_err(|error| problem(error.to_string()))?;
    Ok(marked(schema, value))
}

/// A stored value as the schema's type. Attributes that the schema gained since are null.
fn conform(value: &Value, schema: &Schema) -> Result<Value, mesh_value::ConversionError> {
    if schema.block.fits(value) {
        return Ok(value.clone());
    }
    let ty = schema.block.implied_type();
    let (Type::Object(attributes), Some(_)) = (&ty, value.as_entries()) else { return convert(value, &ty) };
    let complete = Value::object(attributes.iter().map(|attribute| {
        let stored = value.get(&attribute.name).cloned();
        (attribute.name.clone(), stored.unwrap_or_else(|| Value::null(attribute.ty.without_optional())))
    }));
    convert(&complete.with_marks(value.marks()), &ty)
}

/// A value that a provider says exists, held against the schema: of its type, and wholly known.
///
/// # Errors
/// What does not fit.
pub fn checked(schema: &Schema, value: Value) -> Result<Value, String> {
    let value = shaped(schema, value)?;
    let mut open = None;
    value.walk(&mut |path, part| {
        if !part.is_known() && open.is_none() {
            open = Some(path.to_string());
        }
        !part.is_wholly_known()
    });
    match open {
        Some(path) => Err(format!("`{}` is still not known", path.trim_start_matches('.'))),
        None => Ok(value),
    }
}

/// A value that a provider says exists or will exist, held against the schema's type. Parts may be unknown.
///
/// # Errors
/// What does not fit.
pub fn shaped(schema: &Schema, value: Value) -> Result<Value, String> {
    if schema.block.fits(&value) {
        return Ok(value);
    }
    if value.as_entries().is_none() {
        return Err(format!("an object is expected, and this is {}", value.ty()));
    }
    let converted = convert(&value, &schema.block.implied_type()).map_err(|error| error.to_string())?;
    // Converting is forgiving: it makes a text of a number, which no provider should leave to it.
    let changed = |attribute: &AttributeSchema| {
        let (before, after) = (value.get(&attribute.name)?, converted.get(&attribute.name)?);
        // What is not known yet may still name optional attributes in its type; a value has all of them.
        let fits = before.same(after) || before.ty().without_optional() == after.ty();
        (!fits).then(|| format!("`{}` is {} instead of {}", attribute.name, before.ty(), attribute.ty))
    };
    schema.block.attributes.iter().find_map(changed).map_or(Ok(converted), Err)
}

/// As much of a value that does not fit the schema as can be kept: what does not fit, or is not known, is null.
pub fn salvaged(schema: &Schema, value: &Value) -> Value {
    let Type::Object(attributes) = schema.block.implied_type() else { return value.clone() };
    Value::object(attributes.iter().map(|attribute| {
        let part = value.get(&attribute.name).filter(|part| part.is_wholly_known());
        let part = part.and_then(|part| convert(part, &attribute.ty).ok());
        (attribute.name.clone(), part.unwrap_or_else(|| Value::null(attribute.ty.without_optional())))
    }))
}

/// A provider's failure to keep to its own schema.
pub fn misfit(done: &str, why: &str) -> Failure {
    let detail = format!("The object that was {done} does not fit the provider's own schema: {why}.");
    Failure::new("Object does not fit its schema", format!("{detail} This is a bug in the provider."))
}

/// Puts the schema's own sensitive marks on a value of its type.
pub fn marked(schema: &Schema, value: Value) -> Value {
    let sensitive = schema.block.attributes.iter().filter(|attribute| attribute.sensitive);
    let paths: Vec<(AttributePath, Marks)> =
        sensitive.map(|attribute| (AttributePath::attr(attribute.name.clone()), Marks::SENSITIVE)).collect();
    if paths.is_empty() { value } else { value.with_marks_at(&paths) }
}

/// Puts the marks that one value has on another of the same shape. An attribute that holds the same as a marked one, or
/// a text that holds its text, is marked too: a provider that echoes a secret doesn't know that it is one.
pub fn with_marks_of(marked: &Value, value: Value) -> Value {
    if marked.deep_marks().is_empty() || value.is_null() {
        return value;
    }
    let (unmarked, mut paths) = marked.unmark_deep();
    let mut texts = Secrets::default();
    texts.note(&unmarked, &paths);
    let secrets: Vec<&Value> = marked
        .as_entries()
        .unwrap_or_default()
        .iter()
        .map(|(_, entry)| entry)
        .filter(|entry| entry.deep_marks().is_sensitive() && !entry.is_null() && entry.is_known())
        .collect();
    for (name, entry) in value.as_entries().unwrap_or_default() {
        let is_echo =
            texts.are_in(entry) || secrets.iter().any(|secret| secret.same(entry) && entry.as_bool().is_none());
        if is_echo {
            paths.push((AttributePath::attr(name.clone()), Marks::SENSITIVE));
        }
    }
    value.with_marks_at(&paths)
}

/// A block in which nothing is written.
pub fn empty(block: &BlockSchema) -> Value {
    let attributes = block.attributes.iter().map(|attribute| {
        (
            attribute.name.clone(),
            attribute.default.clone().unwrap_or_else(|| Value::null(attribute.ty.without_optional())),
        )
    });
    let blocks = block.blocks.iter().map(|nested| {
        let object = nested.block.implied_type();
        let value = match nested.nesting {
            Nesting::Single => Value::null(object),
            Nesting::Group => empty(&nested.block),
            Nesting::List => Value::list(object, Vec::new()),
            Nesting::Set => Value::set(object, Vec::new()),
            Nesting::Map => Value::map(object, []),
        };
        (nested.name.clone(), value)
    });
    Value::object(attributes.chain(blocks))
}
