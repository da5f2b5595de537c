//! What the local platform makes is on one's own machine and costs nothing: every type says so.

use mesh_provider::Provider as _;
use mesh_provider::contract::Session;
use mesh_provider::cost::Costs;
use mesh_value::Value;
use serde_json::json;

#[tokio::test]
async fn every_type_is_free() {
    let (provider, base) = (mesh_provider_local::provider(), tempfile::tempdir().unwrap());
    let session = Session::new(&provider, base.path(), &json!({})).await.unwrap();
    for (ty, schema) in &provider.schema().resources {
        let value = Value::unknown(schema.block.implied_type());
        assert_eq!(session.cost(ty, &value, &[], &[]), Costs::Free, "{ty}");
    }
}
