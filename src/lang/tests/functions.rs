//! The functions held against Terraform 1.11: each expression with what `terraform console` gave for it.
//!
//! A line of a fixture is an expression; the line after it is `= ` and the value as JSON, then its type; or `!` where
//! evaluation fails. `TERRAFORM=1` asks the `terraform` on PATH and rewrites the expectations; nothing else does, so a
//! difference is one to Terraform.

#![expect(clippy::unwrap_used, reason = "a fixture that can't be read fails")]

#[path = "functions/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_diagnostics::{Diagnostics, FileId};
use mesh_lang::eval::evaluate;
use mesh_lang::syntax::parse_expression;
use mesh_value::{Type, Value, decode_json, encode_json};

use folder::Folder;

#[test]
fn functions_give_what_terraform_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions");
    let folder = Folder::new(&path);
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&path).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let fixture = fs::read_to_string(&path).unwrap();
        // The console of a bare folder has no functions of OpenTofu and of providers.
        let is_apart = path.ends_with("opentofu.txt") || path.ends_with("provider.txt");
        let asks = std::env::var_os("TERRAFORM").is_some() && !is_apart;
        let cases = if asks { asked(&fixture) } else { fixture };
        if asks {
            fs::write(&path, &cases).unwrap();
        }
        let lines: Vec<_> = cases.lines().collect();
        for (at, pair) in lines.windows(2).enumerate() {
            let [source, expected] = pair else { continue };
            if is_case(source) {
                let actual = outcome(source, &folder);
                if actual != expected.trim_start() {
                    let place = format!("{}:{}", path.file_name().unwrap().to_string_lossy(), at + 1);
                    wrong.push(format!("{place}: {source}\n  expected {}\n  actual   {actual}", expected.trim_start()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

fn is_case(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ') && !line.starts_with('#')
}

fn outcome(source: &str, folder: &Folder) -> String {
    let (expr, mut diagnostics) = parse_expression(source, FileId(0));
    assert!(diagnostics.is_empty(), "{source}");
    let value = evaluate(&expr, folder, &mut diagnostics).value;
    if diagnostics == Diagnostics::default() { shown(&value) } else { "!".to_owned() }
}

fn shown(value: &Value) -> String {
    match encode_json(&value.without_marks_deep()) {
        Ok(json) => format!("= {json} {}", type_text(&value.ty())),
        Err(_) => format!("= not known {}", type_text(&value.ty())),
    }
}

/// A type as Terraform's `type` prints it, on one line.
fn type_text(ty: &Type) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match ty {
        Type::Any => "dynamic".to_owned(),
        Type::List(element) => format!("list({})", type_text(element)),
        Type::Set(element) => format!("set({})", type_text(element)),
        Type::Map(element) => format!("map({})", type_text(element)),
        Type::Tuple(elements) => format!("tuple([{}])", joined(elements.iter().map(type_text).collect())),
        Type::Object(attributes) => {
            let attribute = |attribute: &mesh_value::ObjectAttribute| {
                let name = &attribute.name;
                format!("{name}: {}", type_text(&attribute.ty))
            };
            format!("object({{{}}})", joined(attributes.iter().map(attribute).collect()))
        }
        primitive => primitive.to_string(),
    }
}

/// The fixture with Terraform's answers.
fn asked(fixture: &str) -> String {
    let sources: Vec<_> = fixture.lines().filter(|line| is_case(line)).collect();
    // The console reads lines of up to 64 kB.
    let mut answers = sources.chunks(100).flat_map(answers);
    let mut out = String::new();
    for line in fixture.lines().filter(|line| !line.starts_with(' ')) {
        out.push_str(&format!("{line}\n"));
        if is_case(line) {
            out.push_str(&format!("  {}\n", answers.next().unwrap()));
        }
    }
    out
}

fn answers(sources: &[&str]) -> Vec<String> {
    let list = |wrap: fn(&str) -> String| sources.iter().map(|source| wrap(source)).collect::<Vec<_>>().join(", ");
    let values = console(&format!(
        "nonsensitive(base64encode(jsonencode([{}])))",
        list(|source| format!("try(jsonencode({source}), \"!\")"))
    ));
    // In Base64, since the console escapes what it prints.
    let values = STANDARD.decode(values.trim_matches('"')).unwrap();
    let values = decode_json(std::str::from_utf8(&values).unwrap()).unwrap();
    let types = console(&format!("type([{}])", list(|source| format!("try({source}, null)"))));
    let types = elements_of_tuple(&types);
    let values = values.as_slice().unwrap();
    assert_eq!((values.len(), types.len()), (sources.len(), sources.len()));
    let answer = |(value, ty): (&Value, String)| match value.as_str().unwrap() {
        "!" => "!".to_owned(),
        json => format!("= {json} {ty}"),
    };
    values.iter().zip(types).map(answer).collect()
}

/// `tuple([\n    string,\n    list(\n        object({\n…` with each element on one line.
fn elements_of_tuple(text: &str) -> Vec<String> {
    let mut elements: Vec<String> = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("    ")) {
        let continues = line.starts_with([' ', ')', ']', '}']);
        match elements.last_mut().filter(|_| continues) {
            Some(element) => {
                if element.ends_with(',') {
                    element.push(' ');
                }
                element.push_str(line.trim_start());
            }
            None => elements.push(line.to_owned()),
        }
    }
    let tidy = |element: String| {
        let element = element.replace(", )", ")").replace(", }", "}").replace(", ]", "]");
        element.trim_end_matches(',').replace('"', "")
    };
    elements.into_iter().map(tidy).collect()
}

fn console(expression: &str) -> String {
    let mut console = Command::new("terraform")
        .arg("console")
        .env_remove("TF_CLI_CONFIG_FILE")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(console.stdin.as_mut().unwrap(), format!("{expression}\n").as_bytes()).unwrap();
    let output = console.wait_with_output().unwrap();
    assert!(output.status.success(), "terraform console failed; is every expression of the right syntax?");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
