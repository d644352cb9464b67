//! `GET /v1/workflows/{workflow}/versions/{a}..{b}`: what has changed from one published version to another, in words.

use axum::{Json, extract::State};
use countersign_core::difference::difference;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiState, Problem,
    documents::{Items, Problems},
    request::{Asker, Path},
};

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkflowChange)]
pub struct ChangeDocument {
    /// `added`, `removed` or `changed`.
    pub how: String,
    /// What kind of thing: `state`, `action`, `decision`, `field`, `timer`, …
    pub kind: String,
    /// Its place in the file; of what has gone, the place that it had.
    pub place: String,
    /// The change in a sentence, in the language of the request.
    pub text: String,
}

/// What has changed from one published version of a workflow to another, in the order of the newer file; what has gone
/// comes last.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/versions/{which}", tag = "workflows", operation_id = "compare_versions",
    params(("workflow" = String, Path, description = "The workflow"), ("which" = String, Path, description = "Two versions, `1..2`")),
    responses((status = 200, body = Items<ChangeDocument>, description = "Changes, all on one page"), Problems))]
pub async fn compare(
    State(state): State<ApiState>,
    asker: Asker,
    Path((workflow, which)): Path<(String, String)>,
) -> Result<Json<Items<ChangeDocument>>, Problem> {
    let versions = which.split_once("..");
    let versions = versions.and_then(|(a, b)| a.parse().ok().zip(b.parse().ok()));
    let (older, newer): (u32, u32) = versions.ok_or_else(Problem::not_found)?;
    let version = |version| {
        let found = state.engine.workflow_version(&workflow, Some(version));
        found.map_err(|_| Problem::not_found())
    };
    let (older, newer) = (version(older)?, version(newer)?);
    let changes = difference(&older, &newer);
    let items = changes.into_iter().map(|change| ChangeDocument {
        how: change.how.as_str().to_owned(),
        kind: change.kind.as_str().to_owned(),
        place: change.place,
        text: change.text.get(asker.language).to_owned(),
    });
    Ok(Json(Items::all(items.collect())))
}
