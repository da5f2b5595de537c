//! Functions that read files and work on their paths.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mesh_value::{Type, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::glob::Glob;
use super::hash::hex;
use super::text::text;
use crate::eval::Environment;

const PATH: Parameter = whole("path", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::world("file", "The text of a file.", &[PATH], Shape::String, |environment, arguments| {
        read_text(environment, arguments).map(Value::string)
    })
    .example(r#"file("files/a.txt")"#, r#""hello\n""#),
    Function::world(
        "filebase64",
        "The bytes of a file in Base64.",
        &[PATH],
        Shape::String,
        |environment, arguments| Ok(Value::string(STANDARD.encode(read(environment, arguments)?))),
    )
    .example(r#"filebase64("files/a.txt")"#, r#""aGVsbG8K""#),
    Function::world("fileexists", "Whether a file is there.", &[PATH], Shape::Bool, |environment, arguments| {
        let path = expanded(environment, text(arguments, 0)?)?;
        if environment.is_file(&path) {
            return Ok(Value::bool(true));
        }
        match environment.read(&path) {
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                Err(Refusal::of(0, format!("{:?} is a directory, not a file", text(arguments, 0)?)))
            }
            _ => Ok(Value::bool(false)),
        }
    })
    .example(r#"fileexists("files/a.txt")"#, "true"),
    Function::world(
        "fileset",
        "The files below a directory whose path matches a pattern of *, **, ?, [a-z] and {a,b}.",
        &[PATH, whole("pattern", Shape::String)],
        Shape::Set(&Shape::String),
        fileset,
    )
    .example(r#"fileset("files", "*.txt")"#, r#"["a.txt"]"#),
    Function::world(
        "filemd5",
        "The MD5 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, arguments| Ok(Value::string(hex(&md5::Md5::digest(read(env, arguments)?)))),
    )
    .example(r#"filemd5("files/a.txt")"#, r#""b1946ac92492d2347c6235b4d2611184""#),
    Function::world(
        "filesha1",
        "The SHA-1 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, arguments| Ok(Value::string(hex(&Sha1::digest(read(env, arguments)?)))),
    )
    .example(r#"filesha1("files/a.txt")"#, r#""f572d396fae9206628714fb2ce00f72e94f2258f""#),
    Function::world(
        "filesha256",
        "The SHA-256 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(hex(&Sha256::digest(read(env, args)?)))),
    )
    .example(r#"filesha256("files/a.txt")"#, r#""5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03""#),
    Function::world(
        "filesha512",
        "The SHA-512 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(hex(&Sha512::digest(read(env, args)?)))),
    )
    .example(r#"substr(filesha512("files/a.txt"), 0, 16)"#, r#""e7c22b994c59d9cf""#),
    Function::world(
        "filebase64sha256",
        "The SHA-256 checksum of a file, in Base64.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(STANDARD.encode(Sha256::digest(read(env, args)?)))),
    )
    .example(r#"filebase64sha256("files/a.txt")"#, r#""WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=""#),
    Function::world(
        "filebase64sha512",
        "The SHA-512 checksum of a file, in Base64.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(STANDARD.encode(Sha512::digest(read(env, args)?)))),
    )
    .example(r#"substr(filebase64sha512("files/a.txt"), 0, 16)"#, r#""58IrmUxZ2c8rSOVJ""#),
    Function::world(
        "abspath",
        "A path from the root of the file system.",
        &[PATH],
        Shape::String,
        |environment, arguments| {
            let path = environment.base_dir().join(text(arguments, 0)?);
            Ok(Value::string(shown(&cleaned(&path))))
        },
    )
    .example(r#"abspath("data/../files")"#, r#""/project/files""#),
    Function::world(
        "pathexpand",
        "A path with a leading ~ replaced by the home directory.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(shown(&expanded(env, text(args, 0)?)?))),
    )
    .example(r#"pathexpand("~/data")"#, r#""/home/ann/data""#),
    Function::pure("basename", "The last part of a path.", &[PATH], Shape::String, |arguments| {
        let path = text(arguments, 0)?.trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_root = path.is_empty() && text(arguments, 0)?.starts_with('/');
        Ok(Value::string(if is_root {
            "/"
        } else if last.is_empty() {
            "."
        } else {
            last
        }))
    })
    .example(r#"basename("landing/orders.csv")"#, r#""orders.csv""#),
    Function::pure("dirname", "A path without its last part.", &[PATH], Shape::String, |arguments| {
        let path = text(arguments, 0)?;
        let directory = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default();
        Ok(Value::string(shown(&cleaned(Path::new(directory)))))
    })
    .example(r#"dirname("landing/orders.csv")"#, r#""landing""#),
];

fn read(environment: &dyn Environment, arguments: &[Value]) -> Result<Vec<u8>, Refusal> {
    let path = text(arguments, 0)?;
    environment.read(&expanded(environment, path)?).map_err(|error| {
        let refusal = Refusal::of(0, format!("{path:?} can't be read: {error}"));
        match error.kind() {
            ErrorKind::NotFound => refusal
                .hint("A file must be there before the plan is made; paths are best written \"${path.module}/…\"."),
            _ => refusal,
        }
    })
}

/// The text of the file that the first argument names.
pub(super) fn read_text(environment: &dyn Environment, arguments: &[Value]) -> Result<String, Refusal> {
    String::from_utf8(read(environment, arguments)?).map_err(|_| {
        let refusal = Refusal::of(0, format!("{:?} is no text in UTF-8", text(arguments, 0).unwrap_or_default()));
        refusal.hint("Read other files with filebase64(…).")
    })
}

fn fileset(environment: &dyn Environment, arguments: &[Value]) -> Answer {
    let (directory, pattern) = (text(arguments, 0)?, text(arguments, 1)?);
    let directory = cleaned(&expanded(environment, directory)?);
    let whole = cleaned(&directory.join(pattern.trim_start_matches('/')));
    // Files are looked for below what has no pattern in it; the pattern may lead out of the directory.
    let is_plain = |part: &Component<'_>| !Glob::is_pattern(&part.as_os_str().to_string_lossy());
    let mut start: PathBuf = whole.components().take_while(is_plain).collect();
    if start == whole {
        start.pop();
    }
    let rest = whole.strip_prefix(&start).unwrap_or(&whole).to_string_lossy().into_owned();
    let glob = Glob::new(&rest).map_err(|detail| Refusal::of(1, detail))?;
    let files = match environment.files_below(&start) {
        // What is not there has no files.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Vec::new(),
        files => files.map_err(|error| Refusal::of(0, format!("{:?} can't be read: {error}", shown(&start))))?,
    };
    let names = files.iter().filter(|path| glob.matches(&path.to_string_lossy().replace('\\', "/")));
    let names = names.map(|path| relative(&directory, &cleaned(&start.join(path))));
    Ok(Value::set(Type::String, names.map(|path| Value::string(shown(&path))).collect()))
}

/// The way from a directory to a file, both without `.` and as few `..` as can be.
fn relative(directory: &Path, file: &Path) -> PathBuf {
    let parts = |path: &Path| -> Vec<_> {
        path.components().filter(|part| *part != Component::CurDir).map(|part| part.as_os_str().to_owned()).collect()
    };
    let (from, to) = (parts(directory), parts(file));
    let common = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
    let up = from.iter().skip(common).map(|_| "..".into());
    up.chain(to.iter().skip(common).cloned()).collect()
}

/// The path with a leading `~` replaced.
fn expanded(environment: &dyn Environment, path: &str) -> Result<PathBuf, Refusal> {
    let Some(rest) = path.strip_prefix('~') else { return Ok(PathBuf::from(path)) };
    if !rest.is_empty() && !rest.starts_with('/') {
        let refusal = Refusal::of(0, format!("{path:?} starts with the home directory of another user"));
        return Err(refusal.hint("Only ~ and ~/… are known: your own home directory."));
    }
    let home = environment.home_dir().ok_or_else(|| Refusal::of(0, "there is no home directory to replace ~ with"))?;
    Ok(home.join(rest.trim_start_matches('/')))
}

/// The path without `.` and `..`, as far as that needs no look at the file system.
fn cleaned(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !matches!(clean.components().next_back(), Some(Component::Normal(_))) {
                    if !clean.has_root() {
                        clean.push("..");
                    }
                } else {
                    clean.pop();
                }
            }
            _ => clean.push(part),
        }
    }
    if clean.as_os_str().is_empty() { PathBuf::from(".") } else { clean }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
