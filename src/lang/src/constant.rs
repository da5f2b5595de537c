//! Expressions that may refer to nothing: defaults of types, variable files, a module's source.

use std::path::{Path, PathBuf};

use mesh_diagnostics::Diagnostics;
use mesh_value::Value;

use crate::eval::{Environment, LookupError, Scope, Target, evaluate};
use crate::syntax::Expr;

/// The value of an expression that may refer to nothing and reach no files; functions that need neither work.
pub fn evaluate_constant(expr: &Expr, diagnostics: &mut Diagnostics) -> Value {
    evaluate(expr, &Nothing, diagnostics).value
}

/// A scope without anything in it.
struct Nothing;

impl Scope for Nothing {
    fn lookup(&self, _: &Target) -> Result<Value, LookupError> {
        Err(LookupError::NotHere("only constant values can stand here, without references.".to_owned()))
    }

    fn environment(&self) -> &dyn Environment {
        self
    }
}

fn no_files<T>() -> std::io::Result<T> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "files can't be read where a constant value is needed"))
}

impl Environment for Nothing {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        no_files()
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn files_below(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        no_files()
    }

    fn base_dir(&self) -> &Path {
        Path::new(".")
    }

    fn home_dir(&self) -> Option<PathBuf> {
        None
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        Some((0, 0))
    }

    fn random(&self) -> Option<[u8; 16]> {
        None
    }
}
