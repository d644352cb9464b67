//! `GET /v1/workflows/{workflow}/versions`: which versions were published.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use crate::{
    ApiState, Problem,
    documents::{Items, Problems},
    request::{Asker, Path},
};

/// A published version. Cases run on the version that they began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Version)]
pub struct VersionDocument {
    /// Its number.
    pub version: u32,
    /// The path of its file, relative to the workflows' folder.
    pub path: String,
    /// The SHA-256 over the file and its shared parts, in hex.
    pub sha256: String,
    /// Whether new cases begin with it.
    pub newest: bool,
}

/// The published versions of a workflow.
pub type VersionPage = Items<VersionDocument>;

/// The published versions of a workflow, the oldest first.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/versions", tag = "workflows", operation_id = "list_versions",
    params(("workflow" = String, Path, description = "The workflow")),
    responses((status = 200, body = Items<VersionDocument>, description = "Versions, all on one page"), Problems))]
pub async fn versions(
    State(state): State<ApiState>,
    _asker: Asker,
    Path(workflow): Path<String>,
) -> Result<Json<VersionPage>, Problem> {
    let workflow = named(&state, &workflow)?;
    let published = state.engine.reader().workflows().await?;
    let mut versions: Vec<VersionDocument> = published
        .into_iter()
        .filter(|published| published.id == workflow.id)
        .map(|published| VersionDocument {
            newest: published.version == workflow.version,
            version: published.version,
            path: published.path,
            sha256: published.sha256,
        })
        .collect();
    versions.sort_by_key(|version| version.version);
    Ok(Json(VersionPage::all(versions)))
}
