//! `POST /v1/cases/{case}/hold`, `/resume`, `/move`: an operator's tools. The reason is compulsory.

use axum::{extract::State, response::Response};
use countersign_core::command::Command;
use serde::Deserialize;
use utoipa::ToSchema;

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{self, Problems},
    request::{Path, StrictBody, Write, Written},
};

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// Why: goes into the history.
    pub reason: String,
}

/// Where to, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// The path of the state.
    pub to: String,
    /// Why: goes into the history.
    pub reason: String,
}

impl StrictBody for ReasonBody {}
impl StrictBody for MoveBody {}

/// Freeze a case: no timer fires and nobody acts until it is resumed.
#[utoipa::path(post, path = "/v1/cases/{case}/hold", tag = "operators", operation_id = "hold_case", request_body = ReasonBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn hold(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<ReasonBody>,
) -> Result<Response, Problem> {
    let ReasonBody { reason } = write.body;
    operate(state, &case, write.head, Command::Hold { reason }).await
}

/// Let a frozen case go on: what became due fires in order.
#[utoipa::path(post, path = "/v1/cases/{case}/resume", tag = "operators", operation_id = "resume_case", request_body = ReasonBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn resume(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<ReasonBody>,
) -> Result<Response, Problem> {
    let ReasonBody { reason } = write.body;
    operate(state, &case, write.head, Command::Resume { reason }).await
}

/// Put a case into another state; into an end state: cancel it.
#[utoipa::path(post, path = "/v1/cases/{case}/move", tag = "operators", operation_id = "move_case", request_body = MoveBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn move_to(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<MoveBody>,
) -> Result<Response, Problem> {
    let MoveBody { to, reason } = write.body;
    operate(state, &case, write.head, Command::Move { to, reason }).await
}

async fn operate(
    state: ApiState,
    case: &str,
    head: Written,
    command: Command,
) -> Result<Response, Problem> {
    state.engine.must_operate(&head.asker.caller)?;
    carry_out_plainly(&state, head, case, command).await
}
