//! Counting the running ballot: who has a seat, who may vote, who has not yet, and what is decided. Opening and
//! closing ballots is `step`'s; who has a role is `policy`'s.

mod eligible;
mod part;

pub(crate) use eligible::{
    exclusion, is_eligible, is_excepted, is_surely_excepted, narrow, preferred,
};
pub(crate) use part::Part;

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, PersonId, Vote},
    expression::Failure,
    name::Name,
    policy,
    sight::Sight,
    workflow::{Agreement, Decision, Review, State},
};

/// The running ballot of a case and the people it concerns, as of now.
pub(crate) struct Count<'a> {
    pub review: &'a Review,
    pub ballot: &'a Ballot,
    /// Those who vote together: its open panels, or all.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Count<'a> {
    /// Counts the ballot that an expression of this place sees. `None`: no review runs.
    pub fn running(sight: &Sight<'a>) -> Option<Self> {
        let state = reviewing(sight)?;
        let review = state.review.as_ref()?;
        let ballot = running_ballot(sight, state)?;
        let benches = policy::benches(review, Some(ballot)).into_iter();
        let counted = benches.filter(|bench| sight.panel.is_none() || bench.name() == sight.panel);
        let parts = counted
            .map(|bench| Part::of(bench, sight, state, review, ballot))
            .collect();
        Some(Self {
            review,
            ballot,
            parts,
        })
    }

    /// Whether only those who were preferred are asked.
    pub fn is_narrow(&self) -> bool {
        self.parts.iter().any(|part| part.narrow)
    }

    /// Standing votes, oldest first. Those of a panel that is not open do not count.
    pub fn standing(&self) -> impl Iterator<Item = &'a Vote> + '_ {
        let votes = self.ballot.votes.iter().filter(|vote| vote.stands());
        votes.filter(|vote| self.parts.iter().any(|part| part.has(vote)))
    }

    /// The people of `by`, before exclusions.
    pub fn seats(&self) -> BTreeSet<PersonId> {
        self.all(|part| part.seats.clone())
    }

    /// Who may vote, and whoever has.
    pub fn members(&self) -> BTreeSet<PersonId> {
        self.all(|part| part.members.clone())
    }

    /// Members without a vote, in one panel at least.
    pub fn remaining(&self) -> BTreeSet<PersonId> {
        self.all(Part::remaining)
    }

    fn all(&self, people: impl Fn(&Part<'a>) -> BTreeSet<PersonId>) -> BTreeSet<PersonId> {
        self.parts.iter().flat_map(people).collect()
    }

    /// Who may vote in the place of members that are away now and have not: each with the one who is away.
    pub fn substitutes(&self, sight: &Sight<'_>) -> Vec<(PersonId, PersonId)> {
        let Some(now) = sight.reading.now() else {
            return Vec::new();
        };
        let (members, seats) = (self.members(), self.seats());
        let for_whom = |member: PersonId| {
            let person = sight.reading.person(&member)?;
            let away = person.away.as_ref().filter(|away| away.is_at(now))?;
            let substitute = away.substitute.clone()?;
            let fits = !members.contains(&substitute)
                && !seats.contains(&substitute)
                && is_eligible(sight, self.review, &substitute);
            fits.then_some((substitute, member))
        };
        self.remaining().into_iter().filter_map(for_whom).collect()
    }

    /// How many standing votes a decision has.
    pub fn have(&self, decision: &Name) -> u32 {
        number(self.standing().filter(|vote| vote.decision == *decision))
    }

    /// How many it needs, of all panels together; `None` if that is no number.
    pub fn need(&self, decision: &Decision, sight: &Sight<'_>) -> Option<u32> {
        match (self.parts.as_slice(), decision.panels) {
            ([], _) => None,
            ([part], _) => part.need(decision, sight),
            (parts, Agreement::All) => parts.iter().map(|part| part.need(decision, sight)).sum(),
            (_, Agreement::Any) => None,
        }
    }

    /// Whether a decision has the votes that it needs, in every open panel or, where it says so, in any. `Err`: an
    /// expression failed, and without it nothing is decided.
    pub fn is_reached(&self, decision: &Decision, sight: &Sight<'_>) -> Result<bool, Failure> {
        let mut all = !self.parts.is_empty();
        let mut failed = None;
        for part in &self.parts {
            match (part.is_reached(decision, sight), decision.panels) {
                (Ok(true), Agreement::Any) => return Ok(true),
                (Ok(reached), _) => all &= reached,
                (Err(failure), _) => failed = Some(failure),
            }
        }
        match failed {
            Some(failure) => Err(failure),
            None => Ok(all),
        }
    }
}

fn number<'a>(votes: impl Iterator<Item = &'a Vote>) -> u32 {
    u32::try_from(votes.count()).unwrap_or(u32::MAX)
}

/// The state whose review is meant: the one around the place; else one that runs inside of it, or anywhere.
pub(crate) fn reviewing<'a>(sight: &Sight<'a>) -> Option<&'a State> {
    let states = &sight.workflow.states;
    if let Some(at) = sight.at
        && let Some(around) = states.outward(at).find(|state| state.review.is_some())
    {
        return Some(around);
    }
    let active = sight.case.states(states).into_iter();
    let mut running: Vec<&State> = active.filter(|state| state.review.is_some()).collect();
    let inside = |state: &&State| {
        sight
            .at
            .is_some_and(|at| states.tree().contains(at, state.id))
    };
    running.sort_by_key(|state| !inside(state));
    running.first().copied()
}

/// The ballot of this visit of the state, if it is not decided.
pub(crate) fn running_ballot<'a>(sight: &Sight<'a>, state: &State) -> Option<&'a Ballot> {
    let visit = sight.case.visits_of(state.path.as_str());
    let mut ballots = sight.case.ballots.iter().rev();
    ballots.find(|ballot| {
        ballot.state == state.path && ballot.visit == visit && ballot.decided.is_none()
    })
}
