//! Who acts for whom: by a turn that was handed over in this visit, or as the substitute of somebody who is away.
//! Whoever acts for somebody has what that person's roles give, and both are held to separation of duties.

use crate::{
    case::{Actor, Ballot, Case, Claim, MailLink, Person, PersonId},
    name::Name,
    reading::Reading,
    workflow::{Review, RoleIs, StatePath, Workflow},
};

use super::{Policy, benches, is_within_wall};

/// How many people may stand between whose turn it is and who acts.
const LONGEST: usize = 4;

/// In which role somebody acts, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The role.
    pub role: Name,
    /// In whose place, first the one whose turn it is; empty: in their own.
    pub instead_of: Vec<PersonId>,
}

impl Standing {
    /// In one's own name.
    pub fn own(role: Name) -> Self {
        Self {
            role,
            instead_of: Vec::new(),
        }
    }
}

/// Whether a person has handed the turn of this state (or of one around it) to somebody else.
pub fn gave_away(case: &Case, person: &PersonId, at: &StatePath) -> bool {
    let mut mandates = case.mandates.iter();
    mandates.any(|mandate| mandate.from == *person && at.is_in(mandate.state.as_str()))
}

/// The claim that keeps whoever stands so from the turn of a state: somebody else's, for whom he does not act.
pub fn claimed_by_another<'c>(
    case: &'c Case,
    at: &StatePath,
    standing: &Standing,
    who: Option<&PersonId>,
) -> Option<&'c Claim> {
    let claim = case.claim.as_ref()?;
    let his = who == Some(&claim.by) || standing.instead_of.contains(&claim.by);
    (!his && claim.holds(at, &standing.role)).then_some(claim)
}

/// In whose place a person acts in a state (`None`: in some state that the case is in), the shortest way first; in
/// each first the one whose turn it is.
pub fn stands_for(
    case: &Case,
    person: &Person,
    at: Option<&StatePath>,
    reading: &Reading<'_>,
) -> Vec<Vec<PersonId>> {
    let counts = |state: &StatePath| at.is_none_or(|at| at.is_in(state.as_str()));
    let mut ways = vec![vec![person.id.clone()]];
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        next += 1;
        let Some(first) = way.first().filter(|_| way.len() <= LONGEST) else {
            continue;
        };
        let handed = case.mandates.iter();
        let handed = handed.filter(|mandate| mandate.to == *first && counts(&mandate.state));
        let mut before: Vec<PersonId> = handed.map(|mandate| mandate.from.clone()).collect();
        before.extend(absent(case, person, first, at, reading));
        for of in before {
            if !way.contains(&of) {
                ways.push([&[of], way.as_slice()].concat());
            }
        }
    }
    let ways = ways.into_iter().skip(1);
    ways.map(|mut way| {
        way.pop();
        way
    })
    .collect()
}

/// Those who are away now, with this person as their substitute, and have not handed their turn to somebody else.
fn absent(
    case: &Case,
    me: &Person,
    substitute: &PersonId,
    at: Option<&StatePath>,
    reading: &Reading<'_>,
) -> Vec<PersonId> {
    let Some(now) = reading.now() else {
        return Vec::new();
    };
    let still = |of: &&PersonId| at.is_none_or(|at| !gave_away(case, of, at));
    if *substitute == me.id {
        return me.stands_in_for(now).filter(still).cloned().collect();
    }
    match reading.person(substitute) {
        Some(known) => known.stands_in_for(now).filter(still).cloned().collect(),
        None => Vec::new(),
    }
}

/// The role in which a ballot asks a person himself (rules 28 to 32); without a ballot, his role in `by`.
pub fn asked_as(
    workflow: &Workflow,
    case: &Case,
    review: &Review,
    ballot: Option<&Ballot>,
    person: &Person,
    reading: &Reading<'_>,
) -> Option<Name> {
    let benches = benches(review, ballot).into_iter();
    { benches }.find_map(|bench| bench.asks(workflow, case, person, reading))
}

impl Policy<'_> {
    /// How the actor stands among these roles for an action of this state: in his own name, or for somebody.
    pub fn standing(&self, roles: &[Name], at: &StatePath) -> Option<Standing> {
        let Some(person) = self.in_person() else {
            let mut roles = roles.iter();
            return roles
                .find(|role| self.has_role(role))
                .cloned()
                .map(Standing::own);
        };
        let by_link = |role: &str, who: &Person| match self.actor {
            Actor::LinkHolder(holder) => who.id == person.id && self.holder_has(role, holder),
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => false,
        };
        self.found(person, at, &|who| {
            let mut roles = roles.iter();
            roles
                .find(|role| self.person_has(role, who) || by_link(role, who))
                .cloned()
        })
    }

    /// How the actor stands among those whom a review of this state asks.
    pub fn standing_in_review(
        &self,
        review: &Review,
        ballot: Option<&Ballot>,
        at: &StatePath,
    ) -> Option<Standing> {
        let Some(person) = self.in_person() else {
            return self.may_review(review).map(Standing::own);
        };
        let (workflow, case, reading) = (self.workflow, self.case, self.reading);
        self.found(person, at, &|person| {
            asked_as(workflow, case, review, ballot, person, reading)
        })
    }

    /// The person who acts, signed in or by a link that was mailed to them: what they have handed on is not theirs
    /// by either way.
    fn in_person(&self) -> Option<&Person> {
        match self.actor {
            Actor::LinkHolder(holder) => {
                let person = holder.person.as_ref()?;
                let theirs = |link: &&MailLink| link.receiver.is_person(&person.id);
                self.link(holder).filter(theirs).map(|_| person)
            }
            Actor::Person(_) | Actor::Service(_) | Actor::Machine => self.signed_in(),
        }
    }

    fn found(
        &self,
        person: &Person,
        at: &StatePath,
        role_of: &dyn Fn(&Person) -> Option<Name>,
    ) -> Option<Standing> {
        if gave_away(self.case, &person.id, at) {
            return None;
        }
        if let Some(role) = role_of(person) {
            return Some(Standing::own(role));
        }
        let ways = stands_for(self.case, person, Some(at), self.reading);
        ways.into_iter().find_map(|instead_of| {
            let owner = self.reading.person(instead_of.first()?)?;
            let role = role_of(&owner).filter(|role| self.within(role, person))?;
            Some(Standing { role, instead_of })
        })
    }

    /// Whether the actor has a role because he acts for somebody who has it.
    pub(super) fn has_for_another(&self, role: &str, person: &Person) -> bool {
        let ways = stands_for(self.case, person, None, self.reading);
        ways.iter().any(|way| {
            let owner = way.first().and_then(|owner| self.reading.person(owner));
            owner.is_some_and(|owner| self.person_has(role, &owner)) && self.within(role, person)
        })
    }

    /// Whether the partner wall lets a person act in this role (rule 21).
    fn within(&self, role: &str, person: &Person) -> bool {
        let is = self.workflow.roles.get(role).map(|role| &role.is);
        !person.disabled
            && (matches!(is, Some(RoleIs::Relation(_))) || is_within_wall(self.case, person))
    }
}
