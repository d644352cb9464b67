//! Which people a case has to be woken for: those whom its running ballots ask, by name or by role, and who voted. A
//! change of one of them, or of a group, can decide a ballot or leave it without anybody.

use crate::{
    case::Watch,
    name::Name,
    policy,
    reading::Reading,
    workflow::{Except, Review, RoleIs, State},
};

use super::run::Run;

impl Run<'_> {
    /// Notes them in a reading.
    pub fn watch_people(&self, reading: &Reading<'_>) {
        for state in self.reviewing() {
            self.watch_people_of(state, reading);
        }
    }

    fn watch_people_of(&self, state: &State, reading: &Reading<'_>) {
        let (Some(review), Some(ballot)) = (&state.review, self.ballot_of(state)) else {
            return;
        };
        // A vote outlives the group of its voter, but not that he comes under `except`.
        let excludes = excepts(review).any(|except| !except.roles.is_empty());
        let voters = ballot.votes.iter().filter(|vote| excludes && vote.stands());
        let voters = voters.flat_map(|vote| vote.instead_of.iter().chain([&vote.by]));
        let handed = self.case.mandates.iter();
        let handed = handed.flat_map(|mandate| [&mandate.from, &mandate.to]);
        for person in ballot.named().chain(voters).chain(handed) {
            reading.note_watch(Watch::person(person));
        }
        let excluded = excepts(review).flat_map(|except| &except.roles);
        for role in review.by.iter().chain(excluded) {
            self.watch_role(role, reading);
        }
    }

    fn watch_role(&self, role: &Name, reading: &Reading<'_>) {
        match self.workflow.roles.get(role).map(|role| &role.is) {
            Some(RoleIs::Group(group) | RoleIs::Partner { group: Some(group) }) => {
                reading.note_watch(Watch::group(group));
            }
            Some(RoleIs::Partner { group: None }) => {
                if let Some(partner) = &self.case.partner {
                    reading.note_watch(Watch::people_of(partner));
                }
            }
            Some(RoleIs::Starter) => self.watch_starter(reading),
            Some(RoleIs::Groups(_)) => {
                for group in policy::groups_of(self.workflow, &self.case, role, reading) {
                    reading.note_watch(Watch::group(&group));
                }
            }
            Some(RoleIs::Person(_) | RoleIs::Relation(_)) => {
                // A relation is an attribute of the starter, as a rule.
                self.watch_starter(reading);
                for person in policy::people_of(self.workflow, &self.case, role, reading) {
                    reading.note_watch(Watch::person(&person));
                }
            }
            Some(RoleIs::LinkHolder { .. }) | None => {}
        }
    }

    fn watch_starter(&self, reading: &Reading<'_>) {
        if let Some(starter) = &self.case.starter {
            reading.note_watch(Watch::person(starter));
        }
    }
}

/// Whom a review or one of its decisions excludes.
fn excepts(review: &Review) -> impl Iterator<Item = &Except> {
    let decisions = review.decisions.values();
    let decisions = decisions.filter_map(|decision| decision.action.except.as_ref());
    review.except.iter().chain(decisions)
}
