//! The engine held against a platform that fails, forgets, and is left alone by a killed process at any instant.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bench;
mod budgets;
mod declared;
mod imports;
mod interrupted;
mod keeping;
mod killing;
mod misbehaviour;
mod moves;
mod ordering;
mod platform;
mod provider;
mod random;
mod saved;
mod scale;
mod secrets;
mod status;
mod unsure;
