//! Archives that mean harm, and such that don't.

use super::{Limits, Unpack};
use crate::address::Format;
use crate::archive::unpack;
use crate::manifest::Manifest;

/// A path, its kind, and its content or target.
type Entry<'a> = (&'a str, tar::EntryType, &'a str);
/// A zip archive that is being written.
type Zip = zip::ZipWriter<std::io::Cursor<Vec<u8>>>;

/// A tar archive. Paths go in as they are.
fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, kind, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        let body = match kind {
            tar::EntryType::Symlink | tar::EntryType::Link => {
                header.as_mut_bytes()[157..157 + content.len()].copy_from_slice(content.as_bytes());
                ""
            }
            _ => content,
        };
        header.set_size(body.len() as u64);
        header.set_cksum();
        builder.append(&header, body.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn unpacked(archive: &[u8], format: Format, limits: Limits) -> Result<Manifest, String> {
    let dir = tempfile::tempdir().unwrap();
    let (file, tree) = (dir.path().join("archive"), dir.path().join("tree"));
    std::fs::write(&file, archive).unwrap();
    std::fs::write(dir.path().join("secret"), "outside").unwrap();
    std::fs::create_dir(&tree).unwrap();
    let result = unpack(&file, format, Unpack::new(&tree, limits, "It")).map_err(|problem| problem.detail);
    let beside: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 3, "something was written outside: {beside:?}");
    assert_eq!(std::fs::read_to_string(dir.path().join("secret")).unwrap(), "outside");
    result.map(|()| Manifest::of(&tree).unwrap())
}

use tar::EntryType::{Block, Char, Directory, Fifo, Link, Regular, Symlink};

#[test]
fn a_package_is_unpacked() {
    let archive = tar(&[
        ("./", Directory, ""),
        ("./a/", Directory, ""),
        ("./a/main.tf", Regular, "x"),
        ("a", Directory, ""),
        ("b/link.tf", Symlink, "../a/main.tf"),
        (".git/config", Regular, "[core]"),
        ("b/.GIT/hooks/x", Regular, "x"),
    ]);
    let manifest = unpacked(&archive, Format::Tar, Limits::default()).unwrap();
    assert_eq!(manifest.paths().collect::<Vec<_>>(), ["a/main.tf", "b/link.tf"]);
}

#[test]
fn nothing_leaves_the_package() {
    let cases: [(&str, &[Entry<'_>]); 16] = [
        ("`../x` leads out", &[("../x", Regular, "x")]),
        ("leads out", &[("a/../../x", Regular, "x")]),
        ("leads out", &[("/etc/x", Regular, "x")]),
        ("leads out", &[("../x/", Directory, "")]),
        ("can't be the path", &[("a\\..\\x", Regular, "x")]),
        ("can't be the path", &[("a\nb", Regular, "x")]),
        ("leads out", &[("l", Symlink, "/etc/passwd")]),
        ("not in it", &[("l", Symlink, "../secret")]),
        ("not in it", &[("l", Symlink, "nowhere")]),
        ("both a file and a directory", &[("l", Symlink, ".."), ("l/x", Regular, "x")]),
        ("in it twice", &[("x", Regular, "x"), ("x", Regular, "y")]),
        ("in it twice", &[("x/y", Regular, "x"), ("x", Symlink, "..")]),
        ("a hard link", &[("l", Link, "/etc/passwd")]),
        ("a device", &[("d", Char, "")]),
        ("a device", &[("d", Block, "")]),
        ("a named pipe", &[("p", Fifo, "")]),
    ];
    for (why, entries) in cases {
        let told = unpacked(&tar(entries), Format::Tar, Limits::default()).unwrap_err();
        assert!(told.contains(why), "{entries:?}: {told}");
    }
}

#[test]
fn links_that_lead_out_together_are_refused() {
    // Each of them looks harmless: `a/b/up` is the package, and `out` would be inside if `up` were a directory.
    let entries = [("a/b/up", Symlink, "../.."), ("out", Symlink, "a/b/up/../secret"), ("secret2", Regular, "x")];
    let told = unpacked(&tar(&entries), Format::Tar, Limits::default()).unwrap_err();
    assert!(told.contains("not in it"), "{told}");
}

#[test]
fn nothing_grows_without_end() {
    use std::io::Write;
    let limits = Limits { unpacked: 1 << 20, entries: 10, ..Limits::default() };
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("zeros", zip::write::SimpleFileOptions::default()).unwrap();
    bomb.write_all(&vec![0; (1 << 20) + 1]).unwrap();
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 4096);
    let told = unpacked(&bomb, Format::Zip, limits).unwrap_err();
    assert_eq!(told, "It was not unpacked: it unpacks to more than 1 MiB.");

    let names: Vec<String> = (0..6).map(|number| format!("{number}/x")).collect();
    let entries: Vec<_> = names.iter().map(|name| (name.as_str(), Regular, "x")).collect();
    let told = unpacked(&tar(&entries), Format::Tar, limits).unwrap_err();
    assert_eq!(told, "It was not unpacked: it has more than 10 files and directories.");
}

#[test]
fn zip_archives_are_held_to_the_same_rules() {
    use std::io::Write;
    let options = zip::write::SimpleFileOptions::default();
    let archive = |fill: &dyn Fn(&mut Zip)| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        fill(&mut writer);
        writer.finish().unwrap().into_inner()
    };
    let good = archive(&|writer| {
        writer.add_directory("a", options).unwrap();
        writer.start_file("a/run.sh", options.unix_permissions(0o755)).unwrap();
        writer.write_all(b"x").unwrap();
        writer.add_symlink("b", "a/run.sh", options).unwrap();
    });
    let manifest = unpacked(&good, Format::Zip, Limits::default()).unwrap();
    assert_eq!(manifest.paths().collect::<Vec<_>>(), ["a/run.sh", "b"]);
    assert_eq!(manifest.digest("b"), Some("link:a/run.sh"));

    let link = archive(&|writer| writer.add_symlink("l", "../secret", options).unwrap());
    assert!(unpacked(&link, Format::Zip, Limits::default()).unwrap_err().contains("not in it"));
    let mut out = archive(&|writer| writer.start_file("__/x", options).unwrap());
    let places: Vec<usize> =
        out.windows(4).enumerate().filter(|(_, bytes)| bytes == b"__/x").map(|(at, _)| at).collect();
    for at in places {
        out[at..at + 2].copy_from_slice(b"..");
    }
    assert!(unpacked(&out, Format::Zip, Limits::default()).unwrap_err().contains("leads out"));
}

#[test]
fn damage_is_told() {
    let archive = tar(&[("main.tf", Regular, &"x".repeat(2000))]);
    assert!(
        unpacked(&archive[..1024], Format::Tar, Limits::default())
            .unwrap_err()
            .contains("cut off after 512 of 2000 bytes")
    );
    for format in [Format::Zip, Format::TarGz] {
        assert!(unpacked(b"nothing", format, Limits::default()).unwrap_err().contains("no readable"));
    }
}
