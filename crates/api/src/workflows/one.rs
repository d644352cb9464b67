//! `GET /v1/workflows/{workflow}`: what a workflow asks for and where its cases can be.

use axum::{Json, extract::State};
use countersign_core::{
    text::{Language, Text},
    workflow::{Action, Form, Material, Requirement, State as WorkflowState, StateKind, Workflow},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{list::WorkflowSummary, named};
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path},
};

/// A workflow in its newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Workflow)]
pub struct WorkflowDocument {
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
    /// What opening a case asks for.
    pub open: WorkflowActionDocument,
    /// Roles, in document order.
    pub roles: Vec<NamedDocument>,
    /// Forms, in document order; their JSON Schemas are under `/forms/{form}`.
    pub forms: Vec<NamedDocument>,
    /// Materials, in document order.
    pub materials: Vec<MaterialDocument>,
    /// Links to other cases, in document order.
    pub links: Vec<NamedDocument>,
    /// States in document order, outer before inner.
    pub states: Vec<StateDocument>,
}

/// Something with a name in the file and a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Named)]
pub struct NamedDocument {
    /// Its name in the file.
    pub id: String,
    /// What people call it.
    pub title: String,
}

/// A file that a workflow asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Material)]
pub struct MaterialDocument {
    /// Its name in the file.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The kinds of file that are taken, as extensions.
    pub accept: Vec<String>,
    /// The largest size taken, in bytes.
    pub max_bytes: u64,
    /// The fewest files that make it complete; 0: it is optional.
    pub least: u32,
    /// The most files kept; 1: a new one replaces the old.
    pub most: u32,
    /// The address of a file to fill in; null if there is none.
    pub template: Option<String>,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = State)]
pub struct StateDocument {
    /// Its full path.
    pub path: String,
    /// On the badge.
    pub title: String,
    /// `leaf`, `outer` or `end`.
    pub kind: String,
    /// How cases end here: `success`, `failure` or `neutral`; null where they do not.
    pub end: Option<String>,
    /// Actions and decisions, in document order.
    pub actions: Vec<WorkflowActionDocument>,
}

/// An action or decision of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkflowAction)]
pub struct WorkflowActionDocument {
    /// Its name in the file.
    pub id: String,
    /// On the button.
    pub title: String,
    /// `action` or `decision`.
    pub kind: String,
    /// The words of `require`.
    pub require: Vec<String>,
}

/// What a workflow asks for and where its cases can be, in its newest version.
#[utoipa::path(get, path = "/v1/workflows/{workflow}", tag = "workflows", operation_id = "read_workflow",
    params(("workflow" = String, Path, description = "The workflow")),
    responses((status = 200, body = WorkflowDocument, description = "The workflow"), Problems))]
pub async fn one(
    State(state): State<ApiState>,
    asker: Asker,
    Path(workflow): Path<String>,
) -> Result<Json<WorkflowDocument>, Problem> {
    let workflow = named(&state, &workflow)?;
    let summary = WorkflowSummary::new(&workflow, &asker.caller, asker.language);
    Ok(Json(document(&workflow, summary, asker.language)))
}

fn document(workflow: &Workflow, summary: WorkflowSummary, language: Language) -> WorkflowDocument {
    let entry = |id: &str, title: &Text| NamedDocument {
        id: id.to_owned(),
        title: title.get(language).to_owned(),
    };
    let forms = workflow.forms.values();
    WorkflowDocument {
        open: action(&workflow.open, "action", language),
        roles: workflow
            .roles
            .values()
            .map(|role| entry(&role.name, &role.title))
            .collect(),
        forms: forms
            .map(|form: &Form| entry(&form.name, &form.title))
            .collect(),
        materials: workflow
            .materials
            .values()
            .map(|material| self::material(workflow, material, language))
            .collect(),
        links: workflow
            .links
            .values()
            .filter(|link| link.many.is_none())
            .map(|link| entry(&link.name, &link.title))
            .collect(),
        states: workflow
            .states
            .iter()
            .map(|state| self::state(state, language))
            .collect(),
        id: summary.id,
        version: summary.version,
        title: summary.title,
        about: summary.about,
        may_open: summary.may_open,
    }
}

fn material(workflow: &Workflow, material: &Material, language: Language) -> MaterialDocument {
    let address = || format!("/v1/workflows/{}/templates/{}", workflow.id, material.name);
    MaterialDocument {
        id: material.name.to_string(),
        title: material.title.get(language).to_owned(),
        accept: material.accept.clone(),
        max_bytes: material.max_bytes,
        least: material.least,
        most: material.most,
        template: material.template.as_ref().map(|_| address()),
    }
}

fn state(state: &WorkflowState, language: Language) -> StateDocument {
    let (kind, end) = match state.kind {
        StateKind::Leaf => ("leaf", None),
        StateKind::Outer { .. } => ("outer", None),
        StateKind::Tracks => ("tracks", None),
        StateKind::End(end) => ("end", Some(end.as_str().to_owned())),
    };
    let decisions = state
        .review
        .iter()
        .flat_map(|review| review.decisions.values());
    let decisions = decisions.map(|decision| action(&decision.action, "decision", language));
    let actions = state
        .actions
        .values()
        .map(|of| action(of, "action", language));
    StateDocument {
        path: state.path.to_string(),
        title: state.title.get(language).to_owned(),
        kind: kind.to_owned(),
        end,
        actions: decisions.chain(actions).collect(),
    }
}

fn action(action: &Action, kind: &str, language: Language) -> WorkflowActionDocument {
    WorkflowActionDocument {
        id: action.name.to_string(),
        title: action.title.get(language).to_owned(),
        kind: kind.to_owned(),
        require: action
            .require
            .iter()
            .map(Requirement::name)
            .map(str::to_owned)
            .collect(),
    }
}
