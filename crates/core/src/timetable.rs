//! When repeated timers fire: reckoned from the start, never step by step (rule 40). Arming and firing is `step`'s, showing
//! `view`'s.

use crate::{
    case::{ArmedTimer, Case},
    time::{self, Time},
    workflow::{Every, From, State, TimerWhen, Workflow},
};

/// When a repeated timer of a state that the case is in fires for the `number`-th time, from 0; `since` the state was
/// entered, unless the timer was restarted.
pub(crate) fn firing(
    workflow: &Workflow,
    case: &Case,
    state: &State,
    every: &Every,
    number: u32,
    since: Option<Time>,
) -> Option<Time> {
    let around = &workflow.surroundings;
    let entered = since.or_else(|| case.entered.get(&state.path).copied())?;
    let add = |start, length| time::add(start, length, &around.calendar, around.zone);
    let (start, steps) = match &every.from {
        From::Entry => (entered, number + 1),
        From::Due => (due_of(workflow, case, state)?, number),
        From::After(length) => (add(entered, length), number),
    };
    if steps == 0 {
        Some(start)
    } else {
        Some(add(start, &every.every.times(steps)))
    }
}

/// The firings of an armed timer after its next one, at most so many; none of one that does not repeat.
pub(crate) fn following(
    workflow: &Workflow,
    case: &Case,
    armed: &ArmedTimer,
    most: u32,
) -> Vec<Time> {
    let state = workflow.states.find(armed.state.as_str());
    let timer = state.and_then(|state| Some((state, state.timers.get(&armed.timer)?)));
    let (Some((state, timer)), Some(due)) = (timer, armed.due) else {
        return Vec::new();
    };
    match &timer.when {
        TimerWhen::Every(every) => {
            let last = every.times.unwrap_or(u32::MAX);
            let numbers = (armed.fired + 1..last).take(most as usize);
            let firings = numbers
                .map_while(|number| firing(workflow, case, state, every, number, armed.since));
            firings.filter(|firing| *firing > due).collect()
        }
        TimerWhen::Cron(schedule) => {
            let zone = workflow.surroundings.zone;
            let firings =
                std::iter::successors(Some(due), |after| schedule.next_after(*after, zone));
            firings.skip(1).take(most as usize).collect()
        }
        TimerWhen::After(_) | TimerWhen::At(_) | TimerWhen::AsSoonAs(_) => Vec::new(),
    }
}

/// When the state, or else the nearest one around it that says so, is due.
fn due_of(workflow: &Workflow, case: &Case, state: &State) -> Option<Time> {
    let mut outward = workflow.states.outward(state.id);
    outward.find_map(|state| case.due.get(&state.path).copied())
}
