//! `terraform_data`: a value that lives in the state alone, with a lifecycle of its own.

use mesh_provider::{Block, ChangeError, Computed, Draft, Failure, Found, Operation, ResourceType};
use mesh_value::{Refinements, Type, Value};

use crate::Builtin;

/// A value that is kept in the state and has the lifecycle of a resource, though nothing outside stands behind it.
///
/// Other resources refer to `output` to follow a value through an apply, or name it in `replace_triggered_by`.
#[derive(Block, Clone, Debug, PartialEq)]
pub struct TerraformData {
    /// Any value. It shows again in `output` after apply.
    pub input: Option<Value>,
    /// Any value. Where it changes, the resource is replaced.
    #[mesh(replace)]
    pub triggers_replace: Option<Value>,
    /// What `input` was when it was last applied.
    pub output: Computed<Value>,
    /// A unique id, made when the resource is created.
    pub id: Computed<String>,
}

/// The resource type `terraform_data`.
pub(crate) struct TerraformDataType;

impl TerraformData {
    /// Takes the input over into the output.
    fn applied(mut self) -> Self {
        self.output = self.input.clone().into();
        self
    }
}

impl ResourceType for TerraformDataType {
    const NAME: &'static str = "terraform_data";
    type Model = TerraformData;
    type Platform = Builtin;

    /// A `null_resource` becomes one as in Terraform: it keeps its id, and its triggers.
    fn move_from(ty: &str, _: u64, stored: &serde_json::Value) -> Result<Option<TerraformData>, Failure> {
        if ty != "null_resource" {
            return Ok(None);
        }
        let damaged =
            |why: String| Failure::new("State can't be understood", format!("The stored null_resource {why}."));
        let id = stored.get("id").and_then(serde_json::Value::as_str);
        let id = id.ok_or_else(|| damaged("has no id".to_owned()))?.to_owned();
        let triggers = stored.get("triggers").filter(|triggers| !triggers.is_null());
        let triggers = triggers.map(mesh_value::from_plain_json).transpose();
        let triggers_replace = triggers.map_err(|error| damaged(format!("can't be understood: {error}")))?;
        Ok(Some(TerraformData { input: None, triggers_replace, output: Computed::Null, id: Computed::Known(id) }))
    }

    async fn plan(_: &Builtin, draft: &mut Draft<'_>) {
        if !draft.changes("input") {
            return;
        }
        let input = draft.planned("input");
        let output = if input.is_null() {
            Value::null(Type::Any)
        } else if input.is_known() {
            Value::unknown_with(input.ty(), Refinements::not_null())
        } else {
            Value::unknown(input.ty())
        };
        draft.set_value("output", output);
    }

    async fn create(
        _: &Builtin,
        planned: TerraformData,
        operation: &Operation,
    ) -> Result<TerraformData, ChangeError<TerraformData>> {
        let id = Computed::Known(uuid(&operation.token));
        Ok(TerraformData { id, ..planned.applied() })
    }

    async fn read(_: &Builtin, current: Vec<TerraformData>) -> Vec<Result<Option<TerraformData>, Failure>> {
        current.into_iter().map(|model| Ok(Some(model))).collect()
    }

    async fn update(
        _: &Builtin,
        _prior: TerraformData,
        planned: TerraformData,
        _operation: &Operation,
    ) -> Result<TerraformData, ChangeError<TerraformData>> {
        Ok(planned.applied())
    }

    async fn delete(_: &Builtin, _prior: TerraformData, _operation: &Operation) -> Result<(), Failure> {
        Ok(())
    }

    /// Creating leaves nothing outside the state that could be found.
    async fn locate(_: &Builtin, _planned: TerraformData, _token: &str) -> Result<Found<TerraformData>, Failure> {
        Ok(Found::Absent)
    }

    async fn import(_: &Builtin, id: &str) -> Result<TerraformData, Failure> {
        let id = Computed::Known(id.to_owned());
        Ok(TerraformData { input: None, triggers_replace: None, output: Computed::Null, id })
    }
}

/// The token of the creation, which is unique and random, in the form of a version 4 UUID.
fn uuid(token: &str) -> String {
    let mut text = String::with_capacity(36);
    for (index, digit) in token.chars().take(32).enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(match index {
            12 => '4',
            16 => char::from_digit(digit.to_digit(16).unwrap_or(0) & 0b0011 | 0b1000, 16).unwrap_or('8'),
            _ => digit,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn ids_are_version_4_uuids() {
        assert_eq!(uuid("00112233445566778899aabbccddeeff"), "00112233-4455-4677-8899-aabbccddeeff");
        assert_eq!(uuid("ffffffffffffffffffffffffffffffff"), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
