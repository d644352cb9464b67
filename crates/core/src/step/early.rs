//! Signals that overtake their case (rule 46): an action with `keep: true` that a service takes before its state was ever
//! entered waits, and is taken on entry.

use chrono::TimeDelta;

use crate::{
    case::{Actor, Channel, Doer, EarlySignal},
    command::Act,
    history::What,
    name::Name,
    outcome::Refusal,
};

use super::{
    run::{Cause, Run},
    seal::Draft,
};

/// How long a signal waits for its state.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);

impl Run<'_> {
    /// Whether a signal comes before any visit of a state that would keep it.
    pub fn is_early(&self, act: &Act) -> bool {
        let keeps = |action: &crate::workflow::Action| action.keep && action.who.system;
        let mut states = self.workflow.states.iter();
        self.is_running()
            && self.offering(&act.action, None).is_none()
            && states.any(|state| {
                state.actions.get(act.action.as_str()).is_some_and(keeps)
                    && self.case.visits_of(state.path.as_str()) == 0
            })
    }

    /// Keeps it; the newest of a name wins.
    pub fn keep(&mut self, act: &Act) -> Result<(), Refusal> {
        self.must_be_fresh()?;
        self.answer(act)?;
        let Ok(action) = Name::parse(&act.action) else {
            return Err(self.not_here());
        };
        let early = &mut self.case.content.early;
        early.retain(|known| known.action != action);
        early.push(EarlySignal {
            action: action.clone(),
            data: act.data.clone(),
            comments: act.comments.clone(),
            by: self.cause.doer.clone(),
            came_at: self.now,
        });
        self.content_changed = true;
        self.write(Draft::of(What::Kept).about(&action));
        Ok(())
    }

    /// Takes what was kept for states that the case is in now, each as a step of its own.
    pub fn take_early(&mut self) {
        while let Some(signal) = self.next_early() {
            let Doer::Service(service) = &signal.by else {
                continue;
            };
            self.cause = Cause {
                doer: signal.by.clone(),
                role: None,
                channel: Channel::Signal,
                comment: String::new(),
                starter_side: false,
                instead_of: Vec::new(),
                at: None,
            };
            self.speaks = Some(Actor::Service(service.clone()));
            let act = Act {
                data: signal.data,
                comments: signal.comments,
                ..Act::new(signal.action.as_str())
            };
            self.attempt(&format!("signal {}", signal.action), |run| {
                run.act(&act)?;
                run.follow()
            });
            self.speaks = None;
        }
    }

    /// The next kept signal whose action is offered now; it is kept no longer. Those that waited too long are gone.
    fn next_early(&mut self) -> Option<EarlySignal> {
        if !self.is_running() || self.case.content.early.is_empty() {
            return None;
        }
        let offered = |signal: &EarlySignal| {
            let state = self.offering(&signal.action, None);
            let action = state.and_then(|state| state.actions.get(&signal.action));
            action.is_some_and(|action| action.keep)
        };
        let position = self.case.content.early.iter().position(offered)?;
        let signal = self.case.content.early.remove(position);
        self.content_changed = true;
        if signal.came_at + KEPT_FOR <= self.now {
            return self.next_early();
        }
        Some(signal)
    }
}
