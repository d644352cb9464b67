//! Which comments wait for an answer (rule 25).

use crate::{
    case::{Comment, Content},
    history::Change,
};

use super::run::Run;

impl Run<'_> {
    /// A change of its place answers a comment as a reply does.
    pub fn answer_comments(&mut self, changes: &[Change]) {
        for comment in self
            .case
            .content
            .comments
            .iter_mut()
            .filter(|comment| comment.open)
        {
            let changed = match &comment.at {
                None => true,
                Some(at) => changes
                    .iter()
                    .any(|change| lies_in(&change.at, at) || lies_in(at, &change.at)),
            };
            comment.changed_since |= changed;
        }
    }

    /// With a submission all answered comments close.
    pub fn close_answered_comments(&mut self) {
        for comment in &mut self.case.content.comments {
            if comment.open && comment.is_answered() {
                comment.open = false;
                self.content_changed = true;
            }
        }
    }
}

/// Comments that wait for an answer of the starter's side.
pub(crate) fn unanswered(content: &Content) -> impl Iterator<Item = &Comment> {
    content
        .comments
        .iter()
        .filter(|comment| comment.open && !comment.is_answered())
}

/// Whether a place is this one or inside it.
fn lies_in(place: &str, outer: &str) -> bool {
    place
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
