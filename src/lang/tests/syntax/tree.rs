//! Trees as compact s-expressions, the form in which the tests of the syntax compare them.

use mesh_lang::syntax::{BinaryOp, Body, Expr, ExprKind, Ident, ObjectKey, SplatKind, Step, TemplatePart, UnaryOp};
use mesh_value::{Kind, Value};

/// A body, one item a line, blocks indented.
pub fn body(body: &Body) -> String {
    let mut out = String::new();
    write_body(body, 0, &mut out);
    out
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    let mut items: Vec<(u32, String)> = Vec::new();
    for attribute in &body.attributes {
        let line = format!("{}({} {})\n", "  ".repeat(depth), attribute.name.text, expr(&attribute.expr));
        items.push((attribute.span.start, line));
    }
    for block in &body.blocks {
        let labels: String = block.labels.iter().map(|label| format!(" {:?}", label.text)).collect();
        let mut text = format!("{}(block {}{labels}\n", "  ".repeat(depth), block.kind.text);
        write_body(&block.body, depth + 1, &mut text);
        text.pop();
        text.push_str(")\n");
        items.push((block.span.start, text));
    }
    items.sort();
    out.extend(items.into_iter().map(|(_, text)| text));
}

/// An expression.
pub fn expr(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Literal(value) => literal(value),
        ExprKind::Template(list) => format!("(template{})", parts(list)),
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Traversal { root, steps: list } => format!("(get {}{})", expr(root), steps(list)),
        ExprKind::Call(call) => {
            let dots = if call.expand_last { " ..." } else { "" };
            format!("(call {}{}{dots})", call.name.text, exprs(&call.args))
        }
        ExprKind::Unary(UnaryOp::Negate, inner) => format!("(neg {})", expr(inner)),
        ExprKind::Unary(UnaryOp::Not, inner) => format!("(not {})", expr(inner)),
        ExprKind::Binary(op, left, right) => format!("({} {} {})", operator(*op), expr(left), expr(right)),
        ExprKind::Conditional { condition, then, otherwise } => {
            format!("(? {} {} {})", expr(condition), expr(then), expr(otherwise))
        }
        ExprKind::Tuple(list) => format!("[{}]", exprs(list).trim_start()),
        ExprKind::Object(items) => {
            let items = items.iter().map(|item| {
                let key = match &item.key {
                    ObjectKey::Name(name) => format!("'{}", name.text),
                    ObjectKey::Expr(key) => expr(key),
                };
                format!(" ({key} {})", expr(&item.value))
            });
            format!("(object{})", items.collect::<String>())
        }
        ExprKind::For(f) => {
            let key = f.key.as_ref().map(|key| format!(" => {}", expr(key))).unwrap_or_default();
            let group = if f.group { " ..." } else { "" };
            let condition = f.condition.as_ref().map(|c| format!(" if {}", expr(c))).unwrap_or_default();
            let names = names(f.key_var.as_ref(), &f.value_var);
            format!("(for {names} {}{key} {}{group}{condition})", expr(&f.collection), expr(&f.value))
        }
        ExprKind::Paren(inner) => format!("(paren {})", expr(inner)),
        ExprKind::Invalid => "<invalid>".to_owned(),
    }
}

fn exprs(list: &[Expr]) -> String {
    list.iter().map(|e| format!(" {}", expr(e))).collect()
}

fn names(key: Option<&Ident>, value: &Ident) -> String {
    key.map_or_else(|| value.text.to_string(), |key| format!("{},{}", key.text, value.text))
}

fn steps(list: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Attr(name) => format!(" .{}", name.text),
        Step::Index(key, _) => format!(" [{}]", expr(key)),
        Step::Splat { kind: SplatKind::Attribute, steps: inner, .. } => format!(" (.*{})", steps(inner)),
        Step::Splat { kind: SplatKind::Full, steps: inner, .. } => format!(" ([*]{})", steps(inner)),
    };
    list.iter().map(step).collect()
}

fn parts(list: &[TemplatePart]) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(text, _) => format!(" {text:?}"),
        TemplatePart::Interpolation(inner) => format!(" ($ {})", expr(inner)),
        TemplatePart::If { condition, then, otherwise, .. } => {
            format!(" (%if {} (then{}) (else{}))", expr(condition), parts(then), parts(otherwise))
        }
        TemplatePart::For { key_var, value_var, collection, body, .. } => {
            format!(" (%for {} {} (do{}))", names(key_var.as_ref(), value_var), expr(collection), parts(body))
        }
    };
    list.iter().map(part).collect()
}

fn literal(value: &Value) -> String {
    match value.kind() {
        Kind::Null(_) => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}
