//! `POST /v1/cases/{case}/comments/{comment}/reply`: answer a comment.

use axum::{extract::State, response::Response};
use countersign_core::{
    case::CommentId,
    command::{Command, NewReply},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::carry_out::carry_out_plainly;
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Id, Path, StrictBody, Write},
};

/// An answer to a comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyBody {
    /// What it says.
    pub text: String,
}

impl StrictBody for ReplyBody {}

/// Answer a comment.
#[utoipa::path(post, path = "/v1/cases/{case}/comments/{comment}/reply", tag = "cases", operation_id = "reply", request_body = ReplyBody,
    params(("case" = String, Path, description = "Id or number"), ("comment" = String, Path, description = "The comment")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn reply(
    State(state): State<ApiState>,
    Path((case, comment)): Path<(String, Id)>,
    write: Write<ReplyBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let comment = comment.known()?;
    let command = Command::Reply(NewReply {
        comment: CommentId(comment),
        text: body.text,
    });
    carry_out_plainly(&state, head, &case, command).await
}
