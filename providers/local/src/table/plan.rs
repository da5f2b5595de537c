//! Plans changes of a table: in place where every row survives, else anew, which rows must be allowed to be lost for.

use mesh_provider::{Draft, Failure, ProviderDiagnostic};
use mesh_value::AttributePath;

use super::change::{Verdict, counted, judge};
use super::inspect;
use super::{Table, TableColumn};
use crate::provider::Local;
use crate::warehouse::connection::{Access, with_existing};
use crate::warehouse::object::Place;

/// The bytes kept beside a table whose rows may be lost.
pub(super) const LOSS_ALLOWED: &[u8] = b"loss allowed";

/// Adds to a draft whether the table must be made anew and what that loses.
pub(super) async fn plan(local: &Local, draft: &mut Draft<'_>) {
    let allowed = draft.planned_as::<bool>("allow_data_loss").unwrap_or_default();
    draft.private = if allowed { LOSS_ALLOWED.to_vec() } else { Vec::new() };

    let (warehouse, name) = (draft.prior_as::<String>("warehouse"), draft.prior_as::<String>("name"));
    let Some((warehouse, name)) = warehouse.zip(name) else { return };
    let moves = draft.changes("warehouse");
    if !moves && !draft.changes("columns") && !draft.changes("primary_key") {
        return;
    }
    let wanted = wanted(draft, &warehouse, &name);
    if let (false, None) = (moves, &wanted) {
        return;
    }
    match look(local, &warehouse, &name, wanted.filter(|_| !moves)).await {
        Ok(Some(verdict)) => decide(draft, &verdict, moves, allowed),
        Ok(None) => {}
        Err(failure) => failure.0.into_iter().for_each(|diagnostic| draft.report(diagnostic)),
    }
}

/// The table with the planned columns and key; `None` where they are known after apply, which then decides.
fn wanted(draft: &Draft<'_>, warehouse: &str, name: &str) -> Option<Table> {
    let key = draft.planned("primary_key");
    Some(Table {
        warehouse: warehouse.to_owned(),
        name: name.to_owned(),
        columns: draft.planned_as::<Vec<TableColumn>>("columns")?,
        primary_key: if key.is_null() { None } else { Some(draft.planned_as("primary_key")?) },
        allow_data_loss: false,
        creation: mesh_provider::Computed::Unknown,
        id: mesh_provider::Computed::Unknown,
        location: mesh_provider::Computed::Unknown,
    })
}

/// What stands in the way of the wanted shape; without one, only how many rows there are. `None` without a table.
async fn look(local: &Local, warehouse: &str, name: &str, wanted: Option<Table>) -> Result<Option<Verdict>, Failure> {
    let place = Place::of(local, warehouse, name)?;
    let wanted = wanted.map(|table| table.shape()).transpose()?;
    let looked = with_existing(place.warehouse, Access::Read, move |connection| {
        let Some(stored) = inspect::shape(connection, &place.name)? else { return Ok(None) };
        match wanted {
            Some(wanted) => judge(connection, &place.name, &stored, &wanted).map(Some),
            None => {
                let rows = inspect::row_count(connection, &place.name)?;
                Ok(Some(Verdict { rows, obstacles: Vec::new() }))
            }
        }
    });
    Ok(looked.await?.flatten())
}

fn decide(draft: &mut Draft<'_>, verdict: &Verdict, moves: bool, allowed: bool) {
    let reasons = verdict.obstacles.iter().map(|obstacle| (obstacle.attribute, obstacle.what.clone()));
    let moved = moves.then(|| ("warehouse", "The table moves to another warehouse".to_owned()));
    for (attribute, reason) in moved.into_iter().chain(reasons) {
        let path = AttributePath::attr(attribute);
        draft.replace(path.clone());
        if verdict.rows == 0 {
            continue;
        }
        let rows = counted(verdict.rows, "row");
        draft.lose(path.clone(), format!("{reason}: the table is made anew without its {rows}."));
        if !allowed {
            let detail = format!(
                "{reason}. The table would have to be made anew and would lose its {rows}. If they may go, set \
                 `allow_data_loss = true`; if not, declare what is there, or move the rows first."
            );
            draft.report(ProviderDiagnostic::error("Change would lose data", detail).at(path));
        }
    }
}
