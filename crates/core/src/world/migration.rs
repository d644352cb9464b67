//! What a migration would come to in the world.

use crate::{
    case::CaseId, command::Patch, context::Needs, migration::Assessment, step, workflow::Workflow,
};

use super::{MOST_LOADS, Request, World};

impl World {
    /// The verdict on moving a case to another version of its workflow now. `None`: there is no such case.
    pub fn assess_migration(
        &self,
        request: &Request,
        id: CaseId,
        to: &Workflow,
        data: &Patch,
    ) -> Option<Assessment> {
        let case = self.case(id)?;
        let workflow = self.workflow_of(case);
        let mut needs = Needs::default();
        for _ in 0..MOST_LOADS {
            let inputs = self.load(&needs);
            let ctx = self.context(request, &inputs);
            match step::assess_migration(&workflow, case, to, data, &ctx) {
                Ok(assessment) => return Some(assessment),
                Err(missing) => needs.add(missing),
            }
        }
        None
    }
}
