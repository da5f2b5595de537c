//! Templates: texts with values in them, and how far such a text is known before all values are.

use mesh_value::{Marks, Refinements, Type, Value, convert};
use unicode_segmentation::UnicodeSegmentation;

use super::conditional::truth;
use super::evaluator::{Evaluator, Fault, Outcome, fault};
use super::for_expr::{Items, bindings, items};
use crate::syntax::{Expr, TemplatePart};

/// A text being put together: all of it, or its start up to the first value that is not known yet.
struct Text {
    text: String,
    is_known: bool,
    marks: Marks,
}

impl Evaluator<'_> {
    /// The text, or the value itself where the template is nothing but one interpolation.
    pub(crate) fn template(&mut self, parts: &[TemplatePart]) -> Outcome {
        if let [TemplatePart::Interpolation(expr)] = parts {
            return Ok(self.eval(expr));
        }
        Ok(self.text(parts))
    }

    /// The text, also of a single interpolation: what a template file gives.
    pub(crate) fn text(&mut self, parts: &[TemplatePart]) -> Value {
        let mut text = Text { text: String::new(), is_known: true, marks: Marks::NONE };
        self.parts(parts, &mut text);
        text.into_value()
    }

    fn parts(&mut self, parts: &[TemplatePart], text: &mut Text) {
        for part in parts {
            match part {
                TemplatePart::Literal(literal, _) => text.push(literal),
                TemplatePart::Interpolation(expr) => {
                    let value = self.eval(expr);
                    match in_text(&value) {
                        Ok(value) => text.push_value(&value),
                        Err(fault) => {
                            self.report(expr, *fault);
                            text.stop();
                        }
                    }
                }
                TemplatePart::If { condition, then, otherwise, .. } => self.if_part(condition, then, otherwise, text),
                TemplatePart::For { key_var, value_var, collection, body, .. } => {
                    let value = self.eval(collection);
                    text.marks |= value.marks();
                    match items(&value, collection.span) {
                        Ok(Items::Known(pairs)) => {
                            for pair in pairs {
                                let names = bindings(key_var.as_ref(), value_var, pair);
                                self.with_names(names, |inside| inside.parts(body, text));
                            }
                        }
                        Ok(Items::Unknown(pair)) => {
                            text.stop();
                            let names = bindings(key_var.as_ref(), value_var, pair);
                            self.with_names(names, |inside| inside.for_reads(|inside| inside.parts(body, text)));
                        }
                        Err(fault) => {
                            self.report(collection, *fault);
                            text.stop();
                        }
                    }
                }
            }
        }
    }

    fn if_part(&mut self, condition: &Expr, then: &[TemplatePart], otherwise: &[TemplatePart], text: &mut Text) {
        let value = self.eval(condition);
        match truth(&value, "A condition", condition.span) {
            Ok((test, marks)) => {
                text.marks |= marks;
                match test {
                    Some(holds) => {
                        let (chosen, other) = if holds { (then, otherwise) } else { (otherwise, then) };
                        self.parts(chosen, text);
                        // Which part it was must not show, so that the other's marks count too.
                        text.marks |= self.unrecorded(|quiet| quiet.text(other).marks());
                    }
                    None => {
                        text.stop();
                        self.for_reads(|inside| {
                            inside.parts(then, text);
                            inside.parts(otherwise, text);
                        });
                    }
                }
            }
            Err(fault) => {
                self.report(condition, *fault);
                text.stop();
            }
        }
    }
}

impl Text {
    fn push(&mut self, text: &str) {
        if self.is_known {
            self.text.push_str(text);
        }
    }

    fn push_value(&mut self, value: &Value) {
        self.marks |= value.marks();
        match value.as_str() {
            Some(text) => self.push(text),
            None => {
                if let Some(prefix) = value.refinements().and_then(|known| known.string_prefix.as_deref()) {
                    self.push(prefix);
                }
                self.stop();
            }
        }
    }

    /// What follows is not known yet.
    fn stop(&mut self) {
        self.is_known = false;
    }

    fn into_value(self) -> Value {
        let value = if self.is_known {
            Value::string(self.text)
        } else {
            let prefix = safe_prefix(&self.text);
            let known = if prefix.is_empty() { Refinements::not_null() } else { Refinements::prefix(prefix) };
            Value::unknown_with(Type::String, known)
        };
        value.with_marks(self.marks)
    }
}

/// The part of a text that stays whatever follows: what follows may combine with the last character.
pub(crate) fn safe_prefix(text: &str) -> &str {
    let combines = |last: char| !last.is_ascii() || last.is_ascii_alphabetic() || matches!(last, '<' | '=' | '>');
    if text.ends_with(combines) {
        text.grapheme_indices(true).next_back().and_then(|(start, _)| text.get(..start)).unwrap_or_default()
    } else {
        text
    }
}

/// A value as a template takes it: text, or what converts to it.
fn in_text(value: &Value) -> Result<Value, Fault> {
    let refuse = |detail: String| fault("invalid-template-value", "Invalid value in a template", detail);
    if value.is_null() {
        let error = refuse("This is null, which can't be part of a text.".to_owned());
        return Err(Box::new(error.hint("Say what to write instead, for example with coalesce(…, \"\").")));
    }
    convert(value, &Type::String).map_err(|_| {
        let error = refuse(format!("This is {}, which can't be part of a text.", value.describe()));
        Box::new(match value.ty() {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                error.hint("Use join(\", \", …) to write its elements, or jsonencode(…).")
            }
            _ => error.hint("Use jsonencode(…) to write it as text, or name one of its attributes."),
        })
    })
}
