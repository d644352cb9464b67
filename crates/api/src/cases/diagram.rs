//! `GET /v1/cases/{case}/diagram.svg`: the workflow with the way that the case took.

use axum::{extract::State, response::Response};
use countersign_diagram::{CaseMark, svg};
use countersign_engine::ports::store::CaseAddress;

use crate::{
    ApiState, Problem,
    answer::shown,
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
    let history = state.engine.whole_history(&case).await?;
    // Who may not see proceedings sees where the case is, and not how it came there.
    let way = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            let policy =
                countersign_core::policy::Policy::new(workflow, case, viewer.actor, viewer.reading);
            policy.visible().proceedings()
        })
    };
    let sees_way = state.engine.fill(scene, way).await?.unwrap_or(false);
    let entries = history.iter().map(|sealed| &sealed.entry);
    let mark = CaseMark::of(&case, entries.filter(|_| sees_way));
    Ok(picture::svg_answer(svg(
        &workflow,
        asker.language,
        Some(&mark),
    )))
}
