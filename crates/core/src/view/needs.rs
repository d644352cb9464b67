//! What must be loaded to show a case.

use crate::{
    case::{Case, Doer},
    context::Needs,
    policy::turns,
    workflow::{RoleIs, Workflow},
};

/// The people and groups whose names, roles and turns a view of the case reads. What it misses all the same
/// is noted in the `Reading`.
pub fn needs(workflow: &Workflow, case: &Case) -> Needs {
    let mut needs = Needs::default();
    needs.people.extend(case.starter.clone());
    needs
        .people
        .extend(case.claim.iter().map(|claim| claim.by.clone()));
    let content = &case.content;
    let comments = content.comments.iter();
    let replies = content.comments.iter().flat_map(|comment| &comment.replies);
    let files = content.materials.values().flatten();
    let copies = content.copies.values().flatten();
    let doers = comments
        .map(|comment| &comment.by)
        .chain(replies.map(|reply| &reply.by))
        .chain(files.map(|file| &file.uploaded_by))
        .chain(copies.map(|copy| &copy.by));
    needs.people.extend(doers.filter_map(Doer::person).cloned());
    for turn in turns(workflow, case, &|_| true) {
        let assigned = turn
            .review
            .iter()
            .filter_map(|(_, ballot)| ballot.assigned.as_ref());
        needs.people.extend(assigned.flatten().cloned());
        match workflow.roles.get(turn.role).map(|role| &role.is) {
            Some(RoleIs::Group(group) | RoleIs::Partner { group: Some(group) }) => {
                needs.groups.insert(group.clone());
            }
            Some(
                RoleIs::Starter
                | RoleIs::Partner { group: None }
                | RoleIs::LinkHolder { .. }
                | RoleIs::Groups(_)
                | RoleIs::Person(_)
                | RoleIs::Relation(_),
            )
            | None => {}
        }
    }
    needs
}
