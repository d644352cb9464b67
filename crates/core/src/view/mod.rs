//! The case as API and pages show it to one viewer: masked, in his language, ready to serialise as the
//! HTTP API says. It decides nothing: what may be seen is `policy`'s, what may be done `step`'s.

mod case;
mod glass;
mod history;
mod needs;
mod offer;
mod refusal;
mod review;
mod revision;
mod summary;
mod value;
mod waiting;
mod why;

#[cfg(test)]
mod tests;

pub use case::{
    ActionView, CaseView, CommentView, FileView, MissingView, ReplyView, TimerView, case_view,
};
pub use history::{EntryView, Text as EntryText, history_view};
pub use needs::needs;
pub use offer::{Offer, OfferKind, Tally, TallyOf, TallyOfPanel};
pub use refusal::refusal_text;
pub use review::{PanelView, ReviewView, VotesView};
pub use revision::{
    FieldChange, FilesChange, RevisionDiff, RevisionRow, RevisionView, revision_diff,
    revision_rows, revision_view,
};
pub use summary::{CaseSummary, summary};
pub use value::entry_in_language;
pub use waiting::WaitingForView;
pub use why::{Condition, ConditionStatus, ConditionView, ReadValue, Why, WhyView, why_view};

use crate::{
    case::{Actor, Doer},
    reading::Reading,
    text::Language,
    time::Time,
};

/// Who looks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The language that he reads.
    pub language: Language,
    /// The moment.
    pub now: Time,
    /// What was loaded; what is missed is noted there.
    pub reading: &'a Reading<'a>,
}

/// What somebody who did something is called in answers: a person or service by id, a link by its id, a
/// timer by name, the engine itself `system`.
pub fn doer_id(doer: &Doer) -> String {
    match doer {
        Doer::Person(id) => id.to_string(),
        Doer::Service(id) => id.to_string(),
        Doer::Link(id) => format!("link:{id}"),
        Doer::Timer(name) => format!("timer:{name}"),
        Doer::Machine => "system".to_owned(),
    }
}
