//! Whether a principal can get to a path at all: access to a directory is void where one above it can't be searched.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::acl::{Acl, Bits, Tag};
use super::principal::Principal;
use super::tree;

/// Returns the first directory above `path`, from the root on, that the principal can't search.
///
/// Directories that can't be looked at count as passable: this serves a warning, not a decision.
#[must_use]
pub fn obstacle(path: &Path, principal: &Principal) -> Option<PathBuf> {
    let who = Who::of(principal);
    let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
    above.reverse();
    above
        .into_iter()
        .find(|dir| {
            let Ok(metadata) = fs::metadata(dir) else { return false };
            let Ok(acl) = tree::access(dir, &metadata) else { return false };
            !who.may_search(&acl, metadata.uid(), metadata.gid())
        })
        .map(Path::to_owned)
}

/// A principal as the kernel sees it when it checks an access.
struct Who {
    uid: Option<u32>,
    groups: Vec<u32>,
}

impl Who {
    fn of(principal: &Principal) -> Self {
        match principal {
            Principal::User { name, uid } => {
                let user = uzers::get_user_by_name(name);
                let groups = user.and_then(|user| user.groups()).unwrap_or_default();
                Self { uid: Some(*uid), groups: groups.iter().map(uzers::Group::gid).collect() }
            }
            Principal::Group { gid, .. } => Self { uid: None, groups: vec![*gid] },
        }
    }

    /// The kernel's order: owner, named user, groups (one that permits is enough), others. See acl(5).
    fn may_search(&self, acl: &Acl, owner: u32, owner_group: u32) -> bool {
        let permits = |tag| acl.effective(tag).is_some_and(|bits: Bits| bits.and(Bits::EXECUTE) == Bits::EXECUTE);
        if let Some(uid) = self.uid {
            if uid == 0 {
                return true;
            }
            if uid == owner {
                return permits(Tag::Owner);
            }
            if acl.get(Tag::User(uid)).is_some() {
                return permits(Tag::User(uid));
            }
        }
        let mut matching = self
            .groups
            .iter()
            .flat_map(|gid| [(*gid == owner_group).then_some(Tag::OwnerGroup), Some(Tag::Group(*gid))])
            .flatten()
            .filter(|tag| acl.get(*tag).is_some())
            .peekable();
        if matching.peek().is_some() { matching.any(permits) } else { permits(Tag::Other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_class_decides() {
        let mut acl = Acl::of_mode(0o701);
        let user = |uid, groups: &[u32]| Who { uid: Some(uid), groups: groups.to_vec() };
        assert!(user(1, &[]).may_search(&acl, 1, 10), "the owner");
        assert!(!user(2, &[10]).may_search(&acl, 1, 10), "the file's group has nothing, though others have");
        assert!(user(2, &[11]).may_search(&acl, 1, 10), "others");
        assert!(user(0, &[]).may_search(&Acl::of_mode(0), 1, 10), "root");
        acl.grant(Tag::Group(11), Bits::EXECUTE);
        acl.grant(Tag::User(3), Bits::READ);
        assert!(user(2, &[10, 11]).may_search(&acl, 1, 10), "one permitting group is enough");
        assert!(!user(3, &[11]).may_search(&acl, 1, 10), "a named user's own entry comes before groups");
        assert!(Who { uid: None, groups: vec![11] }.may_search(&acl, 1, 10), "a group");
    }
}
