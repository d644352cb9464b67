//! `as_soon_as` timers whose conditions can be true together: two of one state that lead elsewhere (W408), and several that
//! lead a case round for ever (E216), where nothing on the way can make them false.

use countersign_core::{
    expression::Expression,
    workflow::{Effect, State, StateId, Timer, TimerWhen},
};

use crate::{diagnostic::Code, source::Span};

use super::{
    complete::Completeness,
    conditions::Conditions,
    graph::Graph,
    site::Site,
    solve::{Answer, Demand},
};

/// A timer that leads on as soon as its condition is true.
#[derive(Clone, Copy)]
struct Soon<'a> {
    state: &'a State,
    timer: &'a Timer,
    condition: &'a Expression,
    /// Where it leads, if that does not depend on anything.
    to: Option<StateId>,
}

impl Soon<'_> {
    fn span(&self, site: &Site<'_>) -> Span {
        let written = site.within(self.state, &["timers", &self.timer.name, "as_soon_as"]);
        written.map_or_else(|| site.state_span(self.state), |entry| entry.value.span)
    }
}

pub(super) fn check(site: &Site<'_>, graph: &Graph<'_>, known: &Completeness<'_>) {
    let all = timers(site);
    for leaf in graph.leaves() {
        let around = graph.states.tree().path(leaf.id);
        let here: Vec<Soon<'_>> = all
            .iter()
            .filter(|soon| around.contains(&soon.state.id))
            .copied()
            .collect();
        together(site, graph, known, leaf, &here);
    }
    let mut told: Vec<StateId> = Vec::new();
    for first in &all {
        if !told.contains(&first.state.id) {
            told.extend(ring(site, graph, known, &all, first));
        }
    }
}

fn timers<'a>(site: &Site<'a>) -> Vec<Soon<'a>> {
    let timers = site.workflow.states.iter().flat_map(|state| {
        let timers = state.timers.values();
        timers.map(move |timer| (state, timer))
    });
    let soon = timers.filter_map(|(state, timer)| {
        let TimerWhen::AsSoonAs(condition) = &timer.when else {
            return None;
        };
        let to = timer.target.as_ref()?;
        Some(Soon {
            state,
            timer,
            condition,
            to: to.conditional.is_empty().then_some(to.otherwise),
        })
    });
    soon.collect()
}

/// Two timers that are true at once and lead elsewhere; told at the second, where its state is written.
fn together(
    site: &Site<'_>,
    graph: &Graph<'_>,
    known: &Completeness<'_>,
    leaf: &State,
    here: &[Soon<'_>],
) {
    for (at, second) in here.iter().enumerate() {
        for first in &here[..at] {
            let lead_elsewhere = match (first.to, second.to) {
                (Some(one), Some(other)) => graph.leaf(one) != graph.leaf(other),
                _ => true,
            };
            // Of an outer state it is asked once, in the leaf where it begins.
            let is_first = graph.leaf(second.state.id) == leaf.id;
            let hides = first.timer.name == second.timer.name;
            if !lead_elsewhere || !is_first || hides {
                continue;
            }
            let conditions = Conditions::new(site, known.within(leaf.id));
            let demands =
                [first, second].map(|soon| Demand::that(conditions.formula(soon.condition)));
            let Answer::Yes(record) = conditions.can(&demands) else {
                continue;
            };
            let example = if record.is_empty() {
                String::new()
            } else {
                format!(", for example for `{}`", record.words())
            };
            let message = format!(
                "`{}` and `{}` can be true at once{example}: then the first that is written leads on",
                first.timer.name, second.timer.name
            );
            let help = "let their conditions exclude each other, or write one timer with a conditional `to`";
            site.file
                .report(Code::TimersMeet, second.span(site), message, help);
        }
    }
}

/// A ring from this timer back to its state, if all its conditions can be true together and nothing on the way changes
/// what they read. Gives the states in it.
fn ring(
    site: &Site<'_>,
    graph: &Graph<'_>,
    known: &Completeness<'_>,
    all: &[Soon<'_>],
    first: &Soon<'_>,
) -> Vec<StateId> {
    let Some(way) = way_back(graph, all, first) else {
        return Vec::new();
    };
    let changes = way.iter().any(|soon| {
        let entered = soon.to.map(|to| graph.states.get(to));
        let entered = entered.into_iter().flat_map(|state| &state.enter);
        let mut effects = soon
            .timer
            .effects
            .iter()
            .chain(&soon.state.exit)
            .chain(entered);
        effects.any(|effect| matches!(effect, Effect::Set(_)))
    });
    // What is said of the case itself changes with each move.
    let moves = way
        .iter()
        .flat_map(|soon| soon.condition.roots())
        .any(|root| root == "case" || root == "children");
    if changes || moves {
        return Vec::new();
    }
    let conditions = Conditions::new(site, known.within(first.state.id));
    let demands: Vec<Demand> = way
        .iter()
        .map(|soon| Demand::that(conditions.formula(soon.condition)))
        .collect();
    let Answer::Yes(record) = conditions.can(&demands) else {
        return Vec::new();
    };
    let names = way.iter().map(|soon| format!("`{}`", soon.timer.name));
    let message = format!(
        "{} lead round for ever for `{}`: nothing on the way makes them false",
        names.collect::<Vec<_>>().join(", "),
        record.words()
    );
    let help = "let their conditions exclude each other, or break the ring by an action";
    site.file
        .report(Code::NotToBeAwaited, first.span(site), message, help);
    way.iter().map(|soon| soon.state.id).collect()
}

/// The shortest way from this timer's state back to it by such timers alone.
fn way_back<'a>(graph: &Graph<'_>, all: &[Soon<'a>], first: &Soon<'a>) -> Option<Vec<Soon<'a>>> {
    let mut ways = vec![vec![*first]];
    let mut at = 0;
    while let Some(way) = ways.get(at).cloned() {
        at += 1;
        let Some(leaf) = way.last()?.to.map(|to| graph.leaf(to)) else {
            continue;
        };
        if graph.contains(first.state.id, leaf) {
            return Some(way);
        }
        let seen = |soon: &Soon<'_>| {
            let mut known = ways.iter().flatten();
            known.any(|known| std::ptr::eq(known.timer, soon.timer))
        };
        let on = all
            .iter()
            .filter(|soon| graph.contains(soon.state.id, leaf));
        let on: Vec<Soon<'a>> = on.filter(|soon| !seen(soon)).copied().collect();
        ways.extend(on.into_iter().map(|soon| {
            let mut longer = way.clone();
            longer.push(soon);
            longer
        }));
    }
    None
}
