//! `PATCH /v1/cases/{case}`: save a draft.

use axum::{extract::State, response::Response};
use countersign_core::command::{Command, Patch};
use serde::Deserialize;
use utoipa::ToSchema;

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Path, StrictBody, Write},
};

/// A JSON Merge Patch whose members are forms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct EditBody(Patch);

impl StrictBody for EditBody {
    const TYPES: &'static [&'static str] = &["application/merge-patch+json", "application/json"];
}

/// Save a draft: half-filled and out-of-range values are kept.
#[utoipa::path(patch, path = "/v1/cases/{case}", tag = "cases", operation_id = "edit_case", request_body = EditBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn edit(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<EditBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let command = Command::Edit { data: body.0 };
    carry_out_plainly(&state, head, &case, command).await
}
