//! `GET /cases`: the cases that the reader may see, by words and filters that stand in the address.

use axum::{
    extract::{Query, State},
    response::Response,
};
use countersign_core::{name::Name, text::Language};
use countersign_engine::ports::reader::{CaseOrder, CaseQuery, LifecycleFilter};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    WebState,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
    rows::{Rows, further},
};

/// Rows of a page.
const ROWS: u32 = 50;

/// Which cases.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    q: Option<String>,
    workflow: Option<String>,
    state: Option<String>,
    lifecycle: Option<String>,
    overdue: Option<String>,
    mine: Option<String>,
    cursor: Option<String>,
}

/// The page.
pub async fn cases(
    State(state): State<WebState>,
    reader: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Response {
    let query = CaseQuery {
        workflow: wanted
            .workflow
            .as_deref()
            .and_then(|name| Name::parse(name).ok()),
        state: wanted.state.clone().filter(|state| !state.is_empty()),
        lifecycle: match wanted.lifecycle.as_deref() {
            Some("running") => Some(LifecycleFilter::Running),
            Some("on_hold") => Some(LifecycleFilter::OnHold),
            Some("ended") => Some(LifecycleFilter::Ended),
            _ => None,
        },
        words: wanted.q.clone().filter(|words| !words.trim().is_empty()),
        overdue: wanted.overdue.as_ref().map(|_| (true, state.engine.now())),
        mine: wanted.mine.is_some(),
        sort: CaseOrder::Newest,
        cursor: wanted.cursor.clone(),
        limit: ROWS,
        ..CaseQuery::default()
    };
    let page = match state.engine.cases(&reader.caller(), &query).await {
        Ok(page) => page,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let language = reader.language();
    let title = say(language, "Cases", "全部申请");
    let next = page.next_cursor.as_deref();
    let rows = match Rows::new(&state, &reader, page.items).await {
        Ok(rows) => rows,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    let here = without_cursor(&reader.visitor.here);
    Page::ok(&reader.visitor, Nav::Cases, title).around(&html! {
        h1 { (title) }
        (filters(&state, language, &wanted))
        @if rows.first().is_none() {
            div.empty { h2 { (say(language, "Nothing found", "没有结果")) } p { a href="/cases" { (say(language, "Show all", "显示全部")) } } }
        } @else { (rows.table()) }
        (further(language, &here, next))
    })
}

fn without_cursor(here: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

fn filters(state: &WebState, language: Language, wanted: &Wanted) -> Markup {
    let workflows = state.engine.registry().all_newest();
    let chosen = wanted.workflow.as_deref().unwrap_or_default();
    let lifecycle = wanted.lifecycle.as_deref().unwrap_or_default();
    let lives = [
        ("", say(language, "Running or ended", "全部")),
        ("running", say(language, "Running", "进行中")),
        ("on_hold", say(language, "On hold", "已暂停")),
        ("ended", say(language, "Ended", "已结束")),
    ];
    html! {
        form.filters method="get" action="/cases" role="search" {
            div.field { label for="q" { (say(language, "Words", "关键词")) } input #q type="search" name="q" value=(wanted.q.as_deref().unwrap_or_default()); }
            div.field { label for="workflow" { (say(language, "Workflow", "流程")) }
                select #workflow name="workflow" {
                    option value="" { (say(language, "All", "全部")) }
                    @for workflow in &workflows { option value=(workflow.id) selected[workflow.id.as_str() == chosen] { (workflow.title.get(language)) } }
                }
            }
            div.field { label for="lifecycle" { (say(language, "Standing", "进度")) }
                select #lifecycle name="lifecycle" { @for (value, title) in lives { option value=(value) selected[value == lifecycle] { (title) } } }
            }
            label.option { input type="checkbox" name="overdue" value="1" checked[wanted.overdue.is_some()]; span { (say(language, "Late", "已逾期")) } }
            label.option { input type="checkbox" name="mine" value="1" checked[wanted.mine.is_some()]; span { (say(language, "Mine", "我发起的")) } }
            button type="submit" { (say(language, "Show", "查询")) }
        }
    }
}
