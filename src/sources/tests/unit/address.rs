//! What sources mean, held in a table.

use super::*;

fn git(url: &str, reference: Option<&str>, subdirectory: &str) -> Source {
    let address = Address::Git { url: url.to_owned(), reference: reference.map(ToOwned::to_owned) };
    Source::Package(address, PathBuf::from(subdirectory))
}

fn archive(location: Location, format: Format, subdirectory: &str) -> Source {
    Source::Package(Address::Archive { location, format, checksum: None }, PathBuf::from(subdirectory))
}

fn url(text: &str) -> Location {
    Location::Url(text.to_owned())
}

#[test]
fn sources_are_read_as_terraform_reads_them() {
    let cases = [
        ("./a", Source::Directory("./a".into())),
        ("../a//b", Source::Directory("../a//b".into())),
        ("/srv/a", Source::Directory("/srv/a".into())),
        ("./a.zip//b", archive(Location::File("./a.zip".into()), Format::Zip, "b")),
        ("file:///srv/a.tgz", archive(Location::File("/srv/a.tgz".into()), Format::TarGz, "")),
        ("git::https://h/r.git", git("https://h/r.git", None, "")),
        ("git::https://h/r.git//a/b?ref=v1", git("https://h/r.git", Some("v1"), "a/b")),
        ("git::https://h/r?depth=1&ref=feature%2Fx&v=1", git("https://h/r?v=1", Some("feature/x"), "")),
        ("git::ssh://git@h/r.git", git("ssh://git@h/r.git", None, "")),
        ("git::file:///srv/r//a", git("file:///srv/r", None, "a")),
        ("git@github.com:o/r.git//a?ref=x", git("git@github.com:o/r.git", Some("x"), "a")),
        ("git::git@h:o/r.git", git("git@h:o/r.git", None, "")),
        ("github.com/o/r", git("https://github.com/o/r.git", None, "")),
        ("github.com/o/r.git//a?ref=v1", git("https://github.com/o/r.git", Some("v1"), "a")),
        ("github.com/o/r/a/b", git("https://github.com/o/r.git", None, "a/b")),
        ("git::github.com/o/r", git("https://github.com/o/r.git", None, "")),
        ("https://h/a.zip", archive(url("https://h/a.zip"), Format::Zip, "")),
        ("https://h/a.tar.gz//b?v=1", archive(url("https://h/a.tar.gz?v=1"), Format::TarGz, "b")),
        ("https://h/a?archive=tar", archive(url("https://h/a"), Format::Tar, "")),
        ("p//a/b", Source::Library { library: "p".to_owned(), module: "a/b".to_owned() }),
    ];
    for (text, expected) in cases {
        assert_eq!(Source::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn checksums_are_read() {
    let digest = "a".repeat(64);
    for text in [format!("https://h/a.zip?checksum=sha256:{digest}"), format!("https://h/a.zip?checksum={digest}")] {
        let Ok(Source::Package(Address::Archive { location, checksum, .. }, _)) = Source::parse(&text) else {
            panic!("{text} is an archive");
        };
        assert_eq!(location, url("https://h/a.zip"));
        assert_eq!(checksum, Some(Checksum { algorithm: Algorithm::Sha256, digest: digest.clone() }));
    }
}

#[test]
fn nothing_that_git_could_take_for_an_option_is_read() {
    let refused = [
        "git::https://h/r?ref=--upload-pack=touch",
        "git::https://h/r?ref=-x",
        "git::https://h/r?ref=a%20b",
        "git::https://h/r?ref=a..b",
        "git::https://h/r?ref=refs/x:refs/y",
        "git::https://h/r?ref=",
        "git::https://h/r?depth=0",
        "git::https://h/r?sshkey=eA",
        "git::ext::sh -c touch",
        "git::--upload-pack=x",
        "git::ssh://-oProxyCommand=x/r",
        "git::/srv/r",
        "git::https:///r",
        "-oProxyCommand=x@h:r",
        "git::https://h/r//a/../..",
    ];
    for text in refused {
        assert!(Source::parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_refused_is_told_without_secrets() {
    let refused =
        ["", "a", "a/b", "a/b/c", "h.example/a/b/c", "s3::https://h/a.zip", "https://u:secret@h/a", "p//", "p//../x"];
    for text in refused {
        let problem = Source::parse(text).unwrap_err();
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }
}

#[test]
fn no_text_panics_and_no_password_is_kept() {
    use proptest::prelude::*;
    proptest!(|(text in "(git::|https://|ssh://|file://|\\./|a)?[a-z:/@?=&%.*~\u{e9} -]{0,40}")| {
        let _ = Source::parse(&text);
        let _ = redact(&text);
    });
    proptest!(|(host in "[a-z.]{1,8}", path in "[a-z/?&=@:]{0,12}")| {
        let shown = redact(&format!("see https://user:hunter2@{host}/{path} and more"));
        prop_assert!(!shown.contains("hunter2"), "{shown}");
    });
}
