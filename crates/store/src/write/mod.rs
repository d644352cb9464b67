//! Writes what a batch has gathered: rows of one kind in one statement, kinds that have none in none.

mod cases;
mod children;
mod directory;
mod erasing;
mod history;
mod limits;
mod people;
mod requests;
mod sessions;
mod watches;
mod who;

pub(crate) use requests::delivery_row;

use std::collections::HashMap;

use countersign_core::{case::CaseId, time::Time};
use countersign_engine::ports::{StoreError, store::Batch};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use crate::{error::failed, locks, rows::json, statements::Sql};

/// Where the last history entry and the content of cases of this batch lie.
#[derive(Debug, Default)]
struct Positions {
    history: HashMap<CaseId, i64>,
    contents: HashMap<CaseId, i64>,
}

/// Writes everything of a batch. Says whether it woke cases.
pub async fn batch(on: &impl ConnectionTrait, batch: &Batch, at: Time) -> Result<bool, StoreError> {
    let written = failed("write a batch");
    locks::changes(on, batch).await.map_err(&written)?;
    // History and contents go first: they follow what the heads name until then.
    let positions = history::write(on, batch).await.map_err(&written)?;
    cases::write(on, &batch.cases, &positions).await?;
    children::write(on, batch, at).await.map_err(&written)?;
    who::write(on, batch).await.map_err(&written)?;
    limits::write(on, &batch.limits).await.map_err(&written)?;
    requests::write(on, batch, at).await?;
    // What a change of people is a change of is told by what was there before.
    let people = people::changed(on, &batch.directory).await;
    let people = people.map_err(&written)?;
    directory::write(on, batch, at).await.map_err(&written)?;
    watches::write(on, batch, people, at)
        .await
        .map_err(&written)
}

/// Runs a statement on a set of rows; none at all if the set is empty. Answers how many were written.
async fn put<R: Serialize>(
    on: &impl ConnectionTrait,
    statement: Sql,
    rows: &[R],
) -> Result<u64, DbErr> {
    if rows.is_empty() {
        return Ok(0);
    }
    statement.run(on, [json(rows)?.into()]).await
}
