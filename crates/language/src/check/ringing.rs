//! Whether `as_soon_as` can move a case for ever: a ring of states, each of which leads to the next as soon as the same
//! thing is true. Rings whose conditions differ may end, and are left to the engine, which stops after 16 steps.

use std::collections::BTreeSet;

use countersign_core::workflow::{State, StateId, Timer, TimerWhen, Workflow};

use crate::diagnostic::Code;

use super::{graph::Graph, site::Site};

/// A timer that leads to one state as soon as its condition is true.
struct Link<'a> {
    state: &'a State,
    timer: &'a Timer,
    condition: &'a str,
    to: StateId,
}

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    let links = links(site.workflow);
    let conditions: BTreeSet<&str> = links.iter().map(|link| link.condition).collect();
    let mut told = BTreeSet::new();
    for condition in conditions {
        let alike: Vec<&Link<'_>> = links
            .iter()
            .filter(|link| link.condition == condition || link.condition == "true")
            .collect();
        for link in &alike {
            if !rings(graph, &alike, link) || !told.insert((link.state.id, &link.timer.name)) {
                continue;
            }
            let written = site.within(link.state, &["timers", &link.timer.name, "as_soon_as"]);
            let span =
                written.map_or_else(|| site.state_span(link.state), |entry| entry.value.span);
            let message = format!(
                "`{}` leads back to `{}` for ever, for nothing on the way makes it false",
                link.timer.name, link.state.path
            );
            let help = "break the ring by a condition that becomes false, or by an action";
            site.file.report(Code::NotToBeAwaited, span, message, help);
        }
    }
}

fn links(workflow: &Workflow) -> Vec<Link<'_>> {
    let timers = workflow
        .states
        .iter()
        .flat_map(|state| state.timers.values().map(move |timer| (state, timer)));
    let links = timers.filter_map(|(state, timer)| {
        let TimerWhen::AsSoonAs(condition) = &timer.when else {
            return None;
        };
        let target = timer.target.as_ref()?;
        Some(Link {
            state,
            timer,
            condition: condition.source().trim(),
            to: target.conditional.is_empty().then_some(target.otherwise)?,
        })
    });
    links.collect()
}

/// Whether a case that this leads on comes back to its state by the same ways alone.
fn rings(graph: &Graph<'_>, links: &[&Link<'_>], first: &Link<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![graph.leaf(first.to)];
    while let Some(leaf) = next.pop() {
        if graph.contains(first.state.id, leaf) {
            return true;
        }
        if seen.insert(leaf) {
            let on = links
                .iter()
                .filter(|link| graph.contains(link.state.id, leaf));
            next.extend(on.map(|link| graph.leaf(link.to)));
        }
    }
    false
}
