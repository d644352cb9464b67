//! `GET /v1/cases/{case}`: the case as the caller sees it.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_engine::ports::store::CaseAddress;

use crate::{ApiState, Problem, answer::case_view, request::Asker};

/// The case as the caller sees it.
#[utoipa::path(get, path = "/v1/cases/{case}", tag = "cases",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, description = "The case"), (status = 404, description = "Not there, or not visible")))]
pub async fn read(State(state): State<ApiState>, Path(case): Path<String>, asker: Asker) -> Result<Response, Problem> {
    let scene = state.engine.look(&asker.actor, &CaseAddress::parse(&case)).await?;
    let shown = state.engine.fill(scene, |scene| case_view(scene, asker.language)).await?;
    let shown = shown.ok_or_else(Problem::not_found)?;
    let etag = HeaderValue::try_from(format!("\"{}\"", shown.etag)).map_err(|_| Problem::internal())?;
    Ok(([(header::ETAG, etag)], axum::Json(shown)).into_response())
}
