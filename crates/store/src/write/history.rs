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
    let last = sql::LAST_POSITIONS.one(on, []).await?;
    let last = last.ok_or_else(|| DbErr::RecordNotFound("the last positions".to_owned()))?;
    Ok(Positions {
        history: entries(on, batch, get(&last, 0)?).await?,
        contents: contents_of(on, batch, get(&last, 1)?).await?,
    })
}

async fn entries(
    on: &impl ConnectionTrait,
    batch: &Batch,
    mut position: i64,
) -> Result<HashMap<CaseId, i64>, DbErr> {
    let mut lasts: HashMap<CaseId, i64> = HashMap::new();
    let mut rows = Vec::with_capacity(batch.entries.len());
    let mut personal = Vec::with_capacity(batch.entries.len());
    for (case, sealed) in &batch.entries {
        position += 1;
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
    mut position: i64,
) -> Result<HashMap<CaseId, i64>, DbErr> {
    let mut positions = HashMap::new();
    let mut rows = Vec::new();
    for write in batch.cases.iter().filter(|write| write.content_changed) {
        let case = &write.case;
        position += 1;
        positions.insert(case.id, position);
        rows.push((
            position,
            hex(case.id.0),
            case.revision,
            count(case.etag)?,
            json(&case.content)?,
        ));
    }
    put(on, sql::ADD_CONTENTS, &rows).await?;
    Ok(positions)
}
