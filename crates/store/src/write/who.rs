//! Who has to do with the cases of a batch: who may act now, who may see them, who acted, who is assigned,
//! and when their next timers are due. Rows that say the same already are not touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_core::{
    case::{Case, CaseId, PersonId},
    outcome::{Subject, Waiting},
    time::Time,
};
use countersign_engine::ports::store::{Batch, CaseWrite};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::put;
use crate::{
    rows::{get, hex, json, millis, millis_or_never, subject},
    statements::writes as sql,
};

/// Writes all of it.
pub async fn write(on: &impl ConnectionTrait, batch: &Batch) -> Result<(), DbErr> {
    if !batch.cases.is_empty() {
        waiting(on, &batch.cases).await?;
        assignments(on, &batch.cases).await?;
        timers(on, &batch.cases).await?;
    }
    let rows = |of: fn(&CaseWrite) -> &BTreeSet<Subject>| -> Vec<(String, String)> {
        let cases = batch.cases.iter();
        let rows = cases.flat_map(|write| {
            let case = hex(write.case.id.0);
            of(write)
                .iter()
                .map(move |who| (subject(who), case.clone()))
        });
        rows.collect()
    };
    put(on, sql::REMOVE_ACCESS, &rows(|write| &write.hidden)).await?;
    put(on, sql::PUT_ACCESS, &rows(|write| &write.access)).await?;
    put(on, sql::PUT_ACTED, &acted(batch)).await?;
    Ok(())
}

/// A row of the inbox but for whom it leaves out: subject, due, since, case, role.
type Key = (String, i64, i64, String, String);

async fn waiting(on: &impl ConnectionTrait, writes: &[CaseWrite]) -> Result<(), DbErr> {
    let ids: Vec<String> = writes.iter().map(|write| hex(write.case.id.0)).collect();
    let mut before: BTreeMap<Key, Option<String>> = BTreeMap::new();
    for row in sql::WAITING.all(on, [json(&ids)?.into()]).await? {
        let case: Uuid = get(&row, 3)?;
        before.insert(
            (
                get(&row, 0)?,
                get(&row, 1)?,
                get(&row, 2)?,
                hex(case),
                get(&row, 4)?,
            ),
            get(&row, 5)?,
        );
    }
    let mut added = Vec::new();
    for ((who, due, since, case, role), but) in rows(writes) {
        let but = if but.is_empty() {
            None
        } else {
            Some(json(&but)?)
        };
        let key = (who, due, since, case, role);
        if before.remove(&key).as_ref() != Some(&but) {
            let (who, due, since, case, role) = key;
            added.push((who, due, since, case, role, but));
        }
    }
    // What is left of the rows before is no longer so.
    put(
        on,
        sql::REMOVE_WAITING,
        &before.into_keys().collect::<Vec<_>>(),
    )
    .await?;
    put(on, sql::PUT_WAITING, &added).await?;
    Ok(())
}

/// The rows of these cases. Whoever may act in one of two ways may act, so rows of one key leave out
/// only those whom both leave out.
fn rows(writes: &[CaseWrite]) -> BTreeMap<Key, BTreeSet<PersonId>> {
    let mut rows: BTreeMap<Key, BTreeSet<PersonId>> = BTreeMap::new();
    for write in writes {
        for Waiting {
            who,
            but,
            role,
            since,
            due,
        } in &write.waiting
        {
            let case = hex(write.case.id.0);
            let key = (
                subject(who),
                millis_or_never(*due),
                millis(*since),
                case,
                role.to_string(),
            );
            rows.entry(key)
                .and_modify(|excluded| excluded.retain(|person| but.contains(person)))
                .or_insert_with(|| but.clone());
        }
    }
    rows
}

async fn assignments(on: &impl ConnectionTrait, writes: &[CaseWrite]) -> Result<(), DbErr> {
    let mut cases = Vec::new();
    let mut rows = Vec::new();
    // Ballots stay in their case for ever, so one that never had an assigned ballot has no rows.
    let assigned = |case: &&Case| case.ballots.iter().any(|ballot| ballot.assigned.is_some());
    for case in writes.iter().map(|write| &write.case).filter(assigned) {
        cases.push(hex(case.id.0));
        let mut ballots: BTreeMap<&PersonId, u32> = BTreeMap::new();
        for person in case
            .ballots
            .iter()
            .filter(|b| b.decided.is_none())
            .filter_map(|b| b.assigned.as_ref())
            .flatten()
        {
            *ballots.entry(person).or_default() += 1;
        }
        rows.extend(
            ballots
                .into_iter()
                .map(|(person, ballots)| (hex(case.id.0), person.clone(), ballots)),
        );
    }
    put(on, sql::REMOVE_ASSIGNMENTS, &cases).await?;
    put(on, sql::PUT_ASSIGNMENTS, &rows).await?;
    Ok(())
}

async fn timers(on: &impl ConnectionTrait, writes: &[CaseWrite]) -> Result<(), DbErr> {
    let mut due = Vec::new();
    let mut none = Vec::new();
    for write in writes {
        let case = hex(write.case.id.0);
        match write.case.next_due() {
            Some(at) => due.push((case, millis(at))),
            None if write.etag_before > 0 => none.push(case),
            None => {}
        }
    }
    put(on, sql::REMOVE_TIMERS, &none).await?;
    put(on, sql::PUT_TIMERS, &due).await?;
    Ok(())
}

/// Who acted on what, and when last; whoever a case was opened for is among them.
fn acted(batch: &Batch) -> Vec<(PersonId, String, i64)> {
    let mut last: HashMap<(&PersonId, CaseId), Time> = HashMap::new();
    for write in batch.cases.iter().filter(|write| write.etag_before == 0) {
        if let Some(starter) = &write.case.starter {
            last.insert((starter, write.case.id), write.case.opened_at);
        }
    }
    for (case, sealed) in &batch.entries {
        if let Some(person) = sealed.entry.actor.person() {
            let at = sealed.entry.recorded_at;
            last.entry((person, *case))
                .and_modify(|last| *last = at.max(*last))
                .or_insert(at);
        }
    }
    last.into_iter()
        .map(|((person, case), at)| (person.clone(), hex(case.0), millis(at)))
        .collect()
}
