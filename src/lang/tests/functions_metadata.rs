//! The signatures of functions held against `terraform metadata functions -json`, where Terraform is on PATH.

use std::process::Command;

use mesh_lang::functions::{self, Function, Parameter};
use mesh_value::Type;
use serde_json::{Value as Json, json};

/// What differs on purpose: the parameters are named apart where Terraform has `params...`, and the type of a result
/// is told where Terraform leaves it open because a call may fail.
const DIFFERENT: [(&str, &str); 7] = [
    ("contains", "return_type"),
    ("range", "parameters"),
    ("format", "return_type"),
    ("formatlist", "return_type"),
    ("index", "return_type"),
    ("parseint", "return_type"),
    ("sum", "return_type"),
];

#[test]
fn signatures_are_those_of_terraform() {
    let mut terraform = Command::new("terraform");
    let Ok(output) = terraform.args(["metadata", "functions", "-json"]).env_remove("TF_CLI_CONFIG_FILE").output()
    else {
        return;
    };
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap();
    let signatures = metadata["function_signatures"].as_object().unwrap();
    let mut wrong = Vec::new();
    let mut different = Vec::new();
    for (name, theirs) in signatures.iter().filter(|(name, _)| !name.starts_with("core::")) {
        let Some(function) = functions::find(name) else {
            wrong.push(format!("{name} is missing"));
            continue;
        };
        let ours = signature(function);
        for part in ["parameters", "return_type"] {
            let theirs = if part == "parameters" { parameters(theirs) } else { theirs[part].clone() };
            if ours[part] == theirs {
                continue;
            }
            match DIFFERENT.iter().find(|(function, differs)| function == name && *differs == part) {
                Some(known) => different.push(*known),
                None => wrong.push(format!("{name}: {part} is {}, theirs {theirs}", ours[part])),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(different.len(), DIFFERENT.len(), "what no longer differs can go from the list");
}

fn signature(function: &Function) -> Json {
    let (required, optional) = function.fixed().split_at(function.fixed().len() - function.optional);
    let fixed: Vec<_> = required.iter().map(parameter).collect();
    let variadic = function.variadic.as_ref().or(optional.first()).map(parameter);
    json!({ "parameters": [fixed, variadic], "return_type": function.returns.ty() })
}

fn parameter(parameter: &Parameter) -> Json {
    described(parameter.name, &json!(parameter.shape.ty()), parameter.nullable)
}

fn described(name: &str, ty: &Json, nullable: bool) -> Json {
    json!([name, ty, nullable])
}

fn parameters(signature: &Json) -> Json {
    let parameter = |json: &Json| {
        let nullable = json["is_nullable"].as_bool().unwrap_or_default();
        described(json["name"].as_str().unwrap_or_default(), &json["type"], nullable)
    };
    let fixed: Vec<_> = signature["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let variadic = signature.get("variadic_parameter").map(parameter);
    json!([fixed, variadic])
}

#[test]
fn every_function_says_what_it_takes_and_gives() {
    for function in functions::all() {
        assert!(function.doc.ends_with('.'), "{}", function.name);
        assert!(function.returns.ty() != Type::Any || !function.example.1.is_empty(), "{}", function.name);
    }
}
