//! `/operate`: for each workflow and state how many cases, the oldest, and how many are late; kept up to date while it is
//! open where scripts run.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use countersign_core::{text::Language, time::Time, workflow::Workflow};
use countersign_engine::{Error, ports::reader::StandingRow};
use maud::{Markup, html};

use super::{
    frame::{ALL, Operator, Tab, empty},
    plot::{Bar, legend},
};
use crate::{
    WebState,
    page::{Clockwork, say},
};

/// What stands in one state, all versions together.
#[derive(Debug, Clone, Copy)]
struct Standing {
    cases: u64,
    on_hold: u64,
    late: u64,
    oldest: Time,
}

/// A workflow and its states that have cases, in the order of the file.
struct Shown {
    workflow: Arc<Workflow>,
    states: Vec<(String, String, Standing)>,
}

/// `GET /operate`.
pub async fn overview(State(state): State<WebState>, operator: Operator) -> Response {
    let language = operator.language;
    let read = async {
        let rows = state.engine.standing(&operator.caller()).await?;
        let incidents = state
            .engine
            .incidents(&operator.caller(), None, ALL)
            .await?;
        Ok::<_, Error>((rows, incidents))
    };
    let (rows, incidents) = match read.await {
        Ok(read) => read,
        Err(error) => return operator.trouble(&error),
    };
    let open = incidents.items.len();
    let more = incidents.next_cursor.is_some();
    let most = rows.iter().map(|row| row.cases).max().unwrap_or_default();
    let clock = operator.clock(&state, chrono_tz::UTC);
    let shown = shown(&state, language, &rows);
    operator.page(Tab::Overview, &html! {
        (finder(language))
        div data-live="/operate/live" {
            (totals(language, &rows, open, more))
            @if shown.is_empty() {
                (empty(say(language, "No case is open", "没有进行中的申请"), say(language, "Nothing waits for anybody.", "没有待处理的申请。")))
            } @else { (legend(language)) }
            @for one in &shown { (of_workflow(language, one, most, clock)) }
            p.quiet {
                (say(language, "As of ", "统计时间：")) (clock.moment(clock.now)) (say(language, ". ", "。"))
                a href="/operate" { (say(language, "Reload", "刷新")) } " "
                span.live hidden { (say(language, "Kept up to date.", "自动更新中。")) }
            }
        }
        script src="/assets/live.js" defer {}
    })
}

/// How many cases stand in each state of a workflow, all versions together.
pub fn counts(rows: &[StandingRow], workflow: &Workflow) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for row in rows.iter().filter(|row| row.workflow == workflow.id) {
        *counts.entry(row.state.clone()).or_default() += row.cases;
    }
    counts
}

fn shown(state: &WebState, language: Language, rows: &[StandingRow]) -> Vec<Shown> {
    let mut by_place: BTreeMap<(&str, &str), Standing> = BTreeMap::new();
    for row in rows {
        let place = (row.workflow.as_str(), row.state.as_str());
        let standing = by_place.entry(place).or_insert(Standing {
            cases: 0,
            on_hold: 0,
            late: 0,
            oldest: row.oldest,
        });
        standing.cases += row.cases;
        standing.on_hold += row.on_hold;
        standing.late += row.late;
        standing.oldest = standing.oldest.min(row.oldest);
    }
    let workflows = state.engine.registry().all_newest().into_iter();
    let shown = workflows.filter_map(|workflow| {
        let of = workflow.id.as_str();
        let mut states: Vec<_> = by_place
            .range((of, "")..)
            .take_while(|((id, _), _)| *id == of)
            .map(|((_, path), standing)| {
                let title = state_title(&workflow, path, language);
                ((*path).to_owned(), title, *standing)
            })
            .collect();
        let place = |path: &str| workflow.states.find(path).map(|state| state.id);
        states.sort_by_key(|(path, ..)| (place(path).is_none(), place(path)));
        (!states.is_empty()).then_some(Shown { workflow, states })
    });
    shown.collect()
}

/// A state of an older version, which the newest does not have, is called by its path.
pub(super) fn state_title(workflow: &Workflow, path: &str, language: Language) -> String {
    let state = workflow.states.find(path);
    state
        .map_or(path, |state| state.title.get(language))
        .to_owned()
}

fn finder(language: Language) -> Markup {
    html! {
        form.filters method="get" action="/operate/find" role="search" {
            div.field {
                label for="number" { (say(language, "Tools for a case: its number", "申请工具：输入编号")) }
                input #number type="text" name="number" required autocomplete="off";
            }
            button.second type="submit" { (say(language, "Open", "打开")) }
        }
    }
}

fn totals(language: Language, rows: &[StandingRow], incidents: usize, more: bool) -> Markup {
    let sum = |of: fn(&StandingRow) -> u64| rows.iter().map(of).sum::<u64>();
    let totals = [
        (
            "/cases?lifecycle=running",
            say(language, "open", "进行中"),
            sum(|row| row.cases),
        ),
        (
            "/cases?overdue=1",
            say(language, "late", "已逾期"),
            sum(|row| row.late),
        ),
        (
            "/cases?lifecycle=on_hold",
            say(language, "on hold", "已暂停"),
            sum(|row| row.on_hold),
        ),
    ];
    html! {
        ul.totals {
            @for (href, title, count) in totals {
                li { a href=(href) { strong { (grouped(count)) } " " (title) } }
            }
            li { a href="/operate/incidents" { strong { (incidents) @if more { "+" } } " " (say(language, "incidents", "待处理事项")) } }
        }
    }
}

fn of_workflow(language: Language, shown: &Shown, most: u64, clock: Clockwork) -> Markup {
    let workflow = &shown.workflow;
    let clock = Clockwork {
        zone: workflow.surroundings.zone,
        ..clock
    };
    html! {
        section.plot {
            h2 { a href={ "/workflows/" (workflow.id) } { (workflow.title.get(language)) } }
            table.counts {
                thead { tr {
                    th scope="col" { (say(language, "State", "状态")) }
                    th scope="col" { span.hidden { (say(language, "Plot", "图示")) } }
                    th.figure scope="col" { (say(language, "Cases", "数量")) }
                    th.figure scope="col" { (say(language, "Late", "逾期")) }
                    th scope="col" { (say(language, "Oldest", "最早")) }
                } }
                tbody { @for (path, title, standing) in &shown.states {
                    tr {
                        th scope="row" { (title) }
                        td.drawn { (Bar { cases: standing.cases, late: standing.late, most }.draw(language)) }
                        td.figure {
                            a href={ "/cases?workflow=" (workflow.id) "&state=" (path) } { (grouped(standing.cases)) }
                            @if standing.on_hold > 0 { p.quiet { (grouped(standing.on_hold)) (say(language, " on hold", " 暂停")) } }
                        }
                        td.figure.overdue { @if standing.late > 0 { span.due.late data-word=(say(language, "late", "逾期")) { (grouped(standing.late)) } } @else { "–" } }
                        td.oldest data-title=(say(language, "Oldest:", "最早：")) { (clock.day_of(standing.oldest)) }
                    }
                } }
            }
        }
    }
}

/// A count with thin spaces between thousands.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push('\u{202f}');
        }
        told.push(digit);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        let told = |count| grouped(count).replace('\u{202f}', " ");
        assert_eq!(told(0), "0");
        assert_eq!(told(999), "999");
        assert_eq!(told(1000), "1 000");
        assert_eq!(told(1_234_567), "1 234 567");
    }
}
