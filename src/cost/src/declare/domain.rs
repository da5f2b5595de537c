//! `domain` blocks: what a domain is for, who answers for it, and what its products may cost together.

use mesh_value::{AttributeSchema, BlockSchema, Type};

use super::{block, budget};

/// What a `domain` block takes.
#[must_use]
pub fn schema() -> BlockSchema {
    let content = block(
        "A domain: a team's part of the mesh, with its data products.",
        vec![
            AttributeSchema::optional("description", Type::String, "What the domain is for, in Markdown."),
            AttributeSchema::optional("owner", Type::String, "Who answers for it: a team's name or address."),
        ],
    );
    BlockSchema { blocks: vec![budget::nested()], ..content }
}
