//! Reads about cases besides lists: history, links, timers, files.

use std::time::Duration;

use countersign_core::{
    case::{CaseId, Content, GroupId, LinkId},
    history::{Hash, Personal, SealedEntry},
    time::Time,
};
use countersign_engine::ports::reader::{Durability, EventRow, KeptEntry, Pulse};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    cursor,
    rows::{count, from_json, get, get_bytes, get_json, get_u64, group_subject, millis, time},
    statements::{cases as case_sql, events as event_sql, reads as sql},
};

/// Whose cursors those of events are.
pub const EVENTS: &str = "events";

/// Entries after `after`, in order.
pub async fn history(
    on: &impl ConnectionTrait,
    case: CaseId,
    after: u64,
    limit: u32,
) -> Result<Vec<SealedEntry>, DbErr> {
    let values = [case.0.into(), count(after)?.into(), limit.into()];
    let rows = case_sql::HISTORY.all(on, values).await?;
    rows.iter().map(sealed).collect()
}

/// The same, each entry by itself: one that cannot be read hides no other.
pub async fn kept_history(
    on: &impl ConnectionTrait,
    case: CaseId,
    after: u64,
    limit: u32,
) -> Result<Vec<KeptEntry>, DbErr> {
    let values = [case.0.into(), count(after)?.into(), limit.into()];
    let rows = case_sql::HISTORY.all(on, values).await?;
    let kept = rows.iter().map(|row| {
        Ok(KeptEntry {
            entry: get_u64(row, 5)?,
            hash: get_bytes(row, 1).ok().map(Hash::from_bytes),
            sealed: sealed(row).ok(),
        })
    });
    kept.collect()
}

/// An entry whose personal part was erased has an empty one, and no salt.
fn sealed(row: &QueryResult) -> Result<SealedEntry, DbErr> {
    let previous: Option<Vec<u8>> = get(row, 2)?;
    let previous = previous.map(|hash| hash.try_into().map(Hash::from_bytes));
    let personal: Option<String> = get(row, 3)?;
    let (personal, salt) = match personal {
        Some(personal) => (from_json(&personal)?, get_bytes(row, 4)?),
        None => (Personal::default(), [0; 16]),
    };
    Ok(SealedEntry {
        entry: get_json(row, 0)?,
        personal,
        salt,
        previous: previous
            .transpose()
            .map_err(|_| DbErr::Type("32 bytes were expected".to_owned()))?,
        hash: Hash::from_bytes(get_bytes(row, 1)?),
    })
}

/// The entry that has this hash, and its case.
pub async fn entry_of(
    on: &impl ConnectionTrait,
    hash: &Hash,
) -> Result<Option<(CaseId, SealedEntry)>, DbErr> {
    let row = case_sql::BY_HASH
        .one(on, [hash.bytes().to_vec().into()])
        .await?;
    row.map(|row| Ok((CaseId(get(&row, 5)?), sealed(&row)?)))
        .transpose()
}

/// What was written after a cursor, in the order of commits.
pub async fn events(
    on: &impl ConnectionTrait,
    (written_by, position): (i64, i64),
    limit: u32,
) -> Result<Vec<EventRow>, DbErr> {
    let values = [written_by.into(), position.into(), limit.into()];
    let rows = event_sql::EVENTS.all(on, values).await?;
    let event = |row: &QueryResult| {
        Ok(EventRow {
            cursor: cursor::write(EVENTS, &(get::<i64, _>(row, 6)?, get::<i64, _>(row, 7)?)),
            case: CaseId(get(row, 5)?),
            entry: sealed(row)?,
        })
    };
    rows.iter().map(event).collect()
}

/// The cursor behind everything that is written by now.
pub async fn last_event(on: &impl ConnectionTrait) -> Result<String, DbErr> {
    let row = event_sql::LAST_EVENT.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the last position".to_owned()))?;
    let last: (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
    Ok(cursor::write(EVENTS, &last))
}

/// What a case held at a revision.
pub async fn content_at(
    on: &impl ConnectionTrait,
    case: CaseId,
    revision: u32,
) -> Result<Option<Content>, DbErr> {
    let row = case_sql::CONTENT_AT
        .one(on, [case.0.into(), revision.into()])
        .await?;
    row.map(|row| get_json(&row, 0)).transpose()
}

/// The case that a mail link belongs to.
pub async fn case_of_link(
    on: &impl ConnectionTrait,
    link: LinkId,
) -> Result<Option<CaseId>, DbErr> {
    let row = sql::CASE_OF_LINK.one(on, [link.0.into()]).await?;
    row.map(|row| Ok(CaseId(get(&row, 0)?))).transpose()
}

/// Cases with an open incident of this cause.
pub async fn cases_with_incident(
    on: &impl ConnectionTrait,
    cause: &str,
    limit: u32,
) -> Result<Vec<CaseId>, DbErr> {
    let rows = sql::CASES_WITH_INCIDENT.all(on, [cause.into(), limit.into()]);
    let rows = rows.await?;
    rows.iter().map(|row| Ok(CaseId(get(row, 0)?))).collect()
}

/// Cases with a timer due by then, the earliest first.
pub async fn due_cases(
    on: &impl ConnectionTrait,
    by: Time,
    limit: u32,
) -> Result<Vec<(CaseId, Time)>, DbErr> {
    let rows = sql::DUE.all(on, [millis(by).into(), limit.into()]).await?;
    rows.iter()
        .map(|row| Ok((CaseId(get(row, 0)?), time(get(row, 1)?))))
        .collect()
}

/// How things stand.
pub async fn pulse(on: &impl ConnectionTrait) -> Result<Pulse, DbErr> {
    let row = sql::PULSE.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("how things stand".to_owned()))?;
    let moment = |at| Ok::<_, DbErr>(get::<Option<i64>, _>(&row, at)?.map(time));
    let count = |at| Ok::<_, DbErr>(u64::try_from(get::<i64, _>(&row, at)?).unwrap_or_default());
    Ok(Pulse {
        next_timer: moment(0)?,
        next_delivery: moment(1)?,
        waiting: count(2)?,
        dead: count(3)?,
        incidents: count(4)?,
        oldest_snapshot: Duration::from_millis(count(5)?),
        oldest_writer: Duration::from_millis(count(6)?),
    })
}

/// When the next timer is due.
pub async fn next_due(on: &impl ConnectionTrait) -> Result<Option<Time>, DbErr> {
    let Some(row) = sql::NEXT_DUE.one(on, []).await? else {
        return Ok(None);
    };
    Ok(get::<Option<i64>, _>(&row, 0)?.map(time))
}

/// Cases that wait for a group, in order of id.
pub async fn cases_waiting_for(
    on: &impl ConnectionTrait,
    group: &GroupId,
    after: Option<CaseId>,
    limit: u32,
) -> Result<Vec<CaseId>, DbErr> {
    let after = after.map_or(Uuid::nil(), |case| case.0);
    let values = [
        group_subject(group.as_str()).into(),
        after.into(),
        limit.into(),
    ];
    let rows = sql::WAITING_FOR.all(on, values).await?;
    rows.iter()
        .map(|row| Ok(CaseId(get::<Uuid, _>(row, 0)?)))
        .collect()
}

/// The SHA-256 of every file that some case has.
pub async fn wanted_files(on: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = sql::WANTED_FILES.all(on, []).await?;
    rows.iter().map(|row| get(row, 0)).collect()
}

/// How durable commits are, by a server that answers.
pub async fn ping(on: &impl ConnectionTrait) -> Result<Durability, DbErr> {
    let row = sql::PING.one(on, []).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("an answer".to_owned()))?;
    Ok(match get::<i64, _>(&row, 0)? {
        0 => Durability::Disk,
        1 => Durability::StandbyBehind,
        _ => Durability::Standby,
    })
}
