//! Reads each `data_product` block under `tests/cases` as the engine does and compares what comes of it.
//!
//! `NAME.hcl` holds a block; `NAME.txt` the problems found as a person sees them, or the descriptor and what
//! expressions read of it as JSON. `BLESS=1` writes the `.txt` files anew; adding a case is adding an `.hcl` file.

#![expect(clippy::unwrap_used, reason = "a case that can't be read fails its test")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mesh_diagnostics::render::{self, Style};
use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_lang::eval::{Environment, LookupError, Scope, Target};
use mesh_lang::{decode, syntax};
use mesh_product::{Descriptor, check_inputs, diff, exported_value, normalize, schema};
use mesh_value::{AttributePath, Marks, Type, Value, to_plain_json};

/// `var.columns`, `var.secret`, `local_bucket.landing` of which only the id is known, and two products.
struct Surroundings;

impl Scope for Surroundings {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        match target {
            Target::Variable(name) if name.as_ref() == "columns" => {
                Ok(Value::map(Type::String, [("a".into(), Value::string("date")), ("b".into(), Value::string("uuid"))]))
            }
            Target::Variable(name) if name.as_ref() == "secret" => {
                Ok(Value::string("hunter2").with_marks(Marks::SENSITIVE))
            }
            Target::Block { .. } => Ok(Value::object([("url", Value::unknown(Type::String))])),
            Target::Product(name) if name.as_ref() == "people" => {
                let body = Value::object([
                    ("domain", Value::string("crm")),
                    ("version", Value::string("2.0.0")),
                    ("output", Value::tuple([Value::object([("name", Value::string("all"))])])),
                ]);
                Ok(exported_value("people", &body))
            }
            _ => Err(LookupError::Undeclared(Vec::new())),
        }
    }

    fn environment(&self) -> &dyn Environment {
        self
    }
}

impl Environment for Surroundings {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn files_below(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::Unsupported.into())
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

/// The descriptor and the decoded body of a file's block, or everything that is wrong with it.
fn read(name: &str, source: &str, sources: &mut SourceMap) -> Result<(Descriptor, Value), Diagnostics> {
    let file = sources.add(name, source);
    let (body, mut diagnostics) = syntax::parse(source, file);
    let block = &body.blocks[0];
    let body = normalize(&block.body, &mut diagnostics);
    decode::check(&body, &schema(), &[], &mut diagnostics);
    let decoded = decode::body(&body, &schema(), &Surroundings, &[], &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let place = |path: &AttributePath| decode::span_of(&body, path).unwrap_or(block.header);
    let descriptor = Descriptor::from_value(&block.labels[0].text, &decoded.value);
    let descriptor = descriptor.map_err(|problems| {
        problems.into_iter().map(|problem| problem.diagnostic.at(place(&problem.path))).collect::<Diagnostics>()
    })?;
    let known = BTreeSet::from(["crm.people/all@2.0.0".to_owned(), "sales.orders/raw@1.0.0".to_owned()]);
    let unknown = check_inputs(&descriptor, &known);
    diagnostics.extend(unknown.into_iter().map(|problem| problem.diagnostic.at(place(&problem.path))));
    diagnostics.into_result()?;
    Ok((descriptor, decoded.value))
}

fn rendered(source: &str) -> String {
    let mut sources = SourceMap::default();
    match read("product.mesh.hcl", source, &mut sources) {
        Err(diagnostics) => render::text(&diagnostics, &sources, Style { color: false, width: 100 }),
        Ok((descriptor, value)) => {
            let text = serde_json::to_string_pretty(&descriptor).unwrap();
            assert_eq!(serde_json::from_str::<Descriptor>(&text).unwrap(), descriptor);
            assert!(diff(&descriptor, &descriptor).is_empty());
            let exported = exported_value(&descriptor.name, &value);
            let late = exported.transform::<()>(&mut |_, value| {
                Ok(if value.is_known() { value } else { Value::string("(known after apply)") })
            });
            let exported = serde_json::to_string_pretty(&to_plain_json(&late.unwrap()).unwrap()).unwrap();
            format!("{text}\n\nexported as data_product.{}:\n{exported}\n", descriptor.name)
        }
    }
}

#[test]
fn cases_read_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut differing = Vec::new();
    for case in cases {
        let actual = rendered(&fs::read_to_string(&case).unwrap_or_else(|error| panic!("{}: {error}", case.display())));
        assert!(!actual.contains("hunter2"), "{actual}");
        let golden = case.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, actual).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
            differing.push(format!("{}\n{actual}", golden.display()));
        }
    }
    assert!(differing.is_empty(), "differ from what is recorded (BLESS=1 rewrites):\n{}", differing.join("\n"));
}
