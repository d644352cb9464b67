//! `GET /v1/cases/{case}/history`: what happened, entry by entry.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::view::history_view;
use countersign_engine::ports::store::CaseAddress;
use serde_json::json;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{EntryDocument, Items, Problems},
    request::{Asker, NumberedPage, Params, Path},
};

/// What happened to a case, the first first.
///
/// Append-only: each entry is hashed with the hash before it. What is not for the caller is left out.
#[utoipa::path(get, path = "/v1/cases/{case}/history", tag = "cases", operation_id = "read_history",
    params(("case" = String, Path, description = "Id or number"), NumberedPage),
    responses((status = 200, body = Items<EntryDocument>, description = "Entries"), Problems))]
pub async fn history(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
    Params(params): Params<NumberedPage>,
) -> Result<Response, Problem> {
    let (after, limit) = params.after()?;
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
