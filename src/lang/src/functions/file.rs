//! Functions that read files and work on their paths.

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
    }),
    Function::world(
        "filebase64",
        "The bytes of a file in Base64.",
        &[PATH],
        Shape::String,
        |environment, arguments| Ok(Value::string(STANDARD.encode(read(environment, arguments)?))),
    ),
    Function::world("fileexists", "Whether a file is there.", &[PATH], Shape::Bool, |environment, arguments| {
        Ok(Value::bool(environment.is_file(&expanded(environment, text(arguments, 0)?))))
    }),
    Function::world(
        "fileset",
        "The files below a directory whose path matches a pattern of *, **, ?, [a-z] and {a,b}.",
        &[PATH, whole("pattern", Shape::String)],
        Shape::Set(&Shape::String),
        fileset,
    ),
    Function::world(
        "filemd5",
        "The MD5 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, arguments| Ok(Value::string(hex(&md5::Md5::digest(read(env, arguments)?)))),
    ),
    Function::world(
        "filesha1",
        "The SHA-1 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, arguments| Ok(Value::string(hex(&Sha1::digest(read(env, arguments)?)))),
    ),
    Function::world(
        "filesha256",
        "The SHA-256 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(hex(&Sha256::digest(read(env, args)?)))),
    ),
    Function::world(
        "filesha512",
        "The SHA-512 checksum of a file, in hexadecimal.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(hex(&Sha512::digest(read(env, args)?)))),
    ),
    Function::world(
        "filebase64sha256",
        "The SHA-256 checksum of a file, in Base64.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(STANDARD.encode(Sha256::digest(read(env, args)?)))),
    ),
    Function::world(
        "filebase64sha512",
        "The SHA-512 checksum of a file, in Base64.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(STANDARD.encode(Sha512::digest(read(env, args)?)))),
    ),
    Function::world(
        "abspath",
        "A path from the root of the file system.",
        &[PATH],
        Shape::String,
        |environment, arguments| {
            let path = environment.base_dir().join(text(arguments, 0)?);
            Ok(Value::string(shown(&cleaned(&path))))
        },
    ),
    Function::world(
        "pathexpand",
        "A path with a leading ~ replaced by the home directory.",
        &[PATH],
        Shape::String,
        |env, args| Ok(Value::string(shown(&expanded(env, text(args, 0)?)))),
    ),
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
    }),
    Function::pure("dirname", "A path without its last part.", &[PATH], Shape::String, |arguments| {
        let path = text(arguments, 0)?;
        let directory = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default();
        Ok(Value::string(shown(&cleaned(Path::new(directory)))))
    }),
];

fn read(environment: &dyn Environment, arguments: &[Value]) -> Result<Vec<u8>, Refusal> {
    let path = text(arguments, 0)?;
    environment.read(&expanded(environment, path)).map_err(|error| {
        let refusal = Refusal::of(0, format!("{path:?} can't be read: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => refusal
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
    let glob = Glob::new(pattern).map_err(|detail| Refusal::of(1, detail))?;
    let files = environment
        .files_below(&expanded(environment, directory))
        .map_err(|error| Refusal::of(0, format!("{directory:?} can't be read: {error}")))?;
    let names = files.iter().map(|path| path.to_string_lossy().replace('\\', "/"));
    Ok(Value::set(Type::String, names.filter(|name| glob.matches(name)).map(Value::string).collect()))
}

/// The path with a leading `~` replaced.
fn expanded(environment: &dyn Environment, path: &str) -> PathBuf {
    match path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')).zip(environment.home_dir()) {
        Some((rest, home)) => home.join(rest.trim_start_matches('/')),
        None => PathBuf::from(path),
    }
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
