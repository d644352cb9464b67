//! `GET /v1/cases/{case}/revisions`: the contents that a case has had.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::view::revision_rows;
use countersign_engine::ports::store::CaseAddress;
use serde_json::json;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{Items, Problems, RevisionDocument},
    request::{Asker, NumberedPage, Params, Path},
};

/// The contents that a case has had, the first first.
///
/// Each saved draft and each submission that changed something is one. `{n}` shows one, `{a}..{b}` what differs.
#[utoipa::path(get, path = "/v1/cases/{case}/revisions", tag = "cases", operation_id = "list_revisions",
    params(("case" = String, Path, description = "Id or number"), NumberedPage),
    responses((status = 200, body = Items<RevisionDocument>, description = "Revisions"), Problems))]
pub async fn revisions(
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
    let entries = state.engine.revisions(&case, after, limit).await?;
    let rows = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            revision_rows(viewer, workflow, case, &entries)
        })
    };
    let mut rows = state.engine.fill(scene, rows).await?.unwrap_or_default();
    let is_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| is_more);
    let next = next.map(|last| last.entry.to_string());
    Ok(Json(json!({ "items": rows, "next_cursor": next })).into_response())
}
