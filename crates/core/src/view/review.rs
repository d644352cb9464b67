//! A running review as one viewer sees it: its count, and that of each of its panels.

use indexmap::IndexMap;
use serde::Serialize;

use crate::{case::PersonId, name::Name, workflow::StatePath};

use super::{Tally, TallyOf, glass::Glass};

/// The running review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// The state that it is the review of.
    pub state: StatePath,
    /// Each decision, in the order written.
    pub votes: IndexMap<Name, VotesView>,
    /// What he voted for; absent if he has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<Name>,
    /// Who may vote and has not; absent on the partner's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_vote: Option<Vec<PersonId>>,
    /// Each open panel, in the order written; absent if it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<PanelView>,
}

/// A panel of the running review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelView {
    /// The panel.
    pub panel: Name,
    /// What it is called.
    pub title: String,
    /// Each decision, in the order written.
    pub votes: IndexMap<Name, VotesView>,
    /// What he voted for in it; absent if he has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<Name>,
    /// Who may vote in it and has not; absent on the partner's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_vote: Option<Vec<PersonId>>,
}

/// The count of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VotesView {
    /// Standing votes.
    pub have: u32,
    /// Votes that make it happen; null if that is no number.
    pub need: Option<u32>,
}

/// The count of each decision.
pub(super) fn counts(votes: &[TallyOf]) -> IndexMap<Name, VotesView> {
    let counts = votes.iter().map(|of| {
        let (have, need) = (of.have, of.need);
        (of.decision.clone(), VotesView { have, need })
    });
    counts.collect()
}

impl Glass<'_> {
    pub(super) fn review(&self, tally: &Tally) -> ReviewView {
        let may_vote = |people: &[PersonId]| self.visible.reviewers().then(|| people.to_vec());
        let panels = tally.panels.iter();
        ReviewView {
            state: tally.state.clone(),
            votes: counts(&tally.votes),
            mine: tally.mine.clone(),
            may_vote: may_vote(&tally.may_vote),
            panels: panels
                .map(|of| PanelView {
                    panel: of.panel.clone(),
                    title: of.title.get(self.viewer.language).to_owned(),
                    votes: counts(&of.votes),
                    mine: of.mine.clone(),
                    may_vote: may_vote(&of.may_vote),
                })
                .collect(),
        }
    }
}
