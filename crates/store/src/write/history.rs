//! History and contents: rows at the end of their tables, each chained to the case's one before.

use std::collections::HashMap;

use countersign_core::case::CaseId;
use countersign_engine::ports::store::Batch;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Positions, put};
use crate::{
    rows::{count, get, hex, hex_bytes, json},
    statements::cases as sql,
};

/// Writes both; answers where they lie.
pub async fn write(on: &impl ConnectionTrait, batch: &Batch) -> Result<Positions, DbErr> {
    let contents = batch.cases.iter().any(|write| write.content_changed);
    if batch.entries.is_empty() && !contents {
        return Ok(Positions::default());
    }
    let contents = batch.cases.iter().filter(|write| write.content_changed);
    let [history, contents] = positions(on, batch.entries.len(), contents.count()).await?;
    Ok(Positions {
        history: entries(on, batch, history).await?,
        contents: contents_of(on, batch, contents).await?,
    })
}

/// Positions for so many rows of history and of contents, rising.
async fn positions(
    on: &impl ConnectionTrait,
    history: usize,
    contents: usize,
) -> Result<[Vec<i64>; 2], DbErr> {
    let wanted = [
        count(history as u64)?.into(),
        count(contents as u64)?.into(),
    ];
    let mut taken = [Vec::new(), Vec::new()];
    for row in sql::POSITIONS.all(on, wanted).await? {
        let kind = usize::from(get::<i64, _>(&row, 0)? == 1);
        taken[kind].push(get(&row, 1)?);
    }
    for positions in &mut taken {
        positions.sort_unstable();
    }
    Ok(taken)
}

async fn entries(
    on: &impl ConnectionTrait,
    batch: &Batch,
    positions: Vec<i64>,
) -> Result<HashMap<CaseId, i64>, DbErr> {
    let mut lasts: HashMap<CaseId, i64> = HashMap::new();
    let mut rows = Vec::with_capacity(batch.entries.len());
    let mut personal = Vec::with_capacity(batch.entries.len());
    for ((case, sealed), position) in batch.entries.iter().zip(positions) {
        let earlier = lasts.insert(*case, position);
        let previous = sealed.previous.map(|hash| hex_bytes(hash.bytes()));
        let hash = hex_bytes(sealed.hash.bytes());
        rows.push((
            position,
            hex(case.0),
            sealed.entry.entry,
            earlier,
            hash,
            previous,
            json(&sealed.entry)?,
        ));
        personal.push((position, hex_bytes(&sealed.salt), json(&sealed.personal)?));
    }
    put(on, sql::ADD_HISTORY, &rows).await?;
    put(on, sql::ADD_PERSONAL, &personal).await?;
    Ok(lasts)
}

async fn contents_of(
    on: &impl ConnectionTrait,
    batch: &Batch,
    positions: Vec<i64>,
) -> Result<HashMap<CaseId, i64>, DbErr> {
    let mut lasts = HashMap::new();
    let mut rows = Vec::new();
    let changed = batch.cases.iter().filter(|write| write.content_changed);
    for (write, position) in changed.zip(positions) {
        let case = &write.case;
        lasts.insert(case.id, position);
        rows.push((
            position,
            hex(case.id.0),
            case.revision,
            count(case.etag)?,
            json(&case.content)?,
        ));
    }
    put(on, sql::ADD_CONTENTS, &rows).await?;
    Ok(lasts)
}
