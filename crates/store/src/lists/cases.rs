//! The list of cases that a viewer may see.

use countersign_engine::ports::{
    StoreError,
    reader::{CaseOrder, CaseQuery, CaseRow, Page},
    store::Viewer,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::{Seer, page, row, seer, wanted};
use crate::{
    cursor,
    error::failed,
    rows::{get, json, millis, millis_or_never},
    statements::{Sql, lists as sql},
};

/// Who may see no more cases than this is searched for case by case. Small in tests, so that they take both ways.
const FEW: i64 = if cfg!(test) { 2 } else { 20_000 };

/// The sort key of a row: its due time and id. Orders by id leave the first at nothing.
type Key = (i64, Uuid);

/// A page of them.
pub async fn cases(
    on: &impl ConnectionTrait,
    viewer: &Viewer,
    query: &CaseQuery,
) -> Result<Page<CaseRow>, StoreError> {
    let order = query.sort;
    let after = cursor::read::<Key>(name(order), query.cursor.as_deref())?;
    let rows = rows(on, viewer, query, after)
        .await
        .map_err(failed("list cases"))?;
    let keyed = rows.into_iter().map(|row| {
        let key: Key = match order {
            CaseOrder::Newest | CaseOrder::Oldest => (0, row.id.0),
            CaseOrder::Due => (millis_or_never(row.due_at), row.id.0),
        };
        let cursor = cursor::write(name(order), &key);
        (row, cursor)
    });
    Ok(page(keyed.collect(), query.limit))
}

fn name(order: CaseOrder) -> &'static str {
    match order {
        CaseOrder::Newest => "newest",
        CaseOrder::Oldest => "oldest",
        CaseOrder::Due => "due",
    }
}

async fn rows(
    on: &impl ConnectionTrait,
    viewer: &Viewer,
    query: &CaseQuery,
    after: Option<Key>,
) -> Result<Vec<CaseRow>, DbErr> {
    let seer = seer(viewer);
    // Where each order begins: before all ids, or after all of them.
    let first = match query.sort {
        CaseOrder::Newest => Uuid::max(),
        CaseOrder::Oldest | CaseOrder::Due => Uuid::nil(),
    };
    let (due, id) = after.unwrap_or((i64::MIN, first));
    let mut values: Vec<Value> = vec![
        seer.as_ref().map(|seer| seer.subjects.clone()).into(),
        due.into(),
        id.into(),
        wanted(query.limit).into(),
    ];
    values.extend(filters(query, viewer)?);
    values.push(seer.as_ref().and_then(|seer| seer.wall.clone()).into());
    values.push(seer.as_ref().map(|seer| seer.own.clone()).into());
    values.push(query.running_version.map(i64::from).into());
    if query.sort == CaseOrder::Due && seer.is_some() {
        let soon = sql::SEEN_DUE_SOON.all(on, values.clone()).await?;
        // A whole page among the first is the page; a part of one may go on behind them.
        if i64::try_from(soon.len()) == Ok(wanted(query.limit)) {
            return soon.iter().map(row::case_row).collect();
        }
    }
    if query.sort == CaseOrder::Newest
        && let Some(word) = longest_word(query)
        && let Some(found) = by_words(on, seer.as_ref(), &values, query.limit, word).await?
    {
        return found.iter().map(row::case_row).collect();
    }
    let found = statement(query.sort, seer.as_ref()).all(on, values).await?;
    found.iter().map(row::case_row).collect()
}

/// The longest of the words that are looked for.
fn longest_word(query: &CaseQuery) -> Option<String> {
    let words = query.words.as_deref()?.to_lowercase();
    let longest = words.split_whitespace().max_by_key(|word| word.len());
    longest.map(str::to_owned)
}

/// Looks for words: among the newest cases, where what is common fills a page at once, and then among all. `None` for a
/// person who may see so few cases that looking at each of them is sooner done.
async fn by_words(
    on: &impl ConnectionTrait,
    seer: Option<&Seer>,
    values: &[Value],
    limit: u32,
    word: String,
) -> Result<Option<Vec<QueryResult>>, DbErr> {
    if let Some(seer) = seer {
        let counted = [seer.subjects.clone().into(), FEW.into()];
        let count = sql::SEEN_COUNT.one(on, counted).await?;
        let count = count.map(|row| get::<i64, _>(&row, 0)).transpose()?;
        if count.is_none_or(|count| count < FEW) {
            return Ok(None);
        }
    }
    let (newest, all) = match seer {
        None => (sql::ALL_NEWEST_FEW, sql::ALL_BY_WORDS),
        Some(_) => (sql::SEEN_NEWEST_FEW, sql::SEEN_BY_WORDS),
    };
    let found = newest.all(on, values.to_vec()).await?;
    if i64::try_from(found.len()) == Ok(wanted(limit)) {
        return Ok(Some(found));
    }
    let longer = values.iter().cloned().chain([word.into()]);
    all.all(on, longer).await.map(Some)
}

fn statement(order: CaseOrder, seer: Option<&Seer>) -> Sql {
    match (order, seer) {
        (CaseOrder::Newest, None) => sql::ALL_NEWEST,
        (CaseOrder::Oldest, None) => sql::ALL_OLDEST,
        (CaseOrder::Due, None) => sql::ALL_DUE,
        (CaseOrder::Newest, Some(_)) => sql::SEEN_NEWEST,
        (CaseOrder::Oldest, Some(_)) => sql::SEEN_OLDEST,
        (CaseOrder::Due, Some(_)) => sql::SEEN_DUE,
    }
}

/// The values 5 to 12 of the statements.
fn filters(query: &CaseQuery, viewer: &Viewer) -> Result<[Value; 8], DbErr> {
    let words = query.words.as_deref().map(str::to_lowercase);
    let words: Option<Vec<&str>> = words
        .as_deref()
        .map(|words| words.split_whitespace().collect());
    let opener = match viewer {
        Viewer::Person { person, .. } if query.mine => Some(person.as_str().to_owned()),
        // An operator is asked for no cases of their own: there is no telling who they are.
        Viewer::Person { .. } | Viewer::Operator => None,
    };
    Ok([
        query.workflow.as_ref().map(ToString::to_string).into(),
        query.state.clone().into(),
        query.partner.as_ref().map(ToString::to_string).into(),
        query
            .lifecycle
            .map(|lifecycle| row::lifecycle_text(lifecycle).to_owned())
            .into(),
        words
            .filter(|words| !words.is_empty())
            .map(|words| json(&words))
            .transpose()?
            .into(),
        query.overdue.map(|(overdue, _)| overdue).into(),
        query.overdue.map(|(_, now)| millis(now)).into(),
        opener.into(),
    ])
}
