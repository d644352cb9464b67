//! `GET /v1/cases/{case}/revisions/{n}` and `…/{a}..{b}`: what a case held, and what has changed since.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::{
    case::{Case, Content},
    view::{revision_diff, revision_view},
};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{Problems, RevisionOrDiffDocument},
    request::{Asker, Path},
};

/// What a case held at one revision, or what differs between two.
///
/// As far as the caller may see it today: a field that is hidden now is not told by its past.
#[utoipa::path(get, path = "/v1/cases/{case}/revisions/{which}", tag = "cases", operation_id = "read_revision",
    params(("case" = String, Path, description = "Id or number"),
        ("which" = String, Path, description = "A revision, `3`, or two of them, `1..3`")),
    responses((status = 200, body = RevisionOrDiffDocument, description = "The content, or the difference"), Problems))]
pub async fn revision(
    State(state): State<ApiState>,
    asker: Asker,
    Path((case, which)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let case = scene.case.clone().ok_or_else(Problem::not_found)?;
    let number = |text: &str| text.parse::<u32>().map_err(|_| Problem::not_found());
    let (first, second) = match which.split_once("..") {
        Some((first, second)) => (number(first)?, Some(number(second)?)),
        None => (number(&which)?, None),
    };
    let first = (first, content(&state, &case, first).await?);
    let Some(second) = second else {
        let view = |scene: &_| {
            shown(scene, asker.language, |viewer, workflow, case| {
                revision_view(viewer, workflow, case, (first.0, &first.1))
            })
        };
        let shown = state.engine.fill(scene, view).await?;
        return Ok(Json(shown.ok_or_else(Problem::not_found)?).into_response());
    };
    let second = (second, content(&state, &case, second).await?);
    let diff = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            let (first, second) = ((first.0, &first.1), (second.0, &second.1));
            revision_diff(viewer, workflow, case, first, second)
        })
    };
    let shown = state.engine.fill(scene, diff).await?;
    Ok(Json(shown.ok_or_else(Problem::not_found)?).into_response())
}

async fn content(state: &ApiState, case: &Case, revision: u32) -> Result<Content, Problem> {
    let content = state.engine.content_at(case, revision).await?;
    content.ok_or_else(Problem::not_found)
}
