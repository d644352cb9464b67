//! The states that a case is in before and after: their timers, due times, links and ballots go along; what is new around
//! them begins, without its effects.

use crate::{
    case::{Fallen, Outcome as Decided},
    migration::Verdict,
    name::Name,
    text::Text,
    workflow::{State, StatePath, Timer, TimerFate},
};

use super::Moving;

impl<'a> Moving<'a> {
    /// Goes through the states of the newer version that the case is in now, outer before inner.
    pub(super) fn enter_or_stay(&mut self, stays: &[StatePath]) {
        let old = self.way.old;
        let mut active: Vec<_> = self.run.states().collect();
        active.sort_by_key(|state| state.id);
        for state in active {
            if !stays.contains(&state.path) {
                self.run.arrive(state, false, false);
                self.note(
                    Verdict::SafeWithDefault,
                    &state.path,
                    Text::new(
                        format!("`{}` begins now; nobody is told by mail.", state.path),
                        format!("自此进入 `{}`；不发邮件通知。", state.path),
                    ),
                );
                continue;
            }
            let mut before = old.states.iter();
            let before = before.find(|old| self.way.path(old.path.as_str()) == state.path.as_str());
            self.carry_timers(before, state);
            self.carry_due(state);
            self.carry_links(state);
            self.carry_ballot(state);
        }
    }

    fn carry_timers(&mut self, before: Option<&State>, state: &'a State) {
        for timer in state.timers.values() {
            let stated = self.fate(timer);
            let armed = |armed: &crate::case::ArmedTimer| {
                armed.state == state.path && armed.timer == timer.name
            };
            let known = self.run.case.timers.iter().any(armed);
            match (stated, known) {
                (Some(TimerFate::Keep) | None, true) => {}
                (Some(TimerFate::Drop), _) => self.run.case.timers.retain(|timer| !armed(timer)),
                (Some(TimerFate::Restart), _) => {
                    self.run.case.timers.retain(|timer| !armed(timer));
                    self.run.restart_timer(state, timer);
                }
                (Some(TimerFate::Keep) | None, false) => {
                    self.run.restart_timer(state, timer);
                    self.remark(
                        Verdict::SafeWithDefault,
                        &timer.name,
                        Text::new(
                            format!("The timer `{}` is new and starts now.", timer.name),
                            format!("计时器 `{}` 为新增，自现在起计时。", timer.name),
                        ),
                        None,
                    );
                }
            }
        }
        let gone = before.into_iter().flat_map(|before| before.timers.values());
        for timer in gone.filter(|timer| !state.timers.contains_key(&timer.name)) {
            let armed = self.run.case.timers.len();
            let timers = &mut self.run.case.timers;
            timers.retain(|armed| armed.state != state.path || armed.timer != timer.name);
            let was_armed = timers.len() < armed;
            if was_armed && self.fate(timer).is_none() {
                self.remark(
                    Verdict::SafeWithDefault,
                    &timer.name,
                    Text::new(
                        format!("The timer `{}` has gone and is dropped.", timer.name),
                        format!("计时器 `{}` 已不存在，将被取消。", timer.name),
                    ),
                    None,
                );
            }
        }
    }

    fn fate(&self, timer: &Timer) -> Option<TimerFate> {
        self.way.how?.timers.get(&timer.name).copied()
    }

    fn carry_due(&mut self, state: &'a State) {
        match &state.due {
            None => {
                self.run.case.due.remove(&state.path);
            }
            Some(_)
                if self.run.case.due.contains_key(&state.path)
                    || self.run.case.paused.contains_key(&state.path) => {}
            Some(due) => {
                let due = self.run.reckon(self.run.now, due);
                self.run.case.due.insert(state.path.clone(), due);
            }
        }
    }

    /// A link that was mailed for an action that is still there goes on opening it.
    fn carry_links(&mut self, state: &State) {
        let offers = |action: &str| {
            let review = state.review.as_ref();
            state.actions.contains_key(action)
                || review.is_some_and(|review| review.decisions.contains_key(action))
        };
        let links = &mut self.run.case.mail_links;
        links.retain(|link| link.state != state.path || offers(&link.action));
    }

    fn carry_ballot(&mut self, state: &'a State) {
        let running = self.run.ballot_of(state);
        let is_open = running.is_some_and(|ballot| ballot.decided.is_none());
        match &state.review {
            None if is_open => {
                self.run.close_ballot(state, Decided::Left);
                self.note(
                    Verdict::SafeWithDefault,
                    &state.path,
                    Text::new(
                        "It has no review any more; votes cast so far decide nothing.",
                        "该状态不再有评审；已投的票不再起作用。",
                    ),
                );
            }
            None => {}
            Some(review) if running.is_none() => {
                self.run.open_ballot(state, review, false);
                self.note(
                    Verdict::SafeWithDefault,
                    &state.path,
                    Text::new(
                        "It has a review now; its reviewers are not told by mail.",
                        "该状态现有评审；不发邮件通知评审人。",
                    ),
                );
            }
            Some(review) => {
                let Some(ballot) = self.run.ballot_of_mut(state) else {
                    return;
                };
                if review.assign.is_none() {
                    ballot.assigned = None;
                }
                let has = |panel: &Option<Name>| match panel {
                    Some(panel) => review.panels.contains_key(panel),
                    None => review.panels.is_empty(),
                };
                ballot
                    .panels
                    .retain(|open| review.panels.contains_key(&open.panel));
                for vote in &mut ballot.votes {
                    let stays = has(&vote.panel) && review.decisions.contains_key(&vote.decision);
                    if vote.stands() && !stays {
                        vote.fallen = Some(Fallen::Voided);
                    }
                }
            }
        }
    }
}
