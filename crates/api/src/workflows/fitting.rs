//! `GET /v1/workflows/{workflow}/links/{link}/cases`: to which cases a new one may belong.

use axum::{Json, extract::State};
use countersign_engine::{Error, may_open};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use crate::{
    ApiState, Problem,
    cases::CaseSummary,
    documents::Problems,
    request::{Asker, Path},
};

/// Cases that a new one may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FittingCases {
    /// Those that the caller sees and that the link takes today, the newest first.
    pub items: Vec<CaseSummary>,
    /// Whether there may be more than these: only the newest 200 of each state are looked at.
    pub more: bool,
}

/// The cases that the caller may name in `links` when opening a case of this workflow.
///
/// For links that a person picks; one that finds its cases itself is not found here. A case that is not among them is
/// judged all the same when it is named.
#[utoipa::path(get, path = "/v1/workflows/{workflow}/links/{link}/cases", tag = "workflows", operation_id = "list_fitting_cases",
    params(("workflow" = String, Path, description = "The workflow"), ("link" = String, Path, description = "The link")),
    responses((status = 200, body = FittingCases, description = "The cases that fit"), Problems))]
pub async fn fitting(
    State(state): State<ApiState>,
    asker: Asker,
    Path((workflow, link)): Path<(String, String)>,
) -> Result<Json<FittingCases>, Problem> {
    let workflow = named(&state, &workflow)?;
    let link = workflow.links.get(link.as_str());
    let link = link.filter(|link| link.many.is_none());
    let link = link.ok_or_else(Problem::not_found)?;
    if !may_open(&workflow, &asker.caller) {
        return Err(Error::NotAllowed.into());
    }
    let engine = &state.engine;
    let fitting = engine.fitting(&asker.caller, &workflow, link).await?;
    let rows = fitting.cases.into_iter();
    Ok(Json(FittingCases {
        items: rows
            .map(|row| CaseSummary::new(engine, row, asker.language))
            .collect(),
        more: fitting.more,
    }))
}
