//! What senders ask of the outbox, each as statements of an open transaction.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use countersign_core::{outcome::Incident, text::Text, time::Time};
use countersign_engine::{
    WebhookRecord,
    ports::deliveries::{ClaimedDelivery, Failure, Next},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use crate::{
    rows::{from_json, get, get_json, get_u32, hex, json, millis},
    statements::{deliveries as sql, writes},
    webhooks,
};

/// What is asked.
#[derive(Debug)]
pub enum Work {
    /// Claim up to `limit`, but none for the receivers in `full` (a JSON array).
    Claim {
        limit: i64,
        lease: Duration,
        full: String,
    },
    /// One that was claimed at this epoch has arrived; what the receiver said.
    Arrived {
        id: Uuid,
        epoch: i64,
        answer: String,
    },
    /// What else became of one that was claimed at this epoch.
    Record {
        id: Uuid,
        epoch: i64,
        outcome: Outcome,
    },
}

impl Work {
    /// The row that tells that a delivery has arrived.
    fn arrival(&self) -> Option<(String, i64, &str)> {
        match self {
            Self::Arrived { id, epoch, answer } => Some((hex(*id), *epoch, answer)),
            Self::Claim { .. } | Self::Record { .. } => None,
        }
    }
}

/// What became of a claimed delivery that has not arrived.
#[derive(Debug)]
pub enum Outcome {
    /// Its sender needs longer.
    Renewed(Duration),
    /// It was not tried.
    Released,
    /// It has not arrived.
    Failed(Failure),
}

/// What came of it.
#[derive(Debug)]
pub enum Answer {
    /// These were claimed.
    Claimed(Vec<ClaimedDelivery>),
    /// Whether anything was changed.
    Changed(bool),
}

/// Carries all of it out at this moment: what has arrived in one statement, for that is most of it.
pub async fn carry_out(
    on: &impl ConnectionTrait,
    works: &[Work],
    now: Time,
) -> Result<Vec<Answer>, DbErr> {
    let arrived = arrived(on, works, now).await?;
    let mut answers = Vec::with_capacity(works.len());
    for work in works {
        answers.push(match work {
            Work::Claim { limit, lease, full } => {
                Answer::Claimed(claim(on, *limit, now, *lease, full).await?)
            }
            Work::Arrived { id, .. } => Answer::Changed(arrived.contains(id)),
            Work::Record { id, epoch, outcome } => {
                Answer::Changed(record(on, *id, *epoch, outcome, now).await?)
            }
        });
    }
    Ok(answers)
}

/// Records what has arrived; answers which of it was still held.
async fn arrived(
    on: &impl ConnectionTrait,
    works: &[Work],
    now: Time,
) -> Result<HashSet<Uuid>, DbErr> {
    let rows: Vec<_> = works.iter().filter_map(Work::arrival).collect();
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let values = [json(&rows)?.into(), millis(now).into()];
    let held = sql::SUCCEEDED.all(on, values).await?;
    held.iter().map(|row| get(row, 0)).collect()
}

async fn claim(
    on: &impl ConnectionTrait,
    limit: i64,
    now: Time,
    lease: Duration,
    full: &str,
) -> Result<Vec<ClaimedDelivery>, DbErr> {
    let due = sql::DUE
        .all(on, [millis(now).into(), full.into(), limit.into()])
        .await?;
    let order = due
        .iter()
        .map(|row| get(row, 0))
        .collect::<Result<Vec<i64>, _>>()?;
    if order.is_empty() {
        return Ok(Vec::new());
    }
    let values = [
        json(&order)?.into(),
        millis(now + lease).into(),
        millis(now).into(),
    ];
    let rows = sql::CLAIM.all(on, values).await?;
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
    let case: Option<String> = get(row, 4)?;
    Ok(ClaimedDelivery {
        id: get(row, 1)?,
        epoch: get(row, 2)?,
        attempt: get_u32(row, 3)?,
        case: case.as_deref().map(from_json).transpose()?,
        content: get_json(row, 5)?,
    })
}

async fn record(
    on: &impl ConnectionTrait,
    id: Uuid,
    epoch: i64,
    outcome: &Outcome,
    now: Time,
) -> Result<bool, DbErr> {
    let claimed = [id.into(), epoch.into()].into_iter();
    let changed = match outcome {
        Outcome::Renewed(lease) => {
            sql::RENEW
                .run(on, claimed.chain([millis(now + *lease).into()]))
                .await?
        }
        Outcome::Released => {
            sql::RELEASE
                .run(on, claimed.chain([millis(now).into()]))
                .await?
        }
        Outcome::Failed(Failure {
            next,
            error,
            transcript,
        }) => {
            let said = [error.as_str().into(), transcript.as_str().into()];
            match next {
                Next::RetryAfter(pause) => {
                    let values = claimed.chain([millis(now + *pause).into()]).chain(said);
                    sql::TRY_AGAIN.run(on, values).await?
                }
                Next::Dead => return died(on, id, claimed.chain(said), now, error).await,
            }
        }
    };
    Ok(changed > 0)
}

async fn died(
    on: &impl ConnectionTrait,
    id: Uuid,
    values: impl Iterator<Item = Value>,
    now: Time,
    error: &str,
) -> Result<bool, DbErr> {
    let Some(dead) = sql::DIED.one(on, values).await? else {
        return Ok(false);
    };
    let (case, receiver): (Option<Uuid>, String) = (get(&dead, 0)?, get(&dead, 1)?);
    if let Some(webhook) = receiver
        .strip_prefix("hook:")
        .and_then(WebhookRecord::of_hook)
    {
        webhooks::gave_up(on, webhook, id, now).await?;
        return Ok(true);
    }
    let message = Text::new(
        format!("A delivery did not arrive and is not tried again: {error}"),
        format!("一项投递未能送达，系统不再自动重试：{error}"),
    );
    let incident = Incident {
        code: "delivery_dead".to_owned(),
        message,
        cause: String::new(),
        state: None,
    };
    let row = (
        hex(Uuid::now_v7()),
        case.map(hex),
        hex(id),
        json(&incident)?,
        millis(now),
    );
    writes::ADD_INCIDENTS
        .run(on, [json(&[row])?.into()])
        .await?;
    Ok(true)
}
