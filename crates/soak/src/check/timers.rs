//! Timers: a case that is under review when its time has come is told so then, once, and by nobody before.

use std::collections::BTreeMap;

use super::chains::Chain;
use crate::{
    findings::{Findings, Promise},
    moment,
    sink::Call,
};

/// How long a workflow lets a case be under review, in milliseconds; for ever where it has no timer.
fn after(workflow: &str) -> Option<i64> {
    match workflow {
        "agreement" => Some(4_000),
        "timed" => Some(2_000),
        _ => None,
    }
}

/// Judges the timer of every case; how late each was that fired. Hook calls are what the world saw, and when.
pub fn check(
    cases: &BTreeMap<&str, Chain<'_>>,
    calls: &[Call],
    findings: &mut Findings,
) -> Vec<i64> {
    let mut seen: BTreeMap<String, i64> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.state == "expired") {
        let at = seen.entry(call.case.replace('-', "")).or_insert(call.at);
        *at = call.at.min(*at);
    }
    let mut late = Vec::new();
    for (id, chain) in cases {
        let workflow = chain.case.control["workflow"].as_str().unwrap_or_default();
        let Some(after) = after(workflow) else {
            continue;
        };
        let number = &chain.case.number;
        let mut find = |says: String| findings.add(Promise::Timers, format!("{number}: {says}"));
        let mut due = None;
        let mut times = 0;
        for entry in &chain.entries {
            let body = &entry.body;
            let at = moment::millis(body["recorded_at"].as_str().unwrap_or_default());
            if body["to"] == "review" {
                due = Some(at + after);
            }
            let Some(due) = due else { continue };
            if body["what"] == "timer" {
                times += 1;
                // The moment that is recorded is the one at which it was due; the database knows when it was written.
                let committed = entry.committed.unwrap_or(at);
                late.push(committed - due);
                if at.min(committed) < due {
                    find(format!("took effect {} ms early", due - at.min(committed)));
                }
            } else if body["from"] == "review" && at > due {
                find(format!(
                    "{} {} ms after its time had come",
                    body["what"],
                    at - due
                ));
            }
        }
        let Some(due) = due else { continue };
        if chain.case.state == "review" {
            find("still waits, and its time has come".to_owned());
        }
        if times != u32::from(chain.case.state == "expired") {
            find(format!("fired {times} times, and is {}", chain.case.state));
        }
        if let Some(at) = seen.get(*id)
            && *at < due
        {
            find(format!("the world knew of it {} ms early", due - at));
        }
    }
    late
}
