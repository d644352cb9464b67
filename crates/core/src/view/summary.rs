//! A case in a list or inbox.

use indexmap::IndexMap;
use serde::Serialize;

use crate::{
    case::{Case, CaseId, PartnerId},
    name::Name,
    policy::turns,
    text::Language,
    time::Time,
    workflow::{End, StatePath, Workflow},
};

use super::{
    Tally, VotesView,
    case::{lifecycle, since, state_title},
    review::counts,
};

/// A row of a list. Nothing in it is private to anybody who may see the case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseSummary {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: Name,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub state: StatePath,
    /// What that is called.
    pub state_title: String,
    /// Since when it is there.
    pub since: Time,
    /// Whose it is.
    pub partner: Option<PartnerId>,
    /// The round.
    pub round: u32,
    /// Until when somebody should act.
    pub due_at: Option<Time>,
    /// Whether that moment has come.
    pub overdue: bool,
    /// `running`, `on_hold` or `ended`.
    pub lifecycle: &'static str,
    /// How it ended.
    pub end: Option<End>,
    /// When it was opened.
    pub opened_at: Time,
    /// The roles whose turn it is.
    pub waiting_for: Vec<Name>,
    /// The running count; absent if none runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<IndexMap<Name, VotesView>>,
}

/// The row of a case.
pub fn summary(
    workflow: &Workflow,
    case: &Case,
    now: Time,
    language: Language,
    tally: Option<&Tally>,
) -> CaseSummary {
    let due_at = case.due_at();
    let turns = turns(workflow, case, &|_| true);
    CaseSummary {
        id: case.id,
        number: case.number.clone(),
        workflow: case.workflow.clone(),
        title: case.title.clone(),
        state: case.state.clone(),
        state_title: state_title(workflow, case.state.as_str(), language),
        since: since(case),
        partner: case.partner.clone(),
        round: case.round,
        due_at,
        overdue: due_at.is_some_and(|due| due <= now),
        lifecycle: lifecycle(case),
        end: case.end(),
        opened_at: case.opened_at,
        waiting_for: turns.iter().map(|turn| turn.role.clone()).collect(),
        votes: tally.map(|tally| counts(&tally.votes)),
    }
}
