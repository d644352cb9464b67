//! Makes one mail of those that somebody wants together. What it says is the engine's.

use countersign_core::case::DeliveryId;
use countersign_engine::ports::{
    StoreError, Time,
    store::{Gather, HeldMail},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::{
    error::failed,
    readers::Readers,
    rows::{from_json, get, get_json, json, millis},
    statements::writes as sql,
    write::delivery_row,
    writer::Writer,
};

/// People whose mails one transaction gathers.
const AT_ONCE: i64 = 50;
const ATTEMPTED: &str = "gather the mails of a day";

/// Gathers everything that is due by now; says how many mails came of it.
pub async fn gather(
    readers: &Readers,
    writer: &Writer,
    now: Time,
    gather: &Gather,
) -> Result<u64, StoreError> {
    let mut made = 0;
    loop {
        // Mostly nothing is due, and then nobody is kept from writing.
        let waiting = people(readers, now).await.map_err(failed(ATTEMPTED))?;
        if waiting.is_empty() {
            return Ok(made);
        }
        let open = writer.begin().await.map_err(failed(ATTEMPTED))?;
        let mut gathered = 0;
        for person in &waiting {
            match one(open.on(), person, now, gather).await {
                Ok(some) => gathered += u64::from(some),
                Err(error) => {
                    open.rollback().await?;
                    return Err(failed(ATTEMPTED)(error));
                }
            }
        }
        open.commit().await?;
        made += gathered;
        // Another replica was faster.
        if gathered == 0 {
            return Ok(made);
        }
    }
}

async fn people(on: &impl ConnectionTrait, now: Time) -> Result<Vec<String>, DbErr> {
    let rows = sql::HELD_FOR
        .all(on, [millis(now).into(), AT_ONCE.into()])
        .await?;
    rows.iter().map(|row| get(row, 0)).collect()
}

async fn one(
    on: &impl ConnectionTrait,
    person: &str,
    now: Time,
    gather: &Gather,
) -> Result<bool, DbErr> {
    let taken = sql::TAKE_HELD
        .all(on, [person.into(), millis(now).into()])
        .await?;
    let mut held = taken.iter().map(mail).collect::<Result<Vec<_>, _>>()?;
    if held.is_empty() {
        return Ok(false);
    }
    held.sort_by_key(|(position, _)| *position);
    let mails = held.into_iter().map(|(_, mail)| mail).collect();
    let row = delivery_row(&gather(mails), now, now)?;
    sql::ADD_DELIVERIES.run(on, [json(&[row])?.into()]).await?;
    Ok(true)
}

fn mail(row: &QueryResult) -> Result<(i64, HeldMail), DbErr> {
    let case: Option<String> = get(row, 2)?;
    let mail = HeldMail {
        id: DeliveryId(get(row, 1)?),
        case: case.as_deref().map(from_json).transpose()?,
        content: get_json(row, 3)?,
    };
    Ok((get(row, 0)?, mail))
}
