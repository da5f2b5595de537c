//! What providers report on their way reaches whoever listens, without secrets.

use std::sync::{Mutex, PoisonError};

use mesh_engine::{Event, Observer};

use crate::bench::{Bench, normal};

/// Writes down what it is told of changes.
#[derive(Default)]
struct Listener(Mutex<Vec<String>>);

impl Observer for Listener {
    fn event(&self, event: Event) {
        let line = match event {
            Event::Started { address, .. } => format!("{address} started"),
            Event::Status { address, status, .. } => format!("{address}: {status}"),
            Event::Finished { address, .. } => format!("{address} finished"),
            _ => return,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

#[tokio::test]
async fn what_a_provider_reports_is_passed_on_without_secrets() {
    let bench = Bench::new();
    let config = bench.config("resource \"test_thing\" \"a\" {\n name = \"one\"\n secret = \"hunter22\"\n}");
    let planned = bench.plan(&config, &normal()).await.unwrap();
    let listener = Listener::default();
    bench.carry_out_before(&config, planned, &listener).await;
    let told = listener.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    let expected = [
        "test_thing.a started",
        "test_thing.a: making one",
        "test_thing.a: with (sensitive value)",
        "test_thing.a finished",
    ];
    assert_eq!(told, expected);
}
