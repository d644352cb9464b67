//! Timers: armed on entry, reckoned from it, fired in order, each as a step of its own at its due time (rules 38-42).

use crate::{
    case::{ArmedTimer, Case},
    expression::{Expression, Value},
    name::Name,
    outcome::Refusal,
    text::Text,
    time::{self, Length, Time, cron::Schedule},
    timetable,
    workflow::{Every, State, Timer, TimerWhen},
};

use super::{
    dispatch::Event,
    run::{Cause, Marks, Run},
};

/// How many timers fire in one commit; whatever is due besides fires in the next.
const MOST_FIRINGS: usize = 10_000;

impl<'a> Run<'a> {
    /// Fires every timer that is due by the moment of the command: earliest first, then in document order. Each is
    /// looked for anew, in the state that the one before left.
    pub fn fire_due_timers(&mut self) {
        let until = self.ctx.now;
        for _ in 0..MOST_FIRINGS {
            let next = self.next_timer().filter(|(_, _, due)| *due <= until);
            let before = next.as_ref().map_or(until, |(_, _, due)| *due);
            if let Some(at) = self.lapsing(before) {
                self.lapse(at);
                continue;
            }
            let Some((state, timer, due)) = next else {
                break;
            };
            self.now = due;
            self.cause = Cause::of_timer(timer.name.clone());
            self.fire(state, timer, due);
            if !self.reading.is_complete() {
                break;
            }
        }
    }

    fn next_timer(&self) -> Option<(&'a State, &'a Timer, Time)> {
        if !self.is_running() {
            return None;
        }
        let mut states: Vec<_> = self.states().collect();
        states.reverse();
        let timers = states
            .into_iter()
            .flat_map(|state| state.timers.values().map(move |timer| (state, timer)));
        let due = timers.filter_map(|(state, timer)| {
            Some((state, timer, self.armed(state, &timer.name)?.due?))
        });
        due.min_by_key(|(_, _, due)| *due)
    }

    pub(super) fn armed(&self, state: &State, timer: &Name) -> Option<&ArmedTimer> {
        self.case
            .timers
            .iter()
            .find(|armed| armed.state == state.path && armed.timer == *timer)
    }

    fn fire(&mut self, state: &'a State, timer: &'a Timer, due: Time) {
        self.count_firing(state, timer, due);
        self.attempt(&format!("timer {}", timer.name), |run| {
            run.dispatch(Event::Timer {
                state: state.id,
                timer: &timer.name,
            })?;
            run.settle()
        });
    }

    /// Looks again whether a ballot is decided, or something has become true that was waited for.
    pub fn look_again(&mut self) {
        self.now = self.ctx.now;
        if self.is_running() && self.reading.is_complete() {
            self.cause = Cause {
                doer: self.actor().doer(),
                role: None,
                channel: self.ctx.channel,
                comment: String::new(),
                starter_side: false,
                at: None,
                instead_of: Vec::new(),
            };
            self.attempt("recount", |run| {
                run.end_with_parent();
                run.settle()
            });
        }
    }

    /// Does what nobody is there to be refused for: what cannot be carried out is undone and told.
    pub(super) fn attempt(
        &mut self,
        what: &str,
        step: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) {
        let (case, marks) = (self.case.clone(), self.marks());
        if let Err(refusal) = step(self) {
            self.undo(what, &refusal, case, marks);
        }
    }

    /// Goes back to the case as it was, and tells what could not take effect.
    pub(super) fn undo(&mut self, what: &str, refusal: &Refusal, case: Case, marks: Marks) {
        self.case = case;
        self.back_to(marks);
        let reasons = match refusal {
            Refusal::Missing(missing) | Refusal::Invalid(missing) => {
                let names: Vec<_> = missing
                    .iter()
                    .map(|missing| missing.name.as_str())
                    .collect();
                names.join(", ")
            }
            other => other.code().to_owned(),
        };
        let message = Text::new(
            format!("`{what}` could not take effect: {reasons}."),
            format!("`{what}` 未能生效：{reasons}。"),
        );
        let cause = format!("{what} {} {}", self.case.state, time::to_text(self.now));
        self.incident(cause, "step_failed", message);
    }

    /// Notes that it fired, and when it does next.
    pub(super) fn count_firing(&mut self, state: &'a State, timer: &'a Timer, due: Time) {
        let path = &state.path;
        let Some(position) = self
            .case
            .timers
            .iter()
            .position(|armed| armed.state == *path && armed.timer == timer.name)
        else {
            return;
        };
        let since = self.case.timers[position].since;
        let fired = self.case.timers[position].fired + 1;
        let next = match &timer.when {
            TimerWhen::After(_) | TimerWhen::At(_) | TimerWhen::AsSoonAs(_) => None,
            // What was missed while nobody fired it comes once (rule 40).
            TimerWhen::Cron(schedule) => self.next_of(schedule, self.ctx.now.max(due)),
            TimerWhen::Every(every) if every.times.is_some_and(|times| fired >= times) => None,
            TimerWhen::Every(every) => self
                .firing(state, every, fired, since)
                .filter(|next| *next > due),
        };
        let armed = &mut self.case.timers[position];
        armed.fired = fired;
        armed.due = next;
        if matches!(timer.when, TimerWhen::At(_)) {
            armed.fired_for = Some(due);
        }
        self.touched = true;
    }

    /// Starts the timers of a state that is entered.
    pub fn arm_timers(&mut self, state: &'a State) {
        for timer in state.timers.values() {
            self.arm_timer(state, timer, None);
        }
    }

    /// Starts a timer of a state that was entered earlier: it is reckoned from now.
    pub fn restart_timer(&mut self, state: &'a State, timer: &'a Timer) {
        self.arm_timer(state, timer, Some(self.now));
    }

    fn arm_timer(&mut self, state: &'a State, timer: &'a Timer, since: Option<Time>) {
        let due = match &timer.when {
            TimerWhen::After(length) => Some(self.reckon(self.now, length)),
            TimerWhen::Every(every) if every.times == Some(0) => None,
            TimerWhen::Every(every) => self.firing(state, every, 0, since),
            TimerWhen::At(moment) => self.moment(timer, moment),
            TimerWhen::Cron(schedule) => self.next_of(schedule, self.now),
            TimerWhen::AsSoonAs(_) => None,
        };
        let (state, timer) = (state.path.clone(), timer.name.clone());
        self.case.timers.push(ArmedTimer {
            state,
            timer,
            due,
            fired: 0,
            fired_for: None,
            since,
        });
    }

    /// The moment so long after a start, by the calendar of the workflow.
    pub fn reckon(&self, start: Time, length: &Length) -> Time {
        let around = &self.workflow.surroundings;
        time::add(start, length, &around.calendar, around.zone)
    }

    fn next_of(&self, schedule: &Schedule, after: Time) -> Option<Time> {
        schedule.next_after(after, self.workflow.surroundings.zone)
    }

    /// When a repeated timer fires for the `number`-th time, from 0.
    fn firing(
        &self,
        state: &State,
        every: &Every,
        number: u32,
        since: Option<Time>,
    ) -> Option<Time> {
        timetable::firing(self.workflow, &self.case, state, every, number, since)
    }

    /// The moment that an expression gives; a date means its end. A timer whose data are missing rests.
    pub(super) fn moment(&self, timer: &Timer, moment: &Expression) -> Option<Time> {
        let place = format!("timers.{}", timer.name);
        match self.or_wait(&place, moment.evaluate(&self.sight()))? {
            Value::Time(time) => Some(time),
            Value::Date(date) => Some(time::end_of_day(date, self.workflow.surroundings.zone)),
            _ => None,
        }
    }

    /// Reckons `at` timers again: their data may have changed.
    pub fn rearm_moments(&mut self) {
        if !self.is_running() {
            return;
        }
        for state in self.states() {
            for timer in state.timers.values() {
                let TimerWhen::At(moment) = &timer.when else {
                    continue;
                };
                let due = self.moment(timer, moment);
                let path = &state.path;
                let armed = self
                    .case
                    .timers
                    .iter_mut()
                    .find(|armed| armed.state == *path && armed.timer == timer.name);
                let Some(armed) = armed else { continue };
                let due = due.filter(|due| armed.fired_for != Some(*due));
                if armed.due != due {
                    armed.due = due;
                    self.touched = true;
                }
            }
        }
    }
}
