//! Deliveries: each arrived, at least once, and every attempt bore the same id.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    chains::Chain,
    rows::{self, Rows},
};
use crate::{
    findings::{Findings, Promise},
    sink::Call,
};

/// Judges every delivery against what arrived.
pub fn check(
    all: &Rows,
    cases: &BTreeMap<&str, Chain<'_>>,
    calls: &[Call],
    findings: &mut Findings,
) {
    let arrived = rows::arrived(calls);
    let mut of_case: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for delivery in &all.deliveries {
        ids.insert(delivery.id.clone());
        if let Some(case) = &delivery.case {
            *of_case.entry(case).or_default() += 1;
        }
        if delivery.status == "dead" || !arrived.contains(&delivery.id) {
            let says = format!(
                "{} is {}, and arrived: {}",
                delivery.id,
                delivery.status,
                arrived.contains(&delivery.id)
            );
            findings.add(Promise::Deliveries, says);
        }
    }
    for stranger in arrived.difference(&ids) {
        let says = format!("a call came under the id {stranger}, which no delivery has");
        findings.add(Promise::Deliveries, says);
    }
    let call = |chain: &&Chain<'_>| chain.case.control["workflow"] == "agreement";
    for (id, chain) in cases.iter().filter(|(_, chain)| call(chain)) {
        let wanted = usize::from(!["draft", "review"].contains(&chain.case.state.as_str()));
        let there = of_case.get(id).copied().unwrap_or_default();
        if there != wanted {
            let says = format!("{}: {there} calls, wanted {wanted}", chain.case.number);
            findings.add(Promise::Deliveries, says);
        }
    }
}
