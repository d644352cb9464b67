//! `/operate`: what needs an operator, and what is on its way. For operators only.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{case::Channel, text::Language};
use countersign_engine::{
    Error, Manner,
    ports::{
        deliveries::DeliveryContent,
        reader::{DeliveryQuery, DeliveryRow, DeliveryStatus, IncidentRow, Page as Listed},
        store::Caller,
    },
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    WebState,
    door::{Posted, SignedIn, Visitor},
    page::{Clockwork, Nav, Page, say, trouble},
    rows::further,
};

/// Rows of a page.
const ROWS: u32 = 50;
/// How many incidents "retry all" takes at once.
const ALL: u32 = 200;

/// Where to go on, and which deliveries.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    status: Option<String>,
    cursor: Option<String>,
    tried: Option<u32>,
}

/// `GET /operate`: incidents, the oldest first.
pub async fn incidents(
    State(state): State<WebState>,
    reader: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Response {
    let listed = state
        .engine
        .incidents(&reader.caller(), wanted.cursor.clone(), ROWS)
        .await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = say(language, "Operate", "运维");
    Page::ok(&reader.visitor, Nav::Operate, title).around(&html! {
        h1 { (title) }
        (tabs(language, true))
        @if let Some(tried) = wanted.tried {
            div.done role="status" { p { (say(language, "Tried again: ", "已重试：")) (tried) } }
        }
        (incident_list(&state, &reader, &listed))
        (further(language, "/operate", listed.next_cursor.as_deref()))
    })
}

/// `GET /operate/deliveries`: mails and hook calls, the newest first.
pub async fn deliveries(
    State(state): State<WebState>,
    reader: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Response {
    let status = wanted.status.as_deref().unwrap_or_default();
    let query = DeliveryQuery {
        status: status_of(status),
        cursor: wanted.cursor.clone(),
        limit: ROWS,
        ..DeliveryQuery::default()
    };
    let listed = match state.engine.deliveries(&reader.caller(), &query).await {
        Ok(listed) => listed,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = say(language, "Operate", "运维");
    let here = format!("/operate/deliveries?status={status}");
    Page::ok(&reader.visitor, Nav::Operate, title).around(&html! {
        h1 { (title) }
        (tabs(language, false))
        (statuses(language, status))
        (delivery_list(&state, &reader, &listed))
        (further(language, &here, listed.next_cursor.as_deref()))
    })
}

/// `POST /operate/incidents/{id}/retry`.
pub async fn retry_incident(
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let retried = async {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let caller = caller(&posted.visitor)?;
        let manner = Manner::plain(Channel::Page);
        state.engine.retry_incident(&caller, manner, id).await
    };
    match retried.await {
        Ok(_) => Redirect::to("/operate?tried=1").into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

/// `POST /operate/incidents/retry`: all of them, the oldest first.
pub async fn retry_all(State(state): State<WebState>, posted: Posted) -> Response {
    let retried = async {
        let caller = caller(&posted.visitor)?;
        let all = state.engine.incidents(&caller, None, ALL).await?;
        let mut tried = 0;
        for incident in &all.items {
            let manner = Manner::plain(Channel::Page);
            match state
                .engine
                .retry_incident(&caller, manner, incident.id)
                .await
            {
                Ok(_) => tried += 1,
                // One that cannot be tried does not stop the rest.
                Err(Error::NotFound | Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(tried)
    };
    match retried.await {
        Ok(tried) => Redirect::to(&format!("/operate?tried={tried}")).into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

/// `POST /operate/deliveries/{id}/retry`.
pub async fn retry_delivery(
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let retried = async {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let caller = caller(&posted.visitor)?;
        let manner = Manner::plain(Channel::Page);
        let id = countersign_core::case::DeliveryId(id);
        state.engine.retry_delivery(&caller, manner, id).await
    };
    match retried.await {
        Ok(_) => Redirect::to("/operate/deliveries").into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

fn caller(visitor: &Visitor) -> Result<Caller, Error> {
    let person = visitor.person.clone().ok_or(Error::NotAllowed)?;
    Ok(Caller::Person(person))
}

fn status_of(name: &str) -> Option<DeliveryStatus> {
    match name {
        "waiting" => Some(DeliveryStatus::Waiting),
        "sent" => Some(DeliveryStatus::Sent),
        "dead" => Some(DeliveryStatus::Dead),
        _ => None,
    }
}

fn clock(state: &WebState, language: Language) -> Clockwork {
    Clockwork {
        language,
        zone: chrono_tz::UTC,
        now: state.engine.now(),
    }
}

fn tabs(language: Language, incidents: bool) -> Markup {
    html! {
        nav.tabs aria-label=(say(language, "Operate", "运维")) {
            a href="/operate" aria-current=[incidents.then_some("page")] { (say(language, "Incidents", "待处理事项")) }
            a href="/operate/deliveries" aria-current=[(!incidents).then_some("page")] { (say(language, "Mails and hooks", "邮件与回调")) }
        }
    }
}

fn statuses(language: Language, open: &str) -> Markup {
    let statuses = [
        ("", say(language, "All", "全部")),
        ("waiting", say(language, "Waiting", "等待中")),
        ("sent", say(language, "Arrived", "已送达")),
        ("dead", say(language, "Given up", "已放弃")),
    ];
    html! {
        p.choose {
            @for (status, title) in statuses {
                a href={ "/operate/deliveries?status=" (status) } aria-current=[(status == open).then_some("true")] { (title) } " "
            }
        }
    }
}

fn incident_list(state: &WebState, reader: &SignedIn, listed: &Listed<IncidentRow>) -> Markup {
    let language = reader.language();
    let clock = clock(state, language);
    if listed.items.is_empty() {
        return html! {
            div.empty { h2 { (say(language, "All is well", "一切正常")) } p { (say(language, "Nothing needs an operator.", "没有需要运维处理的事项。")) } }
        };
    }
    html! {
        form method="post" action="/operate/incidents/retry" {
            (reader.visitor.seal())
            p { button.second type="submit" { (say(language, "Try all again", "全部重试")) } }
        }
        ul.cards.wide {
            @for row in &listed.items {
                li.card {
                    h2 { (row.incident.message.get(language)) }
                    p {
                        span.tag { (row.incident.code) }
                        @if let Some(case) = &row.case { " " a href={ "/cases/" (case.number) } { (case.number) } }
                        " · " (say(language, "since ", "始于 ")) (clock.ago(row.since))
                    }
                    form method="post" action={ "/operate/incidents/" (row.id) "/retry" } {
                        (reader.visitor.seal())
                        button.second type="submit" { (say(language, "Try again", "重试")) }
                    }
                }
            }
        }
    }
}

fn delivery_list(state: &WebState, reader: &SignedIn, listed: &Listed<DeliveryRow>) -> Markup {
    let language = reader.language();
    let clock = clock(state, language);
    if listed.items.is_empty() {
        return html! { div.empty { h2 { (say(language, "Nothing here", "没有记录")) } } };
    }
    html! {
        table.cases {
            thead { tr {
                th scope="col" { (say(language, "What", "内容")) }
                th scope="col" { (say(language, "Case", "申请")) }
                th scope="col" { (say(language, "Standing", "状态")) }
                th scope="col" { span.hidden { (say(language, "Retry", "重试")) } }
            } }
            tbody { @for row in &listed.items {
                tr {
                    td { (what(language, row)) p.quiet { (clock.moment(row.created_at)) } }
                    td data-title=(say(language, "Case", "申请")) { @if let Some(case) = &row.case { a href={ "/cases/" (case.number) } { (case.number) } } @else { "–" } }
                    td data-title=(say(language, "Standing", "状态")) { (standing(language, row)) }
                    td {
                        @if row.status != DeliveryStatus::Sent {
                            form method="post" action={ "/operate/deliveries/" (row.id.0) "/retry" } {
                                (reader.visitor.seal())
                                button.second type="submit" { (say(language, "Try again", "重试")) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

fn what(language: Language, row: &DeliveryRow) -> Markup {
    match &row.content {
        // What it is, and not what it says: that is between the case and its people.
        Some(DeliveryContent::Mail(mail)) => {
            html! { strong { (mail.message) } p.quiet { (mail.to.email) } }
        }
        Some(DeliveryContent::Hook(hook)) => html! { strong { (hook.hook) } },
        None => html! { span.none { (say(language, "(content wiped)", "（内容已清除）")) } },
    }
}

fn standing(language: Language, row: &DeliveryRow) -> Markup {
    let (class, title) = match row.status {
        DeliveryStatus::Waiting => ("badge", say(language, "Waiting", "等待中")),
        DeliveryStatus::Sent => ("badge good", say(language, "Arrived", "已送达")),
        DeliveryStatus::Dead => ("badge bad", say(language, "Given up", "已放弃")),
    };
    html! {
        span class=(class) { (title) }
        @if row.attempts > 0 { p.quiet { (row.attempts) (say(language, " attempts", " 次尝试")) } }
        @if let Some(error) = &row.error { p.quiet { (error) } }
    }
}
