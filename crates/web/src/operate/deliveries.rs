//! `/operate/deliveries`: mails and hook calls, the newest first, by kind, standing and case, with retry one or all.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    case::{DeliveryId, Purpose},
    text::Language,
};
use countersign_engine::{
    Disabled, Error, WebhookRecord,
    ports::{
        deliveries::DeliveryContent,
        reader::{DeliveryKind, DeliveryQuery, DeliveryRow, DeliveryStatus, Page as Listed},
        store::CaseAddress,
    },
};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{ALL, Operator, ROWS, Tab, could_be_tried, done, empty, manner, sender};
use crate::{
    WebState,
    case::spelt,
    door::Posted,
    page::{say, trouble},
    rows::further,
};

/// Which deliveries, where to go on, and what was done.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    kind: Option<String>,
    status: Option<String>,
    case: Option<String>,
    cursor: Option<String>,
    tried: Option<u32>,
}

impl Wanted {
    fn query(&self, limit: u32) -> DeliveryQuery {
        let case = self.case.as_deref().map(str::trim);
        DeliveryQuery {
            kind: match self.kind.as_deref() {
                Some("mail") => Some(DeliveryKind::Mail),
                Some("hook") => Some(DeliveryKind::Hook),
                _ => None,
            },
            status: match self.status.as_deref() {
                Some("waiting") => Some(DeliveryStatus::Waiting),
                Some("sent") => Some(DeliveryStatus::Sent),
                Some("dead") => Some(DeliveryStatus::Dead),
                _ => None,
            },
            case: case.filter(|case| !case.is_empty()).map(CaseAddress::parse),
            cursor: self.cursor.clone(),
            limit,
        }
    }

    /// The address of the same list.
    fn here(&self) -> String {
        let pairs = [
            ("kind", &self.kind),
            ("status", &self.status),
            ("case", &self.case),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| {
            let value = value.as_deref().filter(|value| !value.is_empty())?;
            Some(format!(
                "{name}={}",
                utf8_percent_encode(value, NON_ALPHANUMERIC)
            ))
        });
        let query: Vec<String> = pairs.collect();
        if query.is_empty() {
            "/operate/deliveries".to_owned()
        } else {
            format!("/operate/deliveries?{}", query.join("&"))
        }
    }
}

/// `GET /operate/deliveries`.
pub async fn deliveries(
    State(state): State<WebState>,
    operator: Operator,
    Query(wanted): Query<Wanted>,
) -> Response {
    let query = wanted.query(ROWS);
    let listed = state.engine.deliveries(&operator.caller(), &query).await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return operator.trouble(&error),
    };
    let language = operator.language;
    let told: Vec<Uuid> = listed
        .items
        .iter()
        .filter_map(DeliveryRow::webhook)
        .collect();
    let known = match state.engine.webhooks_of(&operator.caller(), &told).await {
        Ok(known) => known,
        Err(error) => return operator.trouble(&error),
    };
    operator.page(
        Tab::Deliveries,
        &html! {
            (done(language, wanted.tried))
            (filters(language, &wanted))
            (list(&state, &operator, &wanted, &listed, &known))
            (further(language, &wanted.here(), listed.next_cursor.as_deref()))
        },
    )
}

/// `POST /operate/deliveries/{id}/retry`.
pub async fn retry(
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let retried = async {
        let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
        let caller = sender(&state, &posted)?;
        let id = DeliveryId(id);
        state.engine.retry_delivery(&caller, manner(), id).await
    };
    match retried.await {
        Ok(_) => Redirect::to("/operate/deliveries?tried=1").into_response(),
        Err(error) => trouble(&posted.visitor, &error),
    }
}

/// `POST /operate/deliveries/retry`: all that were given up, of the kind and the case that are shown, the newest first.
pub async fn retry_all(State(state): State<WebState>, posted: Posted) -> Response {
    let field = |name| posted.fields.text(name).map(str::to_owned);
    let mut wanted = Wanted {
        kind: field("kind"),
        status: Some("dead".to_owned()),
        case: field("case"),
        ..Wanted::default()
    };
    let retried = async {
        let caller = sender(&state, &posted)?;
        let dead = state.engine.deliveries(&caller, &wanted.query(ALL)).await?;
        let mut tried = 0;
        for row in &dead.items {
            let retried = state.engine.retry_delivery(&caller, manner(), row.id);
            tried += usize::from(could_be_tried(retried.await)?);
        }
        Ok(tried)
    };
    match retried.await {
        Ok(tried) => {
            wanted.status = None;
            let here = wanted.here();
            let joint = if here.contains('?') { '&' } else { '?' };
            Redirect::to(&format!("{here}{joint}tried={tried}")).into_response()
        }
        Err(error) => trouble(&posted.visitor, &error),
    }
}

fn filters(language: Language, wanted: &Wanted) -> Markup {
    let kinds = [
        ("", say(language, "Mails and hooks", "邮件与回调")),
        ("mail", say(language, "Mails", "邮件")),
        ("hook", say(language, "Hooks", "回调")),
    ];
    let statuses = [
        ("", say(language, "All", "全部")),
        ("waiting", say(language, "Waiting", "等待中")),
        ("sent", say(language, "Arrived", "已送达")),
        ("dead", say(language, "Given up", "已放弃")),
    ];
    let kind = wanted.kind.as_deref().unwrap_or_default();
    let status = wanted.status.as_deref().unwrap_or_default();
    html! {
        form.filters method="get" action="/operate/deliveries" role="search" {
            div.field { label for="kind" { (say(language, "Kind", "类型")) }
                select #kind name="kind" { @for (value, title) in kinds { option value=(value) selected[value == kind] { (title) } } }
            }
            div.field { label for="status" { (say(language, "Standing", "状态")) }
                select #status name="status" { @for (value, title) in statuses { option value=(value) selected[value == status] { (title) } } }
            }
            div.field { label for="case" { (say(language, "Number of the case", "申请编号")) }
                input #case type="text" name="case" autocomplete="off" value=(wanted.case.as_deref().unwrap_or_default());
            }
            button.second type="submit" { (say(language, "Show", "查询")) }
        }
    }
}

fn list(
    state: &WebState,
    operator: &Operator,
    wanted: &Wanted,
    listed: &Listed<DeliveryRow>,
    known: &[WebhookRecord],
) -> Markup {
    let webhook = |row: &DeliveryRow| {
        let id = row.webhook()?;
        known.iter().find(|record| record.id == id)
    };
    let language = operator.language;
    let clock = operator.clock(state, chrono_tz::UTC);
    let visitor = &operator.reader.visitor;
    if listed.items.is_empty() {
        return empty(say(language, "Nothing here", "没有记录"), "");
    }
    let any_dead = listed
        .items
        .iter()
        .any(|row| row.status == DeliveryStatus::Dead);
    html! {
        @if any_dead {
            form method="post" action="/operate/deliveries/retry" {
                (visitor.seal())
                @for (name, value) in [("kind", &wanted.kind), ("case", &wanted.case)] {
                    @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
                }
                p { button.second type="submit" { (say(language, "Try all again that were given up", "全部重试已放弃的项目")) } }
            }
        }
        table.cases {
            thead { tr {
                th scope="col" { (say(language, "What", "内容")) }
                th scope="col" { (say(language, "Case", "申请")) }
                th scope="col" { (say(language, "Standing", "状态")) }
                th scope="col" { span.hidden { (say(language, "Retry", "重试")) } }
            } }
            tbody { @for row in &listed.items {
                tr {
                    td { (what(language, row, webhook(row))) p.quiet { (clock.moment(row.created_at)) } }
                    td data-title=(say(language, "Case", "申请")) { @if let Some(case) = &row.case { a href={ "/cases/" (case.number) } { (case.number) } } @else { "–" } }
                    td data-title=(say(language, "Standing", "状态")) { (standing(language, row, webhook(row))) }
                    td {
                        @if row.status != DeliveryStatus::Sent {
                            form method="post" action={ "/operate/deliveries/" (row.id.0) "/retry" } {
                                (visitor.seal())
                                button.second type="submit" { (say(language, "Try again", "重试")) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

fn what(language: Language, row: &DeliveryRow, webhook: Option<&WebhookRecord>) -> Markup {
    match &row.content {
        // What it is, and not what it says: that is between the case and its people.
        Some(DeliveryContent::Mail(mail)) => {
            html! { strong { (purpose(language, mail.purpose)) } p.quiet { (mail.to.email) } }
        }
        Some(DeliveryContent::Hook(hook)) => {
            let url = webhook.map(|record| record.shown_url().to_owned());
            html! { strong { (url.unwrap_or_else(|| called_hook(language, &hook.hook))) } }
        }
        None => html! { span.none { (say(language, "(content wiped)", "（内容已清除）")) } },
    }
}

/// What a call is: files give hooks no titles. Of a subscription the name is an id that says nothing.
fn called_hook(language: Language, hook: &str) -> String {
    if hook.starts_with("webhook:") {
        say(language, "Call of a web hook", "Webhook 通知").to_owned()
    } else {
        spelt(hook)
    }
}

/// What a mail is for; its message is the file's own word.
fn purpose(language: Language, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Ask => say(language, "Asks to act", "待办通知"),
        Purpose::Remind => say(language, "Reminds", "提醒"),
        Purpose::Tell => say(language, "Tells how it stands", "进展通知"),
        Purpose::Settled => say(language, "Tells that nothing is left to do", "无需处理通知"),
        Purpose::Daily => say(language, "Daily digest", "每日汇总"),
    }
}

fn standing(language: Language, row: &DeliveryRow, webhook: Option<&WebhookRecord>) -> Markup {
    let disabled = webhook
        .and_then(|record| record.disabled)
        .map(Disabled::text);
    let disabled = disabled.filter(|_| row.status != DeliveryStatus::Sent);
    let (class, title) = match row.status {
        DeliveryStatus::Waiting => ("badge", say(language, "Waiting", "等待中")),
        DeliveryStatus::Sent => ("badge good", say(language, "Arrived", "已送达")),
        DeliveryStatus::Dead => ("badge bad", say(language, "Given up", "已放弃")),
    };
    html! {
        span class=(class) { (title) }
        @if row.attempts > 0 { p.quiet { (attempts(language, row.attempts)) } }
        @if let Some(why) = disabled { p.quiet { (why.get(language)) } }
        @else if let Some(error) = &row.error { p.quiet { (error) } }
    }
}

fn attempts(language: Language, attempts: u32) -> String {
    match (language, attempts) {
        (Language::En, 1) => "1 attempt".to_owned(),
        (Language::En, _) => format!("{attempts} attempts"),
        (Language::Zh, _) => format!("尝试 {attempts} 次"),
    }
}
