//! POSIX access control lists as the kernel stores them in extended attributes, so that no system library is needed.
//!
//! The form is that of `linux/posix_acl_xattr.h`: a version, then entries of tag, permissions and id, little-endian.

use std::collections::BTreeMap;
use std::fmt;

/// Permission bits: read 4, write 2, execute (search, for a directory) 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bits(pub u16);

impl Bits {
    /// Reading.
    pub const READ: Self = Self(4);
    /// Writing.
    pub const WRITE: Self = Self(2);
    /// Executing a file, searching a directory.
    pub const EXECUTE: Self = Self(1);

    /// The bits of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The bits of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bit, letter) in [(Self::READ, 'r'), (Self::WRITE, 'w'), (Self::EXECUTE, 'x')] {
            write!(out, "{}", if self.and(bit) == bit { letter } else { '-' })?;
        }
        Ok(())
    }
}

/// Whom an entry is about. The order is the one that the kernel demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// The file's owner.
    Owner,
    /// A named user.
    User(u32),
    /// The file's group.
    OwnerGroup,
    /// A named group.
    Group(u32),
    /// The limit of what named users, named groups and the file's group may do.
    Mask,
    /// Everybody else.
    Other,
}

/// An access control list: at most one entry a tag, kept in the kernel's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    entries: BTreeMap<Tag, Bits>,
}

/// Why bytes are not an access control list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AclError {
    /// They begin with another version.
    #[error("its version is {0}, and only version 2 is known")]
    Version(u32),
    /// They end inside an entry, or before the version.
    #[error("it is cut off")]
    CutOff,
    /// An entry's tag is not one that the kernel defines.
    #[error("it has an entry of kind {0:#x}, which is not known")]
    Tag(u16),
    /// Owner, group or others are missing, or the mask is missing beside named entries.
    #[error("it lacks a required entry")]
    Incomplete,
}

const VERSION: u32 = 2;
const NO_ID: u32 = u32::MAX;

impl Acl {
    /// Returns the list that a file's mode alone stands for.
    #[must_use]
    pub fn of_mode(mode: u32) -> Self {
        let bits = |shift: u32| Bits(u16::try_from((mode >> shift) & 7).unwrap_or(0));
        Self { entries: [(Tag::Owner, bits(6)), (Tag::OwnerGroup, bits(3)), (Tag::Other, bits(0))].into() }
    }

    /// Reads the kernel's form.
    ///
    /// # Errors
    /// Where the bytes are of another version, cut off, or lack a required entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, AclError> {
        let (version, entries) = bytes.split_first_chunk().ok_or(AclError::CutOff)?;
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(AclError::Version(version));
        }
        if entries.len() % 8 != 0 {
            return Err(AclError::CutOff);
        }
        let mut acl = Self { entries: BTreeMap::new() };
        for entry in entries.as_chunks::<8>().0 {
            let [tag, tag_high, bits, bits_high, id @ ..] = *entry;
            let id = u32::from_le_bytes(id);
            let tag = match u16::from_le_bytes([tag, tag_high]) {
                0x01 => Tag::Owner,
                0x02 => Tag::User(id),
                0x04 => Tag::OwnerGroup,
                0x08 => Tag::Group(id),
                0x10 => Tag::Mask,
                0x20 => Tag::Other,
                tag => return Err(AclError::Tag(tag)),
            };
            acl.entries.insert(tag, Bits(u16::from_le_bytes([bits, bits_high])));
        }
        let required = [Tag::Owner, Tag::OwnerGroup, Tag::Other];
        if !required.iter().all(|tag| acl.entries.contains_key(tag))
            || (acl.has_named() && acl.get(Tag::Mask).is_none())
        {
            return Err(AclError::Incomplete);
        }
        Ok(acl)
    }

    /// Writes the kernel's form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = VERSION.to_le_bytes().to_vec();
        for (tag, bits) in &self.entries {
            let (number, id): (u16, u32) = match *tag {
                Tag::Owner => (0x01, NO_ID),
                Tag::User(id) => (0x02, id),
                Tag::OwnerGroup => (0x04, NO_ID),
                Tag::Group(id) => (0x08, id),
                Tag::Mask => (0x10, NO_ID),
                Tag::Other => (0x20, NO_ID),
            };
            bytes.extend(number.to_le_bytes());
            bytes.extend(bits.0.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    /// Returns the permissions of one entry, before the mask.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<Bits> {
        self.entries.get(&tag).copied()
    }

    /// Returns what an entry really permits: its permissions within the mask.
    #[must_use]
    pub fn effective(&self, tag: Tag) -> Option<Bits> {
        let bits = self.get(tag)?;
        Some(match tag {
            Tag::User(_) | Tag::Group(_) | Tag::OwnerGroup => self.get(Tag::Mask).map_or(bits, |mask| bits.and(mask)),
            Tag::Owner | Tag::Mask | Tag::Other => bits,
        })
    }

    /// Whether it has an entry for a named user or group.
    #[must_use]
    pub fn has_named(&self) -> bool {
        self.entries.keys().any(|tag| matches!(tag, Tag::User(_) | Tag::Group(_)))
    }

    /// Returns the list without named entries: what owner, group and others may do, the group within the mask.
    #[must_use]
    pub fn without_named(&self) -> Self {
        let base = [Tag::Owner, Tag::OwnerGroup, Tag::Other];
        Self { entries: base.into_iter().filter_map(|tag| Some((tag, self.effective(tag)?))).collect() }
    }

    /// Sets a named entry and widens the mask as far as the entry needs.
    ///
    /// Returns the other entries that may do more than before because the mask had held them back.
    pub fn grant(&mut self, tag: Tag, bits: Bits) -> Vec<Tag> {
        let others: Vec<(Tag, Option<Bits>)> =
            self.entries.keys().filter(|other| **other != tag).map(|other| (*other, self.effective(*other))).collect();
        let mask = self.get(Tag::Mask).or_else(|| self.get(Tag::OwnerGroup)).unwrap_or_default();
        self.entries.insert(tag, bits);
        self.entries.insert(Tag::Mask, mask.or(bits));
        others
            .into_iter()
            .filter(|(other, before)| *other != Tag::Mask && self.effective(*other) != *before)
            .map(|(other, _)| other)
            .collect()
    }

    /// Removes a named entry and narrows the mask to what the others need; without named entries left, the list is
    /// minimal again and the file's group keeps what it really had. Returns whether there was such an entry.
    pub fn revoke(&mut self, tag: Tag) -> bool {
        if self.entries.remove(&tag).is_none() {
            return false;
        }
        let Some(mask) = self.get(Tag::Mask) else { return true };
        if self.has_named() {
            let needed = self
                .entries
                .iter()
                .filter(|(tag, _)| matches!(tag, Tag::User(_) | Tag::Group(_) | Tag::OwnerGroup))
                .fold(Bits::default(), |all, (_, bits)| all.or(*bits));
            self.entries.insert(Tag::Mask, mask.and(needed));
        } else {
            self.entries.remove(&Tag::Mask);
            if let Some(group) = self.entries.get_mut(&Tag::OwnerGroup) {
                *group = group.and(mask);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RW: Bits = Bits(6);
    const R: Bits = Bits::READ;

    #[test]
    fn the_kernels_form_is_read_and_written() {
        let bytes = hex::decode(concat!(
            "02000000",
            "01000600ffffffff",
            "0200040001000000",
            "04000400ffffffff",
            "10000400ffffffff",
            "20000400ffffffff"
        ))
        .unwrap();
        let acl = Acl::decode(&bytes).unwrap();
        assert_eq!(acl.get(Tag::User(1)), Some(R));
        assert_eq!(acl.get(Tag::Owner), Some(RW));
        assert_eq!(acl.encode(), bytes);
    }

    #[test]
    fn bytes_of_another_form_are_refused() {
        assert_eq!(Acl::decode(&[]), Err(AclError::CutOff));
        assert_eq!(Acl::decode(&[3, 0, 0, 0]), Err(AclError::Version(3)));
        assert_eq!(Acl::decode(&[2, 0, 0, 0, 1]), Err(AclError::CutOff));
        assert_eq!(Acl::decode(&[2, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]), Err(AclError::Tag(0x40)));
        assert_eq!(Acl::decode(&[2, 0, 0, 0]), Err(AclError::Incomplete));
    }

    #[test]
    fn entries_are_written_in_the_kernels_order() {
        let mut acl = Acl::of_mode(0o640);
        for tag in [Tag::Group(9), Tag::User(8), Tag::Group(3), Tag::User(2)] {
            acl.grant(tag, R);
        }
        let tags: Vec<u8> = acl.encode()[4..].chunks(8).map(|entry| entry[0]).collect();
        assert_eq!(tags, [1, 2, 2, 4, 8, 8, 0x10, 0x20]);
        assert_eq!(Acl::decode(&acl.encode()), Ok(acl));
    }

    #[test]
    fn granting_and_revoking_leaves_the_mode_as_it_was() {
        for mode in [0o600, 0o640, 0o664, 0o755, 0o000] {
            let before = Acl::of_mode(mode);
            let mut acl = before.clone();
            assert_eq!(acl.grant(Tag::User(5), RW), [], "{mode:o}");
            assert_eq!(acl.effective(Tag::User(5)), Some(RW));
            assert!(acl.revoke(Tag::User(5)));
            assert_eq!(acl, before, "{mode:o}");
        }
    }

    #[test]
    fn another_named_entry_and_its_mask_stay() {
        let mut acl = Acl::of_mode(0o640);
        acl.grant(Tag::User(1), R);
        let before = acl.clone();
        acl.grant(Tag::Group(2), RW);
        assert_eq!(acl.effective(Tag::User(1)), Some(R));
        assert!(acl.revoke(Tag::Group(2)));
        assert_eq!(acl, before);
        assert!(!acl.revoke(Tag::Group(2)));
    }

    #[test]
    fn widening_the_mask_names_whom_else_it_gives_more() {
        let mut acl = Acl::of_mode(0o640);
        acl.grant(Tag::User(1), RW);
        acl.entries.insert(Tag::Mask, R);
        assert_eq!(acl.effective(Tag::User(1)), Some(R));
        assert_eq!(acl.grant(Tag::User(2), RW), [Tag::User(1)]);
    }

    #[test]
    fn a_mask_that_was_narrowed_meanwhile_is_not_undone() {
        let mut acl = Acl::of_mode(0o660);
        acl.grant(Tag::User(1), RW);
        acl.entries.insert(Tag::Mask, Bits::default());
        acl.revoke(Tag::User(1));
        assert_eq!(acl, Acl::of_mode(0o600));
    }
}
