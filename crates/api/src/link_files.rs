//! `PUT /v1/links/{token}/materials/{material}`: a file that the action of a mail link requires, brought by its holder.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts as _, Request, State},
    http::{header, request::Parts},
    response::Response,
};
use countersign_core::case::Channel;
use countersign_engine::Manner;
use tokio::sync::Mutex;

use crate::{
    ApiState, Problem,
    answer::CaseAnswer,
    cases::{SharedBody, bytes_of, newest},
    documents::{Problems, WrittenFile},
    request::{Path, drain, file_name, is_held_back, key_of, language_of},
};

/// Upload a file that the action of a mail link requires, as its holder. The link is the proof of who it is: no token is
/// needed. Any other material is not found.
#[utoipa::path(put, path = "/v1/links/{token}/materials/{material}", tag = "links", operation_id = "attach_file_by_link", security(()),
    request_body(content = String, content_type = "application/octet-stream", description = "The file"),
    params(("token" = String, Path, description = "The secret part of the link"), ("material" = String, Path, description = "The material"),
        ("Content-Disposition" = Option<String>, Header, description = "`attachment; filename=\"report.pdf\"`")),
    responses((status = 200, body = WrittenFile, description = "The case, as the holder of the link sees it, the receipt and the file"), Problems))]
pub async fn attach(State(state): State<ApiState>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let held_back = is_held_back(&parts.headers);
    let answered = store(&state, &mut parts, &body).await;
    if answered.is_err() && !held_back {
        drain(&mut *body.lock().await).await;
    }
    answered
}

async fn store(
    state: &ApiState,
    parts: &mut Parts,
    body: &SharedBody,
) -> Result<Response, Problem> {
    let Path((token, material)) =
        Path::<(String, String)>::from_request_parts(parts, state).await?;
    let verified = state.engine.link_tokens().verify(&token);
    let link = verified.ok_or_else(Problem::not_found)?;
    let disposition = parts.headers.get(header::CONTENT_DISPOSITION);
    let disposition = disposition.map(|value| value.as_bytes().to_vec());
    // The content is added to the fingerprint when it has come.
    let key = key_of(
        parts,
        &format!("link:{link}"),
        &disposition.unwrap_or_default(),
    )?;
    let name = file_name(&parts.headers)?.unwrap_or_else(|| material.clone());
    let answer = CaseAnswer {
        more: Some(newest(&material)),
        ..CaseAnswer::ok(language_of(&parts.headers))
    };
    let manner = Manner {
        channel: Channel::Link,
        key,
        render: Some(answer.kept()),
    };
    let upload = state
        .engine
        .attach_by_link(&token, manner, &material, name, bytes_of(body));
    let (answered, _) = upload.await?;
    answer.respond(&state.engine, answered).await
}
