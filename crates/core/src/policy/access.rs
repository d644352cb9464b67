//! Who sees that a case is there (API, Visibility; rule 20).

use std::collections::BTreeSet;

use crate::{
    case::{Actor, Case, Doer, Person, PersonId},
    name::Name,
    outcome::Subject,
    reading::Reading,
    workflow::{Grant, RoleIs, State, Thing, Workflow},
};

use super::{
    Policy, is_within_wall, named, people_of,
    visible::{is_for, is_for_starters, last_word},
};

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
        self.is_named(role) && !is_hidden_from(self.workflow, self.case, role)
    }

    fn person_sees(&self, person: &Person) -> bool {
        let mut roles = self.roles().into_iter();
        if self.is_starter_side() && is_hidden_from_starters(self.workflow, self.case) {
            // What hides the case from the starter's side hides it from all of them, whatever they did for it there.
            let is_other = |role: &Name| {
                let is = self.workflow.roles.get(role).map(|role| &role.is);
                !matches!(is, Some(RoleIs::Starter | RoleIs::Partner { .. }))
            };
            return self.is_operator() || roles.any(|role| is_other(role) && self.was_named(role));
        }
        self.is_starter_side()
            || self.is_operator()
            || self.took_part(person)
            || roles.any(|role| self.was_named(role))
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

/// The rows by which lists find a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Who may see it from now on, besides those who could already.
    pub seen: BTreeSet<Subject>,
    /// Of those who could, who may not see it any more: `hide` took the case away from them.
    pub hidden: BTreeSet<Subject>,
}

/// The rows by which lists of cases are selected (see the head of this module's parent).
///
/// Of a role that is bound to the case's partner and a group, the row is the group's: people of other
/// partners are kept out by the wall.
pub fn access_subjects(workflow: &Workflow, case: &Case, reading: &Reading<'_>) -> Access {
    let starters = !is_hidden_from_starters(workflow, case);
    let mut rows = Rows::default();
    rows.add(starters, case.starter.clone().map(Subject::Person));
    if case.starter.is_some() && workflow.partner.is_none() {
        rows.add(starters, case.partner.clone().map(Subject::Partner));
    }
    for id in took_part(case) {
        // Who has left cannot look at lists.
        let is_theirs = || {
            let person = reading.person(id);
            person.is_none_or(|person| person.partner.is_some() && person.partner == case.partner)
        };
        rows.add(starters || !is_theirs(), [Subject::Person(id.clone())]);
    }
    for role in workflow.roles.values() {
        if !visited(workflow, case).any(|state| names(state, &role.name)) {
            continue;
        }
        let sees = !is_hidden_from(workflow, case, &role.name);
        match &role.is {
            RoleIs::Group(group) => rows.add(sees, [Subject::Group(group.clone())]),
            RoleIs::Partner { group: Some(group) } => {
                rows.add(sees && starters, [Subject::Group(group.clone())]);
            }
            RoleIs::Partner { group: None } => {
                let partner = case.partner.clone().map(Subject::Partner);
                rows.add(sees && starters, partner);
            }
            RoleIs::Groups(groups) => {
                let groups = named::groups(workflow, case, groups, reading);
                rows.add(sees, groups.into_iter().map(Subject::Group));
            }
            RoleIs::Person(_) | RoleIs::Relation(_) => {
                let people = people_of(workflow, case, &role.name, reading);
                rows.add(sees, people.into_iter().map(Subject::Person));
            }
            RoleIs::Starter | RoleIs::LinkHolder { .. } => {}
        }
    }
    Access {
        hidden: rows.hidden.difference(&rows.seen).cloned().collect(),
        seen: rows.seen,
    }
}

/// Rows by what is said of them; one that is said to see does.
#[derive(Default)]
struct Rows {
    seen: BTreeSet<Subject>,
    hidden: BTreeSet<Subject>,
}

impl Rows {
    fn add(&mut self, sees: bool, subjects: impl IntoIterator<Item = Subject>) {
        let rows = if sees {
            &mut self.seen
        } else {
            &mut self.hidden
        };
        rows.extend(subjects);
    }
}

/// Everybody who was asked, voted, was handed a turn or took an action.
fn took_part(case: &Case) -> impl Iterator<Item = &PersonId> {
    let ballots = case.ballots.iter().flat_map(|ballot| {
        let voters = ballot.votes.iter().map(|vote| &vote.by);
        ballot.named().chain(voters)
    });
    let handed = case.mandates.iter().map(|mandate| &mandate.to);
    let doers = case.taken.iter().filter_map(|taken| taken.by.person());
    ballots.chain(handed).chain(doers)
}

/// Whether the case was hidden from the starter's side since it was last shown to it.
fn is_hidden_from_starters(workflow: &Workflow, case: &Case) -> bool {
    let counts = |grant: &Grant| is_for_starters(workflow, grant);
    last_word(workflow, case, counts, &Thing::Case) == Some(false)
}

/// Whether the case was hidden from this role since it was last shown to it.
fn is_hidden_from(workflow: &Workflow, case: &Case, role: &Name) -> bool {
    let counts = |grant: &Grant| is_for(grant, role);
    last_word(workflow, case, counts, &Thing::Case) == Some(false)
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
