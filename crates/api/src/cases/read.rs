//! `GET /v1/cases/{case}`: the case as the caller sees it.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    answer::case_view,
    documents::{CaseDocument, Problems},
    request::{Asker, Path},
};

/// The case as the caller sees it.
///
/// `actions` says what the caller may do now and what is missing for it.
#[utoipa::path(get, path = "/v1/cases/{case}", tag = "cases", operation_id = "read_case",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = CaseDocument, description = "The case", headers(("ETag" = String, description = "For `If-Match`"))), Problems))]
pub async fn read(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let shown = state
        .engine
        .fill(scene, |scene| case_view(scene, asker.language))
        .await?;
    let shown = shown.ok_or_else(Problem::not_found)?;
    let etag =
        HeaderValue::try_from(format!("\"{}\"", shown.etag)).map_err(|_| Problem::internal())?;
    Ok(([(header::ETAG, etag)], axum::Json(shown)).into_response())
}
