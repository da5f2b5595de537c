//! Interrupted operations of an earlier run: the platform says how far each came.

use mesh_provider::{ConfiguredProvider, Failure, LocateRequest, Located, ReadItem, ReadRequest};
use mesh_state::{InstanceRecord, Intent, IntentAction, Outcome, Status};
use mesh_value::{InstanceAddress, Schema, Type, Value};

use crate::stored;

/// What became of an interrupted operation.
pub struct Settlement {
    /// What the state shall say.
    pub outcome: Outcome,
    /// For people, as a sentence.
    pub finding: String,
}

/// Asks the platform what an interrupted operation left behind. `stored` is the object that it is about as the state
/// has it, under the current schema.
///
/// # Errors
/// Where the platform can't be asked: then nothing is known, and the intent stays open.
pub async fn settle(
    provider: &dyn ConfiguredProvider,
    schema: &Schema,
    intent: &Intent,
    address: &InstanceAddress,
    stored: Option<InstanceRecord>,
) -> Result<Settlement, Failure> {
    match intent.action {
        IntentAction::Create => settle_creation(provider, schema, intent, address).await,
        IntentAction::Update | IntentAction::Delete => settle_change(provider, schema, intent, address, stored).await,
    }
}

async fn settle_creation(
    provider: &dyn ConfiguredProvider,
    schema: &Schema,
    intent: &Intent,
    address: &InstanceAddress,
) -> Result<Settlement, Failure> {
    let planned = intent.planned.clone().unwrap_or_else(|| Value::null(Type::Any));
    let request = LocateRequest {
        ty: address.block.ty.clone(),
        planned: planned.without_marks_deep(),
        token: intent.token.clone(),
    };
    let (value, private, status) = match provider.locate(request).await? {
        Located::Absent => {
            let finding = "its interrupted creation left nothing behind".to_owned();
            return Ok(Settlement { outcome: Outcome::Unchanged, finding });
        }
        Located::Complete(value, private) => (value, private, Status::Ready),
        Located::Partial(value, private) => (value, private, Status::Tainted),
    };
    let value = stored::checked(schema, value).map_err(|why| stored::misfit("found", &why))?;
    let finding = match status {
        Status::Ready => "its interrupted creation was completed, and it is in the state now",
        Status::Tainted => "its interrupted creation may be half done, so it will be made anew",
    };
    let record = InstanceRecord {
        address: intent.address.clone(),
        deposed: None,
        provider: intent.provider.clone(),
        schema_version: schema.version,
        value: stored::marked(schema, stored::with_marks_of(&planned, value)),
        private,
        status,
        reads: intent.reads.clone(),
        product: None,
    };
    Ok(Settlement { outcome: Outcome::Exists(Box::new(record)), finding: finding.to_owned() })
}

async fn settle_change(
    provider: &dyn ConfiguredProvider,
    schema: &Schema,
    intent: &Intent,
    address: &InstanceAddress,
    stored: Option<InstanceRecord>,
) -> Result<Settlement, Failure> {
    let Some(mut record) = stored else {
        let finding = "the state no longer has it".to_owned();
        return Ok(Settlement { outcome: Outcome::Unchanged, finding });
    };
    let item = ReadItem { current: record.value.without_marks_deep(), private: record.private.clone() };
    let results = provider.read(ReadRequest { ty: address.block.ty.clone(), items: vec![item] }).await;
    let Some(result) = results.into_iter().next() else {
        return Err(Failure::new(
            "Nothing was read",
            "The provider returned no answer. This is a bug in the provider.",
        ));
    };
    let errors: Vec<_> = result
        .diagnostics
        .into_iter()
        .filter(|problem| problem.severity == mesh_diagnostics::Severity::Error)
        .collect();
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    let what = if intent.action == IntentAction::Update { "change" } else { "deletion" };
    let Some(new) = result.new else {
        let finding = format!("after its interrupted {what} it is gone");
        return Ok(Settlement { outcome: Outcome::Gone, finding });
    };
    let new = stored::checked(schema, new).map_err(|why| stored::misfit("read", &why))?;
    let value = stored::marked(schema, stored::with_marks_of(&record.value, new));
    // Nobody knows whether it came to read what it was to read, or still reads what it did.
    record.reads.extend(intent.reads.iter().cloned());
    record.reads.sort();
    record.reads.dedup();
    let finding = format!("after its interrupted {what} it exists, and was read again");
    let record = InstanceRecord { value, private: result.private, ..record };
    Ok(Settlement { outcome: Outcome::Exists(Box::new(record)), finding })
}
