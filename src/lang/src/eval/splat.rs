//! `[*]` and `.*`: the same steps for each element.

use mesh_diagnostics::Span;
use mesh_value::{Kind, Type, Value};

use super::evaluator::{Evaluator, Outcome, fault, unknown};
use super::traversal::Trail;
use crate::syntax::Step;

impl Evaluator<'_> {
    /// Follows steps from each element. A value that is no list, set or tuple counts as its own only element, and
    /// null as none.
    pub(super) fn splat(&mut self, value: &Value, steps: &[Step], span: Span, trail: &mut Trail) -> Outcome {
        let (source, marks) = value.unmark();
        let result = match source.kind() {
            Kind::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                let detail = format!("This is {}, and [*] can't be applied to null.", source.describe());
                return Err(Box::new(fault("null-value", "Value is null", detail).at(span)));
            }
            Kind::Null(_) => Value::tuple([]),
            Kind::List(_) | Kind::Set(_) => {
                trail.end();
                let elements = source.as_slice().unwrap_or_default();
                if elements.is_empty() {
                    let element = source.ty().element().cloned().unwrap_or(Type::Any);
                    Value::list(self.type_after(element, steps), Vec::new())
                } else {
                    let values = self.steps_of_each(elements, steps)?;
                    let ty = values.first().map_or(Type::Any, Value::ty);
                    // Where steps lead to what is not known yet, elements of one type can give different ones.
                    if values.iter().all(|value| value.ty() == ty) {
                        Value::list(ty, values)
                    } else {
                        Value::tuple(values)
                    }
                }
            }
            Kind::Tuple(elements) => {
                trail.end();
                Value::tuple(self.steps_of_each(elements, steps)?)
            }
            Kind::Unknown(known) => {
                trail.end();
                match &known.0 {
                    Type::Any => unknown(),
                    Type::List(element) | Type::Set(element) => {
                        let mut refinements = known.1.clone();
                        refinements.not_null = true;
                        Value::unknown_with(Type::list(self.type_after(element.as_ref().clone(), steps)), refinements)
                    }
                    Type::Tuple(types) => {
                        Value::tuple(types.iter().map(|ty| Value::unknown(self.type_after(ty.clone(), steps))))
                    }
                    _ if known.1.not_null => Value::tuple([self.steps(source.clone(), steps, &mut Trail::none())?]),
                    // Null would give no element.
                    _ => unknown(),
                }
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(_) | Kind::Object(_) => {
                let only = self.steps(source.clone(), steps, trail)?;
                Value::tuple([only])
            }
        };
        trail.end();
        Ok(result.with_marks(marks))
    }

    fn steps_of_each(&mut self, elements: &[Value], steps: &[Step]) -> Result<Vec<Value>, super::evaluator::Fault> {
        elements.iter().map(|element| self.steps(element.clone(), steps, &mut Trail::none())).collect()
    }

    fn type_after(&mut self, element: Type, steps: &[Step]) -> Type {
        self.unrecorded(|quiet| {
            quiet.steps(Value::unknown(element), steps, &mut Trail::none()).map_or(Type::Any, |value| value.ty())
        })
    }
}
