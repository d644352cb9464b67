//! Which forms are complete in which state, whatever way the case has come: those that every way there requires, and
//! that nobody may edit there. And whether a case can come to a state again and again.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::{
    name::Name,
    workflow::{Action, Effect, Place, Requirement, State, StateId, Thing},
};

use super::{graph::Graph, places::Here, site::Site};

/// What is known of each leaf.
pub(super) struct Completeness<'a> {
    graph: &'a Graph<'a>,
    leaves: BTreeMap<StateId, Here>,
    /// The forms that effects write.
    written: BTreeSet<Name>,
}

impl<'a> Completeness<'a> {
    pub(super) fn of(site: &Site<'_>, graph: &'a Graph<'a>) -> Self {
        let workflow = site.workflow;
        let written = site.effects().flat_map(|effect| match effect {
            Effect::Set(values) => values.as_slice(),
            _ => &[],
        });
        let written = written.map(|value| match &value.place {
            Place::Whole(form) | Place::Field(form, _) => form.clone(),
        });
        let written: BTreeSet<Name> = written.collect();
        let all: BTreeSet<Name> = workflow.forms.keys().cloned().collect();
        let mut entered: BTreeMap<StateId, BTreeSet<Name>> =
            graph.leaves().map(|leaf| (leaf.id, all.clone())).collect();
        let editable: BTreeMap<StateId, BTreeSet<Name>> = graph
            .leaves()
            .map(|leaf| (leaf.id, edited(graph, leaf)))
            .collect();
        let steps = Step::all(graph);
        let mut changed = true;
        while changed {
            changed = false;
            for step in &steps {
                let left = step.from.iter();
                let left = left.map(|leaf| &entered[leaf] - &editable[leaf]);
                let Some(mut known) = left.reduce(|one, other| &one & &other) else {
                    continue;
                };
                known.extend(step.requires.iter().cloned());
                changed |= meet(&mut entered, &step.to, &known);
            }
            changed |= begun(graph, &mut entered);
        }
        let again = comes_again(graph);
        let leaves = entered.into_iter().map(|(leaf, complete)| {
            let complete = &complete - &editable[&leaf];
            let here = Here {
                checked: &complete - &written,
                complete,
                comes_again: again.contains(&leaf),
            };
            (leaf, here)
        });
        let leaves = leaves.collect();
        Self {
            graph,
            leaves,
            written,
        }
    }

    /// What is known in this state, whichever inner state the case is in.
    pub(super) fn within(&self, state: StateId) -> Here {
        let inside = self.leaves.iter();
        let inside = inside.filter(|(leaf, _)| self.graph.contains(state, **leaf));
        let joined = inside
            .map(|(_, here)| here.clone())
            .reduce(|one, other| Here {
                complete: &one.complete & &other.complete,
                checked: &one.checked & &other.checked,
                comes_again: one.comes_again && other.comes_again,
            });
        joined.unwrap_or_default()
    }

    /// What is known when an action of this state (or `open`) chooses where to go.
    pub(super) fn after(&self, state: Option<StateId>, action: &Action) -> Here {
        let mut here = state.map_or_else(Here::default, |state| self.within(state));
        let required = required(action);
        here.checked.extend(&required - &self.written);
        here.complete.extend(required);
        here
    }

    /// The forms that may change while the case waits in this leaf.
    pub(super) fn changing(&self, leaf: &State) -> BTreeSet<Name> {
        let mut found = edited(self.graph, leaf);
        found.extend(self.written.iter().cloned());
        let actions = self.graph.states.outward(leaf.id);
        let actions = actions.flat_map(|state| state.actions.values());
        found.extend(actions.flat_map(required));
        found
    }
}

/// A way with the leaves that it leads from and to.
struct Step {
    from: Vec<StateId>,
    to: Vec<StateId>,
    requires: BTreeSet<Name>,
}

impl Step {
    /// All that a case could ever go, but how it begins.
    fn all(graph: &Graph<'_>) -> Vec<Self> {
        let reachable = graph.reachable(&graph.beginnings(), None);
        let inside = |outer: StateId| {
            let inside = reachable.iter().copied();
            inside.filter(move |leaf| graph.contains(outer, *leaf))
        };
        let ways = graph.ways.iter().filter_map(|way| {
            let to = if way.resumes {
                inside(way.to).collect()
            } else {
                graph.leaves_at(way.to)
            };
            Some(Self {
                from: inside(way.from?).collect(),
                to,
                requires: way.action.map(required).unwrap_or_default(),
            })
        });
        ways.collect()
    }
}

/// Nothing is complete in the beginning but what `open` requires.
fn begun(graph: &Graph<'_>, entered: &mut BTreeMap<StateId, BTreeSet<Name>>) -> bool {
    let mut changed = false;
    for way in graph.ways.iter().filter(|way| way.from.is_none()) {
        let known = way.action.map(required).unwrap_or_default();
        changed |= meet(entered, &graph.leaves_at(way.to), &known);
    }
    changed
}

/// No more than this is known in these leaves; whether that is news.
fn meet(
    entered: &mut BTreeMap<StateId, BTreeSet<Name>>,
    leaves: &[StateId],
    known: &BTreeSet<Name>,
) -> bool {
    let mut changed = false;
    for leaf in leaves {
        let Some(before) = entered.get_mut(leaf) else {
            continue;
        };
        let count = before.len();
        before.retain(|form| known.contains(form));
        changed |= before.len() != count;
    }
    changed
}

fn required(action: &Action) -> BTreeSet<Name> {
    let forms = action.require.iter().filter_map(|word| match word {
        Requirement::Form(name) => Some(name.clone()),
        _ => None,
    });
    forms.collect()
}

/// The forms that somebody may edit while the case is in this leaf, in another track among them.
fn edited(graph: &Graph<'_>, leaf: &State) -> BTreeSet<Name> {
    let tree = graph.states.tree();
    let with_tracks = graph
        .states
        .outward(leaf.id)
        .filter(|outer| tree.has_tracks(outer.id))
        .last();
    let beside = with_tracks.into_iter().flat_map(|outer| {
        let inside = graph.states.iter();
        inside.filter(move |state| graph.contains(outer.id, state.id))
    });
    let grants = graph.states.outward(leaf.id).chain(beside);
    let things = grants
        .flat_map(|state| &state.edit)
        .flat_map(|grant| &grant.things);
    let forms = things.filter_map(|thing| match thing {
        Thing::Form(form) | Thing::Field(form, _) => Some(form.clone()),
        Thing::Material(_) | Thing::Link(_) | Thing::Case => None,
    });
    forms.collect()
}

/// The leaves that a case can leave by way of a review and come to again: its round can rise without end there.
fn comes_again(graph: &Graph<'_>) -> BTreeSet<StateId> {
    let beyond = |leaf: StateId| graph.beyond(leaf);
    let reviewed = |at: StateId| graph.states.outward(at).any(|state| state.review.is_some());
    let reviews: Vec<(StateId, BTreeSet<StateId>)> = graph
        .leaves()
        .filter(|leaf| reviewed(leaf.id))
        .map(|leaf| (leaf.id, beyond(leaf.id)))
        .collect();
    let comes_again = |leaf: &StateId| {
        let after = beyond(*leaf);
        let mut through = reviews.iter();
        through.any(|(review, on)| after.contains(review) && on.contains(leaf))
    };
    graph
        .leaves()
        .map(|leaf| leaf.id)
        .filter(comes_again)
        .collect()
}
