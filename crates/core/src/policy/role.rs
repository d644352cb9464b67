//! Who has which role in a case, and who is kept from deciding although a role would let him.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, Case, Fallen, GroupId, PartnerId, Person, PersonId},
    name::Name,
    reading::Reading,
    workflow::{Except, RoleIs, SelfReview, Workflow},
};

use super::named;

/// Whether a person has a role in the case. The partner wall is included; mail links are not looked at.
pub fn has_role(
    workflow: &Workflow,
    case: &Case,
    role: &str,
    person: &Person,
    reading: &Reading<'_>,
) -> bool {
    let Some(role) = workflow.roles.get(role) else {
        return false;
    };
    let crosses = matches!(role.is, RoleIs::Relation(_));
    if person.disabled || !(crosses || is_within_wall(case, person)) {
        return false;
    }
    match &role.is {
        RoleIs::Starter => is_starter_side(workflow, case, person, reading),
        RoleIs::Partner { group } => {
            is_of_partner(case, person)
                && group
                    .as_ref()
                    .is_none_or(|group| person.is_in(group.as_str()))
        }
        RoleIs::LinkHolder { .. } => false,
        RoleIs::Group(group) => person.is_in(group.as_str()),
        RoleIs::Groups(groups) => {
            let groups = named::groups(workflow, case, groups, reading);
            groups.iter().any(|group| person.is_in(group.as_str()))
        }
        RoleIs::Person(people) => {
            named::people(workflow, case, people, reading).contains(&person.id)
        }
        RoleIs::Relation(relation) => {
            named::related(workflow, case, relation, reading).contains(&person.id)
        }
    }
}

/// The groups that a role by `groups` names now; none for other roles.
pub fn groups_of(
    workflow: &Workflow,
    case: &Case,
    role: &str,
    reading: &Reading<'_>,
) -> Vec<GroupId> {
    match workflow.roles.get(role).map(|role| &role.is) {
        Some(RoleIs::Groups(groups)) => named::groups(workflow, case, groups, reading),
        _ => Vec::new(),
    }
}

/// The partner wall (rule 21): a person with a partner has to do with cases of that partner only, but for roles
/// by relation.
pub fn is_within_wall(case: &Case, person: &Person) -> bool {
    person.partner.is_none() || person.partner == case.partner
}

/// Everybody who has the role, by id. Of a starter's role it is the starter and no colleague, of a link holder's
/// nobody.
pub fn people_of(
    workflow: &Workflow,
    case: &Case,
    role: &str,
    reading: &Reading<'_>,
) -> BTreeSet<PersonId> {
    let Some(is) = workflow.roles.get(role).map(|role| &role.is) else {
        return BTreeSet::new();
    };
    let candidates = match is {
        RoleIs::Starter => case.starter.iter().cloned().collect(),
        RoleIs::Partner { group: None } => {
            let partner = case.partner.as_ref();
            partner.map_or_else(Vec::new, |id| reading.colleagues(id).as_ref().clone())
        }
        RoleIs::Partner { group: Some(group) } | RoleIs::Group(group) => {
            reading.group(group).as_ref().clone()
        }
        RoleIs::LinkHolder { .. } => Vec::new(),
        RoleIs::Groups(groups) => {
            let groups = named::groups(workflow, case, groups, reading);
            let members = groups.iter().map(|group| reading.group(group));
            members
                .flat_map(|members| members.as_ref().clone())
                .collect()
        }
        RoleIs::Person(people) => named::people(workflow, case, people, reading),
        RoleIs::Relation(relation) => named::related(workflow, case, relation, reading),
    };
    let has = |id: &PersonId| {
        let person = reading.person(id);
        person.is_some_and(|person| has_role(workflow, case, role, &person, reading))
    };
    candidates.into_iter().filter(has).collect()
}

/// Whether a person stands too near to the case to decide on it (`self_review`, rule 34).
pub fn is_too_near(
    workflow: &Workflow,
    case: &Case,
    self_review: SelfReview,
    person: &Person,
    reading: &Reading<'_>,
) -> bool {
    match self_review {
        SelfReview::Never => is_starter_side(workflow, case, person, reading),
        SelfReview::Colleagues => case.starter.as_ref() == Some(&person.id),
        SelfReview::Allowed => false,
    }
}

/// Separation of duties. `named` are the people that `except.people` evaluates to.
///
/// A vote or action counts against its person unless it was taken back or voided, whatever became of it.
pub fn is_excepted(
    workflow: &Workflow,
    case: &Case,
    except: &Except,
    named: &BTreeSet<PersonId>,
    person: &Person,
    reading: &Reading<'_>,
) -> bool {
    let in_state = |ballot: &Ballot| {
        let states = except.voted_in.iter();
        states
            .map(|state| &workflow.states.get(*state).path)
            .any(|path| ballot.state.is_in(path.as_str()))
    };
    let voted = case.ballots.iter().any(|ballot| {
        let counts = in_state(ballot);
        ballot.votes.iter().any(|vote| {
            vote.is_of(&person.id)
                && weighs(vote.fallen)
                && (counts || except.took.contains(&vote.decision))
        })
    });
    let took = case.taken.iter().any(|taken| {
        let acted = taken.by.person() == Some(&person.id) || taken.instead_of.contains(&person.id);
        acted && weighs(taken.fallen) && except.took.contains(&taken.action)
    });
    voted
        || took
        || named.contains(&person.id)
        || except
            .roles
            .iter()
            .any(|role| has_role(workflow, case, role, person, reading))
}

/// The roles that vote somewhere; one may come several times.
pub(crate) fn reviewing_roles(workflow: &Workflow) -> impl Iterator<Item = &Name> {
    let states = workflow.states.iter();
    let reviews = states.filter_map(|state| state.review.as_ref());
    reviews.flat_map(|review| &review.by)
}

/// The starter, and whoever shares the starter's partner; people without a partner have no colleagues.
pub(super) fn is_starter_side(
    workflow: &Workflow,
    case: &Case,
    person: &Person,
    reading: &Reading<'_>,
) -> bool {
    if case.starter.as_ref() == Some(&person.id) {
        return true;
    }
    person.partner.is_some() && starter_partner(workflow, case, reading) == person.partner
}

/// The starter's partner: the case's, unless the workflow says otherwise whose case it is.
pub(super) fn starter_partner(
    workflow: &Workflow,
    case: &Case,
    reading: &Reading<'_>,
) -> Option<PartnerId> {
    let starter = case.starter.as_ref()?;
    if workflow.partner.is_none() {
        return case.partner.clone();
    }
    reading.person(starter)?.partner.clone()
}

fn is_of_partner(case: &Case, person: &Person) -> bool {
    person.partner.is_some() && person.partner == case.partner
}

fn weighs(fallen: Option<Fallen>) -> bool {
    match fallen {
        None | Some(Fallen::Replaced | Fallen::Changed | Fallen::Excepted) => true,
        Some(Fallen::TakenBack | Fallen::Voided) => false,
    }
}
