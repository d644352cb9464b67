//! Keeps the order of events going on another server. Entries go by ids of transactions, and a server that a dump was
//! restored into, or that took over without the last moments of another, counts from a lower one: what it writes would
//! stand behind cursors that were handed out already, and be told to nobody. So it counts ahead from then on.

use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    rows::get,
    statements::events::{self, IDENTITY},
};

/// How far above all that is written another server begins: nobody holds a cursor beyond it, even if a cursor is of
/// what was lost with the other.
const LEAP: i64 = 1_000_000_000;

/// Sees to it that what is written from now on comes after all that is written. In the transaction of the migrations:
/// nobody else does it in the same moment, and whoever is writing has finished before it changes anything.
pub async fn keep_order(on: &impl ConnectionTrait) -> Result<(), DbErr> {
    let row = IDENTITY.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the row of `feed`".to_owned()))?;
    let (before, now): (String, String) = (get(&row, 0)?, get(&row, 1)?);
    if before == now {
        return Ok(());
    }
    events::STOP_WRITERS.run(on, []).await?;
    let row = events::REACHED.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the row of `feed`".to_owned()))?;
    let (ahead, next, last): (i64, i64, i64) = (get(&row, 0)?, get(&row, 1)?, get(&row, 2)?);
    // A table from before `feed` says nothing of its server; then only that it is behind shows another one.
    let is_same = before.is_empty() && ahead + next > last;
    let ahead = if is_same { ahead } else { last + LEAP };
    on.execute_unprepared(&events::counting_ahead(ahead))
        .await?;
    events::SET_FEED.run(on, [now.into(), ahead.into()]).await?;
    if !is_same {
        tracing::info!(
            ahead,
            "this server is another than before: events go on behind those of the other"
        );
    }
    Ok(())
}
