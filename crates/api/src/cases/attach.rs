//! `PUT /v1/cases/{case}/materials/{material}`: upload a file.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts as _, Request, State},
    response::Response,
};
use countersign_core::{case::Channel, view::CaseView};
use countersign_engine::ports::store::CaseAddress;
use serde_json::json;

use super::carry_out::told;
use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, More},
    documents::{Problems, WrittenFile},
    request::{Path, Upload, Written},
};

/// Upload a file: it replaces the one that is there if the material takes one, else it is added.
///
/// The body is the file as it stands. Its name comes in `Content-Disposition` (`filename*` for other than
/// Latin letters); without one it is called as the material is. Its type is told by its content, not by its name.
#[utoipa::path(put, path = "/v1/cases/{case}/materials/{material}", tag = "materials", operation_id = "attach_file",
    request_body(content = String, content_type = "application/octet-stream", description = "The file"),
    params(("case" = String, Path, description = "Id or number"), ("material" = String, Path, description = "The material"),
        ("Content-Disposition" = Option<String>, Header, description = "`attachment; filename=\"report.pdf\"`")),
    responses((status = 200, body = WrittenFile, description = "The case, the receipt and the file"), Problems))]
pub async fn attach(State(state): State<ApiState>, request: Request) -> Result<Response, Problem> {
    let mut upload = Upload::of(request);
    let answered = store(&state, &mut upload).await;
    upload.end(answered).await
}

async fn store(state: &ApiState, upload: &mut Upload) -> Result<Response, Problem> {
    let parts = &mut upload.parts;
    let Path((case, material)) = Path::<(String, String)>::from_request_parts(parts, state).await?;
    let disposition = upload.disposition();
    let head = Written::read(&mut upload.parts, state, &disposition).await?;
    let name = upload.name(&material)?;
    let answer = CaseAnswer {
        more: Some(newest(&material)),
        ..CaseAnswer::ok(head.asker.language)
    };
    let manner = head.manner(Channel::Api, answer.kept());
    let address = CaseAddress::parse(&case);
    let attached = state.engine.attach(
        head.asker.actor.clone(),
        manner,
        address.clone(),
        &material,
        name,
        upload.bytes(),
        head.if_match,
    );
    match attached.await {
        Ok((answered, _)) => answer.respond(&state.engine, answered).await,
        Err(error) => Err(told(state, &head, &address, error).await),
    }
}

/// The file of an answer: it is new by its id, the newest of its material.
pub fn newest(material: &str) -> More {
    let wanted = material.to_owned();
    Arc::new(move |case: &CaseView| {
        let files = case.materials.get(wanted.as_str());
        Some(("file", json!(files.and_then(|files| files.last()))))
    })
}
