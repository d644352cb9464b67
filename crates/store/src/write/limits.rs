//! Places in limits: what was counted adds up, what is held is as the last change says.

use std::collections::BTreeMap;

use countersign_core::{
    case::CaseId,
    name::Name,
    outcome::{LimitChange, PlaceChange},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::put;
use crate::{
    rows::{hex, millis},
    statements::writes as sql,
};

/// Writes all of them.
pub async fn write(
    on: &impl ConnectionTrait,
    changes: &[(CaseId, LimitChange)],
) -> Result<(), DbErr> {
    let mut counted: BTreeMap<(&Name, &Name, &str, i64, CaseId), i64> = BTreeMap::new();
    let mut held: BTreeMap<(&Name, &Name, &str, CaseId), Option<i64>> = BTreeMap::new();
    for (case, LimitChange { key, change }) in changes {
        let (workflow, limit, text) = (&key.workflow, &key.limit, key.key.as_str());
        match change {
            PlaceChange::Counted { amount, at } => {
                *counted
                    .entry((workflow, limit, text, millis(*at), *case))
                    .or_default() += amount;
            }
            PlaceChange::Held { amount } => {
                held.insert((workflow, limit, text, *case), Some(*amount));
            }
            PlaceChange::Released => {
                held.insert((workflow, limit, text, *case), None);
            }
        }
    }
    let counted = counted
        .into_iter()
        .map(|((workflow, limit, key, at, case), amount)| {
            (workflow, limit, key, at, hex(case.0), amount)
        });
    put(on, sql::COUNT, &counted.collect::<Vec<_>>()).await?;
    let mut places = Vec::new();
    let mut released = Vec::new();
    for ((workflow, limit, key, case), amount) in held {
        match amount {
            Some(amount) => places.push((workflow, limit, key, hex(case.0), amount)),
            None => released.push((workflow, limit, key, hex(case.0))),
        }
    }
    put(on, sql::RELEASE, &released).await?;
    put(on, sql::HOLD, &places).await?;
    Ok(())
}
