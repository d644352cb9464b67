//! Child cases that wait to be opened, and those that wait no longer.

use countersign_core::time::Time;
use countersign_engine::ports::store::Batch;
use sea_orm::{ConnectionTrait, DbErr};

use super::put;
use crate::{
    rows::{hex, json, millis},
    statements::writes as sql,
};

/// Removes those that are opened, before anything else says when their timers are due, and keeps the new ones, due at
/// once.
pub async fn write(on: &impl ConnectionTrait, batch: &Batch, at: Time) -> Result<(), DbErr> {
    let opened: Vec<String> = batch.opened.iter().map(|id| hex(id.0)).collect();
    put(on, sql::REMOVE_CHILDREN, &opened).await?;
    put(on, sql::REMOVE_TIMERS, &opened).await?;
    let mut rows = Vec::with_capacity(batch.children.len());
    let mut due = Vec::with_capacity(batch.children.len());
    for child in &batch.children {
        rows.push((hex(child.id.0), json(child)?));
        due.push((hex(child.id.0), millis(at)));
    }
    put(on, sql::PUT_CHILDREN, &rows).await?;
    put(on, sql::PUT_TIMERS, &due).await?;
    Ok(())
}
