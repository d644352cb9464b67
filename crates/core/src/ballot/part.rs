//! One panel of a ballot, or the whole of one that has none: its people, and whether it has reached a decision.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, PersonId, Vote},
    expression::{Failure, Value},
    policy::Bench,
    sight::Sight,
    workflow::{Decision, Review, State, Votes},
};

use super::{is_eligible, narrow, number};

/// Those who vote together, and their votes.
pub(crate) struct Part<'a> {
    pub bench: Bench<'a>,
    pub seats: BTreeSet<PersonId>,
    pub members: BTreeSet<PersonId>,
    /// Whether only those who were preferred are asked.
    pub narrow: bool,
    ballot: &'a Ballot,
}

impl<'a> Part<'a> {
    pub fn of(
        bench: Bench<'a>,
        sight: &Sight<'a>,
        state: &State,
        review: &Review,
        ballot: &'a Ballot,
    ) -> Self {
        let seats = bench.seats(sight.workflow, sight.case, sight.reading);
        let mut members: BTreeSet<_> = seats
            .iter()
            .filter(|person| is_eligible(sight, review, person))
            .cloned()
            .collect();
        let preferred = narrow(sight, review, ballot, state);
        if let Some(preferred) = &preferred {
            members.retain(|member| preferred.contains(member) || ballot.added.contains(member));
        }
        let mut part = Self {
            bench,
            seats,
            members,
            narrow: preferred.is_some(),
            ballot,
        };
        // A seat whose vote was given by somebody else is his who gave it.
        let given: BTreeSet<_> = part.votes().flat_map(|vote| &vote.instead_of).collect();
        let voted: Vec<_> = part.votes().map(|vote| vote.by.clone()).collect();
        part.members.retain(|member| !given.contains(member));
        part.members.extend(voted);
        part
    }

    /// Whether a vote was cast here.
    pub fn has(&self, vote: &Vote) -> bool {
        vote.panel.as_ref() == self.bench.name()
    }

    /// Its standing votes, oldest first.
    pub fn votes(&self) -> impl Iterator<Item = &'a Vote> + use<'a> {
        let (ballot, panel) = (self.ballot, self.bench.name().cloned());
        let standing = ballot.votes.iter().filter(|vote| vote.stands());
        standing.filter(move |vote| vote.panel == panel)
    }

    /// Members without a vote.
    pub fn remaining(&self) -> BTreeSet<PersonId> {
        let voted: BTreeSet<_> = self.votes().map(|vote| &vote.by).collect();
        let members = self.members.iter();
        members
            .filter(|member| !voted.contains(member))
            .cloned()
            .collect()
    }

    /// How many standing votes a decision has.
    pub fn have(&self, decision: &Decision) -> u32 {
        number(
            self.votes()
                .filter(|vote| vote.decision == decision.action.name),
        )
    }

    /// How many it needs; `None` if that is no number.
    pub fn need(&self, decision: &Decision, sight: &Sight<'_>) -> Option<u32> {
        let members = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        match self.wanted(decision) {
            Votes::Number(number) => Some(*number),
            Votes::All => Some(members),
            Votes::Majority => Some(members / 2 + 1),
            Votes::Recorded => None,
            Votes::Reckoned(expression) => match expression.evaluate(&self.seen(sight)).ok()? {
                Value::Int(number) => u32::try_from(number).ok(),
                _ => None,
            },
        }
    }

    /// Whether a decision has the votes that it needs here.
    pub fn is_reached(&self, decision: &Decision, sight: &Sight<'_>) -> Result<bool, Failure> {
        let have = self.have(decision);
        Ok(match self.wanted(decision) {
            Votes::Number(number) => have >= *number,
            Votes::All => {
                !self.members.is_empty() && usize::try_from(have) == Ok(self.members.len())
            }
            Votes::Majority => u64::from(have) * 2 > self.members.len() as u64,
            Votes::Recorded => false,
            Votes::Reckoned(expression) => match expression.evaluate(&self.seen(sight))? {
                Value::Bool(truth) => truth,
                Value::Int(number) => i64::from(have) >= number,
                _ => return Err(Failure::new("it is neither a number nor true nor false")),
            },
        })
    }

    fn wanted<'d>(&'d self, decision: &'d Decision) -> &'d Votes {
        let own = self.bench.panel.map(|panel| &panel.votes);
        own.and_then(|own| own.get(&decision.action.name))
            .unwrap_or(&decision.votes)
    }

    /// What `votes` sees: of several panels only this one.
    fn seen<'s>(&'s self, sight: &Sight<'s>) -> Sight<'s> {
        Sight {
            panel: self.bench.name(),
            ..*sight
        }
    }
}
