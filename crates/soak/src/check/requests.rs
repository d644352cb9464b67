//! Requests: what was answered well is there, what was refused has not happened, and nothing has happened twice.

use std::collections::BTreeMap;

use super::{chains::Chain, rows::EntryRow};
use crate::{
    findings::{Findings, Promise},
    ledger::{Answer, Intent, Ledgers, Receipt},
};

/// Judges every request; says how many were answered well.
pub fn check(
    ledger: &Ledgers,
    cases: &BTreeMap<&str, Chain<'_>>,
    findings: &mut Findings,
) -> usize {
    let mut answered = 0;
    for (intent, answer) in ledger.values() {
        let Some(answer) = answer else {
            let says = format!("{}: nobody could be asked for so long", intent.key);
            findings.add(Promise::Served, says);
            continue;
        };
        match &answer.receipt {
            Some(receipt) => {
                answered += 1;
                kept(intent, receipt, cases, findings);
            }
            None => not_done(intent, answer, cases, findings),
        }
    }
    opened_once(ledger, cases, findings);
    done_once(cases, findings);
    moved_on(cases, findings);
    answered
}

/// What a receipt promises is there.
fn kept(
    intent: &Intent,
    receipt: &Receipt,
    cases: &BTreeMap<&str, Chain<'_>>,
    findings: &mut Findings,
) {
    let case = receipt.case.replace('-', "");
    let entry = cases.get(case.as_str()).and_then(|chain| {
        let mut entries = chain.entries.iter();
        entries.find(|entry| entry.hash == receipt.hash)
    });
    let is_there = entry.is_some_and(|entry| {
        u64::try_from(entry.entry) == Ok(receipt.entry)
            && entry.body["etag"].as_u64() == Some(receipt.etag)
    });
    if !is_there {
        let says = format!("{}: was answered with {receipt:?}", intent.key);
        findings.add(Promise::NothingLost, says);
    }
}

/// A refusal is the last word, also where an earlier attempt was not answered.
fn not_done(
    intent: &Intent,
    answer: &Answer,
    cases: &BTreeMap<&str, Chain<'_>>,
    findings: &mut Findings,
) {
    let Some(case) = intent.case.as_ref().map(|case| case.replace('-', "")) else {
        let says = format!("{}: refused with {}", intent.key, answer.status);
        findings.add(Promise::Served, says);
        return;
    };
    let Some(chain) = cases.get(case.as_str()) else {
        return;
    };
    if chain
        .entries
        .iter()
        .any(|entry| is_deed(entry, &intent.who, &intent.deed))
    {
        let says = format!(
            "{}: refused with {} at attempt {}, and done all the same",
            intent.key, answer.status, answer.tries
        );
        findings.add(Promise::NothingDoubled, says);
    }
}

fn is_deed(entry: &EntryRow, who: &str, deed: &str) -> bool {
    let body = &entry.body;
    matches!(body["what"].as_str(), Some("vote" | "action"))
        && body["action"] == deed
        && body["actor"]["person"] == who
}

/// Each opening made one case, and no case came of nothing.
fn opened_once(ledger: &Ledgers, cases: &BTreeMap<&str, Chain<'_>>, findings: &mut Findings) {
    let mut titles: BTreeMap<&str, u32> = BTreeMap::new();
    for chain in cases.values() {
        *titles.entry(&chain.case.title).or_default() += 1;
    }
    for (title, times) in titles {
        let meant = ledger
            .get(title)
            .is_some_and(|(intent, _)| intent.deed == "open");
        if !meant || times > 1 {
            let says = format!("{title}: {times} cases, and it was meant: {meant}");
            findings.add(Promise::NothingDoubled, says);
        }
    }
}

/// Nobody votes twice, and a case is decided or left once.
fn done_once(cases: &BTreeMap<&str, Chain<'_>>, findings: &mut Findings) {
    for chain in cases.values() {
        let mut votes: BTreeMap<&str, u32> = BTreeMap::new();
        let mut left = 0;
        for entry in &chain.entries {
            let body = &entry.body;
            if body["what"] == "vote" {
                let who = body["actor"]["person"].as_str().unwrap_or_default();
                *votes.entry(who).or_default() += 1;
            }
            if body["from"] == "review" && body["to"].is_string() {
                left += 1;
            }
        }
        let number = &chain.case.number;
        if votes.values().any(|times| *times > 1) || left > 1 {
            let says = format!("{number}: votes {votes:?}, and review was left {left} times");
            findings.add(Promise::NothingDoubled, says);
        }
    }
}

/// Votes that decide have decided.
fn moved_on(cases: &BTreeMap<&str, Chain<'_>>, findings: &mut Findings) {
    for chain in cases.values() {
        let votes = |deed: &str| {
            let cast = chain
                .entries
                .iter()
                .filter(|entry| entry.body["what"] == "vote" && entry.body["action"] == deed);
            cast.count()
        };
        let (approvals, rejections) = (votes("approve"), votes("reject"));
        if chain.case.state == "review" && (approvals >= 2 || rejections >= 1) {
            let number = &chain.case.number;
            let says = format!(
                "{number}: {approvals} approve, {rejections} reject, and nothing came of it"
            );
            findings.add(Promise::NothingLost, says);
        }
    }
}
