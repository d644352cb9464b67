//! `GET /v1/workflows/{workflow}/diagram.svg`: a workflow as a picture.

use axum::{extract::State, response::Response};
use countersign_diagram::svg;

use super::named;
use crate::{
    ApiState, Problem,
    documents::Problems,
    picture,
    request::{Asker, Path},
};

/// A workflow as a picture, in the caller's language.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/diagram.svg", tag = "workflows", operation_id = "draw_workflow",
    params(("workflow" = String, Path, description = "The workflow")),
    responses((status = 200, body = String, content_type = "image/svg+xml", description = "The picture"), Problems))]
pub async fn diagram(
    State(state): State<ApiState>,
    asker: Asker,
    Path(workflow): Path<String>,
) -> Result<Response, Problem> {
    let workflow = named(&state, &workflow)?;
    Ok(picture::svg_answer(svg(&workflow, asker.language, None)))
}
