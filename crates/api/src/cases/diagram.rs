//! `GET /v1/cases/{case}/diagram.svg`: the workflow with the way that the case took.

use axum::{extract::State, response::Response};
use countersign_diagram::{CaseMark, svg};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    documents::Problems,
    picture,
    request::{Asker, Path},
};

/// Draw the workflow of a case, where it is and the way that it took.
#[utoipa::path(get, path = "/v1/cases/{case}/diagram.svg", tag = "cases", operation_id = "draw_case",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = String, content_type = "image/svg+xml", description = "The picture"), Problems))]
pub async fn diagram(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let (Some(workflow), Some(case)) = (scene.workflow.clone(), scene.case.clone()) else {
        return Err(Problem::not_found());
    };
    let way = state.engine.way(&scene).await?;
    let mark = CaseMark::of(&case, &way);
    Ok(picture::svg_answer(svg(
        &workflow,
        asker.language,
        Some(&mark),
    )))
}
