//! What the platform must allow whoever applies a plan, said by each type, so that a policy of least rights can be printed.

/// The platform's actions that the operations of a type call, such as `s3:CreateBucket`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// To read, locate and import it; each other operation needs these too.
    pub read: &'static [&'static str],
    /// To create it, beside those to read it.
    pub create: &'static [&'static str],
    /// To change it in place, beside those to read it.
    pub update: &'static [&'static str],
    /// To delete it, beside those to read it.
    pub delete: &'static [&'static str],
}

impl Permissions {
    /// The platform has none, or the type doesn't say.
    pub const NONE: Self = Self { read: &[], create: &[], update: &[], delete: &[] };
}
