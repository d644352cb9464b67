//! `/v1/incidents`: what needs an operator.

use axum::{Json, extract::State, response::Response};
use chrono::{DateTime, Utc};
use countersign_core::text::Language;
use countersign_engine::ports::reader::IncidentRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    ApiState, Problem,
    deliveries::{CaseRefDocument, RetriedDocument, trying_again},
    documents::{Items, Problems},
    request::{Asker, Id, Nothing, Params, Path, Write, page_limit},
};

/// Which incidents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IncidentParams {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many incidents at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// Something that needs an operator and is not settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Incident)]
pub struct IncidentDocument {
    /// Its id.
    pub id: Uuid,
    /// What kind, for example `no_reviewer`.
    pub code: String,
    /// What happened.
    pub message: String,
    /// The case that it is about.
    pub case: Option<CaseRefDocument>,
    /// The delivery that it is about.
    pub delivery: Option<Uuid>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A page of incidents.
pub type IncidentPage = Items<IncidentDocument>;

impl IncidentDocument {
    fn new(row: IncidentRow, language: Language) -> Self {
        Self {
            id: row.id,
            code: row.incident.code,
            message: row.incident.message.get(language).to_owned(),
            case: row.case.map(CaseRefDocument::from),
            delivery: row.delivery.map(|delivery| delivery.0),
            since: row.since,
        }
    }
}

/// What needs an operator, the oldest first. Operators only.
#[utoipa::path(get, path = "/v1/incidents", tag = "operators", operation_id = "list_incidents", params(IncidentParams),
    responses((status = 200, body = Items<IncidentDocument>, description = "A page of incidents"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
    Params(params): Params<IncidentParams>,
) -> Result<Json<IncidentPage>, Problem> {
    let limit = page_limit(params.limit)?;
    let page = state
        .engine
        .incidents(&asker.caller, params.cursor, limit)
        .await?;
    let rows = page.items.into_iter();
    Ok(Json(IncidentPage {
        items: rows
            .map(|row| IncidentDocument::new(row, asker.language))
            .collect(),
        next_cursor: page.next_cursor,
    }))
}

/// Try again what an incident is about: its delivery, or what went wrong in its case. It is settled once its cause is
/// gone, and stays in the list otherwise. Operators only.
#[utoipa::path(post, path = "/v1/incidents/{id}/retry", tag = "operators", operation_id = "retry_incident",
    params(("id" = Uuid, Path, description = "The incident")),
    responses((status = 200, body = RetriedDocument, description = "It is tried again"), Problems))]
pub async fn retry(
    State(state): State<ApiState>,
    Path(id): Path<Id>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    let (id, manner, answer) = trying_again(id, &write)?;
    let caller = &write.head.asker.caller;
    let retry = state.engine.retry_incident(caller, manner, id);
    answer.respond(retry.await?)
}
