//! Values that are written otherwise than the object has them and mean the same: nothing is planned, nothing is stored.

use mesh_value::Value;

use crate::bench::{Bench, changes, normal};
use crate::provider::Quirk;

fn thing(value: &str, base: &str) -> String {
    format!("resource \"test_thing\" \"a\" {{\n name = \"a\"\n value = \"{value}\"\n base = \"{base}\"\n}}")
}

async fn value(bench: &Bench) -> Option<Value> {
    let (prior, _) = bench.stored().await;
    prior.all().next().and_then(|object| object.record.value.get("value").cloned())
}

#[tokio::test]
async fn the_same_written_otherwise_is_no_change_and_the_state_keeps_its_text() {
    let mut bench = Bench::new();
    bench.quirk = Quirk::IgnoresCase;
    bench.done(&bench.config(&thing("Read", "x"))).await;
    let config = bench.config(&thing("READ", "x"));
    assert_eq!(changes(&bench.plan(&config, &normal()).await.unwrap()), Vec::<String>::new());
    bench.done(&config).await;
    assert_eq!(value(&bench).await, Some(Value::string("Read")));
    bench.done(&bench.config(&thing("write", "x"))).await;
    assert_eq!(value(&bench).await, Some(Value::string("write")));
}

#[tokio::test]
async fn a_new_object_gets_what_is_written() {
    let mut bench = Bench::new();
    bench.quirk = Quirk::IgnoresCase;
    bench.done(&bench.config(&thing("Read", "x"))).await;
    let config = bench.config(&thing("READ", "y"));
    let planned = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&planned), ["replace (old first) test_thing.a"]);
    bench.done(&config).await;
    assert_eq!(value(&bench).await, Some(Value::string("READ")));
}
