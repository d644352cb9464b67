//! Lists for operators: deliveries, and what needs somebody.

use countersign_core::case::DeliveryId;
use countersign_engine::ports::{
    StoreError,
    deliveries::CaseRef,
    reader::{DeliveryKind, DeliveryQuery, DeliveryRow, DeliveryStatus, IncidentRow, Page},
    store::CaseAddress,
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::{page, wanted};
use crate::{
    cursor,
    error::failed,
    rows::{from_json, get, get_json, get_u32, time},
    statements::{deliveries as sql, reads},
};

/// Deliveries, the newest first.
pub async fn deliveries(
    on: &impl ConnectionTrait,
    query: &DeliveryQuery,
) -> Result<Page<DeliveryRow>, StoreError> {
    let before = cursor::read::<i64>("deliveries", query.cursor.as_deref())?.unwrap_or(i64::MAX);
    let attempted = failed("list deliveries");
    let case = match &query.case {
        Some(address) => match case_id(on, address).await.map_err(&attempted)? {
            Some(id) => Some(id),
            None => return Ok(page(Vec::new(), query.limit)),
        },
        None => None,
    };
    let values: [Value; 5] = [
        before.into(),
        query.kind.map(kind_text).into(),
        query.status.map(status_text).into(),
        case.into(),
        wanted(query.limit).into(),
    ];
    // By what few of them have, so that a page costs the same among a million.
    let statement = match (case, query.status, query.kind) {
        (Some(_), _, _) => sql::LIST_OF_CASE,
        (None, Some(DeliveryStatus::Dead), _) => sql::LIST_DEAD,
        (None, Some(DeliveryStatus::Waiting), _) => sql::LIST_WAITING,
        (None, _, Some(_)) => sql::LIST_OF_KIND,
        (None, Some(DeliveryStatus::Sent) | None, None) => sql::LIST,
    };
    let found = statement.all(on, values).await.map_err(&attempted)?;
    let rows = found.iter().map(|row| {
        Ok((
            delivery(row)?,
            cursor::write("deliveries", &get::<i64, _>(row, 0)?),
        ))
    });
    Ok(page(
        rows.collect::<Result<_, DbErr>>().map_err(&attempted)?,
        query.limit,
    ))
}

/// `None`: there is none of this number.
async fn case_id(on: &impl ConnectionTrait, address: &CaseAddress) -> Result<Option<Uuid>, DbErr> {
    match address {
        CaseAddress::Id(id) => Ok(Some(id.0)),
        CaseAddress::Number(number) => {
            let row = sql::CASE_OF_NUMBER.one(on, [number.clone().into()]).await?;
            row.as_ref().map(|row| get(row, 0)).transpose()
        }
    }
}

fn kind_text(kind: DeliveryKind) -> &'static str {
    match kind {
        DeliveryKind::Mail => "mail",
        DeliveryKind::Hook => "hook",
    }
}

fn status_text(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Waiting => "waiting",
        DeliveryStatus::Sent => "sent",
        DeliveryStatus::Dead => "dead",
    }
}

fn delivery(row: &QueryResult) -> Result<DeliveryRow, DbErr> {
    let text: String = get(row, 4)?;
    let statuses = [
        DeliveryStatus::Waiting,
        DeliveryStatus::Sent,
        DeliveryStatus::Dead,
    ];
    let status = statuses
        .into_iter()
        .find(|status| status_text(*status) == text);
    let status = status.ok_or_else(|| DbErr::Type(format!("a delivery is `{text}`")))?;
    let text: String = get(row, 10)?;
    let kinds = [DeliveryKind::Mail, DeliveryKind::Hook];
    let kind = kinds.into_iter().find(|kind| kind_text(*kind) == text);
    let kind = kind.ok_or_else(|| DbErr::Type(format!("a delivery is a `{text}`")))?;
    Ok(DeliveryRow {
        id: DeliveryId(get(row, 1)?),
        case: get::<Option<String>, _>(row, 2)?
            .as_deref()
            .map(from_json)
            .transpose()?,
        kind,
        content: get::<Option<String>, _>(row, 3)?
            .as_deref()
            .map(from_json)
            .transpose()?,
        status,
        attempts: get_u32(row, 5)?,
        next_at: (status == DeliveryStatus::Waiting).then_some(time(get(row, 6)?)),
        error: get(row, 7)?,
        created_at: time(get(row, 8)?),
        sent_at: get::<Option<i64>, _>(row, 9)?.map(time),
    })
}

/// Open incidents, the oldest first.
pub async fn incidents(
    on: &impl ConnectionTrait,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<IncidentRow>, StoreError> {
    let after = cursor::read::<i64>("incidents", after)?.unwrap_or(0);
    let attempted = failed("list incidents");
    let found = reads::INCIDENTS
        .all(on, [after.into(), wanted(limit).into()])
        .await
        .map_err(&attempted)?;
    let rows = found.iter().map(|row| {
        Ok((
            incident(row)?,
            cursor::write("incidents", &get::<i64, _>(row, 0)?),
        ))
    });
    Ok(page(
        rows.collect::<Result<_, DbErr>>().map_err(&attempted)?,
        limit,
    ))
}

/// The incident of this id.
pub async fn incident_of(
    on: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<IncidentRow>, DbErr> {
    let row = reads::INCIDENT.one(on, [id.into()]).await?;
    row.as_ref().map(incident).transpose()
}

fn incident(row: &QueryResult) -> Result<IncidentRow, DbErr> {
    let case = match get::<Option<Uuid>, _>(row, 5)? {
        Some(id) => Some(CaseRef {
            id,
            number: get(row, 6)?,
            workflow: get(row, 7)?,
            version: get_u32(row, 8)?,
            title: get(row, 9)?,
        }),
        None => None,
    };
    Ok(IncidentRow {
        id: get(row, 1)?,
        case,
        incident: get_json(row, 2)?,
        delivery: get::<Option<Uuid>, _>(row, 3)?.map(DeliveryId),
        since: time(get(row, 4)?),
    })
}
