//! What the expressions held against Terraform may refer to: the locals and the files of the folder of fixtures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_diagnostics::{Diagnostics, FileId};
use mesh_lang::eval::{Environment, LookupError, Scope, Target, evaluate};
use mesh_lang::syntax::parse;
use mesh_value::Value;

/// The folder, as Terraform's console sees it when started there.
pub struct Folder {
    path: PathBuf,
    locals: BTreeMap<Arc<str>, Value>,
}

impl Folder {
    pub fn new(path: &Path) -> Self {
        let mut folder = Self { path: path.to_owned(), locals: BTreeMap::new() };
        let source = fs::read_to_string(path.join("locals.tf")).unwrap();
        let (body, mut diagnostics) = parse(&source, FileId(0));
        for block in &body.blocks {
            for attribute in &block.body.attributes {
                let value = evaluate(&attribute.expr, &folder, &mut diagnostics).value;
                folder.locals.insert(attribute.name.text.clone(), value);
            }
        }
        assert_eq!(diagnostics, Diagnostics::default());
        folder
    }
}

impl Scope for Folder {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        let Target::Local(name) = target else { return Err(LookupError::NotHere("only locals are here.".into())) };
        self.locals.get(name).cloned().ok_or_else(|| LookupError::Undeclared(Vec::new()))
    }

    fn environment(&self) -> &dyn Environment {
        self
    }
}

impl Environment for Folder {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        fs::read(self.path.join(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.path.join(path).is_file()
    }

    fn files_below(&self, dir: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path.join(dir))? {
            let entry = entry?;
            let name = PathBuf::from(entry.file_name());
            if entry.path().is_dir() {
                files.extend(self.files_below(&dir.join(&name))?.into_iter().map(|below| name.join(below)));
            } else {
                files.push(name);
            }
        }
        files.sort();
        Ok(files)
    }

    fn base_dir(&self) -> &Path {
        &self.path
    }

    fn home_dir(&self) -> Option<PathBuf> {
        None
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn random(&self) -> Option<[u8; 16]> {
        None
    }
}
