//! A proxy before an emulator that spoils what it is told to: mitmproxy with an addon of ours.

use serde_json::{Value, json};

use super::serving::Served;
use super::{Emulator, ask};

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 503 `SlowDown`, which the emulator never hears of.
    SlowDown,
    /// 400 `Throttling` or `ThrottlingException`, which the emulator never hears of.
    Throttled,
    /// A 500 with a page of HTML, which says nothing, and which the emulator never hears of.
    Html,
    /// The answer comes 1.5 s late.
    Late,
    /// The connection is closed before the request reaches the emulator.
    Dropped,
    /// The emulator does what was asked for; then the connection is closed without an answer.
    ReplyLost,
}

impl Fault {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SlowDown => "slow down",
            Self::Throttled => "throttled",
            Self::Html => "html",
            Self::Late => "late",
            Self::Dropped => "dropped",
            Self::ReplyLost => "reply lost",
        }
    }
}

/// A proxy before an emulator. It ends when it is dropped or when this process does.
pub struct Faults(Served);

impl Faults {
    /// Starts one that spoils nothing yet.
    #[must_use]
    pub fn before(emulator: &Emulator) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/emulator/faults.py");
        Self(Served::start("mitmproxy", |python, directory| {
            let mode = format!("reverse:{}", emulator.endpoint());
            python.args(["-c", "from mitmproxy.tools.main import mitmdump; mitmdump()", "--quiet"]);
            python.args(["--mode", &mode, "--listen-host", "127.0.0.1", "--listen-port", "0", "--scripts", script]);
            python.args(["--set", &format!("confdir={}", directory.display())]);
            // Keeps the name under which it was asked: requests are signed for it.
            python.args(["--set", "keep_host_header=true", "--set", "connection_strategy=lazy"]);
        }))
    }

    /// Where it answers, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.0.endpoint()
    }

    /// From now on, the next `times` calls that match the regular expression `on` are spoilt; and nothing else. A call is
    /// its method, path and query, then the operation where the protocol names one: `POST / CreateRole`.
    pub fn set(&self, on: &str, fault: Fault, times: u32) {
        let rules = json!([{ "on": on, "fault": fault.name(), "times": times }]);
        let answer = ask(self.0.port(), "PUT", "/mesh-faults", &rules.to_string()).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// The calls since the faults were set, each with the fault that it met.
    #[must_use]
    pub fn calls(&self) -> Vec<(String, Option<String>)> {
        let answer = ask(self.0.port(), "GET", "/mesh-faults", "").unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let calls: Vec<Value> = serde_json::from_str(body).unwrap();
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        calls.iter().map(|call| (text(&call[0]).unwrap_or_default(), text(&call[1]))).collect()
    }
}
