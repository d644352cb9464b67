//! Whether `add_reviewers` adds anybody to a review that runs there, and whether a turn that can be claimed is one
//! person's work.

use countersign_core::{
    name::Name,
    workflow::{Effect, Review, State, Votes},
};

use crate::{
    diagnostic::Code,
    source::Span,
    yaml::{Data, Yaml},
};

use super::site::Site;

/// Whether nobody in a role could vote in a review.
type IsExcluded<'c> = &'c dyn Fn(&Site<'_>, &Review, &Name) -> bool;

pub(super) fn check(site: &Site<'_>, is_excluded: IsExcluded<'_>) {
    for state in site.workflow.states.iter() {
        check_claim(site, state);
        let mut outward = site.workflow.states.outward(state.id);
        let review = outward.find_map(|state| state.review.as_ref());
        for (role, part) in added(state) {
            check_added(site, state, review, role, part, is_excluded);
        }
    }
}

/// The roles that effects of a state add, with the keyword under which each stands.
fn added(state: &State) -> Vec<(&Name, &'static str)> {
    let entered = state.enter.iter().map(|effect| (effect, "enter"));
    let left = state.exit.iter().map(|effect| (effect, "exit"));
    let actions = state.actions.values().flat_map(|action| &action.effects);
    let timers = state.timers.values().flat_map(|timer| &timer.effects);
    let acted = actions.map(|effect| (effect, "actions"));
    let timed = timers.map(|effect| (effect, "timers"));
    let all = entered.chain(left).chain(acted).chain(timed);
    all.filter_map(|(effect, part)| match effect {
        Effect::AddReviewers(role) => Some((role, part)),
        _ => None,
    })
    .collect()
}

fn check_added(
    site: &Site<'_>,
    state: &State,
    review: Option<&Review>,
    role: &Name,
    part: &str,
    is_excluded: IsExcluded<'_>,
) {
    let written = site.within(state, &[part]).map(|entry| &entry.value);
    let span = written
        .and_then(|yaml| span_of(yaml, role))
        .unwrap_or_else(|| site.state_span(state));
    match review {
        None => {
            let message = format!("no review runs in `{}` that could be joined", state.path);
            let help = "add reviewers in a state that has a `review`, or in one inside it";
            site.file.report(Code::OutsideReview, span, message, help);
        }
        Some(review) if !review.panels.is_empty() => {
            let message = "a review with panels cannot be joined: it is not told which panel";
            let help = "let the panel's `by` name a role that they have, or leave `panels` out";
            site.file.report(Code::BadReview, span, message, help);
        }
        Some(review) if is_excluded(site, review, role) => {
            let message = format!("everybody in `{role}` is excluded, so nobody is added");
            let help = "add another role, or loosen `except` or `self_review`";
            site.file.report(Code::AllExcluded, span, message, help);
        }
        Some(_) => {}
    }
}

/// A turn is claimed by one person, so one vote must be enough there.
fn check_claim(site: &Site<'_>, state: &State) {
    let Some(review) = state.review.as_ref().filter(|_| state.claim.is_some()) else {
        return;
    };
    let many = review.assign.is_some()
        || !review.panels.is_empty()
        || review
            .decisions
            .values()
            .any(|decision| !matches!(decision.votes, Votes::Number(1) | Votes::Recorded));
    if !many {
        return;
    }
    let span = site
        .within(state, &["claim"])
        .map_or_else(|| site.state_span(state), |entry| entry.key.span);
    let message = "a turn that one person claims cannot need the votes of several";
    let help = "delete `claim`, or let each decision need one vote and nobody be assigned";
    site.file.report(Code::BadReview, span, message, help);
}

/// The place of the first `add_reviewers` of a role.
fn span_of(yaml: &Yaml, role: &Name) -> Option<Span> {
    match &yaml.data {
        Data::Scalar(_) => None,
        Data::List(items) => items.iter().find_map(|item| span_of(item, role)),
        Data::Map(entries) => entries.iter().find_map(|entry| {
            let value = entry.value.scalar();
            let here = entry.key.text == "add_reviewers"
                && value.is_some_and(|value| value.text == role.as_str());
            if here {
                Some(entry.value.span)
            } else {
                span_of(&entry.value, role)
            }
        }),
    }
}
