//! `POST /v1/workflows/check`: the checker's findings on one file.

use axum::{
    Json,
    extract::{Request, State},
    http::header,
};
use serde_json::Value;

use crate::{
    ApiState, Problem,
    documents::{Items, Problems},
    request::{Asker, drain, whole},
};

/// What is taken.
const TYPES: [&str; 3] = ["application/yaml", "application/x-yaml", "text/yaml"];

/// The checker's findings.
pub type FindingPage = Items<Value>;

/// Check a workflow file, as if it lay in the workflows' folder. Nothing is published.
#[utoipa::path(post, path = "/v1/workflows/check", tag = "workflows", operation_id = "check_workflow",
    request_body(content = String, content_type = "application/yaml", description = "The file"),
    responses((status = 200, body = FindingPage, description = "Findings, each with `code`, `severity`, place, `message` and `help`; none: it passes"), Problems))]
pub async fn check(
    State(state): State<ApiState>,
    asker: Asker,
    request: Request,
) -> Result<Json<FindingPage>, Problem> {
    state.engine.must_administer(&asker.caller)?;
    let (parts, body) = request.into_parts();
    let given = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = given.unwrap_or("").split(';').next().unwrap_or("").trim();
    if !TYPES
        .iter()
        .any(|taken| taken.eq_ignore_ascii_case(essence))
    {
        drain(&mut body.into_data_stream()).await;
        return Err(Problem::unsupported_media_type(&TYPES[..1]));
    }
    let text = String::from_utf8(whole(body).await?.to_vec())
        .map_err(|_| Problem::malformed("The file is not UTF-8.", "文件不是 UTF-8 编码。"))?;
    let reload = state.reload.clone();
    let findings = tokio::task::spawn_blocking(move || reload.check(&text)).await;
    match findings.map_err(|_| Problem::internal())? {
        Value::Array(findings) => Ok(Json(FindingPage::all(findings))),
        other => Ok(Json(FindingPage::all(vec![other]))),
    }
}
