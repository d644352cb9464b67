//! Whether every state can be reached and left.

use countersign_core::workflow::StateKind;

use crate::diagnostic::Code;

use super::{graph::Graph, site::Site};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    for leaf in graph.leaves().filter(|leaf| leaf.kind == StateKind::Leaf) {
        let mut ways = graph.out_of(leaf.id);
        if !ways.any(|way| graph.leaf(way.to) != leaf.id) {
            let message = format!("a case can never leave state `{}`", leaf.path);
            let help = "add an action or timer with `to`, or `end: success | failure | neutral`";
            let finding = site
                .file
                .finding(Code::NoWayOut, site.state_span(leaf), message, help);
            site.file.add(finding.label("no way out"));
        }
    }
    let reached = graph.reachable(&graph.beginnings(), None);
    let is_reached = |state| reached.iter().any(|leaf| graph.contains(state, *leaf));
    for state in graph.states.iter() {
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
