//! `GET /v1/cases/{case}/timers`: what will fire, and when.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use countersign_core::view;
use countersign_engine::ports::store::CaseAddress;
use serde_json::json;

use crate::{
    ApiState, Problem,
    answer::shown,
    documents::{Items, Problems, TimerDocument},
    request::{Asker, Path},
};

/// What will fire in a case, and when; earliest first.
#[utoipa::path(get, path = "/v1/cases/{case}/timers", tag = "cases", operation_id = "list_timers",
    params(("case" = String, Path, description = "Id or number")),
    responses((status = 200, body = Items<TimerDocument>, description = "Timers, all on one page"), Problems))]
pub async fn timers(
    State(state): State<ApiState>,
    asker: Asker,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let scene = state
        .engine
        .look(&asker.actor, &CaseAddress::parse(&case))
        .await?;
    let timers = |scene: &_| {
        shown(scene, asker.language, |viewer, workflow, case| {
            view::case_view(viewer, workflow, case, &[], &[]).timers
        })
    };
    let timers = state.engine.fill(scene, timers).await?.unwrap_or_default();
    Ok(Json(json!({ "items": timers, "next_cursor": null })).into_response())
}
