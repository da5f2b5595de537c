//! What JSON alone doesn't tell: which properties are blocks with how many labels, and how strings are to be read.

/// How the content of a body is written in JSON.
#[derive(Debug)]
pub struct Shape {
    /// The blocks in it.
    pub blocks: &'static [BlockShape],
    /// Arguments whose strings are no templates.
    pub arguments: &'static [(&'static str, Strings)],
    /// What every other property is.
    pub rest: Rest,
}

/// A type of blocks.
#[derive(Debug)]
pub struct BlockShape {
    /// Its type.
    pub kind: &'static str,
    /// How many labels it has: as many objects stand around its content.
    pub labels: usize,
    /// Its content.
    pub body: &'static Shape,
}

/// What a property is that a [`Shape`] doesn't name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// An argument.
    Argument(Strings),
    /// An argument or blocks: only the schema tells. `dynamic` is a block here.
    BySchema,
    /// A block without labels, so that it is reported as one that is not known.
    Block,
}

/// How the strings of an argument are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// As templates; names of properties too.
    Template,
    /// As they are.
    Literal,
    /// As expressions: references and types. Names of properties too.
    Expression,
    /// As they are, but as expressions below the property of this name.
    ExpressionBelow(&'static str),
}

impl Shape {
    /// A body of nothing but constant values: a file with values for variables.
    pub const CONSTANTS: Self = Self { blocks: &[], arguments: &[], rest: Rest::Argument(Strings::Literal) };

    /// How strings are read in the argument of a name.
    pub(super) fn strings(&self, name: &str) -> Option<Strings> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, strings)| *strings)
    }

    /// The type of blocks of a name.
    pub(super) fn block(&self, name: &str) -> Option<&'static BlockShape> {
        let blocks: &'static [BlockShape] = self.blocks;
        blocks.iter().find(|block| block.kind == name)
    }
}
