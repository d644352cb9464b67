//! Removes what has had its time, in transactions so short that nobody waits for them.

use chrono::TimeDelta;
use countersign_engine::ports::Time;
use sea_orm::{DbErr, RuntimeErr};

use super::Writer;
use crate::{
    rows::millis,
    statements::{Sql, writes as sql},
};

/// How long an answer is kept under its key.
const ANSWERS_KEPT: TimeDelta = TimeDelta::days(30);
/// How many rows one transaction looks at.
const AT_ONCE: i64 = 500;

/// Removes answers that were kept long enough and codes that have expired; says how many rows went.
pub async fn clean(writer: &Writer, now: Time) -> Result<u64, DbErr> {
    let mut removed = remove(writer, sql::REMOVE_CODES, millis(now), None).await?;
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
) -> Result<u64, DbErr> {
    let open = writer.begin().await?;
    let values = [before].into_iter().chain(limit).map(Into::into);
    let gone = statement.run(open.on(), values).await?;
    let failed = |error| DbErr::Exec(RuntimeErr::Internal(format!("{error}")));
    if gone > 0 {
        open.commit().await.map_err(failed)?
    } else {
        open.rollback().await.map_err(failed)?
    }
    Ok(gone)
}
