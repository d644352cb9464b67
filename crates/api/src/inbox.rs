//! `GET /v1/inbox`: what waits for the caller.

use axum::{extract::State, http::HeaderMap, response::Response};
use chrono::TimeDelta;
use countersign_engine::ports::reader::{InboxQuery, InboxSection};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    ApiState, Problem,
    cases::{CasePage, CaseSummary, VotesInRow, case_page},
    documents::{Items, Problems},
    request::{Asker, Params, page_limit},
};

/// How long what the caller has done is shown.
const DONE_DAYS: i64 = 7;

/// Which part of the inbox.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxParams {
    /// `your_turn` (if missing), `waiting` (the caller acted, others must now) or `done` (in the last 7 days).
    #[param(inline)]
    section: Option<SectionParam>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many cases at most, 1 to 200; 50 if missing.
    limit: Option<u32>,
}

/// A section of the inbox.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionParam {
    /// The caller may act now.
    YourTurn,
    /// The caller opened it or acted on it, and others must act now.
    Waiting,
    /// The caller acted on it in the last 7 days, and it is not their turn.
    Done,
}

/// What waits for the caller, most urgent first.
#[utoipa::path(get, path = "/v1/inbox", tag = "cases", params(InboxParams),
    responses((status = 200, body = Items<CaseSummary>, description = "A page of cases"), Problems))]
pub async fn inbox(
    State(state): State<ApiState>,
    asker: Asker,
    Params(params): Params<InboxParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let section = match params.section {
        Some(SectionParam::YourTurn) | None => InboxSection::YourTurn,
        Some(SectionParam::Waiting) => InboxSection::Waiting,
        Some(SectionParam::Done) => InboxSection::Done {
            since: state.engine.now() - TimeDelta::days(DONE_DAYS),
        },
    };
    let limit = page_limit(params.limit)?;
    let query = InboxQuery {
        section,
        instead_of: Vec::new(),
        workflow: None,
        due_by: None,
        cursor: params.cursor,
        limit,
    };
    let page = state.engine.inbox(&asker.caller, &query).await?;
    let ids = page.items.iter().map(|row| row.id);
    let glances = state.engine.glances(&asker.actor, ids).await?;
    let votes = |id| {
        let (have, need) = glances.get(&id)?.votes?;
        Some(VotesInRow { have, need })
    };
    let rows = page.items.into_iter();
    let rows = rows.map(|row| CaseSummary {
        votes: votes(row.id),
        ..CaseSummary::new(&state.engine, row, asker.language)
    });
    let page = CasePage {
        items: rows.collect(),
        next_cursor: page.next_cursor,
    };
    Ok(case_page(&headers, page))
}
