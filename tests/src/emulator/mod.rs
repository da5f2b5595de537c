//! AWS on the loopback interface: emulators that tests share, one test at a time, and reset between them.

mod boto;
mod environment;
mod faults;
mod scenario;
mod serving;

use std::fmt;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub use boto::Boto;
pub use environment::python;
pub use faults::{Fault, Faults};
pub use scenario::{At, EMULATORS, Lack, MINISTACK, MOTO, Scenario};
pub use serving::CREDENTIALS;
use serving::Served;

/// Which emulator, and how it is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The broadest. Lax: it checks no permission and little of what is sent.
    Moto,
    /// Narrower and stricter.
    Ministack,
    /// The same, which checks signatures, IAM policies and trust.
    MinistackWithAuth,
}

impl Kind {
    /// Its name in the names of tests and in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moto => "moto",
            Self::Ministack => "ministack",
            Self::MinistackWithAuth => "ministack+auth",
        }
    }

    /// The one that this test binary shares. It is started when it is first asked for.
    #[must_use]
    pub fn shared(self) -> &'static Emulator {
        static SHARED: [OnceLock<Emulator>; 3] = [const { OnceLock::new() }; 3];
        SHARED[self as usize].get_or_init(|| Emulator::start(self))
    }

    /// The path whose POST makes it forget everything.
    const fn reset(self) -> &'static str {
        match self {
            Self::Moto => "/moto-api/reset",
            Self::Ministack | Self::MinistackWithAuth => "/_ministack/reset",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A running emulator. It ends when it is dropped or when this process does, however that ends.
pub struct Emulator {
    kind: Kind,
    boto: Boto,
    served: Served,
    lease: Mutex<()>,
}

impl Emulator {
    /// The shared moto.
    #[must_use]
    pub fn moto() -> &'static Self {
        Kind::Moto.shared()
    }

    /// The shared ministack.
    #[must_use]
    pub fn ministack() -> &'static Self {
        Kind::Ministack.shared()
    }

    /// The shared ministack that checks signatures and permissions. The credentials `test`/`test` are those of its root.
    #[must_use]
    pub fn ministack_with_auth() -> &'static Self {
        Kind::MinistackWithAuth.shared()
    }

    /// Starts one of its own.
    #[must_use]
    pub fn start(kind: Kind) -> Self {
        let (package, settings): (&str, &[(&str, &str)]) = match kind {
            // Roles of examples and tests attach policies that AWS provides.
            Kind::Moto => ("moto", &[("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")]),
            Kind::Ministack => ("ministack", &[]),
            Kind::MinistackWithAuth => ("ministack", &[("AUTH", "true")]),
        };
        let served = Served::start(kind.name(), |python, _| {
            python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/emulator/serve.py")).arg(package);
            // Listeners of ministack that nobody here uses, on fixed ports.
            python.envs([("IOT_MTLS_ENABLED", "0"), ("SFTP_ENABLED", "0")]).envs(settings.iter().copied());
        });
        let boto = Boto::start(served.endpoint());
        Self { kind, boto, served, lease: Mutex::new(()) }
    }

    /// Which one it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its name in the names of tests and in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// Where it answers, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.served.endpoint()
    }

    /// Python against it.
    #[must_use]
    pub const fn boto(&self) -> &Boto {
        &self.boto
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.served.log()
    }

    /// Makes it forget everything.
    pub fn reset(&self) {
        self.boto.forget();
        let answer = ask(self.served.port(), "POST", self.kind.reset(), "");
        let answer = answer.unwrap_or_else(|error| panic!("{} is not reset: {error}\n{}", self.name(), self.log()));
        assert!(answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200"), "not reset: {answer}");
    }

    /// Exclusive use of it, empty; waits for whoever has it.
    #[must_use]
    pub fn lease(&self) -> Lease<'_> {
        // A test that panicked leaves nothing that the reset doesn't clear.
        let guard = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        self.reset();
        Lease { emulator: self, _guard: guard }
    }
}

/// An emulator that nobody else uses until this is dropped.
pub struct Lease<'a> {
    emulator: &'a Emulator,
    _guard: MutexGuard<'a, ()>,
}

impl Deref for Lease<'_> {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        self.emulator
    }
}

/// The whole answer to a request.
fn ask(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\nConnection: \
         close\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
