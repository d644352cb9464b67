//! Through which a viewer sees a case: what `policy` lets him see, and whose names he may read.

use crate::{
    case::{Case, Doer, PersonId},
    name::Name,
    policy::{Policy, Visible, reviewing_roles},
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

    /// Whether the viewer may know that somebody had to do with the case.
    pub fn may_name(&self, id: &PersonId) -> bool {
        self.policy().may_name(id)
    }

    /// Who may do and see what, for this viewer.
    pub fn policy(&self) -> Policy<'a> {
        Policy::new(
            self.workflow,
            self.case,
            self.viewer.actor,
            self.viewer.reading,
        )
    }

    /// Whether this role votes somewhere.
    pub fn is_reviewing(&self, role: &Name) -> bool {
        reviewing_roles(self.workflow).any(|reviewing| reviewing == role)
    }
}
