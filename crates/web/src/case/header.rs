//! The head of a case's pages: what it is, where it stands, whose turn it is since when, and the tabs.

use countersign_core::{view::WaitingForView, workflow::End};
use maud::{Markup, html};

use super::{Shown, progress::progress};
use crate::page::{called, say};

/// A tab of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The contents and what can be done.
    Everything,
    /// What the last round changed.
    Changes,
    /// Its files alone.
    Files,
    /// What happened.
    History,
    /// The picture.
    Diagram,
    /// A page beside them.
    None,
}

/// The head, with this tab open.
pub fn header(shown: &Shown, tab: Tab) -> Markup {
    let language = shown.language();
    let view = &shown.view;
    let (class, sign) = looks(shown);
    html! {
        header.case {
            p.above {
                span.number { (view.number) }
                " · " a href={ "/workflows/" (view.workflow) } { (shown.workflow.title.get(language)) }
                @if let Some(partner) = &shown.partner { " · " (partner) }
                @if operates(shown) { " · " a href={ "/operate/cases/" (view.number) } { (say(language, "Tools for operators", "运维工具")) } }
            }
            h1 { (called(&view.title, shown.workflow.title.get(language))) }
            p.standing {
                span class=(class) {
                    @if !sign.is_empty() { span aria-hidden="true" { (sign) " " } }
                    (view.state_title)
                }
                @if view.round > 1 { span.round { (say(language, "Round ", "第 ")) (view.round) (say(language, "", " 轮")) } }
                @if let Some(due) = view.due_at { (shown.clock.due_at(due)) }
            }
            @for track in &view.tracks {
                p.track { (track.title) ": " strong { (track.state_title) } }
            }
            (turn(shown))
            (progress(shown))
        }
        (tabs(shown, tab))
    }
}

/// Whether the reader is an operator, who has tools for any case.
fn operates(shown: &Shown) -> bool {
    let reader = shown.scene.actor.person();
    reader.is_some_and(|person| person.is_in(countersign_engine::OPERATORS))
}

/// Whose turn it is, and since when.
fn turn(shown: &Shown) -> Markup {
    let language = shown.language();
    let view = &shown.view;
    let since = shown.clock.ago(view.since);
    if view.lifecycle == "on_hold" {
        return html! { p.turn { (say(language, "On hold: an operator has stopped it. Nothing is lost.", "已暂停：运维人员已暂停该申请，内容不会丢失。")) } };
    }
    if view.end.is_some() {
        return html! { p.turn { (say(language, "Ended ", "已结束 · ")) (since) } };
    }
    if view.waiting_for.is_empty() {
        return html! { p.turn { (say(language, "Nobody’s turn: it goes on by itself. Since ", "无需人工处理，将自动继续。自")) (since) } };
    }
    html! {
        p.turn {
            (say(language, "Waiting for ", "等待："))
            @for (place, waiting) in view.waiting_for.iter().enumerate() {
                @if place > 0 { (say(language, " and ", "、")) }
                (whom(shown, waiting))
            }
            (say(language, ", since ", "，自 ")) (shown.clock.moment(view.since))
            @if view.due_at.is_none() { " (" (shown.clock.zone.name()) ")" }
            " · " (since)
        }
    }
}

fn whom(shown: &Shown, waiting: &WaitingForView) -> Markup {
    let language = shown.language();
    let me = shown.scene.actor.person().map(|person| &person.id);
    let people = waiting.people.as_deref().unwrap_or_default();
    let mine = people.iter().any(|id| Some(id) == me);
    let others: Vec<&str> = people
        .iter()
        .filter(|id| Some(*id) != me)
        .map(|id| shown.name(id.as_str()))
        .collect();
    let joint = say(language, ", ", "、");
    html! {
        @if mine {
            strong { (say(language, "you", "您")) }
            @if !others.is_empty() { (say(language, " or ", "或 ")) (others.join(joint)) }
        } @else if others.is_empty() {
            strong { (shown.role_title(&waiting.role)) }
        } @else {
            strong { (others.join(joint)) }
        }
        @if mine || !others.is_empty() {
            (say(language, " (", "（")) (shown.role_title(&waiting.role)) (say(language, ")", "）"))
        }
    }
}

fn looks(shown: &Shown) -> (&'static str, &'static str) {
    let on_hold = shown.view.lifecycle == "on_hold";
    let sign = match shown.view.end {
        Some(End::Success) => "✓",
        Some(End::Failure) => "✕",
        None if on_hold => "‖",
        Some(End::Neutral) | None => "",
    };
    (badge(shown.view.end, on_hold), sign)
}

/// How the badge of a state looks.
pub fn badge(end: Option<End>, on_hold: bool) -> &'static str {
    match end {
        Some(End::Success) => "badge good",
        Some(End::Failure) => "badge bad",
        Some(End::Neutral) => "badge neutral",
        None if on_hold => "badge neutral",
        None => "badge",
    }
}

fn tabs(shown: &Shown, open: Tab) -> Markup {
    let language = shown.language();
    let number = &shown.view.number;
    let changes = shown.view.round > 1;
    let files = !shown.workflow.materials.is_empty();
    let tabs = [
        (
            Tab::Changes,
            "changes",
            say(language, "What changed", "本轮变更"),
        ),
        (
            Tab::Everything,
            "everything",
            say(language, "Everything", "全部内容"),
        ),
        (Tab::Files, "files", say(language, "Files", "文件")),
        (Tab::History, "history", say(language, "History", "历史")),
        (Tab::Diagram, "diagram", say(language, "Diagram", "流程图")),
    ];
    html! {
        nav.tabs aria-label=(say(language, "Case", "申请")) {
            @for (tab, path, title) in tabs {
                @if (tab != Tab::Changes || changes) && (tab != Tab::Files || files) {
                    a href={ "/cases/" (number) "/" (path) } aria-current=[(tab == open).then_some("page")] { (title) }
                }
            }
        }
    }
}
