//! Deadlines that a case would miss through no fault of its own: a state with an `at` timer that is
//! entered again after a review, when the moment may long be past.

use countersign_core::workflow::{Effect, State, TimerWhen};

use crate::diagnostic::Code;

use super::{graph::Graph, site::Site};

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>) {
    for state in graph.states.iter() {
        let timers = state.timers.values();
        for timer in timers {
            let TimerWhen::At(moment) = &timer.when else {
                continue;
            };
            let reads = moment.reads();
            let Some(later) =
                returns_from(graph, state, reads).filter(|_| !sets(&state.enter, reads))
            else {
                continue;
            };
            let written = site.within(state, &["timers", &timer.name]);
            let span = written.map_or_else(|| site.state_span(state), |entry| entry.key.span);
            let message = format!(
                "`{}` is entered again from `{}`, where `{}` would fire at once if its moment is past",
                state.path, later.path, timer.name
            );
            let help = "let returned cases go to a state of their own, without this timer";
            site.file.report(Code::TimerMayBePast, span, message, help);
        }
    }
}

/// Whether these effects write something of what is read here: then the moment is another one.
fn sets(effects: &[Effect], reads: &[String]) -> bool {
    let values = effects.iter().flat_map(|effect| match effect {
        Effect::Set(values) => values.as_slice(),
        _ => &[],
    });
    let mut places = values.map(|value| value.place.to_string());
    places.any(|place| reads.iter().any(|read| read.starts_with(&place)))
}

/// A state that is reached from this one through a review, and leads back to it without setting the moment anew.
fn returns_from<'a>(graph: &Graph<'a>, state: &State, reads: &[String]) -> Option<&'a State> {
    let own = graph.inside(state.id);
    let beyond = graph.reachable(own.iter(), Some(state.id)).without(own);
    let reviewed = beyond.iter().filter(|leaf| {
        let mut outward = graph.states.outward(*leaf);
        outward.any(|outer| outer.review.is_some())
    });
    let after = graph.reachable(reviewed, Some(state.id)).without(own);
    let leads_back = |leaf: &State| {
        graph
            .out_of(leaf.id)
            .any(|way| graph.contains(state.id, graph.leaf(way.to)) && !sets(way.effects, reads))
    };
    graph
        .leaves()
        .find(|leaf| after.contains(leaf.id) && leads_back(leaf))
}
