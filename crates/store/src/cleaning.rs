//! Removes what has had its time, in transactions so short that nobody waits for them.

use chrono::TimeDelta;
use countersign_engine::ports::{StoreError, Time};

use crate::{
    error::failed,
    rows::millis,
    statements::{Sql, writes as sql},
    writer::Writer,
};

/// How long an answer is kept under its key.
const ANSWERS_KEPT: TimeDelta = TimeDelta::days(30);
/// How many rows one transaction looks at.
const AT_ONCE: i64 = 500;

/// Removes answers that were kept long enough, and codes and sessions that have expired; says how many rows went.
pub async fn clean(writer: &Writer, now: Time) -> Result<u64, StoreError> {
    let mut removed = remove(writer, sql::REMOVE_CODES, millis(now), None).await?;
    removed += remove(writer, sql::REMOVE_SESSIONS, millis(now), None).await?;
    loop {
        let gone = remove(
            writer,
            sql::REMOVE_ANSWERS,
            millis(now - ANSWERS_KEPT),
            Some(AT_ONCE),
        )
        .await?;
        removed += gone;
        if gone == 0 {
            return Ok(removed);
        }
    }
}

async fn remove(
    writer: &Writer,
    statement: Sql,
    before: i64,
    limit: Option<i64>,
) -> Result<u64, StoreError> {
    let attempted = failed("remove what has had its time");
    let open = writer.begin().await.map_err(&attempted)?;
    let values = [before].into_iter().chain(limit).map(Into::into);
    let gone = statement.run(open.on(), values).await.map_err(&attempted)?;
    if gone > 0 {
        open.commit().await?;
    } else {
        open.rollback().await?;
    }
    Ok(gone)
}
