//! Claiming due timers where several replicas fire them. On SQLite nobody else does.

use std::time::Duration;

use countersign_core::{case::CaseId, time::Time};
use countersign_engine::ports::StoreError;
use sea_orm::DbErr;

use crate::{
    error::failed,
    rows::{get, millis},
    statements::reads as sql,
    writer::{Open, Writer},
};

/// How long the timers are the claimer's.
const LEASE: Duration = Duration::from_secs(15);

/// Claims what is due by then, the earliest first.
pub async fn claim(writer: &Writer, by: Time, limit: u32) -> Result<Vec<CaseId>, StoreError> {
    let attempted = failed("claim due timers");
    let open = writer.begin().await.map_err(&attempted)?;
    let claimed = claimed(&open, by, limit).await.map_err(&attempted)?;
    if claimed.is_empty() {
        open.rollback().await?;
    } else {
        open.commit().await?;
    }
    Ok(claimed)
}

async fn claimed(open: &Open, by: Time, limit: u32) -> Result<Vec<CaseId>, DbErr> {
    sql::NOT_DURABLE.one(open.on(), []).await?;
    let values = [millis(by).into(), limit.into(), millis(by + LEASE).into()];
    let rows = sql::CLAIM.all(open.on(), values).await?;
    rows.iter().map(|row| Ok(CaseId(get(row, 0)?))).collect()
}
