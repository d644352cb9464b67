//! The words that a drawing brings along, and the drawing itself as sentences. Workflow texts come from the workflow.

use crate::mark::{CaseMark, Moved, Mover};
use crate::read::WayRead;
use countersign_core::{
    text::Language,
    time::Length,
    workflow::{
        Agreement, End, Every, From, StateId, StateKind, StatePath, Timer, TimerWhen, Workflow,
    },
};

/// Written at the state where a case is.
pub(crate) fn here(language: Language) -> &'static str {
    match language {
        Language::En => "you are here",
        Language::Zh => "当前",
    }
}

/// When a timer fires, as short as can be.
pub fn timer(timer: &Timer, language: Language) -> String {
    match (&timer.when, language) {
        (TimerWhen::After(length), Language::En) => format!("after {}", length.words(language)),
        (TimerWhen::After(length), Language::Zh) => format!("{}后", length.words(language)),
        (TimerWhen::Every(every), _) => repeated(every, language),
        (TimerWhen::At(_), Language::En) => "on its date".to_owned(),
        (TimerWhen::At(_), Language::Zh) => "到期时".to_owned(),
        (TimerWhen::Cron(schedule), _) => recurring(&schedule.to_string(), language),
        // What it waits for is a condition; its name says more, to whoever reads English.
        (TimerWhen::AsSoonAs(_), Language::En) => timer.name.replace('_', " "),
        (TimerWhen::AsSoonAs(_), Language::Zh) => "条件满足时".to_owned(),
    }
}

/// Simple schedules in words, others as they are written.
fn recurring(schedule: &str, language: Language) -> String {
    let fields: Vec<&str> = schedule.split(' ').collect();
    let number = |field: &str| field.parse::<u32>().ok();
    let [second, minute, hour, day, "*", weekday] = fields.as_slice() else {
        return schedule.to_owned();
    };
    let (Some(0), Some(minute), Some(hour)) = (number(second), number(minute), number(hour)) else {
        return schedule.to_owned();
    };
    let at = format!("{hour:02}:{minute:02}");
    let open = |field: &str| matches!(field, "*" | "?");
    match (number(day), open(day), open(weekday), language) {
        (None, true, true, Language::En) => format!("daily at {at}"),
        (None, true, true, Language::Zh) => format!("每天 {at}"),
        (None, true, false, Language::En) => format!("{weekday} at {at}"),
        (None, true, false, Language::Zh) => format!("每逢 {weekday} {at}"),
        (Some(day), _, true, Language::En) => format!("monthly on day {day} at {at}"),
        (Some(day), _, true, Language::Zh) => format!("每月 {day} 日 {at}"),
        _ => schedule.to_owned(),
    }
}

fn repeated(every: &Every, language: Language) -> String {
    let length = |length: &Length| length.words(language);
    match (language, &every.from) {
        (Language::En, From::Due) => format!("overdue: every {}", length(&every.every)),
        (Language::En, From::Entry | From::After(_)) => format!("every {}", length(&every.every)),
        (Language::Zh, From::Due) => format!("逾期后每 {}", length(&every.every)),
        (Language::Zh, From::Entry | From::After(_)) => format!("每 {}", length(&every.every)),
    }
}

/// A review that ran out of voters.
pub(crate) fn no_decision(language: Language) -> &'static str {
    match language {
        Language::En => "no decision",
        Language::Zh => "未形成决定",
    }
}

/// In place of a condition that is too long to be written.
pub(crate) fn on_condition(language: Language) -> &'static str {
    match language {
        Language::En => "if …",
        Language::Zh => "符合条件",
    }
}

/// The last of several conditional targets.
pub(crate) fn otherwise(language: Language) -> &'static str {
    match language {
        Language::En => "otherwise",
        Language::Zh => "否则",
    }
}

fn end(end: End, language: Language) -> &'static str {
    match (end, language) {
        (End::Success, Language::En) => "ends in success",
        (End::Failure, Language::En) => "ends in failure",
        (End::Neutral, Language::En) => "ends",
        (End::Success, Language::Zh) => "成功结束",
        (End::Failure, Language::Zh) => "未通过结束",
        (End::Neutral, Language::Zh) => "结束",
    }
}

/// The way of a case: `Draft → Under review (Submit). You are here: Under review.`
pub(crate) fn way(workflow: &Workflow, language: Language, case: &CaseMark) -> String {
    let title = |path: &StatePath| {
        let state = workflow.states.find(path.as_str());
        state.map_or(path.as_str().to_owned(), |state| {
            state.title.get(language).to_owned()
        })
    };
    let steps = case
        .way
        .iter()
        .map(|moved| match moved_by(workflow, language, moved) {
            Some(by) => format!("{} ({by})", title(&moved.to)),
            None => title(&moved.to),
        });
    let steps = steps.collect::<Vec<_>>().join(" → ");
    let current = title(&case.current);
    let stop = if steps.is_empty() { "" } else { ". " };
    match language {
        Language::En => format!("{steps}{stop}You are here: {current}."),
        Language::Zh => format!("{steps}{}当前：{current}。", stop.replace(". ", "。")),
    }
}

fn moved_by(workflow: &Workflow, language: Language, moved: &Moved) -> Option<String> {
    match (&moved.by, language) {
        (Mover::Opening, _) => None,
        (Mover::Named(name), _) => spoken(workflow, language, moved.from.as_ref()?.as_str(), name),
        (Mover::NoDecision, _) => Some(no_decision(language).to_owned()),
        (Mover::Operator, Language::En) => Some("moved by an operator".to_owned()),
        (Mover::Operator, Language::Zh) => Some("由运维人员移动".to_owned()),
    }
}

/// What people call an action, decision or timer that a state offers by itself or from around it.
fn spoken(workflow: &Workflow, language: Language, from: &str, by: &str) -> Option<String> {
    let state = workflow.states.find(from)?;
    workflow.states.outward(state.id).find_map(|state| {
        let decision = state
            .review
            .as_ref()
            .and_then(|review| review.decisions.get(by))
            .map(|decision| &decision.action);
        let action = state
            .actions
            .get(by)
            .or(decision)
            .map(|action| action.title.get(language).to_owned());
        action.or_else(|| state.timers.get(by).map(|found| timer(found, language)))
    })
}

/// What stands behind a decision on which several panels agree.
pub(crate) fn agreement(panels: Agreement, language: Language) -> &'static str {
    match (panels, language) {
        (Agreement::All, Language::En) => " (every panel)",
        (Agreement::All, Language::Zh) => "（各评审组）",
        (Agreement::Any, Language::En) => " (any panel)",
        (Agreement::Any, Language::Zh) => "（任一评审组）",
    }
}

/// `at once: Board and Solution`
fn at_once(workflow: &Workflow, state: StateId, language: Language) -> String {
    let states = &workflow.states;
    let tracks = states.tree().tracks(state);
    let titles: Vec<&str> = tracks
        .map(|track| states.get(track).title.get(language))
        .collect();
    match language {
        Language::En => format!("at once: {}", titles.join(" and ")),
        Language::Zh => format!("并行：{}", titles.join("、")),
    }
}

/// Every state and where it leads.
pub(crate) fn whole(ways: &[WayRead], workflow: &Workflow, language: Language) -> String {
    let states = workflow.states.iter().map(|state| {
        let title = state.title.get(language);
        let mut parts: Vec<String> = ways
            .iter()
            .filter(|way| way.from == state.id)
            .map(|way| {
                format!(
                    "{} → {}",
                    way.in_full(language),
                    workflow.states.get(way.to).title.get(language)
                )
            })
            .collect();
        match state.kind {
            StateKind::End(outcome) => parts.push(end(outcome, language).to_owned()),
            StateKind::Outer { start } => {
                parts.insert(
                    0,
                    format!("→ {}", workflow.states.get(start).title.get(language)),
                );
            }
            StateKind::Tracks => parts.insert(0, at_once(workflow, state.id, language)),
            StateKind::Leaf => {}
        }
        match language {
            Language::En => format!("{title}: {}.", parts.join("; ")),
            Language::Zh => format!("{title}：{}。", parts.join("；")),
        }
    });
    let between = match language {
        Language::En => " ",
        Language::Zh => "",
    };
    states.collect::<Vec<_>>().join(between)
}
