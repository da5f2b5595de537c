//! Type expressions, as a variable's `type` argument holds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_diagnostics::{Diagnostic, Diagnostics, Span};
use mesh_value::{Defaults, ObjectAttribute, Type, TypeConstraint, convert};

use crate::syntax::{Call, Expr, ExprKind, ObjectItem, ObjectKey};
use mesh_diagnostics::nearest;

/// The constraint that a type expression means: `string`, `list(object({ port = optional(number, 443) }))`, `any`.
/// The forms of old configurations are taken too: `"string"`, `"list"`, `"map"`, and `list` and `map` alone.
///
/// # Errors
/// Everything that is wrong in it.
pub fn type_constraint(expr: &Expr) -> Result<TypeConstraint, Diagnostics> {
    let mut reader = Reader { diagnostics: Diagnostics::default() };
    let constraint = match &expr.kind {
        ExprKind::Variable(name) if matches!(name.as_ref(), "list" | "map") => reader.quoted(name, expr.span),
        _ => reader.constraint(expr),
    };
    if reader.diagnostics.has_errors() { Err(reader.diagnostics) } else { Ok(constraint) }
}

const SIMPLE: [&str; 4] = ["string", "number", "bool", "any"];
const COMPOUND: [&str; 6] = ["list", "set", "map", "object", "tuple", "optional"];

struct Reader {
    diagnostics: Diagnostics,
}

impl Reader {
    fn constraint(&mut self, expr: &Expr) -> TypeConstraint {
        match &expr.kind {
            ExprKind::Variable(name) => self.simple(name, expr.span),
            ExprKind::Literal(value) if value.as_str().is_some() => {
                self.quoted(value.as_str().unwrap_or_default(), expr.span)
            }
            ExprKind::Call(call) => self.compound(call, expr.span),
            ExprKind::Paren(inner) => self.constraint(inner),
            ExprKind::Invalid => TypeConstraint::any(),
            _ => self.error(expr.span, "This is no type.".to_owned(), Some(WAYS)),
        }
    }

    fn simple(&mut self, name: &str, span: Span) -> TypeConstraint {
        match name {
            "string" => Type::String.into(),
            "number" => Type::Number.into(),
            "bool" => Type::Bool.into(),
            "any" => TypeConstraint::any(),
            "list" | "set" | "map" => {
                let hint = format!("Write {name}(string) or another element type; {name}(any) leaves it open.");
                self.error(span, format!("{name} needs the type of its elements."), Some(&hint))
            }
            "object" => {
                self.error(span, "object needs its attributes.".to_owned(), Some("Write object({ name = string })."))
            }
            "tuple" => {
                self.error(span, "tuple needs its elements' types.".to_owned(), Some("Write tuple([string, number])."))
            }
            _ => {
                let meant = match name {
                    "boolean" => Some("bool"),
                    "int" | "integer" | "float" => Some("number"),
                    "str" | "text" => Some("string"),
                    "array" => Some("list"),
                    "dict" => Some("map"),
                    _ => nearest(name, SIMPLE.into_iter().chain(COMPOUND)),
                };
                let hint = meant.map_or_else(|| WAYS.to_owned(), |meant| format!("Did you mean `{meant}`?"));
                self.error(span, format!("{name:?} is no type."), Some(&hint))
            }
        }
    }

    fn quoted(&mut self, text: &str, span: Span) -> TypeConstraint {
        match text {
            "string" => Type::String.into(),
            "list" => Type::list(Type::Any).into(),
            "map" => Type::map(Type::Any).into(),
            _ => {
                let hint = format!("Write it without quotes: {text}");
                self.error(span, "A type is not written in quotes.".to_owned(), Some(&hint))
            }
        }
    }

    fn compound(&mut self, call: &Call, span: Span) -> TypeConstraint {
        let name = call.name.text.as_ref();
        let build: fn(Type) -> Type = match name {
            "list" => Type::list,
            "set" => Type::set,
            "map" => Type::map,
            "object" => return self.object(call, span),
            "tuple" => return self.tuple(call, span),
            "optional" => {
                let detail = "optional(…) is only for the attributes of an object type.".to_owned();
                return self.error(span, detail, None);
            }
            _ if SIMPLE.contains(&name) => {
                return self.error(span, format!("{name} takes no arguments."), Some(&format!("Write {name} alone.")));
            }
            _ => return self.simple(name, call.name.span),
        };
        let [element] = call.args.as_slice() else {
            let detail = format!("{name} takes one argument, the type of its elements; here are {}.", call.args.len());
            return self.error(span, detail, None);
        };
        let element = self.constraint(element);
        let defaults = match element.defaults {
            Defaults::None => Defaults::None,
            inside => Defaults::Elements(Box::new(inside)),
        };
        TypeConstraint { ty: build(element.ty), defaults }
    }

    fn tuple(&mut self, call: &Call, span: Span) -> TypeConstraint {
        let [Expr { kind: ExprKind::Tuple(elements), .. }] = call.args.as_slice() else {
            let hint = Some("Write tuple([string, number]).");
            return self.error(span, "tuple takes one argument: the elements' types in [ ].".to_owned(), hint);
        };
        let elements: Vec<_> = elements.iter().map(|element| self.constraint(element)).collect();
        let any_defaults = elements.iter().any(|element| element.defaults != Defaults::None);
        let (types, defaults): (Vec<_>, Vec<_>) =
            elements.into_iter().map(|element| (element.ty, element.defaults)).unzip();
        let defaults = if any_defaults { Defaults::Tuple(defaults) } else { Defaults::None };
        TypeConstraint { ty: Type::tuple(types), defaults }
    }

    fn object(&mut self, call: &Call, span: Span) -> TypeConstraint {
        let [Expr { kind: ExprKind::Object(items), .. }] = call.args.as_slice() else {
            let hint = Some("Write object({ name = string }).");
            return self.error(span, "object takes one argument: the attributes' types in { }.".to_owned(), hint);
        };
        let mut attributes: Vec<ObjectAttribute> = Vec::with_capacity(items.len());
        let (mut values, mut nested) = (BTreeMap::new(), BTreeMap::new());
        for item in items {
            let Some((name, name_span)) = self.name(item) else { continue };
            let (constraint, optional) = self.attribute(item, &name, &mut values);
            if constraint.defaults != Defaults::None {
                nested.insert(name.clone(), constraint.defaults);
            }
            if attributes.iter().any(|attribute| attribute.name == name) {
                self.error(name_span, format!("The attribute {name:?} is declared twice."), None);
            }
            attributes.push(ObjectAttribute { name, ty: constraint.ty, optional });
        }
        let has_defaults = !values.is_empty() || !nested.is_empty();
        let defaults = if has_defaults { Defaults::Object { values, nested } } else { Defaults::None };
        TypeConstraint { ty: Type::object_with(attributes), defaults }
    }

    fn name(&mut self, item: &ObjectItem) -> Option<(Arc<str>, Span)> {
        match &item.key {
            ObjectKey::Name(name) => Some((name.text.clone(), name.span)),
            ObjectKey::Expr(Expr { kind: ExprKind::Literal(value), span }) if value.as_str().is_some() => {
                value.as_str().map(|name| (name.into(), *span))
            }
            ObjectKey::Expr(expr) => {
                self.error(expr.span, "The name of an attribute is written as it is, not computed.".to_owned(), None);
                None
            }
        }
    }

    /// An attribute's constraint and whether it is optional; its own default goes to `values`.
    fn attribute(
        &mut self,
        item: &ObjectItem,
        name: &Arc<str>,
        values: &mut BTreeMap<Arc<str>, mesh_value::Value>,
    ) -> (TypeConstraint, bool) {
        let call = match &item.value.kind {
            ExprKind::Call(call) if call.name.text.as_ref() == "optional" => call,
            _ => return (self.constraint(&item.value), false),
        };
        let (ty, default) = match call.args.as_slice() {
            [ty] => (ty, None),
            [ty, default] => (ty, Some(default)),
            _ => {
                let detail = "optional takes a type and, if wanted, a default value.".to_owned();
                return (self.error(item.value.span, detail, Some("Write optional(number, 443).")), true);
            }
        };
        let constraint = self.constraint(ty);
        if let Some(default) = default
            && let Some(value) = self.default(default, &constraint)
        {
            values.insert(name.clone(), value);
        }
        (constraint, true)
    }

    /// A default is evaluated with nothing to refer to.
    fn default(&mut self, expr: &Expr, constraint: &TypeConstraint) -> Option<mesh_value::Value> {
        let before = self.diagnostics.len();
        let value = crate::constant::evaluate_constant(expr, &mut self.diagnostics);
        if self.diagnostics.len() > before {
            return None;
        }
        // The default's own inner defaults are filled in where the constraint is applied.
        if let Err(error) = convert(&constraint.defaults.apply(&value), &constraint.ty) {
            self.error(expr.span, format!("The default does not fit the attribute's type: {error}."), None);
            return None;
        }
        Some(value)
    }

    fn error(&mut self, span: Span, detail: String, hint: Option<&str>) -> TypeConstraint {
        let mut error = Diagnostic::error("invalid-type", "Invalid type", detail).at(span);
        error.hints.extend(hint.map(str::to_owned));
        self.diagnostics.push(error);
        TypeConstraint::any()
    }
}

const WAYS: &str = "Types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…]).";
