//! `waiting_for` of a case: each role whose turn it is, with those of it who could act now. Not for the rows of
//! inboxes (`policy`), which leave groups unresolved.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    case::{Actor, Person, PersonId},
    name::Name,
    policy::{Policy, Turn, people_of, turns},
};

use super::{Tally, glass::Glass};

/// A role whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingForView {
    /// The role.
    pub role: Name,
    /// Who of it; absent if he may not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<PersonId>>,
}

impl Glass<'_> {
    pub(super) fn waiting_for(&self, tallies: &[Tally]) -> Vec<WaitingForView> {
        let turns = turns(self.workflow, self.case, &|_| true);
        let told = turns.iter().map(|turn| {
            let people = self.people_of_turn(turn, tallies);
            let nameable = people.iter().all(|id| self.may_name(id));
            let hidden = turn.review.is_some() && !self.visible.reviewers();
            WaitingForView {
                role: turn.role.clone(),
                people: (nameable && !hidden).then(|| people.into_iter().collect()),
            }
        });
        told.collect()
    }

    /// Who could act: of a running review those who may still vote, as counted; else the people of the role. Whoever
    /// the turn was handed to has it, whoever is away has a substitute, and a claimed turn is nobody else's.
    fn people_of_turn(&self, turn: &Turn<'_>, tallies: &[Tally]) -> BTreeSet<PersonId> {
        let (case, reading) = (self.case, self.viewer.reading);
        let claim = case.claim.as_ref();
        let claim = claim.filter(|claim| claim.holds(&turn.state.path, turn.role));
        if let Some(claim) = claim {
            let mut people = BTreeSet::from([claim.by.clone()]);
            people.extend(self.substitute(&claim.by, turn, None));
            return people;
        }
        let mut people = people_of(self.workflow, case, turn.role, reading);
        let handed = case.mandates.iter();
        let handed = handed.filter(|mandate| turn.state.path.is_in(mandate.state.as_str()));
        let (from, to): (Vec<_>, Vec<_>) =
            handed.map(|mandate| (&mandate.from, &mandate.to)).unzip();
        people.retain(|id| !from.contains(&id));
        people.extend(to.into_iter().filter(|id| !from.contains(id)).cloned());
        let mut tally = None;
        if let Some((_, ballot)) = turn.review {
            // Somebody assigned who has left the group since may still vote.
            people.extend(ballot.assigned.iter().flatten().cloned());
            people.extend(ballot.added.iter().cloned());
            let mut tallies = tallies.iter();
            tally = tallies.find(|tally| tally.state == turn.state.path);
            people.retain(|id| {
                let mut votes = ballot.votes.iter();
                let voted = votes.any(|vote| vote.by == *id && vote.stands());
                tally.map_or(!voted, |tally| tally.may_vote.contains(id))
            });
        }
        let instead = people.iter();
        let instead: Vec<_> = instead
            .filter_map(|id| self.substitute(id, turn, tally))
            .collect();
        people.extend(instead);
        people
    }

    /// Who may act for somebody that is away now.
    fn substitute(
        &self,
        of: &PersonId,
        turn: &Turn<'_>,
        tally: Option<&Tally>,
    ) -> Option<PersonId> {
        let reading = self.viewer.reading;
        let away = reading.person(of)?.away.clone();
        let away = away.filter(|away| away.is_at(self.viewer.now))?;
        let substitute = away.substitute?;
        if let Some(tally) = tally {
            return Some(substitute).filter(|id| tally.may_vote.contains(id));
        }
        let him = Actor::Person(Person::clone(&*reading.person(&substitute)?));
        let policy = Policy::new(self.workflow, self.case, &him, reading);
        let roles = std::slice::from_ref(turn.role);
        policy.standing(roles, &turn.state.path).map(|_| substitute)
    }
}
