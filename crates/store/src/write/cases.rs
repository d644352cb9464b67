//! The rows of cases: opened ones are added, others changed behind their etag.

use countersign_core::{
    case::{Case, Lifecycle},
    workflow::End,
};
use countersign_engine::ports::{StoreError, store::CaseWrite};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value as Json, json};

use super::{Positions, put};
use crate::{
    error::{conflict, failed},
    rows::{self, hex, millis, millis_or_never},
    statements::cases as sql,
};

const ATTEMPTED: &str = "write cases";

/// Writes all of them, or fails where a case is not as the batch believed.
pub async fn write(
    on: &impl ConnectionTrait,
    writes: &[CaseWrite],
    positions: &Positions,
) -> Result<(), StoreError> {
    let (opened, changed): (Vec<&CaseWrite>, Vec<&CaseWrite>) =
        writes.iter().partition(|write| write.etag_before == 0);
    let heads = add(on, &opened, positions)
        .await
        .map_err(failed(ATTEMPTED))?;
    if heads != opened.len() {
        return Err(conflict(
            ATTEMPTED,
            "a new case has the id or number of another",
        ));
    }
    let heads = change(on, &changed, positions)
        .await
        .map_err(failed(ATTEMPTED))?;
    if heads != changed.len() {
        return Err(conflict(
            ATTEMPTED,
            "a case has changed since it was loaded",
        ));
    }
    let searches = writes.iter().filter(|write| write.content_changed);
    let searches: Vec<_> = searches
        .map(|write| (hex(write.case.id.0), &write.search))
        .collect();
    put(on, sql::PUT_SEARCHES, &searches)
        .await
        .map_err(failed(ATTEMPTED))?;
    Ok(())
}

async fn add(
    on: &impl ConnectionTrait,
    writes: &[&CaseWrite],
    positions: &Positions,
) -> Result<usize, DbErr> {
    let mut cases = Vec::with_capacity(writes.len());
    let mut heads = Vec::with_capacity(writes.len());
    for write in writes {
        let case = &write.case;
        let Shown { lifecycle, ending } = shown(case);
        cases.push(json!([
            hex(case.id.0),
            case.number,
            case.workflow,
            case.version,
            case.partner,
            case.starter,
            millis(case.opened_at),
            case.title,
            case.state,
            lifecycle,
            ending,
            case.round,
            millis_or_never(case.due_at()),
        ]));
        // A case without history or content breaks a NOT NULL, as it should.
        let (history, content) = (
            positions.history.get(&case.id),
            positions.contents.get(&case.id),
        );
        heads.push(json!([
            hex(case.id.0),
            case.etag,
            history,
            content,
            rows::json(case)?
        ]));
    }
    let added = put(on, sql::ADD_CASES, &cases).await?;
    if added != writes.len() as u64 {
        return Ok(0);
    }
    Ok(whole(put(on, sql::ADD_HEADS, &heads).await?))
}

async fn change(
    on: &impl ConnectionTrait,
    writes: &[&CaseWrite],
    positions: &Positions,
) -> Result<usize, DbErr> {
    let mut cases = Vec::with_capacity(writes.len());
    let mut heads = Vec::with_capacity(writes.len());
    for write in writes {
        let case = &write.case;
        let Shown { lifecycle, ending } = shown(case);
        let (history, content) = (
            positions.history.get(&case.id),
            positions.contents.get(&case.id),
        );
        heads.push(json!([
            hex(case.id.0),
            write.etag_before,
            case.etag,
            history,
            content,
            rows::json(case)?
        ]));
        cases.push(json!([
            hex(case.id.0),
            case.version,
            case.partner,
            case.title,
            case.state,
            lifecycle,
            ending,
            case.round,
            millis_or_never(case.due_at()),
        ]));
    }
    let changed = put(on, sql::CHANGE_HEADS, &heads).await?;
    put(on, sql::CHANGE_CASES, &cases).await?;
    Ok(whole(changed))
}

fn whole(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// The life of a case as lists filter by it.
struct Shown {
    lifecycle: &'static str,
    ending: Json,
}

fn shown(case: &Case) -> Shown {
    match case.lifecycle {
        Lifecycle::Running => Shown {
            lifecycle: "running",
            ending: Json::Null,
        },
        Lifecycle::OnHold { .. } => Shown {
            lifecycle: "on_hold",
            ending: Json::Null,
        },
        Lifecycle::Ended { end, .. } => Shown {
            lifecycle: "ended",
            ending: ending(end).into(),
        },
    }
}

/// An ending as rows name it.
fn ending(end: End) -> &'static str {
    match end {
        End::Success => "success",
        End::Failure => "failure",
        End::Neutral => "neutral",
    }
}
