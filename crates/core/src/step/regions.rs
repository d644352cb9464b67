//! Which machine an event is for where a case runs in several tracks, and which one moves. A state with tracks is a leaf to
//! rest in for the machine around it; entering and leaving it starts and stops the machines of its tracks.

use crate::{
    case::Actor,
    command::Act,
    machine::{self, Verdict},
    workflow::{State, StateId, StatePath},
};

use super::{
    act::Offered,
    dispatch::{Dispatch, Event},
    run::Run,
};

/// What moves to get to a state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// The track whose machine moves; `None`: the case's own.
    pub region: Option<StateId>,
    /// The state of that region that it goes to.
    pub to: StateId,
    /// The state that was named: the same, or one in a track of it.
    pub named: StateId,
    /// The case is in it already: only its tracks start again (rule 37).
    pub again: bool,
}

impl<'a> Run<'a> {
    /// What moves to get there: the innermost running region that holds it. States around it that the case is in are
    /// not left.
    pub fn way_to(&self, named: StateId) -> Way {
        let states = &self.workflow.states;
        let tree = states.tree();
        let (mut region, mut to) = (tree.region(named), named);
        while let Some(track) = region
            && self.case.rest(states, region).is_none()
        {
            to = tree.parent(track).unwrap_or(to);
            region = tree.region(to);
        }
        let again = to == named && tree.has_tracks(to) && self.rest(region).id == to;
        Way {
            region,
            to,
            named,
            again,
        }
    }

    /// Where the machine of a region rests; of one that does not run, where the case's own does.
    pub fn rest(&self, region: Option<StateId>) -> &'a State {
        let rest = self.case.rest(&self.workflow.states, region);
        rest.unwrap_or_else(|| self.leaf())
    }

    /// Of what is under way in a track, where that track is: several of them may move by turns.
    pub fn track_leaf(&self) -> Option<StatePath> {
        let states = &self.workflow.states;
        let region = states.tree().region(self.cause.at?)?;
        let rest = self.case.rest(states, Some(region))?;
        Some(rest.path.clone())
    }

    /// The state that offers an action, or declares what happens by itself; `None`: none does.
    pub fn reached_by(&self, event: Event<'_>) -> Option<&'a State> {
        match event {
            Event::Act(act) => self.offering(&act.action, self.aim(act)),
            Event::Decided { state, .. } | Event::RanOut { state } | Event::Timer { state, .. } => {
                self.states().find(|active| active.id == state)
            }
        }
    }

    /// The state whose action of this name is meant. An inner one shadows an outer one. Of several tracks it is the one
    /// that a link or hook call names; else the first, in the order written, that lets the actor take it.
    pub fn offering(&self, name: &str, aim: Option<StateId>) -> Option<&'a State> {
        let states = &self.workflow.states;
        let mut found: Vec<&State> = Vec::new();
        for leaf in self.case.leaves(states) {
            let mut outward = states.outward(leaf.id);
            let offering = outward.find(|state| Offered::at(state, name).is_some());
            found.extend(offering.filter(|state| found.iter().all(|known| known.id != state.id)));
        }
        if let [_] | [] = found.as_slice() {
            return found.pop();
        }
        let aimed = |state: &&&State| aim.is_some_and(|aim| states.tree().contains(state.id, aim));
        let takes = |state: &&&State| {
            Offered::at(state, name).is_some_and(|offered| self.may(&offered).is_ok())
        };
        let first = found.iter().find(aimed);
        first
            .or_else(|| found.iter().find(takes))
            .or_else(|| found.first())
            .copied()
    }

    /// The state of the mail link or hook call by which an action comes.
    fn aim(&self, act: &Act) -> Option<StateId> {
        let link = match self.actor() {
            Actor::LinkHolder(holder) => Some(holder.link),
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => act.link,
        };
        let mut links = self.case.mail_links.iter();
        let linked = links.find(|known| Some(known.id) == link);
        let mut awaited = self.case.awaited.iter();
        let awaited = awaited.find(|awaited| Some(awaited.delivery) == act.delivery);
        let path = linked
            .map(|link| &link.state)
            .or_else(|| awaited.map(|awaited| &awaited.state))?;
        Some(self.workflow.states.find(path.as_str())?.id)
    }

    /// Puts the case where a way leads, tracks that begin with it included. Nothing is left or entered by this.
    pub fn put_at(&mut self, way: Way, resumed: bool) {
        let mut places = Vec::new();
        self.places(way.region, way.to, way.named, resumed, &mut places);
        for (region, rest) in places {
            let states = &self.workflow.states;
            let path = states.get(rest).path.clone();
            self.case.put(states, region, path);
        }
    }

    fn places(
        &self,
        region: Option<StateId>,
        to: StateId,
        named: StateId,
        resumed: bool,
        found: &mut Vec<(Option<StateId>, StateId)>,
    ) {
        let states = &self.workflow.states;
        let tree = states.tree();
        let rest = tree.leaf_of(to);
        found.push((region, rest));
        for track in tree.tracks(rest) {
            let path = tree.path(named);
            let inside = path.iter().rfind(|slot| tree.region(**slot) == Some(track));
            let last = self.case.last_inner.get(&states.get(track).path);
            let last = last
                .filter(|_| resumed)
                .and_then(|path| states.find(path.as_str()));
            let to = inside
                .copied()
                .or_else(|| last.map(|state| state.id))
                .unwrap_or(track);
            self.places(Some(track), to, named, resumed, found);
        }
    }

    /// Remembers for each outer state where its machine rests now, to go back to, and tends the clocks.
    pub fn arrived(&mut self) {
        if self.is_running() {
            self.tend_clocks();
        }
        let states = &self.workflow.states;
        let tracks = self.case.tracks.values().cloned();
        let rests: Vec<_> = tracks.chain([self.case.state.clone()]).collect();
        for rest in rests.iter().filter_map(|rest| states.find(rest.as_str())) {
            let outer = states.tree().region_path(rest.id).iter().rev().skip(1);
            for outer in outer {
                self.case
                    .last_inner
                    .insert(states.get(*outer).path.clone(), rest.path.clone());
            }
        }
    }
}

impl Dispatch<'_, '_, '_> {
    /// Moves the region that a way leads through, after a state of another one took the event.
    pub fn go(&mut self, way: Way) -> Verdict {
        let tree = self.run.workflow.states.tree();
        let from = self.run.rest(way.region).id;
        if !way.again {
            self.region = way.region;
            self.going = Some(way.to);
            return machine::dispatch(tree, from, self);
        }
        self.stop_tracks(from);
        machine::Flow::effects(self);
        self.start_tracks(from);
        Verdict::Moved { from, to: from }
    }

    /// Leaves the states of all tracks of a state, in the order written.
    pub fn stop_tracks(&mut self, of: StateId) {
        let states = &self.run.workflow.states;
        for track in states.tree().tracks(of) {
            if let Some(rest) = self.run.case.rest(states, Some(track)) {
                machine::stop(states.tree(), rest.id, self);
                self.run.case.tracks.remove(&states.get(track).path);
            }
        }
    }

    /// Enters the states of all tracks of a state, in the order written.
    pub fn start_tracks(&mut self, of: StateId) {
        let states = &self.run.workflow.states;
        for track in states.tree().tracks(of) {
            if let Some(rest) = self.run.case.rest(states, Some(track)) {
                machine::start(states.tree(), rest.id, self);
            }
        }
    }
}
