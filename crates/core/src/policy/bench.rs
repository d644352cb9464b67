//! Who votes together: a panel of a review, or everybody of one that has none; who has a seat there, and whom it asks.

use std::collections::BTreeSet;

use crate::{
    case::{Ballot, Case, Person, PersonId},
    name::Name,
    reading::Reading,
    workflow::{Panel, Review, Workflow},
};

use super::{has_role, people_of};

/// Those who vote together.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// The panel; `None`: the review has none.
    pub panel: Option<&'a Panel>,
    /// The roles that vote.
    pub by: &'a [Name],
    ballot: Option<&'a Ballot>,
    snapshot: Option<&'a [PersonId]>,
}

/// The benches of a ballot: its open panels, or the one bench of a review without panels. Without a ballot, all that
/// there could be.
pub fn benches<'a>(review: &'a Review, ballot: Option<&'a Ballot>) -> Vec<Bench<'a>> {
    if review.panels.is_empty() {
        return vec![Bench {
            panel: None,
            by: &review.by,
            ballot,
            snapshot: ballot.and_then(|ballot| ballot.snapshot.as_deref()),
        }];
    }
    let panels = review.panels.values();
    panels
        .filter_map(|panel| {
            let open = match ballot {
                Some(ballot) => Some(ballot.panels.iter().find(|open| open.panel == panel.name)?),
                None => None,
            };
            Some(Bench {
                panel: Some(panel),
                by: &panel.by,
                ballot,
                snapshot: open.and_then(|open| open.snapshot.as_deref()),
            })
        })
        .collect()
}

/// The seats of all benches of a review (rule 28).
pub fn seats(
    workflow: &Workflow,
    case: &Case,
    review: &Review,
    ballot: Option<&Ballot>,
    reading: &Reading<'_>,
) -> BTreeSet<PersonId> {
    let benches = benches(review, ballot).into_iter();
    benches
        .flat_map(|bench| bench.seats(workflow, case, reading))
        .collect()
}

impl<'a> Bench<'a> {
    /// The panel's name.
    pub fn name(&self) -> Option<&'a Name> {
        self.panel.map(|panel| &panel.name)
    }

    /// Its `seats` (rule 28): the people of `by`; of a ballot with assignment those assigned, of one with a snapshot
    /// those of then. Whoever was handed a seat sits in it.
    pub fn seats(
        &self,
        workflow: &Workflow,
        case: &Case,
        reading: &Reading<'_>,
    ) -> BTreeSet<PersonId> {
        let mut seats: BTreeSet<PersonId> = match self.named() {
            Some(people) => people.iter().cloned().collect(),
            None => {
                let roles = self.by.iter();
                roles
                    .flat_map(|role| people_of(workflow, case, role, reading))
                    .collect()
            }
        };
        let Some(ballot) = self.ballot else {
            return seats;
        };
        seats.extend(ballot.added.iter().cloned());
        let handed = case.mandates.iter();
        for mandate in handed.filter(|mandate| mandate.state == ballot.state) {
            if seats.remove(&mandate.from) {
                seats.insert(mandate.to.clone());
            }
        }
        seats
    }

    /// Whom it asks by name, if it does.
    pub fn named(&self) -> Option<&'a [PersonId]> {
        let assigned = self.ballot.and_then(|ballot| ballot.assigned.as_deref());
        assigned.or(self.snapshot)
    }

    /// The role in which it asks a person himself (rules 28 to 32).
    pub fn asks(
        &self,
        workflow: &Workflow,
        case: &Case,
        person: &Person,
        reading: &Reading<'_>,
    ) -> Option<Name> {
        let mut by = self.by.iter();
        let own = by
            .clone()
            .find(|role| has_role(workflow, case, role, person, reading));
        let Some(ballot) = self.ballot else {
            return own.cloned();
        };
        let role = own.or_else(|| by.next());
        if ballot.added.contains(&person.id) {
            return role.cloned();
        }
        match (self.snapshot, &ballot.assigned) {
            (_, Some(assigned)) => own.filter(|_| assigned.contains(&person.id)).cloned(),
            (Some(snapshot), None) => role.filter(|_| snapshot.contains(&person.id)).cloned(),
            (None, None) => own.cloned(),
        }
    }
}
