//! The outbox: claims under a lease, and outcomes fenced by the claim's epoch. Each is a transaction of
//! its own that runs to its end even if whoever asked has gone.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use countersign_core::{outcome::Incident, text::Text, time::Time};
use countersign_engine::ports::{
    Deliveries, StoreError,
    deliveries::{ClaimedDelivery, Failure, Next},
};
use futures::{FutureExt as _, future::BoxFuture};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use crate::{
    SqliteStore,
    error::{failed, unreadable},
    rows::{from_json, get, get_json, get_u32, hex, json, millis},
    sqlite::{Inner, Open},
    statements::{deliveries as sql, writes},
};

#[async_trait]
impl Deliveries for SqliteStore {
    async fn claim(
        &self,
        limit: usize,
        lease: Duration,
        full: &[String],
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let full = serde_json::Value::from(full).to_string();
        to_the_end("claim deliveries", self.inner.clone(), move |open, now| {
            async move {
                claim(
                    open,
                    i64::try_from(limit).unwrap_or(i64::MAX),
                    now,
                    lease,
                    full,
                )
                .await
            }
            .boxed()
        })
        .await
    }

    async fn renew(&self, id: Uuid, epoch: i64, lease: Duration) -> Result<bool, StoreError> {
        to_the_end("renew a lease", self.inner.clone(), move |open, now| {
            async move {
                Ok(sql::RENEW
                    .run(
                        open.on(),
                        [blob(id), epoch.into(), millis(now + lease).into()],
                    )
                    .await?
                    > 0)
            }
            .boxed()
        })
        .await
    }

    async fn release(&self, id: Uuid, epoch: i64) -> Result<bool, StoreError> {
        to_the_end(
            "hand a delivery back",
            self.inner.clone(),
            move |open, now| {
                async move {
                    Ok(sql::RELEASE
                        .run(open.on(), [blob(id), epoch.into(), millis(now).into()])
                        .await?
                        > 0)
                }
                .boxed()
            },
        )
        .await
    }

    async fn succeeded(&self, id: Uuid, epoch: i64, answer: &str) -> Result<bool, StoreError> {
        let answer = answer.to_owned();
        to_the_end(
            "record a delivery that arrived",
            self.inner.clone(),
            move |open, now| {
                async move {
                    let values = [blob(id), epoch.into(), millis(now).into(), answer.into()];
                    Ok(sql::SUCCEEDED.run(open.on(), values).await? > 0)
                }
                .boxed()
            },
        )
        .await
    }

    async fn failed(&self, id: Uuid, epoch: i64, failure: &Failure) -> Result<bool, StoreError> {
        let failure = failure.clone();
        to_the_end(
            "record a delivery that failed",
            self.inner.clone(),
            move |open, now| {
                async move { record_failure(open, id, epoch, now, failure).await }.boxed()
            },
        )
        .await
    }

    async fn retry(&self, id: Uuid) -> Result<bool, StoreError> {
        to_the_end("retry a delivery", self.inner.clone(), move |open, now| {
            async move {
                let due = sql::RETRY
                    .run(open.on(), [blob(id), millis(now).into()])
                    .await?
                    > 0;
                if due {
                    sql::SETTLE
                        .run(open.on(), [blob(id), millis(now).into()])
                        .await?;
                }
                Ok(due)
            }
            .boxed()
        })
        .await
    }
}

/// Does this in a transaction of its own, and commits it, whatever becomes of the caller.
async fn to_the_end<T, W>(
    attempted: &'static str,
    inner: Arc<Inner>,
    work: W,
) -> Result<T, StoreError>
where
    T: Send + 'static,
    W: for<'a> FnOnce(&'a Open, Time) -> BoxFuture<'a, Result<T, DbErr>> + Send + 'static,
{
    let running = tokio::spawn(async move {
        let now = inner.clock.now();
        let open = inner.writer.begin().await.map_err(failed(attempted))?;
        match work(&open, now).await {
            Ok(done) => {
                open.commit().await?;
                Ok(done)
            }
            Err(error) => {
                open.rollback().await?;
                Err(failed(attempted)(error))
            }
        }
    });
    running
        .await
        .unwrap_or_else(|error| Err(unreadable(attempted)(error)))
}

async fn claim(
    open: &Open,
    limit: i64,
    now: Time,
    lease: Duration,
    full: String,
) -> Result<Vec<ClaimedDelivery>, DbErr> {
    let due = sql::DUE
        .all(open.on(), [millis(now).into(), full.into(), limit.into()])
        .await?;
    let order = due
        .iter()
        .map(|row| get(row, 0))
        .collect::<Result<Vec<i64>, _>>()?;
    if order.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql::CLAIM
        .all(
            open.on(),
            [json(&order)?.into(), millis(now + lease).into()],
        )
        .await?;
    let mut claimed = HashMap::with_capacity(rows.len());
    for row in &rows {
        claimed.insert(get::<i64, _>(row, 0)?, delivery(row)?);
    }
    Ok(order
        .iter()
        .filter_map(|position| claimed.remove(position))
        .collect())
}

fn delivery(row: &QueryResult) -> Result<ClaimedDelivery, DbErr> {
    Ok(ClaimedDelivery {
        id: get(row, 1)?,
        epoch: get(row, 2)?,
        attempt: get_u32(row, 3)?,
        case: get::<Option<String>, _>(row, 4)?
            .as_deref()
            .map(from_json)
            .transpose()?,
        content: get_json(row, 5)?,
    })
}

async fn record_failure(
    open: &Open,
    id: Uuid,
    epoch: i64,
    now: Time,
    failure: Failure,
) -> Result<bool, DbErr> {
    let Failure {
        next,
        error,
        transcript,
    } = failure;
    match next {
        Next::RetryAfter(pause) => {
            let values = [
                blob(id),
                epoch.into(),
                millis(now + pause).into(),
                error.into(),
                transcript.into(),
            ];
            Ok(sql::TRY_AGAIN.run(open.on(), values).await? > 0)
        }
        Next::Dead => {
            let values = [
                blob(id),
                epoch.into(),
                error.clone().into(),
                transcript.into(),
            ];
            let Some(dead) = sql::DIED.one(open.on(), values).await? else {
                return Ok(false);
            };
            let case: Option<Uuid> = get(&dead, 0)?;
            open_incident(open.on(), id, case, now, &error).await?;
            Ok(true)
        }
    }
}

async fn open_incident(
    on: &impl ConnectionTrait,
    delivery: Uuid,
    case: Option<Uuid>,
    now: Time,
    error: &str,
) -> Result<(), DbErr> {
    let message = Text::new(
        format!("A delivery did not arrive and is not tried again: {error}"),
        format!("一项投递未能送达，系统不再自动重试：{error}"),
    );
    let incident = Incident {
        code: "delivery_dead".to_owned(),
        message,
    };
    let row = (
        hex(Uuid::now_v7()),
        case.map(hex),
        hex(delivery),
        json(&incident)?,
        millis(now),
    );
    writes::ADD_INCIDENTS
        .run(on, [json(&[row])?.into()])
        .await?;
    Ok(())
}

fn blob(id: Uuid) -> Value {
    id.as_bytes().to_vec().into()
}
