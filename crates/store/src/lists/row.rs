//! A case in a list, as rows give it.

use countersign_core::{
    case::{CaseId, PartnerId, PersonId},
    name::Name,
    workflow::End,
};
use countersign_engine::ports::reader::{CaseRow, LifecycleFilter};
use sea_orm::{DbErr, QueryResult};

use crate::rows::{get, get_u32, get_u64, time, time_unless_never};

/// How many columns [`case_row`] reads; others follow.
pub const COLUMNS: usize = 14;

/// A case from the columns that every list of cases begins with.
pub fn case_row(row: &QueryResult) -> Result<CaseRow, DbErr> {
    let workflow: String = get(row, 2)?;
    let lifecycle: String = get(row, 11)?;
    Ok(CaseRow {
        id: CaseId(get(row, 0)?),
        number: get(row, 1)?,
        workflow: Name::parse(&workflow).map_err(|error| DbErr::Type(error.to_string()))?,
        version: get_u32(row, 3)?,
        title: get(row, 4)?,
        state: get(row, 5)?,
        partner: get::<Option<String>, _>(row, 6)?.map(PartnerId::new),
        starter: get::<Option<String>, _>(row, 7)?.map(PersonId::new),
        opened_at: time(get(row, 8)?),
        round: get_u32(row, 9)?,
        due_at: time_unless_never(get(row, 10)?),
        on_hold: lifecycle == lifecycle_text(LifecycleFilter::OnHold),
        end: get::<Option<String>, _>(row, 12)?.as_deref().and_then(end),
        etag: get_u64(row, 13)?,
    })
}

/// How rows name a part of life.
pub fn lifecycle_text(lifecycle: LifecycleFilter) -> &'static str {
    match lifecycle {
        LifecycleFilter::Running => "running",
        LifecycleFilter::OnHold => "on_hold",
        LifecycleFilter::Ended => "ended",
    }
}

fn end(text: &str) -> Option<End> {
    match text {
        "success" => Some(End::Success),
        "failure" => Some(End::Failure),
        "neutral" => Some(End::Neutral),
        _ => None,
    }
}
