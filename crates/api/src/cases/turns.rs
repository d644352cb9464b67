//! `POST /v1/cases/{case}/claim`, `/release`, `/delegate`, `/reassign`: whose turn it is. Who may is the core's word.

use axum::{extract::State, response::Response};
use countersign_core::{case::PersonId, command::Command};
use serde::Deserialize;
use utoipa::ToSchema;

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{self, Problems},
    request::{Nothing, Path, StrictBody, Write},
};

/// Why a turn is given back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    /// Why: goes into the history.
    #[serde(default)]
    reason: String,
}

/// To whom one's own turn goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateBody {
    /// The person who gets it.
    to: String,
    /// Why: goes into the history.
    #[serde(default)]
    reason: String,
}

/// From whom to whom a turn goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignBody {
    /// Whose turn it is; may be left out where it is one person's.
    #[serde(default)]
    from: Option<String>,
    /// The person who gets it.
    to: String,
    /// Why: goes into the history. Compulsory.
    reason: String,
}

impl StrictBody for ReleaseBody {
    const EMPTY: Option<&'static str> = Some("{}");
}
impl StrictBody for DelegateBody {}
impl StrictBody for ReassignBody {}

/// Take one's turn for oneself alone, for as long as the state says.
#[utoipa::path(post, path = "/v1/cases/{case}/claim", tag = "cases", operation_id = "claim_case",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn claim(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<Nothing>,
) -> Result<Response, Problem> {
    carry_out_plainly(&state, write.head, &case, Command::Claim).await
}

/// Give a claimed turn back: whoever claimed it, and operators.
#[utoipa::path(post, path = "/v1/cases/{case}/release", tag = "cases", operation_id = "release_case", request_body = ReleaseBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn release(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<ReleaseBody>,
) -> Result<Response, Problem> {
    let ReleaseBody { reason } = write.body;
    carry_out_plainly(&state, write.head, &case, Command::Release { reason }).await
}

/// Hand one's own turn to somebody else. Both names stay in the record, and what bars one bars the other.
#[utoipa::path(post, path = "/v1/cases/{case}/delegate", tag = "cases", operation_id = "delegate_case", request_body = DelegateBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn delegate(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<DelegateBody>,
) -> Result<Response, Problem> {
    let DelegateBody { to, reason } = write.body;
    let to = PersonId::new(to);
    carry_out_plainly(&state, write.head, &case, Command::Delegate { to, reason }).await
}

/// Hand somebody's turn to somebody else. Operators only.
#[utoipa::path(post, path = "/v1/cases/{case}/reassign", tag = "operators", operation_id = "reassign_case", request_body = ReassignBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = documents::Written, description = "The case and the receipt"), Problems))]
pub async fn reassign(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<ReassignBody>,
) -> Result<Response, Problem> {
    let ReassignBody { from, to, reason } = write.body;
    let (from, to) = (from.map(PersonId::new), PersonId::new(to));
    let command = Command::Reassign { from, to, reason };
    carry_out_plainly(&state, write.head, &case, command).await
}
