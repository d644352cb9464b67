//! What operators look at all the time: how many cases stand where, and what will fire next.

use std::collections::BTreeMap;

use chrono::DateTime;
use countersign_core::{name::Name, time::Time};
use countersign_engine::ports::{
    StoreError,
    reader::{LATE_COUNTED, Page, StandingRow, TimerRow},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::{
    page,
    row::{COLUMNS, case_row},
    wanted,
};
use crate::{
    cursor,
    error::failed,
    rows::{get, get_u32, get_u64, millis, time},
    statements::{lists as sql, reads},
};

/// What the cursors of timers are called.
const TIMERS: &str = "timers";

/// A state of a version of a workflow, as rows name it.
type Place = (String, u32, String);

/// How many cases stand where.
pub async fn standing(on: &impl ConnectionTrait, now: Time) -> Result<Vec<StandingRow>, DbErr> {
    let values = [millis(now).into(), i64::from(LATE_COUNTED).into()];
    let late = reads::LATE.all(on, values).await?;
    let late = late.iter().map(|row| Ok((place(row)?, get_u64(row, 3)?)));
    let late: BTreeMap<Place, u64> = late.collect::<Result<_, DbErr>>()?;
    let rows = reads::STANDING.all(on, []).await?;
    rows.iter()
        .map(|row| {
            let place = place(row)?;
            let late = late.get(&place).copied().unwrap_or_default();
            let (workflow, version, state) = place;
            let day: i64 = get(row, 5)?;
            Ok(StandingRow {
                workflow: Name::parse(&workflow).map_err(|error| DbErr::Type(error.to_string()))?,
                version,
                state,
                cases: get_u64(row, 3)?,
                on_hold: get_u64(row, 4)?,
                late,
                oldest: DateTime::from_timestamp(day * 86_400, 0).unwrap_or(now),
            })
        })
        .collect()
}

fn place(row: &QueryResult) -> Result<Place, DbErr> {
    Ok((get(row, 0)?, get_u32(row, 1)?, get(row, 2)?))
}

/// Cases that have a timer, the next to fire first.
pub async fn timers(
    on: &impl ConnectionTrait,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<TimerRow>, StoreError> {
    let after = cursor::read::<(i64, Uuid)>(TIMERS, after)?;
    let (due_at, case) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let attempted = failed("list timers");
    let values = [due_at.into(), case.into(), wanted(limit).into()];
    let found = sql::TIMERS.all(on, values).await.map_err(&attempted)?;
    let rows = found.iter().map(|row| {
        let due_at: i64 = get(row, COLUMNS)?;
        let row = TimerRow {
            case: case_row(row)?,
            due_at: time(due_at),
        };
        let cursor = cursor::write(TIMERS, &(due_at, row.case.id.0));
        Ok((row, cursor))
    });
    let rows = rows.collect::<Result<_, DbErr>>().map_err(&attempted)?;
    Ok(page(rows, limit))
}
