//! Whether and how often the material of a key is renewed, and whether the key can be used at all.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use mesh_provider::{Computed, Failure, Operation};

use super::ABSENT;
use super::key::Key;
use crate::failure::{Outcome as _, SdkError, has_code};
use crate::platform::Aws;
use crate::waiting::propagated;

/// Whether a key's material is renewed, and every how many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rotation {
    pub(super) enabled: bool,
    pub(super) days: Option<i32>,
}

/// What the service shows of a key's rotation. Keys that can't rotate don't.
pub(super) async fn read(aws: &Aws, key: &str) -> Result<Rotation, Failure> {
    let answer = aws.kms().get_key_rotation_status().key_id(key).send().await;
    let none = &["UnsupportedOperationException", "NotFoundException", "KMSInvalidStateException"];
    let answer = answer.found("kms:GetKeyRotationStatus", none)?;
    let enabled = answer.as_ref().is_some_and(|answer| answer.key_rotation_enabled());
    let days = answer.and_then(|answer| answer.rotation_period_in_days()).filter(|_| enabled);
    Ok(Rotation { enabled, days })
}

/// Makes the rotation of a key, and whether it can be used, what is planned, as far as that differs. Rotation changes
/// only while a key can be used: a key that shall be enabled is so first, one that shall not be last.
pub(super) async fn apply(aws: &Aws, operation: &Operation, id: &str, from: &Key, to: &Key) -> Result<(), Failure> {
    let rotates = Rotation { enabled: to.enable_key_rotation, days: to.rotation_period_in_days.known().copied() };
    let before = Rotation { enabled: from.enable_key_rotation, days: from.rotation_period_in_days.known().copied() };
    let other_period = rotates.enabled && rotates.days.is_some() && rotates.days != before.days;
    let turns = rotates.enabled != before.enabled || other_period;
    if !from.is_enabled && (to.is_enabled || turns) {
        enable(aws, operation, id).await?;
    }
    if turns && rotates.enabled {
        let send = || aws.kms().enable_key_rotation().key_id(id).set_rotation_period_in_days(rotates.days).send();
        propagated(operation, "kms:EnableKeyRotation", is_early, send).await.calling("kms:EnableKeyRotation")?;
    } else if turns {
        aws.kms().disable_key_rotation().key_id(id).send().await.calling("kms:DisableKeyRotation")?;
    }
    let usable = from.is_enabled || turns;
    if !to.is_enabled && usable {
        let send = || aws.kms().disable_key().key_id(id).send();
        propagated(operation, "kms:DisableKey", is_early, send).await.calling("kms:DisableKey")?;
    }
    Ok(())
}

async fn enable(aws: &Aws, operation: &Operation, id: &str) -> Result<(), Failure> {
    let send = || aws.kms().enable_key().key_id(id).send();
    propagated(operation, "kms:EnableKey", is_early, send).await.calling("kms:EnableKey")?;
    Ok(())
}

/// A key that was made or enabled a moment ago is not known as such everywhere.
fn is_early<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    has_code(error, ABSENT) || has_code(error, &["DisabledException"])
}

/// The period as it is planned, where only the service knows it.
pub(super) fn period(rotation: Rotation) -> Computed<i32> {
    rotation.days.into()
}
