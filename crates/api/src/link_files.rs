//! `PUT /v1/links/{token}/materials/{material}`: a file that the action of a mail link requires, brought by its holder.

use axum::{
    extract::{FromRequestParts as _, Request, State},
    response::Response,
};
use countersign_core::case::Channel;
use countersign_engine::Manner;

use crate::{
    ApiState, Problem,
    answer::CaseAnswer,
    cases::newest,
    documents::{Problems, WrittenFile},
    request::{Path, Upload, key_of, language_of},
};

/// Upload a file that the action of a mail link requires, as its holder. The link is the proof of who it is: no token is
/// needed. Any other material is not found.
#[utoipa::path(put, path = "/v1/links/{token}/materials/{material}", tag = "links", operation_id = "attach_file_by_link", security(()),
    request_body(content = String, content_type = "application/octet-stream", description = "The file"),
    params(("token" = String, Path, description = "The secret part of the link"), ("material" = String, Path, description = "The material"),
        ("Content-Disposition" = Option<String>, Header, description = "`attachment; filename=\"report.pdf\"`")),
    responses((status = 200, body = WrittenFile, description = "The case, as the holder of the link sees it, the receipt and the file"), Problems))]
pub async fn attach(State(state): State<ApiState>, request: Request) -> Result<Response, Problem> {
    let mut upload = Upload::of(request);
    let answered = store(&state, &mut upload).await;
    upload.end(answered).await
}

async fn store(state: &ApiState, upload: &mut Upload) -> Result<Response, Problem> {
    let parts = &mut upload.parts;
    let Path((token, material)) =
        Path::<(String, String)>::from_request_parts(parts, state).await?;
    let verified = state.engine.link_tokens().verify(&token);
    let link = verified.ok_or_else(Problem::not_found)?;
    let caller = format!("link:{link}");
    let key = key_of(&upload.parts, &caller, &upload.disposition())?;
    let name = upload.name(&material)?;
    let answer = CaseAnswer {
        more: Some(newest(&material)),
        ..CaseAnswer::ok(language_of(&upload.parts.headers))
    };
    let manner = Manner {
        channel: Channel::Link,
        key,
        render: Some(answer.kept()),
    };
    let attached = state
        .engine
        .attach_by_link(&token, manner, &material, name, upload.bytes());
    let (answered, _) = attached.await?;
    answer.respond(&state.engine, answered).await
}
