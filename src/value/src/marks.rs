//! Marks that travel with a value through every operation.

use std::ops::{BitOr, BitOrAssign};

/// A set of marks: sensitive, ephemeral, both or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks(u8);

impl Marks {
    /// No mark.
    pub const NONE: Self = Self(0);
    /// Never printed, and encrypted at rest.
    pub const SENSITIVE: Self = Self(1);
    /// Never in a plan or in the state.
    pub const EPHEMERAL: Self = Self(2);

    /// Whether there is no mark.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// A bit for each mark, for storage.
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// The marks of stored bits; `None` if one is of no mark that is known.
    pub(crate) const fn from_bits(bits: u8) -> Option<Self> {
        if bits <= Self::SENSITIVE.0 | Self::EPHEMERAL.0 { Some(Self(bits)) } else { None }
    }

    /// Whether every mark of `other` is here too.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The marks of this set that `other` lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether values with these marks may be in no plan, state or file.
    #[must_use]
    pub const fn is_ephemeral(self) -> bool {
        self.contains(Self::EPHEMERAL)
    }

    /// Whether values with these marks are not shown: the sensitive and the ephemeral ones.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        !self.is_empty()
    }

    /// Whether values with these marks are printed nowhere, and encrypted at rest.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        self.contains(Self::SENSITIVE)
    }
}

impl BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
