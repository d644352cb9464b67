//! `GET /v1/cases/{case}/revisions`: the contents that a case has had.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::view::revision_rows;
use countersign_engine::ports::store::CaseAddress;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{Items, Problems, RevisionDocument},
    request::{Asker, Params, Path, page_limit},
};

/// Which part of the revisions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevisionsParams {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many revisions at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// The contents that a case has had, the first first.
///
/// Each saved draft and each submission that changed something is one. `{n}` shows one, `{a}..{b}` what differs.
#[utoipa::path(get, path = "/v1/cases/{case}/revisions", tag = "cases", operation_id = "list_revisions",
    params(("case" = String, Path, description = "Id or number"), RevisionsParams),
    responses((status = 200, body = Items<RevisionDocument>, description = "Revisions"), Problems))]
pub async fn revisions(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
    Params(params): Params<RevisionsParams>,
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
    let entries = state.engine.whole_history(&case).await?;
    let rows = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            revision_rows(viewer, workflow, case, &entries)
        })
    };
    let mut rows = state.engine.fill(scene, rows).await?.unwrap_or_default();
    rows.retain(|row| row.revision > after);
    let is_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| is_more);
    let next = next.map(|last| last.revision.to_string());
    Ok(Json(json!({ "items": rows, "next_cursor": next })).into_response())
}
