//! Who is granted access: a user or a group of the operating system.

use std::fmt;

use mesh_provider::Failure;

use super::acl::Tag;

/// A user or group with the number that the file system stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A user.
    User {
        /// The name.
        name: String,
        /// The number.
        uid: u32,
    },
    /// A group.
    Group {
        /// The name.
        name: String,
        /// The number.
        gid: u32,
    },
}

impl Principal {
    /// Asks the operating system for a user.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn user(name: &str) -> Result<Self, Failure> {
        let user = uzers::get_user_by_name(name).ok_or_else(|| {
            Failure::new(
                "Unknown user",
                format!("This machine has no user `{name}`. Create the user first, or correct the name: see `getent passwd`."),
            )
        })?;
        Ok(Self::User { name: name.to_owned(), uid: user.uid() })
    }

    /// Asks the operating system for a group.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn group(name: &str) -> Result<Self, Failure> {
        let group = uzers::get_group_by_name(name).ok_or_else(|| {
            Failure::new(
                "Unknown group",
                format!("This machine has no group `{name}`. Create the group first, or correct the name: see `getent group`."),
            )
        })?;
        Ok(Self::Group { name: name.to_owned(), gid: group.gid() })
    }

    /// Returns the tag of its entries.
    #[must_use]
    pub const fn tag(&self) -> Tag {
        match self {
            Self::User { uid, .. } => Tag::User(*uid),
            Self::Group { gid, .. } => Tag::Group(*gid),
        }
    }

    /// Returns its kind and name, such as `user:alice`.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::User { name, .. } => format!("user:{name}"),
            Self::Group { name, .. } => format!("group:{name}"),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User { uid, .. } => write!(out, "{} (uid {uid})", self.short()),
            Self::Group { gid, .. } => write!(out, "{} (gid {gid})", self.short()),
        }
    }
}

/// Returns what people call the holder of an entry: `user:alice` or, without a name for the number, `user:1001`.
#[must_use]
pub fn describe(tag: Tag) -> String {
    let named =
        |kind: &str, id: u32, name: Option<String>| format!("{kind}:{}", name.unwrap_or_else(|| id.to_string()));
    match tag {
        Tag::User(uid) => {
            named("user", uid, uzers::get_user_by_uid(uid).map(|user| user.name().to_string_lossy().into_owned()))
        }
        Tag::Group(gid) => {
            named("group", gid, uzers::get_group_by_gid(gid).map(|group| group.name().to_string_lossy().into_owned()))
        }
        Tag::Owner => "the owner".to_owned(),
        Tag::OwnerGroup => "the file's group".to_owned(),
        Tag::Mask => "the mask".to_owned(),
        Tag::Other => "everybody else".to_owned(),
    }
}
