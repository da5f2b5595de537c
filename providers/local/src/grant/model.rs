//! What a grant is in configuration and state, and how it stands on the file system.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mesh_provider::{Block, Computed, Failure};
use mesh_value::AttributePath;

use super::acl::Tag;
use super::principal::{self, Principal};
use super::reach;
use super::tree::{Entry, Permissions};

/// Access of an operating system user or group to a path, as an entry of its POSIX access control list.
///
/// Other entries stay as they are. The mask is widened as far as the entry needs; where that gives others more, a
/// warning names them. Deleting the grant removes exactly its entries, and where no other named entry is left the list
/// is minimal again. Entries that are removed or changed outside, as with `setfacl` or `chmod`, are drift.
///
/// A path has one entry a principal, so a second grant for the same principal on the same path, or on one inside a
/// recursive grant, is refused: grant the wider access once. Only the owner of a file and root may change its list.
/// Needs Linux and a file system with access control lists.
#[derive(Block, Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The file or directory: a bucket's path, or that of a directory in it.
    #[mesh(replace)]
    pub path: String,
    /// The user who is granted access. Exactly one of `user` and `group` is needed.
    #[mesh(replace)]
    pub user: Option<String>,
    /// The group that is granted access.
    #[mesh(replace)]
    pub group: Option<String>,
    /// `read`: read files and list directories; `write`: write, create and remove them; `read_write`: both.
    pub permissions: String,
    /// Whether it holds for everything below the directory too, and for what will be created there.
    #[mesh(default = true)]
    pub recursive: bool,
    /// Principal and path, such as `user:alice:/srv/mesh/landing`.
    pub id: Computed<String>,
    /// Who it is, such as `user:alice (uid 1001)`.
    pub principal: Computed<String>,
    /// The number by which the file system knows the principal.
    pub principal_id: Computed<u32>,
    /// How many files and directories below the path lack the access: moved there, or created without it.
    pub uncovered: Computed<u64>,
}

impl Grant {
    /// Who is named in the configuration, as the operating system knows them now.
    pub fn principal(&self) -> Result<Principal, Failure> {
        resolve(self.user.as_deref(), self.group.as_deref())
    }

    /// The tag of the entries that exist: by number, since the name may be gone by now.
    pub fn tag(&self) -> Result<Tag, Failure> {
        match (self.principal_id.known(), &self.user) {
            (Some(uid), Some(_)) => Ok(Tag::User(*uid)),
            (Some(gid), None) => Ok(Tag::Group(*gid)),
            (None, _) => self.principal().map(|principal| principal.tag()),
        }
    }

    pub fn permissions(&self) -> Result<Permissions, Failure> {
        Permissions::from_name(&self.permissions).ok_or_else(|| {
            Failure::new("Invalid permissions", wrong_permissions(&self.permissions))
                .at(&AttributePath::attr("permissions"))
        })
    }

    pub fn entry(&self, path: &Path, principal: Tag) -> Entry {
        // A path that is gone stays as it is written; looking at it says so.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Entry { path, principal, recursive: self.recursive }
    }

    pub fn made(mut self, path: &Path, principal: &Principal) -> Self {
        self.id = id(principal, path).into();
        self.principal = principal.to_string().into();
        self.principal_id = number(principal.tag()).into();
        self.uncovered = 0.into();
        self
    }

    /// The grant as the file system has it; `None` where it has none.
    pub fn seen(mut self, path: &Path) -> Result<Option<Self>, Failure> {
        let entry = self.entry(path, self.tag()?);
        let wanted = Permissions::from_name(&self.permissions);
        let Some(found) = entry.find(wanted)? else { return Ok(None) };
        if wanted.is_none_or(|wanted| wanted.bits(found.is_dir) != found.bits) {
            self.permissions = match Permissions::of_bits(found.bits, found.is_dir) {
                Some(permissions) => permissions.name().to_owned(),
                None => found.bits.to_string(),
            };
        }
        if found.is_dir && self.recursive != found.inherited {
            self.recursive = found.inherited;
        }
        self.uncovered = found.uncovered.into();
        Ok(Some(self))
    }

    /// Sets the entries and returns what to warn of.
    pub fn set(&self, path: &Path, principal: &Principal) -> Result<Vec<(String, String)>, Failure> {
        let entry = self.entry(path, principal.tag());
        let mut warnings = Vec::new();
        let widened: BTreeSet<Tag> = entry.set(self.permissions()?)?;
        if !widened.is_empty() {
            let names: Vec<String> = widened.into_iter().map(principal::describe).collect();
            warnings.push((
                "Others may do more than before".to_owned(),
                format!(
                    "The mask on {} had held back entries of {}; it had to be widened for {principal}. Narrow those \
                     entries with `setfacl` where that is not wanted.",
                    path.display(),
                    names.join(", ")
                ),
            ));
        }
        if let Some(obstacle) = reach::obstacle(&entry.path, principal) {
            warnings.push((
                "Path can't be reached".to_owned(),
                format!(
                    "{principal} may not search {}, so the access to {} has no effect yet. Let them pass with `chmod \
                     o+x`, or with `setfacl -m {}:x` on that directory.",
                    obstacle.display(),
                    path.display(),
                    principal.short()
                ),
            ));
        }
        Ok(warnings)
    }
}

/// Asks the operating system for the principal that a configuration names.
///
/// # Errors
/// Where there is none of that name.
pub fn resolve(user: Option<&str>, group: Option<&str>) -> Result<Principal, Failure> {
    match (user, group) {
        (Some(name), None) => Principal::user(name).map_err(|failure| failure.at(&AttributePath::attr("user"))),
        (None, Some(name)) => Principal::group(name).map_err(|failure| failure.at(&AttributePath::attr("group"))),
        _ => Err(Failure::new("Principal needed", "A grant is for one `user` or one `group`: give exactly one.")),
    }
}

/// The number by which the file system knows a principal.
pub fn number(tag: Tag) -> u32 {
    match tag {
        Tag::User(id) | Tag::Group(id) => id,
        Tag::Owner | Tag::OwnerGroup | Tag::Mask | Tag::Other => u32::MAX,
    }
}

/// A grant's id, which also imports it.
pub fn id(principal: &Principal, path: &Path) -> String {
    format!("{}:{}", principal.short(), path.display())
}

/// What is said of permissions that there aren't.
pub fn wrong_permissions(text: &str) -> String {
    format!("`permissions` is `read`, `write` or `read_write`; it is {text:?}.")
}
