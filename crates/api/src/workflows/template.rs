//! `GET /v1/workflows/{workflow}/templates/{material}`: a file to download, fill in and upload.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::named;
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path, attachment},
};

/// The file that a material is filled in from.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/templates/{material}", tag = "workflows", operation_id = "download_template",
    params(("workflow" = String, Path, description = "The workflow"), ("material" = String, Path, description = "The material")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The file"), Problems))]
pub async fn template(
    State(state): State<ApiState>,
    _asker: Asker,
    Path((workflow, material)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let workflow = named(&state, &workflow)?;
    let material = workflow.materials.get(material.as_str());
    // Only paths that a checked workflow declares are read.
    let path = material.and_then(|material| material.template.clone());
    let path = path.ok_or_else(Problem::not_found)?;
    let name = path.rsplit('/').next().map(attachment);
    let reload = state.reload.clone();
    let read = tokio::task::spawn_blocking(move || reload.template(&path));
    let bytes = read
        .await
        .map_err(|_| Problem::internal())?
        .ok_or_else(Problem::not_found)?;
    let kind = HeaderValue::from_static("application/octet-stream");
    let name = name.unwrap_or_else(|| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}
