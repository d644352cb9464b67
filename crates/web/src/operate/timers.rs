//! `/operate/timers`: what will fire, the next first; what is overdue stands on top.

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::TimeDelta;
use countersign_core::{
    case::{ArmedTimer, Case},
    text::Language,
    workflow::{Effect, Workflow},
};
use countersign_diagram::timer_in_words;
use countersign_engine::DueCase;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    frame::{Operator, ROWS, Tab, empty},
    overview::state_title,
};
use crate::{
    WebState,
    case::spelt,
    page::{Clockwork, called, say},
    rows::further,
};

/// A timer may be so late before it is said to be: longer than the scheduler ever takes when all is well.
const GRACE: TimeDelta = TimeDelta::seconds(5);
/// How many timers of one case are told.
const TOLD: usize = 4;

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    cursor: Option<String>,
}

/// `GET /operate/timers`.
pub async fn timers(
    State(state): State<WebState>,
    operator: Operator,
    Query(wanted): Query<Wanted>,
) -> Response {
    let caller = operator.caller();
    let listed = state.engine.timers(&caller, wanted.cursor, ROWS).await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return operator.trouble(&error),
    };
    let language = operator.language;
    let clock = operator.clock(&state, chrono_tz::UTC);
    operator.page(Tab::Timers, &html! {
        p.quiet { (say(language, "A timer fires when its time has come. One that is overdue for longer than a few seconds means that the scheduler is held up. Cases on hold have none until they go on.", "定时器到期即触发。若逾期超过数秒，说明调度受阻。已暂停的申请在恢复之前没有定时器。")) }
        p.quiet {
            (say(language, "There is nothing to try again here: a timer that cannot do its work is one of the ", "此处无需重试：无法完成的定时器会列为"))
            a href="/operate/incidents" { (say(language, "incidents", "待处理事项")) }
            (say(language, ", and is tried again there.", "，可在那里重试。"))
        }
        @if listed.items.is_empty() {
            (empty(say(language, "No timer is set", "没有定时器"), say(language, "Nothing will happen by itself.", "不会有任何自动操作。")))
        } @else {
            table.cases {
                thead { tr {
                    th scope="col" { (say(language, "When", "时间")) }
                    th scope="col" { (say(language, "What fires", "触发内容")) }
                    th scope="col" { (say(language, "Case", "申请")) }
                } }
                tbody { @for due in &listed.items { (row(&state, language, due, clock)) } }
            }
        }
        (further(language, "/operate/timers", listed.next_cursor.as_deref()))
    })
}

fn row(state: &WebState, language: Language, due: &DueCase, clock: Clockwork) -> Markup {
    let case = &due.row.case;
    let workflow = state.engine.registry().get(&case.workflow, case.version);
    let clock = Clockwork {
        zone: workflow
            .as_ref()
            .map_or(clock.zone, |workflow| workflow.surroundings.zone),
        ..clock
    };
    let at = due.row.due_at;
    let title = |path: &str| {
        workflow.as_ref().map_or_else(
            || path.to_owned(),
            |workflow| state_title(workflow, path, language),
        )
    };
    let armed = due.case.as_ref().map(armed).unwrap_or_default();
    html! {
        tr {
            td {
                (clock.moment(at))
                p { @if at + GRACE < clock.now { span.due.late { span.sign aria-hidden="true" { "!" } (say(language, "overdue since ", "逾期：")) (clock.ago(at)) } } @else { (clock.in_future(at)) } }
            }
            td data-title=(say(language, "What fires", "触发内容")) {
                @if armed.is_empty() { span.quiet { (say(language, "It is looked at again", "重新检查该申请")) } }
                @for timer in armed.iter().take(TOLD) {
                    p { strong { (what_fires(language, workflow.as_deref(), timer)) } " · " (title(timer.state.as_str())) @if armed.len() > 1 { @if let Some(at) = timer.due { " · " (clock.moment(at)) } } }
                }
                @if armed.len() > TOLD { p.quiet { (say(language, "and more", "等")) } }
            }
            td data-title=(say(language, "Case", "申请")) {
                div {
                    a href={ "/cases/" (case.number) } { (called(&case.title, &case.number)) }
                    p.quiet { span.number { (case.number) } " · " (title(&case.state)) " · " a href={ "/operate/cases/" (case.number) } { (say(language, "Tools", "工具")) } }
                }
            }
        }
    }
}

/// What a timer does and when, in words: files give timers no titles.
fn what_fires(language: Language, workflow: Option<&Workflow>, armed: &ArmedTimer) -> String {
    let state = workflow.and_then(|workflow| workflow.states.find(armed.state.as_str()));
    let timer = state.and_then(|state| state.timers.get(&armed.timer));
    let (Some(workflow), Some(timer)) = (workflow, timer) else {
        return spelt(&armed.timer);
    };
    let when = timer_in_words(timer, language);
    if let Some(target) = &timer.target {
        let to = workflow.states.get(target.otherwise).title.get(language);
        return match language {
            Language::En => format!("Goes on to “{to}” ({when})"),
            Language::Zh => format!("进入“{to}”（{when}）"),
        };
    }
    let mut effects = timer.effects.iter();
    let what = if effects.any(|effect| matches!(effect, Effect::Notify(_))) {
        say(language, "Sends a mail", "发送邮件")
    } else {
        say(language, "Does its work", "执行自动操作")
    };
    match language {
        Language::En => format!("{what} ({when})"),
        Language::Zh => format!("{what}（{when}）"),
    }
}

/// Its timers that are set, the next first.
fn armed(case: &Case) -> Vec<ArmedTimer> {
    let set = case.timers.iter().filter(|timer| timer.due.is_some());
    let mut set: Vec<ArmedTimer> = set.cloned().collect();
    set.sort_by_key(|timer| timer.due);
    set
}
