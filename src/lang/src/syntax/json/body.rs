//! JSON objects as bodies: arguments and blocks, as a shape tells them apart.

use mesh_diagnostics::{Diagnostic, Span};

use super::super::ast::{Attribute, Block, Body, Ident, Label};
use super::expr::{Lowering, ident};
use super::shape::{BlockShape, Rest, Shape, Strings};
use super::tree::{Member, Node, NodeKind, Text};

/// The block that makes others; its one label is their type.
static DYNAMIC: BlockShape = BlockShape {
    kind: "dynamic",
    labels: 1,
    body: &Shape {
        blocks: &[BlockShape { kind: "content", labels: 0, body: &CONTENT }],
        arguments: &[("iterator", Strings::Expression)],
        rest: Rest::Argument(Strings::Template),
    },
};

static CONTENT: Shape = Shape { blocks: &[], arguments: &[], rest: Rest::BySchema };

impl Lowering<'_> {
    /// The body of a whole file.
    pub(super) fn file(&mut self, root: Node, shape: &Shape) -> Body {
        let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), span: root.span };
        match root.kind {
            NodeKind::Object(members) => self.members(members, shape, &mut body),
            NodeKind::Array(elements) if shape.rest == Rest::Block => {
                for element in elements {
                    self.root_object(element, shape, &mut body);
                }
            }
            _ => self.root_object(root, shape, &mut body),
        }
        body
    }

    fn root_object(&mut self, node: Node, shape: &Shape, body: &mut Body) {
        let found = node.describe();
        match node.kind {
            NodeKind::Object(members) => self.members(members, shape, body),
            NodeKind::Invalid => {}
            _ => self.diagnostics.push(
                Diagnostic::error(
                    "json-not-an-object",
                    "Not an object",
                    format!("A file in JSON holds an object at its top, but here is {found}."),
                )
                .at(node.span)
                .hint("Write `{ … }`."),
            ),
        }
    }

    /// Adds what the properties of an object stand for to a body.
    fn members(&mut self, members: Vec<Member>, shape: &Shape, body: &mut Body) {
        self.depth += 1;
        let is_block = |member: &Member| {
            let name = member.name.value.as_ref();
            let may_be = shape.rest == Rest::BySchema
                && matches!(member.value.kind, NodeKind::Object(_) | NodeKind::Array(_) | NodeKind::Null);
            shape.block(name).is_some() || shape.rest == Rest::Block || name == "//" || may_be
        };
        self.report_duplicates(&members, |member| !is_block(member));
        for Member { name, value } in members {
            if name.value.as_ref() == "//" {
                continue;
            }
            if let Some(block) = shape.block(&name.value) {
                self.blocks(&name, value, block, &mut body.blocks);
                continue;
            }
            let (strings, maybe_blocks) = match (shape.strings(&name.value), shape.rest) {
                (Some(strings), _) | (None, Rest::Argument(strings)) => (strings, false),
                (None, Rest::BySchema) if name.value.as_ref() == "dynamic" => {
                    self.blocks(&name, value, &DYNAMIC, &mut body.blocks);
                    continue;
                }
                (None, Rest::BySchema) => (Strings::Template, true),
                (None, Rest::Block) => {
                    body.blocks.push(block(&name, Vec::new(), empty(value.span), value.span));
                    continue;
                }
            };
            let expr = self.expr(value, strings);
            let span = name.span.to(expr.span);
            body.attributes.push(Attribute { name: ident(&name), expr, span, maybe_blocks });
        }
        self.depth -= 1;
    }

    /// Adds the blocks that the value of a property stands for.
    fn blocks(&mut self, name: &Text, value: Node, shape: &BlockShape, blocks: &mut Vec<Block>) {
        let mut labels = Vec::with_capacity(shape.labels);
        self.labelled(name, value, shape, &mut labels, blocks);
    }

    fn labelled(
        &mut self,
        kind: &Text,
        value: Node,
        shape: &BlockShape,
        labels: &mut Vec<Label>,
        blocks: &mut Vec<Block>,
    ) {
        let span = value.span;
        match value.kind {
            NodeKind::Null | NodeKind::Invalid => {}
            NodeKind::Array(elements) => {
                for element in elements {
                    match element.kind {
                        NodeKind::Object(_) | NodeKind::Null | NodeKind::Invalid => {
                            self.labelled(kind, element, shape, labels, blocks);
                        }
                        _ => self.report_no_block(shape, &element, labels.len()),
                    }
                }
            }
            NodeKind::Object(members) if labels.len() < shape.labels => {
                for Member { name, value } in members {
                    labels.push(Label { text: name.value.clone(), span: name.span });
                    self.labelled(kind, value, shape, labels, blocks);
                    labels.pop();
                }
            }
            NodeKind::Object(members) => {
                let mut body = empty(span);
                self.members(members, shape.body, &mut body);
                blocks.push(block(kind, labels.clone(), body, span));
            }
            _ => self.report_no_block(shape, &Node { kind: value.kind, span }, labels.len()),
        }
    }

    fn report_no_block(&mut self, shape: &BlockShape, found: &Node, labels: usize) {
        let BlockShape { kind, .. } = shape;
        let belongs = match shape.labels - labels {
            0 => "the content of a block is an object, or a list of objects for several blocks",
            1 => "the names of blocks come here, as properties of an object",
            _ => "the types of blocks come here, as properties of an object, with their names in the next",
        };
        let form = match shape.labels {
            0 => format!("{{\"{kind}\": {{ … }}}}"),
            1 => format!("{{\"{kind}\": {{\"NAME\": {{ … }}}}}}"),
            _ => format!("{{\"{kind}\": {{\"TYPE\": {{\"NAME\": {{ … }}}}}}}}"),
        };
        let detail = format!("Under `{kind}` {belongs}, but here is {}.", found.describe());
        self.diagnostics.push(
            Diagnostic::error("json-not-a-block", "Not the content of a block", detail)
                .at(found.span)
                .hint(format!("Write `{form}`.")),
        );
    }
}

fn empty(span: Span) -> Body {
    Body { attributes: Vec::new(), blocks: Vec::new(), span }
}

/// A block whose type and labels stand where their names do.
fn block(kind: &Text, labels: Vec<Label>, body: Body, span: Span) -> Block {
    let kind = Ident { text: kind.value.clone(), span: kind.span };
    let header = labels.last().map_or(kind.span, |label| label.span);
    Block { span: header.to(span), header, kind, labels, body }
}
