//! A plan file is read as it was written, shows no secret, and is refused where it was touched.

use mesh_plan::{PlanFileError, SavedPlan};
use mesh_state::Keyring;
use mesh_value::{Marks, Value};

const SECRET: &str = "hunter2";

fn saved(variable: Value) -> SavedPlan {
    SavedPlan {
        plan: Default::default(),
        files: vec![("main.mesh.hcl".into(), "# the file\n".to_owned())],
        variables: [("password".into(), variable)].into(),
        ephemeral: std::collections::BTreeSet::new(),
        targets: Vec::new(),
        excludes: Vec::new(),
        replace: Vec::new(),
        lineage: None,
        planned_at: (0, 0),
        evidence: Vec::new(),
        objects: Vec::new(),
        data: Vec::new(),
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_plan_with_a_secret_is_encrypted_as_a_whole() {
    let key = Keyring::new([1; 32]);
    let plan = saved(Value::string(SECRET).with_marks(Marks::SENSITIVE));
    let bytes = plan.encode(&key).unwrap();
    assert!(!contains(&bytes, SECRET) && !contains(&bytes, "the file"));
    assert_eq!(SavedPlan::decode(&bytes, &key).unwrap(), plan);
    let other = SavedPlan::decode(&bytes, &Keyring::new([2; 32]));
    assert!(matches!(other, Err(PlanFileError::Sealed(_))), "{other:?}");
}

#[test]
fn a_plan_without_secrets_stays_readable() {
    let key = Keyring::new([1; 32]);
    let plan = saved(Value::string("plain"));
    let bytes = plan.encode(&key).unwrap();
    assert!(contains(&bytes, "the file"));
    assert_eq!(SavedPlan::decode(&bytes, &Keyring::new([2; 32])).unwrap(), plan);
}

#[test]
fn a_plan_that_was_touched_is_refused() {
    let key = Keyring::new([1; 32]);
    let bytes = saved(Value::string("plain")).encode(&key).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let decode = |text: &str| SavedPlan::decode(text.as_bytes(), &key);
    assert!(matches!(decode(&text.replace("the file", "a file")), Err(PlanFileError::Damaged)));
    assert!(matches!(decode(&text[..text.len() - 1]), Err(PlanFileError::Damaged)));
    assert!(matches!(
        decode(&text.replacen("\"mesh_plan\":1", "\"mesh_plan\":2", 1)),
        Err(PlanFileError::Newer { .. })
    ));
    assert!(matches!(decode("{}\n"), Err(PlanFileError::NotAPlan)));
}
