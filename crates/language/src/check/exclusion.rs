//! Whether a review excludes everybody who could vote. Only what is certain without a directory.

use countersign_core::{
    name::Name,
    workflow::{Review, RoleIs, SelfReview},
};

use crate::diagnostic::Code;

use super::{joining, site::Site};

pub(super) fn check(site: &Site<'_>) {
    for state in site.workflow.states.iter() {
        let Some(review) = &state.review else {
            continue;
        };
        if review.by.is_empty() || !review.by.iter().all(|role| is_excluded(site, review, role)) {
            continue;
        }
        let message = "everybody in `by` is excluded, so nobody could ever vote";
        let help = "let another role vote, or loosen `except` or `self_review`";
        let finding = site
            .file
            .finding(Code::AllExcluded, site.by_span(state), message, help);
        site.file.add(finding.label("nobody is left"));
    }
    joining::check(site, &is_excluded);
}

fn is_excluded(site: &Site<'_>, review: &Review, role: &Name) -> bool {
    let Some(role) = site.workflow.roles.get(role) else {
        return false;
    };
    let own_side = match role.is {
        RoleIs::Starter | RoleIs::Partner { .. } => review.self_review == SelfReview::Never,
        RoleIs::LinkHolder { .. }
        | RoleIs::Group(_)
        | RoleIs::Groups(_)
        | RoleIs::Person(_)
        | RoleIs::Relation(_) => false,
    };
    let excluded = review.except.iter().flat_map(|except| &except.roles);
    let mut excluded = excluded.filter_map(|other| site.workflow.roles.get(other));
    own_side || excluded.any(|other| other.name == role.name || same_people(&other.is, &role.is))
}

/// Whether whoever has the second role has the first.
pub(super) fn same_people(one: &RoleIs, other: &RoleIs) -> bool {
    match (one, other) {
        (RoleIs::Group(one), RoleIs::Group(other)) => one == other,
        (RoleIs::Starter, RoleIs::Starter) => true,
        (RoleIs::Partner { group: None }, RoleIs::Partner { .. } | RoleIs::Starter) => true,
        (RoleIs::Partner { group: one }, RoleIs::Partner { group: other }) => one == other,
        (RoleIs::Groups(one), RoleIs::Groups(other))
        | (RoleIs::Person(one), RoleIs::Person(other)) => one.source() == other.source(),
        (RoleIs::Relation(one), RoleIs::Relation(other)) => {
            one.attributes == other.attributes && one.of.source() == other.of.source()
        }
        (
            RoleIs::Starter
            | RoleIs::Partner { .. }
            | RoleIs::LinkHolder { .. }
            | RoleIs::Group(_)
            | RoleIs::Groups(_)
            | RoleIs::Person(_)
            | RoleIs::Relation(_),
            _,
        ) => false,
    }
}
