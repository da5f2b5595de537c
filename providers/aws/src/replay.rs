//! Holds calls that no emulator has by request and reply: a client under the SDK plays replies and keeps what was sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use mesh_provider::contract::Session;
use mesh_value::{Value, to_plain_json};
use serde_json::{Value as Json, json};

tokio::task_local! {
    /// The client that the platform is given in a test instead of the real one.
    static CLIENT: SharedHttpClient;
}

/// The client of the test that runs, if it replays.
pub(crate) fn client() -> Option<SharedHttpClient> {
    CLIENT.try_with(Clone::clone).ok()
}

/// A client that gives replies in turn and keeps the requests. The SDK has one too, but with it comes a feature of
/// `serde_json` that keeps the order of keys, and then every other test of the workspace prints JSON in another order.
#[derive(Clone, Debug)]
pub(crate) struct Replies(Arc<Mutex<Played>>);

#[derive(Debug)]
struct Played {
    left: VecDeque<HttpResponse>,
    made: Vec<HttpRequest>,
}

impl Replies {
    /// These, one for each request.
    pub(crate) fn new(replies: impl IntoIterator<Item = HttpResponse>) -> Self {
        Self(Arc::new(Mutex::new(Played { left: replies.into_iter().collect(), made: Vec::new() })))
    }

    /// The requests that were made, taken out.
    pub(crate) fn made(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut self.played().made)
    }

    fn played(&self) -> MutexGuard<'_, Played> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpClient for Replies {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Replies {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut played = self.played();
        played.made.push(request);
        let reply = played.left.pop_front();
        HttpConnectorFuture::ready(reply.ok_or_else(|| ConnectorError::user("no reply is left".into())))
    }
}

/// A request that has to be made, and what is answered.
pub(crate) struct Exchange {
    operation: &'static str,
    request: Json,
    path: Option<&'static str>,
    status: u16,
    reply: Json,
}

impl Exchange {
    /// A call of an operation. `request` is its body: an object of JSON, the parameters of a form, or a text; null where
    /// the body makes no difference. `reply` is JSON, or a text such as XML.
    pub(crate) const fn new(operation: &'static str, request: Json, reply: Json) -> Self {
        Self { operation, request, path: None, status: 200, reply }
    }

    /// The method and path that have to be asked, such as `PATCH /applications/1`, where the protocol names the operation
    /// by them.
    pub(crate) const fn at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    /// Refused with this status. The reply says why.
    pub(crate) const fn refused(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    fn response(&self) -> HttpResponse {
        let text = self.reply.as_str().map_or_else(|| self.reply.to_string(), ToOwned::to_owned);
        let status = self.status.try_into().expect("a status of HTTP");
        let mut response = HttpResponse::new(status, SdkBody::from(text));
        let kind = if self.reply.is_string() { "text/xml" } else { "application/json" };
        response.headers_mut().insert("content-type", kind);
        response
    }

    /// Panics where another request was made.
    fn holds(&self, made: &HttpRequest) {
        let operation = self.operation;
        let body = String::from_utf8_lossy(made.body().bytes().unwrap_or_default()).into_owned();
        let form = form(&body);
        let target = made.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
        if let Some(named) = target.or_else(|| form.get("Action").map(String::as_str)) {
            assert_eq!(named, operation, "another operation was called, with {body}");
        } else {
            let path = self.path.unwrap_or_else(|| panic!("`{operation}` is named by its path: add `.at(...)`"));
            let uri = made.uri();
            let asked = uri.splitn(4, '/').nth(3).unwrap_or_default();
            assert_eq!(format!("{} /{asked}", made.method()), path, "{operation}");
        }
        match &self.request {
            Json::Null => {}
            Json::String(text) => assert_eq!(&body, text, "the body of {operation}"),
            expected if target.is_none() && form.contains_key("Action") => {
                let fields = form.iter().filter(|(name, _)| !matches!(name.as_str(), "Action" | "Version"));
                let sent: Json = fields.map(|(name, value)| (name.clone(), Json::from(value.clone()))).collect();
                assert_eq!(&sent, expected, "the parameters of {operation}");
            }
            expected => {
                let sent: Json =
                    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{operation}: {error}: {body}"));
                assert_eq!(&sent, expected, "the body of {operation}");
            }
        }
    }
}

/// Runs a test of a type against a session whose calls have to be these, in this order, and which get these replies.
/// Notes which operations are held in this way: they stand in `docs/aws-coverage.md`.
pub(crate) async fn replayed(ty: &str, exchanges: Vec<Exchange>, test: impl AsyncFnOnce(&Session<'_>)) {
    let http = Replies::new(exchanges.iter().map(Exchange::response));
    let block = json!({ "region": "us-east-1", "access_key": "test", "secret_key": "test", "max_retries": 1 });
    let provider = crate::provider();
    CLIENT
        .scope(SharedHttpClient::new(http.clone()), async {
            let session = Session::new(&provider, Path::new("/"), &block).await.expect("a session");
            test(&session).await;
        })
        .await;
    let made = http.made();
    for (exchange, made) in exchanges.iter().zip(&made) {
        exchange.holds(made);
    }
    let left: Vec<_> = exchanges.iter().skip(made.len()).map(|exchange| exchange.operation).collect();
    assert!(left.is_empty(), "never called: {}", left.join(", "));
    assert_eq!(made.len(), exchanges.len(), "more was called than is replayed");
    note(ty, exchanges.iter().filter(|exchange| exchange.status < 300).map(|exchange| exchange.operation));
}

/// An object as plain JSON.
pub(crate) fn plain(object: &Value) -> Json {
    to_plain_json(object).expect("an object without unknown values")
}

/// An object with another value of one attribute: one of many, for a test that reads them together.
pub(crate) fn with(object: &Value, name: &str, value: &Value) -> Value {
    let entries = object.as_entries().expect("an object").iter();
    Value::object(entries.map(|(own, before)| {
        let replaced = own.as_ref() == name;
        (own.clone(), if replaced { value.clone() } else { before.clone() })
    }))
}

/// Holds `tests/contract/replayed.txt` to name these operations; `BLESS=1` adds them.
fn note<'a>(ty: &str, operations: impl Iterator<Item = &'a str>) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/replayed.txt");
    let mut file = fs::OpenOptions::new().read(true).write(true).open(&place).expect("the list of replayed calls");
    // Tests run side by side.
    file.lock().expect("a lock");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("text");
    let mut lines: BTreeSet<String> = text.lines().map(ToOwned::to_owned).collect();
    let missing: Vec<_> =
        operations.map(|operation| format!("{ty} {operation}")).filter(|line| !lines.contains(line)).collect();
    if missing.is_empty() {
        return;
    }
    assert!(std::env::var_os("BLESS").is_some(), "{} lacks {missing:?} (BLESS=1 adds them)", place.display());
    lines.extend(missing);
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    file.rewind().expect("a file");
    file.write_all(text.as_bytes()).expect("a file that can be written");
}

/// The fields of a form, decoded.
fn form(body: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            let code: Vec<u8> = if byte == b'%' { rest.by_ref().take(2).collect() } else { Vec::new() };
            let code = std::str::from_utf8(&code).ok().and_then(|code| u8::from_str_radix(code, 16).ok());
            bytes.push(code.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    body.split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
