//! `GET /cases/{number}/changes`: on round 2 and later only what changed since the round before was handed in, with what
//! was said then.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_core::{
    history::Entry,
    view::{FieldChange, FilesChange, RevisionDiff, revision_diff},
    workflow::{FieldKind, Workflow},
};
use countersign_engine::{Error, shown as shown_to};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::{
    Shown, Typed, comments, difference,
    everything::{Body, around},
    header::Tab,
    load::show,
    values::value,
    words::Called,
};
use crate::{
    WebState,
    door::SignedIn,
    page::{say, trouble},
};

/// The page; a case in its first round has none of it.
pub async fn changes(
    State(state): State<WebState>,
    reader: SignedIn,
    Path(number): Path<String>,
) -> Response {
    let shown = match show(&state, &reader, &number).await {
        Ok(shown) => shown,
        Err(error) => return trouble(&reader.visitor, &error),
    };
    match page(&state, &reader, &shown, &Typed::default()).await {
        Some(page) => page,
        None => Redirect::to(&format!("/cases/{number}/everything")).into_response(),
    }
}

/// The page of a case that is read already; `None`: there is nothing to compare with.
pub async fn page(
    state: &WebState,
    reader: &SignedIn,
    shown: &Shown,
    typed: &Typed,
) -> Option<Response> {
    match read(state, reader, shown).await {
        Ok(diff) => diff.map(|diff| {
            let body = Body {
                tab: Tab::Changes,
                contents: contents(shown, typed, &diff),
            };
            around(&reader.visitor, shown, typed, &body)
        }),
        Err(error) => Some(trouble(&reader.visitor, &error)),
    }
}

/// What has changed since the round before was handed in; `None`: there was none, or it is not for this reader.
async fn read(
    state: &WebState,
    reader: &SignedIn,
    shown: &Shown,
) -> Result<Option<RevisionDiff>, Error> {
    let case = shown.scene.case.clone().ok_or(Error::NotFound)?;
    let way = state.engine.way(&shown.scene).await?;
    let Some(from) = handed_in_before(&shown.workflow, &way, case.round) else {
        return Ok(None);
    };
    let Some(before) = state.engine.content_at(&case, from).await? else {
        return Ok(None);
    };
    let diff = |scene: &_| {
        shown_to(scene, reader.language(), |viewer, workflow, case| {
            let now = (case.revision, &case.content);
            revision_diff(viewer, workflow, case, (from, &before), now)
        })
    };
    state.engine.fill(shown.scene.clone(), diff).await
}

/// The revision that was handed in for the round before this one.
fn handed_in_before(workflow: &Workflow, way: &[Entry], round: u32) -> Option<u32> {
    let before = round.checked_sub(1).filter(|before| *before > 0)?;
    let reviews = |entry: &Entry| {
        let to = entry
            .to
            .as_ref()
            .and_then(|to| workflow.states.find(to.as_str()));
        to.is_some_and(|to| {
            workflow
                .states
                .outward(to.id)
                .any(|state| state.review.is_some())
        })
    };
    let entered = way
        .iter()
        .find(|entry| entry.round == before && (before > 1 || reviews(entry)));
    entered.map(|entry| entry.revision)
}

fn contents(shown: &Shown, typed: &Typed, diff: &RevisionDiff) -> Markup {
    let language = shown.language();
    let nothing = diff.changes.is_empty() && diff.materials.is_empty();
    html! {
        section.form {
            h2 { (say(language, "Since round ", "自第 ")) (shown.view.round - 1) (say(language, "", " 轮以来")) }
            @if nothing { p.none { (say(language, "Nothing was changed.", "内容没有变化。")) } }
            @for change in &diff.changes { (field(shown, typed, change)) }
            @for change in &diff.materials { (files(shown, typed, change)) }
        }
        (earlier(shown, typed))
    }
}

/// What was said in the rounds before, with the answers.
fn earlier(shown: &Shown, typed: &Typed) -> Markup {
    let language = shown.language();
    let said = shown
        .view
        .comments
        .iter()
        .filter(|comment| comment.round < shown.view.round);
    let said: Vec<_> = said.collect();
    html! {
        @if !said.is_empty() {
            section.form {
                h2 { (say(language, "What was said before", "此前的意见")) }
                @for comment in said {
                    @if let Some(at) = &comment.at { h3 { (shown.place_title(at)) } }
                    (comments::one(shown, comment, &comments::answer(shown, typed, comment)))
                }
            }
        }
    }
}

fn field(shown: &Shown, typed: &Typed, change: &FieldChange) -> Markup {
    html! {
        div.change {
            h3 { (change.title) }
            (was_and_now(shown, change))
            (comments::remark(shown, typed, &change.at))
        }
    }
}

fn was_and_now(shown: &Shown, change: &FieldChange) -> Markup {
    let language = shown.language();
    let (form, field) = change.at.split_once('.').unwrap_or((&change.at, ""));
    let declared = shown
        .workflow
        .forms
        .get(form)
        .and_then(|form| form.fields.get(field));
    let Some((kind, called)) = declared.map(|field| (&field.kind, Called::of(field, language)))
    else {
        return html! { p.quiet { (say(language, "Other copies than before.", "评审人副本有变化。")) } };
    };
    match (kind, &change.was, &change.now) {
        (FieldKind::LongText | FieldKind::String, Json::String(was), Json::String(now)) => {
            difference::of_texts(was, now)
        }
        (FieldKind::List { items, .. }, was, now) => entries(shown, &called, items, was, now),
        (kind, was, now) => html! {
            p.was-now {
                del { span.hidden { (say(language, "was ", "原值 ")) } (value(shown, &called, kind, was)) }
                span aria-hidden="true" { " → " }
                ins { span.hidden { (say(language, "is now ", "现值 ")) } (value(shown, &called, kind, now)) }
            }
        },
    }
}

/// Entries of a list as added and removed.
fn entries(
    shown: &Shown,
    called: &Called<'_>,
    items: &FieldKind,
    was: &Json,
    now: &Json,
) -> Markup {
    let language = shown.language();
    let list = |of: &Json| of.as_array().cloned().unwrap_or_default();
    let (was, now) = (list(was), list(now));
    html! {
        ul.plain {
            @for gone in was.iter().filter(|entry| !now.contains(entry)) {
                li { del { span.hidden { (say(language, "removed: ", "删除：")) } (value(shown, called, items, gone)) } }
            }
            @for new in now.iter().filter(|entry| !was.contains(entry)) {
                li { ins { span.hidden { (say(language, "added: ", "新增：")) } (value(shown, called, items, new)) } }
            }
        }
    }
}

fn files(shown: &Shown, typed: &Typed, change: &FilesChange) -> Markup {
    let language = shown.language();
    html! {
        div.change {
            h3 { (change.title) }
            (comments::remark(shown, typed, &change.at))
            ul.plain {
                @for file in &change.removed { li { del { span.hidden { (say(language, "removed: ", "删除：")) } (file.name) } } }
                @for file in &change.added {
                    li { ins { span.hidden { (say(language, "added: ", "新增：")) }
                        a href={ "/cases/" (shown.view.number) "/files/" (change.at) "/" (file.id) } download { (file.name) } } }
                }
            }
        }
    }
}
