//! What a `data_product` block takes, after [`normalize`](crate::normalize) made its labels arguments.

use mesh_value::{AttributeSchema, BlockSchema, NestedBlockSchema, Nesting, Type, Value};

/// The content of a `data_product` block whose `output`, `input` and `column` blocks have their label as `name`.
///
/// Ports and columns are lists: their order is the author's, and it is what readers of a table see.
#[must_use]
pub fn schema() -> BlockSchema {
    BlockSchema {
        description: "A data product: what a domain team offers to others, under an owner, a version and a contract. \
                      The resources of its module and of the modules below belong to it."
            .to_owned(),
        deprecated: None,
        attributes: vec![
            AttributeSchema::optional("description", Type::String, "What the product is for, in Markdown."),
            AttributeSchema::required("domain", Type::String, "The domain that it belongs to, such as `sales`."),
            AttributeSchema::required("owner", Type::String, "Who answers for it: a team's name or address."),
            AttributeSchema::optional("tags", Type::map(Type::String), "Labels for catalogs and searches."),
            AttributeSchema::required(
                "version",
                Type::String,
                "The contract's version as `MAJOR.MINOR.PATCH` (semver.org).",
            ),
        ],
        blocks: vec![
            mesh_cost::declare::budget::nested(),
            list("input", input(), None),
            list("output", output(), None),
        ],
    }
}

fn input() -> BlockSchema {
    block(
        "A port of another product that this one reads.",
        vec![
            AttributeSchema::optional("description", Type::String, "What it is read for, in Markdown."),
            AttributeSchema::required("name", Type::String, "The port's name here, from the block's label."),
            AttributeSchema::required(
                "port",
                Type::Any,
                "The port that is read: `data_product.other.ports.name`, or its id as `domain.product/port@1.0.0`.",
            ),
        ],
        Vec::new(),
    )
}

fn output() -> BlockSchema {
    block(
        "Data that the product offers.",
        vec![
            AttributeSchema::optional("description", Type::String, "What the data is, in Markdown."),
            AttributeSchema::required(
                "kind",
                Type::String,
                "How it is read: `table`, `view`, `files`, `stream` or `api`.",
            ),
            AttributeSchema::optional("location", Type::String, "Where it is: a URL, a path, a table's address."),
            AttributeSchema::required("name", Type::String, "The port's name, from the block's label."),
        ],
        vec![NestedBlockSchema { nesting: Nesting::Single, ..list("schema", columns(), Some(1)) }],
    )
}

fn columns() -> BlockSchema {
    block(
        "The columns that readers may rely on, in their order.",
        vec![AttributeSchema::optional(
            "primary_key",
            Type::list(Type::String),
            "The columns that tell one row from another; each must be `required`.",
        )],
        vec![NestedBlockSchema { min: 1, ..list("column", column(), None) }],
    )
}

fn column() -> BlockSchema {
    block(
        "One column.",
        vec![
            AttributeSchema::optional(
                "classification",
                Type::String,
                "Who may see it: `public`, `internal`, `confidential`, `restricted`, or `pii` for personal data.",
            ),
            AttributeSchema::optional(
                "description",
                Type::String,
                "What its values mean, with their unit, in Markdown.",
            ),
            AttributeSchema::required("name", Type::String, "The column's name, from the block's label."),
            AttributeSchema {
                default: Some(Value::bool(false)),
                ..AttributeSchema::optional("required", Type::Bool, "Whether every row has a value in it.")
            },
            AttributeSchema::required(
                "type",
                Type::String,
                "Its type: `string`, `boolean`, `integer`, `number`, `decimal(10,2)`, `date`, `time`, `timestamp`, \
                 `uuid`, `json`, `binary` or `array(TYPE)`.",
            ),
        ],
        Vec::new(),
    )
}

fn block(description: &str, attributes: Vec<AttributeSchema>, blocks: Vec<NestedBlockSchema>) -> BlockSchema {
    BlockSchema { description: description.to_owned(), deprecated: None, attributes, blocks }
}

fn list(name: &str, block: BlockSchema, max: Option<usize>) -> NestedBlockSchema {
    NestedBlockSchema { name: name.into(), nesting: Nesting::List, block, min: 0, max }
}

#[cfg(test)]
mod tests {
    use mesh_value::BlockSchema;

    /// Lookups in a schema are binary searches.
    fn assert_sorted(block: &BlockSchema) {
        assert!(block.attributes.is_sorted_by(|left, right| left.name < right.name));
        assert!(block.blocks.is_sorted_by(|left, right| left.name < right.name));
        block.blocks.iter().for_each(|nested| assert_sorted(&nested.block));
    }

    #[test]
    fn names_are_sorted() {
        assert_sorted(&super::schema());
    }
}
