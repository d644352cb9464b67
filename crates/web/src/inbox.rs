//! `GET /`: what waits for the reader, what they wait for, and what they have done lately. Most urgent first.

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::TimeDelta;
use countersign_engine::ports::reader::{InboxQuery, InboxSection};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    WebState,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
    rows::{Rows, further},
};

/// How long what the reader has done is shown.
const DONE_DAYS: i64 = 7;
/// Rows of a page.
const ROWS: u32 = 50;

/// Which part.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    section: Option<String>,
    cursor: Option<String>,
}

/// The page.
pub async fn inbox(
    State(state): State<WebState>,
    reader: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Response {
    let name = wanted.section.as_deref().unwrap_or("your_turn");
    let section = match name {
        "waiting" => InboxSection::Waiting,
        "done" => InboxSection::Done {
            since: state.engine.now() - TimeDelta::days(DONE_DAYS),
        },
        _ => InboxSection::YourTurn,
    };
    let query = InboxQuery {
        section,
        instead_of: Vec::new(),
        cursor: wanted.cursor,
        limit: ROWS,
    };
    let page = match state.engine.inbox(&reader.caller(), &query).await {
        Ok(page) => page,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = say(language, "Inbox", "待办");
    let next = page.next_cursor.as_deref();
    let rows = match Rows::new(&state, &reader, page.items).await {
        Ok(rows) => rows,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    Page::ok(&reader.visitor, Nav::Inbox, title).around(&html! {
        div.heading {
            h1 { (title) }
            @if name == "your_turn" {
                @if let Some(first) = rows.first() {
                    a.button href={ "/cases/" (first) } { (say(language, "Take next", "处理下一项")) }
                }
            }
        }
        (sections(language, section))
        @if rows.first().is_none() { (empty(language, section)) } @else { (rows.table()) }
        (further(language, &format!("/?section={name}"), next))
    })
}

fn sections(language: countersign_core::text::Language, open: InboxSection) -> Markup {
    let sections = [
        (
            "/",
            say(language, "Your turn", "待我处理"),
            matches!(open, InboxSection::YourTurn),
        ),
        (
            "/?section=waiting",
            say(language, "Waiting for others", "等待他人"),
            matches!(open, InboxSection::Waiting),
        ),
        (
            "/?section=done",
            say(language, "Done by me", "我已处理"),
            matches!(open, InboxSection::Done { .. }),
        ),
    ];
    html! {
        nav.tabs aria-label=(say(language, "Sections", "分区")) {
            @for (href, title, is_open) in sections {
                a href=(href) aria-current=[is_open.then_some("page")] { (title) }
            }
        }
    }
}

fn empty(language: countersign_core::text::Language, section: InboxSection) -> Markup {
    let (title, why) = match section {
        InboxSection::YourTurn => (
            say(language, "Nothing waits for you", "没有待您处理的申请"),
            say(
                language,
                "You will get a mail when it is your turn.",
                "轮到您时，您会收到邮件。",
            ),
        ),
        InboxSection::Waiting => (
            say(language, "You wait for nobody", "没有等待他人的申请"),
            say(
                language,
                "Cases that you opened or acted on, and that others have to see to, are listed here.",
                "您发起或处理过、正在等待他人的申请显示在此处。",
            ),
        ),
        InboxSection::Done { .. } => (
            say(language, "Nothing in the last 7 days", "最近 7 天没有记录"),
            say(
                language,
                "Cases that you have acted on are listed here for a week.",
                "您处理过的申请在此显示一周。",
            ),
        ),
    };
    html! { div.empty { h2 { (title) } p { (why) } } }
}
