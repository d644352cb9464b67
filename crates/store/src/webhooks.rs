//! Subscriptions to events: kept, read, and moved on together with what is handed over for them.

use countersign_engine::{
    Webhook, WebhookRecord,
    ports::{StoreError, Time, store::DeliveryWrite},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    error::failed,
    rows::{get, get_json, get_u32, json, millis, time},
    statements::{webhooks as sql, writes},
    write::delivery_row,
    writer::Writer,
};

/// All of them, in order of id.
pub async fn all(on: &impl ConnectionTrait) -> Result<Vec<Webhook>, DbErr> {
    let rows = sql::ALL.all(on, []).await?;
    rows.iter().map(webhook).collect()
}

fn webhook(row: &QueryResult) -> Result<Webhook, DbErr> {
    Ok(Webhook {
        record: WebhookRecord {
            id: get(row, 0)?,
            url: get(row, 1)?,
            events: get_json(row, 2)?,
            generation: get_u32(row, 3)?,
            overlap_until: get::<Option<i64>, _>(row, 4)?.map(time),
            created_at: time(get(row, 5)?),
            failing_since: get::<Option<i64>, _>(row, 6)?.map(time),
            disabled: get(row, 7)?,
        },
        cursor: get(row, 8)?,
    })
}

/// Makes one, or changes it; how far a known one has come stays.
pub async fn put(
    on: &impl ConnectionTrait,
    record: &WebhookRecord,
    cursor: &str,
) -> Result<(), DbErr> {
    let values = [
        record.id.into(),
        record.url.as_str().into(),
        json(&record.events)?.into(),
        i64::from(record.generation).into(),
        record.overlap_until.map(millis).into(),
        millis(record.created_at).into(),
        record.failing_since.map(millis).into(),
        record.disabled.clone().into(),
        cursor.into(),
    ];
    sql::PUT.run(on, values).await.map(|_| ())
}

/// It is no more.
pub async fn remove(on: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    sql::REMOVE.run(on, [id.into()]).await.map(|_| ())
}

/// It goes on from there.
pub async fn move_to(on: &impl ConnectionTrait, id: Uuid, cursor: &str) -> Result<(), DbErr> {
    sql::MOVE
        .run(on, [id.into(), cursor.into()])
        .await
        .map(|_| ())
}

/// How its calls fare.
pub async fn tell(
    on: &impl ConnectionTrait,
    id: Uuid,
    failing_since: Option<Time>,
    disabled: Option<&str>,
) -> Result<(), DbErr> {
    let values = [
        id.into(),
        failing_since.map(millis).into(),
        disabled.map(str::to_owned).into(),
    ];
    sql::TELL.run(on, values).await.map(|_| ())
}

/// Moves it on and writes what is handed over, if it still stands where its reader saw it.
pub async fn advance(
    writer: &Writer,
    now: Time,
    id: Uuid,
    (from, to): (&str, &str),
    deliveries: &[DeliveryWrite],
) -> Result<bool, StoreError> {
    let attempted = failed("hand events over");
    let open = writer.begin().await.map_err(&attempted)?;
    match hand_over(open.on(), now, id, (from, to), deliveries).await {
        Ok(true) => {
            open.commit().await?;
            Ok(true)
        }
        Ok(false) => {
            open.rollback().await?;
            Ok(false)
        }
        Err(error) => {
            open.rollback().await?;
            Err(attempted(error))
        }
    }
}

async fn hand_over(
    on: &impl ConnectionTrait,
    now: Time,
    id: Uuid,
    (from, to): (&str, &str),
    deliveries: &[DeliveryWrite],
) -> Result<bool, DbErr> {
    let values = [id.into(), from.into(), to.into()];
    if sql::ADVANCE.run(on, values).await? == 0 {
        return Ok(false);
    }
    let rows = deliveries
        .iter()
        .map(|delivery| delivery_row(delivery, now, now))
        .collect::<Result<Vec<_>, _>>()?;
    if !rows.is_empty() {
        writes::ADD_DELIVERIES
            .run(on, [json(&rows)?.into()])
            .await?;
    }
    Ok(true)
}
