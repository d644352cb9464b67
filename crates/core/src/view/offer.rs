//! What `step` says of a case to the view: the actions there are for the viewer, and the running count.

use crate::{case::PersonId, name::Name, outcome::Missing, text::Text, workflow::StatePath};

/// An action or decision that the viewer has a button for. Those hidden by `who` or `when` are not offered.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The action or decision.
    pub id: Name,
    /// On the button.
    pub title: Text,
    /// Which of both it is.
    pub kind: OfferKind,
    /// Whether it would succeed now, but for what is asked with it (`comment`, `confirm`, `code`, `forms`).
    pub allowed: bool,
    /// Why not.
    pub missing: Vec<Missing>,
    /// A text to tick.
    pub confirm: Option<Text>,
    /// The forms that are filled in with it (rule 14).
    pub forms: Vec<Name>,
    /// Whether a comment must come with it.
    pub comment: bool,
    /// Whether a one-time code must come with it.
    pub code: bool,
}

/// An action, or a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// It happens when it is taken.
    Action,
    /// It happens when it has enough votes.
    Decision,
}

impl OfferKind {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Decision => "decision",
        }
    }
}

/// The running review as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The state that it is the review of.
    pub state: StatePath,
    /// Each decision, in the order written.
    pub votes: Vec<TallyOf>,
    /// What the viewer voted for.
    pub mine: Option<Name>,
    /// Who may vote and has not.
    pub may_vote: Vec<PersonId>,
    /// Each open panel, in the order written.
    pub panels: Vec<TallyOfPanel>,
}

/// The count of one panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyOfPanel {
    /// The panel.
    pub panel: Name,
    /// What people call it.
    pub title: Text,
    /// Each decision, in the order written.
    pub votes: Vec<TallyOf>,
    /// What the viewer voted for in it.
    pub mine: Option<Name>,
    /// Who may vote in it and has not.
    pub may_vote: Vec<PersonId>,
}

/// The count of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyOf {
    /// The decision.
    pub decision: Name,
    /// Standing votes.
    pub have: u32,
    /// Votes that make it happen; `None` if that is no number.
    pub need: Option<u32>,
}
