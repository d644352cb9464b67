//! `GET /v1/cases`: the cases that the caller may see.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use countersign_core::{case::PartnerId, name::Name};
use countersign_engine::ports::reader::{CaseOrder, CaseQuery, LifecycleFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::row::CaseSummary;
use crate::{
    ApiState, Problem, csv,
    documents::{Items, Problems},
    request::{Asker, Params, page_limit},
};

/// A page of cases.
pub type CasePage = Items<CaseSummary>;

/// Which cases, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Only of this workflow.
    workflow: Option<String>,
    /// Only in this state, or in an inner one of it.
    state: Option<String>,
    /// Only of this partner.
    partner: Option<String>,
    /// Only running, on hold, or ended.
    #[param(inline)]
    lifecycle: Option<LifecycleParam>,
    /// Only those whose number, title or texts have these words.
    q: Option<String>,
    /// Only those past their due time (`true`), or not past it (`false`).
    overdue: Option<bool>,
    /// Only those that the caller opened.
    mine: Option<bool>,
    /// The order: `newest` (if missing), `oldest` or `due`.
    #[param(inline)]
    sort: Option<SortParam>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many cases at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// A part of the life of a case.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LifecycleParam {
    /// It moves.
    Running,
    /// An operator froze it.
    OnHold,
    /// It is over.
    Ended,
}

/// The order of a list of cases.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortParam {
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
    /// By due time, those without last.
    Due,
}

/// The cases that the caller may see.
#[utoipa::path(get, path = "/v1/cases", tag = "cases", operation_id = "list_cases", params(ListParams),
    responses((status = 200, body = Items<CaseSummary>, description = "A page of cases"), Problems))]
pub async fn list(
    State(state): State<ApiState>,
    asker: Asker,
    Params(params): Params<ListParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page_limit(params.limit)?;
    // A name that cannot be one is one that no workflow has.
    let workflow = params.workflow.as_deref().map(Name::parse).transpose();
    let Ok(workflow) = workflow else {
        return Ok(case_page(&headers, CasePage::all(Vec::new())));
    };
    let query = CaseQuery {
        workflow,
        state: params.state,
        partner: params.partner.map(PartnerId::new),
        lifecycle: params.lifecycle.map(|part| match part {
            LifecycleParam::Running => LifecycleFilter::Running,
            LifecycleParam::OnHold => LifecycleFilter::OnHold,
            LifecycleParam::Ended => LifecycleFilter::Ended,
        }),
        running_version: None,
        words: params.q.filter(|words| !words.trim().is_empty()),
        overdue: params.overdue.map(|overdue| (overdue, state.engine.now())),
        mine: params.mine.unwrap_or(false),
        sort: match params.sort {
            Some(SortParam::Newest) | None => CaseOrder::Newest,
            Some(SortParam::Oldest) => CaseOrder::Oldest,
            Some(SortParam::Due) => CaseOrder::Due,
        },
        cursor: params.cursor,
        limit,
    };
    let page = state.engine.cases(&asker.caller, &query).await?;
    let rows = page.items.into_iter();
    let page = CasePage {
        items: rows
            .map(|row| CaseSummary::new(&state.engine, row, asker.language))
            .collect(),
        next_cursor: page.next_cursor,
    };
    Ok(case_page(&headers, page))
}

/// A page of cases in the form asked for. As CSV it has its columns without rows too.
pub fn case_page(headers: &HeaderMap, page: CasePage) -> Response {
    if !csv::is_wanted(headers) {
        return Json(page).into_response();
    }
    let cells: Vec<_> = page.items.iter().map(CaseSummary::cells).collect();
    let rows = cells.iter().map(<[String; 14]>::as_slice);
    csv::csv_answer(&CaseSummary::COLUMNS, rows, page.next_cursor.as_deref())
}
