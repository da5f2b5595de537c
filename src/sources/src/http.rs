//! Fetches over HTTP: certificates of the system, proxies of the environment, and an end to everything.

use std::io::{Read, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error};

use crate::problem::{Problem, hinted, problem};
use crate::query::decoded;
use crate::redact::redact;

/// How many times an answer may send elsewhere.
const REDIRECTS: u32 = 5;
/// How long to wait for a connection, and for an answer to begin.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an answer may take as a whole.
const WHOLE: Duration = Duration::from_secs(15 * 60);

/// What helps where a server gives nothing out.
const FORBIDDEN: &str = "Look whether the address is right and whether you may read it. A user and password can stand in \
                         the address, but are then part of the configuration; a git repository uses the credentials that \
                         `git` knows.";
/// What helps where nobody vouches for a server.
const UNTRUSTED: &str = "Only certificates that the system trusts are accepted; SSL_CERT_FILE names others.";

/// Fetches files; made when the first one is asked for.
#[derive(Debug, Default)]
pub struct Client {
    plain: OnceLock<Agent>,
    encrypted: OnceLock<Agent>,
}

impl Client {
    /// Writes what an address answers to `into`.
    ///
    /// # Errors
    /// Whatever went wrong, told without the secrets of the address.
    pub fn get(&self, url: &str, limit: u64, into: &mut dyn Write) -> Result<(), Problem> {
        let is_encrypted = url.starts_with("https://");
        let agent = if is_encrypted { &self.encrypted } else { &self.plain };
        let agent = agent.get_or_init(|| agent_for(is_encrypted));
        let (address, credentials) = without_credentials(url);
        let mut request = agent.get(&address);
        if let Some(credentials) = credentials {
            request = request.header("Authorization", credentials);
        }
        let mut response = request.call().map_err(|error| failed(url, &error))?;
        let mut body = response.body_mut().with_config().limit(limit.saturating_add(1)).reader();
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0_u64;
        loop {
            let read = body.read(&mut buffer).map_err(|error| failed(url, &Error::from(error)))?;
            if read == 0 {
                return Ok(());
            }
            total += read as u64;
            if total > limit {
                let detail = format!("{} answers with more than {} MiB.", redact(url), limit >> 20);
                return Err(problem("module-not-fetched", "Module could not be fetched", detail));
            }
            into.write_all(&buffer[..read]).map_err(|error| {
                let detail = format!("What {} answers can't be stored: {error}.", redact(url));
                problem("module-not-fetched", "Module could not be fetched", detail)
            })?;
        }
    }
}

/// An agent that trusts whom the system trusts. Once encrypted, it follows to no address that is not.
fn agent_for(is_encrypted: bool) -> Agent {
    let mut config = Agent::config_builder()
        .https_only(is_encrypted)
        .max_redirects(REDIRECTS)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_global(Some(WHOLE))
        .user_agent(concat!("mesh/", env!("CARGO_PKG_VERSION")));
    if is_encrypted {
        // What can't be read of the system's certificates is left out: the connection then says whom it does not trust.
        let found = rustls_native_certs::load_native_certs().certs;
        let certificates: Vec<Certificate<'static>> =
            found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&certificates))
            .unversioned_rustls_crypto_provider(provider);
        config = config.tls_config(tls.build());
    }
    config.build().new_agent()
}

/// The address without its user, and what to send in its place.
fn without_credentials(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some((user, host)) = rest[..end].rsplit_once('@') else { return (url.to_owned(), None) };
    let user = if user.contains(':') { decoded(user) } else { format!("{}:", decoded(user)) };
    (format!("{scheme}://{host}{}", &rest[end..]), Some(format!("Basic {}", STANDARD.encode(user))))
}

fn failed(url: &str, error: &Error) -> Problem {
    let what = match error {
        Error::StatusCode(status) => format!("the server answered {status}{}", meaning(*status)),
        Error::Timeout(_) => "there was no answer in time".to_owned(),
        Error::HostNotFound => "there is no such host".to_owned(),
        Error::TooManyRedirects => format!("the server sent elsewhere more than {REDIRECTS} times"),
        Error::RequireHttpsOnly(_) => "the server sent to an address without encryption".to_owned(),
        Error::Io(error) => cause(error),
        Error::Rustls(error) => error.to_string(),
        other => redact(&other.to_string()),
    };
    let is_untrusted = what.contains("certificate");
    let detail = format!("Fetching {} failed: {what}.", redact(url));
    let problem = problem("module-not-fetched", "Module could not be fetched", detail);
    match error {
        Error::StatusCode(401 | 403 | 404) => hinted(problem, FORBIDDEN),
        Error::StatusCode(_) | Error::TooManyRedirects | Error::RequireHttpsOnly(_) => problem,
        _ if is_untrusted => hinted(problem, UNTRUSTED),
        _ => hinted(problem, "Proxies are taken from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."),
    }
}

/// An error's own words, without the operating system's number.
fn cause(error: &std::io::Error) -> String {
    let text = redact(&error.to_string());
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 => " (not logged in)",
        403 => " (not allowed)",
        404 => " (not found)",
        410 => " (gone)",
        429 => " (too many requests)",
        500..=599 => " (a failure of its own)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_into_a_header() {
        let (url, header) = without_credentials("https://me:p%40ss@host/x?y=@z");
        assert_eq!(url, "https://host/x?y=@z");
        assert_eq!(header.as_deref(), Some("Basic bWU6cEBzcw=="));
        assert_eq!(without_credentials("https://host/a@b"), ("https://host/a@b".to_owned(), None));
    }
}
