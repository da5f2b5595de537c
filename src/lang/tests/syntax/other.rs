//! Trees of `hcl-edit` as s-expressions of the same form as ours.

use hcl_edit::expr::{Expression, ForIntro, ObjectKey, Traversal, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Directive, Element};

/// A body, one item a line, blocks indented.
pub fn body(body: &Body) -> String {
    let mut out = String::new();
    write_body(body, 0, &mut out);
    out
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                out.push_str(&format!(
                    "{}({} {})\n",
                    "  ".repeat(depth),
                    attribute.key.as_str(),
                    expr(&attribute.value)
                ));
            }
            Structure::Block(block) => {
                let labels: String = block.labels.iter().map(|label| format!(" {:?}", label.as_str())).collect();
                let mut text = format!("{}(block {}{labels}\n", "  ".repeat(depth), block.ident.as_str());
                write_body(&block.body, depth + 1, &mut text);
                text.pop();
                text.push_str(")\n");
                out.push_str(&text);
            }
        }
    }
}

fn expr(e: &Expression) -> String {
    match e {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(number) => {
            let text = number.value().to_string();
            text.strip_prefix('-').map_or(text.clone(), |positive| format!("(neg {positive})"))
        }
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::Array(list) => format!("[{}]", exprs(list.iter()).trim_start()),
        Expression::Object(object) => {
            let items = object.iter().map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(name) => format!("'{}", name.as_str()),
                    ObjectKey::Expression(key) => expr(key),
                };
                format!(" ({key} {})", expr(value.expr()))
            });
            format!("(object{})", items.collect::<String>())
        }
        Expression::StringTemplate(template) => elements(template.iter(), true),
        Expression::HeredocTemplate(heredoc) => elements(heredoc.template.iter(), true),
        Expression::Parenthesis(inner) => format!("(paren {})", expr(inner.inner())),
        Expression::Variable(name) => name.as_str().to_owned(),
        Expression::Conditional(c) => {
            format!("(? {} {} {})", expr(&c.cond_expr), expr(&c.true_expr), expr(&c.false_expr))
        }
        Expression::FuncCall(call) => {
            let spaces: String = call.name.namespace.iter().map(|name| format!("{}::", name.as_str())).collect();
            let dots = if call.args.expand_final() { " ..." } else { "" };
            format!("(call {spaces}{}{}{dots})", call.name.name.as_str(), exprs(call.args.iter()))
        }
        Expression::Traversal(traversal) => steps(traversal),
        Expression::UnaryOp(op) => {
            let name = match *op.operator.value() {
                UnaryOperator::Neg => "neg",
                UnaryOperator::Not => "not",
            };
            format!("({name} {})", expr(&op.expr))
        }
        Expression::BinaryOp(op) => {
            format!("({} {} {})", op.operator.value().as_str(), expr(&op.lhs_expr), expr(&op.rhs_expr))
        }
        Expression::ForExpr(f) => {
            let key = f.key_expr.as_ref().map(|key| format!(" => {}", expr(key))).unwrap_or_default();
            let group = if f.grouping { " ..." } else { "" };
            let condition = f.cond.as_ref().map(|c| format!(" if {}", expr(&c.expr))).unwrap_or_default();
            format!("(for {}{key} {}{group}{condition})", intro(&f.intro), expr(&f.value_expr))
        }
    }
}

fn exprs<'e>(list: impl Iterator<Item = &'e Expression>) -> String {
    list.map(|e| format!(" {}", expr(e))).collect()
}

fn intro(intro: &ForIntro) -> String {
    let key = intro.key_var.as_ref().map(|key| format!("{},", key.as_str())).unwrap_or_default();
    format!("{key}{} {}", intro.value_var.as_str(), expr(&intro.collection_expr))
}

fn steps(traversal: &Traversal) -> String {
    let mut out = format!("(get {}", expr(&traversal.expr));
    let mut full = 0;
    let mut attributes = false;
    for operator in &traversal.operators {
        let operator = operator.value();
        if attributes && !matches!(operator, TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)) {
            out.push(')');
            attributes = false;
        }
        match operator {
            TraversalOperator::AttrSplat(_) => {
                out.push_str(" (.*");
                attributes = true;
            }
            TraversalOperator::FullSplat(_) => {
                out.push_str(" ([*]");
                full += 1;
            }
            TraversalOperator::GetAttr(name) => out.push_str(&format!(" .{}", name.as_str())),
            TraversalOperator::Index(key) => out.push_str(&format!(" [{}]", expr(key))),
            TraversalOperator::LegacyIndex(index) => out.push_str(&format!(" .{}", index.value())),
        }
    }
    out.push_str(&")".repeat(usize::from(attributes) + full + 1));
    out
}

/// A template; a literal if it is text alone and `whole`.
fn elements<'e>(elements: impl Iterator<Item = &'e Element>, whole: bool) -> String {
    let mut out = String::new();
    let mut text = String::new();
    let mut plain = true;
    for element in elements {
        let part = match element {
            Element::Literal(literal) => {
                text.push_str(literal.value());
                continue;
            }
            Element::Interpolation(interpolation) => format!(" ($ {})", expr(&interpolation.expr)),
            Element::Directive(directive) => self::directive(directive),
        };
        plain = false;
        flush(&mut text, &mut out);
        out.push_str(&part);
    }
    if plain && whole {
        return format!("{text:?}");
    }
    flush(&mut text, &mut out);
    if whole { format!("(template{out})") } else { out }
}

fn flush(text: &mut String, out: &mut String) {
    if !text.is_empty() {
        out.push_str(&format!(" {text:?}"));
        text.clear();
    }
}

fn directive(directive: &Directive) -> String {
    match directive {
        Directive::If(d) => {
            let otherwise = d.else_expr.as_ref().map(|e| elements(e.template.iter(), false)).unwrap_or_default();
            let then = elements(d.if_expr.template.iter(), false);
            format!(" (%if {} (then{then}) (else{otherwise}))", expr(&d.if_expr.cond_expr))
        }
        Directive::For(d) => {
            let key = d.for_expr.key_var.as_ref().map(|key| format!("{},", key.as_str())).unwrap_or_default();
            let body = elements(d.for_expr.template.iter(), false);
            format!(" (%for {key}{} {} (do{body}))", d.for_expr.value_var.as_str(), expr(&d.for_expr.collection_expr))
        }
    }
}
