//! Secrets stay out of what is stored in the open and of what is said.

use mesh_state::StateStore;

use crate::bench::{Bench, Config, normal};
use crate::killing::Moment;
use crate::provider::Quirk;

const SECRET: &str = r#"
resource "test_thing" "a" {
  name   = "a"
  secret = "hunter22"
  value  = "one"
}
"#;

async fn everything_stored(bench: &Bench) -> String {
    let records = bench.store.scan("").await.unwrap();
    records.iter().map(|(key, bytes)| format!("{key} {}\n", String::from_utf8_lossy(bytes))).collect()
}

#[tokio::test]
async fn the_journal_shows_no_secret_of_the_schema() {
    let bench = Bench::new();
    bench.done(&bench.config(SECRET)).await;
    for text in [SECRET.replace("one", "two"), "locals { nothing = 1 }".to_owned()] {
        // Killed between the intent and the call: the intent stays open. The first commit is the history's entry.
        bench.store.kill_at(Some((1, Moment::After)));
        bench.run(&bench.config(&text), &normal()).await;
        let (_, intents) = bench.stored().await;
        assert_eq!(intents.len(), 1);
        let stored = everything_stored(&bench).await;
        assert!(!stored.contains("hunter22") && !stored.contains("hidden-a"), "{stored}");
        bench.store.kill_at(None);
        bench.done(&bench.config(SECRET)).await;
    }
}

#[tokio::test]
async fn what_becomes_secret_is_encrypted_without_another_change() {
    let bench = Bench::new();
    let text = |sensitive: bool| {
        format!(
            "variable \"v\" {{\n type = string\n sensitive = {sensitive}\n}}\n\
             resource \"test_thing\" \"a\" {{\n name = \"a\"\n value = var.v\n}}"
        )
    };
    let config = |sensitive| -> Config {
        let mut config = bench.config(&text(sensitive));
        config.variables.insert("v".into(), mesh_value::Value::string("hunter22"));
        config
    };
    bench.done(&config(false)).await;
    assert!(everything_stored(&bench).await.contains("hunter22"));
    bench.done(&config(true)).await;
    assert!(!everything_stored(&bench).await.contains("hunter22"));
}

#[tokio::test]
async fn what_a_provider_says_shows_no_secret() {
    let mut bench = Bench::new();
    bench.done(&bench.config(SECRET)).await;
    bench.quirk = Quirk::Blabs;
    let refused = bench.plan(&bench.config(&SECRET.replace("one", "two")), &normal()).await;
    let said: Vec<String> = refused.err().unwrap().iter().map(|problem| problem.detail.clone()).collect();
    assert_eq!(said, ["Refused: (sensitive value) (sensitive value)"]);
}
