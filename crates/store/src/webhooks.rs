//! Subscriptions to events: kept, read, and moved on together with what is handed over for them.

use countersign_engine::{
    Disabled, Webhook, WebhookRecord,
    ports::{StoreError, Time, store::DeliveryWrite},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    error::failed,
    rows::{from_json, get, get_json, get_u32, hex, json, millis, time},
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
            disabled: get::<Option<String>, _>(row, 7)?
                .as_deref()
                .map(from_json)
                .transpose()?,
        },
        cursor: get(row, 8)?,
    })
}

/// Makes one, or changes it; how far a known one has come stays.
pub async fn put(
    on: &impl ConnectionTrait,
    record: &WebhookRecord,
    cursor: &str,
    now: Time,
) -> Result<(), DbErr> {
    let values = [
        record.id.into(),
        record.url.as_str().into(),
        json(&record.events)?.into(),
        i64::from(record.generation).into(),
        record.overlap_until.map(millis).into(),
        millis(record.created_at).into(),
        record.failing_since.map(millis).into(),
        disabled_text(record.disabled)?.into(),
        cursor.into(),
    ];
    sql::PUT.run(on, values).await?;
    match record.disabled {
        None => revive(on, record.id, now).await,
        // Whoever disabled it knows.
        Some(Disabled::ByHand) => settle(on, record.id, now).await,
        Some(_) => Ok(()),
    }
}

/// It is no more, and what it has not got goes with it.
pub async fn remove(on: &impl ConnectionTrait, id: Uuid, now: Time) -> Result<(), DbErr> {
    // It first: whoever hands something over to it meanwhile waits for its row, and finds it gone.
    sql::REMOVE.run(on, [id.into()]).await?;
    for forget in [sql::FORGET_WAITING, sql::FORGET_DEAD] {
        forget.run(on, [receiver(id).into()]).await?;
    }
    settle(on, id, now).await
}

fn receiver(id: Uuid) -> String {
    format!("hook:{}", WebhookRecord::hook_of(id))
}

fn disabled_text(disabled: Option<Disabled>) -> Result<Option<String>, DbErr> {
    disabled.map(|why| json(&why)).transpose()
}

/// What was given up is due again, and there is nothing left to tell of.
async fn revive(on: &impl ConnectionTrait, id: Uuid, now: Time) -> Result<(), DbErr> {
    let values = [receiver(id).into(), millis(now).into()];
    sql::REVIVE.run(on, values).await?;
    settle(on, id, now).await
}

async fn settle(on: &impl ConnectionTrait, id: Uuid, now: Time) -> Result<(), DbErr> {
    let values = [WebhookRecord::hook_of(id).into(), millis(now).into()];
    sql::SETTLE.run(on, values).await.map(|_| ())
}

/// A call of this subscription was given up: one incident for all of them. One of a subscription that is no more is
/// forgotten; one that is disabled has told of itself.
pub async fn gave_up(
    on: &impl ConnectionTrait,
    id: Uuid,
    delivery: Uuid,
    now: Time,
) -> Result<(), DbErr> {
    let all = all(on).await?;
    let known = all.iter().find(|webhook| webhook.record.id == id);
    match known.map(|webhook| &webhook.record) {
        None => sql::FORGET.run(on, [delivery.into()]).await.map(|_| ()),
        Some(record) if record.disabled.is_some() => Ok(()),
        Some(record) => tell_of(on, record, now).await,
    }
}

/// Its incident, opened or told anew.
async fn tell_of(
    on: &impl ConnectionTrait,
    record: &WebhookRecord,
    now: Time,
) -> Result<(), DbErr> {
    let incident = record.incident();
    let text = json(&incident)?;
    let values = [incident.cause.as_str().into(), text.as_str().into()];
    if sql::TELL_ANEW.run(on, values).await? > 0 {
        return Ok(());
    }
    let nothing = None::<String>;
    let row = (hex(Uuid::now_v7()), &nothing, &nothing, text, millis(now));
    let rows = json(&[row])?;
    writes::ADD_INCIDENTS
        .run(on, [rows.into()])
        .await
        .map(|_| ())
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
    disabled: Option<Disabled>,
    now: Time,
) -> Result<(), DbErr> {
    let values = [
        id.into(),
        failing_since.map(millis).into(),
        disabled_text(disabled)?.into(),
    ];
    if sql::TELL.run(on, values).await? == 0 {
        return Ok(());
    }
    match (failing_since, disabled) {
        (None, None) => revive(on, id, now).await,
        (_, Some(_)) => {
            let all = all(on).await?;
            match all.iter().find(|webhook| webhook.record.id == id) {
                Some(webhook) => tell_of(on, &webhook.record, now).await,
                None => Ok(()),
            }
        }
        (Some(_), None) => Ok(()),
    }
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
