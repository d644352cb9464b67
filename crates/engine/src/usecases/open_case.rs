//! Open a case of the newest version of a workflow.

use countersign_core::{
    case::Actor,
    command::Opening,
    workflow::{RoleIs, Workflow},
};

use crate::{Answered, Engine, Error, Manner, lane::Work, ports::store::Caller};

impl Engine {
    /// Opens a case of this workflow; with an action in `opening.then`, takes it too, all or nothing.
    pub async fn open_case(
        &self,
        actor: Actor,
        manner: Manner,
        workflow: &str,
        opening: Opening,
    ) -> Result<Answered, Error> {
        let workflow = self.workflow(workflow)?;
        self.submit(actor, manner, Work::Open { workflow, opening })
            .await
    }
}

/// Whether the caller has a role that opens a case of this workflow. What else `open` asks is judged when it is opened.
pub fn may_open(workflow: &Workflow, caller: &Caller) -> bool {
    let who = &workflow.open.who;
    let person = match caller {
        Caller::Service { .. } => return who.system,
        Caller::Person(person) => person,
    };
    let mut roles = who.roles.iter().filter_map(|role| workflow.roles.get(role));
    roles.any(|role| match &role.is {
        RoleIs::Group(group) => person.is_in(group.as_str()),
        RoleIs::Partner { group } => {
            let is_member = group
                .as_ref()
                .is_none_or(|group| person.is_in(group.as_str()));
            person.partner.is_some() && is_member
        }
        // Whoever opens it is its starter.
        RoleIs::Starter => true,
        RoleIs::LinkHolder { .. } => false,
        // Reckoned from the case that is to be: judged when it is opened.
        RoleIs::Groups(_) | RoleIs::Person(_) | RoleIs::Relation(_) => true,
    })
}
