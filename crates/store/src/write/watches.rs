//! What cases are woken for, and waking them: their timers become due in the transaction that changes what they read, so
//! that no change is lost when the service stops.

use std::collections::BTreeSet;

use countersign_core::{case::Watch, time::Time};
use countersign_engine::ports::{
    directory::DirectoryChange,
    store::{Batch, CaseWrite},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::put;
use crate::{
    rows::{hex, json, millis},
    statements::writes as sql,
};

/// Writes what the cases of the batch watch, and then wakes whoever watches something of the batch, or of these people.
/// Says whether there was anybody to wake.
pub async fn write(
    on: &impl ConnectionTrait,
    batch: &Batch,
    people: Vec<Watch>,
    at: Time,
) -> Result<bool, DbErr> {
    rest(on, batch).await?;
    watch(on, &batch.cases).await?;
    let cases = batch.cases.iter();
    let cases = cases.flat_map(|write| Watch::changed(&write.case));
    let facts = batch.directory.iter().filter_map(|change| match change {
        DirectoryChange::PutFact(key, _) => Some(Watch::fact(key)),
        DirectoryChange::PutPerson(_)
        | DirectoryChange::PutAway(..)
        | DirectoryChange::PutMail(..)
        | DirectoryChange::PutWebhook(..)
        | DirectoryChange::RemoveWebhook(_)
        | DirectoryChange::MoveWebhook(..)
        | DirectoryChange::TellWebhook { .. }
        | DirectoryChange::PutPartner(_)
        | DirectoryChange::PutMember(..)
        | DirectoryChange::RemoveMember(..)
        | DirectoryChange::PutToken(_)
        | DirectoryChange::RemoveToken(_)
        | DirectoryChange::ErasePerson(_)
        | DirectoryChange::PutSession(_)
        | DirectoryChange::RemoveSession(_)
        | DirectoryChange::PutPassword(..)
        | DirectoryChange::PutIdentity(_)
        | DirectoryChange::PutAuthenticator(..)
        | DirectoryChange::RemoveAuthenticator(_)
        | DirectoryChange::MissAuthenticator(_)
        | DirectoryChange::WipeMails(_) => None,
    });
    let changed: BTreeSet<Watch> = cases.chain(facts).chain(people).collect();
    if changed.is_empty() {
        return Ok(false);
    }
    let woken = sql::WAKE
        .run(on, [json(&changed)?.into(), millis(at).into()])
        .await?;
    Ok(woken > 0)
}

/// Puts back the timers of cases that were due or woken for nothing.
async fn rest(on: &impl ConnectionTrait, batch: &Batch) -> Result<(), DbErr> {
    let (mut due, mut none) = (Vec::new(), Vec::new());
    for (case, next) in &batch.rested {
        match next {
            Some(next) => due.push((hex(case.0), millis(*next))),
            None => none.push(hex(case.0)),
        }
    }
    put(on, sql::PUT_TIMERS, &due).await?;
    put(on, sql::REMOVE_TIMERS, &none).await?;
    Ok(())
}

async fn watch(on: &impl ConnectionTrait, writes: &[CaseWrite]) -> Result<(), DbErr> {
    let rewatched = || writes.iter().filter(|write| write.watches.is_some());
    let known = rewatched().filter(|write| write.etag_before > 0);
    let known: Vec<String> = known.map(|write| hex(write.case.id.0)).collect();
    let rows: Vec<(Watch, String)> = rewatched()
        .flat_map(|write| {
            let case = hex(write.case.id.0);
            let watches = write.watches.iter().flatten();
            watches.map(move |watch| (watch.clone(), case.clone()))
        })
        .collect();
    put(on, sql::REMOVE_WATCHES, &known).await?;
    put(on, sql::PUT_WATCHES, &rows).await?;
    Ok(())
}
