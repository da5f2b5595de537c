//! The fixed world of the evaluation fixtures: what can be read there, and what it holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mesh_diagnostics::{Diagnostics, SourceMap};
use mesh_lang::constant::evaluate_constant;
use mesh_lang::eval::{Environment, LookupError, Scope, Target};
use mesh_lang::syntax::parse_expression;
use mesh_value::{InstanceKey, Marks, Mode, Refinements, Type, Value};

/// Variables, locals, blocks and modules under the names that references write.
pub struct World {
    values: BTreeMap<String, Value>,
    /// Instance keys of blocks and module calls with `count` or `for_each`.
    keys: BTreeMap<String, Vec<InstanceKey>>,
    files: Files,
}

impl World {
    pub fn new() -> Self {
        let mut world = Self { values: BTreeMap::new(), keys: BTreeMap::new(), files: Files };
        world.constants();
        world.not_known();
        world.blocks();
        world
    }

    fn constants(&mut self) {
        for (name, source) in [
            ("var.name", "\"orders\""),
            ("var.count", "3"),
            ("var.flag", "true"),
            ("var.nothing", "null"),
            ("var.zones", "tolist([\"eu-1\", \"eu-2\"])"),
            ("var.ports", "toset([80, 443])"),
            ("var.tags", "tomap({ owner = \"sales\", tier = \"gold\" })"),
            ("var.tables", "{ a = { rows = 1 }, b = { rows = 2 } }"),
            ("var.users", "tolist([{ name = \"ann\", age = 30 }, { name = \"bob\", age = 40 }])"),
            ("var.mixed", "[1, \"two\", true]"),
            ("var.secret", "sensitive(\"hush\")"),
            ("var.secrets", "tolist([sensitive(\"hush\"), \"loud\"])"),
            ("var.hidden_map", "sensitive({ a = 1 })"),
            ("local.prefix", "\"sales-\""),
            ("local.empty", "[]"),
            ("local.greeting", "\"Hello, $${name}\""),
            ("each.key", "\"a\""),
            ("each.value", "{ rows = 1 }"),
            ("count.index", "1"),
            ("path.module", "\"modules/store\""),
            ("mesh.workspace", "\"default\""),
            ("self", "{ id = \"self-id\" }"),
            ("data_product.orders", "{ domain = \"sales\" }"),
        ] {
            self.values.insert(name.to_owned(), constant(source));
        }
    }

    fn not_known(&mut self) {
        let ports = Refinements::number(Some(1024.into()), Some(65535.into()));
        let bucket = Refinements::prefix("s3://");
        let few = Refinements::length(1, Some(3));
        for (name, value) in [
            ("var.later", Value::unknown(Type::String)),
            ("var.later_any", Value::unknown(Type::Any)),
            ("var.later_flag", Value::unknown(Type::Bool)),
            ("var.later_number", Value::unknown(Type::Number)),
            ("var.later_port", Value::unknown_with(Type::Number, ports)),
            ("var.later_url", Value::unknown_with(Type::String, bucket)),
            ("var.later_list", Value::unknown_with(Type::list(Type::String), few)),
            ("var.later_object", Value::unknown(Type::object([("id", Type::String), ("size", Type::Number)]))),
            ("var.later_secret", Value::unknown(Type::String).with_marks(Marks::SENSITIVE)),
        ] {
            self.values.insert(name.to_owned(), value);
        }
    }

    fn blocks(&mut self) {
        let bucket = |id: &str| {
            Value::object([
                ("id", Value::string(id)),
                ("path", Value::unknown(Type::String)),
                ("tags", constant("{ owner = \"sales\" }")),
            ])
        };
        self.values.insert("bucket.single".into(), bucket("single"));
        self.values.insert("data.file.prices".into(), constant("{ content = \"12\" }"));
        self.values.insert("bucket.later".into(), Value::unknown(Type::Any));
        let counted: Vec<_> = (0..3).map(|index| bucket(&format!("counted-{index}"))).collect();
        for (index, value) in counted.iter().enumerate() {
            self.values.insert(format!("bucket.counted[{index}]"), value.clone());
        }
        self.values.insert("bucket.counted".into(), Value::tuple(counted));
        self.keys.insert("bucket.counted".into(), (0..3).map(InstanceKey::Index).collect());
        for key in ["a", "b"] {
            self.values.insert(format!("bucket.keyed[{key:?}]"), bucket(key));
        }
        self.values.insert("bucket.keyed".into(), Value::object([("a", bucket("a")), ("b", bucket("b"))]));
        self.keys.insert("bucket.keyed".into(), ["a", "b"].map(|key| InstanceKey::Key(key.into())).into());
        self.values.insert("bucket.none".into(), constant("[]"));
        self.keys.insert("bucket.none".into(), Vec::new());

        self.values.insert("module.net".into(), constant("{ id = \"net\", zones = [\"x\", \"y\"] }"));
        self.values.insert("module.net.id".into(), constant("\"net\""));
        self.values.insert("module.net.zones".into(), constant("[\"x\", \"y\"]"));
        self.values.insert("module.shop".into(), constant("{ a = { id = \"shop-a\" }, b = { id = \"shop-b\" } }"));
        self.keys.insert("module.shop".into(), ["a", "b"].map(|key| InstanceKey::Key(key.into())).into());
        for key in ["a", "b"] {
            self.values.insert(format!("module.shop[{key:?}]"), constant(&format!("{{ id = \"shop-{key}\" }}")));
            self.values.insert(format!("module.shop[{key:?}].id"), constant(&format!("\"shop-{key}\"")));
        }
    }

    fn names(&self) -> Vec<String> {
        self.values.keys().filter(|name| !name.contains('[')).cloned().collect()
    }
}

fn constant(source: &str) -> Value {
    let mut sources = SourceMap::default();
    let file = sources.add("world", source);
    let (expr, mut diagnostics) = parse_expression(source, file);
    let value = evaluate_constant(&expr, &mut diagnostics);
    assert_eq!(diagnostics, Diagnostics::default(), "{source}");
    value
}

/// A target as one writes it, and the block or call whose instances it chooses from.
pub fn written(target: &Target) -> (String, Option<(String, InstanceKey)>) {
    let block = |mode: Mode, ty: &Arc<str>, name: &Arc<str>| match mode {
        Mode::Managed => format!("{ty}.{name}"),
        Mode::Data => format!("data.{ty}.{name}"),
    };
    match target {
        Target::Variable(name) => (format!("var.{name}"), None),
        Target::Local(name) => (format!("local.{name}"), None),
        Target::Instance { mode, ty, name, key } => {
            let block = block(*mode, ty, name);
            (format!("{block}{key}"), Some((block, key.clone())))
        }
        Target::Block { mode, ty, name } => (block(*mode, ty, name), None),
        Target::ModuleOutput { call, key, output } => {
            (format!("module.{call}{key}.{output}"), Some((format!("module.{call}"), key.clone())))
        }
        Target::Module { call, key: None } => (format!("module.{call}"), None),
        Target::Module { call, key: Some(key) } => {
            (format!("module.{call}{key}"), Some((format!("module.{call}"), key.clone())))
        }
        Target::Product(name) => (format!("data_product.{name}"), None),
        Target::Each(name) => (format!("each.{name}"), None),
        Target::CountIndex => ("count.index".into(), None),
        Target::Path(name) => (format!("path.{name}"), None),
        Target::Workspace => ("mesh.workspace".into(), None),
        Target::Applying => ("mesh.applying".into(), None),
        Target::Itself => ("self".into(), None),
    }
}

impl Scope for World {
    fn lookup(&self, target: &Target) -> Result<Value, LookupError> {
        let (name, instance) = written(target);
        if name == "local.broken" {
            return Err(LookupError::Failed);
        }
        if name == "path.root" {
            return Err(LookupError::NotHere("there is no root module here.".into()));
        }
        if let Some((block, key)) = instance
            && let Some(whole) = self.values.get(&block)
        {
            // What instances a block has that is decided during apply, is not known either.
            if !self.keys.contains_key(&block) && whole.ty() == Type::Any {
                return Ok(whole.clone());
            }
            let keys = self.keys.get(&block).cloned().unwrap_or_else(|| vec![InstanceKey::None]);
            if !keys.contains(&key) {
                return Err(LookupError::NoInstance(keys));
            }
        }
        self.values.get(&name).cloned().ok_or_else(|| LookupError::Undeclared(self.names()))
    }

    fn environment(&self) -> &dyn Environment {
        &self.files
    }
}

/// A file system of three files, and a clock that stands.
struct Files;

impl Environment for Files {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        match path.to_string_lossy().as_ref() {
            "files/a.txt" => Ok(b"hello\n".to_vec()),
            "files/list.tpl" => Ok(b"%{ for z in zones ~}\nzone ${z}\n%{ endfor ~}\nby ${owner}\n".to_vec()),
            "files/bad.tpl" => Ok(b"one\n${nope}\n".to_vec()),
            "files/b.bin" => Ok(vec![0xff, 0x00]),
            _ => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such file")),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        self.read(path).is_ok()
    }

    fn files_below(&self, dir: &Path) -> std::io::Result<Vec<PathBuf>> {
        match dir.to_string_lossy().as_ref() {
            "files" => Ok(["a.txt", "b.bin", "bad.tpl", "list.tpl", "sub/c.txt"].map(PathBuf::from).into()),
            _ => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no such directory")),
        }
    }

    fn base_dir(&self) -> &Path {
        Path::new("/project")
    }

    fn home_dir(&self) -> Option<PathBuf> {
        Some("/home/ann".into())
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        None
    }

    fn list_price(&self, key: &str, region: &str) -> Option<String> {
        (key == "aws/athena/scanned" && region == "eu-central-1").then(|| "5.00".to_owned())
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        Some((1_700_000_000, 0))
    }

    fn random(&self) -> Option<[u8; 16]> {
        None
    }
}
