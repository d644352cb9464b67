//! `POST /v1/cases/{case}/comments`: comment on the case, a form, a field or a material.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use countersign_core::command::Command;
use serde_json::json;

use super::act::CommentBody;
use super::carry_out::{Asked, carry_out};
use crate::{
    ApiState, Problem,
    answer::CaseAnswer,
    documents::{Problems, WrittenComment},
    request::{Path, StrictBody, Write},
};

impl StrictBody for CommentBody {}

/// Comment on the case, a form, a field or a material.
#[utoipa::path(post, path = "/v1/cases/{case}/comments", tag = "cases", operation_id = "comment", request_body = CommentBody,
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = WrittenComment, description = "The case, the receipt and the comment"), Problems))]
pub async fn comment(
    State(state): State<ApiState>,
    Path(case): Path<String>,
    write: Write<CommentBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    // The newest comment is the one that was just made: commands of one case run one after another.
    let newest: crate::answer::More =
        Arc::new(|case| Some(("comment", json!(case.comments.last()))));
    let answer = CaseAnswer {
        more: Some(newest),
        ..CaseAnswer::ok(head.asker.language)
    };
    let command = Command::Comment(body.into());
    let asked = Asked {
        answer,
        ..Asked::new(command, head.asker.language)
    };
    carry_out(&state, head, &case, asked).await
}
