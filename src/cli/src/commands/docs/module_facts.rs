//! What a module's page says, gathered from its declarations.

use mesh_config::{CheckRule, Module, Variable};
use mesh_diagnostics::{SourceMap, Span};
use mesh_lang::syntax::{Block, Expr, ExprKind};
use mesh_value::Mode;
use serde_json::{Value as Json, json};

/// Providers that need no source. Any other without one is `hashicorp/NAME`, as Terraform has it.
const BUILT_IN: [&str; 2] = ["local", "terraform"];

/// Everything that callers of a module need to know.
pub(super) struct Facts {
    /// Its variables, by name.
    pub inputs: Vec<Input>,
    /// Its outputs, by name.
    pub outputs: Vec<Output>,
    /// The providers that it uses, by local name.
    pub providers: Vec<Named>,
    /// The addresses of its resources and data sources.
    pub resources: Vec<String>,
    /// The modules that it calls, by name.
    pub modules: Vec<Named>,
    /// Its data product.
    pub product: Option<Product>,
}

/// A variable.
pub(super) struct Input {
    pub name: String,
    /// As declared.
    pub ty: String,
    /// As declared; `None` makes it required.
    pub default: Option<String>,
    pub sensitive: bool,
    pub nullable: bool,
    pub description: String,
    /// Conditions as declared, and what is said where one does not hold.
    pub validations: Vec<(String, String)>,
}

/// An output.
pub(super) struct Output {
    pub name: String,
    pub description: String,
    pub sensitive: bool,
}

/// A provider or a called module.
pub(super) struct Named {
    pub name: String,
    pub source: Option<String>,
}

/// A data product.
pub(super) struct Product {
    pub name: String,
    pub description: String,
    pub ports: Vec<Port>,
}

/// A port of a data product.
pub(super) struct Port {
    /// `input` or `output`.
    pub direction: String,
    pub name: String,
    pub description: String,
}

impl Facts {
    /// Gathers them from a module whose files are `sources`.
    pub fn of(module: &Module, sources: &SourceMap) -> Self {
        let used = module.resources.values().map(|resource| resource.provider.config.name.to_string());
        let mut names: Vec<String> =
            module.settings.required_providers.keys().map(ToString::to_string).chain(used).collect();
        names.sort();
        names.dedup();
        let providers = names.into_iter().map(|name| {
            let required = module.settings.required_providers.get(name.as_str());
            let source = required.and_then(|required| required.source.as_ref()).map(ToString::to_string);
            let source = source.or_else(|| (!BUILT_IN.contains(&name.as_str())).then(|| format!("hashicorp/{name}")));
            Named { name, source }
        });
        let address = |mode: &Mode, ty: &str, name: &str| match mode {
            Mode::Data => format!("data.{ty}.{name}"),
            Mode::Managed => format!("{ty}.{name}"),
        };
        let outputs = module.outputs.values().map(|output| Output {
            name: output.name.to_string(),
            description: text(output.description.as_deref()),
            sensitive: output.sensitive,
        });
        let calls = module.calls.values();
        Self {
            inputs: module.variables.values().map(|variable| input(variable, sources)).collect(),
            outputs: outputs.collect(),
            providers: providers.collect(),
            resources: module.resources.keys().map(|(mode, ty, name)| address(mode, ty, name)).collect(),
            modules: calls
                .map(|call| Named { name: call.name.to_string(), source: Some(call.source.to_string()) })
                .collect(),
            product: module.product.as_ref().map(|product| Product {
                name: product.name.to_string(),
                description: literal(&product.body.attributes, "description"),
                ports: product.body.blocks.iter().filter_map(port).collect(),
            }),
        }
    }

    /// All of it for programs.
    pub fn json(&self) -> Json {
        let inputs: Vec<Json> = self.inputs.iter().map(input_json).collect();
        let outputs = self.outputs.iter().map(
            |output| json!({ "name": output.name, "description": output.description, "sensitive": output.sensitive }),
        );
        let named = |all: &[Named]| -> Vec<Json> {
            all.iter().map(|named| json!({ "name": named.name, "source": named.source })).collect()
        };
        let port =
            |port: &Port| json!({ "direction": port.direction, "name": port.name, "description": port.description });
        let product = self.product.as_ref().map(|product| {
            let ports: Vec<Json> = product.ports.iter().map(port).collect();
            json!({ "name": product.name, "description": product.description, "ports": ports })
        });
        json!({
            "format_version": "1.0",
            "inputs": inputs,
            "outputs": outputs.collect::<Vec<Json>>(),
            "providers": named(&self.providers),
            "resources": self.resources,
            "modules": named(&self.modules),
            "data_product": product,
        })
    }
}

fn input_json(input: &Input) -> Json {
    let validation =
        |(condition, message): &(String, String)| json!({ "condition": condition, "error_message": message });
    json!({
        "name": input.name,
        "type": input.ty,
        "default": input.default,
        "required": input.default.is_none(),
        "sensitive": input.sensitive,
        "nullable": input.nullable,
        "description": input.description,
        "validations": input.validations.iter().map(validation).collect::<Vec<Json>>(),
    })
}

fn input(variable: &Variable, sources: &SourceMap) -> Input {
    let written = |span: Span| dedented(sources.text(span));
    let rule = |rule: &CheckRule| (written(rule.condition.span), message(&rule.error_message, sources));
    Input {
        name: variable.name.to_string(),
        ty: variable.written_type.map_or_else(|| "any".to_owned(), written),
        default: variable.default.as_ref().and(variable.written_default).map(written),
        sensitive: variable.sensitive,
        nullable: variable.nullable,
        description: text(variable.description.as_deref()),
        validations: variable.validations.iter().map(rule).collect(),
    }
}

/// An error message: its text where it is one, else the expression.
fn message(expr: &Expr, sources: &SourceMap) -> String {
    string(expr).map_or_else(|| sources.text(expr.span).to_owned(), |message| text(Some(message)))
}

fn port(block: &Block) -> Option<Port> {
    let name = block.labels.first()?.text.to_string();
    Some(Port {
        direction: block.kind.text.to_string(),
        name,
        description: literal(&block.body.attributes, "description"),
    })
}

fn literal(attributes: &[mesh_lang::syntax::Attribute], name: &str) -> String {
    let attribute = attributes.iter().find(|attribute| attribute.name.text.as_ref() == name);
    text(attribute.and_then(|attribute| string(&attribute.expr)))
}

fn string(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(value) => value.as_str(),
        _ => None,
    }
}

/// Text for people on one line.
fn text(written: Option<&str>) -> String {
    written.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An expression without the indentation that its later lines have in common.
fn dedented(written: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let later = written.lines().skip(1).filter(|line| !line.trim().is_empty());
    let common = later.map(indentation).min().unwrap_or(0);
    let first = written.lines().next().unwrap_or_default();
    let rest = written.lines().skip(1).map(|line| line.get(common..).unwrap_or_default());
    std::iter::once(first).chain(rest).map(str::trim_end).collect::<Vec<_>>().join("\n")
}
