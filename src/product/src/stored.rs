//! The form in which plans and states keep a product: what it reads stands there by its id alone, and no budget is no
//! entry, as in states that were written before there were any.

use mesh_value::{BlockSchema, ObjectAttribute, Type, Value};

use crate::schema::schema;

/// The type of a kept product. It is that of the block, except that an input's `port` is a text, the id of a port, and
/// that `budget` may be left out.
#[must_use]
pub fn stored_type() -> Type {
    let mut block = schema();
    if let Some(port) = input(&mut block).and_then(|input| input.attributes.iter_mut().find(|a| &*a.name == "port")) {
        port.ty = Type::String;
    }
    let Type::Object(attributes) = block.implied_type() else { return block.implied_type() };
    Type::object_with(attributes.iter().cloned().map(|attribute| {
        let optional = attribute.name.as_ref() == "budget";
        ObjectAttribute { optional, ..attribute }
    }))
}

fn input(block: &mut BlockSchema) -> Option<&mut BlockSchema> {
    block.blocks.iter_mut().find(|nested| &*nested.name == "input").map(|nested| &mut nested.block)
}

/// The decoded body of a `data_product` block as it is kept: each input with the id of the port that it reads instead of
/// everything that is known of that port. What is kept so stays as it is.
#[must_use]
pub fn stored_value(value: &Value) -> Value {
    let Some(inputs) = value.get("input").and_then(Value::as_slice) else { return value.clone() };
    let Some(entries) = value.as_entries() else { return value.clone() };
    let by_id: Vec<Value> = inputs.iter().map(with_port_id).collect();
    let ty = by_id.first().map_or(Type::Any, Value::ty);
    let entries = entries.iter().filter(|(name, entry)| name.as_ref() != "budget" || !entry.is_null());
    let entries = entries.map(|(name, entry)| {
        let entry = if &**name == "input" { Value::list(ty.clone(), by_id.clone()) } else { entry.clone() };
        (name.clone(), entry)
    });
    Value::object(entries)
}

fn with_port_id(input: &Value) -> Value {
    let entries = input.as_entries().unwrap_or_default().iter().map(|(name, entry)| {
        let is_port = &**name == "port";
        let entry = match entry.get("address") {
            Some(address) if is_port => address.clone(),
            _ if is_port && !entry.is_known() => Value::unknown(Type::String),
            _ => entry.clone(),
        };
        (name.clone(), entry)
    });
    Value::object(entries)
}
