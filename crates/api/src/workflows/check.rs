//! `POST /v1/workflows/check`: the checker's findings on one file.

use axum::{
    Json,
    extract::{Request, State},
    http::header,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    documents::{Items, Problems},
    request::{Asker, drain, whole},
};

/// What is taken.
const TYPES: [&str; 3] = ["application/yaml", "application/x-yaml", "text/yaml"];

/// The checker's findings.
pub type FindingPage = Items<FindingDocument>;

/// One finding of the checker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Finding)]
pub struct FindingDocument {
    /// Its code, with a page under `/errors/{code}`.
    #[schema(example = "E101")]
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    /// The file.
    pub file: String,
    /// Where it begins.
    pub start: PositionDocument,
    /// Where it ends.
    pub end: PositionDocument,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// Other places that it has to do with: `{ start, end, message }`.
    pub related: Vec<Value>,
}

/// A place in a file, counted from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Position)]
pub struct PositionDocument {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Check a workflow file, as if it lay in the workflows' folder. Nothing is published.
#[utoipa::path(post, path = "/v1/workflows/check", tag = "workflows", operation_id = "check_workflow",
    request_body(content = String, content_type = "application/yaml", description = "The file"),
    responses((status = 200, body = Items<FindingDocument>, description = "Findings, each with `code`, `severity`, place, `message` and `help`; none: it passes"), Problems))]
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
    let findings = findings.map_err(|_| Problem::internal())?;
    let findings = serde_json::from_value(findings).map_err(|error| {
        tracing::error!(%error, "findings are not as documented");
        Problem::internal()
    })?;
    Ok(Json(FindingPage::all(findings)))
}
