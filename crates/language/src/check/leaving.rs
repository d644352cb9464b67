//! Whether every state can be reached and left.

use countersign_core::{
    step,
    workflow::{State, StateKind},
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

/// Whether the case can end in a track of this state.
fn can_end_inside(graph: &Graph<'_>, state: &State) -> bool {
    graph
        .leaves()
        .any(|leaf| matches!(leaf.kind, StateKind::End(_)) && graph.contains(state.id, leaf.id))
}
