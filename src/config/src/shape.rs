//! How the blocks of the language are written in JSON, where nothing but their names tells blocks from arguments.

use mesh_lang::syntax::{BlockShape, Rest, Shape, Strings};

/// The top of a file.
pub static FILE: Shape = Shape {
    blocks: &[
        block("mesh", 0, &SETTINGS),
        block("terraform", 0, &SETTINGS),
        block("provider", 1, &PROVIDER),
        block("variable", 1, &VARIABLE),
        block("locals", 0, &ARGUMENTS),
        block("output", 1, &OUTPUT),
        block("resource", 2, &RESOURCE),
        block("data", 2, &RESOURCE),
        block("ephemeral", 2, &RESOURCE),
        block("module", 1, &MODULE),
        block("data_product", 1, &PRODUCT),
        block("domain", 1, &DOMAIN),
        block("usage", 1, &ARGUMENTS),
        block("check", 1, &CHECK),
        block("moved", 0, &MOVED),
        block("removed", 0, &REMOVED),
        block("import", 0, &IMPORT),
    ],
    arguments: &[],
    rest: Rest::Block,
};

const fn block(kind: &'static str, labels: usize, body: &'static Shape) -> BlockShape {
    BlockShape { kind, labels, body }
}

const TEMPLATES: Rest = Rest::Argument(Strings::Template);

static ARGUMENTS: Shape = Shape { blocks: &[], arguments: &[], rest: TEMPLATES };

static LITERALS: Shape = Shape { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::Literal) };

static SETTINGS: Shape = Shape {
    blocks: &[
        block("required_providers", 0, &REQUIRED_PROVIDERS),
        block("backend", 1, &LITERALS),
        block(
            "cloud",
            0,
            &Shape {
                blocks: &[block("workspaces", 0, &LITERALS)],
                arguments: &[],
                rest: Rest::Argument(Strings::Literal),
            },
        ),
        block("provider_meta", 1, &ARGUMENTS),
        block("budget", 0, &ARGUMENTS),
        block("price_override", 1, &ARGUMENTS),
        block("exchange_rate", 1, &ARGUMENTS),
        block("shared_cost", 1, &ARGUMENTS),
    ],
    arguments: &[("required_version", Strings::Literal), ("experiments", Strings::Expression)],
    rest: TEMPLATES,
};

static REQUIRED_PROVIDERS: Shape =
    Shape { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::ExpressionBelow("configuration_aliases")) };

static PROVIDER: Shape = Shape {
    blocks: &[],
    arguments: &[("alias", Strings::Literal), ("version", Strings::Literal), ("for_each", Strings::Template)],
    rest: Rest::BySchema,
};

static RULE: Shape = Shape { blocks: &[], arguments: &[], rest: TEMPLATES };

static VARIABLE: Shape = Shape {
    blocks: &[block("validation", 0, &RULE)],
    arguments: &[("type", Strings::Expression)],
    rest: Rest::Argument(Strings::Literal),
};

static OUTPUT: Shape = Shape {
    blocks: &[block("precondition", 0, &RULE)],
    arguments: &[("value", Strings::Template), ("type", Strings::Expression), ("depends_on", Strings::Expression)],
    rest: Rest::Argument(Strings::Literal),
};

static RESOURCE: Shape = Shape {
    blocks: &[
        block("lifecycle", 0, &LIFECYCLE),
        block("connection", 0, &ARGUMENTS),
        block("provisioner", 1, &PROVISIONER),
    ],
    arguments: &[
        ("count", Strings::Template),
        ("for_each", Strings::Template),
        ("depends_on", Strings::Expression),
        ("provider", Strings::Expression),
    ],
    rest: Rest::BySchema,
};

static PROVISIONER: Shape = Shape { blocks: &[block("connection", 0, &ARGUMENTS)], arguments: &[], rest: TEMPLATES };

static LIFECYCLE: Shape = Shape {
    blocks: &[block("precondition", 0, &RULE), block("postcondition", 0, &RULE)],
    arguments: &[("ignore_changes", Strings::Expression), ("replace_triggered_by", Strings::Expression)],
    rest: TEMPLATES,
};

static MODULE: Shape = Shape {
    blocks: &[],
    arguments: &[
        ("source", Strings::Literal),
        ("version", Strings::Literal),
        ("depends_on", Strings::Expression),
        ("providers", Strings::Expression),
    ],
    rest: TEMPLATES,
};

static PRODUCT: Shape = Shape {
    blocks: &[block("output", 1, &PRODUCT_OUTPUT), block("input", 1, &ARGUMENTS), block("budget", 0, &ARGUMENTS)],
    arguments: &[],
    rest: Rest::BySchema,
};

static PRODUCT_OUTPUT: Shape =
    Shape { blocks: &[block("schema", 0, &PRODUCT_SCHEMA)], arguments: &[], rest: Rest::BySchema };

static PRODUCT_SCHEMA: Shape =
    Shape { blocks: &[block("column", 1, &ARGUMENTS)], arguments: &[], rest: Rest::BySchema };

static DOMAIN: Shape = Shape { blocks: &[block("budget", 0, &ARGUMENTS)], arguments: &[], rest: TEMPLATES };

static CHECK: Shape =
    Shape { blocks: &[block("data", 2, &RESOURCE), block("assert", 0, &RULE)], arguments: &[], rest: TEMPLATES };

static MOVED: Shape = Shape { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::Expression) };

static REMOVED: Shape = Shape {
    blocks: &[block("lifecycle", 0, &ARGUMENTS), block("provisioner", 1, &PROVISIONER)],
    arguments: &[("from", Strings::Expression)],
    rest: TEMPLATES,
};

static IMPORT: Shape = Shape {
    blocks: &[],
    arguments: &[("to", Strings::Expression), ("provider", Strings::Expression)],
    rest: TEMPLATES,
};
