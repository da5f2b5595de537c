//! Secrets: what is encrypted, under which key, and that no file ever holds one in the clear.

use std::path::Path;
use std::sync::Arc;

use mesh_state::{Edit, InstanceRecord, Keyring, MemoryStore, OutputRecord, SealError, State, StateError, SystemClock};
use mesh_value::{Marks, Type, Value};

use crate::common::{PATIENCE, TestClock, TestIds, holder, instance, intent, key, on_each, state_in, text};

const SECRET: &str = "hunter2-correct-horse";

fn secret(value: Value) -> Value {
    value.with_marks(Marks::SENSITIVE)
}

/// Secrets in every place where a value can hold one.
fn object() -> Value {
    let rule = Value::object([("name", text("r")), ("secret", secret(text(SECRET)))]);
    Value::object([
        ("list", Value::list(Type::String, vec![text("plain"), secret(text(SECRET))])),
        ("map", Value::map(Type::String, [("a/b".into(), secret(text(SECRET))), ("b".into(), text("plain"))])),
        ("nested", Value::tuple([rule.clone(), secret(rule)])),
        ("null", secret(Value::null(Type::String))),
        ("number", secret(Value::number(4711))),
        ("set", secret(Value::set(Type::String, vec![text(SECRET), text("b")]))),
        ("whole", secret(Value::object([("deep", secret(text(SECRET))), ("plain", text(SECRET))]))),
    ])
}

fn record() -> InstanceRecord {
    InstanceRecord { value: object(), private: SECRET.as_bytes().to_vec(), ..instance(1) }
}

#[test]
fn a_value_opens_as_it_was_sealed() {
    for value in [object(), secret(object()), text("plain"), secret(text(SECRET)), Value::null(Type::Any)] {
        let sealed = key().seal(&value).unwrap();
        assert!(!sealed.to_string().contains(SECRET), "{sealed}");
        assert_eq!(key().open(&sealed).unwrap(), value);
    }
}

#[test]
fn what_is_not_secret_stays_readable() {
    let value = Value::object([("name", text("orders")), ("password", secret(text(SECRET)))]);
    let mut sealed = key().seal(&value).unwrap();
    let place = sealed["value"]["password"]["$sensitive"].take();
    assert!(place.as_str().unwrap().len() > SECRET.len());
    assert_eq!(
        sealed,
        serde_json::json!({
            "type": ["object", {"name": "string", "password": "string"}],
            "value": {"name": "orders", "password": {"$sensitive": null}},
            "sensitive": [["password"]],
        })
    );
}

#[test]
fn the_same_secret_looks_different_each_time() {
    assert_ne!(key().seal(&secret(text(SECRET))).unwrap(), key().seal(&secret(text(SECRET))).unwrap());
}

#[test]
fn another_key_is_named_and_damage_is_noticed() {
    let sealed = key().seal(&secret(text(SECRET))).unwrap();
    let other = Keyring::new([8; 32]);
    let wrong = other.open(&sealed).unwrap_err();
    assert_eq!(wrong, SealError::WrongKey { sealed_with: key().id(), at_hand: other.id() });

    let text = sealed["value"]["$sensitive"].as_str().unwrap();
    for position in [0, 20, text.len() - 6] {
        let mut damaged = text.to_owned();
        let replacement = if &damaged[position..=position] == "A" { "B" } else { "A" };
        damaged.replace_range(position..=position, replacement);
        let mut sealed = sealed.clone();
        sealed["value"]["$sensitive"] = damaged.into();
        assert_eq!(key().open(&sealed).unwrap_err(), SealError::Damaged, "at {position}");
    }
}

#[test]
fn ephemeral_values_are_refused() {
    let value = Value::object([("token", text("t").with_marks(Marks::EPHEMERAL))]);
    assert_eq!(key().seal(&value).unwrap_err(), SealError::Ephemeral { path: ".token".into() });
}

#[test]
fn a_key_is_text_in_two_forms() {
    let hex = "07".repeat(32);
    let base64 = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
    assert_eq!(Keyring::from_text(&hex, "x").unwrap().id(), key().id());
    assert_eq!(Keyring::from_text(base64, "x").unwrap().id(), key().id());
    for wrong in ["", "0707", "password", &"zz".repeat(32), &"07".repeat(33)] {
        let error = Keyring::from_text(wrong, "MESH_STATE_KEY").unwrap_err();
        assert_eq!(
            error.to_string(),
            "MESH_STATE_KEY is not a key: expected 32 bytes in base64 or as 64 hexadecimal digits"
        );
    }
    assert_eq!(format!("{:?}", key()), format!("Keyring({})", key().id()));
}

#[tokio::test]
async fn every_record_opens_as_it_was_written() {
    on_each(async |backend, directory| {
        let state = state_in(backend.open(directory).await).await;
        let output = OutputRecord { name: "url".into(), value: secret(object()), sensitive: true };
        let mut planned = intent(1);
        (planned.planned, planned.prior) = (Some(object()), Some(secret(object())));
        state.write(&[Edit::PutInstance(Box::new(record())), Edit::PutOutput(output.clone())]).await.unwrap();
        state.begin(&planned).await.unwrap();
        let contents = state.load_all().await.unwrap();
        assert_eq!((contents.instances, contents.outputs), (vec![record()], vec![output]));
        assert_eq!(state.open_intents().await.unwrap(), [planned]);
        assert!(!state.pull().await.unwrap().unwrap().contains(SECRET));
    })
    .await;
}

#[tokio::test]
async fn no_file_holds_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let open = async || {
        let ids = Arc::new(TestIds::default());
        State::open_embedded(directory.path(), &holder("l"), PATIENCE, None, Arc::new(SystemClock), ids).await
    };
    let state = open().await.unwrap();
    let output = OutputRecord { name: "url".into(), value: text(SECRET), sensitive: true };
    let mut planned = intent(1);
    (planned.planned, planned.prior) = (Some(object()), Some(secret(object())));
    state.begin(&planned).await.unwrap();
    state.write(&[Edit::PutInstance(Box::new(record())), Edit::PutOutput(output)]).await.unwrap();
    state.export(&directory.path().join("state.backup.json")).await.unwrap();
    drop(state);

    let mut files = 0;
    scan(directory.path(), &mut |path, bytes| {
        files += 1;
        let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!found, "{} holds the secret", path.display());
    });
    assert!(files >= 4, "only {files} files were looked at");
    // It reads back with the key that was made beside it.
    assert_eq!(open().await.unwrap().load_all().await.unwrap().instances, [record()]);
}

fn scan(directory: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scan(&path, look);
        } else {
            look(&path, &std::fs::read(&path).unwrap());
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_beside_the_state_is_its_owners_and_is_never_replaced() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    let open = async || {
        let (clock, ids) = (TestClock::new(), Arc::new(TestIds::default()));
        State::open_embedded(directory.path(), &holder("l"), PATIENCE, None, clock, ids).await
    };
    let state = open().await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    state.write(&[Edit::PutInstance(Box::new(record()))]).await.unwrap();
    let id = state.keyring().id();
    drop(state);

    std::fs::rename(&path, directory.path().join("key.away")).unwrap();
    let missing = open().await.map(drop).unwrap_err();
    assert_eq!(
        missing.to_string(),
        format!(
            "the state's secrets are encrypted with key {id}, but there is no key file {}. Bring the file back, or give \
             the key by MESH_STATE_KEY",
            path.display()
        )
    );
    assert!(!path.exists());

    Keyring::create_file(&path).unwrap();
    assert!(matches!(open().await.map(drop), Err(StateError::Sealed { source: SealError::WrongKey { .. }, .. })));
    assert!(Keyring::create_file(&path).is_err());

    std::fs::rename(directory.path().join("key.away"), &path).unwrap();
    assert_eq!(open().await.unwrap().load_all().await.unwrap().instances, [record()]);
}

#[tokio::test]
async fn a_sensitive_output_is_encrypted_even_if_its_value_bears_no_mark() {
    let state = state_in(Arc::new(MemoryStore::new())).await;
    let output = OutputRecord { name: "url".into(), value: text(SECRET), sensitive: true };
    state.write(&[Edit::PutOutput(output)]).await.unwrap();
    assert!(!state.pull().await.unwrap().unwrap().contains(SECRET));
    assert_eq!(state.output("url").await.unwrap().unwrap().value, secret(text(SECRET)));
}
