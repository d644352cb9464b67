//! `PATCH /v1/cases/{case}`: save a draft.

use axum::{extract::State, response::Response};
use countersign_core::command::{Command, Patch};
use countersign_engine::ports::store::CaseAddress;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, manner},
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
#[utoipa::path(patch, path = "/v1/cases/{case}", tag = "cases", request_body = EditBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn edit(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<EditBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let answer = CaseAnswer::ok(head.asker.language);
    let manner = manner(&head, &answer);
    let command = Command::Edit { data: body.0 };
    let address = CaseAddress::parse(&case);
    let answered = state
        .engine
        .command(
            head.asker.actor,
            manner,
            address,
            command,
            head.if_match,
            None,
        )
        .await?;
    answer.respond(&state.engine, answered).await
}
