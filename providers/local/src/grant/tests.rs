use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use mesh_provider::{Computed, Failure, Found, ResourceType};
use mesh_value::from_plain_json;
use serde_json::json;

use super::acl::{Acl, Bits};
use super::model::Grant;
use super::resource::GrantType;
use super::tree;
use crate::provider::Local;
use crate::testing::{operation, platform, run};

const ACCESS: &str = "system.posix_acl_access";
const DEFAULT: &str = "system.posix_acl_default";

/// Every Linux has this user and this group, and no test runs as them.
const USER: &str = "nobody";
const GROUP: &str = "daemon";

fn grant(permissions: &str) -> Grant {
    Grant {
        path: "landing".to_owned(),
        user: Some(USER.to_owned()),
        group: None,
        permissions: permissions.to_owned(),
        recursive: true,
        id: Computed::Unknown,
        principal: Computed::Unknown,
        principal_id: Computed::Unknown,
        uncovered: Computed::Unknown,
    }
}

/// Mode and lists of one path.
#[derive(Debug, PartialEq)]
struct Seen {
    name: String,
    mode: u32,
    access: Option<Vec<u8>>,
    default: Option<Vec<u8>>,
}

/// A directory `landing` with a file, a directory with a file, and a link that leads out.
struct Fixture {
    dir: tempfile::TempDir,
    local: Local,
}

impl Fixture {
    /// `None`, and a line that says so, where the file system of temporary directories has no access control lists.
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        if let Err(error) = xattr::set(dir.path(), ACCESS, &Acl::of_mode(0o700).encode()) {
            eprintln!("skipped: {} has no access control lists: {error}", dir.path().display());
            return None;
        }
        fs::create_dir_all(dir.path().join("landing/raw")).unwrap();
        for (name, mode) in [("landing/a.csv", 0o640), ("landing/raw/b.csv", 0o600), ("outside", 0o600)] {
            fs::write(dir.path().join(name), name).unwrap();
            chmod(&dir.path().join(name), mode);
        }
        chmod(&dir.path().join("landing"), 0o750);
        chmod(&dir.path().join("landing/raw"), 0o700);
        symlink("../outside", dir.path().join("landing/link")).unwrap();
        let local = platform(dir.path());
        Some(Self { dir, local })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn create(&self, grant: Grant) -> Result<Grant, Failure> {
        run(GrantType::create(&self.local, grant, &operation(""))).map_err(|error| error.failure)
    }

    fn update(&self, prior: &Grant, planned: Grant) -> Grant {
        run(GrantType::update(&self.local, prior.clone(), planned, &operation(""))).unwrap()
    }

    fn read(&self, grant: &Grant) -> Option<Grant> {
        run(GrantType::read(&self.local, vec![grant.clone()])).pop().unwrap().unwrap()
    }

    fn delete(&self, grant: Grant) {
        run(GrantType::delete(&self.local, grant, &operation(""))).unwrap();
    }

    /// What the principal of a grant may do there, as `access/default`.
    fn bits(&self, grant: &Grant, name: &str) -> String {
        let tag = grant.tag().unwrap();
        let path = self.path(name);
        let shown = |bits: Option<Bits>| bits.map_or_else(|| "none".to_owned(), |bits| bits.to_string());
        let access = tree::access(&path, &fs::symlink_metadata(&path).unwrap()).unwrap();
        let default = xattr::get(&path, DEFAULT).unwrap().map(|bytes| Acl::decode(&bytes).unwrap());
        format!("{}/{}", shown(access.effective(tag)), shown(default.and_then(|acl| acl.effective(tag))))
    }

    /// Mode and lists of everything below `landing`, and of what is outside.
    fn everything(&self) -> Vec<Seen> {
        ["landing", "landing/a.csv", "landing/raw", "landing/raw/b.csv", "outside"]
            .map(|name| {
                let path = self.path(name);
                let mode = fs::metadata(&path).unwrap().mode();
                let [access, default] = [ACCESS, DEFAULT].map(|list| xattr::get(&path, list).unwrap());
                Seen { name: name.to_owned(), mode, access, default }
            })
            .into()
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn arguments_that_do_not_go_together_are_named() {
    let cases = [
        (json!({ "permissions": "read" }), "A grant is for one `user` or one `group`"),
        (json!({ "permissions": "read", "user": "a", "group": "b" }), "A grant is for one `user` or one `group`"),
        (
            json!({ "permissions": "rwx", "user": "a" }),
            "`permissions` is `read`, `write` or `read_write`; it is \"rwx\".",
        ),
    ];
    for (config, expected) in cases {
        let found = GrantType::validate(&from_plain_json(&config).unwrap());
        assert_eq!(found.len(), 1, "{config}: {found:?}");
        assert!(found[0].detail.starts_with(expected), "{config}: {}", found[0].detail);
    }
}

#[test]
fn it_covers_what_is_there_and_what_will_be_and_leaves_no_trace() {
    let Some(fixture) = Fixture::new() else { return };
    let before = fixture.everything();
    let made = fixture.create(grant("read")).unwrap();
    let uid = made.principal_id.known().unwrap();
    assert_eq!(made.principal, format!("user:{USER} (uid {uid})").into());
    assert_eq!(made.id, format!("user:{USER}:{}", fixture.path("landing").display()).into());
    let cases = [
        ("landing", "r-x/r-x"),
        ("landing/raw", "r-x/r-x"),
        ("landing/raw/b.csv", "r--/none"),
        ("outside", "none/none"),
    ];
    for (name, expected) in cases {
        assert_eq!(fixture.bits(&made, name), expected, "{name}");
    }
    fs::write(fixture.path("landing/raw/new.csv"), "").unwrap();
    fs::create_dir(fixture.path("landing/raw/new")).unwrap();
    assert_eq!(fixture.bits(&made, "landing/raw/new.csv"), "r--/none");
    assert_eq!(fixture.bits(&made, "landing/raw/new"), "r-x/r-x");
    assert_eq!(fixture.read(&made).as_ref(), Some(&made));
    fs::remove_file(fixture.path("landing/raw/new.csv")).unwrap();
    fixture.delete(made.clone());
    assert_eq!(fixture.everything(), before);
    assert_eq!(fixture.read(&made), None);
    fixture.delete(made);
}

#[test]
fn permissions_and_reach_change_in_place() {
    let Some(fixture) = Fixture::new() else { return };
    let read = fixture.create(grant("read")).unwrap();
    let write = fixture.update(&read, Grant { permissions: "read_write".to_owned(), ..read.clone() });
    assert_eq!([fixture.bits(&write, "landing"), fixture.bits(&write, "landing/a.csv")], ["rwx/rwx", "rw-/none"]);
    let shallow = fixture.update(&write, Grant { recursive: false, ..write.clone() });
    assert_eq!([fixture.bits(&write, "landing"), fixture.bits(&write, "landing/raw")], ["rwx/none", "none/none"]);
    assert_eq!(fixture.read(&shallow).as_ref(), Some(&shallow));
    let deep = fixture.update(&shallow, Grant { recursive: true, ..shallow.clone() });
    assert_eq!(fixture.bits(&deep, "landing/raw/b.csv"), "rw-/none");
    assert_eq!(fixture.read(&deep), Some(deep));
}

#[test]
fn other_entries_stay() {
    let Some(fixture) = Fixture::new() else { return };
    let user = fixture.create(grant("read")).unwrap();
    let before = fixture.everything();
    let group = fixture.create(Grant { user: None, group: Some(GROUP.to_owned()), ..grant("read_write") }).unwrap();
    assert_eq!(fixture.bits(&group, "landing/a.csv"), "rw-/none");
    assert_eq!(fixture.bits(&user, "landing/a.csv"), "r--/none");
    assert_eq!(fixture.read(&user).as_ref(), Some(&user));
    fixture.delete(group);
    assert_eq!(fixture.everything(), before);
}

#[test]
fn changes_outside_are_drift() {
    let Some(fixture) = Fixture::new() else { return };
    let made = fixture.create(grant("read")).unwrap();
    chmod(&fixture.path("landing/a.csv"), 0o600);
    xattr::remove(fixture.path("landing/raw/b.csv"), ACCESS).unwrap();
    let read = fixture.read(&made).unwrap();
    assert_eq!(read, Grant { uncovered: 2.into(), ..made.clone() });
    assert_eq!(fixture.update(&read, made.clone()), made);
    assert_eq!(fixture.read(&made).as_ref(), Some(&made));

    let tag = made.tag().unwrap();
    let mut acl = Acl::decode(&xattr::get(fixture.path("landing"), ACCESS).unwrap().unwrap()).unwrap();
    acl.grant(tag, Bits(7));
    xattr::set(fixture.path("landing"), ACCESS, &acl.encode()).unwrap();
    assert_eq!(fixture.read(&made).unwrap().permissions, "read_write");
    acl.grant(tag, Bits(2));
    xattr::set(fixture.path("landing"), ACCESS, &acl.encode()).unwrap();
    assert_eq!(fixture.read(&made).unwrap().permissions, "-w-");
    xattr::remove(fixture.path("landing"), ACCESS).unwrap();
    assert_eq!(fixture.read(&made), None);
}

#[test]
fn what_can_not_be_granted_says_why() {
    let Some(fixture) = Fixture::new() else { return };
    let made = fixture.create(grant("read")).unwrap();
    let before = fixture.everything();
    let to = |path: &str| Grant { path: path.to_owned(), ..grant("read") };
    let cases = [
        (
            Grant { user: Some("nosuch".to_owned()), ..grant("read") },
            "Unknown user: This machine has no user `nosuch`.",
        ),
        (
            Grant { user: None, group: Some("nosuch".to_owned()), ..grant("read") },
            "Unknown group: This machine has no group `nosuch`.",
        ),
        (to("nowhere"), "Nothing to grant access to: There is no file or directory"),
        (grant("write"), "Access entry already exists: "),
        (to("landing/raw"), "handed down by the directory above"),
        (
            Grant { recursive: false, ..to("/proc/sys") },
            "/proc/sys lies on the proc file system mounted at /proc, which has no",
        ),
    ];
    for (case, expected) in cases {
        let failure = fixture.create(case).unwrap_err();
        assert!(failure.to_string().contains(expected), "{failure}");
    }
    assert_eq!(fixture.everything(), before);
    assert_eq!(fixture.read(&made).as_ref(), Some(&made));
}

#[test]
fn it_is_imported_and_found_again() {
    let Some(fixture) = Fixture::new() else { return };
    let locate = |grant: Grant| run(GrantType::locate(&fixture.local, grant, "")).unwrap();
    assert_eq!(locate(grant("read")), Found::Absent);
    let made = fixture.create(Grant { user: None, group: Some(GROUP.to_owned()), ..grant("read") }).unwrap();
    let import = |id: &str| run(GrantType::import(&fixture.local, id));
    assert_eq!(import(&format!("group:{GROUP}:landing")).unwrap(), made);
    assert_eq!(import("landing").unwrap_err().0[0].summary, "Invalid import id");
    assert_eq!(import(&format!("user:{USER}:landing")).unwrap_err().0[0].summary, "Nothing to import");
    let planned = Grant { user: None, group: Some(GROUP.to_owned()), ..grant("read") };
    assert_eq!(locate(planned.clone()), Found::Complete(made.clone()));
    xattr::remove(fixture.path("landing/a.csv"), ACCESS).unwrap();
    assert_eq!(locate(planned), Found::Partial(Grant { uncovered: 1.into(), ..made }));
}

#[test]
fn the_tools_of_the_system_see_the_same() {
    let Some(fixture) = Fixture::new() else { return };
    let made = fixture.create(grant("read_write")).unwrap();
    let Ok(seen) = Command::new("getfacl").arg("--omit-header").arg(fixture.path("landing")).output() else {
        eprintln!("skipped: there is no getfacl to compare with");
        return;
    };
    let expected = format!(
        "user::rwx\nuser:{USER}:rwx\ngroup::r-x\nmask::rwx\nother::---\n\
         default:user::rwx\ndefault:user:{USER}:rwx\ndefault:group::r-x\ndefault:mask::rwx\ndefault:other::---"
    );
    assert_eq!(String::from_utf8(seen.stdout).unwrap().trim().replace("\t", ""), expected);
    let changed = Command::new("setfacl").arg("-m").arg(format!("u:{USER}:r")).arg(fixture.path("landing")).status();
    assert!(changed.unwrap().success());
    assert_eq!(fixture.bits(&made, "landing"), "r--/rwx");
    assert_eq!(fixture.read(&made).unwrap().permissions, "r--");
}

#[test]
fn a_default_that_was_there_before_stays() {
    let Some(fixture) = Fixture::new() else { return };
    let own = Acl::of_mode(0o770).encode();
    xattr::set(fixture.path("landing"), DEFAULT, &own).unwrap();
    let made = fixture.create(grant("read")).unwrap();
    fixture.delete(made);
    assert_eq!(xattr::get(fixture.path("landing"), DEFAULT).unwrap(), Some(own));
}
