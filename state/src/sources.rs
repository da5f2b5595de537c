//! Where time and fresh names come from, as parameters, so that tests decide both.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Makes names that nothing else has.
pub trait Ids: Send + Sync {
    /// A fresh id.
    fn next(&self) -> String;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Version 4 UUIDs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn next(&self) -> String {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // No randomness on this system: distinct within a process and very likely between processes.
            static COUNT: AtomicU64 = AtomicU64::new(0);
            let seed = (std::process::id(), SystemClock.now().as_nanosecond(), COUNT.fetch_add(1, Ordering::Relaxed));
            bytes.copy_from_slice(&blake3::hash(format!("{seed:?}").as_bytes()).as_bytes()[..16]);
        }
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}
