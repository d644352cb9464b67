//! Who joins a running ballot, and who leaves it without a word: people added during a visit (rule 32), those who are
//! asked once the preferred have all voted, and those who departed, which is told and never passed over.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    ballot::{self, Count},
    case::PersonId,
    history::What,
    name::Name,
    policy,
    text::Text,
    workflow::State,
};

use super::{run::Run, seal::Draft};

impl<'a> Run<'a> {
    /// Adds the people of a role who may vote to the running ballot.
    pub fn add_reviewers(&mut self, role: &Name) {
        let Some(state) = self.reviewing_here() else {
            return;
        };
        let (Some(review), Some(visit)) = (
            state.review.as_ref(),
            self.ballot_of(state).map(|ballot| ballot.visit),
        ) else {
            return;
        };
        let people = policy::people_of(self.workflow, &self.case, role, self.reading);
        let (eligible, joined) = {
            let sight = self.sight_at(state);
            let asked = Count::running(&sight).map_or_else(BTreeSet::new, |count| {
                let (seats, members) = (count.seats(), count.members());
                &seats | &members
            });
            let eligible = people
                .into_iter()
                .filter(|person| ballot::is_eligible(&sight, review, person));
            let eligible: Vec<PersonId> = eligible.collect();
            let joined = eligible.iter().filter(|person| !asked.contains(*person));
            let joined: Vec<PersonId> = joined.cloned().collect();
            (eligible, joined)
        };
        if eligible.is_empty() {
            let message = Text::new(
                "Nobody could be added to the review.",
                "没有可以加入评审的人员。",
            );
            let cause = format!("nobody_to_add {role} {} {visit}", state.path);
            self.incident(cause, "no_reviewer", message);
        }
        if joined.is_empty() {
            return;
        }
        if let Some(ballot) = self.ballot_of_mut(state) {
            ballot.added.extend(joined.iter().cloned());
        }
        let detail = json!({ "added": joined, "state": state.path, "visit": visit });
        let changes = std::mem::take(&mut self.changes);
        self.write(Draft::of(What::Assigned).with(detail));
        self.changes = changes;
        self.tell_joined(state, &joined);
    }

    /// Asks everybody, since those who were preferred have voted. `false`: nobody was preferred.
    pub fn widen(&mut self, state: &'a State) -> bool {
        let narrow = {
            let sight = self.sight_at(state);
            let review = state.review.as_ref().zip(self.ballot_of(state));
            review.and_then(|(review, ballot)| ballot::narrow(&sight, review, ballot, state))
        };
        if narrow.is_none() {
            return false;
        }
        if let Some(ballot) = self.ballot_of_mut(state) {
            ballot.widened = true;
        }
        self.touched = true;
        let joined: Vec<PersonId> = {
            let sight = self.sight_at(state);
            let remaining = Count::running(&sight).map(|count| count.remaining());
            remaining.into_iter().flatten().collect()
        };
        self.tell_joined(state, &joined);
        true
    }

    /// Tells of everybody whom the running ballot asks by name and who has left without a vote. What was handed to
    /// them falls back to whom it came from.
    pub fn tell_departed(&mut self) {
        for state in self.reviewing() {
            self.tell_departed_from(state);
        }
    }

    fn tell_departed_from(&mut self, state: &State) {
        let Some(ballot) = self.ballot_of(state) else {
            return;
        };
        let handed = self.case.mandates.iter().map(|mandate| &mandate.to);
        let named = ballot.named().chain(handed);
        let voted = |person: &PersonId| {
            let mut votes = ballot.votes.iter().filter(|vote| vote.stands());
            votes.any(|vote| vote.is_of(person))
        };
        let is_gone = |person: &&PersonId| {
            let known = self.reading.person(person);
            !voted(person) && known.is_none_or(|person| person.disabled)
        };
        let gone: BTreeSet<PersonId> = named.filter(is_gone).cloned().collect();
        if gone.is_empty() || !self.reading.is_complete() {
            return;
        }
        let visit = ballot.visit;
        self.case
            .mandates
            .retain(|mandate| !gone.contains(&mandate.to));
        for person in gone {
            let message = Text::new(
                "Somebody who was asked to review has left without voting.",
                "一名评审人未投票即已离开。",
            );
            let cause = format!("departed {person} {} {visit}", state.path);
            self.incident(cause, "departed_reviewer", message);
        }
    }
}
