//! `/operate/versions`: which versions cases run on; for one workflow what has changed in words, what moving its cases would
//! come to for each, and moving them.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_core::{
    command::Patch,
    difference::{HowChanged, difference},
    text::{Language, Piece, pieces},
    workflow::Workflow,
};
use countersign_engine::{Error, HowMoved, LastMove, Move, Moved};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    frame::{Operator, Tab, manner},
    overview::{grouped, state_title},
    verdicts,
};
use crate::{
    WebState,
    page::{Clockwork, say},
    rows::further,
};

/// Verdicts of a page.
const VERDICTS: u32 = 50;

/// From which version to which, and where the verdicts go on.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    from: Option<u32>,
    to: Option<u32>,
    cursor: Option<String>,
}

/// A version and how many cases run on it.
struct Version {
    workflow: Arc<Workflow>,
    running: u64,
}

/// What is shown of the step from one version to another.
struct Step {
    from: Arc<Workflow>,
    to: Arc<Workflow>,
    running: u64,
    verdicts: Vec<Moved>,
    next: Option<String>,
}

/// `GET /operate/versions`.
pub async fn all(State(state): State<WebState>, operator: Operator) -> Response {
    let language = operator.language;
    let rows = match state.engine.standing(&operator.caller()).await {
        Ok(rows) => rows,
        Err(error) => return operator.trouble(&error),
    };
    let running = |workflow: &Workflow, newest: bool| {
        let rows = rows.iter();
        let those = rows.filter(|row| {
            row.workflow == workflow.id && (row.version == workflow.version) == newest
        });
        those.map(|row| row.cases).sum::<u64>()
    };
    let workflows = state.engine.registry().all_newest();
    operator.page(Tab::Versions, &html! {
        p.quiet { (say(language, "A case runs on the version that it began with, until it is moved.", "申请按其开始时的版本运行，直至被迁移。")) }
        table.cases {
            thead { tr {
                th scope="col" { (say(language, "Workflow", "流程")) }
                th scope="col" { (say(language, "Newest", "最新版本")) }
                th scope="col" { (say(language, "Cases on it", "使用最新版本")) }
                th scope="col" { (say(language, "On older ones", "使用旧版本")) }
            } }
            tbody { @for workflow in &workflows {
                tr {
                    td { a href={ "/operate/versions/" (workflow.id) } { (workflow.title.get(language)) } p.quiet { (workflow.id) } }
                    td data-title=(say(language, "Newest", "最新版本")) { (workflow.version) }
                    td data-title=(say(language, "Cases on it", "使用最新版本")) { (grouped(running(workflow, true))) }
                    td data-title=(say(language, "On older ones", "使用旧版本")) { (grouped(running(workflow, false))) }
                }
            } }
        }
    })
}

/// `GET /operate/versions/{workflow}`.
pub async fn one(
    State(state): State<WebState>,
    operator: Operator,
    Path(workflow): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    page(&state, &operator, &workflow, &wanted, None).await
}

/// The same after a move that could not begin.
pub async fn not_begun(
    state: &WebState,
    operator: &Operator,
    workflow: &str,
    (from, to): (u32, u32),
    why: &str,
) -> Response {
    let wanted = Wanted {
        from: Some(from),
        to: Some(to),
        cursor: None,
    };
    page(state, operator, workflow, &wanted, Some(why)).await
}

async fn page(
    state: &WebState,
    operator: &Operator,
    workflow: &str,
    wanted: &Wanted,
    wrong: Option<&str>,
) -> Response {
    let read = async {
        let newest = state.engine.workflow(workflow)?;
        let versions = versions(state, operator, &newest).await?;
        let step = match (wanted.from, wanted.to) {
            (Some(from), Some(to)) if from < to => Some(
                step(
                    state,
                    operator,
                    &versions,
                    (from, to),
                    wanted.cursor.clone(),
                )
                .await?,
            ),
            _ => None,
        };
        let last = state.engine.last_move(&newest.id).await?;
        Ok::<_, Error>((newest, versions, step, last))
    };
    let (newest, versions, step, last) = match read.await {
        Ok(read) => read,
        Err(error) => return operator.trouble(&error),
    };
    let language = operator.language;
    let clock = operator.clock(state, newest.surroundings.zone);
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    operator.page_as(status, Tab::Versions, &html! {
        h2 { a href={ "/workflows/" (newest.id) } { (newest.title.get(language)) } }
        @if let Some(wrong) = wrong { div.problem role="alert" tabindex="-1" autofocus { p { (wrong) } } }
        div data-live="/operate/live" {
            @if let Some(last) = &last { (told(language, last, clock)) }
            (versions_table(language, &versions))
        }
        (choose(language, &newest, &versions, wanted))
        @if let Some(step) = &step { (step_shown(operator, &newest, step)) }
        script src="/assets/live.js" defer {}
    })
}

async fn versions(
    state: &WebState,
    operator: &Operator,
    newest: &Workflow,
) -> Result<Vec<Version>, Error> {
    let running = state
        .engine
        .running_by_version(&operator.caller(), &newest.id)
        .await?;
    let all = state.engine.registry().versions(&newest.id);
    Ok(all
        .into_iter()
        .rev()
        .map(|workflow| Version {
            running: running.get(&workflow.version).copied().unwrap_or_default(),
            workflow,
        })
        .collect())
}

async fn step(
    state: &WebState,
    operator: &Operator,
    versions: &[Version],
    (from, to): (u32, u32),
    cursor: Option<String>,
) -> Result<Step, Error> {
    let found = |version| {
        let mut versions = versions.iter();
        versions.find(|known| known.workflow.version == version)
    };
    let (older, newer) = found(from).zip(found(to)).ok_or(Error::NotFound)?;
    let wanted = Move {
        from: older.workflow.clone(),
        to: newer.workflow.clone(),
        data: Patch::default(),
        reason: String::new(),
        how: HowMoved::Dry,
        cursor,
        limit: VERDICTS,
    };
    let (caller, actor) = (operator.caller(), operator.reader.actor());
    let looked = state
        .engine
        .move_cases(&caller, &actor, &wanted, &|_| manner());
    let (verdicts, next) = looked.await?;
    Ok(Step {
        from: wanted.from,
        to: wanted.to,
        running: older.running,
        verdicts,
        next,
    })
}

fn versions_table(language: Language, versions: &[Version]) -> Markup {
    html! {
        table.counts {
            thead { tr {
                th scope="col" { (say(language, "Version", "版本")) }
                th.figure scope="col" { (say(language, "Open cases", "进行中的申请")) }
            } }
            tbody { @for version in versions {
                tr {
                    th scope="row" { (version.workflow.version) }
                    td.figure { (grouped(version.running)) }
                }
            } }
        }
    }
}

fn choose(language: Language, newest: &Workflow, versions: &[Version], wanted: &Wanted) -> Markup {
    let oldest_used = versions.iter().rev().find(|version| version.running > 0);
    let from = wanted
        .from
        .or(oldest_used.map(|version| version.workflow.version));
    let to = wanted.to.unwrap_or(newest.version);
    if versions.len() < 2 {
        return html! { p.quiet { (say(language, "There is only this version.", "只有这一个版本。")) } };
    }
    html! {
        form.filters method="get" action={ "/operate/versions/" (newest.id) } {
            div.field { label for="from" { (say(language, "From version", "自版本")) }
                select #from name="from" { @for version in versions.iter().rev() { @let at = version.workflow.version; option value=(at) selected[from == Some(at)] { (at) } } }
            }
            div.field { label for="to" { (say(language, "To version", "至版本")) }
                select #to name="to" { @for version in versions { @let at = version.workflow.version; option value=(at) selected[to == at] { (at) } } }
            }
            button.second type="submit" { (say(language, "Compare and look", "比较并试运行")) }
        }
    }
}

fn step_shown(operator: &Operator, newest: &Workflow, step: &Step) -> Markup {
    let language = operator.language;
    let (from, to) = (step.from.version, step.to.version);
    let here = format!("/operate/versions/{}?from={from}&to={to}", newest.id);
    html! {
        section.card {
            h3 { (say(language, "What has changed", "变更内容")) }
            (changes(language, &step.from, &step.to))
        }
        section.card {
            h3 { (say(language, "What moving the cases would come to", "迁移试运行")) }
            @if step.verdicts.is_empty() { p { (say(language, "No case runs on that version.", "没有使用该版本的申请。")) } } @else {
                (verdict_table(language, step))
                (further(language, &here, step.next.as_deref()))
            }
        }
        @if step.running > 0 {
            section.card {
                h3 { (say(language, "Move them", "执行迁移")) }
                p { (say(language, "Each case is moved by itself: one that needs input or that cannot be moved stays where it is, and does not stop the rest.", "逐件迁移：需要补充信息或无法迁移的申请保持不变，不影响其余申请。")) }
                form.stacked method="post" action={ "/operate/versions/" (newest.id) "/move" } {
                    (operator.reader.visitor.seal())
                    input type="hidden" name="from" value=(from);
                    input type="hidden" name="to" value=(to);
                    div.field {
                        label for="reason" { (say(language, "Reason", "原因")) }
                        input #reason type="text" name="reason" required autocomplete="off";
                    }
                    label.option { input type="checkbox" name="only_safe" value="1"; span { (say(language, "Only those that are safe without a default", "仅迁移无需默认值的申请")) } }
                    button type="submit" { (say(language, "Move all that can be moved", "迁移全部可迁移的申请")) " (" (grouped(step.running)) ")" }
                }
            }
        }
    }
}

fn changes(language: Language, from: &Workflow, to: &Workflow) -> Markup {
    let changes = difference(from, to);
    html! {
        @if changes.is_empty() { p { (say(language, "Nothing that matters to cases.", "没有影响申请的变更。")) } }
        ul.changes {
            @for change in &changes {
                @let word = match change.how {
                    HowChanged::Added => say(language, "new", "新增"),
                    HowChanged::Removed => say(language, "gone", "删除"),
                    HowChanged::Changed => say(language, "changed", "更改"),
                };
                li { span.tag { (word) } " " (with_code(change.text.get(language))) }
            }
        }
    }
}

fn verdict_table(language: Language, step: &Step) -> Markup {
    let title = |workflow: &Workflow, path: &str| state_title(workflow, path, language);
    html! {
        table.cases {
            thead { tr {
                th scope="col" { (say(language, "Case", "申请")) }
                th scope="col" { (say(language, "From → to", "状态")) }
                th scope="col" { (say(language, "Verdict", "结论")) }
            } }
            tbody { @for moved in &step.verdicts {
                tr {
                    td { a href={ "/operate/cases/" (moved.case.number) } { (moved.case.number) } p.quiet { (moved.case.title) } }
                    @match &moved.assessment {
                        Some(Ok(assessment)) => {
                            td data-title=(say(language, "From → to", "状态")) { span { (title(&step.from, assessment.from.as_str())) " → " @match &assessment.to { Some(path) => (title(&step.to, path.as_str())), None => "–" } } }
                            td data-title=(say(language, "Verdict", "结论")) { div { (verdicts::shown(language, assessment)) } }
                        }
                        Some(Err(_)) | None => {
                            td { (title(&step.from, &moved.case.state)) }
                            td { span.badge.bad { (say(language, "Could not be judged", "无法判断")) } }
                        }
                    }
                }
            } }
        }
    }
}

/// How far a move has come.
fn told(language: Language, last: &LastMove, clock: Clockwork) -> Markup {
    let progress = &last.progress;
    let step = match language {
        Language::En => format!("From version {} to {}", progress.from, progress.to),
        Language::Zh => format!("从版本 {} 到 {}", progress.from, progress.to),
    };
    html! {
        section.card.batch {
            h3 { (step) }
            p {
                progress max=(progress.total.max(1)) value=(progress.looked.min(progress.total)) aria-label=(step) {}
                " " (grouped(progress.looked)) " / " (grouped(progress.total))
            }
            p role="status" {
                @match (progress.ended, &progress.stopped) {
                    (None, _) if last.is_forsaken => { strong { (say(language, "Stopped: ", "已中止：")) } (say(language, "the server that moved them has ended. ", "执行迁移的服务器已停止运行。")) (again(language)) }
                    (None, _) => (say(language, "Under way.", "进行中。")),
                    (Some(at), None) => { (say(language, "Finished ", "完成于 ")) (clock.moment(at)) "." }
                    (Some(at), Some(why)) => { strong { (say(language, "Stopped ", "中止于 ")) (clock.moment(at)) ". " } (why) " " (again(language)) }
                }
            }
            p { (say(language, "Moved: ", "已迁移：")) (grouped(progress.moved)) " · " (say(language, "left where they are: ", "保持不变：")) (grouped(progress.left)) " · " (say(language, "refused: ", "被拒绝：")) (grouped(progress.refused)) }
        }
    }
}

fn again(language: Language) -> &'static str {
    say(
        language,
        "Begin again: it goes on with those that are left.",
        "可重新开始，将继续处理剩余申请。",
    )
}

/// A text with what stands between back-ticks as code.
fn with_code(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece { Piece::Words(words) => (words), Piece::Code(typed) => code { (typed) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_the_file_is_told_as_code() {
        let told = with_code("Longest: `200` <now>, was `100`.").into_string();
        let code = "Longest: <code>200</code> &lt;now&gt;, was <code>100</code>.";
        assert_eq!(told, code);
    }
}
