//! A case in a list, as JSON and as CSV.

use chrono::{DateTime, Utc};
use countersign_core::{text::Language, workflow::End};
use countersign_engine::{Engine, ports::reader::CaseRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A case in a list. Lists may lag behind the last write by moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseSummary)]
pub struct CaseSummary {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its workflow.
    pub workflow: String,
    /// What the workflow is called.
    pub workflow_title: String,
    /// The version that the case began with.
    pub version: u32,
    /// What the case is called.
    pub title: String,
    /// Where it is: the full path of the state.
    pub state: String,
    /// What that state is called.
    pub state_title: String,
    /// `running`, `on_hold` or `ended`.
    pub lifecycle: String,
    /// How it ended: `success`, `failure` or `neutral`; null while it runs.
    pub end: Option<String>,
    /// The round.
    pub round: u32,
    /// For `If-Match`.
    pub etag: u64,
    /// Whose it is.
    pub partner: Option<String>,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Until when somebody should act.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether that moment has come.
    pub overdue: bool,
    /// In an inbox, where several votes are needed: of the decision with most votes. Absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub votes: Option<VotesInRow>,
}

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VotesInRow {
    /// How many votes it has.
    pub have: u32,
    /// How many it needs.
    pub need: u32,
}

impl CaseSummary {
    /// The row in this language.
    pub fn new(engine: &Engine, row: CaseRow, language: Language) -> Self {
        let workflow = engine.registry().get(&row.workflow, row.version);
        let state = workflow
            .as_ref()
            .and_then(|workflow| workflow.states.find(&row.state));
        let state_title = state.map_or(row.state.as_str(), |state| state.title.get(language));
        let workflow_title = workflow.as_ref().map_or(row.workflow.as_str(), |workflow| {
            workflow.title.get(language)
        });
        let lifecycle = match (row.end, row.on_hold) {
            (Some(_), _) => "ended",
            (None, true) => "on_hold",
            (None, false) => "running",
        };
        Self {
            id: row.id.0,
            workflow: row.workflow.to_string(),
            workflow_title: workflow_title.to_owned(),
            version: row.version,
            state_title: state_title.to_owned(),
            lifecycle: lifecycle.to_owned(),
            end: row.end.map(End::as_str).map(str::to_owned),
            round: row.round,
            etag: row.etag,
            partner: row.partner.map(|partner| partner.to_string()),
            opened_by: row.starter.map(|starter| starter.to_string()),
            opened_at: row.opened_at,
            overdue: row.end.is_none() && row.due_at.is_some_and(|due| due <= engine.now()),
            due_at: row.due_at,
            number: row.number,
            title: row.title,
            state: row.state,
            votes: None,
        }
    }

    /// The columns of a CSV list.
    pub const COLUMNS: [&'static str; 14] = [
        "number",
        "workflow",
        "version",
        "title",
        "state",
        "state_title",
        "lifecycle",
        "end",
        "round",
        "partner",
        "opened_by",
        "opened_at",
        "due_at",
        "overdue",
    ];

    /// Its cells under [`Self::COLUMNS`].
    pub fn cells(&self) -> [String; 14] {
        let time = |time: &DateTime<Utc>| countersign_core::time::to_text(*time);
        let some = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            self.number.clone(),
            self.workflow.clone(),
            self.version.to_string(),
            self.title.clone(),
            self.state.clone(),
            self.state_title.clone(),
            self.lifecycle.clone(),
            some(&self.end),
            self.round.to_string(),
            some(&self.partner),
            some(&self.opened_by),
            time(&self.opened_at),
            self.due_at.as_ref().map(time).unwrap_or_default(),
            self.overdue.to_string(),
        ]
    }
}
