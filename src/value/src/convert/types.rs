//! Conversion seen from the types alone: which type converts to which, and the type that several have in common.

use crate::{Kind, ObjectAttribute, Type, Value};

/// Whether values of a type may convert to another. Whether one does may depend on it: not each string is a number.
#[must_use]
pub fn can_convert(from: &Type, to: &Type) -> bool {
    converted_type(from, to).is_some()
}

/// The type that a value of type `from` has after conversion to `to`: `to` with its `any`s decided as far as `from`
/// decides them, and without optional attributes. `None` where no value of `from` converts.
#[must_use]
pub fn converted_type(from: &Type, to: &Type) -> Option<Type> {
    match (from, to) {
        (_, Type::Any) => Some(from.without_optional()),
        (Type::Any, _) => Some(to.without_optional()),
        (Type::Bool, Type::Bool | Type::String)
        | (Type::Number, Type::Number | Type::String)
        | (Type::String, Type::Bool | Type::Number | Type::String) => Some(to.clone()),
        (Type::List(from) | Type::Set(from), Type::List(to)) => converted_type(from, to).map(Type::list),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => converted_type(from, to).map(Type::set),
        (Type::Map(from), Type::Map(to)) => converted_type(from, to).map(Type::map),
        (Type::Tuple(from), Type::List(to)) => common_element(from.iter(), to).map(Type::list),
        (Type::Tuple(from), Type::Set(to)) => common_element(from.iter(), to).map(Type::set),
        (Type::Object(from), Type::Map(to)) => {
            common_element(from.iter().map(|attribute| &attribute.ty), to).map(Type::map)
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            let elements: Option<Vec<_>> =
                from.iter().zip(to.iter()).map(|(from, to)| converted_type(from, to)).collect();
            elements.map(Type::tuple)
        }
        (Type::Object(_) | Type::Map(_), Type::Object(attributes)) => {
            let converted: Option<Vec<_>> = attributes.iter().map(|to| converted_attribute(from, to)).collect();
            converted.map(Type::object_with)
        }
        _ => None,
    }
}

fn converted_attribute(from: &Type, to: &ObjectAttribute) -> Option<ObjectAttribute> {
    let source = from.element().or_else(|| from.attribute(&to.name).map(|attribute| &attribute.ty));
    let ty = match source {
        Some(source) => converted_type(source, &to.ty)?,
        None if to.optional => to.ty.without_optional(),
        None => return None,
    };
    Some(ObjectAttribute { name: to.name.clone(), ty, optional: false })
}

fn common_element<'a>(from: impl Iterator<Item = &'a Type>, to: &Type) -> Option<Type> {
    let converted: Option<Vec<_>> = from.map(|from| converted_type(from, to)).collect();
    let converted = converted?;
    if to.has_any() && !converted.is_empty() { unify(&converted) } else { Some(to.without_optional()) }
}

/// The type that values of all these types convert to, as a conditional's two results or a list's elements do.
///
/// Primitives meet in string; tuples of different lengths in a list; objects of different attributes in a map;
/// a tuple and a list or set in that; a list and a set in a list. `any` among others than primitives leaves the
/// answer at `any`.
/// `None` where there is no common type, as for a number and a bool.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    let Some((first, rest)) = types.split_first() else { return Some(Type::Any) };
    if rest.iter().all(|ty| ty == first) {
        return Some(first.without_optional());
    }
    if types.contains(&Type::Any) {
        return unify_open(types);
    }
    if types.iter().all(Type::is_primitive) {
        return types.contains(&Type::String).then_some(Type::String);
    }
    unify_tuples(types)
        .unwrap_or_else(|| unify_objects(types).or_else(|| unify_sequences(types)).or_else(|| unify_keyed(types)))
}

/// With `any` among them: what is open becomes a primitive as well as any other, and else leaves the answer open, but
/// for tuples and objects that can't meet whatever it becomes.
fn unify_open(types: &[Type]) -> Option<Type> {
    let decided: Vec<_> = types.iter().filter(|ty| !matches!(ty, Type::Any)).cloned().collect();
    let are = |kind: fn(&Type) -> bool| decided.iter().filter(|ty| kind(ty)).count();
    let (tuples, objects) = (are(|ty| matches!(ty, Type::Tuple(_))), are(|ty| matches!(ty, Type::Object(_))));
    match unify(&decided) {
        Some(common) if common.is_primitive() => Some(common),
        None if [tuples, objects].contains(&decided.len()) || (tuples > 0 && objects > 0) => None,
        _ => Some(Type::Any),
    }
}

/// The type that these values have in common; null of no particular type fits each.
#[must_use]
pub fn unify_values(values: &[Value]) -> Option<Type> {
    let types: Vec<_> =
        values.iter().filter(|value| !matches!(value.kind(), Kind::Null(Type::Any))).map(Value::ty).collect();
    unify(&types)
}

/// Tuples of one length, element by element: these meet so or not at all. `None` where they are something else.
fn unify_tuples(types: &[Type]) -> Option<Option<Type>> {
    let tuples: Option<Vec<_>> =
        types.iter().map(|ty| if let Type::Tuple(elements) = ty { Some(elements) } else { None }).collect();
    let tuples = tuples?;
    let length = tuples.first()?.len();
    if tuples.iter().any(|elements| elements.len() != length) {
        return None;
    }
    let elements: Option<Vec<_>> = (0..length)
        .map(|index| unify(&tuples.iter().filter_map(|elements| elements.get(index)).cloned().collect::<Vec<_>>()))
        .collect();
    Some(elements.map(Type::tuple))
}

/// Objects of the same attributes, attribute by attribute.
fn unify_objects(types: &[Type]) -> Option<Type> {
    let objects: Option<Vec<_>> =
        types.iter().map(|ty| if let Type::Object(attributes) = ty { Some(attributes) } else { None }).collect();
    let objects = objects?;
    let (first, rest) = objects.split_first()?;
    let names = |attributes: &[ObjectAttribute]| attributes.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
    if rest.iter().any(|attributes| names(attributes) != names(first)) {
        return None;
    }
    let attributes: Option<Vec<_>> = (0..first.len())
        .map(|index| {
            let alike: Vec<_> = objects.iter().filter_map(|attributes| attributes.get(index)).collect();
            let name = alike.first()?.name.clone();
            let ty = unify(&alike.into_iter().map(|attribute| attribute.ty.clone()).collect::<Vec<_>>())?;
            Some((name, ty))
        })
        .collect();
    attributes.map(Type::object)
}

/// Lists, sets, and tuples that differ in length. Sets give way to lists, if those can stay as they are; tuples give
/// way to sets, if those can.
fn unify_sequences(types: &[Type]) -> Option<Type> {
    let (mut lists, mut sets, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for ty in types {
        match ty {
            Type::List(element) => lists.push(element.as_ref().clone()),
            Type::Set(element) => sets.push(element.as_ref().clone()),
            Type::Tuple(inner) => others.extend(inner.iter().cloned()),
            _ => return None,
        }
    }
    if sets.is_empty() {
        lists.extend(others);
        return unify(&lists).map(Type::list);
    }
    let fit = |from: &[Type], to: &Type| from.iter().all(|from| can_convert(from, to));
    if lists.is_empty() {
        return unify(&sets).filter(|element| fit(&others, element)).map(Type::set);
    }
    let element = unify(&lists)?;
    if element == Type::Any {
        return unify(&[lists, sets, others].concat()).map(Type::list);
    }
    let whole = unify(&[sets.clone(), vec![element.clone()]].concat())?;
    (whole == element && fit(&others, &element)).then(|| Type::list(element))
}

/// Maps, and objects that differ in their attributes.
fn unify_keyed(types: &[Type]) -> Option<Type> {
    let mut elements = Vec::new();
    let mut names = None;
    let mut same_names = true;
    for ty in types {
        match ty {
            Type::Map(element) => {
                same_names = false;
                elements.push(element.as_ref().clone());
            }
            Type::Object(attributes) => {
                let these: Vec<_> = attributes.iter().map(|attribute| attribute.name.clone()).collect();
                same_names &= names.get_or_insert_with(|| these.clone()) == &these;
                elements.extend(attributes.iter().map(|attribute| attribute.ty.clone()));
            }
            _ => return None,
        }
    }
    // Objects of the same attributes are objects in common or nothing; a map would lose attributes' own types.
    if same_names { None } else { unify(&elements).map(Type::map) }
}
