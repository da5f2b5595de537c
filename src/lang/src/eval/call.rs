//! Function calls: arguments are evaluated, the table of functions does the rest.

use mesh_diagnostics::Span;
use mesh_value::{Kind, Marks, Value};

use super::evaluator::{Evaluator, Fault, Outcome, fault, unknown};
use crate::functions::{self, Argument, Run};
use crate::syntax::{Call, Expr};

impl Evaluator<'_> {
    /// The value of a call.
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Outcome {
        let function = match functions::check_call(call) {
            Ok(function) => function,
            Err(fault) => {
                // What is wrong in the arguments is worth telling too.
                call.args.iter().for_each(|arg| drop(self.eval(arg)));
                return Err(fault);
            }
        };
        if let Run::Expressions(run) = function.run {
            return run(self, call, span);
        }
        let mut arguments: Vec<Argument> =
            call.args.iter().map(|arg| Argument { value: self.eval(arg), span: arg.span }).collect();
        let mut marks = Marks::NONE;
        if call.expand_last
            && let (Some(last), Some(expr)) = (arguments.pop(), call.args.last())
        {
            marks = last.value.marks();
            match expanded(&last.value, expr)? {
                Some(values) => {
                    arguments.extend(values.into_iter().map(|value| Argument { value, span: expr.span }));
                }
                None => return Ok(unknown().with_marks(marks)),
            }
            functions::check_count(function, arguments.len(), &call.name)?;
        }
        functions::invoke(function, arguments, self, &call.name).map(|value| value.with_marks(marks))
    }
}

/// The arguments that `values...` stands for; `None` where they are not known yet.
pub(crate) fn expanded(value: &Value, expr: &Expr) -> Result<Option<Vec<Value>>, Fault> {
    let refuse = |detail: String| {
        let error = fault("invalid-expansion", "Invalid expanded argument", detail).at(expr.span);
        Err(Box::new(error))
    };
    match value.kind() {
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => Ok(value.as_slice().map(<[Value]>::to_vec)),
        Kind::Unknown(_) => Ok(None),
        Kind::Null(_) => refuse("Before ... a list, set or tuple is needed, this is null.".to_owned()),
        _ => refuse(format!("Before ... a list, set or tuple is needed, this is {}.", value.describe())),
    }
}
