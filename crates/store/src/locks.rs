//! Keeps batches of several lanes and replicas apart. On SQLite there is nothing to do: its one writer sees everything
//! that was written before. On PostgreSQL a batch locks what its steps will read, before it reads it:
//!
//! - its own cases, alone, and cases that they are linked to, shared: rows, in the order of ids;
//! - idempotency keys and limits, alone: by name, so that the second of two waits and then sees what the first did;
//! - facts, shared, and the directory as one, if anybody in it is read; who changes one holds it alone;
//! - searches for cases, alone; who changes a case of that workflow or partner holds the same name shared.
//!
//! So no step decides by what somebody else is changing, and nobody is woken who has not yet said what for.

use std::collections::BTreeSet;

use countersign_core::{
    case::{CaseId, Watch},
    context::{LimitKey, Needs},
};
use countersign_engine::ports::{
    directory::DirectoryChange,
    store::{Batch, CaseAddress, RequestKey},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sha2::{Digest as _, Sha256};

use crate::{
    rows::json,
    statements::{Sql, locks as sql},
};

/// Before kept answers are read: a twin that is under way is waited for.
pub async fn keys(on: &impl ConnectionTrait, keys: &[RequestKey]) -> Result<(), DbErr> {
    let names = keys
        .iter()
        .map(|key| number(&["answer", &key.caller, &key.key]));
    hold(on, sql::NAMES, names.collect()).await
}

/// Before cases are read that will be changed.
pub async fn cases(on: &impl ConnectionTrait, addresses: &[CaseAddress]) -> Result<(), DbErr> {
    if !is_needed(on) {
        return Ok(());
    }
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for address in addresses {
        match address {
            CaseAddress::Id(id) => ids.push(id.0),
            CaseAddress::Number(number) => numbers.push(number),
        }
    }
    let values = [json(&ids)?.into(), json(&numbers)?.into()];
    sql::CASES.all(on, values).await.map(|_| ())
}

/// Before what steps need is read.
pub async fn inputs(on: &impl ConnectionTrait, needs: &Needs) -> Result<(), DbErr> {
    if !is_needed(on) {
        return Ok(());
    }
    let limits = needs.usage.iter().chain(&needs.holders).map(limit);
    let found = needs
        .found
        .iter()
        .map(|query| watch(&Watch::cases_of(&query.workflow, &query.whose)));
    hold(on, sql::NAMES, limits.chain(found).collect()).await?;
    let facts = needs.facts.iter().map(|key| watch(&Watch::fact(key)));
    let people = reads_people(needs).then(directory);
    hold(on, sql::NAMES_SHARED, facts.chain(people).collect()).await?;
    if needs.cases.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = needs.cases.iter().map(|CaseId(id)| id).collect();
    sql::CASES_SHARED
        .all(on, [json(&ids)?.into()])
        .await
        .map(|_| ())
}

/// Before a batch is written.
pub async fn changes(on: &impl ConnectionTrait, batch: &Batch) -> Result<(), DbErr> {
    if !is_needed(on) {
        return Ok(());
    }
    let changed = batch.directory.iter().filter_map(|change| match change {
        DirectoryChange::PutFact(key, _) => Some(watch(&Watch::fact(key))),
        DirectoryChange::PutPerson(_)
        | DirectoryChange::PutMember(..)
        | DirectoryChange::RemoveMember(..)
        | DirectoryChange::PutAway(..)
        | DirectoryChange::PutMail(..)
        | DirectoryChange::PutPartner(_)
        | DirectoryChange::ErasePerson(_) => Some(directory()),
        DirectoryChange::PutToken(_)
        | DirectoryChange::PutWebhook(..)
        | DirectoryChange::RemoveWebhook(_)
        | DirectoryChange::MoveWebhook(..)
        | DirectoryChange::TellWebhook { .. }
        | DirectoryChange::RemoveToken(_)
        | DirectoryChange::PutSession(_)
        | DirectoryChange::RemoveSession(_)
        | DirectoryChange::PutPassword(..)
        | DirectoryChange::PutIdentity(_)
        | DirectoryChange::PutAuthenticator(..)
        | DirectoryChange::RemoveAuthenticator(_)
        | DirectoryChange::MissAuthenticator(_)
        | DirectoryChange::WipeMails(_) => None,
    });
    hold(on, sql::NAMES, changed.collect()).await?;
    let cases = batch.cases.iter();
    let changed = cases.flat_map(|write| {
        let own = Watch::case(write.case.id);
        let changed = Watch::changed(&write.case).into_iter();
        changed.filter(move |of| *of != own)
    });
    hold(
        on,
        sql::NAMES_SHARED,
        changed.map(|of| watch(&of)).collect(),
    )
    .await
}

/// Holds these names until the batch ends, in an order that is the same for everybody.
async fn hold(on: &impl ConnectionTrait, how: Sql, names: BTreeSet<i64>) -> Result<(), DbErr> {
    if names.is_empty() || !is_needed(on) {
        return Ok(());
    }
    how.all(on, [json(&names)?.into()]).await.map(|_| ())
}

fn is_needed(on: &impl ConnectionTrait) -> bool {
    on.get_database_backend() == DbBackend::Postgres
}

/// Whoever counts for one of several values is kept apart from whoever asks for all of them.
fn limit(key: &LimitKey) -> i64 {
    let all = key.held_for().map(|(all, _)| all);
    let key = all.as_ref().unwrap_or(key);
    number(&["limit", key.workflow.as_str(), key.limit.as_str(), &key.key])
}

/// Everybody and everything in the directory: it changes seldom, and is read by nearly every step.
fn directory() -> i64 {
    number(&["directory"])
}

fn reads_people(needs: &Needs) -> bool {
    let nobody = needs.people.is_empty()
        && needs.addresses.is_empty()
        && needs.groups.is_empty()
        && needs.colleagues.is_empty()
        && needs.partners.is_empty();
    !nobody
}

fn watch(watch: &Watch) -> i64 {
    number(&["watch", watch.as_str()])
}

/// The number under which PostgreSQL locks a name. Two names of one number wait for each other, and no harm is done.
fn number(parts: &[&str]) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}
