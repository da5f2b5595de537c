//! What can be wrong with a block whatever its values: names, requirements, counts, labels.

use mesh_diagnostics::{Diagnostic, Diagnostics};
use mesh_value::{AttributeMode, BlockSchema, NestedBlockSchema, Nesting, Type};

use super::blocks::{too_few, too_many};
use crate::syntax::{Attribute, Block, Body, ExprKind};
use mesh_diagnostics::{article, nearest};

/// Reports unknown, missing, misplaced and deprecated arguments and blocks, wrong counts of blocks and of labels.
/// Names in `skip` are meta-arguments and meta-blocks, which are not the schema's.
pub fn check(body: &Body, schema: &BlockSchema, skip: &[&str], diagnostics: &mut Diagnostics) {
    let body = &*body.by_schema(schema, skip);
    check_repetitions(&body.attributes, diagnostics);
    for attribute in &body.attributes {
        if !skip.contains(&attribute.name.text.as_ref()) {
            check_attribute(attribute, schema, skip, diagnostics);
        }
    }
    for attribute in &schema.attributes {
        let is_written = body.attributes.iter().any(|written| written.name.text == attribute.name);
        if attribute.mode == AttributeMode::Required && !is_written && !skip.contains(&attribute.name.as_ref()) {
            let detail =
                format!("The argument {:?}, {}, is required here.", attribute.name, attribute.ty.describe_one());
            let error = Diagnostic::error("missing-argument", "Missing required argument", detail);
            diagnostics.push(error.at(body.span.at_end()).within(body.span));
        }
    }
    for block in &body.blocks {
        if !skip.contains(&block.kind.text.as_ref()) {
            check_block(block, schema, skip, diagnostics);
        }
    }
    for nested in &schema.blocks {
        if !skip.contains(&nested.name.as_ref()) {
            check_count(body, nested, diagnostics);
        }
    }
}

/// Reports arguments given twice, of those that might have been blocks while they were parsed.
fn check_repetitions(attributes: &[Attribute], diagnostics: &mut Diagnostics) {
    let may_be_blocks = |attribute: &Attribute| {
        attribute.maybe_blocks && matches!(attribute.expr.kind, ExprKind::Object(_) | ExprKind::Tuple(_))
    };
    for (index, attribute) in attributes.iter().enumerate().filter(|(_, attribute)| may_be_blocks(attribute)) {
        let name = &attribute.name;
        if let Some(first) = attributes[..index].iter().find(|before| before.name.text == name.text) {
            let detail = format!("{:?} is already set here; an argument can be set once in a block.", name.text);
            diagnostics.push(
                Diagnostic::error("duplicate-argument", "Duplicate argument", detail)
                    .at(name.span)
                    .elsewhere("It is first set here", first.name.span)
                    .hint("Remove one of the two."),
            );
        }
    }
}

fn check_attribute(attribute: &Attribute, schema: &BlockSchema, skip: &[&str], diagnostics: &mut Diagnostics) {
    let name = attribute.name.text.as_ref();
    let span = attribute.name.span;
    let Some(known) = schema.attribute(name) else {
        let detail = format!("An argument named {name:?} is not expected here.");
        let error = Diagnostic::error("unknown-argument", "Unknown argument", detail).at(span);
        diagnostics.push(match schema.nested(name) {
            Some(_) if attribute.maybe_blocks => {
                error.hint(format!("{name:?} is a block: write \"{name}\": {{ … }}, or a list of such objects."))
            }
            Some(_) => error.hint(format!("{name:?} is a block: write {name} {{ … }} without the equals sign.")),
            None => with_nearest(error, name, schema, skip),
        });
        return;
    };
    if known.mode == AttributeMode::Computed {
        let detail = format!("{name:?} is decided by the provider and can't be set.");
        let error = Diagnostic::error("computed-argument", "Argument can't be set", detail).at(span);
        diagnostics.push(error.hint("Remove this line; the value can be read as an attribute."));
    }
    if let Some(why) = &known.deprecated {
        diagnostics.push(Diagnostic::warning("deprecated-argument", "Deprecated argument", why.clone()).at(span));
    }
}

fn check_block(block: &Block, schema: &BlockSchema, skip: &[&str], diagnostics: &mut Diagnostics) {
    let name = block.kind.text.as_ref();
    if name == "dynamic" {
        return check_dynamic(block, schema, skip, diagnostics);
    }
    let Some(nested) = schema.nested(name) else {
        let detail = format!("A block of type {name:?} is not expected here.");
        let error = Diagnostic::error("unknown-block", "Unknown block", detail).at(block.kind.span);
        diagnostics.push(match schema.attribute(name) {
            Some(attribute) => {
                let example = match attribute.ty {
                    Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[ … ]",
                    _ => "{ … }",
                };
                error.hint(format!("{name:?} is an argument: write {name} = {example}, with an equals sign."))
            }
            None => with_nearest(error, name, schema, skip),
        });
        return;
    };
    check_labels(block, nested, diagnostics);
    if let Some(why) = &nested.block.deprecated {
        let warning = Diagnostic::warning("deprecated-block", "Deprecated block", why.clone());
        diagnostics.push(warning.at(block.kind.span));
    }
    check(&block.body, &nested.block, &[], diagnostics);
}

fn check_labels(block: &Block, nested: &NestedBlockSchema, diagnostics: &mut Diagnostics) {
    let wanted = usize::from(nested.nesting == Nesting::Map);
    let name = &nested.name;
    if block.labels.len() < wanted {
        let detail = format!("{} {name:?} block needs one label, its key: {name} \"key\" {{ … }}.", article(name));
        diagnostics.push(Diagnostic::error("missing-label", "Missing block label", detail).at(block.header));
    } else if let Some(excess) = block.labels.get(wanted) {
        let takes = if wanted == 0 { "no label" } else { "one label" };
        let detail = format!("{} {name:?} block takes {takes}; {:?} is one too many.", article(name), excess.text);
        diagnostics.push(Diagnostic::error("extra-label", "Block label not expected", detail).at(excess.span));
    }
}

fn check_dynamic(block: &Block, schema: &BlockSchema, skip: &[&str], diagnostics: &mut Diagnostics) {
    let mut refuse = |detail: String, span, hint: Option<String>| {
        let mut error = Diagnostic::error("invalid-dynamic", "Invalid dynamic block", detail).at(span);
        error.hints.extend(hint);
        diagnostics.push(error);
    };
    let [label] = block.labels.as_slice() else {
        let hint = Some("Write dynamic \"setting\" { … } for blocks of type setting.".to_owned());
        return refuse(
            "A dynamic block has one label: the type of the blocks that it makes.".to_owned(),
            block.header,
            hint,
        );
    };
    for attribute in &block.body.attributes {
        let name = attribute.name.text.as_ref();
        if !["for_each", "iterator", "labels"].contains(&name) {
            let hint = Some(match nearest(name, ["for_each", "iterator", "labels"]) {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!("Arguments of the {:?} blocks go into its content block.", label.text),
            });
            refuse(format!("{name:?} is not expected in a dynamic block."), attribute.name.span, hint);
        } else if name == "iterator" && !matches!(attribute.expr.kind, ExprKind::Variable(_)) {
            refuse("iterator is a bare name, without quotes.".to_owned(), attribute.expr.span, None);
        }
    }
    if !block.body.attributes.iter().any(|attribute| attribute.name.text.as_ref() == "for_each") {
        refuse("A dynamic block needs for_each: what it goes through.".to_owned(), block.header, None);
    }
    let mut contents = Vec::new();
    for inner in &block.body.blocks {
        if inner.kind.text.as_ref() == "content" {
            contents.push(inner);
        } else {
            let hint = Some("It goes into the content block.".to_owned());
            refuse(
                format!("A block of type {:?} is not expected in a dynamic block.", inner.kind.text),
                inner.header,
                hint,
            );
        }
    }
    let [content] = contents.as_slice() else {
        let detail = format!("A dynamic block has one content block, here are {}.", contents.len());
        return refuse(detail, block.header, None);
    };
    match schema.nested(&label.text) {
        Some(nested) => check(&content.body, &nested.block, &[], diagnostics),
        None => {
            let detail = format!("A block of type {:?} is not expected here.", label.text);
            let error = Diagnostic::error("unknown-block", "Unknown block", detail).at(label.span);
            let is_argument = schema.attributes.iter().any(|attribute| attribute.name == label.text);
            diagnostics.push(if is_argument {
                error.hint(format!("`{0}` is an argument: write `{0} = [for ... in ... : ...]`.", label.text))
            } else {
                with_nearest(error, &label.text, schema, skip)
            });
        }
    }
}

/// Of blocks that are written out; what `dynamic` ones make is counted where they are evaluated.
fn check_count(body: &Body, nested: &NestedBlockSchema, diagnostics: &mut Diagnostics) {
    let is_dynamic = body.blocks.iter().any(|block| {
        block.kind.text.as_ref() == "dynamic" && block.labels.first().is_some_and(|label| label.text == nested.name)
    });
    if is_dynamic {
        return;
    }
    let written: Vec<_> = body.blocks.iter().filter(|block| block.kind.text == nested.name).collect();
    let most = match nested.nesting {
        Nesting::Single | Nesting::Group => Some(1),
        Nesting::List | Nesting::Set | Nesting::Map => nested.max,
    };
    if let Some(most) = most
        && let Some(excess) = written.get(most)
    {
        let detail = too_many(&nested.name, most, written.len());
        diagnostics.push(Diagnostic::error("too-many-blocks", "Too many blocks", detail).at(excess.header));
    }
    if written.len() < nested.min {
        let detail = too_few(&nested.name, nested.min, written.len());
        let error = Diagnostic::error("missing-block", "Missing block", detail);
        diagnostics.push(error.at(body.span.at_end()).within(body.span));
    }
}

fn with_nearest(error: Diagnostic, name: &str, schema: &BlockSchema, skip: &[&str]) -> Diagnostic {
    let arguments =
        schema.attributes.iter().filter(|attribute| attribute.mode.is_configurable()).map(|a| a.name.as_ref());
    let blocks = schema.blocks.iter().map(|nested| nested.name.as_ref());
    match nearest(name, arguments.chain(blocks).chain(skip.iter().copied())) {
        Some(meant) => error.hint(format!("Did you mean `{meant}`?")),
        None => error,
    }
}
