//! What goes out and what comes back: deliveries, incidents, links, files, codes and kept answers.

use countersign_core::{case::Sending, time::Time};
use countersign_engine::ports::{
    StoreError,
    deliveries::DeliveryContent,
    store::{Batch, CodeChange, CodePurpose, DeliveryWrite, RequestKey, StoredAnswer},
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{put, sessions};
use crate::{
    error::{conflict, failed},
    rows::{self, hex, hex_bytes, millis},
    statements::writes as sql,
};

const ATTEMPTED: &str = "write a batch";

/// Writes all of it. `at` is the moment of the batch.
pub async fn write(on: &impl ConnectionTrait, batch: &Batch, at: Time) -> Result<(), StoreError> {
    others(on, batch, at).await.map_err(failed(ATTEMPTED))?;
    for change in &batch.codes {
        let written = code(on, change, at).await.map_err(failed(ATTEMPTED))?;
        // On PostgreSQL another lane may have used it meanwhile.
        if written == 0 && matches!(change, CodeChange::Stepped(..)) {
            return Err(conflict(ATTEMPTED, "the code of an app was used already"));
        }
    }
    let answers = batch
        .answers
        .iter()
        .map(|(key, answer)| answer_row(key, answer))
        .collect::<Result<Vec<_>, _>>();
    let answers = answers.map_err(failed(ATTEMPTED))?;
    let kept = put(on, sql::ADD_ANSWERS, &answers)
        .await
        .map_err(failed(ATTEMPTED))?;
    if kept != answers.len() as u64 {
        return Err(conflict(
            ATTEMPTED,
            "an answer was kept under this key already",
        ));
    }
    Ok(())
}

async fn others(on: &impl ConnectionTrait, batch: &Batch, at: Time) -> Result<(), DbErr> {
    let mut deliveries = Vec::new();
    let mut held = Vec::new();
    for delivery in &batch.deliveries {
        match delivery.sending {
            Sending::Never => {}
            Sending::Now => deliveries.push(delivery_row(delivery, at, at)?),
            Sending::At(due) => deliveries.push(delivery_row(delivery, at, due)?),
            Sending::Together(due) => match held_row(delivery, due)? {
                Some(row) => held.push(row),
                None => deliveries.push(delivery_row(delivery, at, at)?),
            },
        }
    }
    put(on, sql::ADD_DELIVERIES, &deliveries).await?;
    put(on, sql::HOLD_MAILS, &held).await?;
    let unsent: Vec<_> = batch.unsent.iter().map(|id| hex(id.0)).collect();
    if !unsent.is_empty() {
        sql::UNSEND
            .run(on, [rows::json(&unsent)?.into(), millis(at).into()])
            .await?;
    }
    let links: Vec<_> = batch
        .links
        .iter()
        .map(|(link, case)| (hex(link.0), hex(case.0)))
        .collect();
    put(on, sql::PUT_LINKS, &links).await?;
    let files: Vec<_> = batch
        .files
        .iter()
        .map(|(file, case, sha256)| (sha256, hex(case.0), hex(file.0)))
        .collect();
    put(on, sql::PUT_FILES, &files).await?;
    let incidents = batch.incidents.iter().map(|(case, incident, since)| {
        let none: Option<String> = None;
        Ok((
            hex(Uuid::now_v7()),
            case.map(|case| hex(case.0)),
            none,
            rows::json(incident)?,
            millis(*since),
        ))
    });
    put(
        on,
        sql::ADD_INCIDENTS,
        &incidents.collect::<Result<Vec<_>, DbErr>>()?,
    )
    .await?;
    let settled: Vec<_> = batch
        .settled
        .iter()
        .map(|(case, cause)| (hex(case.0), cause))
        .collect();
    if !settled.is_empty() {
        sql::SETTLE_INCIDENTS
            .run(on, [rows::json(&settled)?.into(), millis(at).into()])
            .await?;
    }
    Ok(())
}

/// A mail to somebody of the directory that waits for others; `None`: it is none.
fn held_row(delivery: &DeliveryWrite, due: Time) -> Result<Option<Json>, DbErr> {
    let DeliveryContent::Mail(mail) = &delivery.content else {
        return Ok(None);
    };
    let Some(person) = mail.to.person.as_ref().filter(|_| !mail.secret) else {
        return Ok(None);
    };
    let about = delivery.case.as_ref().map(rows::json).transpose()?;
    let content = rows::json(mail)?;
    Ok(Some(json!([
        hex(delivery.id.0),
        person,
        about,
        content,
        millis(due)
    ])))
}

pub(crate) fn delivery_row(delivery: &DeliveryWrite, at: Time, due: Time) -> Result<Json, DbErr> {
    let DeliveryWrite {
        id, case, content, ..
    } = delivery;
    let kind = match content {
        DeliveryContent::Mail(_) => "mail",
        DeliveryContent::Hook(_) => "hook",
    };
    let about = case.as_ref().map(rows::json).transpose()?;
    Ok(json!([
        hex(id.0),
        case.as_ref().map(|case| hex(case.id)),
        about,
        kind,
        content.receiver(),
        content.is_secret(),
        rows::json(content)?,
        millis(at),
        millis(due),
    ]))
}

/// Texts travel as they are, all other bytes in hex.
fn answer_row(key: &RequestKey, answer: &StoredAnswer) -> Result<Json, DbErr> {
    let text = std::str::from_utf8(&answer.body)
        .ok()
        .filter(|text| !text.contains('\0'));
    let bytes = if text.is_some() {
        None
    } else {
        Some(hex_bytes(&answer.body))
    };
    Ok(json!([
        key.caller,
        key.key,
        hex_bytes(&answer.fingerprint),
        answer.status,
        rows::json(&answer.headers)?,
        text,
        bytes,
        millis(answer.at),
    ]))
}

async fn code(on: &impl ConnectionTrait, change: &CodeChange, at: Time) -> Result<u64, DbErr> {
    let key = |purpose: &CodePurpose| {
        [
            purpose.case.0.into(),
            purpose.holder.as_str().into(),
            purpose.action.as_str().into(),
        ]
    };
    match change {
        CodeChange::Made(purpose, code) => {
            let code = [
                code.hash.to_vec().into(),
                millis(code.expires_at).into(),
                code.tries.into(),
            ];
            let values = key(purpose).into_iter().chain(code);
            sql::PUT_CODE.run(on, values).await
        }
        CodeChange::Tried(purpose) => sql::COUNT_TRY.run(on, key(purpose)).await,
        CodeChange::Gone(purpose) => sql::REMOVE_CODE.run(on, key(purpose)).await,
        CodeChange::Stepped(who, step) => sessions::step_authenticator(on, who, *step).await,
        CodeChange::Missed(who) => sessions::miss_authenticator(on, who, at).await,
    }
}
