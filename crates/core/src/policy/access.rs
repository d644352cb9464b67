//! Who sees that a case is there (API, Visibility; rule 20).

use std::collections::BTreeSet;

use crate::{
    case::{Actor, Case, Doer, Person},
    name::Name,
    outcome::Subject,
    reading::Reading,
    workflow::{RoleIs, State, Thing, Workflow},
};

use super::{Policy, is_within_wall, named, people_of, visible::last_word};

impl Policy<'_> {
    /// Whether the actor may know of the case: opened it or shares the starter's partner, has a role that a
    /// visited state names, was asked or voted, or is an operator. Nobody looks over the partner wall.
    pub fn sees_case(&self) -> bool {
        match self.actor {
            Actor::Machine => true,
            Actor::Service(_) => visited(self.workflow, self.case).any(names_system),
            Actor::LinkHolder(holder) => self
                .case
                .mail_links
                .iter()
                .any(|link| link.id == holder.link),
            Actor::Person(person) if is_within_wall(self.case, person) => self.person_sees(person),
            Actor::Person(_) => self.sees_across_the_wall(),
        }
    }

    /// Whoever belongs to another partner sees a case only by a relation (rule 21).
    fn sees_across_the_wall(&self) -> bool {
        self.roles()
            .into_iter()
            .any(|role| self.is_relation(role) && self.was_named(role))
    }

    fn is_relation(&self, role: &str) -> bool {
        let role = self.workflow.roles.get(role);
        role.is_some_and(|role| matches!(role.is, RoleIs::Relation(_)))
    }

    /// Whether a state visited so far names the role.
    pub(super) fn is_named(&self, role: &Name) -> bool {
        visited(self.workflow, self.case).any(|state| names(state, role))
    }

    /// Whether a state visited so far names the role, and the case was not hidden from it since.
    fn was_named(&self, role: &Name) -> bool {
        self.is_named(role)
            && last_word(self.workflow, self.case, role, &Thing::Case) != Some(false)
    }

    fn person_sees(&self, person: &Person) -> bool {
        self.is_starter_side() || self.is_operator() || self.took_part(person) || {
            let mut roles = self.roles().into_iter();
            roles.any(|role| self.was_named(role))
        }
    }

    fn took_part(&self, person: &Person) -> bool {
        let asked = self.case.ballots.iter().any(|ballot| {
            ballot.named().any(|id| *id == person.id)
                || ballot.votes.iter().any(|vote| vote.is_of(&person.id))
        });
        let doer = Doer::Person(person.id.clone());
        asked || self.case.taken.iter().any(|taken| taken.by == doer)
    }
}

/// The rows by which lists of cases are selected (see the head of this module's parent).
///
/// Of a role that is bound to the case's partner and a group, the row is the group's: people of other
/// partners are kept out by the wall.
pub fn access_subjects(
    workflow: &Workflow,
    case: &Case,
    reading: &Reading<'_>,
) -> BTreeSet<Subject> {
    let mut subjects = BTreeSet::new();
    subjects.extend(case.starter.clone().map(Subject::Person));
    if case.starter.is_some() && workflow.partner.is_none() {
        subjects.extend(case.partner.clone().map(Subject::Partner));
    }
    for ballot in &case.ballots {
        let voters = ballot.votes.iter().map(|vote| &vote.by);
        let people = ballot.named().chain(voters);
        subjects.extend(people.cloned().map(Subject::Person));
    }
    let handed = case.mandates.iter().map(|mandate| mandate.to.clone());
    subjects.extend(handed.map(Subject::Person));
    let doers = case.taken.iter().filter_map(|taken| taken.by.person());
    subjects.extend(doers.cloned().map(Subject::Person));
    for role in workflow.roles.values() {
        if !visited(workflow, case).any(|state| names(state, &role.name)) {
            continue;
        }
        match &role.is {
            RoleIs::Group(group) | RoleIs::Partner { group: Some(group) } => {
                subjects.insert(Subject::Group(group.clone()));
            }
            RoleIs::Partner { group: None } => {
                subjects.extend(case.partner.clone().map(Subject::Partner));
            }
            RoleIs::Groups(groups) => {
                let groups = named::groups(workflow, case, groups, reading);
                subjects.extend(groups.into_iter().map(Subject::Group));
            }
            RoleIs::Person(_) | RoleIs::Relation(_) => {
                let people = people_of(workflow, case, &role.name, reading);
                subjects.extend(people.into_iter().map(Subject::Person));
            }
            RoleIs::Starter | RoleIs::LinkHolder { .. } => {}
        }
    }
    subjects
}

/// The states that the case has been in, outer ones included, in document order.
pub(super) fn visited<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
) -> impl Iterator<Item = &'a State> {
    workflow.states.iter().filter(|state| {
        let path = state.path.as_str();
        case.visits_of(path) > 0 || case.is_in(path)
    })
}

/// Whether a state names this role in `who`, `by`, `edit` or `show`.
fn names(state: &State, role: &str) -> bool {
    let in_who = || {
        let actions = state.actions.values();
        actions
            .flat_map(|action| &action.who.roles)
            .any(|who| **who == *role)
    };
    let in_by = || {
        let by = state.review.iter().flat_map(|review| &review.by);
        by.into_iter().any(|by| **by == *role)
    };
    let granted = || {
        let grants = state.edit.iter().chain(&state.show);
        grants
            .filter_map(|grant| grant.role.as_ref())
            .any(|named| **named == *role)
    };
    in_who() || in_by() || granted()
}

fn names_system(state: &State) -> bool {
    state.actions.values().any(|action| action.who.system)
        || state
            .edit
            .iter()
            .chain(&state.show)
            .any(|grant| grant.system)
}
