//! `GET /cases/{number}/why`: why an action can or cannot be taken, condition by condition; without `action`, of
//! everything that the state offers. The words are the engine's, the same as the API's.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use countersign_core::{
    case::PersonId,
    name::Name,
    view::{ConditionStatus, ConditionView, WhyView},
};
use countersign_engine::{Error, explained, shown as shown_to};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    Shown,
    header::{Tab, header},
    load::show,
    words::Called,
};
use crate::{
    WebState,
    door::SignedIn,
    page::{Nav, Page, say, trouble},
};

/// What is asked about.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    action: Option<String>,
}

/// The page.
pub async fn why(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match read(&state, &reader, &number, wanted.action.as_deref()).await {
        Ok((shown, all)) => page(&reader, &shown, &all),
        Err(error) => trouble(&reader.visitor, &error),
    }
}

async fn read(
    state: &WebState,
    reader: &SignedIn,
    number: &str,
    action: Option<&str>,
) -> Result<(Shown, Vec<WhyView>), Error> {
    let mut shown = show(state, reader, number).await?;
    let actions = match action {
        Some(action) => Name::parse(action).into_iter().collect(),
        None => offered(&shown),
    };
    let actor = reader.actor();
    let all = |scene: &_| {
        let mut all = Vec::new();
        for action in &actions {
            all.extend(explained(scene, &actor, reader.language(), action)?);
        }
        let named = shown_to(scene, reader.language(), |viewer, _, _| {
            let people = all.iter().flat_map(|why| why.who_can.iter().flatten());
            let named = people.filter_map(|id| {
                let name = viewer.reading.person(id)?.name.clone();
                Some((id.clone(), name))
            });
            named.collect::<BTreeMap<PersonId, String>>()
        });
        Ok((all, named?.unwrap_or_default()))
    };
    let (all, names) = state.engine.fill(shown.scene.clone(), all).await?;
    if all.is_empty() && action.is_some() {
        return Err(Error::NotFound);
    }
    shown.names.extend(names);
    Ok((shown, all))
}

/// Everything that the case's state offers to somebody, in document order.
fn offered(shown: &Shown) -> Vec<Name> {
    let workflow = &shown.workflow;
    let leaves = shown.scene.case.iter();
    let leaves = leaves.flat_map(|case| case.leaves(&workflow.states));
    let mut names: Vec<Name> = Vec::new();
    for state in leaves.flat_map(|leaf| workflow.states.outward(leaf.id)) {
        let decisions = state.review.iter();
        let decisions = decisions.flat_map(|review| review.decisions.keys());
        for name in decisions.chain(state.actions.keys()) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

fn page(reader: &SignedIn, shown: &Shown, all: &[WhyView]) -> Response {
    let language = shown.language();
    let what = say(language, "What is possible, and why", "可以做什么，为什么");
    let title = format!("{} {what}", shown.view.number);
    Page::ok(&reader.visitor, Nav::Elsewhere, &title).around(&html! {
        (header(shown, Tab::None))
        @if all.is_empty() { p.none { (say(language, "Nothing can be done in this state.", "该状态下没有可进行的操作。")) } }
        @for why in all { (one(shown, why)) }
        p { a href={ "/cases/" (shown.view.number) } { (say(language, "Back to the case", "返回申请")) } }
    })
}

fn one(shown: &Shown, why: &WhyView) -> Markup {
    let language = shown.language();
    let (class, verdict) = if why.allowed {
        ("badge good", say(language, "you can", "可以"))
    } else {
        ("badge neutral", say(language, "not now", "暂不可以"))
    };
    html! {
        section.form.explained aria-labelledby={ "why-" (why.action) } {
            h2 id={ "why-" (why.action) } { (why.title) " " span class=(class) { (verdict) } }
            ul.conditions { @for condition in &why.conditions { (of_condition(shown, condition)) } }
            @if let Some(people) = &why.who_can {
                p { (say(language, "Who can now: ", "目前可操作的人："))
                    @if people.is_empty() { (say(language, "nobody", "无")) }
                    @for (place, id) in people.iter().enumerate() { @if place > 0 { (say(language, ", ", "、")) } (shown.name(id.as_str())) } }
            }
            @if let (false, Some(at)) = (why.allowed, why.changes_at) {
                p.quiet { (say(language, "The next deadline is ", "下一个期限：")) (shown.clock.moment(at)) }
            }
        }
    }
}

fn of_condition(shown: &Shown, condition: &ConditionView) -> Markup {
    let language = shown.language();
    let (class, sign, word) = match condition.status {
        ConditionStatus::Met => ("met", "✓", say(language, "met", "已满足")),
        ConditionStatus::Unmet => ("unmet", "✕", say(language, "in the way", "未满足")),
        ConditionStatus::Asked => ("asked", "…", say(language, "asked with it", "操作时填写")),
    };
    html! {
        li class=(class) {
            span.sign aria-hidden="true" { (sign) } span.hidden { (word) ": " }
            span { (condition.message)
                @if let Some(expression) = &condition.expression {
                    details { summary { (say(language, "How that is reckoned", "判断依据")) }
                        p { code { (expression) } " · " (say(language, "line ", "第 ")) (condition.line) (say(language, " of the workflow", " 行")) }
                        @if !condition.values.is_empty() {
                            dl.inner { @for read in &condition.values {
                                dt { (shown.place_title(&read.at)) }
                                dd { @match &read.value { Some(value) => (read_value(shown, &read.at, value)), None => (say(language, "not for you to see", "您无权查看")) } }
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// A value as the case's page shows it; what is no field of a form as it is.
fn read_value(shown: &Shown, at: &str, value: &Json) -> Markup {
    let field = at.split_once('.').and_then(|(form, field)| {
        let form = shown.workflow.forms.get(form)?;
        form.fields.get(field)
    });
    match (field, value) {
        (Some(field), value) => {
            let called = Called::of(field, shown.language());
            super::values::value(shown, &called, &field.kind, value)
        }
        (None, Json::String(text)) => html! { (text) },
        (None, value) => html! { code { (value) } },
    }
}
