//! Whose turn it is in a case, and what it is called in lists.

use crate::{
    ballot,
    markdown::one_line,
    outcome::{Subject, Waiting},
    policy,
    workflow::State,
};

use super::run::Run;

impl Run<'_> {
    /// Whose turn it is now.
    pub fn waiting_rows(&self) -> Vec<Waiting> {
        if !self.is_running() {
            return Vec::new();
        }
        let offered = |action: &crate::workflow::Action| {
            // Without knowing who asks, a condition that reads the actor fails: then it may be true.
            let sight = self.sight();
            action
                .when
                .as_ref()
                .is_none_or(|when| sight.truth(when).unwrap_or(true))
        };
        let mut rows = policy::waiting(self.workflow, &self.case, self.reading, &offered);
        for state in self.reviewing() {
            let names_people = |review: &&crate::workflow::Review| {
                let except = review.except.as_ref();
                except.is_some_and(|except| except.people.is_some())
            };
            let Some(review) = state.review.as_ref().filter(names_people) else {
                continue;
            };
            let sight = self.sight_at(state);
            let seats = policy::seats(self.workflow, &self.case, review, None, self.reading);
            let out: Vec<_> = seats
                .into_iter()
                .filter(|person| !ballot::is_eligible(&sight, review, person))
                .collect();
            for row in rows.iter_mut().filter(|row| review.by.contains(&row.role)) {
                row.but.extend(out.iter().cloned());
            }
        }
        self.only_preferred(&mut rows);
        rows
    }

    /// While only those are asked who did it last time, the ballot waits for them alone.
    fn only_preferred(&self, rows: &mut Vec<Waiting>) {
        for state in self.reviewing() {
            self.only_preferred_in(state, rows);
        }
    }

    fn only_preferred_in(&self, state: &State, rows: &mut Vec<Waiting>) {
        let (Some(review), Some(ballot)) = (&state.review, self.ballot_of(state)) else {
            return;
        };
        let Some(preferred) = ballot::narrow(&self.sight_at(state), review, ballot, state) else {
            return;
        };
        let of_review = |row: &Waiting| review.by.contains(&row.role);
        let Some(pattern) = rows.iter().find(|row| of_review(row)).cloned() else {
            return;
        };
        rows.retain(|row| !of_review(row));
        let people = preferred.iter().chain(&ballot.added);
        rows.extend(people.cloned().map(|person| Waiting {
            who: Subject::Person(person),
            ..pattern.clone()
        }));
    }

    /// What the case is called in lists; empty while its data are missing.
    pub fn retitle(&mut self) {
        let Some(expression) = &self.workflow.case_title else {
            return;
        };
        let title = self.or_wait("case_title", expression.evaluate(&self.sight()));
        let language = self
            .workflow
            .surroundings
            .languages
            .first()
            .copied()
            .unwrap_or_default();
        let title = match title {
            Some(crate::expression::Value::String(text)) => text.to_string(),
            Some(crate::expression::Value::Text(text)) => text.get(language).to_owned(),
            Some(crate::expression::Value::Null) | None => String::new(),
            Some(other) => match other.to_json() {
                serde_json::Value::String(text) => text,
                json => json.to_string(),
            },
        };
        self.case.title = one_line(&title);
    }
}
