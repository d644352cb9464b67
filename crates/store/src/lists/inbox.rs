//! The sections of a person's inbox.

use std::collections::HashSet;

use countersign_engine::ports::{
    StoreError,
    reader::{CaseRow, InboxQuery, InboxSection, Page},
    store::Viewer,
};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{Seer, page, row, seer, wanted};
use crate::{
    cursor,
    error::failed,
    rows::{get, millis},
    statements::{Sql, inbox as sql},
};

/// The sort key of a row: due time or moment of acting, since when, id.
type Key = (i64, i64, Uuid);

/// A page of a section. An operator as such has none.
pub async fn inbox(
    on: &impl ConnectionTrait,
    viewer: &Viewer,
    query: &InboxQuery,
) -> Result<Page<CaseRow>, StoreError> {
    let (list, statement) = section(query.section);
    let after = cursor::read::<Key>(list, query.cursor.as_deref())?;
    let Some(own) = seer(viewer) else {
        return Ok(Page {
            items: Vec::new(),
            next_cursor: None,
        });
    };
    let absent = query.instead_of.iter().filter_map(seer);
    // What is asked of somebody by name crosses their own wall, and never the substitute's.
    let absent = absent.map(|absent| match &own.wall {
        Some(wall) => Seer {
            wall: Some(wall.clone()),
            own: own.own.clone(),
            ..absent
        },
        None => absent,
    });
    let absent: Vec<Seer> = match query.section {
        InboxSection::YourTurn => absent.collect(),
        InboxSection::Waiting | InboxSection::Done { .. } => Vec::new(),
    };
    let mut found = Vec::new();
    for seer in std::iter::once(&own).chain(&absent) {
        let rows = rows(on, statement, seer, query, after).await;
        found.extend(rows.map_err(failed("list an inbox"))?);
    }
    if !absent.is_empty() {
        found.sort_by_key(|(_, key)| *key);
        let mut seen = HashSet::new();
        found.retain(|(row, _)| seen.insert(row.id));
        found.truncate(usize::try_from(wanted(query.limit)).unwrap_or(usize::MAX));
    }
    let keyed = found
        .into_iter()
        .map(|(row, key)| (row, cursor::write(list, &key)));
    Ok(page(keyed.collect(), query.limit))
}

fn section(section: InboxSection) -> (&'static str, Sql) {
    match section {
        InboxSection::YourTurn => ("your_turn", sql::YOUR_TURN),
        InboxSection::Waiting => ("waiting", sql::WAITING),
        InboxSection::Done { .. } => ("done", sql::DONE),
    }
}

async fn rows(
    on: &impl ConnectionTrait,
    statement: Sql,
    seer: &Seer,
    query: &InboxQuery,
    after: Option<Key>,
) -> Result<Vec<(CaseRow, Key)>, DbErr> {
    let (since, first) = match query.section {
        InboxSection::YourTurn | InboxSection::Waiting => (None, (i64::MIN, i64::MIN, Uuid::nil())),
        // The last first: the page begins after all that could be.
        InboxSection::Done { since } => (Some(millis(since)), (i64::MAX, i64::MAX, Uuid::max())),
    };
    let (due, at, id) = after.unwrap_or(first);
    let values: [Value; 11] = [
        seer.subjects.clone().into(),
        due.into(),
        at.into(),
        id.into(),
        seer.person.clone().into(),
        wanted(query.limit).into(),
        seer.wall.clone().into(),
        seer.own.clone().into(),
        since.into(),
        query.workflow.as_ref().map(ToString::to_string).into(),
        query.due_by.map(millis).into(),
    ];
    let found = statement.all(on, values).await?;
    found
        .iter()
        .map(|found| {
            let case = row::case_row(found)?;
            let key = (
                get(found, row::COLUMNS)?,
                get(found, row::COLUMNS + 1)?,
                case.id.0,
            );
            Ok((case, key))
        })
        .collect()
}
