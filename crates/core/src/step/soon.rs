//! `as_soon_as`: timers that wait for something to be true instead of a moment, each a step of its own in the commit
//! that made it true (rules 35, 49); and what a case has to be woken for.

use std::collections::BTreeSet;

use crate::{
    case::{Actor, Watch},
    reading::Reading,
    sight::Sight,
    text::Text,
    workflow::{State, Timer, TimerWhen, Votes},
};

use super::{
    dispatch::Event,
    run::{Cause, Run},
};

/// How many of them may follow from one another in one commit.
const MOST_STEPS: u32 = 16;

impl<'a> Run<'a> {
    /// Takes kept signals, then fires what has become true, in document order, each looked for anew after the one before.
    pub fn soon(&mut self) {
        let cause = self.cause.clone();
        for steps in 0.. {
            self.take_early();
            let Some((state, timer)) = self.next_true() else {
                break;
            };
            if steps == MOST_STEPS {
                let message = Text::new(
                    "What should happen as soon as something is true follows from itself without end.",
                    "“一旦满足即执行”的步骤循环触发。",
                );
                self.incident(format!("ring {}", self.case.state), "timer_ring", message);
                break;
            }
            self.count_firing(state, timer, self.now);
            self.cause = Cause::of_timer(timer.name.clone());
            self.attempt(&format!("timer {}", timer.name), |run| {
                run.dispatch(Event::Timer {
                    state: state.id,
                    timer: &timer.name,
                })?;
                run.follow()
            });
        }
        self.cause = cause;
    }

    /// The first that is true and has not fired in this visit.
    fn next_true(&self) -> Option<(&'a State, &'a Timer)> {
        let mut waiting = self.waiting_to_be_true().into_iter();
        waiting.find_map(|(state, timer, condition)| {
            let place = format!("timers.{}", timer.name);
            let truth = self.sight().truth(condition);
            let fires = self.or_wait(&place, truth) == Some(true) && self.reading.is_complete();
            fires.then_some((state, timer))
        })
    }

    fn waiting_to_be_true(&self) -> Vec<(&'a State, &'a Timer, &'a crate::expression::Expression)> {
        if !self.is_running() {
            return Vec::new();
        }
        let mut states: Vec<_> = self.states().collect();
        states.sort_by_key(|state| state.id);
        let timers = states
            .into_iter()
            .flat_map(|state| state.timers.values().map(move |timer| (state, timer)));
        let waiting = timers.filter_map(|(state, timer)| match &timer.when {
            TimerWhen::AsSoonAs(condition) => Some((state, timer, condition)),
            TimerWhen::After(_) | TimerWhen::Every(_) | TimerWhen::At(_) | TimerWhen::Cron(_) => {
                None
            }
        });
        waiting
            .filter(|(state, timer, _)| {
                self.armed(state, &timer.name)
                    .is_some_and(|armed| armed.fired == 0)
            })
            .collect()
    }

    /// The facts and cases that running ballots, `at` timers and `as_soon_as` read as the case is now; and the parent
    /// that the case ends with.
    pub fn watched(&self) -> BTreeSet<Watch> {
        if !self.is_running() {
            return BTreeSet::new();
        }
        let reading = Reading::new(self.ctx.inputs, &Actor::Machine)
            .at(self.now)
            .holding(&self.case.held);
        let sight = Sight::new(
            self.workflow,
            &self.case,
            &reading,
            self.now,
            &Actor::Machine,
        );
        // What they come to does not matter here, only what they look at.
        for (_, _, condition) in self.waiting_to_be_true() {
            let _ = condition.evaluate(&sight);
        }
        for state in self.states() {
            for timer in state.timers.values() {
                if let TimerWhen::At(moment) = &timer.when {
                    let _ = moment.evaluate(&sight);
                }
            }
            let Some(review) = state
                .review
                .as_ref()
                .filter(|_| self.ballot_of(state).is_some())
            else {
                continue;
            };
            let decisions = review.decisions.values();
            let excepts = decisions
                .clone()
                .map(|decision| &decision.action.except)
                .chain([&review.except]);
            for people in excepts
                .flatten()
                .filter_map(|except| except.people.as_ref())
            {
                let plain = Sight {
                    without_ballot: true,
                    ..sight
                };
                let _ = people.evaluate(&plain);
            }
            let panels = || review.panels.values();
            let votes = panels().flat_map(|panel| panel.votes.values());
            for votes in decisions.map(|decision| &decision.votes).chain(votes) {
                if let Votes::Reckoned(votes) = votes {
                    let _ = votes.evaluate(&sight);
                }
            }
            for when in panels().filter_map(|panel| panel.when.as_ref()) {
                let _ = when.evaluate(&sight);
            }
        }
        self.watch_people(&reading);
        let mut watched = self.reading.watch(reading);
        let parent = self.case.parent.iter().filter(|parent| !parent.keep);
        watched.extend(parent.map(|parent| Watch::case(parent.case)));
        watched
    }
}
