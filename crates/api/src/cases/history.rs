//! `GET /v1/cases/{case}/history`: what happened, entry by entry.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::view::history_view;
use countersign_engine::ports::store::CaseAddress;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{EntryDocument, Items, Problems},
    request::{Asker, Params, Path, page_limit},
};

/// Which part of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryParams {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many entries at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// What happened to a case, the first first.
///
/// Append-only: each entry is hashed with the hash before it. What is not for the caller is left out.
#[utoipa::path(get, path = "/v1/cases/{case}/history", tag = "cases", operation_id = "read_history",
    params(("case" = String, Path, description = "Id or number"), HistoryParams),
    responses((status = 200, body = Items<EntryDocument>, description = "Entries"), Problems))]
pub async fn history(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
    Params(params): Params<HistoryParams>,
) -> Result<Response, Problem> {
    let limit = page_limit(params.limit)?;
    let after = match params.cursor.as_deref() {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Problem::foreign_cursor())?,
    };
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let case = scene.case.clone().ok_or_else(Problem::not_found)?;
    let entries = state.engine.history(&case, after, limit).await?;
    let view = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            history_view(viewer, workflow, case, &entries)
        })
    };
    let items = state.engine.fill(scene, view).await?.unwrap_or_default();
    let last = entries.last().map(|sealed| sealed.entry.entry);
    let next = last.filter(|last| entries.len() == limit as usize && *last < case.entries);
    let next = next.map(|last| last.to_string());
    Ok(Json(json!({ "items": items, "next_cursor": next })).into_response())
}
