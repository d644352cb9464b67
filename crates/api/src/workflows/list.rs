//! `GET /v1/workflows`: what there is, and what the caller may open.

use axum::{Json, extract::State};
use countersign_core::{text::Language, workflow::Workflow};
use countersign_engine::{may_open, ports::store::Caller};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState,
    documents::{Items, Problems},
    request::Asker,
};

/// A workflow in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkflowSummary)]
pub struct WorkflowSummary {
    /// Its id.
    pub id: String,
    /// The version that new cases begin with.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub about: Option<String>,
    /// Whether the caller has a role that opens it.
    pub may_open: bool,
}

/// The published workflows.
pub type WorkflowPage = Items<WorkflowSummary>;

impl WorkflowSummary {
    pub(super) fn new(workflow: &Workflow, caller: &Caller, language: Language) -> Self {
        let about = workflow.about.as_ref();
        Self {
            id: workflow.id.to_string(),
            version: workflow.version,
            title: workflow.title.get(language).to_owned(),
            about: about.map(|about| about.get(language).to_owned()),
            may_open: may_open(workflow, caller),
        }
    }
}

/// The published workflows, each in its newest version, in order of id.
#[utoipa::path(get, path = "/v1/workflows", tag = "workflows", operation_id = "list_workflows",
    responses((status = 200, body = Items<WorkflowSummary>, description = "Workflows, all on one page"), Problems))]
pub async fn list(State(state): State<ApiState>, asker: Asker) -> Json<WorkflowPage> {
    let workflows = state.engine.registry().all_newest();
    let row = |workflow: &std::sync::Arc<Workflow>| {
        WorkflowSummary::new(workflow, &asker.caller, asker.language)
    };
    Json(WorkflowPage::all(workflows.iter().map(row).collect()))
}
