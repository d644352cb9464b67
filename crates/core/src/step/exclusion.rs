//! `except: { people }` that cannot be reckoned: nobody may decide or act there until it can, and an incident says so.

use crate::{
    ballot,
    text::Text,
    workflow::{Except, State},
};

use super::run::Run;

impl<'a> Run<'a> {
    /// Tells of every exclusion around the case that cannot be reckoned now.
    pub fn tell_failing_exclusions(&mut self) {
        let states: Vec<&'a State> = self.states().collect();
        for state in states {
            let review = state
                .review
                .iter()
                .filter(|_| self.ballot_of(state).is_some());
            let review: Vec<_> = review.collect();
            let decisions = review.iter().flat_map(|review| review.decisions.values());
            let decided = decisions.map(|decision| &decision.action);
            let actions = state.actions.values().chain(decided);
            let excepts = actions.filter_map(|action| action.except.as_ref());
            let reviews = review.iter().filter_map(|review| review.except.as_ref());
            let all: Vec<&'a Except> = reviews.chain(excepts).collect();
            for except in all {
                self.tell_if_failing(state, except);
            }
        }
    }

    /// Whether nobody may vote in a review, since it cannot be told whom it excludes.
    pub fn exclusion_fails(&self, state: &State) -> bool {
        let except = state
            .review
            .as_ref()
            .and_then(|review| review.except.as_ref());
        except.is_some_and(|except| ballot::exclusion(&self.sight_at(state), except).is_err())
    }

    fn tell_if_failing(&mut self, state: &State, except: &Except) {
        let Err(why) = ballot::exclusion(&self.sight_at(state), except) else {
            return;
        };
        if !self.reading.is_complete() {
            return;
        }
        let source = except.people.as_ref().map_or("", |people| people.source());
        let message = Text::new(
            format!(
                "It cannot be told whom `except` excludes, so nobody may decide: `{source}`: {why}."
            ),
            format!("无法确定 `except` 排除的人员，因此任何人都不能决定：`{source}`：{why}。"),
        );
        let cause = format!("exclusion {} {source}", state.path);
        self.incident(cause, "exclusion_failed", message);
    }
}
