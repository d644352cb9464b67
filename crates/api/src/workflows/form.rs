//! `GET /v1/workflows/{workflow}/forms/{form}`: the JSON Schema of a form.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::form::json_schema;

use super::named;
use crate::{
    ApiState, Problem,
    documents::Problems,
    request::{Asker, Path},
};

/// The JSON Schema (2020-12) of a form's complete values, with titles in the caller's language.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/forms/{form}", tag = "workflows", operation_id = "read_form",
    params(("workflow" = String, Path, description = "The workflow"), ("form" = String, Path, description = "The form")),
    responses((status = 200, body = Value, content_type = "application/schema+json", description = "A JSON Schema"), Problems))]
pub async fn form(
    State(state): State<ApiState>,
    asker: Asker,
    Path((workflow, form)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let workflow = named(&state, &workflow)?;
    let form = workflow
        .forms
        .get(form.as_str())
        .ok_or_else(Problem::not_found)?;
    let schema = json_schema(form, &workflow.surroundings, asker.language);
    let kind = [(axum::http::header::CONTENT_TYPE, "application/schema+json")];
    Ok((kind, Json(schema)).into_response())
}
