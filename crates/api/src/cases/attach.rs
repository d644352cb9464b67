//! `PUT /v1/cases/{case}/materials/{material}`: upload a file.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts as _, Request, State},
    response::Response,
};
use countersign_core::{case::Channel, view::CaseView};
use countersign_engine::ports::{materials::ByteStream, store::CaseAddress};
use futures::StreamExt as _;
use serde_json::json;
use tokio::sync::Mutex;

use super::carry_out::told;
use crate::{
    ApiState, Problem,
    answer::{CaseAnswer, More},
    documents::{Problems, WrittenFile},
    request::{Path, Written, drain, file_name, is_held_back},
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
    let (mut parts, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let held_back = is_held_back(&parts.headers);
    let answered = store(&state, &mut parts, &body).await;
    if answered.is_err() && !held_back {
        drain(&mut *body.lock().await).await;
    }
    answered
}

/// A body that can be drained after it was given away.
pub type SharedBody = Arc<Mutex<axum::body::BodyDataStream>>;

async fn store(
    state: &ApiState,
    parts: &mut axum::http::request::Parts,
    body: &SharedBody,
) -> Result<Response, Problem> {
    let Path((case, material)) = Path::<(String, String)>::from_request_parts(parts, state).await?;
    let disposition = parts.headers.get(axum::http::header::CONTENT_DISPOSITION);
    let disposition = disposition
        .map(|value| value.as_bytes().to_vec())
        .unwrap_or_default();
    // The content is added to the fingerprint when it has come.
    let head = Written::read(parts, state, &disposition).await?;
    let name = file_name(&parts.headers)?.unwrap_or_else(|| material.clone());
    let answer = CaseAnswer {
        more: Some(newest(&material)),
        ..CaseAnswer::ok(head.asker.language)
    };
    let manner = head.manner(Channel::Api, answer.kept());
    let address = CaseAddress::parse(&case);
    let upload = state.engine.attach(
        head.asker.actor.clone(),
        manner,
        address.clone(),
        &material,
        name,
        bytes_of(body),
        head.if_match,
    );
    match upload.await {
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

/// The bytes as they come. What is left of them afterwards can still be drained.
pub fn bytes_of(body: &SharedBody) -> ByteStream {
    let parts = futures::stream::unfold(body.clone(), |body| async move {
        let part = body.lock().await.next().await?;
        Some((part.map_err(std::io::Error::other), body))
    });
    Box::pin(parts)
}
