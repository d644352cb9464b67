//! One event through the machine: what each state makes of it, and what leaving and entering mean for a case.
//! The machine says which states are left and entered, and in which order; the rules of judging are elsewhere.

use crate::{
    case::{Lifecycle, Outcome as Decided},
    command::Act,
    history::What,
    machine::{self, Flow, Reaction, Slot, Verdict},
    name::Name,
    outcome::Refusal,
    workflow::{Choice, Effect, State, StateId, StateKind, Target},
};

use super::{act::Offered, regions::Way, run::Run, seal::Draft};

/// What happens to a case.
#[derive(Clone, Copy)]
pub(super) enum Event<'e> {
    /// Somebody takes an action, or votes.
    Act(&'e Act),
    /// The ballot of this state is decided.
    Decided { state: StateId, decision: &'e Name },
    /// The ballot of this state ran out of voters.
    RanOut { state: StateId },
    /// A timer of this state fires.
    Timer { state: StateId, timer: &'e Name },
}

/// What a state that knows the event makes of it.
pub(super) struct Taken<'a> {
    pub effects: &'a [Effect],
    pub leads: Leads,
}

/// Where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    Nowhere,
    To(StateId),
    /// To this leaf, keeping the votes of its last visit that still stand.
    BackTo(StateId),
}

pub(super) struct Dispatch<'r, 'a, 'e> {
    pub run: &'r mut Run<'a>,
    event: Event<'e>,
    /// The track whose machine is asked; `None`: the case's own.
    pub region: Option<StateId>,
    /// Where that machine goes without being asked: a state of another track took the event.
    pub going: Option<StateId>,
    taken: Option<Taken<'a>>,
    way: Option<Way>,
    refusal: Option<Refusal>,
    round_risen: bool,
}

impl<'a> Run<'a> {
    /// Hands one event to the state machine. The verdict is `Refused` only together with a refusal.
    pub fn dispatch(&mut self, event: Event<'_>) -> Result<Verdict, Refusal> {
        let entry = self.entries.len();
        let Some(at) = self.reached_by(event) else {
            return Ok(Verdict::Unhandled);
        };
        self.cause.at = Some(at.id);
        let tree = self.workflow.states.tree();
        let region = tree.region(at.id);
        let from = self.rest(region);
        let mut flow = Dispatch::new(self, event, region);
        let mut verdict = machine::dispatch(tree, from.id, &mut flow);
        if let (Verdict::Handed, Some(way)) = (verdict, flow.way) {
            verdict = flow.go(way);
        }
        if let Some(refusal) = flow.refusal {
            return Err(refusal);
        }
        if let Verdict::Moved { to, .. } = verdict {
            self.arrived();
            let (to, round) = (self.workflow.states.get(to).path.clone(), self.case.round);
            // What came with it has entries of its own, before this one.
            let mut new = self.entries.iter_mut().skip(entry);
            if let Some(draft) = new.find(|draft| draft.what.moves()) {
                draft.from = Some(from.path.clone());
                draft.to = Some(to);
                draft.in_round(round);
            }
        }
        self.send_deferred();
        self.tell_relieved();
        Ok(verdict)
    }

    /// Begins a new case at the leaf of this state.
    pub fn begin(&mut self, at: StateId, effects: &'a [Effect]) {
        let tree = self.workflow.states.tree();
        let way = self.way_to(at);
        let mut flow = Dispatch::new(self, Event::RanOut { state: at }, None);
        flow.taken = Some(Taken {
            effects,
            leads: Leads::To(at),
        });
        flow.way = Some(way);
        flow.effects();
        machine::start(tree, way.to, &mut flow);
        self.arrived();
        self.send_deferred();
    }

    /// Where a target leads, its conditions read now.
    pub fn leads(&self, target: &Target) -> Leads {
        match target {
            Target::Stay => Leads::Nowhere,
            Target::To(choice) => Leads::To(self.choose(choice)),
            Target::Resume(outer) => {
                let states = &self.workflow.states;
                let last = self.case.last_inner.get(states.get(*outer).path.as_str());
                match last.and_then(|path| states.find(path.as_str())) {
                    Some(leaf) => Leads::BackTo(leaf.id),
                    None if states.tree().has_tracks(*outer) => Leads::BackTo(*outer),
                    None => Leads::To(*outer),
                }
            }
        }
    }

    pub fn choose(&self, choice: &Choice) -> StateId {
        let mut conditional = choice.conditional.iter();
        let found = conditional.find(|(_, condition)| self.is_true(condition));
        found.map_or(choice.otherwise, |(state, _)| *state)
    }

    /// Takes an event that no person decides on: nothing to judge, only `set` and the way on.
    fn take_own(
        &mut self,
        effects: &'a [Effect],
        leads: impl FnOnce(&Self) -> Leads,
    ) -> Result<Taken<'a>, Refusal> {
        self.write_values(effects)?;
        Ok(Taken {
            effects,
            leads: leads(self),
        })
    }

    fn react(&mut self, event: Event<'_>, at: &'a State) -> Option<Result<Taken<'a>, Refusal>> {
        match event {
            Event::Act(act) => {
                let offered = Offered::at(at, &act.action)?;
                Some(self.take(&offered, act))
            }
            Event::Decided { state, decision } => {
                let review = at.review.as_ref().filter(|_| at.id == state)?;
                let action = &review.decisions.get(decision)?.action;
                self.write(Draft::of(What::Decision).about(decision));
                Some(self.take_own(&action.effects, |run| run.leads(&action.target)))
            }
            Event::RanOut { state } => {
                let otherwise = at
                    .review
                    .as_ref()
                    .filter(|_| at.id == state)?
                    .otherwise
                    .as_ref()?;
                self.write(Draft::of(What::Otherwise));
                Some(self.take_own(&otherwise.effects, |run| {
                    Leads::To(run.choose(&otherwise.to))
                }))
            }
            Event::Timer { state, timer } => {
                let timer = at.timers.get(timer).filter(|_| at.id == state)?;
                self.write(Draft::of(What::Timer).about(&timer.name));
                let target = timer.target.as_ref();
                Some(self.take_own(&timer.effects, |run| match target {
                    Some(choice) => Leads::To(run.choose(choice)),
                    None => Leads::Nowhere,
                }))
            }
        }
    }
}

impl<'r, 'a, 'e> Dispatch<'r, 'a, 'e> {
    fn new(run: &'r mut Run<'a>, event: Event<'e>, region: Option<StateId>) -> Self {
        Self {
            run,
            event,
            region,
            going: None,
            taken: None,
            way: None,
            refusal: None,
            round_risen: false,
        }
    }

    fn is_resumed(&self) -> bool {
        let leads = self.taken.as_ref().map(|taken| taken.leads);
        matches!(leads, Some(Leads::BackTo(_)))
    }
}

impl Flow for Dispatch<'_, '_, '_> {
    fn react(&mut self, at: Slot) -> Reaction {
        if let Some(to) = self.going {
            return Reaction::MoveTo(to);
        }
        let state = self.run.workflow.states.get(at);
        match self.run.react(self.event, state) {
            None => Reaction::NotMine,
            Some(Err(refusal)) => {
                self.refusal = Some(refusal);
                Reaction::Refused
            }
            Some(Ok(taken)) => {
                let leads = taken.leads;
                self.taken = Some(taken);
                match leads {
                    Leads::Nowhere => Reaction::Stay,
                    Leads::To(state) | Leads::BackTo(state) => {
                        let way = self.run.way_to(state);
                        self.way = Some(way);
                        if way.again || way.region != self.region {
                            Reaction::Hand
                        } else {
                            Reaction::MoveTo(way.to)
                        }
                    }
                }
            }
        }
    }

    fn leave(&mut self, at: Slot) {
        self.stop_tracks(at);
        let state = self.run.workflow.states.get(at);
        self.run.leave(state);
    }

    fn effects(&mut self) {
        let Some(taken) = &self.taken else { return };
        let (effects, resumed) = (taken.effects, self.is_resumed());
        let region = match self.way {
            Some(way) => {
                self.run.put_at(way, resumed);
                way.region
            }
            None => self.region,
        };
        let visit_of = self.run.rest(region);
        self.run.effects(effects, visit_of);
    }

    fn enter(&mut self, at: Slot) {
        // An end that was entered in a track before ends the case.
        if !self.run.is_running() {
            return;
        }
        let state = self.run.workflow.states.get(at);
        let risen = self.run.enter(state, self.is_resumed(), self.round_risen);
        self.round_risen |= risen;
        self.start_tracks(at);
    }
}

impl<'a> Run<'a> {
    fn leave(&mut self, state: &'a State) {
        self.within(state.id, |run| run.write_values_or_tell(&state.exit));
        self.within(state.id, |run| run.effects(&state.exit, state));
        // Those who are asked no longer after this are told before it.
        self.send_deferred();
        self.relieve(state);
        self.depart(state, Decided::Left);
    }

    /// What dies with a state: timers, links, awaited answers, an open ballot.
    pub fn depart(&mut self, state: &State, decided: Decided) {
        self.close_ballot(state, decided);
        let path = &state.path;
        self.case.timers.retain(|timer| timer.state != *path);
        self.case.mail_links.retain(|link| link.state != *path);
        self.case.awaited.retain(|awaited| awaited.state != *path);
        self.stop_clock(state);
        self.case.mandates.retain(|mandate| mandate.state != *path);
        self.case.claim.take_if(|claim| claim.state == *path);
        self.case.left.insert(path.clone());
    }

    /// Whether this entry made the round rise.
    fn enter(&mut self, state: &'a State, resumed: bool, risen_already: bool) -> bool {
        let rises = self.arrive(state, resumed, risen_already);
        self.within(state.id, |run| run.write_values_or_tell(&state.enter));
        self.within(state.id, |run| run.effects(&state.enter, state));
        if matches!(state.kind, StateKind::End(_)) {
            self.end_in(state);
        }
        rises
    }

    /// What begins with a state: a visit, its timers, its ballot. Whether the round rose with it (rule 24).
    pub fn arrive(&mut self, state: &'a State, resumed: bool, risen_already: bool) -> bool {
        let path = &state.path;
        let before = self.case.visits_of(path.as_str());
        self.case.visits.insert(path.clone(), before + 1);
        self.case.entered.insert(path.clone(), self.now);
        let submission = self.cause.starter_side && state.review.is_some();
        let rises = submission && before > 0 && !risen_already;
        if rises {
            self.case.round += 1;
        }
        if submission {
            self.case.submitted_at = Some(self.now);
            self.close_answered_comments();
        }
        self.start_clock(state);
        if let Some(review) = &state.review {
            self.open_ballot(state, review, resumed);
        }
        self.arm_timers(state);
        rises
    }

    /// The case is over: nothing of it waits any more.
    pub fn end_in(&mut self, state: &'a State) {
        let StateKind::End(end) = state.kind else {
            return;
        };
        self.case.lifecycle = Lifecycle::Ended { end, at: self.now };
        for state in self.states() {
            self.relieve(state);
            self.close_ballot(state, Decided::Left);
        }
        self.case.timers.clear();
        self.case.mail_links.clear();
        self.case.awaited.clear();
        self.case.mandates.clear();
        self.case.claim = None;
        self.case.due.clear();
        self.case.paused.clear();
    }
}
