//! The line of progress for whoever has applied: where the case was, where it is, and the shortest way from there to a
//! good end. It promises nothing: what the workflow decides on the way may lead elsewhere.

use std::collections::{BTreeMap, VecDeque};

use countersign_core::workflow::{End, State, StateId, StateKind, Target, Workflow};
use maud::{Markup, html};

use super::Shown;
use crate::page::say;

/// More steps than this on either side are left out.
const SIDE_MOST: usize = 4;

/// The line, for the side that has applied.
pub fn progress(shown: &Shown) -> Markup {
    let language = shown.language();
    let (Some(case), Some(me)) = (&shown.scene.case, shown.scene.actor.person()) else {
        return html! {};
    };
    let applied = case.starter.as_ref() == Some(&me.id) || me.partner.is_some();
    let here = shown.workflow.states.find(case.state.as_str());
    let Some(here) = here.filter(|_| applied && case.tracks.is_empty()) else {
        return html! {};
    };
    let ahead = ahead(&shown.workflow, here);
    let behind = behind(shown, here, &ahead);
    if behind.is_empty() && ahead.is_empty() {
        return html! {};
    }
    let title = |state: &State| state.title.get(language).to_owned();
    html! {
        ol.steps aria-label=(say(language, "Progress", "进度")) {
            @for state in behind { li.passed { span aria-hidden="true" { "✓" } (title(state)) span.hidden { (say(language, " (done)", "（已完成）")) } } }
            li.here aria-current="step" { (title(here)) }
            @for state in ahead { li { (title(state)) } }
        }
    }
}

/// Places that were left for good, in the order of entering.
fn behind<'s>(shown: &'s Shown, here: &State, ahead: &[&State]) -> Vec<&'s State> {
    let Some(case) = &shown.scene.case else {
        return Vec::new();
    };
    let states = &shown.workflow.states;
    let entered = case.entered.iter();
    let mut past: Vec<_> = entered
        .filter_map(|(path, at)| Some((*at, states.find(path.as_str())?)))
        .filter(|(_, state)| matches!(state.kind, StateKind::Leaf))
        .filter(|(_, state)| state.id != here.id && ahead.iter().all(|next| next.id != state.id))
        .collect();
    past.sort_by_key(|(at, state)| (*at, state.id));
    let skipped = past.len().saturating_sub(SIDE_MOST);
    past.into_iter()
        .skip(skipped)
        .map(|(_, state)| state)
        .collect()
}

/// The shortest way to a successful end, without where the case is.
fn ahead<'w>(workflow: &'w Workflow, here: &'w State) -> Vec<&'w State> {
    let states = &workflow.states;
    let mut from: BTreeMap<StateId, StateId> = BTreeMap::new();
    let mut next = VecDeque::from([here.id]);
    while let Some(id) = next.pop_front() {
        let state = states.get(id);
        if matches!(state.kind, StateKind::End(End::Success)) {
            let mut way = vec![state];
            while let Some(before) = from.get(&way[way.len() - 1].id) {
                way.push(states.get(*before));
            }
            way.pop();
            way.reverse();
            way.truncate(SIDE_MOST);
            return way;
        }
        for to in leads_to(workflow, state) {
            if to != here.id && !from.contains_key(&to) {
                from.insert(to, id);
                next.push_back(to);
            }
        }
    }
    Vec::new()
}

/// Where actions and decisions lead from a place, as places where a case can rest.
fn leads_to(workflow: &Workflow, leaf: &State) -> Vec<StateId> {
    let states = &workflow.states;
    let around = states.outward(leaf.id);
    let targets = around.flat_map(|state| {
        let decisions = state.review.iter();
        let decisions = decisions.flat_map(|review| review.decisions.values());
        let actions = decisions.map(|decision| &decision.action);
        actions
            .chain(state.actions.values())
            .map(|action| &action.target)
    });
    let choices = targets.filter_map(|target| match target {
        Target::To(choice) => Some(choice.states()),
        Target::Stay | Target::Resume(_) => None,
    });
    choices
        .flatten()
        .filter_map(|to| rests(workflow, to))
        .collect()
}

/// Where a case that enters a state comes to rest; `None`: in several tracks.
fn rests(workflow: &Workflow, state: StateId) -> Option<StateId> {
    match workflow.states.get(state).kind {
        StateKind::Leaf | StateKind::End(_) => Some(state),
        StateKind::Outer { start } => rests(workflow, start),
        StateKind::Tracks => None,
    }
}
