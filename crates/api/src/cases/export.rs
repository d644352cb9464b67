//! `GET /v1/cases/{case}/export`: the evidence file of a case.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path},
};

/// Export a case as evidence: what it holds and its whole history, chained and signed.
///
/// A line of JSON for the case, one for each entry, and a last one with the signature (Ed25519) of all of them.
/// `countersign audit --file` examines it, on any machine and without the server. Operators only: it has what reviewers
/// said among themselves.
#[utoipa::path(get, path = "/v1/cases/{case}/export", tag = "cases", operation_id = "export_case",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = String, content_type = "application/jsonl", description = "The evidence file"), Problems))]
pub async fn export(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let address = CaseAddress::parse(&case);
    let (number, text) = state.engine.export_case(&asker.caller, &address).await?;
    let name = format!("attachment; filename=\"{number}.evidence.jsonl\"");
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
