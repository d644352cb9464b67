//! Histories: entries without gaps, each behind the one before, and what they come to is what is stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::rows::{CaseRow, EntryRow, Rows};
use crate::findings::{Findings, Promise};

/// A case with its history.
#[derive(Debug)]
pub struct Chain<'a> {
    /// Its row.
    pub case: &'a CaseRow,
    /// Its entries, in order.
    pub entries: Vec<&'a EntryRow>,
}

/// Puts cases and histories together, by ids, and judges each.
pub fn check<'a>(rows: &'a Rows, findings: &mut Findings) -> BTreeMap<&'a str, Chain<'a>> {
    let mut cases: BTreeMap<&str, Chain<'_>> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for case in &rows.cases {
        if !numbers.insert(&case.number) {
            let says = format!("{} is the number of two cases", case.number);
            findings.add(Promise::NothingDoubled, says);
        }
        let entries = Vec::new();
        cases.insert(&case.id, Chain { case, entries });
    }
    for entry in &rows.entries {
        match cases.get_mut(entry.case.as_str()) {
            Some(chain) => chain.entries.push(entry),
            None => findings.add(
                Promise::NothingLost,
                format!(
                    "entry {} of case {}, which is not there",
                    entry.entry, entry.case
                ),
            ),
        }
    }
    for chain in cases.values() {
        without_gaps(chain, findings);
        folds(chain, findings);
    }
    cases
}

fn without_gaps(chain: &Chain<'_>, findings: &mut Findings) {
    let number = &chain.case.number;
    let mut before: Option<&EntryRow> = None;
    let mut etag = 0;
    for (at, entry) in (1..).zip(&chain.entries) {
        if entry.entry != at {
            let says = format!("{number}: entry {} in place {at}", entry.entry);
            findings.add(Promise::NoGaps, says);
            return;
        }
        if entry.previous.as_ref() != before.map(|before| &before.hash) {
            let says = format!("{number}: entry {at} is not chained to the one before");
            findings.add(Promise::NoGaps, says);
        }
        let next = entry.body["etag"].as_u64().unwrap_or_default();
        if !(etag..=etag + 1).contains(&next) {
            let says = format!("{number}: version {next} follows {etag}, at entry {at}");
            findings.add(Promise::NoGaps, says);
        }
        etag = next;
        before = Some(entry);
    }
}

/// What a history comes to, as far as every history tells it.
#[derive(Debug, PartialEq, Eq, Default)]
struct Folded {
    state: String,
    round: u64,
    revision: u64,
    etag: u64,
    entries: u64,
    head: String,
    visits: BTreeMap<String, u64>,
}

fn folds(chain: &Chain<'_>, findings: &mut Findings) {
    let mut folded = Folded::default();
    for entry in &chain.entries {
        let body = &entry.body;
        let number = |name: &str| body[name].as_u64().unwrap_or_default();
        if let Some(state) = body["to"].as_str() {
            state.clone_into(&mut folded.state);
            *folded.visits.entry(state.to_owned()).or_default() += 1;
        }
        folded.round = number("round");
        folded.revision = number("revision");
        folded.etag = number("etag");
        folded.entries += 1;
        folded.head.clone_from(&entry.hash);
    }
    let stored = stored(&chain.case.control);
    if folded != stored || folded.state != chain.case.state {
        let number = &chain.case.number;
        let says = format!("{number}: {folded:?}, but stored is {stored:?}");
        findings.add(Promise::Folds, says);
    }
}

fn stored(control: &Json) -> Folded {
    let number = |name: &str| control[name].as_u64().unwrap_or_default();
    let text = |name: &str| control[name].as_str().unwrap_or_default().to_owned();
    let visits = control["visits"].as_object().into_iter().flatten();
    Folded {
        state: text("state"),
        round: number("round"),
        revision: number("revision"),
        etag: number("etag"),
        entries: number("entries"),
        head: text("head"),
        visits: visits
            .map(|(state, times)| (state.clone(), times.as_u64().unwrap_or_default()))
            .collect(),
    }
}
