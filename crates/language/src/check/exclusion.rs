//! Whether a review excludes everybody who could vote. Only what is certain without a directory.

use countersign_core::{
    name::Name,
    workflow::{Review, RoleIs, SelfReview, State},
};

use crate::diagnostic::Code;

use super::{joining, site::Site};

pub(super) fn check(site: &Site<'_>) {
    for state in site.workflow.states.iter() {
        let Some(review) = &state.review else {
            continue;
        };
        check_panels(site, state, review);
        if !review.panels.is_empty()
            || review.by.is_empty()
            || !review.by.iter().all(|role| is_excluded(site, review, role))
        {
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

/// A panel that nobody can vote in reaches nothing, and so holds up whatever all panels must agree on.
fn check_panels(site: &Site<'_>, state: &State, review: &Review) {
    for panel in review.panels.values() {
        let mut by = panel.by.iter();
        if panel.by.is_empty() || !by.all(|role| is_excluded(site, review, role)) {
            continue;
        }
        let path = ["review", "panels", panel.name.as_str(), "by"];
        let span = site
            .within(state, &path)
            .map_or_else(|| site.state_span(state), |entry| entry.value.span);
        let message = format!(
            "everybody in panel `{}` is excluded, so nobody could ever vote in it",
            panel.name
        );
        let help = "let another role vote in it, or loosen `except` or `self_review`";
        let finding = site.file.finding(Code::AllExcluded, span, message, help);
        site.file.add(finding.label("nobody is left"));
    }
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
