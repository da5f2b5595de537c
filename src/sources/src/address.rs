//! Module source addresses, written as in Terraform where it has the thing.

use std::path::PathBuf;

use crate::problem::{Problem, hinted, problem};
use crate::query::Query;
use crate::redact::redact;

/// What a `source` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A directory: relative to the calling module, or absolute.
    Directory(PathBuf),
    /// A package, and the directory in it.
    Package(Address, PathBuf),
    /// A module of a library that the calling module declares: `platform//storage/bucket`.
    Library {
        /// The library's name.
        library: String,
        /// The module's name in the library.
        module: String,
    },
}

/// Where a package is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A commit of a git repository.
    Git {
        /// The repository, as `git` takes it.
        url: String,
        /// A branch, tag or commit; the default branch without one.
        reference: Option<String>,
    },
    /// An archive.
    Archive {
        /// Where it lies.
        location: Location,
        /// How it is packed.
        format: Format,
        /// What its bytes must be.
        checksum: Option<Checksum>,
    },
}

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// An address for HTTP.
    Url(String),
    /// A path: in a `source` relative to the module that says it.
    File(PathBuf),
}

/// How an archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.zip`
    Zip,
    /// `.tar`
    Tar,
    /// `.tar.gz` or `.tgz`
    TarGz,
}

/// What `?checksum=` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// How it is computed.
    pub algorithm: Algorithm,
    /// In lower-case hexadecimal.
    pub digest: String,
}

/// How a checksum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-256
    Sha256,
    /// SHA-512
    Sha512,
}

/// Hosts whose repositories may be written without a scheme.
const GIT_HOSTS: [&str; 3] = ["github.com/", "gitlab.com/", "bitbucket.org/"];
/// What `git` may fetch with.
const GIT_SCHEMES: [&str; 4] = ["https://", "http://", "ssh://", "file:///"];

impl Source {
    /// Reads a source address.
    ///
    /// # Errors
    /// An address that can't be understood, or names something that `mesh` does not fetch.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.starts_with("./") || text.starts_with("../") || text.starts_with('/') || [".", ".."].contains(&text) {
            return local(text);
        }
        if let Some((scheme, rest)) = text.split_once("::") {
            return match scheme {
                "git" => git(rest, text),
                "http" | "https" | "file" => Self::parse(rest),
                _ => Err(unsupported(
                    text,
                    format!("mesh does not fetch with `{scheme}`"),
                    "Serve the module from a git repository, as an archive over HTTP, or in a library.",
                )),
            };
        }
        if GIT_HOSTS.iter().any(|host| text.starts_with(host)) || is_scp(text) {
            return git(text, text);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return match scheme {
                "http" | "https" => archive_url(text),
                "file" if rest.starts_with('/') => local(rest),
                "ssh" | "git" => Err(hinted(
                    unsupported_scheme(text, scheme),
                    format!("A git repository is written `git::{}`.", redact(text)),
                )),
                _ => Err(unsupported_scheme(text, scheme)),
            };
        }
        named(text)
    }
}

impl Format {
    /// The format that a file's name ends in.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let endings = [(".zip", Self::Zip), (".tar", Self::Tar), (".tar.gz", Self::TarGz), (".tgz", Self::TarGz)];
        endings.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| format)
    }
}

/// A path, with a directory inside where it is an archive.
fn local(text: &str) -> Result<Source, Problem> {
    let (path, subdirectory, mut query) = split(text)?;
    let archive = query.take("archive");
    let checksum = query.take("checksum").map(|checksum| read_checksum(&checksum)).transpose()?;
    let format = match archive {
        Some(written) => Some(read_format(&written)?),
        None => Format::of_name(&path),
    };
    match format {
        Some(format) => {
            let location = Location::File(PathBuf::from(path));
            Ok(Source::Package(Address::Archive { location, format, checksum }, subdirectory))
        }
        None => Ok(Source::Directory(PathBuf::from(text))),
    }
}

/// A repository; messages show it as it was `written`.
fn git(text: &str, written: &str) -> Result<Source, Problem> {
    let text =
        GIT_HOSTS.iter().find(|host| text.starts_with(**host)).map_or_else(|| Ok(text.to_owned()), |_| hosted(text))?;
    let (url, subdirectory, mut query) = split(&text)?;
    let reference = query.take("ref");
    if let Some(reference) = reference.as_deref().filter(|reference| !is_reference(reference)) {
        return Err(invalid(written, format!("{reference:?} can't be the name of a branch, tag or commit")));
    }
    if let Some(depth) = query.take("depth").filter(|depth| depth.parse::<u32>().map_or(true, |depth| depth == 0)) {
        return Err(invalid(written, format!("{depth:?} is no depth: it is a whole number from 1")));
    }
    if query.take("sshkey").is_some() {
        let problem = unsupported(
            written,
            "mesh takes no keys from a source".to_owned(),
            "Give the key to `ssh-agent` or name it in `~/.ssh/config`.",
        );
        return Err(problem);
    }
    let url = format!("{url}{}", query.rest());
    let is_known = GIT_SCHEMES.iter().any(|scheme| url.starts_with(scheme)) || is_scp(&url);
    let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if !is_known {
        let schemes = "`https://`, `http://`, `ssh://`, `file:///` or `user@host:path`";
        return Err(invalid(written, format!("the address of a git repository starts with {schemes}")));
    }
    if (host.is_empty() || host.starts_with('/')) && !url.starts_with("file:")
        || host.starts_with('-')
        || url.starts_with('-')
        || url.contains(|c: char| c.is_control() || c == ' ')
    {
        return Err(invalid(written, "it is no address of a git repository".to_owned()));
    }
    Ok(Source::Package(Address::Git { url, reference }, subdirectory))
}

/// `github.com/org/repository`, with more path meaning a directory, as an address with a scheme.
fn hosted(text: &str) -> Result<String, Problem> {
    let (address, query) =
        text.split_once('?').map_or((text, String::new()), |(address, query)| (address, format!("?{query}")));
    let (path, mut subdirectory) =
        address.split_once("//").map_or((address, None), |(path, inner)| (path, Some(inner.to_owned())));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let [host, owner, repository, more @ ..] = parts.as_slice() else {
        return Err(invalid(text, "a repository is written `HOST/OWNER/REPOSITORY`".to_owned()));
    };
    if !more.is_empty() {
        let more = more.join("/");
        subdirectory = Some(subdirectory.map_or(more.clone(), |inner| format!("{more}/{inner}")));
    }
    let repository = repository.strip_suffix(".git").unwrap_or(repository);
    let subdirectory = subdirectory.map(|inner| format!("//{inner}")).unwrap_or_default();
    Ok(format!("https://{host}/{owner}/{repository}.git{subdirectory}{query}"))
}

fn archive_url(text: &str) -> Result<Source, Problem> {
    let (address, subdirectory, mut query) = split(text)?;
    let checksum = query.take("checksum").map(|checksum| read_checksum(&checksum)).transpose()?;
    let format = match query.take("archive") {
        Some(written) => read_format(&written)?,
        None => Format::of_name(&address).ok_or_else(|| {
            let is_repository =
                address.ends_with(".git") || GIT_HOSTS.iter().any(|host| address.contains(&format!("//{host}")));
            let hint = if is_repository {
                format!("A git repository is written `git::{}`.", redact(text))
            } else {
                "Where the address answers with an archive, say which: `?archive=zip`, `tar` or `tar.gz`.".to_owned()
            };
            let why = "the address ends in no format of archives that mesh knows (`.zip`, `.tar`, `.tar.gz`, `.tgz`)";
            unsupported(text, why.to_owned(), &hint)
        })?,
    };
    let location = Location::Url(format!("{address}{}", query.rest()));
    Ok(Source::Package(Address::Archive { location, format, checksum }, subdirectory))
}

/// What has no scheme: a module of a library, a registry's address, or a path without `./`.
fn named(text: &str) -> Result<Source, Problem> {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if let Some((library, module)) = text.split_once("//")
        && is_word(library)
    {
        if !module.split('/').all(|part| !part.starts_with('.') && is_word(&part.replace('.', "_"))) {
            return Err(invalid(text, format!("{module:?} can't be the name of a module in a library")));
        }
        return Ok(Source::Library { library: library.to_owned(), module: module.to_owned() });
    }
    let path = text.split_once("//").map_or(text, |(path, _)| path);
    let parts: Vec<&str> = path.split('/').collect();
    let (has_host, names) = match parts.as_slice() {
        [host, names @ ..] if names.len() == 3 && host.contains('.') => (true, names),
        names => (false, names),
    };
    if let [namespace, name, provider] = names
        && [namespace, name, provider].into_iter().all(|part| is_word(part))
    {
        let (registry, hint) = if has_host {
            (
                "a Terraform registry",
                "Name the repository that the module lies in: `git::https://...?ref=v1.2.0`.".to_owned(),
            )
        } else {
            let repository = format!("github.com/{namespace}/terraform-{provider}-{name}");
            let hint = format!(
                "The public registry's modules lie in repositories: this one in `{repository}`, versions as `?ref=v1.2.0`."
            );
            ("the public Terraform registry", hint)
        };
        let why = format!("it is the address of a module in {registry}, and mesh asks no registries");
        let problem = unsupported(text, why, &hint);
        return Err(hinted(problem, format!("If a directory is meant, write `./{text}`.")));
    }
    Err(hinted(
        invalid(
            text,
            "it is neither a path that starts with `./` or `../`, nor the address of something to fetch".to_owned(),
        ),
        format!("If a directory is meant, write `./{text}`."),
    ))
}

/// `user@host:path`
fn is_scp(text: &str) -> bool {
    let user_and_rest = text.split_once('@').filter(|(user, _)| !user.is_empty() && !user.contains(['/', ':', '-']));
    let host = user_and_rest.and_then(|(_, rest)| rest.split_once(':')).map(|(host, _)| host);
    host.is_some_and(|host| !host.is_empty() && !host.contains('/')) && !text.contains("://")
}

/// Whether a name can be handed to `git` as that of a branch, tag or commit: it neither starts an option nor means more than
/// one thing.
fn is_reference(text: &str) -> bool {
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    !text.is_empty()
        && !text.starts_with(['-', '+', '/'])
        && !text.contains(forbidden)
        && !text.contains("..")
        && !text.contains("@{")
}

/// An address, the directory after `//` in it, and its query.
fn split(text: &str) -> Result<(String, PathBuf, Query), Problem> {
    let (address, query) = text.split_once('?').unwrap_or((text, ""));
    let scheme = address.find("://").map_or(0, |at| at + 3);
    let (address, inner) = match address[scheme..].find("//") {
        Some(at) => (&address[..scheme + at], &address[scheme + at + 2..]),
        None => (address, ""),
    };
    let mut subdirectory = PathBuf::new();
    for part in inner.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            return Err(invalid(text, "the directory after `//` leaves the package".to_owned()));
        }
        subdirectory.push(part);
    }
    Ok((address.to_owned(), subdirectory, Query::parse(query)))
}

fn read_format(written: &str) -> Result<Format, Problem> {
    Format::of_name(&format!(".{written}")).ok_or_else(|| {
        let detail = format!("mesh does not unpack `archive={written}`");
        unsupported(&format!("?archive={written}"), detail, "The formats are `zip`, `tar`, `tar.gz` and `tgz`.")
    })
}

fn read_checksum(written: &str) -> Result<Checksum, Problem> {
    let (algorithm, digest) = match written.split_once(':') {
        Some(("sha256", digest)) => (Algorithm::Sha256, digest),
        Some(("sha512", digest)) => (Algorithm::Sha512, digest),
        None if written.len() == 64 => (Algorithm::Sha256, written),
        _ => {
            return Err(invalid(
                &format!("?checksum={written}"),
                "a checksum is written `sha256:HEX` or `sha512:HEX`".to_owned(),
            ));
        }
    };
    let length = if algorithm == Algorithm::Sha256 { 64 } else { 128 };
    if digest.len() != length || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let why = format!("this checksum has {length} hexadecimal digits");
        return Err(invalid(&format!("?checksum={written}"), why));
    }
    Ok(Checksum { algorithm, digest: digest.to_ascii_lowercase() })
}

fn invalid(text: &str, why: String) -> Problem {
    problem("invalid-module-source", "Invalid module source", format!("{:?} can't be understood: {why}.", redact(text)))
}

fn unsupported(text: &str, why: String, hint: &str) -> Problem {
    let detail = format!("{:?} can't be fetched: {why}.", redact(text));
    hinted(problem("module-source-unsupported", "Module source not supported", detail), hint)
}

fn unsupported_scheme(text: &str, scheme: &str) -> Problem {
    let detail = format!("{:?} can't be fetched: mesh does not fetch with `{scheme}`.", redact(text));
    problem("module-source-unsupported", "Module source not supported", detail)
}

#[cfg(test)]
#[path = "../tests/unit/address.rs"]
mod tests;
