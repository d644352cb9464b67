//! How long a state may take (`due`), and clocks of it that stand still while the case is with somebody else
//! (`pauses_in`): they go on with what was left when it comes back, and are forgotten when it goes anywhere else.

use crate::{
    case::PausedDue,
    time::{self, Length, Time},
    timetable,
    workflow::{From, State, TimerWhen},
};

use super::run::Run;

impl<'a> Run<'a> {
    /// A state is entered: its clock begins, or goes on.
    pub fn start_clock(&mut self, state: &'a State) {
        let Some(length) = &state.due else { return };
        let due = match self.case.paused.remove(&state.path) {
            Some(paused) => self.moved_on(length, paused),
            None => {
                let around = &self.workflow.surroundings;
                time::add(self.now, length, &around.calendar, around.zone)
            }
        };
        self.case.due.insert(state.path.clone(), due);
    }

    /// A state is left: its clock ends, or stops for now.
    pub fn stop_clock(&mut self, state: &State) {
        let due = self.case.due.remove(&state.path);
        if let Some(due) = due.filter(|_| !state.pauses_in.is_empty()) {
            let since = self.now;
            self.case
                .paused
                .insert(state.path.clone(), PausedDue { due, since });
        }
    }

    /// After a move: stops and starts clocks by where the case is now.
    pub fn tend_clocks(&mut self) {
        let states = &self.workflow.states;
        let clocks = states.iter().filter(|state| !state.pauses_in.is_empty());
        let mut moved = false;
        for state in clocks {
            let Some(length) = &state.due else { continue };
            let path = &state.path;
            let is_in = |path: &crate::workflow::StatePath| self.case.is_in(path.as_str());
            let away = state
                .pauses_in
                .iter()
                .any(|other| is_in(&states.get(*other).path));
            if is_in(path) && away && self.case.due.contains_key(path) {
                self.stop_clock(state);
                moved = true;
            } else if is_in(path) && !away {
                if let Some(paused) = self.case.paused.remove(path) {
                    let due = self.moved_on(length, paused);
                    self.case.due.insert(path.clone(), due);
                    moved = true;
                }
            } else if !away {
                self.case.paused.remove(path);
            }
        }
        if moved {
            self.follow_due();
        }
    }

    /// Timers that count from a due time rest while it does, and follow it when it has moved.
    fn follow_due(&mut self) {
        for state in self.states() {
            for timer in state.timers.values() {
                let TimerWhen::Every(every) = &timer.when else {
                    continue;
                };
                if every.from != From::Due {
                    continue;
                }
                let fired = self
                    .armed(state, &timer.name)
                    .map_or(0, |armed| armed.fired);
                if every.times.is_some_and(|times| fired >= times) {
                    continue;
                }
                let due = timetable::firing(self.workflow, &self.case, state, every, fired, None);
                let mut timers = self.case.timers.iter_mut();
                let armed =
                    timers.find(|armed| armed.state == state.path && armed.timer == timer.name);
                if let Some(armed) = armed {
                    armed.due = due;
                }
            }
        }
    }

    /// The due time with as much left as when its clock stopped: of lengths by the working calendar as much opening
    /// time. What was overdue already is due now.
    fn moved_on(&self, length: &Length, paused: PausedDue) -> Time {
        let PausedDue { due, since } = paused;
        if due <= since {
            return self.now;
        }
        let around = &self.workflow.surroundings;
        if length.needs_calendar() {
            let left = around.calendar.open_time_between(since, due, around.zone);
            around.calendar.add_open_time(self.now, left, around.zone)
        } else {
            self.now + (due - since)
        }
    }
}
