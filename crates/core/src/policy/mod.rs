//! Who may do and see what. The one policy for every path: API, pages, mail links, bulk, operators; there
//! is no superuser. It decides about people and roles, not about `when`, `require` or votes (`step`).
//!
//! What is not loaded reads as absent and is noted in the [`Reading`], as everywhere.
//!
//! A list of cases is selected by [`access_subjects`]: the rows of a case match a person by id, group or
//! partner; operators need no row. On top of that the wall holds: a person with a partner gets cases of
//! that partner only.

mod access;
mod bench;
mod edit;
mod named;
mod role;
mod standing_in;
mod visible;
mod waiting;

#[cfg(test)]
mod tests;

pub use access::{Access, access_subjects};
pub use bench::{Bench, benches, seats};
pub(crate) use role::reviewing_roles;
pub use role::{groups_of, has_role, is_excepted, is_too_near, is_within_wall, people_of};
pub use standing_in::{Standing, asked_as, claimed_by_another, gave_away, stands_for};
pub use visible::Visible;
pub use waiting::{Turn, turns, waiting};

use crate::{
    case::{Actor, Case, LinkHolder, MailLink, Person, PersonId},
    name::Name,
    reading::Reading,
    workflow::{Action, Grant, Review, RoleIs, Workflow},
};

/// Who may hold, move and retry, and sees every case: the members of this group.
pub const OPERATORS: &str = "operators";

/// One actor before one case.
///
/// For `open` the case-to-be is asked: built with the actor as its starter and put into its first state.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    workflow: &'a Workflow,
    case: &'a Case,
    actor: &'a Actor,
    reading: &'a Reading<'a>,
}

impl<'a> Policy<'a> {
    /// What this actor may do and see of this case.
    pub fn new(
        workflow: &'a Workflow,
        case: &'a Case,
        actor: &'a Actor,
        reading: &'a Reading<'a>,
    ) -> Self {
        Self {
            workflow,
            case,
            actor,
            reading,
        }
    }

    /// Whether the actor has a role of the workflow in this case. Services have none; what they may do says
    /// `system`.
    pub fn has_role(&self, role: &str) -> bool {
        match self.actor {
            Actor::Person(person) => {
                self.person_has(role, person) || self.has_for_another(role, person)
            }
            Actor::LinkHolder(holder) => self.holder_has(role, holder),
            Actor::Service(_) | Actor::Machine => false,
        }
    }

    /// All roles that the actor has in this case, in document order.
    pub fn roles(&self) -> Vec<&'a Name> {
        let roles = self.workflow.roles.keys();
        roles.filter(|role| self.has_role(role)).collect()
    }

    /// Whether the actor opened the case or shares the starter's partner.
    pub fn is_starter_side(&self) -> bool {
        self.signed_in().is_some_and(|person| {
            is_within_wall(self.case, person)
                && role::is_starter_side(self.workflow, self.case, person, self.reading)
        })
    }

    /// Whether the actor stands on the partner's side, from which reviewers' names and internal comments
    /// are hidden: the starter's side, and everybody with a partner.
    pub fn is_partner_side(&self) -> bool {
        self.is_starter_side()
            || self
                .signed_in()
                .is_some_and(|person| person.partner.is_some())
    }

    /// Whether the actor is in the group `operators`.
    pub fn is_operator(&self) -> bool {
        self.signed_in()
            .is_some_and(|person| !person.disabled && person.is_in(OPERATORS))
    }

    /// The role in which the actor stands in `who` (`system` for services); `None`: in none.
    ///
    /// Whoever came by a mail link may take its action only.
    pub fn may_take(&self, action: &Action) -> Option<Name> {
        match self.actor {
            Actor::Service(_) | Actor::Machine => action.who.system.then(system),
            Actor::LinkHolder(_) if !self.comes_for(action) => None,
            Actor::Person(_) | Actor::LinkHolder(_) => {
                let mut roles = action.who.roles.iter();
                roles.find(|role| self.has_role(role)).cloned()
            }
        }
    }

    /// The role in which the actor is among those who review; whether he is excluded is not looked at.
    ///
    /// Whoever came by a mail link votes only for the decision it was made for: ask [`Self::comes_for`] too.
    pub fn may_review(&self, review: &Review) -> Option<Name> {
        review.by.iter().find(|role| self.has_role(role)).cloned()
    }

    /// Whether the actor may know that somebody had to do with the case. On the partner's side reviewers
    /// have no names: whoever voted, was asked or could vote; somebody who is not known counts as one.
    pub fn may_name(&self, id: &PersonId) -> bool {
        let by_link = matches!(self.actor, Actor::LinkHolder(_));
        let me = self.actor.person().map(|person| &person.id);
        if me == Some(id) || self.case.starter.as_ref() == Some(id) {
            return true;
        }
        if !by_link && !self.is_partner_side() {
            return true;
        }
        let voted = self.case.ballots.iter().any(|ballot| {
            let voted = ballot.votes.iter().any(|vote| vote.is_of(id));
            voted || ballot.named().any(|reviewer| reviewer == id)
        });
        let mut handed = self.case.mandates.iter();
        if voted || handed.any(|mandate| mandate.from == *id || mandate.to == *id) {
            return false;
        }
        self.reading.person(id).is_some_and(|person| {
            let colleague = person.partner.is_some() && person.partner == self.case.partner;
            let reviews = |role: &Name| self.person_has(role, &person);
            colleague || !reviewing_roles(self.workflow).any(reviews)
        })
    }

    /// Whether a mail link, if the actor came by one, was made for this action or decision.
    pub fn comes_for(&self, action: &Action) -> bool {
        match self.actor {
            Actor::LinkHolder(holder) => self.leads_to(holder, action),
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => true,
        }
    }

    /// Whether a grant of `edit`, `show` or `hide` is for the actor.
    fn is_for_me(&self, grant: &Grant) -> bool {
        if grant.system {
            return matches!(self.actor, Actor::Service(_));
        }
        match &grant.role {
            Some(role) => self.has_role(role),
            None => self.is_starter_side(),
        }
    }

    /// The person that acts for himself, not for whoever holds a link.
    fn signed_in(&self) -> Option<&'a Person> {
        match self.actor {
            Actor::Person(person) => Some(person),
            Actor::LinkHolder(_) | Actor::Service(_) | Actor::Machine => None,
        }
    }

    fn person_has(&self, role: &str, person: &Person) -> bool {
        has_role(self.workflow, self.case, role, person, self.reading)
    }

    /// Whoever came by a link has the link holder's role that its action is for; if it was mailed to a
    /// person, that person's roles too.
    fn holder_has(&self, role: &str, holder: &LinkHolder) -> bool {
        let Some(link) = self.link(holder) else {
            return false;
        };
        match self.workflow.roles.get(role).map(|role| &role.is) {
            Some(RoleIs::LinkHolder { .. }) => self
                .link_action(link)
                .is_some_and(|action| action.who.roles.iter().any(|who| **who == *role)),
            Some(
                RoleIs::Starter
                | RoleIs::Partner { .. }
                | RoleIs::Group(_)
                | RoleIs::Groups(_)
                | RoleIs::Person(_)
                | RoleIs::Relation(_),
            ) => {
                let person = holder.person.as_ref();
                person.is_some_and(|person| {
                    link.receiver.is_person(&person.id) && self.person_has(role, person)
                })
            }
            None => false,
        }
    }

    fn link(&self, holder: &LinkHolder) -> Option<&'a MailLink> {
        let mut links = self.case.mail_links.iter();
        links.find(|link| link.id == holder.link)
    }

    fn link_action(&self, link: &MailLink) -> Option<&'a Action> {
        let state = self.workflow.states.find(link.state.as_str())?;
        let decisions = state
            .review
            .iter()
            .flat_map(|review| review.decisions.values());
        let mut actions = state
            .actions
            .values()
            .chain(decisions.map(|decision| &decision.action));
        actions.find(|action| action.name == link.action)
    }

    fn leads_to(&self, holder: &LinkHolder, action: &Action) -> bool {
        let link = self.link(holder).and_then(|link| self.link_action(link));
        link.is_some_and(|wanted| wanted.name == action.name && wanted.line == action.line)
    }
}

/// What services are called where a role is named.
fn system() -> Name {
    Name::parse("system").expect("`system` is a name")
}
