//! Which forms are complete in which state, whatever way the case has come: those that every way there requires, and
//! that nobody may edit there. And whether a case can come to a state again and again.

use std::collections::BTreeSet;

use countersign_core::{
    name::Name,
    workflow::{Action, Effect, Place, Requirement, State, StateId, Thing},
};

use super::{graph::Graph, places::Here, site::Site, state_set::StateSet};

/// What is known in each state.
pub(super) struct Completeness<'a> {
    graph: &'a Graph<'a>,
    states: Vec<Here>,
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
        let states = graph.states.count();
        let mut entered = vec![all; states];
        let editable: Vec<BTreeSet<Name>> = graph
            .states
            .iter()
            .map(|state| edited(graph, state))
            .collect();
        let steps = Step::all(graph);
        let mut changed = true;
        while changed {
            changed = false;
            for step in &steps {
                changed |= step.take(&mut entered, &editable);
            }
        }
        let again = comes_again(graph);
        let written_too = |complete: BTreeSet<Name>| &complete - &written;
        let leaves: Vec<Here> = (entered.iter().zip(&editable).zip(graph.states.iter()))
            .map(|((entered, editable), state)| {
                let complete = entered - editable;
                Here {
                    checked: written_too(complete.clone()),
                    complete,
                    comes_again: again.contains(state.id),
                }
            })
            .collect();
        let states = graph.states.iter().map(|state| {
            let inside = graph.inside(state.id).iter();
            let inside = inside.map(|leaf| leaves[leaf.index()].clone());
            let joined = inside.reduce(|one, other| Here {
                complete: &one.complete & &other.complete,
                checked: &one.checked & &other.checked,
                comes_again: one.comes_again && other.comes_again,
            });
            joined.unwrap_or_default()
        });
        Self {
            graph,
            states: states.collect(),
            written,
        }
    }

    /// What is known in this state, whichever inner state the case is in.
    pub(super) fn within(&self, state: StateId) -> &Here {
        &self.states[state.index()]
    }

    /// What is known when an action of this state (or `open`) chooses where to go.
    pub(super) fn after(&self, state: Option<StateId>, action: &Action) -> Here {
        let mut here = state.map_or_else(Here::default, |state| self.within(state).clone());
        let required = required(action);
        here.checked.extend(&required - &self.written);
        here.complete.extend(required);
        here
    }

    /// The forms that may change while the case waits in this leaf.
    pub(super) fn changing(&self, leaf: &State) -> BTreeSet<Name> {
        let mut found = edited(self.graph, leaf);
        found.extend(self.written.iter().cloned());
        let states = &self.graph.states;
        // What happens in other tracks happens meanwhile.
        let beside = self.graph.tracks_around(leaf.id).into_iter();
        let beside = beside.flat_map(|around| {
            let inside = states.iter();
            inside.filter(move |state| self.graph.contains(around, state.id))
        });
        let both = states.outward(leaf.id).chain(beside);
        let actions = both.flat_map(|state| {
            let decisions = state
                .review
                .iter()
                .flat_map(|review| review.decisions.values());
            let decisions = decisions.map(|decision| &decision.action);
            state.actions.values().chain(decisions)
        });
        found.extend(actions.flat_map(required));
        found
    }
}

/// A way with the leaves that it leads from and to; none from which a case begins.
struct Step {
    from: StateSet,
    begins: bool,
    to: StateSet,
    requires: BTreeSet<Name>,
}

impl Step {
    /// All that a case could ever go.
    fn all(graph: &Graph<'_>) -> Vec<Self> {
        let reachable = graph.reachable(graph.beginnings(), None);
        let inside = |outer: StateId| graph.inside(outer).both(&reachable);
        let steps = graph.ways.iter().map(|way| Self {
            from: way.from.map_or_else(StateSet::default, inside),
            begins: way.from.is_none(),
            to: if way.resumes {
                inside(way.to)
            } else {
                graph.leaves_at(way.to).into_iter().collect()
            },
            requires: way.action.map(required).unwrap_or_default(),
        });
        let mut steps: Vec<Self> = steps.collect();
        steps.retain(|step| step.begins || !step.from.is_empty());
        steps
    }

    /// No more is known where it leads than where it comes from, and what it requires; nothing in the beginning.
    /// Whether that is news.
    fn take(&self, entered: &mut [BTreeSet<Name>], editable: &[BTreeSet<Name>]) -> bool {
        let mut changed = false;
        for to in self.to.iter() {
            let is_known = |form: &Name| {
                let mut left = self.from.iter().map(StateId::index);
                self.requires.contains(form)
                    || (!self.begins
                        && left.all(|leaf| {
                            entered[leaf].contains(form) && !editable[leaf].contains(form)
                        }))
            };
            let unknown = entered[to.index()].iter().filter(|form| !is_known(form));
            let unknown: Vec<Name> = unknown.cloned().collect();
            for form in &unknown {
                changed |= entered[to.index()].remove(form);
            }
        }
        changed
    }
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
fn comes_again(graph: &Graph<'_>) -> StateSet {
    let leaves = || graph.leaves().map(|leaf| leaf.id);
    let reviewed = |at: &StateId| {
        graph
            .states
            .outward(*at)
            .any(|state| state.review.is_some())
    };
    let reviews: StateSet = leaves().filter(reviewed).collect();
    let comes_again = |leaf: &StateId| {
        let mut through = graph.beyond(*leaf).both(&reviews).iter();
        through.any(|review| graph.beyond(review).contains(*leaf))
    };
    leaves().filter(comes_again).collect()
}
