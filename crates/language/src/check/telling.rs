//! Whether reviewers are told that there is something to review.

use countersign_core::workflow::{Effect, State, StateId};

use crate::diagnostic::Code;

use super::{graph::Graph, site::Site};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    let reached = graph.reachable(graph.beginnings(), None);
    for state in graph.states.iter().filter(|state| state.review.is_some()) {
        let leaf = graph.leaf(state.id);
        if !reached.contains(leaf)
            || tells_on_entry(graph, state, leaf)
            || tells_on_all_ways(graph, state)
        {
            continue;
        }
        let message = format!(
            "nobody is told when `{}` is entered, and somebody has to decide there",
            state.path
        );
        let help = "add `enter: [ { notify: review_wanted } ]`";
        let finding = site
            .file
            .finding(Code::NobodyIsTold, site.state_span(state), message, help);
        site.file.add(finding.label("nobody is told"));
    }
}

/// The state, or one that is entered with it.
fn tells_on_entry(graph: &Graph<'_>, state: &State, leaf: StateId) -> bool {
    let mut entered = graph.states.outward(leaf);
    entered.any(|entered| {
        let with_it = graph.contains(state.id, entered.id) || entered.id == state.id;
        let first = graph.leaf(entered.id) == leaf;
        (with_it || first) && tells(&entered.enter)
    })
}

fn tells_on_all_ways(graph: &Graph<'_>, state: &State) -> bool {
    let into = |way: &&super::graph::Way<'_>| {
        let comes_in = graph.contains(state.id, graph.leaf(way.to));
        comes_in && way.from.is_none_or(|from| !graph.contains(state.id, from))
    };
    graph.ways.iter().filter(into).all(|way| tells(way.effects))
}

fn tells(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Notify(_) => true,
        Effect::Call(_)
        | Effect::Open(_)
        | Effect::Set(_)
        | Effect::Void { .. }
        | Effect::AddReviewers(_)
        | Effect::CancelLinks => false,
    })
}
