//! `/operate/incidents`: what needs an operator, the oldest first, with retry one or all.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_engine::{
    Error,
    ports::reader::{IncidentRow, Page as Listed},
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{ALL, Operator, ROWS, Tab, could_be_tried, done, empty, manner, sender};
use crate::{
    WebState,
    door::Posted,
    page::{say, trouble},
    rows::further,
};

/// Where to go on, and what was done.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    cursor: Option<String>,
    tried: Option<u32>,
}

/// `GET /operate/incidents`.
pub async fn incidents(
    State(state): State<WebState>,
    operator: Operator,
    Query(wanted): Query<Wanted>,
) -> Response {
    let listed = state
        .engine
        .incidents(&operator.caller(), wanted.cursor, ROWS)
        .await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return operator.trouble(&error),
    };
    let language = operator.language;
    operator.page(
        Tab::Incidents,
        &html! {
            (done(language, wanted.tried))
            (list(&state, &operator, &listed))
            (further(language, "/operate/incidents", listed.next_cursor.as_deref()))
        },
    )
}

/// `POST /operate/incidents/{id}/retry`.
pub async fn retry(
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let retried = async {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let caller = sender(&state, &posted)?;
        state.engine.retry_incident(&caller, manner(), id).await
    };
    match retried.await {
        Ok(_) => Redirect::to("/operate/incidents?tried=1").into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

/// `POST /operate/incidents/retry`: all of them, the oldest first.
pub async fn retry_all(State(state): State<WebState>, posted: Posted) -> Response {
    let retried = async {
        let caller = sender(&state, &posted)?;
        let all = state.engine.incidents(&caller, None, ALL).await?;
        let mut tried = 0;
        for incident in &all.items {
            let retried = state.engine.retry_incident(&caller, manner(), incident.id);
            tried += usize::from(could_be_tried(retried.await)?);
        }
        Ok(tried)
    };
    match retried.await {
        Ok(tried) => Redirect::to(&format!("/operate/incidents?tried={tried}")).into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

fn list(state: &WebState, operator: &Operator, listed: &Listed<IncidentRow>) -> Markup {
    let language = operator.language;
    let clock = operator.clock(state, chrono_tz::UTC);
    let visitor = &operator.reader.visitor;
    if listed.items.is_empty() {
        return empty(
            say(language, "All is well", "一切正常"),
            say(
                language,
                "Nothing needs an operator.",
                "没有需要运维处理的事项。",
            ),
        );
    }
    html! {
        form method="post" action="/operate/incidents/retry" {
            (visitor.seal())
            p { button.second type="submit" { (say(language, "Try all again", "全部重试")) } }
        }
        ul.cards.wide {
            @for row in &listed.items {
                li.card {
                    h2 { (row.incident.message.get(language)) }
                    p {
                        span.tag { (row.incident.code) }
                        @if let Some(case) = &row.case {
                            " " a href={ "/cases/" (case.number) } { (case.number) }
                            " · " a href={ "/operate/cases/" (case.number) } { (say(language, "Tools", "工具")) }
                        }
                        " · " (say(language, "since ", "始于 ")) (clock.ago(row.since))
                    }
                    form method="post" action={ "/operate/incidents/" (row.id) "/retry" } {
                        (visitor.seal())
                        button.second type="submit" aria-label={ (say(language, "Try again: ", "重试：")) (row.incident.message.get(language)) } { (say(language, "Try again", "重试")) }
                    }
                }
            }
        }
    }
}
