//! Whether every state can be reached and left.

use countersign_core::{
    step,
    workflow::{State, StateKind, Target, Votes},
};

use crate::diagnostic::Code;

use super::{graph::Graph, site::Site};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    let tree = graph.states.tree();
    let rests = graph.leaves().filter(|leaf| match leaf.kind {
        StateKind::Tracks => true,
        // A track may come to rest: the case goes on when the state around it is left.
        StateKind::Leaf => tree.region(leaf.id).is_none(),
        StateKind::Outer { .. } | StateKind::End(_) => false,
    });
    for leaf in rests {
        let leaves = |way: &super::graph::Way<'_>| {
            graph.leaf(way.to) != leaf.id && !graph.contains(leaf.id, way.to)
        };
        let tracks_lead_out = graph.ways.iter().any(|way| {
            let inside = way.from.is_some_and(|from| graph.contains(leaf.id, from));
            inside && leaves(way)
        });
        let mut ways = graph.out_of(leaf.id);
        if !tracks_lead_out && !ways.any(leaves) && !can_end_inside(graph, leaf) {
            let message = format!("a case can never leave state `{}`", leaf.path);
            let help = "add an action or timer with `to`, or `end: success | failure | neutral`";
            let finding = site
                .file
                .finding(Code::NoWayOut, site.state_span(leaf), message, help);
            site.file.add(finding.label("no way out"));
        }
    }
    decided_for_nothing(site, graph);
    let reached = graph.reachable(graph.beginnings(), None);
    let is_reached = |state| graph.inside(state).meets(&reached);
    // A child may end with its parent in a state that nothing else leads to.
    let is_child = site.workflow.links.contains_key("parent");
    let with_parent = step::cancelled_in(site.workflow).filter(|_| is_child);
    let with_parent = with_parent.map(|state| state.id);
    for state in graph
        .states
        .iter()
        .filter(|state| Some(state.id) != with_parent)
    {
        if is_reached(state.id) || state.parent.is_some_and(|outer| !is_reached(outer)) {
            continue;
        }
        let message = format!("no case can ever reach state `{}`", state.path);
        let help = "let an action or a timer lead here, or delete it";
        let finding = site
            .file
            .finding(Code::Unreachable, site.state_span(state), message, help);
        site.file.add(finding.label("unreachable"));
    }
}

/// Decisions that end their review and lead nowhere, where nothing else leads on either.
fn decided_for_nothing(site: &Site<'_>, graph: &Graph<'_>) {
    for spot in site.actions() {
        let (Some(state), Some(review)) = (spot.state, spot.review) else {
            continue;
        };
        let action = spot.action;
        let decision = review.decisions.get(&action.name);
        let happens = decision.is_some_and(|decision| !matches!(decision.votes, Votes::Recorded));
        // What is done besides, or changes what was voted on, can open the vote again.
        let may_go_on = !action.effects.is_empty() || review.covers.is_some();
        let rests = state.kind == StateKind::Leaf && graph.states.tree().region(state.id).is_none();
        if !happens || !rests || may_go_on || !matches!(action.target, Target::Stay) {
            continue;
        }
        let mut around = graph.states.outward(state.id);
        let others_lead_on = around.any(|state| {
            let mut actions = state.actions.values();
            let mut timers = state.timers.values();
            actions.any(|action| !matches!(action.target, Target::Stay))
                || timers.any(|timer| timer.target.is_some())
        });
        if others_lead_on {
            continue;
        }
        let (name, path) = (&action.name, &state.path);
        let message = format!("once `{name}` has happened, a case can never leave state `{path}`");
        let help = "add a `to`; a decision that only counts its votes has `votes: recorded`";
        let written = spot.written.map(|entry| entry.key.span);
        let span = written.unwrap_or_else(|| site.state_span(state));
        let finding = site.file.finding(Code::NoWayOut, span, message, help);
        site.file.add(finding.label("leads nowhere"));
    }
}

/// Whether the case can end in a track of this state.
fn can_end_inside(graph: &Graph<'_>, state: &State) -> bool {
    graph
        .leaves()
        .any(|leaf| matches!(leaf.kind, StateKind::End(_)) && graph.contains(state.id, leaf.id))
}
