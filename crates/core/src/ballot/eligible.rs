//! Whom a ballot may ask: who was preferred, who stands too near, whom `except` excludes.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, Person, PersonId},
    expression::Failure,
    name::Name,
    policy,
    sight::Sight,
    workflow::{Except, Review, RoleIs, State},
};

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

/// Whether a person is under this `except`. While it cannot be reckoned whom it names, everybody is.
pub(crate) fn is_excepted(sight: &Sight<'_>, except: &Except, person: &Person) -> bool {
    excepts(sight, except, person, true)
}

/// Whether a person is under this `except` for certain: what was done is not undone for not knowing.
pub(crate) fn is_surely_excepted(sight: &Sight<'_>, except: &Except, person: &Person) -> bool {
    excepts(sight, except, person, false)
}

/// Whom `except: { people }` names. It sees no votes or members: whom it names decides who is one.
pub(crate) fn exclusion(sight: &Sight<'_>, except: &Except) -> Result<BTreeSet<PersonId>, Failure> {
    let Some(people) = &except.people else {
        return Ok(BTreeSet::new());
    };
    let plain = Sight {
        without_ballot: true,
        ..*sight
    };
    let named = people.evaluate(&plain)?;
    Ok(Sight::people(&named).into_iter().collect())
}

fn excepts(sight: &Sight<'_>, except: &Except, person: &Person, unknown: bool) -> bool {
    let Ok(named) = exclusion(sight, except) else {
        return unknown;
    };
    policy::is_excepted(
        sight.workflow,
        sight.case,
        except,
        &named,
        person,
        sight.reading,
    )
}
