//! Counting the running ballot: who has a seat, who may vote, who has not yet, and what is decided. Opening and
//! closing ballots is `step`'s; who has a role is `policy`'s.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, PersonId, Vote},
    expression::Value,
    name::Name,
    policy,
    sight::Sight,
    workflow::{Decision, Except, Review, RoleIs, State, Votes},
};

/// The running ballot of a case and the people it concerns, as of now.
pub(crate) struct Count<'a> {
    pub review: &'a Review,
    pub ballot: &'a Ballot,
    seats: BTreeSet<PersonId>,
    members: BTreeSet<PersonId>,
    narrow: bool,
}

impl<'a> Count<'a> {
    /// Counts the ballot that an expression of this place sees. `None`: no review runs.
    pub fn running(sight: &Sight<'a>) -> Option<Self> {
        let state = reviewing(sight)?;
        let review = state.review.as_ref()?;
        let ballot = running_ballot(sight, state)?;
        let seats = policy::seats(
            sight.workflow,
            sight.case,
            review,
            Some(ballot),
            sight.reading,
        );
        let mut members: BTreeSet<_> = seats
            .iter()
            .filter(|person| is_eligible(sight, review, person))
            .cloned()
            .collect();
        let narrow = narrow(sight, review, ballot, state);
        if let Some(preferred) = &narrow {
            members.retain(|member| preferred.contains(member) || ballot.added.contains(member));
        }
        // A seat whose vote was given by somebody else is his who gave it.
        members.retain(|member| {
            let mut votes = ballot.votes.iter().filter(|vote| vote.stands());
            !votes.any(|vote| vote.instead_of.contains(member))
        });
        members.extend(
            ballot
                .votes
                .iter()
                .filter(|vote| vote.stands())
                .map(|vote| vote.by.clone()),
        );
        Some(Self {
            review,
            ballot,
            seats,
            members,
            narrow: narrow.is_some(),
        })
    }

    /// Whether only those who were preferred are asked.
    pub fn is_narrow(&self) -> bool {
        self.narrow
    }

    /// Standing votes, oldest first.
    pub fn standing(&self) -> impl Iterator<Item = &'a Vote> + use<'a> {
        self.ballot.votes.iter().filter(|vote| vote.stands())
    }

    /// The people of `by`, before exclusions.
    pub fn seats(&self) -> &BTreeSet<PersonId> {
        &self.seats
    }

    /// Who may vote, and whoever has.
    pub fn members(&self) -> &BTreeSet<PersonId> {
        &self.members
    }

    /// Members without a vote.
    pub fn remaining(&self) -> BTreeSet<PersonId> {
        let voted: BTreeSet<_> = self.standing().map(|vote| &vote.by).collect();
        self.members
            .iter()
            .filter(|member| !voted.contains(member))
            .cloned()
            .collect()
    }

    /// Who may vote in the place of members that are away now and have not: each with the one who is away.
    pub fn substitutes(&self, sight: &Sight<'_>) -> Vec<(PersonId, PersonId)> {
        let Some(now) = sight.reading.now() else {
            return Vec::new();
        };
        let remaining = self.remaining();
        let for_whom = |member: &PersonId| {
            let person = sight.reading.person(member)?;
            let away = person.away.as_ref().filter(|away| away.is_at(now))?;
            let substitute = away.substitute.clone()?;
            let fits = !self.members.contains(&substitute)
                && !self.seats.contains(&substitute)
                && is_eligible(sight, self.review, &substitute);
            fits.then_some((substitute, member.clone()))
        };
        remaining.iter().filter_map(for_whom).collect()
    }

    /// How many standing votes a decision has.
    pub fn have(&self, decision: &Name) -> u32 {
        let votes = self
            .standing()
            .filter(|vote| vote.decision == *decision)
            .count();
        u32::try_from(votes).unwrap_or(u32::MAX)
    }

    /// How many it needs; `None` if that is no number.
    pub fn need(&self, decision: &Decision, sight: &Sight<'_>) -> Option<u32> {
        let members = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        match &decision.votes {
            Votes::Number(number) => Some(*number),
            Votes::All => Some(members),
            Votes::Majority => Some(members / 2 + 1),
            Votes::Recorded => None,
            Votes::Reckoned(expression) => match expression.evaluate(sight).ok()? {
                Value::Int(number) => u32::try_from(number).ok(),
                _ => None,
            },
        }
    }

    /// Whether a decision has the votes that it needs. `Err`: its expression failed, which decides nothing.
    pub fn is_reached(
        &self,
        decision: &Decision,
        sight: &Sight<'_>,
    ) -> Result<bool, crate::expression::Failure> {
        let have = self.have(&decision.action.name);
        Ok(match &decision.votes {
            Votes::Number(number) => have >= *number,
            Votes::All => {
                !self.members.is_empty() && usize::try_from(have) == Ok(self.members.len())
            }
            Votes::Majority => u64::from(have) * 2 > self.members.len() as u64,
            Votes::Recorded => false,
            Votes::Reckoned(expression) => match expression.evaluate(sight)? {
                Value::Bool(truth) => truth,
                Value::Int(number) => i64::from(have) >= number,
                _ => {
                    return Err(crate::expression::Failure::new(
                        "it is neither a number nor true nor false",
                    ));
                }
            },
        })
    }
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

/// Whoever voted or acted last time where `prefer` says so (rule 31).
pub(crate) fn preferred(sight: &Sight<'_>, review: &Review, state: &State) -> BTreeSet<PersonId> {
    let Some(prefer) = &review.prefer else {
        return BTreeSet::new();
    };
    let case = sight.case;
    let visit = case.visits_of(state.path.as_str());
    let mut people = BTreeSet::new();
    for wanted in &prefer.voted_in {
        let path = &sight.workflow.states.get(*wanted).path;
        let mut ballots = case.ballots.iter().rev();
        let last = ballots.find(|ballot| {
            let running = ballot.state == state.path && ballot.visit == visit;
            let counted = ballot.votes.iter().any(|vote| ballot.counts(vote));
            !running && counted && ballot.state.is_in(path.as_str())
        });
        let votes = last.into_iter().flat_map(|ballot| {
            let votes = ballot.votes.iter();
            votes.filter(|vote| ballot.counts(vote))
        });
        people.extend(votes.map(|vote| vote.by.clone()));
    }
    for action in &prefer.took {
        let mut taken = case.taken.iter().rev();
        let last = taken.find(|taken| taken.action == *action);
        people.extend(last.and_then(|taken| taken.by.person().cloned()));
    }
    people
}

/// Those whom a ballot without assignment asks alone, because they did it last time and still may. `None`: it asks
/// everybody.
pub(crate) fn narrow(
    sight: &Sight<'_>,
    review: &Review,
    ballot: &Ballot,
    state: &State,
) -> Option<BTreeSet<PersonId>> {
    if review.prefer.is_none() || review.assign.is_some() || ballot.widened {
        return None;
    }
    let seats = policy::seats(
        sight.workflow,
        sight.case,
        review,
        Some(ballot),
        sight.reading,
    );
    let again = preferred(sight, review, state);
    let again: BTreeSet<_> = again
        .into_iter()
        .filter(|person| seats.contains(person) && is_eligible(sight, review, person))
        .collect();
    (!again.is_empty()).then_some(again)
}

/// Whether a person who has a seat may vote: enabled, within the partner wall, not too near, not under `except`.
pub(crate) fn is_eligible(sight: &Sight<'_>, review: &Review, person: &PersonId) -> bool {
    let Some(person) = sight.reading.person(person) else {
        return false;
    };
    let by_relation = |role: &Name| {
        let is = sight.workflow.roles.get(role).map(|role| &role.is);
        matches!(is, Some(RoleIs::Relation(_)))
            && policy::has_role(sight.workflow, sight.case, role, &person, sight.reading)
    };
    let within = policy::is_within_wall(sight.case, &person) || review.by.iter().any(by_relation);
    if person.disabled || !within {
        return false;
    }
    !policy::is_too_near(
        sight.workflow,
        sight.case,
        review.self_review,
        &person,
        sight.reading,
    ) && !review
        .except
        .as_ref()
        .is_some_and(|except| is_excepted(sight, except, &person))
}

/// Whether a person is under this `except`.
pub(crate) fn is_excepted(
    sight: &Sight<'_>,
    except: &Except,
    person: &crate::case::Person,
) -> bool {
    let named = except.people.as_ref().map_or_else(Vec::new, |people| {
        let plain = Sight {
            without_ballot: true,
            ..*sight
        };
        people
            .evaluate(&plain)
            .map_or_else(|_| Vec::new(), |value| Sight::people(&value))
    });
    let named = named.into_iter().collect();
    policy::is_excepted(
        sight.workflow,
        sight.case,
        except,
        &named,
        person,
        sight.reading,
    )
}
