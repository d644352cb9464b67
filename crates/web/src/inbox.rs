//! `GET /`: what waits for the reader, what they wait for, and what they have done lately. Most urgent first; filters
//! stand in the address. Several that ask for nothing but a decision can be decided at once (`decide_many`).

use std::collections::BTreeMap;

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::TimeDelta;
use countersign_core::{name::Name, text::Language};
use countersign_engine::ports::reader::{InboxQuery, InboxSection};
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::{
    WebState,
    door::{SignedIn, Visitor},
    page::{Nav, Page, say, trouble},
    rows::{Rows, further},
};

/// How long what the reader has done is shown.
const DONE_DAYS: i64 = 7;
/// Rows of a page.
const ROWS: u32 = 50;

/// Which part.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    section: Option<String>,
    workflow: Option<String>,
    late: Option<String>,
    cursor: Option<String>,
}

impl Wanted {
    fn section(&self) -> &str {
        match self.section.as_deref() {
            Some(known @ ("waiting" | "done")) => known,
            Some(_) | None => "your_turn",
        }
    }

    fn workflow(&self) -> Option<Name> {
        let name = self.workflow.as_deref()?;
        Name::parse(name).ok()
    }

    /// The address of this list in another section, from its beginning.
    fn href(&self, section: &str) -> String {
        let quoted = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut pairs = Vec::new();
        if section != "your_turn" {
            pairs.push(format!("section={section}"));
        }
        let workflow = self.workflow.as_deref().filter(|name| !name.is_empty());
        pairs.extend(workflow.map(|name| format!("workflow={}", quoted(name))));
        pairs.extend(self.late.as_ref().map(|_| "late=1".to_owned()));
        match pairs.as_slice() {
            [] => "/".to_owned(),
            pairs => format!("/?{}", pairs.join("&")),
        }
    }
}

/// The page.
pub async fn inbox(
    State(state): State<WebState>,
    reader: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Response {
    let now = state.engine.now();
    let section = match wanted.section() {
        "waiting" => InboxSection::Waiting,
        "done" => InboxSection::Done {
            since: now - TimeDelta::days(DONE_DAYS),
        },
        _ => InboxSection::YourTurn,
    };
    let query = InboxQuery {
        section,
        instead_of: Vec::new(),
        workflow: wanted.workflow(),
        due_by: wanted.late.as_ref().map(|_| now),
        cursor: wanted.cursor.clone(),
        limit: ROWS,
    };
    let page = match state.engine.inbox(&reader.caller(), &query).await {
        Ok(page) => page,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = say(language, "Inbox", "待办");
    let next = page.next_cursor.as_deref();
    let rows = Rows::new(&state, &reader, page.items).await;
    let rows = match rows {
        Ok(rows) => rows.with_glances(&state, &reader).await,
        Err(error) => Err(error),
    };
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let is_mine = matches!(section, InboxSection::YourTurn);
    Page::ok(&reader.visitor, Nav::Inbox, title).around(&html! {
        div.heading {
            h1 { (title) }
            @if let Some(first) = rows.first().filter(|_| is_mine) {
                a.button href={ "/cases/" (first) } { (say(language, "Take next", "处理下一项")) }
            }
        }
        (sections(language, &wanted))
        (filters(&state, language, &wanted))
        @if rows.first().is_none() { (empty(language, &wanted)) }
        @else if is_mine { (many(&reader.visitor, &rows)) }
        @else { (rows.table()) }
        (further(language, &wanted.href(wanted.section()), next))
        @if wanted.cursor.is_some() { p.further { a href=(wanted.href(wanted.section())) { (say(language, "To the first page", "返回第一页")) } } }
    })
}

/// The rows, of which several can be decided at once where nothing is asked with it.
fn many(visitor: &Visitor, rows: &Rows) -> Markup {
    let language = visitor.language;
    let choices: BTreeMap<String, String> = rows.choices();
    if choices.is_empty() {
        return rows.table();
    }
    html! {
        form.many method="post" action="/decide" {
            (visitor.seal())
            (rows.table_to_choose())
            details.many {
                summary { (say(language, "Decide several at once", "批量处理")) }
                p.hint { (say(language, "For all cases that are ticked. Each is decided or refused by itself, and you are told of each.", "适用于所有勾选的申请。每项单独处理，并逐项告知结果。")) }
                div.bar {
                    div.field { label for="do" { (say(language, "Decision", "决定")) }
                        select #do name="do" {
                            option value="" { (say(language, "– choose –", "– 请选择 –")) }
                            @for (id, title) in &choices { option value=(id) { (title) } }
                        }
                    }
                    div.field.wide { label for="comment" { (say(language, "Comment", "意见")) } input #comment type="text" name="comment" autocomplete="off"; }
                    button type="submit" { (say(language, "Decide", "提交")) }
                }
            }
        }
    }
}

fn sections(language: Language, wanted: &Wanted) -> Markup {
    let sections = [
        ("your_turn", say(language, "Your turn", "待我处理")),
        ("waiting", say(language, "Waiting for others", "等待他人")),
        ("done", say(language, "Done by me", "我已处理")),
    ];
    html! {
        nav.tabs aria-label=(say(language, "Sections", "分区")) {
            @for (section, title) in sections {
                a href=(wanted.href(section)) aria-current=[(section == wanted.section()).then_some("page")] { (title) }
            }
        }
    }
}

fn filters(state: &WebState, language: Language, wanted: &Wanted) -> Markup {
    let workflows = state.engine.registry().all_newest();
    let chosen = wanted.workflow.as_deref().unwrap_or_default();
    html! {
        details.filters open[wanted.is_narrowed()] {
            summary { (say(language, "Filter", "筛选")) }
            form.filters method="get" action="/" {
                @if wanted.section() != "your_turn" { input type="hidden" name="section" value=(wanted.section()); }
                div.field { label for="workflow" { (say(language, "Workflow", "流程")) }
                    select #workflow name="workflow" {
                        option value="" { (say(language, "All", "全部")) }
                        @for workflow in &workflows { option value=(workflow.id) selected[workflow.id.as_str() == chosen] { (workflow.title.get(language)) } }
                    }
                }
                label.option { input type="checkbox" name="late" value="1" checked[wanted.late.is_some()]; span { (say(language, "Late", "已逾期")) } }
                button.second type="submit" { (say(language, "Show", "查询")) }
            }
        }
    }
}

impl Wanted {
    fn is_narrowed(&self) -> bool {
        self.late.is_some() || self.workflow().is_some()
    }
}

fn empty(language: Language, wanted: &Wanted) -> Markup {
    let (title, why) = match wanted.section() {
        _ if wanted.is_narrowed() || wanted.cursor.is_some() => (
            say(language, "Nothing found", "没有结果"),
            say(language, "Look without the filter.", "请取消筛选后再查看。"),
        ),
        "waiting" => (
            say(language, "You wait for nobody", "没有等待他人的申请"),
            say(
                language,
                "Cases that you opened or acted on, and that others have to see to, are listed here.",
                "您发起或处理过、正在等待他人的申请显示在此处。",
            ),
        ),
        "done" => (
            say(language, "Nothing in the last 7 days", "最近 7 天没有记录"),
            say(
                language,
                "Cases that you have acted on are listed here for a week.",
                "您处理过的申请在此显示一周。",
            ),
        ),
        _ => (
            say(language, "Nothing waits for you", "没有待您处理的申请"),
            say(
                language,
                "You will get a mail when it is your turn.",
                "轮到您时，您会收到邮件。",
            ),
        ),
    };
    html! { div.empty { h2 { (title) } p { (why) } } }
}
