//! Holds addresses and paths to being read back as they are written.

use mesh_value::{AttributePath, BlockAddress, InstanceAddress, InstanceKey, Mode, ModulePath, PathStep};
use proptest::prelude::*;

#[test]
fn reads_what_it_writes() {
    for text in [
        "local_bucket.x",
        "local_bucket.x[0]",
        "data.local_file.x",
        "module.a[\"k\"].data.local_file.x[0]",
        "module.a.module.b[3].local_bucket.x-1[\"a \\\"b\\\" \\\\ \\n $${c} %%{d} $ é\"]",
        "modules.x",
        "module.m.module_thing.data[0]",
    ] {
        assert_eq!(text.parse::<InstanceAddress>().map(|address| address.to_string()), Ok(text.to_owned()));
    }
    let address: InstanceAddress = "module.a[\"k\"].data.local_file.x[0]".parse().unwrap();
    assert_eq!(address.block.mode, Mode::Data);
    assert_eq!(address.key, InstanceKey::Index(0));
    assert_eq!(address.block.module, ModulePath::root().child("a", InstanceKey::Key("k".into())));
    assert_eq!("".parse::<ModulePath>(), Ok(ModulePath::root()));
    assert_eq!("module.a.local_bucket.x".parse::<BlockAddress>().unwrap().name.as_ref(), "x");
    for text in ["", ".tags[\"owner\"]", ".columns[0].name", "[0][\"a.b\"]"] {
        assert_eq!(text.parse::<AttributePath>().map(|path| path.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn says_where_it_stumbles() {
    let cases = [
        ("", 1, "a name belongs here: letters, digits, _ and -, the first no digit"),
        ("local_bucket", 13, "a dot belongs here"),
        ("local_bucket.é[", 16, "a number or a quoted key belongs between the brackets"),
        ("local_bucket.x[0", 17, "a ] belongs here"),
        ("local_bucket.x[\"a", 16, "this quoted key is never closed"),
        ("local_bucket.x[\"${a}\"]", 17, "a key can hold no template; write $${ for ${ and %%{ for %{"),
        ("local_bucket.x[\"\\q\"]", 17, "escapes are \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN"),
        ("local_bucket.x[\"\\ud800\"]", 17, "this escape is no Unicode character"),
        ("local_bucket.x[99999999999999999999]", 16, "this number is too large"),
        ("local_bucket.x.y", 15, "nothing more belongs here"),
        ("module.a", 9, "a dot belongs here"),
    ];
    for (text, position, problem) in cases {
        let error = text.parse::<InstanceAddress>().unwrap_err();
        assert_eq!((error.position, error.problem), (position, problem), "{text}");
    }
    let message = "a..b".parse::<InstanceAddress>().unwrap_err().to_string();
    assert_eq!(
        message,
        "\"a..b\" is not the address of a resource or data instance: at character 3: a name belongs here: letters, \
         digits, _ and -, the first no digit"
    );
}

#[test]
fn orders_instances_as_people_count() {
    let mut addresses: Vec<InstanceAddress> =
        ["a.b[10]", "a.b[2]", "a.b", "a.b[\"x\"]", "a.a[3]"].iter().map(|text| text.parse().unwrap()).collect();
    addresses.sort();
    let sorted: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    assert_eq!(sorted, ["a.a[3]", "a.b", "a.b[2]", "a.b[10]", "a.b[\"x\"]"]);
}

#[test]
fn is_stored_as_text() {
    let address: InstanceAddress = "a.b[\"x\"]".parse().unwrap();
    let json = serde_json::to_string(&address).unwrap();
    assert_eq!(json, r#""a.b[\"x\"]""#);
    assert_eq!(serde_json::from_str::<InstanceAddress>(&json).unwrap(), address);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_key_survives(key in any::<String>(), index in any::<u64>()) {
        let block: std::sync::Arc<BlockAddress> = std::sync::Arc::new("module.m[1].data.t.n".parse().unwrap());
        for key in [InstanceKey::Key(key.as_str().into()), InstanceKey::Index(index)] {
            let address = InstanceAddress { block: block.clone(), key };
            prop_assert_eq!(address.to_string().parse(), Ok(address));
        }
        let path = AttributePath::from(vec![PathStep::Key(key.as_str().into()), PathStep::Index(7)]);
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn no_text_panics(text in "[a-z.\\[\\]\"\\\\$%{}0-9é]{0,40}") {
        let _ = text.parse::<InstanceAddress>();
        let _ = text.parse::<AttributePath>();
        let _ = text.parse::<ModulePath>();
    }
}
