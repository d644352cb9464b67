//! `GET /v1/cases/{case}/materials/{material}/{file}`: the bytes of a file, never shown in place.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use countersign_core::{case::File, policy::Policy};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::Problems,
    request::{Asker, Id, Path, attachment},
};

/// Download a file.
///
/// It is served as an attachment, sandboxed, so that no browser runs what is in it.
#[utoipa::path(get, path = "/v1/cases/{case}/materials/{material}/{file}", tag = "materials", operation_id = "download_file",
    params(("case" = String, Path, description = "Id or number"), ("material" = String, Path, description = "The material"),
        ("file" = Uuid, Path, description = "The file")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream", description = "The file as it was uploaded; its type as it was found"), Problems))]
pub async fn download(
    State(state): State<ApiState>,
    asker: Asker,
    Path((case, material, id)): Path<(String, String, Id)>,
) -> Result<Response, Problem> {
    let id = id.known()?;
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let visible = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            let policy = Policy::new(workflow, case, viewer.actor, viewer.reading);
            let files = case.content.materials.get(material.as_str());
            let file = files.and_then(|files| files.iter().find(|file| file.id.0 == id));
            file.filter(|_| policy.visible().whole(&material)).cloned()
        })
    };
    let file = state
        .engine
        .fill(scene, visible)
        .await?
        .flatten()
        .ok_or_else(Problem::not_found)?;
    let bytes = state.engine.material_bytes(&file).await?;
    Ok(served(&file, Body::from_stream(bytes)))
}

fn served(file: &File, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let media_type = HeaderValue::try_from(&file.media_type);
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, media_type.unwrap_or(unknown));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&file.name));
    let nothing = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    response
}
