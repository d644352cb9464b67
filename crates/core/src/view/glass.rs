//! Through which a viewer sees a case: what `policy` lets him see, and whose names he may read.

use crate::{
    case::{Case, Doer, PersonId},
    name::Name,
    policy::{Policy, Visible, has_role},
    workflow::Workflow,
};

use super::{Viewer, doer_id};

/// What one viewer may read of one case.
pub(super) struct Glass<'a> {
    pub workflow: &'a Workflow,
    pub case: &'a Case,
    pub viewer: Viewer<'a>,
    pub visible: Visible,
}

impl<'a> Glass<'a> {
    pub fn new(viewer: &Viewer<'a>, workflow: &'a Workflow, case: &'a Case) -> Self {
        let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
        Self {
            workflow,
            case,
            viewer: *viewer,
            visible: policy.visible(),
        }
    }

    /// How somebody is called; `None` if the viewer may not know who it was.
    pub fn doer(&self, doer: &Doer) -> Option<String> {
        match doer.person() {
            Some(person) if !self.may_name(person) => None,
            Some(_) | None => Some(doer_id(doer)),
        }
    }

    /// On the partner's side reviewers have no names: whoever votes or could. Somebody of whom that is not
    /// known counts as one.
    pub fn may_name(&self, id: &PersonId) -> bool {
        let me = self.viewer.actor.person().map(|person| &person.id);
        if self.visible.reviewers() || me == Some(id) || self.case.starter.as_ref() == Some(id) {
            return true;
        }
        let voted = self.case.ballots.iter().any(|ballot| {
            let assigned = ballot.assigned.iter().flatten();
            let voters = ballot.votes.iter().map(|vote| &vote.by);
            assigned.chain(voters).any(|reviewer| reviewer == id)
        });
        if voted {
            return false;
        }
        let reading = self.viewer.reading;
        reading.person(id).is_some_and(|person| {
            let colleague = person.partner.is_some() && person.partner == self.case.partner;
            let reviews = |role: &Name| has_role(self.workflow, self.case, role, &person, reading);
            colleague || !self.reviewing_roles().any(reviews)
        })
    }

    /// Whether this role votes somewhere.
    pub fn is_reviewing(&self, role: &Name) -> bool {
        self.reviewing_roles().any(|reviewing| reviewing == role)
    }

    fn reviewing_roles(&self) -> impl Iterator<Item = &'a Name> {
        let reviews = self
            .workflow
            .states
            .iter()
            .filter_map(|state| state.review.as_ref());
        reviews.flat_map(|review| &review.by)
    }
}
